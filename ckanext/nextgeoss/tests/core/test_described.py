"""Two-step search: the collections of a service, the document of each, and its products, against a server."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.pagination import request_from_text, request_to_text
from ckanext.nextgeoss.harvesters.protocols import COLLECTIONS, TIME
from ckanext.nextgeoss.harvesters.protocols.series import read_series
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits, Request, Response
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve
from ckanext.nextgeoss.tests.shared import provider_samples

_NAMESPACES = """xmlns="http://a9.com/-/spec/opensearch/1.1/" xmlns:e="http://a9.com/-/spec/opensearch/extensions/eo/1.0/"
 xmlns:t="http://a9.com/-/opensearch/extensions/time/1.0/"
 xmlns:g="http://a9.com/-/opensearch/extensions/geo/1.0/" """
_OSDD = "application/opensearchdescription+xml"


def osdd(*urls: tuple[str, str]) -> bytes:
    """A description with these relations and templates."""
    said = "".join(
        f'<Url type="application/atom+xml" rel="{rel}" template="{template}"/>'.replace("&", "&amp;")
        for rel, template in urls
    )
    return f"<OpenSearchDescription {_NAMESPACES}>{said}</OpenSearchDescription>".encode()


def feed(*entries: str, more: str = "") -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:os="http://a9.com/-/spec/opensearch/1.1/">{more}{"".join(entries)}</feed>'
    ).encode()


def series(name: str, address: str = "") -> str:
    link = f'<link rel="search" type="{_OSDD}" href="{address}"/>' if address else ""
    return (
        f"<entry><id>{name}</id><dc:identifier>{name}</dc:identifier><title>About {name}</title>{link}"
        f"<summary>Words on {name}</summary>"
        "<dc:date>2020-01-01T00:00:00Z/2024-01-01T00:00:00Z</dc:date></entry>"
    )


def granule(number: int) -> str:
    return (
        f"<entry><id>g{number}</id><dc:identifier>g{number}</dc:identifier><title>g{number}</title>"
        f"<dc:date>2024-01-{number:02}T00:00:00Z</dc:date></entry>"
    )


class Service:
    """A service of two collections with a document each, and one that has none."""

    def __init__(self) -> None:
        self.routes: dict[str, Any] = {
            "/osdd": lambda h: h.answer(
                osdd(
                    ("collection", "/series?u={g:uid?}&p={startPage?}"),
                    ("results", "/all?c={e:parentIdentifier}&i={startIndex?}"),
                )
            ),
            "/series": self.series,
            "/osdd/a": lambda h: h.answer(
                osdd(("results", "/a?s={t:start?}&e={t:end?}&n={count?}&i={startIndex?}"))
            ),
            "/osdd/b": lambda h: h.answer(osdd(("results", "/b?x=1&p={startPage?}"))),
            "/a": self.granules,
            "/b": lambda h: h.answer(feed(granule(7), more="<os:totalResults>1</os:totalResults>")),
            "/all": lambda h: h.answer(feed(granule(9), more="<os:totalResults>1</os:totalResults>")),
        }

    def asked(self, handler: Handler) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}

    def series(self, handler: Handler) -> None:
        """By id or, in two pages, all."""
        said = self.asked(handler)
        every = {"A": series("A", "/osdd/a"), "B": series("B", "/osdd/b"), "C": series("C")}
        if "u" in said:
            handler.answer(feed(*[every[name] for name in every if name == said["u"]]))
        elif "p" in said and said["p"] == "2":
            handler.answer(feed(every["C"]))
        else:
            handler.answer(feed(every["A"], every["B"], more='<link rel="next" href="/series?p=2"/>'))

    def granules(self, handler: Handler) -> None:
        said = self.asked(handler)
        begin = int(said["i"])
        found = [granule(n) for n in range(begin, min(begin + int(said["n"]), 6))]
        handler.answer(feed(*found, more="<os:totalResults>5</os:totalResults>"))


def remote(server: LocalServer, **said: Any) -> RemoteCatalogue:
    about = {
        "title": "X",
        "organization": "x",
        "profile": "opensearch",
        "url": server.url,
        "page_size": 2,
        "description_document": "/osdd",
        "collections": {"ours-a": "A", "ours-b": "B", "ours-c": "C"},
    } | said
    client = HttpClient(allowed_private_hosts=[server.host], limits=Limits(attempts=1))
    return RemoteCatalogue(provider_from_mapping("x", about, "x"), client.send)


def test_products_of_each_collection():
    """By the template of its own document; by that for all where it has none."""
    with serve(Service().routes) as server:
        pages = list(remote(server).pages(Query(collections=("ours-a", "ours-b", "ours-c"))))
        paths = [call.path for call in server.calls]
    found = [(product.id, product.collection) for page in pages for product in page.products]
    assert found == [(f"g{n}", "ours-a") for n in range(1, 6)] + [("g7", "ours-b"), ("g9", "ours-c")]
    assert [path for path in paths if path.startswith("/a?")] == ["/a?n=2&i=1", "/a?n=2&i=3", "/a?n=2&i=5"]
    assert [path for path in paths if path.startswith(("/b?", "/all?"))] == ["/b?x=1&p=1", "/all?c=C&i=1"]


def test_documents_are_fetched_once():
    """However many pages and questions follow."""
    with serve(Service().routes) as server:
        catalogue = remote(server)
        for _ in range(2):
            list(catalogue.pages(Query(collections=("ours-a",))))
        list(catalogue.collections())
        paths = [call.path.partition("?")[0] for call in server.calls]
    assert paths.count("/osdd") == paths.count("/osdd/a") == 1


def test_collections_are_found():
    """Under our ids, with what the service says of them."""
    with serve(Service().routes) as server:
        found = list(remote(server).collections())
    assert [(each.id, each.title, each.description) for each in found] == [
        (f"ours-{name.lower()}", f"About {name}", f"Words on {name}") for name in "ABC"
    ]
    assert found[0].time.isoformat() == "2020-01-01T00:00:00Z/2024-01-01T00:00:00Z"


def test_what_one_collection_cannot_be_asked_is_picked():
    """The first can be asked for a time, the second cannot."""
    time = TemporalExtent.parse("2024-01-02T00:00:00Z/2024-01-03T00:00:00Z")
    with serve(Service().routes) as server:
        catalogue = remote(server)
        assert {COLLECTIONS, TIME} <= catalogue.asks
        pages = list(catalogue.pages(Query(collections=("ours-a", "ours-b"), time=time)))
        paths = [call.path for call in server.calls]
    assert [product.id for page in pages for product in page.products] == ["g2", "g3"]
    assert any(path.startswith("/a?s=2024-01-02") for path in paths)


def test_going_on_later():
    """A stored request leads on in another process, by the document of its collection."""
    with serve(Service().routes) as server:
        first = next(iter(remote(server).pages(Query(collections=("ours-a",)))))
        assert first.next is not None
        start = request_from_text(request_to_text(first.next))
        pages = list(remote(server).pages(Query(collections=("ours-a",)), start))
    assert [product.id for page in pages for product in page.products] == ["g3", "g4", "g5"]


def test_counts():
    with serve(Service().routes) as server:
        assert remote(server).count(Query(collections=("ours-a",))) == 5


def test_a_search_by_id_that_is_refused():
    """The list of collections is read instead."""
    service = Service()
    every = service.series

    def refuse(handler: Handler) -> None:
        handler.answer(b"no", 400) if "u=" in handler.path else every(handler)

    with serve(service.routes | {"/series": refuse}) as server:
        pages = list(remote(server).pages(Query(collections=("ours-b",))))
    assert [product.id for page in pages for product in page.products] == ["g7"]


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/osdd", b"<html><title>Moved</title></html>", "HTML (Moved) instead of"),
        ("/osdd", b"<feed/>", "not an OpenSearch description document but feed"),
        ("/osdd", osdd(), "no template at all"),
        ("/osdd/a", osdd(("results", "/a?x={x:unknown}")), "must be given x:unknown"),
        ("/series", b"<ExceptionReport><Exception exceptionCode='X'/></ExceptionReport>", "error: X"),
        ("/series", b'{"detail": "no"}', "error: no"),
    ],
)
def test_bad_documents(path: str, body: bytes, words: str):
    """One line says what is wrong, and nothing passes for an empty collection."""
    with (
        serve(Service().routes | {path: lambda h: h.answer(body)}) as server,
        pytest.raises(BadAnswer) as caught,
    ):
        list(remote(server).pages(Query(collections=("ours-a",))))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_addresses_within_are_checked():
    """A document that leads to a private address is not followed there."""
    service = Service()
    with (
        serve({}) as inner,
        serve(
            service.routes
            | {
                "/osdd": lambda h: h.answer(osdd(("results", f"{inner.url}/x?c={{e:parentIdentifier}}"))),
            }
        ) as server,
        pytest.raises(Exception, match=r"not allowed|private|loopback"),
    ):
        list(remote(server).pages(Query(collections=("ours-a",))))
    assert inner.calls == []


@pytest.mark.parametrize(
    ("file", "number", "described"),
    [
        ("fedeo/atom_collections_iso19115.xml", 10, 10),
        ("fedeo/atom_collection_entry.xml", 1, 1),
        ("ceos-cwic/atom_collections_iso19139.xml", 10, 10),
        ("ceos-cwic/atom_collection_cwic.xml", 1, 1),
        ("ceos-cwic/atom_collection_cmr.xml", 1, 0),
        ("ceos-cwic/atom_collection_cwic_no_osdd_url.xml", 1, 0),
        ("nextgeoss-catalogue/opensearch_collections_fixed.xml", 78, 78),
        ("nextgeoss-catalogue/opensearch_collections.xml", 78, 78),
        ("nextgeoss-catalogue/opensearch_first_collection.xml", 1, 1),
        ("nasa-cmr/atom_collections_ceos.xml", 10, None),
        ("nasa-cmr/atom_collections_cwic_tags.xml", 10, None),
        ("nasa-cmr/atom_collections_facets_428k.xml", 10, None),
        ("vito-terrascope/oscars_collections.json", 7, 0),
    ],
)
def test_recorded_collection_searches(file: str, number: int, described: int | None):
    """Collections of real services, of our first hub too, whose feed was not well-formed."""
    body = (provider_samples() / file).read_bytes()
    page = read_series(Response(200, {}, body, "https://x.example/s"), Request(url="https://x.example/s"))
    assert len({each.collection.id for each in page.found}) == number
    assert described is None or sum(bool(each.description) for each in page.found) == described
    assert sum(bool(each.collection.title) for each in page.found) >= number - 1


def test_what_a_search_by_id_does_not_find_is_not_there():
    """The list of all collections, which may be tens of thousands, is not read for it."""
    with serve(Service().routes) as server:
        catalogue = remote(server, collections={"ours-a": "A", "ours-d": "D", "ours-e": "E"})
        assert [each.id for each in catalogue.collections()] == ["ours-a"]
        pages = list(catalogue.pages(Query(collections=("ours-d",))))
        paths = [call.path for call in server.calls if call.path.startswith("/series")]
    assert paths == ["/series?u=A&p=1", "/series?u=D&p=1", "/series?u=E&p=1", "/series?u=D&p=1"]
    assert [product.id for page in pages for product in page.products] == ["g9"]
