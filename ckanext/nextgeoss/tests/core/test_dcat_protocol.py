"""DCAT catalogues in each notation of RDF, page by page, and what of them could do harm."""

from __future__ import annotations

import json
import warnings
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.harvesters import rdf
from ckanext.nextgeoss.harvesters.protocols import protocol
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.reading import product_as_json
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits, Request, Response
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve
from ckanext.nextgeoss.tests.core.test_provider_contract import SAMPLES

SAID = {
    "title": "X",
    "organization": "x",
    "profile": "dcat",
    "collections": {"ours": {"ids": "all", "pattern": ".*"}},
}
_PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""


def turtle(*names: str, following: str = "", kind: str = "", link: str = "nextPage") -> bytes:
    """A catalogue of datasets with these names; with a `kind` it is a page."""
    listed = "".join(
        f'<https://x.example/{name}> a dcat:Dataset ; dct:identifier "{name}" ; dct:title "{name}" .\n'
        for name in names
    )
    more = f"<https://x.example/?page> a hydra:{kind} .\n" if kind else ""
    more += f"<https://x.example/?page> hydra:{link} <{following}> .\n" if following else ""
    return f"{_PREFIXES}<https://x.example/> a dcat:Catalog .\n{more}{listed}".encode()


def remote(server: LocalServer, **said: Any) -> RemoteCatalogue:
    provider = provider_from_mapping("x", SAID | {"url": server.url} | said, "x")
    return RemoteCatalogue(
        provider, HttpClient(allowed_private_hosts=[server.host], limits=Limits(attempts=1)).send
    )


def ids(catalogue: RemoteCatalogue) -> list[str]:
    pages = catalogue.pages(Query(collections=("ours",)))
    return [product.id for page in pages for product in page.products]


@pytest.mark.parametrize("notation", ["xml", "json-ld", "nt", "pretty-xml", "turtle"])
def test_the_same_in_each_notation(notation: str):
    """The sample, written in another notation, tells the same products and the same way on."""
    import rdflib

    body = (SAMPLES / "dcat" / "page.ttl").read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of rdflib, of what it is going to change
        written = rdflib.Graph().parse(data=body, format="turtle").serialize(format=notation).encode()
    provider = provider_from_mapping("x", SAID | {"url": "https://demo.ckan.org"}, "x")
    asked = Request(url="https://demo.ckan.org/catalog", about="ours")
    expected, found = (
        protocol("dcat").read(provider, Response(200, {}, each, asked.url), asked) for each in (body, written)
    )
    assert len(found.products) == 2
    assert [product_as_json(each) for each in found.products] == [
        product_as_json(each) for each in expected.products
    ]
    assert (found.next, found.total) == (expected.next, 5)


@pytest.mark.parametrize(
    ("kind", "link"),
    [("PagedCollection", "nextPage"), ("PartialCollectionView", "next"), ("PagedCollection", "next")],
)
def test_pages_of_hydra(kind: str, link: str):
    """As links say, and to their end."""

    def page(handler: Handler) -> None:
        number = int(parse_qs(urlsplit(handler.path).query)["page"][0])
        following = f"{handler.server.seen.url}/catalog.jsonld?page={number + 1}" if number < 3 else ""
        handler.answer(turtle(f"d{number}", following=following, kind=kind, link=link))

    with serve({"/catalog.jsonld": page}) as server:
        assert ids(remote(server)) == ["d1", "d2", "d3"]


def test_pages_that_are_counted():
    """As ckanext-dcat has them where nothing says how to go on: to the first empty one."""

    def page(handler: Handler) -> None:
        number = int(parse_qs(urlsplit(handler.path).query)["page"][0])
        handler.answer(turtle(f"d{number}") if number < 3 else turtle())

    with serve({"/catalog.jsonld": page}) as server:
        assert ids(remote(server)) == ["d1", "d2"]


def test_one_file():
    """A catalogue without pages, at the provider's address."""
    with serve({"/all.ttl": lambda h: h.answer(turtle("a", "b"))}) as server:
        assert ids(remote(server, url=f"{server.url}/all.ttl", template="")) == ["a", "b"]
        assert len(server.calls) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld", "@type": "dcat:Catalog"},
        {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema"},
    ],
)
def test_data_json_of_agencies(said: dict[str, Any]):
    """DCAT-US, whose meaning is not fetched: with types and a context or without."""
    dataset = {
        "title": "One", "identifier": "d1", "modified": "2020-01-02", "keyword": ["water"],
        "accessLevel": "public", "spatial": "-10.0,40.0,5.0,50.0",
        "temporal": "2019-01-01T00:00:00Z/2019-02-01T00:00:00Z",
        "distribution": [{"downloadURL": "https://x.example/a.csv", "mediaType": "text/csv", "title": "A"}],
    }  # fmt: skip
    other = {
        "identifier": "d2",
        "title": "Two",
        "spatial": "Worldwide",
        "temporal": "R/P1Y",
        "distribution": None,
    }
    body = json.dumps(said | {"dataset": [dataset, other, "no dataset"]}).encode()
    provider = provider_from_mapping("x", SAID | {"url": "https://x.example"}, "x")
    asked = Request(url="https://x.example/data.json", about="ours")
    one, two = protocol("dcat").read(provider, Response(200, {}, body, asked.url), asked).products
    assert (one.id, one.title, two.id, two.footprint) == ("d1", "One", "d2", None)
    assert one.footprint is not None and one.footprint.bbox == (-10, 40, 5, 50)
    assert one.time.isoformat() == "2019-01-01T00:00:00Z/2019-02-01T00:00:00Z"
    assert one.properties["keywords"] == ("water",)
    (asset,) = one.assets
    assert (asset.href, asset.media_type, asset.roles) == ("https://x.example/a.csv", "text/csv", ("data",))


def test_records_alone():
    """What is kept of a dataset tells it again, without RDF."""
    provider = provider_from_mapping("x", SAID | {"url": "https://x.example"}, "x")
    asked = Request(url="https://x.example", about="ours")
    answer = protocol("dcat").read(provider, Response(200, {}, turtle("a"), asked.url), asked)
    native = answer.records[0].text().encode()
    assert (
        protocol("dcat").read(provider, Response(200, {}, native, asked.url), asked).products
        == answer.products
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"@context": "https://x.example/c.jsonld", "@graph": []}', "c.jsonld, which is not fetched"),
        (b'{"@context": [{"a": "b"}, "c.jsonld"], "@graph": []}', "c.jsonld, which is not fetched"),
        (b'{"@context": {"@import": "http://x.example/c"}, "@id": "a"}', "http://x.example/c, which is not"),
        (b'{"@graph": [{"x": {"@context": {"y": {"@context": "http:z"}}}}]}', "http:z, which is not fetched"),
        (b'<!DOCTYPE rdf:RDF [<!ENTITY a "b">]><rdf:RDF/>', "XML with a DTD"),
        (b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "XML with a DTD"),
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "without a catalogue"),
        (b"<html><title>Down</title></html>", "HTML (Down) instead of"),
        (b"<catalog>", "not well-formed"),
        (b"", "an empty answer"),
        (b"{}", "without a catalogue"),
        (b'{"@graph": [', "not JSON-LD"),
        (b'{"error": {"message": "no such page"}}', "error: no such page"),
        (b"Service unavailable", "not turtle"),
        (b"\xff\xfe\x00\x00\x01", "utf"),
        (b"\x80\x81", "neither XML, JSON nor text"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)  # fmt: skip
def test_bad_answers(body: bytes, words: str):
    """One line for each; nothing is fetched, nothing passes for an empty catalogue."""
    with serve({"/catalog.jsonld": lambda h: h.answer(body)}) as server, pytest.raises(BadAnswer) as caught:
        ids(remote(server))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(server.calls) == 1


def test_too_long(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rdf, "LIMIT", 1000)
    with pytest.raises(BadAnswer, match="more than the 1000 allowed"):
        rdf.read_catalogue(turtle(*[f"d{n}" for n in range(100)]), "s")


def test_odd_values():
    """Literals of the wrong type, blank nodes, several titles: a product, or a refusal of this one alone."""
    body = turtle("a") + (
        b'<https://x.example/b> a dcat:Dataset ; dct:identifier "b" ; dct:title "one"@en, "zwei"@de ;'
        b' dct:issued "not a date"^^<http://www.w3.org/2001/XMLSchema#date> ; dct:modified "2020" ;'
        b' dct:spatial "Atlantis" ; dct:temporal [ a dct:PeriodOfTime ] ;'
        b' dcat:distribution [ a dcat:Distribution ; dcat:byteSize "many" ; dcat:downloadURL "no address" ] .'
        b'[] a dcat:Dataset ; dct:title "nameless" .'
    )
    provider = provider_from_mapping("x", SAID | {"url": "https://x.example"}, "x")
    asked = Request(url="https://x.example", about="ours")
    answer = protocol("dcat").read(provider, Response(200, {}, body, asked.url), asked)
    assert [product.id for product in answer.products] == ["a", "b"]
    assert [bad.reason for bad in answer.refused] == ["no identifier"]


def test_the_same_from_run_to_run():
    """RDF has no order; products have the same hash whatever order a parser finds."""
    triples = [
        '<https://x.example/a> a dcat:Dataset ; dct:identifier "a" .',
        *[f'<https://x.example/a> dcat:keyword "k{n}" .' for n in range(6)],
        *[
            f"<https://x.example/a> dcat:distribution <https://x.example/r{n}> . <https://x.example/r{n}>"
            f" a dcat:Distribution ; dcat:downloadURL <https://x.example/f{n}.zip> ."
            for n in range(6)
        ],
    ]
    provider = provider_from_mapping("x", SAID | {"url": "https://x.example"}, "x")
    asked = Request(url="https://x.example", about="ours")
    hashes: set[str] = set()
    for order in (triples, triples[::-1]):
        body = (_PREFIXES + "\n".join(order)).encode()
        (product,) = protocol("dcat").read(provider, Response(200, {}, body, asked.url), asked).products
        hashes.add(product.content_hash())
    assert len(hashes) == 1
    assert json.loads(json.dumps(product_as_json(product)))["properties"]["keywords"] == [
        f"k{n}" for n in range(6)
    ]
