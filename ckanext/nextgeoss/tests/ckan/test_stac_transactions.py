"""Items and collections made, changed and deleted by the STAC API."""

from __future__ import annotations

import copy
import json
import threading
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from ckanext.nextgeoss.tests.catalogue import Catalogue

PASSWORD = "correct horse"
ROLES = ("anonymous", "reader", "editor", "admin", "other", "sysadmin")


@dataclass(frozen=True)
class World:
    """Two organizations, the tokens of people by what they are, a public and a private collection."""

    organization: str
    other: str
    tokens: dict[str, str]
    names: dict[str, str]
    collections: dict[str, str]
    topic: str


@dataclass(frozen=True)
class Api:
    site: Any
    world: World

    def ask(self, method: str, path: str, body: Any = None, who: str = "editor", **more: Any) -> Any:
        headers = {**more.pop("headers", {})}
        if token := self.world.tokens[who]:
            headers["Authorization"] = token
        data: dict[str, Any] = {"json": body} if body is not None else {}
        client = Client(self.site.flask_app.wsgi_app)
        return client.open(
            f"/stac/collections{path}", method=method, headers=headers, base_url="http://test.ckan.net",
            **data, **more,
        )  # fmt: skip

    def found(self, name: str, identifier: str, who: str = "editor") -> int:
        token = self.world.tokens[who]
        asked = {"collections": self.world.collections.get(name, name), "ids": identifier}
        headers = {"Authorization": token} if token else {}
        return self.site.get("/stac/search", query_string=asked, headers=headers).json["numberMatched"]

    def items(self, name: str = "public") -> str:
        return f"/{self.world.collections[name]}/items"

    def made(self, name: str = "public", **changes: Any) -> dict[str, Any]:
        """An item that is there, as the API shows it."""
        answer = self.ask("POST", self.items(name), item(**changes))
        assert answer.status_code == 201, answer.text
        return answer.json


def item(identifier: str = "", **changes: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "stac_version": "1.1.0",
        "id": identifier or f"ITEM-{uuid4().hex[:12]}",
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[10, 50], [11, 50], [11, 51], [10, 51], [10, 50]]],
        },
        "bbox": [10, 50, 11, 51],
        "properties": {
            "datetime": "2024-05-01T10:00:00Z",
            "platform": "sentinel-2a",
            "instruments": ["msi"],
            "eo:cloud_cover": 12.5,
            "title": "A title",
            "created": "2024-05-01T12:00:00Z",
        },
        "assets": {
            "data": {
                "href": "https://data.example.org/a.tif", "roles": ["data"], "type": "image/tiff",
                "title": "Data", "file:size": 100, "file:checksum": "d50110" + "ab" * 16,
            },
            "meta": {"href": "https://data.example.org/a.xml", "roles": ["metadata"]},
        },
        "links": [],
    } | changes  # fmt: skip


def collection(**changes: Any) -> dict[str, Any]:
    return {
        "type": "Collection",
        "stac_version": "1.1.0",
        "id": f"transactions-{uuid4().hex[:8]}",
        "title": "A collection",
        "description": "What it is",
        "license": "CC-BY-4.0",
        "keywords": ["sea"],
        "extent": {
            "spatial": {"bbox": [[-10, -20, 10, 20]]},
            "temporal": {"interval": [["2020-01-01T00:00:00Z", None]]},
        },
        "links": [],
    } | changes


@pytest.fixture(scope="module")
def world(site: Any, catalogue: Catalogue) -> World:
    people = {role: factories.UserWithToken(password=PASSWORD, image_url="") for role in ROLES[1:5]}
    people["sysadmin"] = factories.SysadminWithToken(image_url="")
    roles = {"reader": "member", "editor": "editor", "admin": "admin"}
    members = [{"name": people[role]["name"], "capacity": capacity} for role, capacity in roles.items()]
    organization = factories.Organization(image_url="", users=members)["name"]
    strangers = [{"name": people["other"]["name"], "capacity": "admin"}]
    other = factories.Organization(image_url="", users=strangers)["name"]
    names = {}
    for name, private in (("public", False), ("private", True)):
        names[name] = f"transactions-{name}-{uuid4().hex[:8]}"
        call_action(
            "package_create", {"user": people["sysadmin"]["name"]}, type="eo_collection", name=names[name],
            title=name, collection_id=names[name], owner_org=organization, private=private,
        )  # fmt: skip
    tokens = {role: person["token"] for role, person in people.items()} | {"anonymous": ""}
    topic = factories.Group(image_url="")["name"]
    return World(
        organization, other, tokens, {role: person["name"] for role, person in people.items()}, names, topic
    )


@pytest.fixture(scope="module")
def api(site: Any, world: World) -> Api:
    return Api(site, world)


def dataset_of(identifier: str) -> Any:
    model.Session.expire_all()
    found = model.Session.query(model.Package).filter(
        model.Package.extras["identifier"].astext == identifier, model.Package.state == "active"
    )
    return [call_action("package_show", id=package.id) for package in found]


def kept(document: Any) -> Any:
    """Of an item, all but what the server tells."""
    properties = {name: value for name, value in document["properties"].items() if name != "updated"}
    return {
        name: document.get(name) for name in ("type", "id", "geometry", "bbox", "assets")
    } | {"properties": properties}  # fmt: skip


def test_an_item_is_made_found_and_read_back(api: Api):
    given_item = item()
    answer = api.ask("POST", api.items(), given_item)
    assert answer.status_code == 201, answer.text
    address = f"http://test.ckan.net/stac/collections{api.items()}/{given_item['id']}"
    assert answer.headers["Location"] == address
    assert answer.json["collection"] == api.world.collections["public"]
    assert kept(answer.json) == kept(given_item)
    assert api.found("public", given_item["id"]) == 1
    seen = api.ask("GET", f"{api.items()}/{given_item['id']}", who="anonymous")
    assert seen.json == answer.json
    (dataset,) = dataset_of(given_item["id"])
    assert dataset["organization"]["name"] == api.world.organization and not dataset["private"]


def test_an_item_that_is_there_is_not_made_again(api: Api):
    there = item()
    api.made(**there)
    again = api.ask("POST", api.items(), there)
    assert again.status_code == 409 and "with this content" in again.json["description"]
    there["properties"]["eo:cloud_cover"] = 99
    other = api.ask("POST", api.items(), there)
    assert other.status_code == 409 and "PUT or PATCH" in other.json["description"]
    assert len(dataset_of(there["id"])) == 1
    shown = api.ask("GET", f"{api.items()}/{there['id']}").json
    assert shown["properties"]["eo:cloud_cover"] == 12.5


def test_put_says_all_anew(api: Api):
    there = api.made()
    changed = copy.deepcopy(there)
    changed["properties"] |= {"eo:cloud_cover": 3, "datetime": "2024-06-01T00:00:00Z"}
    del changed["properties"]["platform"], changed["assets"]["meta"], changed["assets"]["data"]["file:size"]
    address = f"{api.items()}/{there['id']}"
    answer = api.ask("PUT", address, changed)
    assert (answer.status_code, answer.data) == (204, b"") and "Content-Type" not in answer.headers
    shown = api.ask("GET", address).json
    assert kept(shown) == kept(changed)
    found = api.site.get(
        "/stac/search", query_string={"ids": there["id"], "query": '{"eo:cloud_cover": {"lt": 4}}'}
    )
    assert found.json["numberMatched"] == 1


def test_put_of_the_same_changes_nothing(api: Api):
    there = api.made()
    address = f"{api.items()}/{there['id']}"
    before = dataset_of(there["id"])
    assert api.ask("PUT", address, there).status_code == 204
    assert dataset_of(there["id"]) == before


def test_what_we_tell_of_an_item_does_not_become_its_own(api: Api):
    """`created` and `updated` of who does not tell them are ours, also after a PUT of what a GET gave."""
    made = item()
    del made["properties"]["created"]
    there = api.made(**made)
    there["properties"]["eo:cloud_cover"] = 1
    assert api.ask("PUT", f"{api.items()}/{there['id']}", there).status_code == 204
    (dataset,) = dataset_of(there["id"])
    assert "created" not in dataset and "updated" not in dataset


def test_patch_is_a_merge_patch(api: Api):
    there = api.made()
    address = f"{api.items()}/{there['id']}"
    patch = {
        "properties": {"eo:cloud_cover": 7, "platform": None},
        "assets": {"meta": None, "more": {"href": "https://data.example.org/b.tif", "roles": ["data"]}},
    }
    answer = api.ask("PATCH", address, patch, headers={"Content-Type": "application/merge-patch+json"})
    assert answer.status_code == 204, answer.text
    shown = api.ask("GET", address).json
    assert shown["properties"]["eo:cloud_cover"] == 7 and "platform" not in shown["properties"]
    assert shown["properties"]["instruments"] == ["msi"]
    assert set(shown["assets"]) == {"data", "more"}
    assert shown["assets"]["data"] == there["assets"]["data"]


def test_patch_gives_a_time_to_an_item_without(api: Api):
    timeless = item()
    del timeless["properties"]["datetime"]
    api.made(**timeless)
    address = f"{api.items()}/{timeless['id']}"
    assert api.ask("PATCH", address, {"properties": {"datetime": "2021-01-01T00:00:00Z"}}).status_code == 204
    assert api.ask("GET", address).json["properties"]["datetime"] == "2021-01-01T00:00:00Z"


def test_delete(api: Api):
    there = api.made()
    address = f"{api.items()}/{there['id']}"
    answer = api.ask("DELETE", address)
    assert (answer.status_code, answer.data) == (204, b"")
    assert api.found("public", there["id"]) == 0
    for method in ("PUT", "PATCH"):
        assert api.ask(method, address, there).status_code == 404
    assert api.ask("GET", address).status_code == 404


def test_what_is_gone_can_be_deleted_again(api: Api):
    """The extension allows 404 and 204: who asks again because no answer came wants the same answer. Who may
    delete nothing there, or relies on what was there, is not told so."""
    for address in (f"{api.items()}/NEVER_THERE", f"{api.items('private')}/NEVER_THERE"):
        assert [api.ask("DELETE", address).status_code for _ in range(2)] == [204, 204]
        for who, status in (("reader", 404), ("other", 404), ("anonymous", 401)):
            assert api.ask("DELETE", address, who=who).status_code == status
        assert api.ask("DELETE", address, headers={"If-Match": "*"}).status_code == 404
    assert api.ask("DELETE", "/no-such-collection/items/x").status_code == 404


def test_properties_that_no_field_knows_are_kept(api: Api):
    """As they are given, whatever they are; a PUT and a PATCH change them like any other."""
    sent = item()
    others = {
        "foo": "bar", "my:list": [1, 2.5, None, {"b": 1, "a": []}], "my:flag": False, "ümlaut": "日本",
        "proj:wkt2": "PROJCRS[]", "nextgeoss:unknown": 0, "empty": "",
    }  # fmt: skip
    sent["properties"] |= others | {"nothing": None}
    there = api.made(**sent)
    assert kept(there)["properties"] == {**item()["properties"], **others}
    address = f"{api.items()}/{there['id']}"
    assert api.ask("PUT", address, there).status_code == 204
    assert api.ask("GET", address).json["properties"]["updated"] == there["properties"]["updated"]
    (dataset,) = dataset_of(there["id"])
    assert json.loads(dataset["other_properties"]) == others
    page = api.site.get(f"/dataset/{dataset['name']}").body
    assert "Other properties" in page and "my:list" in page and "PROJCRS[]" in page
    patch = {"properties": {"foo": None, "my:flag": True, "new": {"a": {"b": 1}}}}
    assert api.ask("PATCH", address, patch).status_code == 204
    shown = api.ask("GET", address).json["properties"]
    assert "foo" not in shown and shown["my:flag"] is True and shown["new"] == {"a": {"b": 1}}
    assert shown["my:list"] == others["my:list"]
    found = api.site.get("/stac/search", query_string={"ids": there["id"], "fields": "properties.new"})
    assert found.json["features"][0]["properties"] == {"new": {"a": {"b": 1}}}
    del there["properties"]["my:list"]
    assert api.ask("PUT", address, there).status_code == 204
    assert "my:list" not in api.ask("GET", address).json["properties"]


@pytest.mark.parametrize(
    "value", [json.dumps("x" * 70_000), "[" * 30 + "]" * 30, '{"a":' * 900 + "1" + "}" * 900],
    ids=["long", "deep", "deepest"],
)  # fmt: skip
def test_what_is_too_large_to_be_kept(api: Api, value: str):
    sent = item()
    sent["properties"]["foo"] = "here"
    body = json.dumps(sent).replace('"here"', value)
    answer = api.ask("POST", api.items(), data=body, content_type="application/json")
    assert answer.status_code == 400 and answer.json["description"].startswith("properties:")
    assert not dataset_of(sent["id"])


def test_what_was_deleted_can_be_made_anew(api: Api):
    there = item()
    api.made(**there)
    assert api.ask("DELETE", f"{api.items()}/{there['id']}").status_code == 204
    there["properties"]["eo:cloud_cover"] = 1
    del there["assets"]["meta"]
    again = api.made(**there)
    assert kept(again) == kept(there)
    (dataset,) = dataset_of(there["id"])
    assert dataset["organization"]["name"] == api.world.organization
    assert api.ask("DELETE", f"{api.items()}/{there['id']}").status_code == 204
    assert api.made(**there)["id"] == there["id"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_if_match(api: Api, method: str):
    """RFC 9110: the tag of a GET, strong, and stale once something has changed."""
    there = api.made()
    address = f"{api.items()}/{there['id']}"
    tag = api.ask("GET", address, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    assert tag.startswith('"')
    assert api.ask("PATCH", address, {"properties": {"eo:cloud_cover": 1}}).status_code == 204
    body = {} if method == "PATCH" else there if method == "PUT" else None
    stale = api.ask(method, address, body, headers={"If-Match": tag})
    assert stale.status_code == 412 and "changed" in stale.json["description"]
    fresh = api.ask("GET", address).headers["ETag"]
    assert fresh != tag
    assert api.ask(method, address, body, headers={"If-Match": f"W/{fresh}"}).status_code == 412
    assert api.ask(method, address, body, headers={"If-Match": f'"other", {fresh}'}).status_code == 204


def test_if_match_of_any(api: Api):
    there = api.made()
    address = f"{api.items()}/{there['id']}"
    assert api.ask("DELETE", address, headers={"If-Match": "*"}).status_code == 204


BAD: list[tuple[dict[str, Any], str]] = [
    ({"id": ""}, "id"),
    ({"id": 5}, "id"),
    ({"id": "a\nb"}, "identifier"),
    ({"id": "x" * 1001}, "identifier"),
    ({"type": "Collection"}, "type"),
    ({"collection": "another"}, "collection"),
    ({"geometry": {"type": "Point", "coordinates": ["a", 1]}}, "geometry"),
    ({"geometry": {"type": "Point", "coordinates": [1, 500]}}, "geometry"),
    ({"geometry": "POINT(1 2)"}, "geometry"),
    ({"properties": []}, "properties"),
    ({"properties": None}, "properties"),
    ({"type": None}, "type"),
    ({"properties": {"datetime": "yesterday"}}, "datetime"),
    ({"properties": {"eo:cloud_cover": "many"}}, "properties.eo:cloud_cover"),
    ({"properties": {"start_datetime": "2024-02-01T00:00:00Z", "end_datetime": "2024-01-01T00:00:00Z"}},
     "start_datetime/end_datetime"),
    ({"assets": {"a": {}}}, "assets.a.href"),
    ({"assets": {"a": {"href": "a.tif"}}}, "assets.a.href"),
    ({"assets": {"a": {"href": "javascript:alert(1)"}}}, "assets.a.href"),
    ({"assets": {"a": {"href": "https://a.example", "file:size": "big"}}}, "assets.a.file:size"),
    ({"links": {}}, "links"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "where"), BAD)
def test_what_is_wrong_with_an_item_is_named(api: Api, wrong: dict[str, Any], where: str):
    sent = item(**wrong)
    answer = api.ask("POST", api.items(), sent)
    assert answer.status_code == 400, answer.text
    assert answer.json["description"].startswith(f"{where}:")
    assert not dataset_of(str(sent["id"]))
    if "id" in wrong:
        return
    there = api.made()
    put = api.ask("PUT", f"{api.items()}/{there['id']}", item(there["id"], **wrong))
    assert put.status_code == 400 and put.json["description"].startswith(f"{where}:")


def test_another_name_than_that_of_the_address(api: Api):
    there = api.made()
    for method in ("PUT", "PATCH"):
        answer = api.ask(method, f"{api.items()}/{there['id']}", {**there, "id": "another"})
        assert answer.status_code == 400 and answer.json["description"].startswith("id:")
    patch = api.ask("PATCH", f"{api.items()}/{there['id']}", {"collection": "another"})
    assert patch.status_code == 400 and patch.json["description"].startswith("collection:")


def test_manners(api: Api):
    """What is no JSON, of another kind, or too large; the methods there are."""
    for data, kind, status in (
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"", "application/json", 400),
        (b"<a/>", "application/xml", 415),
        (b"{}", "application/merge-patch+json", 415),
        (b'{"id": "' + b"a" * 10_000_001 + b'"}', "application/json", 413),
    ):
        answer = api.ask("POST", api.items(), data=data, content_type=kind)
        assert answer.status_code == status, answer.text
        assert set(answer.json) == {"code", "description"}
    deep = "{" + '"a":{' * 900 + "}" * 901
    there = api.made()
    address = f"{api.items()}/{there['id']}"
    assert api.ask("PATCH", address, data=deep, content_type="application/json").status_code == 400
    for path, methods in (
        (api.items(), {"GET", "HEAD", "OPTIONS", "POST"}),
        (address, {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}),
    ):
        answer = api.ask("OPTIONS", path)
        assert methods <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
        assert "If-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert api.ask("POST", "/no-such-collection/items", item()).status_code == 404


def test_a_session_of_a_browser_changes_nothing(api: Api):
    """Our APIs are exempt from tokens of forms, so that a page of another site must not use a session."""
    there = api.made()
    client = Client(api.site.flask_app.wsgi_app)
    base = {"base_url": "http://test.ckan.net"}
    login = {"login": api.world.names["admin"], "password": PASSWORD}
    assert client.post("/user/login", data=login, **base).status_code == 302
    root = f"/stac/collections{api.items()}"
    mine = f"/stac/collections/{api.world.collections['public']}"
    private = f"/stac/collections{api.items('private')}"
    assert client.get(private, **base).status_code == 200  # he is signed in
    nonsense = {"Authorization": "nonsense"}
    for headers in ({}, nonsense):
        for method, path in (
            ("POST", root), ("PUT", f"{root}/{there['id']}"), ("PATCH", f"{root}/{there['id']}"),
            ("DELETE", f"{root}/{there['id']}"), ("POST", "/stac/collections"), ("PUT", mine),
            ("PATCH", mine), ("DELETE", mine),
        ):  # fmt: skip
            answer = client.open(path, method=method, json=item(), headers=headers, **base)
            assert answer.status_code == 401, (method, path)
            assert answer.json and "API token" in answer.json["description"]
    assert api.ask("GET", f"{api.items()}/{there['id']}").json == there
    # beside a token a session does no harm: the token's rights count
    stranger = {"Authorization": api.world.tokens["other"]}
    refused = client.delete(f"{root}/{there['id']}", headers=stranger, **base)
    assert refused.status_code == 403


# what each role gets; a private thing is unknown to who may not see it
EXPECTED = {
    "public": {
        "anonymous": 401, "reader": 403, "editor": 0, "admin": 0, "other": 403, "sysadmin": 0,
    },
    "private": {
        "anonymous": 401, "reader": 403, "editor": 0, "admin": 0, "other": 404, "sysadmin": 0,
    },
}  # fmt: skip
OPERATIONS = ("POST item", "bulk", "PUT item", "PATCH item", "DELETE item", "PUT", "PATCH", "DELETE")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["public", "private"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_who_may_what(api: Api, role: str, name: str, operation: str):
    method, _, of_item = operation.partition(" ")
    expected = EXPECTED[name][role]
    if operation == "bulk":
        sent = item()
        answer = api.ask("POST", api.items(name), {"type": "FeatureCollection", "features": [sent]}, who=role)
        success, gone = 201, sent["id"]
    elif operation == "POST item":
        sent = item()
        answer = api.ask("POST", api.items(name), sent, who=role)
        success, gone = 201, sent["id"]
    elif of_item:
        there = api.made(name)
        body = {"PUT": {**there, "bbox": None}, "PATCH": {"properties": {"eo:cloud_cover": 1}}}.get(method)
        answer = api.ask(method, f"{api.items(name)}/{there['id']}", body, who=role)
        success, gone = 204, there["id"]
        (shown,) = dataset_of(there["id"]) or [None]
        if expected:
            assert shown and shown["cloud_cover"] == 12.5
        elif method != "DELETE":
            assert shown and shown["private"] == (name == "private")
    else:
        own = collection(**{"nextgeoss:private": name == "private"})
        assert api.ask("POST", "", own).status_code == 201
        body = {"PUT": {**own, "title": "New"}, "PATCH": {"title": "New"}}.get(method)
        answer = api.ask(method, f"/{own['id']}", body, who=role)
        success, gone = 204, ""
        shown = api.ask("GET", f"/{own['id']}")
        if method == "DELETE":
            assert shown.status_code == (200 if expected else 404)
        else:
            assert shown.json["title"] == ("A collection" if expected else "New")
            hidden = api.ask("GET", f"/{own['id']}", who="anonymous").status_code == 404
            assert hidden == (name == "private")
    assert answer.status_code == (expected or success), answer.text
    if gone and name == "private":
        assert api.found(name, gone, who="anonymous") == api.found(name, gone, who="other") == 0
    if gone and success == 201:
        assert len(dataset_of(gone)) == (0 if expected else 1)


@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 401), ("reader", 403), ("editor", 201), ("admin", 201), ("other", 403), ("sysadmin", 201)],
)
def test_who_may_make_a_collection(api: Api, role: str, status: int):
    sent = collection(**{"nextgeoss:organization": api.world.organization})
    assert api.ask("POST", "", sent, who=role).status_code == status
    assert api.ask("GET", f"/{sent['id']}").status_code == (200 if status == 201 else 404)


def test_a_collection_is_made_changed_and_deleted(api: Api):
    sent = collection()
    answer = api.ask("POST", "", sent)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"http://test.ckan.net/stac/collections/{sent['id']}"
    for member in ("id", "title", "description", "license", "keywords", "extent"):
        assert answer.json[member] == sent[member]
    again = api.ask("POST", "", sent)
    assert again.status_code == 409 and "with this content" in again.json["description"]
    address = f"/{sent['id']}"
    tag = api.ask("GET", address).headers["ETag"]
    assert (
        api.ask("PATCH", address, {"title": "New", "keywords": None}, headers={"If-Match": tag}).status_code
        == 204
    )
    shown = api.ask("GET", address).json
    assert shown["title"] == "New" and "keywords" not in shown and shown["description"] == "What it is"
    assert shown["extent"] == sent["extent"]
    assert api.ask("PUT", address, sent, headers={"If-Match": tag}).status_code == 412
    assert api.ask("PUT", address, {**sent, "description": "Else"}).status_code == 204
    shown = api.ask("GET", address).json
    assert (shown["title"], shown["description"]) == (sent["title"], "Else")
    made = api.ask("POST", f"{address}/items", item())
    assert made.status_code == 201
    full = api.ask("DELETE", address)
    assert full.status_code == 409 and "1 items" in full.json["description"]
    assert api.ask("DELETE", f"{address}/items/{made.json['id']}").status_code == 204
    assert api.ask("DELETE", address).status_code == 204
    assert api.ask("GET", address).status_code == api.ask("DELETE", address).status_code == 404
    assert api.ask("PUT", address, sent).status_code == 404
    assert api.ask("POST", "", sent).status_code == 201


def test_what_products_tell_of_a_collection_does_not_become_its_own(api: Api):
    sent = collection()
    assert api.ask("POST", "", sent).status_code == 201
    address = f"/{sent['id']}"
    there = api.ask("POST", f"{address}/items", item()).json
    shown = api.ask("GET", address).json
    assert shown["extent"]["spatial"]["bbox"] == [[10, 50, 11, 51]]
    assert api.ask("PUT", address, {**shown, "title": "New"}).status_code == 204
    assert api.ask("DELETE", f"{address}/items/{there['id']}").status_code == 204
    assert api.ask("GET", address).json["extent"] == sent["extent"]


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"id": ""}, "id"),
        ({"id": "a\nb"}, "collection_id"),
        ({"type": "Feature"}, "type"),
        ({"description": None}, "description"),
        ({"title": 1}, "title"),
        ({"extent": {"spatial": {"bbox": [1, 2]}}}, "extent.spatial.bbox"),
        ({"extent": {"spatial": {"bbox": [[1, 2, 3, 900]]}}}, "extent.spatial.bbox"),
        ({"extent": {"temporal": {"interval": [["x", None]]}}}, "extent.temporal.interval"),
        ({"extent": {"temporal": {"interval": [[1, 2]]}}}, "extent.temporal.interval"),
        ({"nextgeoss:private": "yes"}, "nextgeoss:private"),
        ({"nextgeoss:organization": "no-such-organization"}, "nextgeoss:organization"),
        ({"nextgeoss:organization": 1}, "nextgeoss:organization"),
    ],
)
def test_what_is_wrong_with_a_collection_is_named(api: Api, wrong: dict[str, Any], where: str):
    answer = api.ask("POST", "", collection(**wrong))
    assert answer.status_code == 400, answer.text
    assert answer.json["description"].startswith(f"{where}:")


def test_who_has_several_organizations_says_which(api: Api):
    answer = api.ask("POST", "", collection(), who="sysadmin")
    assert answer.status_code == 400 and answer.json["description"].startswith("nextgeoss:organization:")
    user = factories.UserWithToken(image_url="")
    names = sorted(
        factories.Organization(image_url="", users=[{"name": user["name"], "capacity": "editor"}])["name"]
        for _ in range(2)
    )
    headers = {"Authorization": user["token"]}
    told = api.ask("POST", "", collection(), who="anonymous", headers=headers)
    assert told.status_code == 400 and ", ".join(names) in told.json["description"]


def test_a_private_item_of_another_organization_is_nobodys_business(api: Api):
    """The same name in one collection: neither is told that the other is there, and each has its own."""
    shared = f"shared-{uuid4().hex[:8]}"
    for who, organization in (("admin", api.world.organization), ("other", api.world.other)):
        sent = collection(id=shared, **{"nextgeoss:organization": organization, "nextgeoss:private": True})
        assert api.ask("POST", "", sent, who=who).status_code == 201
        assert api.ask("POST", f"/{shared}/items", item("SAME"), who=who).status_code == 201
        assert api.ask("POST", f"/{shared}/items", item("SAME"), who=who).status_code == 409
    assert api.ask("DELETE", f"/{shared}/items/SAME", who="admin").status_code == 204
    assert api.ask("GET", f"/{shared}/items/SAME", who="other").status_code == 200
    assert api.ask("GET", f"/{shared}/items/SAME", who="admin").status_code == 404


def test_what_people_added_stays(api: Api):
    there = api.made()
    (dataset,) = dataset_of(there["id"])
    sysadmin = {"user": api.world.names["sysadmin"]}
    call_action(
        "package_patch", sysadmin, id=dataset["id"], groups=[{"name": api.world.topic}], author="Ann",
        tags=[*({"name": tag["name"]} for tag in dataset["tags"]), {"name": "peoples"}],
    )  # fmt: skip
    call_action(
        "resource_create",
        sysadmin,
        package_id=dataset["id"],
        url="https://notes.example.org/n.pdf",
        name="Notes",
    )
    address = f"{api.items()}/{there['id']}"
    changes = (("PUT", there | {"assets": {}}), ("PATCH", {"properties": {"eo:cloud_cover": 1}}))
    for method, body in changes:
        assert api.ask(method, address, body).status_code == 204
        (now,) = dataset_of(there["id"])
        assert [group["name"] for group in now["groups"]] == [api.world.topic]
        assert [resource["name"] for resource in now["resources"]] == ["Notes"]
        assert now["author"] == "Ann" and "peoples" in {tag["name"] for tag in now["tags"]}
        assert now["name"] == dataset["name"] and now["id"] == dataset["id"]


def test_files_keep_their_ids_and_providers(api: Api):
    """Of a harvested product, whose next harvest knows its files by these."""
    there = api.made()
    (dataset,) = dataset_of(there["id"])
    resources = [{**resource, "provider": "esa"} for resource in dataset["resources"]]
    call_action("package_patch", {"user": api.world.names["sysadmin"]}, id=dataset["id"], resources=resources)
    patch = {"assets": {"data": {"title": "Renamed"}}}
    assert api.ask("PATCH", f"{api.items()}/{there['id']}", patch).status_code == 204
    (now,) = dataset_of(there["id"])
    assert [r["id"] for r in now["resources"]] == [r["id"] for r in dataset["resources"]]
    assert {r["provider"] for r in now["resources"]} == {"esa"}
    assert "Renamed" in {r["name"] for r in now["resources"]}


def bulk(*items: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(items)}


def outcomes(answer: Any) -> list[str]:
    return [each["outcome"] for each in answer.json["outcomes"]]


def test_many_items(api: Api):
    items = [item() for _ in range(5)]
    first = api.ask("POST", api.items(), bulk(*items[:2]))
    assert (first.status_code, outcomes(first)) == (201, ["created", "created"])
    assert "Location" not in first.headers
    # as after a break: the whole again
    whole = api.ask("POST", api.items(), bulk(*items))
    assert whole.status_code == 409
    assert outcomes(whole) == ["unchanged", "unchanged", "created", "created", "created"]
    again = api.ask("POST", api.items(), bulk(*items))
    assert (again.status_code, again.json["counts"]) == (409, {"unchanged": 5})
    assert [each["id"] for each in again.json["outcomes"]] == [each["id"] for each in items]
    assert all(len(dataset_of(each["id"])) == 1 for each in items)


def test_many_items_each_with_its_own_outcome(api: Api):
    there, good, twice = item(), item(), item()
    api.made(**there)
    changed = copy.deepcopy(there)
    changed["properties"]["eo:cloud_cover"] = 50
    bad = item(geometry=5)
    answer = api.ask("POST", api.items(), bulk(changed, good, bad, "nonsense", twice, twice))
    assert answer.status_code == 400 and answer.json["code"] == "InvalidParameterValue"
    assert outcomes(answer) == ["exists", "created", "refused", "refused", "created", "unchanged"]
    assert answer.json["outcomes"][2]["where"] == "geometry" and answer.json["outcomes"][2]["reason"]
    assert not dataset_of(bad["id"]) and api.found("public", good["id"]) == 1
    upsert = api.ask("POST", f"{api.items()}?method=upsert", bulk(changed, good))
    assert (upsert.status_code, outcomes(upsert)) == (200, ["updated", "unchanged"])
    new, newer = item(), item()
    newer["id"] = new["id"]
    newer["properties"]["eo:cloud_cover"] = 60
    both = api.ask("POST", f"{api.items()}?method=upsert", bulk(new, newer))
    assert (both.status_code, outcomes(both)) == (201, ["created", "updated"])
    shown = api.ask("GET", f"{api.items()}/{there['id']}").json
    assert shown["properties"]["eo:cloud_cover"] == 50


def test_upsert_of_one_item(api: Api):
    there = item()
    path = f"{api.items()}?method=upsert"
    statuses = [api.ask("POST", path, there).status_code for _ in range(2)]
    assert statuses == [201, 200]
    there["properties"]["eo:cloud_cover"] = 50
    changed = api.ask("POST", path, there)
    assert (changed.status_code, changed.json["properties"]["eo:cloud_cover"]) == (200, 50)
    assert api.ask("POST", f"{api.items()}?method=replace", there).status_code == 400
    assert api.ask("POST", f"{api.items()}?methods=upsert", there).status_code == 400


def test_no_more_than_a_thousand(api: Api):
    assert api.ask("POST", api.items(), bulk(*([{}] * 1001))).status_code == 413
    assert api.ask("POST", api.items(), {"type": "FeatureCollection", "features": {}}).status_code == 400


def test_two_who_make_one_item_at_once(api: Api):
    for _ in range(3):
        sent, answers = item(), []
        start = threading.Barrier(3)

        def post(sent: Any = sent, answers: Any = answers, start: Any = start) -> None:
            start.wait()
            answers.append(api.ask("POST", api.items(), sent).status_code)

        threads = [threading.Thread(target=post) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [201, 409, 409]
        assert len(dataset_of(sent["id"])) == 1


def test_two_who_change_what_they_both_saw(api: Api):
    there = api.made()
    address = f"{api.items()}/{there['id']}"
    tag = api.ask("GET", address).headers["ETag"]
    answers: list[int] = []
    start = threading.Barrier(2)

    def patch(cover: int) -> None:
        start.wait()
        body = {"properties": {"eo:cloud_cover": cover}}
        answers.append(api.ask("PATCH", address, body, headers={"If-Match": tag}).status_code)

    threads = [threading.Thread(target=patch, args=(cover,)) for cover in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [204, 412]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
MEMBERS = ("id", "type", "collection", "geometry", "bbox", "properties", "assets", "links", "stac_version")
NAMES = ("datetime", "start_datetime", "eo:cloud_cover", "instruments", "title", "created", "nextgeoss:time")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    changes=st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=3),
    properties=st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), JSON, max_size=4),
    assets=st.dictionaries(st.text(max_size=5), st.dictionaries(
        st.sampled_from(("href", "roles", "type", "title", "file:size")), JSON | st.just("https://a.example/b"),
        max_size=4), max_size=2),
    method=st.sampled_from(("POST", "PUT", "PATCH", "bulk", "collection")),
)  # fmt: skip
def test_no_body_breaks_anything(api: Api, changes: Any, properties: Any, assets: Any, method: str):
    body = {"properties": properties, "assets": assets} | changes
    address = f"{api.items()}/FUZZED"
    if method == "collection":
        statuses = [api.ask("POST", "", collection(**changes)).status_code]
    elif method == "bulk":
        statuses = [api.ask("POST", api.items(), bulk(item(**body), body)).status_code]
    elif method == "POST":
        statuses = [api.ask("POST", api.items(), item(**body)).status_code]
    else:
        api.ask("POST", api.items(), item("FUZZED"))
        statuses = [api.ask(method, address, body).status_code, api.ask("GET", address).status_code]
    assert all(status < 500 for status in statuses), json.dumps(body)
