"""JSON services without a standard: what a provider file declares is what is read and asked."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given

from ckanext.nextgeoss.eo.errors import BadAnswer, BadConfiguration
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.protocols import Answer, protocol
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits, Request, Response
from ckanext.nextgeoss.tests.core.local_server import Handler, serve
from ckanext.nextgeoss.tests.core.strategies import junk, modest

JSON = protocol("json")
BY_START = "/products?from={time:start?}&to={time:end?}&start={startIndex}&size={count}"
BY_PAGE = "/products?page={startPage}&size={count}"


def _provider(**said: Any) -> Provider:
    about = {"title": "X", "organization": "x", "url": "https://x.example/api", "profile": "json"}
    about |= {"template": BY_START, "layout": {"entries": "results"}, "page_size": 2}
    about |= {"collections": {"ours": {"ids": "ours", "pattern": ".*"}}}
    return provider_from_mapping("x", about | said, "x")


def _read(document: Any, request: Request | None = None, **said: Any) -> Answer:
    response = Response(200, {}, json.dumps(document).encode(), "https://x.example/api/products")
    return JSON.read(_provider(**said), response, request)


def _ids(answer: Answer) -> list[str]:
    return [product.id for product in answer.products]


# --- where entries are


def test_shapes_of_answers():
    """A list at a path, one object instead of a list, objects by their names, and the answer itself."""
    deep = {"layout": {"entries": "a/b"}}
    assert _ids(_read({"a": {"b": [{"id": 1}, {"id": "x"}]}}, **deep)) == ["1", "x"]
    assert _ids(_read({"a": {"b": {"id": 1, "name": "n"}}}, **deep)) == ["1"]
    assert _ids(_read({"a": {"b": []}}, **deep)) == []
    itself = {"layout": {}}
    assert _ids(_read([{"id": 1}], **itself)) == ["1"]
    assert _ids(_read({"k1": {"id": 1}, "k2": {"id": 2}}, **itself)) == ["1", "2"]
    named = {"layout": {"entries": "all"}, "fields": {"id": "@key"}}
    assert _ids(_read({"all": {"k1": {"v": 1}, "k2": {"v": 2}}}, **named)) == ["k1", "k2"]


def test_a_record_alone_is_read_again():
    """What is stored of a product."""
    answer = _read({"results": [{"id": 1, "when": "2024-06-04"}]}, fields={"start": "when", "end": "when"})
    again = _read(answer.records[0].native, fields={"start": "when", "end": "when"})
    assert again.products == answer.products


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"message": "No such thing"}, "No such thing"),
        ({"results": None}, "not a search answer; it has: results"),
        ({"results": "none"}, "not a search answer"),
        ({"results": [], "error": {"message": "quota exceeded"}}, "quota exceeded"),
        (7, "a JSON int"),
        ("text", "a JSON str"),
    ],
)
def test_what_is_no_answer(document: Any, words: str):
    """It is never taken for an empty result."""
    with pytest.raises(BadAnswer, match=words):
        _read(document)


def test_bad_entries_are_refused():
    """Each with its position; the others are read."""
    answer = _read({"results": [{"id": 1}, "x", {"name": "n"}, {"id": 2}]})
    assert _ids(answer) == ["1", "2"]
    assert [(bad.position, bad.reason) for bad in answer.refused] == [
        (1, "not a record but str"), (2, "no identifier"),
    ]  # fmt: skip


@modest
@given(junk)
def test_never_fails_otherwise(document: Any):
    """Whatever an answer is."""
    for said in ({"layout": {}}, {}, {"fields": {"geometry": "*/a", "time": "t", "title": "x/*"}}):
        with suppress(BadAnswer):
            _read(document, **said)
        with suppress(BadAnswer):
            _read({"results": [{"id": 1, "t": document, "x": document}]}, **said)


# --- what is said of them


def test_fields():
    """Times in one text, as numbers and as parts of one; files of several addresses; lists within lists."""
    fields = {
        "time": "valid", "geometry": "POINT ({lon} {lat})", "keywords": "tags/*/name", "created": "made",
        "data": "files/*/url", "size": "bytes", "checksum": "md5", "title": "names/*/text",
    }  # fmt: skip
    record = {
        "id": "a", "valid": "2024-06-04/2024-06-05", "lon": 1, "lat": 2, "made": 1717459200000,
        "tags": [{"name": "t1"}, {"other": 1}, {"name": "t2"}], "bytes": "2 kB", "md5": "0" * 32,
        "files": [{"url": "https://d.example/1"}, {"url": "https://d.example/2"}], "names": [{"text": "T"}],
    }  # fmt: skip
    (product,) = _read({"results": [record]}, fields=fields).products
    assert product.problems == ()
    assert product.time.isoformat() == "2024-06-04T00:00:00Z/2024-06-05T23:59:59.999999Z"
    assert product.footprint and product.footprint.wkt == "POINT (1 2)"
    assert product.properties["keywords"] == ("t1", "t2")
    assert str(product.properties["created"]) == "2024-06-04 00:00:00+00:00"
    assert product.title == "T"
    assert [(a.key, a.size, a.roles) for a in product.assets] == [
        ("data", 2000, ("data",)), ("data-2", None, ("data",)),
    ]  # fmt: skip


def test_steps_into_lists():
    """`*` is each, also through lists in lists; `name=value` is the first that says so."""
    record = {
        "id": 1,
        "dates": [{"kind": "Issued", "date": "2019"}, 7, {"kind": "Valid", "date": "2024-06-04/2024-06-05"}],
        "groups": [{"tags": [{"n": "a"}, {"n": "b"}]}, {"tags": None}, {"tags": [{"n": "c"}]}],
    }
    fields = {
        "time": "dates/kind=Valid/date",
        "keywords": "groups/*/tags/*/n",
        "title": "groups/0/tags/n=b/n",
    }
    (product,) = _read({"results": [record]}, fields=fields).products
    assert product.time.isoformat() == "2024-06-04T00:00:00Z/2024-06-05T23:59:59.999999Z"
    assert product.properties["keywords"] == ("a", "b", "c")
    assert product.title == "b"
    none = _read({"results": [record]}, fields={"time": "dates/kind=Other/date", "title": "id/x=y"}).products[
        0
    ]
    assert (none.time.isoformat(), none.title, none.problems) == ("../..", "", ())


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (
            "2024-06-04/2024-06-05",
            "2024-06-04/2024-06-05",
            "2024-06-04T00:00:00Z/2024-06-05T23:59:59.999999Z",
        ),
        (1717459200, 1717459200000, "2024-06-04T00:00:00Z"),
        ("2024", "2024", "2024-01-01T00:00:00Z/2024-12-31T23:59:59.999999Z"),
        ("2024-2", "2024-2", "2024-02-01T00:00:00Z/2024-02-29T23:59:59.999999Z"),
        ("2024-6-4", None, "2024-06-04T00:00:00Z/.."),
        (2024, 2025, "2024-01-01T00:00:00Z/2025-12-31T23:59:59.999999Z"),
        ("2024-06-04 10:00:00", "", "2024-06-04T10:00:00Z/.."),
        ("unknown", "2024-06-04", "../2024-06-04T23:59:59.999999Z"),
        (True, [], "../.."),
    ],
)
def test_times(start: Any, end: Any, expected: str):
    """As numbers since 1970, as years and months, without a zone; what is none is noted."""
    fields = {"start": "a", "end": "b"}
    (product,) = _read({"results": [{"id": 1, "a": start, "b": end}]}, fields=fields).products
    assert product.time.isoformat() == expected


def test_layout_is_checked():
    """With what was probably meant."""
    with pytest.raises(BadConfiguration, match="layout: unknown name 'entry', did you mean entries"):
        _read({}, layout={"entry": "x"})


# --- going on


def _after(document: Any, *, start: str = "1", **said: Any) -> str:
    template = said.get("template", BY_START)
    name = "page" if template == BY_PAGE else "start"
    request = Request(url="https://x.example/api/products", params={name: start, "size": "2"})
    found = _read(document, request, **said).next
    return "" if found is None else found.url + "?" + "&".join(f"{k}={v}" for k, v in found.params.items())


def test_ways_on():
    """A link, a number, the id of the last entry, or counted on."""
    two = [{"id": "a"}, {"id": "b"}]
    link = {"layout": {"entries": "results", "next": "paging/next"}}
    assert _after({"results": two, "paging": {"next": "/api/products?p=2"}}, **link).startswith(
        "https://x.example/api/products?p=2"
    )
    assert _after({"results": two, "paging": {"next": None}}, **link) == ""
    number = {"layout": {"entries": "results", "next": "nextStart"}}
    assert "start=3" in _after({"results": two, "nextStart": 3}, **number)
    assert _after({"results": two, "nextStart": -1}, **number) == ""
    after = {"layout": {"entries": "results", "after": "after"}}
    assert "after=b" in _after({"results": two}, **after)
    assert _after({"results": []}, **after) == ""
    assert "start=3" in _after({"results": two})
    assert "page=2" in _after({"results": two}, template=BY_PAGE)
    total = {"layout": {"entries": "results", "total": "n"}}
    assert _after({"results": two, "n": 2}, **total) == ""
    assert "start=3" in _after({"results": two, "n": 3}, **total)


def test_questions_in_json():
    """Where the file says so: names of parameters are paths, numbers are numbers; it is counted on there."""
    template = (
        "/search?name={eo:parentIdentifier}&filter/time/start={time:start?}&from={startIndex}&n={count}"
    )
    provider = _provider(template=template, method="POST")
    time = TemporalExtent.parse("2024-06-01T00:00:00Z/..")
    request = JSON.first_request(provider, Query(collections=("ours",), time=time))
    assert (request.method, request.params) == ("POST", {})
    expected = {"name": "ours", "filter": {"time": {"start": "2024-06-01T00:00:00Z"}}, "from": 1, "n": 2}
    assert request.body == expected
    document = json.dumps({"results": [{"id": 1}, {"id": 2}]}).encode()
    found = JSON.read(provider, Response(200, {}, document, request.url), request).next
    assert found is not None
    assert (found.method, found.params, found.body) == ("POST", {}, expected | {"from": 3})
    assert found.about == "ours"


def test_a_number_of_a_saved_answer_leads_nowhere():
    """It is not known what was asked."""
    assert _read({"results": [{"id": 1}], "n": 3}, layout={"entries": "results", "next": "n"}).next is None


def test_harvest_of_pages():
    """All pages of a local server, with the time asked and the fixed parameters in each request."""

    def serving(handler: Handler) -> None:
        said = parse_qs(urlsplit(handler.server.seen.calls[-1].path).query)
        begin = int(said["start"][0])
        found = [{"id": f"p{n}"} for n in range(begin, min(begin + 2, 6))]
        handler.answer({"results": found, "total": 5, "key": said["key"]})

    with serve({"/api/products": serving}) as server:
        provider = _provider(
            url=f"{server.url}/api", parameters={"key": "k"}, layout={"entries": "results", "total": "total"}
        )
        client = HttpClient(allowed_private_hosts=[server.host], limits=Limits(attempts=1))
        time = TemporalExtent.parse("2024-06-01T00:00:00Z/2024-06-02T00:00:00Z")
        pages = list(RemoteCatalogue(provider, client.send).pages(Query(collections=("ours",), time=time)))
    assert [product.id for page in pages for product in page.products] == [f"p{n}" for n in range(1, 6)]
    assert all("key=k" in call.path and "from=2024-06-01" in call.path for call in server.calls)
