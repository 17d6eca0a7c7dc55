"""What all our APIs do alike: who sees what, whichever way a request takes, and the manners of HTTP."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from ckan import authz, model
from ckan.common import config
from ckan.plugins import toolkit
from ckan.tests import factories
from sqlalchemy import event
from werkzeug.test import Client

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.search.solr import SolrClient, SolrError
from ckanext.nextgeoss.tests.indexed import indexed
from ckanext.nextgeoss.views.shortcut import Shortcut

COLLECTION = f"manners-{uuid4().hex[:8]}"
PASSWORD = "correct horse"
SEARCH = f"/stac/search?collections={COLLECTION}"


def product(name: str) -> Product:
    return Product(
        id=name,
        collection=COLLECTION,
        time=TemporalExtent.parse("2024-05-01"),
        properties={"cloud_cover": 5.0},
        assets=(Asset(key="data", href=f"https://data.example/{name}.zip", roles=("data",)),),
    )


@dataclass
class People:
    """Tokens of a member of the organization with a private product, of a stranger, and of a sysadmin."""

    member: str
    stranger: str
    sysadmin: str
    member_name: str


@pytest.fixture(scope="module", autouse=True)
def people(plugins: None) -> Iterator[People]:
    member, stranger = factories.User(password=PASSWORD), factories.User()
    organization = factories.Organization(
        image_url="", users=[{"name": member["name"], "capacity": "member"}]
    )
    tokens = [
        factories.APIToken(user=user["name"])["token"] for user in (member, stranger, factories.Sysadmin())
    ]
    public = [product(f"open-{number}") for number in range(30)]
    with indexed(public), indexed([product("hidden")], (f"member-{organization['id']}",)):
        yield People(*tokens, member["name"])


def ways(app: Any) -> tuple[Client, Client]:
    """The shorter way, and that of all other requests."""
    shortcut = app.flask_app.wsgi_app
    while not isinstance(shortcut, Shortcut):  # other plugins may stand around it
        shortcut = shortcut.app
    return Client(shortcut), Client(shortcut.app)


def seen(client: Client, headers: dict[str, str] | None = None) -> tuple[int, set[str]]:
    answer = client.get(f"{SEARCH}&limit=100", base_url=config["ckan.site_url"], headers=headers)
    document = json.loads(answer.data)
    return answer.status_code, {item["id"] for item in document.get("features", ())}


def test_both_ways_show_the_same_to_the_same_people(app: Any, people: People) -> None:
    counts = []
    for token in ("", people.stranger, people.member, people.sysadmin, "nonsense"):
        short, long = (seen(client, {"Authorization": token} if token else None) for client in ways(app))
        assert short == long
        counts.append(len(short[1]))
    assert counts == [30, 30, 31, 31, 30]


def test_both_ways_know_who_is_signed_in(app: Any, people: People) -> None:
    for client in ways(app):
        login = {"login": people.member_name, "password": PASSWORD}
        answer = client.post("/user/login", base_url=config["ckan.site_url"], data=login)
        assert answer.status_code == 302, answer.text
        assert "hidden" in seen(client)[1]


def test_both_ways_ask_ckan_who_may_search(app: Any, people: People, monkeypatch: Any) -> None:
    def members_only(context: Any, data_dict: Any) -> dict[str, Any]:
        return {"success": bool(context.get("user"))}

    members_only.auth_allow_anonymous_access = True  # type: ignore[attr-defined]
    assert "package_search" in authz.auth_functions_list()  # which fills the table
    monkeypatch.setitem(authz._AuthFunctions._functions, "package_search", members_only)
    for client in ways(app):
        assert seen(client) == (401, set())
        assert seen(client, {"Authorization": people.stranger})[0] == 200


def test_a_page_of_any_size_asks_the_database_nothing(app: Any) -> None:
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(model.meta.engine, "before_cursor_execute", note)
    try:
        assert len(app.get(f"{SEARCH}&limit=30").json["features"]) == 30
    finally:
        event.remove(model.meta.engine, "before_cursor_execute", note)
    assert asked == []


def test_head_says_what_get_would(app: Any) -> None:
    get, head = app.get(SEARCH), app.test_client().head(SEARCH)
    assert head.status_code == 200 and head.data == b""
    for name in ("Content-Type", "ETag", "Content-Length"):
        assert head.headers[name] == get.headers[name]


def test_what_a_client_has_is_not_sent_again(app: Any) -> None:
    tag = app.get(SEARCH).headers["ETag"]
    again = app.get(SEARCH, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert app.get(f"{SEARCH}&limit=1", headers={"If-None-Match": tag}).status_code == 200


def test_answers_are_packed_for_who_wants_it(app: Any) -> None:
    plain, packed = app.get(SEARCH), app.get(SEARCH, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and len(packed.data) < len(plain.data) / 2
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in app.get(SEARCH, headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_nobody_else_keeps_an_answer(app: Any) -> None:
    headers = app.get(SEARCH).headers
    assert "private" in headers["Cache-Control"] and "public" not in headers["Cache-Control"]
    assert {"Cookie", "Authorization"} <= {name.strip() for name in headers["Vary"].split(",")}


def test_pages_of_other_sites_may_read_answers(app: Any, monkeypatch: Any) -> None:
    origin = {"Origin": "https://portal.example"}
    assert app.get(SEARCH, headers=origin).headers["Access-Control-Allow-Origin"] == "*"
    asked = app.options("/stac/search", headers=origin)
    assert asked.status_code == 200 and "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in asked.headers["Access-Control-Allow-Headers"]
    refused = app.get(f"{SEARCH}&limit=0", headers=origin)
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (400, "*")
    monkeypatch.setitem(config, "ckanext.nextgeoss.api.origins", "")
    assert "Access-Control-Allow-Origin" not in app.get(SEARCH, headers=origin).headers


def test_one_client_may_ask_so_often_in_a_minute(app: Any, monkeypatch: Any, same_hour: None) -> None:
    monkeypatch.setitem(config, "ckanext.nextgeoss.api.requests_per_minute", 2)
    address = uuid4().hex[:16]
    here = {"REMOTE_ADDR": f"2001:db8::{':'.join(address[at : at + 4] for at in range(0, 16, 4))}"}
    answers = [app.get(SEARCH, environ_overrides=here) for _ in range(3)]
    refused = answers[2]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.json["code"] == "TooManyRequests"
    assert app.get(SEARCH).status_code == 200, "others are served"


def test_who_sends_too_much_is_told_what_is_allowed(app: Any) -> None:
    long = app.post("/stac/search", json={"q": ["x" * 11_000_000]})
    assert (long.status_code, long.json["code"]) == (413, "RequestEntityTooLarge")
    assert app.post("/stac/search", json={"ids": [f"x{n}" for n in range(1000)]}).status_code == 200
    many = app.post("/stac/search", json={"ids": [f"x{n}" for n in range(1001)]})
    assert many.status_code == 400 and "at most 1000" in many.json["description"]
    wordy = {"q": "x " * 101}
    assert "at most 100 words" in app.get("/stac/search", query_string=wordy, status=400).json["description"]
    assert app.post("/api/3/action/product_search", json=wordy).status_code == 409
    for path in ("/dataset/", "/export/products.csv", "/opensearch/search.atom", "/dhus/search"):
        answer = app.get(path, query_string=wordy)
        assert answer.status_code == 400 and "at most 100 words" in answer.text, path


def test_without_solr_it_is_said_when_to_come_again(app: Any, monkeypatch: Any) -> None:
    def away(*_: Any) -> Any:
        raise SolrError("no answer from http://127.0.0.1:1/solr/secret")

    monkeypatch.setattr(SolrClient, "select", away)
    answer = app.get(SEARCH)
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert "127.0.0.1" not in answer.text


def test_what_nobody_foresaw_is_no_page_and_tells_nothing(app: Any, monkeypatch: Any) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("secret path")

    monkeypatch.setattr(SolrClient, "select", broken)
    answer = app.get(SEARCH)
    assert answer.status_code == 500 and "secret" not in answer.text
    assert answer.json["description"] == toolkit._("The request could not be answered.")
