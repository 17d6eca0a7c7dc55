"""Texts that would mean something to Solr, XML, HTML or SQL, through every parameter of every API: no server
error, nothing found that should not be, nothing of it in the answer that a program would take for its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.eo.xml import parse_xml
from ckanext.nextgeoss.search.opensearch_parameters import parameter_table
from ckanext.nextgeoss.search.terms import TERMS
from ckanext.nextgeoss.tests.indexed import indexed

TAG = uuid4().hex[:8]
OPEN, SECRET = f"open-{TAG}", f"secret-{TAG}"
CORPUS = (
    # Solr: operators, local parameters, other queries, functions, ranges, ends of what is quoted
    "*:*", "[* TO *]", '") OR (*:*', '" OR "x', "x) OR (site_id:*", "{!func}1", "{!join from=id to=id}*:*",
    '_query_:"{!lucene}*:*"', "-x", "x~2", "a && b || !c", "\\", "permission_labels:*", "x AND NOT y",
    "{!xmlparser v='<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/x\"><a></a>'}",
    # XML and HTML
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "]]></content><x/>", "&xxe;", "<!--",
    '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
    # SQL, templates, paths, addresses, control characters, long texts
    "'; DROP TABLE package; --", "{{7*7}}", "../../etc/passwd", "javascript:alert(1)", "a\r\nX-Evil: 1",
    "\x00", "\x0b", "\ufffe", "x" * 5000,
)  # fmt: skip
# one of each kind, for parameters of which others are read by the same code
FEW = CORPUS[:3] + tuple(text for text in CORPUS if text[0] in "{_<\x00\x0b\ufffe")
MUCH = ("q", "platform", "ids", "query", "osdd", "id", "ext_platform", "geometry", "filter", "type", "")
STAC = (
    "limit", "bbox", "intersects", "datetime", "ids", "collections", "fields", "sortby", "query", "q",
    "token", "filter",
)  # fmt: skip
# rows of one type are read by the same code
ROWS = {row.type: row.name for row in load_properties().values()}
PLATFORM = {"property": "platform"}
FEATURES, RECORDS = f"/features/collections/{OPEN}/items", f"/records/collections/{OPEN}/items"
# a place for a text in a filter: in a literal, in a name, in a time, in a geometry
TEXTS = (
    "platform = '{}'", "platform < '{}'", "platform BETWEEN '{}' AND 'z'", "platform LIKE '{}'",
    "platform IN ('{}')", "CASEI(platform) <= ACCENTI('{}')", "A_OVERLAPS(keywords, ('{}'))", '"{}" = 1',
    "start > TIMESTAMP('{}')",
    "S_INTERSECTS(geometry, {})", "NOT platform = '{}'",
)  # fmt: skip
FILTERS = (
    {"op": "=", "args": [PLATFORM, "{}"]},
    {"op": ">=", "args": [PLATFORM, "{}"]},
    {"op": "like", "args": [PLATFORM, "{}"]},
    {"op": "<", "args": [{"op": "casei", "args": [PLATFORM]}, "{}"]},
    {"op": "like", "args": [{"op": "accenti", "args": [PLATFORM]}, {"op": "accenti", "args": ["{}"]}]},
    {"op": "a_containedBy", "args": [{"property": "keywords"}, ["{}"]]},
    {"op": "{}", "args": [PLATFORM, "x"]},
    {"op": "=", "args": [{"property": "{}"}, "x"]},
    {"op": "s_within", "args": [{"property": "geometry"}, {"type": "{}", "coordinates": ["{}"]}]},
    {"op": "t_after", "args": [{"property": "datetime"}, {"timestamp": "{}"}]},
    {"op": "t_during", "args": [{"property": "datetime"}, {"interval": ["{}", ".."]}]},
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def catalogue(plugins: None) -> Iterator[None]:
    """One product that everybody may see, one that nobody may."""

    def product(name: str) -> Product:
        return Product(
            id=name,
            collection=name,
            title=name,
            time=TemporalExtent.parse("2024-05-01"),
            properties={"platform": name, "cloud_cover": 5.0},
            assets=(Asset(key="data", href=f"https://data.example/{name}.zip", roles=("data",)),),
        )

    with indexed([product(OPEN)]), indexed([product(SECRET)], ("nobody",)):
        yield


def gets() -> Iterator[tuple[str, str]]:
    """Path and parameter of all that is asked by GET; what stands in a path is `{}`."""
    rows = tuple(name for name in load_properties() if name not in ROWS.values())
    for parameter in parameter_table(load_properties()).parameters:
        if parameter.term not in rows:
            yield "/opensearch/search.json", parameter.url
    for name in ("q", "uid", "platform", "geometry", "name", "sortKeys"):
        for form in ("search.atom", "search.rss", "search.html", "collection_search.atom"):
            yield f"/opensearch/{form}", name
    yield "/opensearch/description.xml", "osdd"
    yield "/opensearch/collections/{}/products", ""
    for name in STAC:
        yield "/stac/search", name
        yield "/stac/collections", name
    for path in ("", "/items", "/items/x", "/queryables"):
        yield "/stac/collections/{}" + path, ""
    yield f"/stac/collections/{OPEN}/items/{{}}", ""
    for name in ("filter", "filter-lang", "filter-crs", "bbox", "bbox-crs", "crs", "datetime", "sortby",
                 "token", "limit", "f", *TERMS, *ROWS.values(), "platform"):  # fmt: skip
        yield FEATURES, name
    for name in ("q", "ids", "type", "externalIds", "bbox", "datetime", "sortby", "token", "limit", "f"):
        yield RECORDS, name
    for api in ("features", "records"):
        yield f"/{api}/collections/{OPEN}/items/{{}}", ""
        yield f"/{api}/collections/{{}}/items", ""
    for name in (*TERMS, *ROWS.values(), "q", "bbox", "geometry", "relation", "sort", "facets", "cursor"):
        yield "/api/3/action/product_search", name
    for form in ("csv", "geojson", "txt", "meta4"):
        yield f"/export/products.{form}", "platform"
    yield "/api/3/action/product_show", "id"
    yield "/api/3/action/collection_list", "q"
    yield "/api/3/action/collection_show", "id"
    yield "/api/3/action/package_search", "ext_platform"
    yield "/dataset/", "q"
    yield "/dataset/", "platform"
    yield "/dhus/search", "q"
    yield "/dhus/odata/v1/Products('{}')", ""


PLACES = sorted(set(gets()))


def posts() -> Iterator[tuple[str, str, Any]]:
    """Path, member and a shape that a text is put into, of all that is asked by POST."""
    for name in STAC:
        yield "/stac/search", name, "{}"
    for name in ("ids", "collections", "q", "sortby"):
        yield "/stac/search", name, ["{}"]
    yield "/stac/search", "query", {"platform": {"eq": "{}"}}
    yield "/stac/search", "query", {"platform": {"startsWith": "{}"}}
    yield "/stac/search", "query", {"{}": {"eq": 1}}
    yield "/stac/search", "sortby", [{"field": "{}", "direction": "asc"}]
    yield "/stac/search", "intersects", {"type": "{}", "coordinates": "{}"}
    yield "/api/3/action/product_search", "platform", ["{}"]
    yield "/api/3/action/product_resolve", "ids", ["{}"]
    yield "/api/3/action/package_search", "extras", {"ext_platform": "{}"}


def check(answer: Any, text: str, where: str) -> None:
    """No server error; well-formed; the hidden product is nowhere; markup stays text."""
    told = f"{where} with {text[:60]!r}: {answer.status_code}"
    assert answer.status_code < 500, told
    assert "X-Evil" not in answer.headers, told
    body = answer.get_data()
    kind = answer.headers.get("Content-Type", "")
    found = body.decode("utf-8", "replace")
    assert SECRET not in found.replace(text, ""), told
    if answer.status_code in (301, 302, 303, 307, 308) or not body:
        return
    if "json" in kind:
        json.loads(body)
    elif "xml" in kind or "metalink" in kind:
        parse_xml(body)
    elif "html" in kind:
        assert "<script>alert" not in found and "<img src=x" not in found, told


@pytest.mark.parametrize(("path", "name"), PLACES, ids=[f"{path}?{name}" for path, name in PLACES])
def test_by_get(app: Any, path: str, name: str) -> None:
    for text in CORPUS if name in MUCH else FEW:
        address = path.replace("{}", quote(text, safe=""))
        asked = {name: text} if name else {}
        answer = app.get(address, query_string=asked, follow_redirects=False)
        check(answer, text, f"{path}?{name}")


@pytest.mark.parametrize(("path", "name", "shape"), list(posts()), ids=str)
def test_by_post(app: Any, path: str, name: str, shape: Any) -> None:
    for text in CORPUS:
        quoted = json.dumps(text)[1:-1]
        body = json.dumps({name: shape}).replace("{}", quoted)
        answer = app.post(path, data=body, headers={"Content-Type": "application/json"})
        check(answer, text, f"{path} {name}")


@pytest.mark.parametrize("shape", TEXTS)
def test_in_filters_of_text(app: Any, shape: str) -> None:
    """As part of a filter: as it is, and as a literal that says it."""
    for text in CORPUS:
        for said in (text, text.replace("'", "''")):
            asked = {"filter": shape.replace("{}", said), "filter-lang": "cql2-text"}
            for path in ("/stac/search", FEATURES):
                check(app.get(path, query_string=asked), text, f"{path} {shape}")


@pytest.mark.parametrize("shape", FILTERS, ids=lambda shape: json.dumps(shape)[:60])
def test_in_filters_of_json(app: Any, shape: Any) -> None:
    for text in CORPUS:
        written = json.dumps(shape).replace("{}", json.dumps(text)[1:-1])
        asked = {"filter": written, "filter-lang": "cql2-json"}
        check(app.get(FEATURES, query_string=asked), text, f"{FEATURES} {written[:80]}")
        for body in (f'{{"filter": {written}}}', json.dumps({"filter": written})):
            answer = app.post("/stac/search", data=body, headers={"Content-Type": "application/json"})
            check(answer, text, f"/stac/search {written[:80]}")


# a blank value is none
@pytest.mark.parametrize("text", [text for text in CORPUS if text.strip()])
def test_a_text_that_is_nobodys_platform_finds_nothing(app: Any, text: str) -> None:
    asked = [
        app.get("/opensearch/search.json", query_string={"platform": text}),
        app.post("/stac/search", json={"query": {"platform": {"eq": text}}}),
        app.post("/stac/search", json={"query": {"platform": {"contains": text}}}),
        app.post("/stac/search", json={"ids": [text]}),
        app.post("/stac/search", json={"collections": [text]}),
        *(app.post("/stac/search", json={"filter": {"op": op, "args": [own, text]}})
          for op in ("=", "like") for own in (PLATFORM, {"op": "casei", "args": [PLATFORM]})),
        app.get(FEATURES, query_string={"platform": text}),
        app.get(FEATURES, query_string={"id": text}),
        app.get(RECORDS, query_string={"ids": text}),
        app.get(RECORDS, query_string={"type": text}),
    ]  # fmt: skip
    for answer in asked:
        document = answer.json
        assert answer.status_code == 400 or not document.get("features"), document
    answer = app.post("/api/3/action/product_search", json={"platform": text})
    assert answer.status_code == 409 or not answer.json["result"]["results"]
