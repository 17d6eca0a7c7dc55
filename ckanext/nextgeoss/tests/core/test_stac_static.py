"""Static STAC catalogues: read as a tree, where it can lead to what is wanted, whatever is broken in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import partial
from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer, BadConfiguration, BadValue
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.harvesters.pagination import request_from_text, request_to_text
from ckanext.nextgeoss.harvesters.protocols import Answer, protocol
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.harvesters.slices import changed_since
from ckanext.nextgeoss.http import HttpClient, Limits, RemoteError, Request, Response
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve

STATIC = protocol("stac_static")
Files = Mapping[str, Any]


def _links(**rels: str) -> list[dict[str, str]]:
    return [{"rel": rel, "href": href} for rel, hrefs in rels.items() for href in hrefs.split()]


def _catalog(name: str, **rels: str) -> dict[str, Any]:
    about = {"type": "Catalog", "stac_version": "1.0.0", "id": name, "description": name}
    return {**about, "links": _links(**rels)}


def _collection(name: str, **rels: str) -> dict[str, Any]:
    extent = {
        "spatial": {"bbox": [[0, 40, 10, 50]]},
        "temporal": {"interval": [["2020-01-01T00:00:00Z", None]]},
    }
    about = {"type": "Collection", "stac_version": "1.0.0", "id": name, "title": f"The {name}"}
    return {**about, "description": name, "license": "CC-BY-4.0", "extent": extent, "links": _links(**rels)}


def _item(name: str, collection: str | None = None, **properties: Any) -> dict[str, Any]:
    about = {"type": "Feature", "stac_version": "1.0.0", "id": name, "bbox": [1, 41, 2, 42]}
    polygon = {"type": "Polygon", "coordinates": [[[1, 41], [2, 41], [2, 42], [1, 42], [1, 41]]]}
    fields = {"datetime": "2024-06-01T00:00:00Z", **properties}
    item = {**about, "geometry": polygon, "properties": fields, "links": []}
    item["assets"] = {"data": {"href": "./data.tif", "roles": ["data"]}}
    return item if collection is None else {**item, "collection": collection}


TREE: Files = {
    "/catalog.json": _catalog("root", self="catalog.json", child="A/x.json B/x.json C/x.json"),
    "/A/x.json": _collection("A", parent="../catalog.json", child="2023.json 2024.json"),
    "/A/2023.json": _catalog("2023", item="items/a1.json"),
    "/A/2024.json": _catalog("2024", item="items/a2.json items/a3.json"),
    "/A/items/a1.json": _item("a1"),
    "/A/items/a2.json": _item("a2", "A"),
    "/A/items/a3.json": _item("a3", "A"),
    "/B/x.json": _collection("B", items="all.json"),
    "/B/all.json": {
        "type": "FeatureCollection",
        "features": [_item("b1", "B"), _item("b2", "B")],
        "links": _links(next="more.json"),
    },
    "/B/more.json": {"type": "FeatureCollection", "features": [_item("b3", "B")], "links": []},
    "/C/x.json": _collection("C"),
}  # fmt: skip


@contextmanager
def _served(files: Files) -> Iterator[LocalServer]:
    """The files on a server; what is no JSON value is called with the handler."""

    def give(handler: Handler, value: Any) -> None:
        value(handler) if callable(value) else handler.answer(value)

    class Routes(dict[str, Callable[[Handler], None]]):
        def __missing__(self, path: str) -> Callable[[Handler], None]:
            return lambda handler: handler.answer({"message": "no such file"}, 404)

    with serve(Routes({path: partial(give, value=value) for path, value in files.items()})) as server:
        yield server


def _provider(url: str, **said: object) -> Provider:
    about: dict[str, object] = {"title": "X", "organization": "x", "url": url, "profile": "stac_static"}
    return provider_from_mapping("x", about | said, "x.yaml")


def _catalogue(server: LocalServer, **said: object) -> RemoteCatalogue:
    client = HttpClient(
        allowed_private_hosts=[server.host],
        limits=Limits(attempts=3, pause=0.01, total=5, longest_pause=3),
    )
    return RemoteCatalogue(_provider(server.url, **said), client.send)


def _ids(answers: list[Answer]) -> str:
    return " ".join(product.id for answer in answers for product in answer.products)


def _asked(server: LocalServer) -> list[str]:
    return [call.path for call in server.calls]


def test_everything():
    """A source of a provider without collections reads all of the tree, each file once."""
    with _served(TREE) as server:
        answers = list(_catalogue(server).pages(Query()))
        assert _ids(answers) == "a1 a2 a3 b1 b2 b3"
        assert sorted(_asked(server)) == sorted(TREE)
        products = [product for answer in answers for product in answer.products]
        assert [product.collection for product in products] == ["A"] * 3 + ["B"] * 3
        assert products[0].assets[0].href == f"{server.url}/A/items/data.tif"


def test_where_it_begins():
    """In the folder, under another name or at another address; `url` may be the file itself."""
    for url, template, root in (
        ("https://x.example/a", {}, "https://x.example/a/catalog.json"),
        ("https://x.example/a", {"template": "/stac.json"}, "https://x.example/a/stac.json"),
        ("https://x.example/a", {"template": "https://y.example/c.json"}, "https://y.example/c.json"),
        ("https://x.example/a/root.json", {}, "https://x.example/a/root.json"),
    ):
        assert STATIC.first_request(_provider(url, **template), Query()).url == root


def test_items_without_a_collection_are_of_the_nearest():
    tree = {
        "/catalog.json": _collection("outer", child="inner.json"),
        "/inner.json": _collection("inner", item="a.json"),
        "/a.json": _item("a"),
    }
    with _served(tree) as server:
        found = list(_catalogue(server).pages(Query()))
        assert [product.collection for answer in found for product in answer.products] == ["inner"]


def test_only_the_branch_that_is_wanted():
    """Links carry the names of collections: the world is not read for one of them."""
    with _served(TREE) as server:
        found = list(_catalogue(server, collections={"ours": "A"}).pages(Query(collections=("ours",))))
        assert _ids(found) == "a1 a2 a3"
        assert {product.collection for answer in found for product in answer.products} == {"ours"}
        assert not [path for path in _asked(server) if path.startswith(("/B", "/C"))]


def test_one_collection_after_the_other():
    with _served(TREE) as server:
        catalogue = _catalogue(server, collections=["A", "B"])
        assert _ids(list(catalogue.pages(Query(collections=("B", "A"))))) == "b1 b2 b3 a1 a2 a3"
        assert catalogue.count(Query(collections=("A",))) is None


def test_from_any_place_on():
    """The stored cursor of each page leads through the rest, in another process too."""
    with _served(TREE) as server:
        query = Query(collections=("A", "B"))
        answers = list(_catalogue(server, collections=["A", "B"]).pages(query))
        assert len(answers) == len(TREE)  # the root twice, C not at all
        for number, answer in enumerate(answers[:-1]):
            assert answer.next is not None
            cursor = request_from_text(request_to_text(answer.next))
            again = _catalogue(server, collections=["A", "B"]).pages(query, cursor)
            assert _ids(list(again)) == _ids(answers[number + 1 :]), number


def test_names_that_links_do_not_carry():
    """Where no link tells, each is read to see; items of other collections are left alone."""
    tree = {
        "/catalog.json": _catalog("root", child="1.json 2.json"),
        "/1.json": _collection("A", item="a.json"),
        "/2.json": _collection("B", item="b.json"),
        "/a.json": _item("a", "A"),
    }
    with _served(tree) as server:
        assert _ids(list(_catalogue(server, collections=["A"]).pages(Query(collections=("A",))))) == "a"
        assert sorted(_asked(server)) == ["/1.json", "/2.json", "/a.json", "/catalog.json"]


def test_patterns_of_addresses():
    """`where: {href}` says which links lead to a collection whose name they do not carry."""
    tree = {
        "/catalog.json": _catalog("root", child="s2/x.json s1/x.json"),
        "/s2/x.json": _collection("sentinel", item="a.json"),
        "/s2/a.json": _item("a"),
    }
    with _served(tree) as server:
        collections = {"ours": {"ids": "sentinel", "where": {"href": "/s2/"}}}
        assert (
            _ids(list(_catalogue(server, collections=collections).pages(Query(collections=("ours",))))) == "a"
        )
        assert "/s1/x.json" not in _asked(server)


def test_names_in_parts():
    """`A/B` is looked for under what is called A (as in Earth Engine's catalogue)."""
    tree = {
        "/catalog.json": _catalog("root", child="COPERNICUS/catalog.json NASA/catalog.json"),
        "/COPERNICUS/catalog.json": _catalog("COPERNICUS", child="COPERNICUS_S1.json COPERNICUS_S2.json"),
        "/COPERNICUS/COPERNICUS_S2.json": _collection("COPERNICUS/S2", item="i.json"),
        "/COPERNICUS/i.json": _item("i"),
    }
    with _served(tree) as server:
        collections = {"ours": "COPERNICUS/S2"}
        assert (
            _ids(list(_catalogue(server, collections=collections).pages(Query(collections=("ours",))))) == "i"
        )
        assert sorted(_asked(server)) == sorted(tree)


def test_items_of_catalogues_say_themselves_where_they_belong():
    tree = {
        "/catalog.json": _catalog("root", item="a.json b.json c.json"),
        "/a.json": _item("a", "A"),
        "/b.json": _item("b", "B"),
        "/c.json": _item("c"),
    }
    with _served(tree) as server:
        found = list(_catalogue(server, collections=["A", "B"]).pages(Query(collections=("A",))))
        assert _ids(found) == "a"
        assert [bad.reason for answer in found for bad in answer.refused] == ["item c names no collection"]
        # with one collection only there is no other that it could be of
        assert _ids(list(_catalogue(server, collections=["A"]).pages(Query(collections=("A",))))) == "a c"


def test_collections_below_a_wanted_one_are_part_of_it():
    tree = {
        "/catalog.json": _catalog("root", child="A.json"),
        "/A.json": _collection("A", child="part.json"),
        "/part.json": _collection("A-2024", item="a.json"),
        "/a.json": _item("a", "A-2024"),
    }
    with _served(tree) as server:
        found = list(_catalogue(server, collections=["A"]).pages(Query(collections=("A",))))
        assert [product.collection for answer in found for product in answer.products] == ["A"]


def test_addresses_published_absolutely():
    """Absolute links are followed as they are, and an item's own address is what it says."""
    with _served({}) as other:
        item = _item("a", "A") | {"links": [{"rel": "self", "href": "https://data.example/stac/a.json"}]}
        tree = {
            "/catalog.json": lambda handler: handler.answer(
                _catalog("root", child=f"http://{handler.headers['Host']}/A.json")
            ),
            "/A.json": _collection("A", item="a.json"),
            "/a.json": item,
        }
        with _served(tree) as server:
            (product,) = [p for a in _catalogue(server, collections=["A"]).pages(Query()) for p in a.products]
        assert product.assets[0].href == "https://data.example/stac/data.tif"
        assert not other.calls


def test_records_alone():
    """What is kept of an item tells the same product, and where it was."""
    with _served(TREE) as server:
        provider = _provider(server.url, collections={"ours": "A"})
        answers = list(_catalogue(server, collections={"ours": "A"}).pages(Query(collections=("ours",))))
        for answer in answers:
            for product, record in zip(answer.products, answer.records, strict=True):
                response = Response(200, {}, record.text().encode(), provider.url)
                asked = Request(url=provider.url, about="ours")
                assert STATIC.read(provider, response, asked).products == (product,)


# --- collections that are products


def test_collections_as_products():
    """Where the provider file says so, a collection with nothing below is a product of its own."""
    summaries = {"platform": ["Sentinel-2A"], "instruments": ["msi"], "eo:cloud_cover": {"minimum": 0}}
    leaf = _collection("S2") | {"summaries": summaries, "sci:doi": "10.1/x"}
    leaf["assets"] = {"thumbnail": {"href": "s2.png"}}
    tree = {"/catalog.json": _catalog("root", child="S2.json A.json"), "/S2.json": leaf,
            "/A.json": _collection("A", item="a.json"), "/a.json": _item("a", "A")}  # fmt: skip
    with _served(tree) as server:
        assert _ids(list(_catalogue(server).pages(Query()))) == "a"
        collections = {"sets": {"pattern": ".*"}}
        catalogue = _catalogue(server, products="collections", collections=collections)
        answers = list(catalogue.pages(Query(collections=("sets",))))
        assert _ids(answers) == "S2 a"
        product = answers[1].products[0]
        assert (product.collection, product.title) == ("sets", "The S2")
        assert product.time.start == datetime(2020, 1, 1, tzinfo=timezone.utc)
        assert product.footprint is not None
        assert product.footprint.bbox == (0, 40, 10, 50)
        assert product.properties["platform"] == "sentinel-2a"
        assert product.properties["instruments"] == ("msi",)
        assert product.problems == ()
        assert [(asset.roles, asset.href) for asset in product.assets] == [
            (("metadata",), f"{server.url}/S2.json"), (("thumbnail",), f"{server.url}/s2.png"),
        ]  # fmt: skip
        again = Response(200, {}, answers[1].records[0].text().encode(), server.url)
        provider = _provider(server.url, products="collections", collections=collections)
        assert STATIC.read(provider, again, Request(url=server.url, about="sets")).products == (product,)


def test_products_are_items_or_collections():
    with pytest.raises(BadConfiguration, match=r"products: .* is not one of items, collections"):
        _provider("https://x.example", products="files")


# --- what collections there are


def test_collections_are_described():
    """All of the tree, or those that the provider file names, and no items for it."""
    with _served(TREE) as server:
        assert [each.id for each in _catalogue(server).collections()] == ["A", "B", "C"]
        assert not [path for path in _asked(server) if "items" in path or "all" in path]
        server.calls.clear()
        (found,) = _catalogue(server, collections={"ours": "B"}).collections()
        assert (found.id, found.title, found.aliases) == ("ours", "The B", ("B",))
        assert _asked(server) == ["/catalog.json", "/B/x.json"]


def test_only_what_is_wanted_is_described():
    """Each description is a file of its own: of many hundred, one is read for a source of one collection."""
    with _served(TREE) as server:
        for said in ({}, {"discovers": True, "collections": {"ours": "B"}}):
            server.calls.clear()
            (found,) = _catalogue(server, **said).collections(["A"])
            assert found.id == "A"
            assert [path for path in _asked(server) if path[1] in "BC"] == []
        assert len(list(_catalogue(server, discovers=True, collections={"ours": "B"}).collections())) == 3


def test_descriptions_that_are_missing():
    """One that is missing or broken is not described; circles end."""
    tree = {"/catalog.json": _catalog("root", child="a.json gone.json html.json catalog.json"),
            "/a.json": _collection("A", child="catalog.json"),
            "/html.json": lambda handler: handler.answer(b"<html><title>Oops</title>")}  # fmt: skip
    with _served(tree) as server:
        assert [each.id for each in _catalogue(server).collections()] == ["A"]


# --- changes


def test_what_has_changed_is_picked():
    """Where the provider file says by which property: products that say they are older do not come."""
    items = {"/old.json": _item("old", "A", updated="2024-01-01T00:00:00Z"),
             "/new.json": _item("new", "A", updated="2024-07-01T00:00:00Z"),
             "/silent.json": _item("silent", "A")}  # fmt: skip
    tree = {"/catalog.json": _collection("A", item="old.json new.json silent.json"), **items}
    since = changed_since(datetime(2024, 6, 1, tzinfo=timezone.utc))
    with _served(tree) as server:
        catalogue = _catalogue(server, collections=["A"], changes={"sieve": "updated"})
        assert catalogue.tells_changes
        assert not _catalogue(server, collections=["A"]).tells_changes
        query = Query(collections=("A",), conditions=since)
        catalogue.probe(query)
        assert _ids(list(catalogue.pages(query))) == "new silent"


def test_what_files_cannot_be_asked():
    """A wider answer would pass for the right one."""
    query = Query(conditions=(Condition("cloud_cover", "<=", 5.0),))
    with pytest.raises(BadValue, match="files cannot be asked"):
        STATIC.first_request(_provider("https://x.example"), query)


# --- what is broken


def test_broken_below_the_root():
    """Refused, each with its reason, and the rest is read."""
    cut = json.dumps(_item("cut", "A")).encode()[:100]
    tree = {
        "/catalog.json": _catalog(
            "root", child="missing.json html.json dead.json s3://bucket/x.json A.json catalog.json"
        ),
        "/html.json": lambda handler: handler.answer(b"<!doctype html><title>Sign in</title>"),
        "/dead.json": {"type": "Catalog", "id": "dead", "description": "no links"},
        "/A.json": _collection(
            "A", item="cut.json error.json types.json good.json", child="catalog.json A.json"
        ),
        "/cut.json": lambda handler: handler.answer(cut),
        "/error.json": {"code": "NoSuchKey", "message": "The key does not exist"},
        "/types.json": {"type": "Feature", "id": [1], "properties": "?", "assets": 3, "links": None},
        "/good.json": _item("good", "A"),
    }
    with _served(tree) as server:
        answers = list(_catalogue(server, collections=["A"]).pages(Query()))
        assert _ids(answers) == "good"
        reasons = [bad.reason for answer in answers for bad in answer.refused]
        assert len(reasons) == 6
        for words, reason in zip(
            ["404", "HTML (Sign in)", "'dead' has no links", "cut short", "The key does not exist", "no id"],
            reasons,
            strict=True,
        ):
            assert words in reason
            assert "\n" not in reason
        assert answers[0].warnings == ("the child link 's3://bucket/x.json' is no address of the web",)


@pytest.mark.parametrize(
    ("root", "words"),
    [
        (b"<html><title>Moved</title>", "HTML (Moved)"),
        (b'{"type": "Catalog", "id": "x", "lin', "cut short"),
        ({"type": "Catalog", "id": "x", "description": "y"}, "has no links"),
        ({"code": 500, "message": "broken"}, "broken"),
        (["a"], "an array of something else"),
        (b"", "an empty answer"),
    ],
)
def test_a_broken_root_is_no_empty_catalogue(root: Any, words: str):
    with _served({"/catalog.json": lambda handler: handler.answer(root)}) as server:
        with pytest.raises(BadAnswer) as caught:
            list(_catalogue(server).pages(Query()))
        assert words in str(caught.value)


@pytest.mark.parametrize("status", [429, 503])
def test_later_please(status: int):
    """`Retry-After` is waited for, at the root and below; without end it is an error, and no empty branch."""
    first: set[str] = set()

    def busy(handler: Handler, value: Any) -> None:
        if handler.path in first:
            handler.answer(value)
        else:
            first.add(handler.path)
            handler.answer({}, status, Retry_After="0")

    files = {path: partial(busy, value=value) for path, value in TREE.items()}
    with _served(files) as server:
        assert (
            _ids(list(_catalogue(server, collections=["A"]).pages(Query(collections=("A",))))) == "a1 a2 a3"
        )
    always = {**TREE, "/A/2023.json": lambda handler: handler.answer({}, status, Retry_After="0")}
    with _served(always) as server, pytest.raises(RemoteError, match=str(status)):
        list(_catalogue(server, collections=["A"]).pages(Query(collections=("A",))))


def test_older_catalogues():
    """0.6 to 0.9: no types, items with their attributes under other names, collections by `c:id`."""
    old = {"id": "i", "type": "Feature", "geometry": {"type": "Point", "coordinates": [5, 45]}, "assets": {},
           "properties": {"datetime": "2018-06-30T03:29:02Z", "c:id": "A", "eo:platform": "Sentinel-2B"},
           "links": [{"rel": "self", "href": "i.json"}]}  # fmt: skip
    root = {"stac_version": "0.6.2", "id": "root", "description": "x", "links": _links(child="A.json")}
    tree = {"/catalog.json": root,
            "/A.json": {"stac_version": "0.6.2", "id": "A", "description": "a", "license": "x",
                        "extent": {"spatial": [0, 40, 10, 50], "temporal": ["2018-01-01T00:00:00Z", None]},
                        "links": _links(item="i.json")},
            "/i.json": old}  # fmt: skip
    with _served(tree) as server:
        (product,) = [p for a in _catalogue(server).pages(Query()) for p in a.products]
        assert (product.id, product.collection) == ("i", "A")
        assert product.properties["platform"] == "sentinel-2b"
