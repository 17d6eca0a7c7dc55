"""OpenSearch over HTTP: documents, searches, pages, errors; the clients of the original hub."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree

from ckanext.nextgeoss.harvesters.protocols.description import read_description
from ckanext.nextgeoss.http import Response
from ckanext.nextgeoss.search import catalogue as catalogues
from ckanext.nextgeoss.search.solr import SolrClient, SolrError
from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.opensearch import (
    ATOM,
    DC,
    EVERYTHING,
    OS,
    OSDD,
    OWS,
    Hub,
    identifiers,
    links,
    names_of,
    options,
    total,
)

APIS = Path(__file__).parents[4] / "docs" / "apis.md"


@pytest.fixture(scope="module")
def hub(site: Any, catalogue: Catalogue) -> Hub:
    catalogues._domains.cache_clear()
    return Hub(site, catalogue)


# searches


@pytest.mark.parametrize(
    ("params", "kinds"),
    [
        ({}, EVERYTHING),
        ({"bbox": "10.5,60.5,10.6,60.6"}, ["north"]),
        ({"bbox": "179,-20,-179,-15"}, ["across"]),
        ({"bbox": "0,0,1,1"}, []),
        ({"geom": "point(10.5 60.5)"}, ["north"]),
        ({"bbox": "9,59,12,62", "relation": "contains"}, ["north"]),
        ({"bbox": "10.2,60.2,10.3,60.3", "relation": "contains"}, []),
        ({"bbox": "10.2,60.2,10.3,60.3", "relation": "within"}, ["north"]),
        ({"bbox": "10.2,60.2,10.3,60.3", "relation": "disjoint"}, ["across", "arctic", "south"]),
        ({"lat": "60.5", "lon": "10.5", "radius": "1000"}, ["north"]),
        ({"lat": "-17.5", "lon": "179.9"}, ["across"]),
        ({"name": "no such place at all"}, []),
        ({"start": "2024-05-01", "end": "2024-05-01"}, EVERYTHING),
        ({"end": "2024-04-30"}, []),
        ({"start": "2024-05-01T10:00:00Z", "end": "2024-05-01T10:00:25Z", "timeRelation": "equals"},
         EVERYTHING),
        ({"start": "2024-05-01", "timeRelation": "disjoint"}, []),
        ({"start": "2024-05-01T10:00:05Z", "end": "2024-05-01T10:00:06Z", "timeRelation": "contains"},
         EVERYTHING),
        ({"start": "2024-05-01T10:00:05Z", "timeRelation": "during"}, []),
        ({"cloudCover": "[0,20]"}, ["across", "north"]),
        ({"cloudCover": "]5,12.5]"}, ["north"]),
        ({"cloudCover": "80]"}, ["across", "north", "south"]),
        ({"platform": "sentinel-2b"}, ["south"]),
        ({"platform": "Sentinel-2A"}, ["north"]),
        ({"platform": "{sentinel-2a,sentinel-2b}"}, ["north", "south"]),
        ({"platform": "sputnik-1"}, []),
        ({"{eo}processingLevel": "L2A"}, ["north"]),
        ({"access": "online"}, ["north", "south"]),
        ({"unheard": "of", "bbox": ""}, EVERYTHING),
    ],
)  # fmt: skip
def test_what_is_found(hub: Hub, params: dict[str, str], kinds: tuple[str, ...]) -> None:
    assert hub.kinds(**params) == list(kinds)


def test_the_order_is_that_of_the_sort_keys(hub: Hub) -> None:
    clouds = [hub.id(kind) for kind in ("across", "north", "south")]
    found = [each for each in identifiers(hub.found(sortKeys="cloudCover,,1")) if each in clouds]
    assert found == clouds
    found = identifiers(hub.found(sortKeys="cloudCover,,0"))
    assert found[:3] == clouds[::-1]


def test_private_products_are_for_those_who_may_see_them(hub: Hub) -> None:
    path, collection = "/opensearch/search.atom", hub.catalogue.collection
    assert total(hub.found()) == 4
    assert total(hub.atom(path, parentIdentifier=collection, token=hub.catalogue.token)) == 5
    assert total(hub.atom(path, parentIdentifier=collection, token=hub.catalogue.stranger)) == 4
    hub.get(path, 404, uid=hub.id("private"))


def test_facets_count_what_is_found(hub: Hub) -> None:
    text = hub.get(
        "/opensearch/search.atom",
        parentIdentifier=hub.catalogue.collection,
        facetLimit="platform:1",
        facetSort="alphanumeric",
    ).get_data(as_text=True)
    assert "<sru-facets:actualTerm>sentinel-2a</sru-facets:actualTerm>" in text
    assert "sentinel-2b" not in text.partition("facetedResults")[2].partition("facetedResults")[0]
    feed = etree.fromstring(text.encode())
    (address,) = feed.iterfind(".//{*}requestUrl")
    assert identifiers(hub.atom(address.text)) == [hub.id("north")]


# pages


def test_pages_lead_to_one_another(hub: Hub) -> None:
    feed, seen = hub.found(count=1), []
    while True:
        seen += identifiers(feed)
        leads = links(feed)
        assert int(feed.findtext(f"{OS}startIndex")) == len(seen)
        assert ("previous" in leads) == (len(seen) > 1)
        if "next" not in leads:
            break
        asked = parse_qs(urlsplit(leads["next"]).query)
        assert asked["startIndex"] == [str(len(seen) + 1)]
        assert "cursor" in asked
        feed = hub.atom(leads["next"])
    assert sorted(seen) == sorted(hub.id(kind) for kind in EVERYTHING)
    assert identifiers(hub.atom(links(feed)["previous"])) == [seen[2]]
    assert identifiers(hub.atom(links(feed)["first"])) == [seen[0]]
    assert identifiers(hub.atom(links(feed)["last"])) == [seen[3]]
    assert identifiers(hub.found(count=1, startIndex=3)) == [seen[2]]
    assert identifiers(hub.found(count=1, startPage=3)) == [seen[2]]


def test_no_results_have_no_pages(hub: Hub) -> None:
    feed = hub.found(q="nothinglikethisanywhere")
    assert (total(feed), feed.findtext(f"{OS}itemsPerPage")) == (0, "0")
    assert not {"first", "previous", "next", "last"} & links(feed).keys()


def test_count_zero_tells_the_total(hub: Hub) -> None:
    feed = hub.found(count=0)
    assert (total(feed), identifiers(feed), feed.findtext(f"{OS}itemsPerPage")) == (4, [], "0")


def test_a_cursor_of_another_make_is_named(hub: Hub) -> None:
    assert b"cursor" in hub.get("/opensearch/search.atom", 400, cursor="<script>").get_data()


def test_who_asks_is_in_no_link(hub: Hub) -> None:
    text = hub.get("/opensearch/search.atom", clientId="gs-service", count=1).get_data(as_text=True)
    assert "gs-service" not in text


# errors


@pytest.mark.parametrize(
    ("path", "params", "status", "locator"),
    [
        ("search.atom", {"bbox": "514432,5429689,529130,5451619"}, 400, "bbox"),
        ("search.atom", {"count": "1001"}, 400, "count"),
        ("search.rss", {"rows": "-1"}, 400, "rows"),
        ("collection_search.atom", {"start": "2020-02-01", "end": "2020-01-01"}, 400, "end"),
        ("search.atom", {"uid": "nobody-has-this"}, 404, "product"),
        ("collection_search.atom", {"uid": "nobody-has-this"}, 404, "collection"),
        ("description.xml", {"osdd": "nobody-has-this"}, 404, "collection"),
    ],
)
def test_errors_are_exception_reports(
    hub: Hub, path: str, params: dict[str, str], status: int, locator: str
) -> None:
    answer = hub.get(f"/opensearch/{path}", status, **params)
    assert answer.content_type.startswith("application/xml")
    exception = etree.fromstring(answer.get_data()).find(f"{OWS}Exception")
    assert exception.get("locator") == locator
    assert list(params.values())[-1] in exception.findtext(f"{OWS}ExceptionText")


@pytest.mark.parametrize("path", ["search.json", "products", "collections", "collections/x/products"])
def test_errors_of_json_are_exceptions_of_17_047(hub: Hub, path: str) -> None:
    answer = hub.get(f"/opensearch/{path}", 400, bbox="a")
    assert answer.content_type == "application/json"
    (exception,) = answer.json["exceptions"]
    assert (answer.json["type"], exception["locator"]) == ("Exception", "bbox")
    assert exception["exceptionCode"] == "InvalidParameterValue"
    assert "four numbers" in exception["exceptionText"]


def test_a_page_says_what_is_wrong(hub: Hub) -> None:
    hostile = "<script>alert(1)</script>"
    text = hub.get("/opensearch/search.html", 400, bbox=hostile).get_data(as_text=True)
    assert hostile not in text and "four numbers" in text


# forms


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/atom+xml", "application/atom+xml"),
        ("application/geo+json", "application/geo+json"),
        ("application/json", "application/geo+json"),
        ("application/rss+xml", "application/rss+xml"),
        ("*/*", "application/atom+xml"),
        ("", "application/atom+xml"),
    ],
)
def test_a_search_without_ending_is_negotiated(hub: Hub, accept: str, media_type: str) -> None:
    for path in ("search", "collection_search"):
        answer = hub.get(f"/opensearch/{path}", accept=accept, count=1)
        assert answer.content_type.startswith(media_type)


def test_a_browser_is_led_to_the_page(hub: Hub) -> None:
    answer = hub.get("/opensearch/search?q=a%20b", 303, accept="text/html,*/*;q=0.8")
    assert answer.location.endswith("/opensearch/search.html?q=a%20b")
    hub.get("/opensearch/search", 406, accept="image/png")
    assert hub.get("/opensearch/search", httpAccept="application/rss+xml").content_type.startswith(
        "application/rss+xml"
    )


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", OSDD),
        ("*/*", OSDD),
        (f"{OSDD},application/xml;q=0.5", OSDD),
        ("application/xml", OSDD),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ],
)
def test_the_entrance_is_a_document_or_help(hub: Hub, accept: str, media_type: str) -> None:
    assert hub.get("/opensearch", accept=accept).content_type.startswith(media_type)


def test_the_entrance_has_nothing_else(hub: Hub) -> None:
    hub.get("/opensearch", 406, accept="image/png")


def test_head_is_answered(hub: Hub) -> None:
    for path in ("description.xml", "search.atom", "search.html"):
        answer = hub.site.test_client().head(f"/opensearch/{path}")
        assert (answer.status_code, answer.get_data()) == (200, b"")


def test_the_same_answer_is_not_sent_twice(hub: Hub) -> None:
    path = f"/opensearch/search.atom?parentIdentifier={hub.catalogue.collection}"
    tag = hub.get(path).headers["ETag"]
    assert hub.site.get(path, headers={"If-None-Match": tag}, status=304).get_data() == b""


def test_pages_for_people(hub: Hub) -> None:
    text = hub.get("/opensearch/search.html", parentIdentifier=hub.catalogue.collection, count=2).get_data(
        as_text=True
    )
    assert '<head profile="http://a9.com/-/spec/opensearch/1.1/">' in text
    assert '<meta name="totalResults" content="4">' in text
    assert f'rel="search" type="{OSDD}"' in text
    assert 'rel="next"' in text
    assert "<script>alert" not in text
    text = hub.get("/opensearch/collection_search.html", uid=hub.catalogue.collection).get_data(as_text=True)
    assert "Collection of Pages" in text


def test_every_page_tells_where_to_search(hub: Hub) -> None:
    for path in ("/", "/dataset/", "/organization/"):
        assert f'rel="search" type="{OSDD}"' in hub.get(path).get_data(as_text=True)


# description documents


def test_the_document_of_a_collection_has_what_its_products_have(hub: Hub) -> None:
    document = hub.described(hub.catalogue.collection)
    offered = names_of(document)
    assert "{eo:parentIdentifier}" not in offered
    assert options(offered["{eo:platform}"]) == {"sentinel-2a", "sentinel-2b"}
    clouds = offered["{eo:cloudCover}"]
    assert (clouds.get("minInclusive"), clouds.get("maxInclusive")) == ("5", "80")
    assert offered["{time:start}"].get("minInclusive") == "2024-05-01T10:00:00Z"
    assert "{eo:orbitNumber}" not in offered
    for url in document.findall(f"{OS}Url[@rel='results']"):
        assert f"parentIdentifier={hub.catalogue.collection}&" in url.get("template")


def test_every_option_finds_something(hub: Hub) -> None:
    for value, parameter in names_of(hub.described(hub.catalogue.collection)).items():
        if value.startswith(("{eo:", "{nextgeoss:")) and value != "{nextgeoss:latest}":
            for option in options(parameter):
                assert total(hub.found(**{parameter.get("name"): option})), (value, option)


def test_a_document_shows_nobody_what_is_not_his(hub: Hub) -> None:
    count = {}
    for who in (hub.catalogue.token, "", hub.catalogue.stranger):
        document = hub.described("dataset", token=who)
        count[who] = len(etree.tostring(document))
    assert count[""] == count[hub.catalogue.stranger]


def test_a_collection_has_its_document_by_each_of_its_names(hub: Hub) -> None:
    document = hub.described(hub.catalogue.collection)
    assert document.findtext(f"{OS}LongName") == "Collection of Pages"
    assert len(document.findtext(f"{OS}ShortName")) <= 16


@pytest.mark.parametrize("osdd", ["collection", "dataset", ""])
def test_our_own_harvester_reads_the_documents(hub: Hub, osdd: str) -> None:
    answer = hub.get("/opensearch/description.xml", osdd=osdd or hub.catalogue.collection)
    read = read_description(
        Response(
            url="http://test.ckan.net/opensearch/description.xml",
            status=200,
            headers={"Content-Type": OSDD},
            body=answer.get_data(),
        )
    )
    search = read.collections() if osdd == "collection" else read.results()
    assert search is not None
    assert {"geo:box", "geo:uid", "time:start", "time:end", "count", "startIndex"} <= search.holes
    assert search.parameters["count"].maximum == "1000"


# collections


def test_the_collection_is_found_by_its_products(hub: Hub) -> None:
    path, collection = "/opensearch/collection_search.atom", hub.catalogue.collection
    assert identifiers(hub.atom(path, uid=collection)) == [collection]
    assert collection in identifiers(hub.atom(path, bbox="10.5,60.5,10.6,60.6"))
    assert collection not in identifiers(hub.atom(path, bbox="0,0,1,1"))
    assert collection in identifiers(hub.atom(path, platform="sentinel-2b", cloudCover="[70"))
    (entry,) = hub.atom(path, uid=collection).findall(f"{ATOM}entry")
    document = hub.get(links(entry)["search"])
    assert document.content_type.startswith(OSDD)


# what the documents say


EXAMPLES = re.findall(r"^curl -sg? 'http://127.0.0.1:5000(/opensearch[^']*)'$", APIS.read_text("utf-8"), re.M)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_in_the_documents_are_answered(hub: Hub, example: str) -> None:
    answer = hub.get(example.replace("sentinel-2-l2a", hub.catalogue.collection))
    assert answer.get_data()


def test_the_documents_have_examples() -> None:
    assert len(EXAMPLES) >= 7


# clients of the original


def test_geo_dab_harvests_collections_and_searches_products(hub: Hub) -> None:
    """The accessor of the GEO Discovery and Access Broker."""
    path, collection = "/opensearch/collection_search.atom", hub.catalogue.collection
    feed = hub.atom(path, start=1, maximumRecords=1)
    assert total(feed) >= 1 and len(identifiers(feed)) == 1
    assert len(identifiers(hub.atom(path))) == total(feed)
    feed = hub.atom(
        productType=collection, rows=10, timerange_start="2024-05-01T00:00:00Z",
        timerange_end="2024-05-02T00:00:00Z", bbox="9,59,12,62", page=1, clientId="gs-service", q="",
    )  # fmt: skip
    assert identifiers(feed) == [hub.id("north")]
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext("{http://www.georss.org/georss}*") or entry.find(
        "{http://www.georss.org/georss}polygon"
    )
    assert entry.findtext(f"{DC}date") == "2024-05-01T10:00:00Z/2024-05-01T10:00:25Z"
    assert links(entry)["enclosure"] == "https://data.example.org/product.zip"
    assert "example.com" not in etree.tostring(feed).decode()
    for name in ("title", "published", "updated", "content"):
        assert entry.findtext(f"{ATOM}{name}")


def test_terradue_client_asks_by_qualified_names(hub: Hub) -> None:
    """DotNetOpenSearch: description document, then searches with qualified parameters."""
    document = hub.described(hub.catalogue.collection)
    template = document.find(f"{OS}Url[@type='application/atom+xml']").get("template")
    base = template.partition("?")[0]
    feed = hub.atom(base, **{
        "parentIdentifier": hub.catalogue.collection, "{geo}uid": hub.id("north"),
        "{geo}box": "9,59,12,62", "{time}start": "2024-05-01", "{time}end": "2024-05-01", "{os}count": 20,
    })  # fmt: skip
    assert identifiers(feed) == [hub.id("north")]
    assert hub.atom().findtext(f"{OS}itemsPerPage") == str(min(20, total(hub.atom())))


def test_workflows_find_the_one_product_of_a_self_link(hub: Hub) -> None:
    """The processing services of the pilots split the self link of an entry and ask the document for it."""
    (entry,) = hub.found(uid=hub.id("north")).findall(f"{ATOM}entry")
    address = links(entry)["self"]
    parameters = parse_qs(urlsplit(address).query)
    assert all(len(values) == 1 for values in parameters.values())
    found = hub.atom(urlsplit(address).path, **{name: values[0] for name, values in parameters.items()})
    assert identifiers(found) == [hub.id("north")]
    (entry,) = found.findall(f"{ATOM}entry")
    assert links(entry)["enclosure"] == "https://data.example.org/product.zip"
    old = hub.atom(productType=hub.catalogue.collection, identifier=hub.id("north"))
    assert identifiers(old) == [hub.id("north")]


# when something is amiss


def test_without_solr_each_says_so_in_its_form(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> Any:
        raise SolrError("away")

    monkeypatch.setattr(SolrClient, "select", away)
    catalogues._domains.cache_clear()
    answer = hub.get("/opensearch/search.atom", 503)
    assert "ExceptionReport" in answer.get_data(as_text=True) and answer.headers["Retry-After"]
    for path in ("/opensearch/search.html", "/opensearch"):
        text = hub.get(path, 503, accept="text/html").get_data(as_text=True)
        assert "not available" in text
    catalogues._domains.cache_clear()


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{!xmlparser v='<!DOCTYPE a SYSTEM \"http://127.0.0.1/x\"><a></a>'}",
    "*:* OR _query_:\"{!func}1\"",
    "a' OR '1'='1",
    "x\x00y\u202e\U0001f600",
    "a" * 5000,
    "[* TO *]",
    "eo_platform:*",
    "${7777*7777} {{7777*7777}}",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("suffix", ["atom", "rss", "json", "html"])
def test_hostile_texts_do_nothing(hub: Hub, text: str, suffix: str) -> None:
    names = ("q", "uid", "platform", "name", "parentIdentifier", "productType", "classifiedAs", "sortKeys",
             "cursor", "geometry", "bbox", "start", "count", "facetLimit", "osdd", "topic")  # fmt: skip
    for name in names:
        answer = hub.site.test_client().get(f"/opensearch/search.{suffix}", query_string={name: text})
        assert answer.status_code in (200, 400, 404), name
        body = answer.get_data(as_text=True)
        if suffix == "html":
            assert "<script>alert" not in body and "<img src=x" not in body
        elif suffix == "json":
            assert answer.json
        else:
            etree.fromstring(answer.get_data())
        if answer.status_code == 200 and name in ("q", "uid", "platform", "parentIdentifier", "topic"):
            assert b"PRODUCT_NORTH" not in answer.get_data(), name
