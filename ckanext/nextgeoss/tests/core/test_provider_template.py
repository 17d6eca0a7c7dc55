"""Searches by template: what is asked, in parameters of their own and in clauses, and how it goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer, BadConfiguration, BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.protocols import Answer, protocol
from ckanext.nextgeoss.harvesters.protocols.template import Template
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.http import Request, Response

URL = "https://search.example.org/api"
TEMPLATE = (
    "/{eo:parentIdentifier}/search?start={time:start?}&end={time:end?}&box={geo:box?}&geom={geo:geometry?}"
    "&q={searchTerms?}&uid={geo:uid?}&cloud={eo:cloudCover?}&from={startIndex}&size={count}&fixed=yes"
)
JUNE = TemporalExtent.parse("2024-06-01T00:00:00Z/2024-06-30T00:00:00Z")
BOX = Footprint.from_bbox(10, 45, 20, 50)


def _provider(profile: str = "opensearch", **said: object) -> Provider:
    about: dict[str, object] = {"title": "X", "organization": "x", "url": URL, "profile": profile}
    about |= {"template": TEMPLATE} if profile == "opensearch" else {}
    rule = {"ids": "theirs", "where": {"productType": "A"}}
    return provider_from_mapping("x", about | {"collections": {"ours": rule, "more": "other"}} | said, "x")


def _asked(query: Query, profile: str = "opensearch", **said: object) -> Request:
    provider = _provider(profile, **said)
    return protocol(provider.protocol).first_request(provider, query)


# --- parameters


def test_parameters():
    """Each part of a query stands in its hole, the conditions of the collection beside them."""
    query = Query(
        collections=("ours",),
        time=JUNE,
        footprint=BOX,
        words="flood & fire",
        ids=("P1",),
        conditions=(Condition("cloud_cover", "<=", 20.0),),
    )
    request = _asked(query, page_size=50)
    assert (request.method, request.url, request.about) == ("GET", f"{URL}/theirs/search", "ours")
    assert request.params == {
        "start": "2024-06-01T00:00:00Z",
        "end": "2024-06-30T00:00:00Z",
        "box": "10.0,45.0,20.0,50.0",
        "q": "flood & fire",
        "uid": "P1",
        "cloud": "20]",
        "from": "1",
        "size": "50",
        "fixed": "yes",
        "productType": "A",
    }


def test_what_is_not_asked_is_left_out():
    """A parameter whose optional hole stays empty is no parameter."""
    request = _asked(Query(collections=("more",)))
    assert request.params == {"from": "1", "size": "100", "fixed": "yes"}


def test_names_in_the_path_are_quoted():
    """Nothing in a name leads elsewhere."""
    request = _asked(Query(collections=("../admin?x=1",)))
    assert request.url == f"{URL}/..%2Fadmin%3Fx%3D1/search"


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Condition("cloud_cover", "=", 5.0), "5"),
        (Condition("cloud_cover", "<", 5.0), "5["),
        (Condition("cloud_cover", ">=", 5.0), "[5"),
        (Condition("cloud_cover", ">", 5.5), "]5.5"),
        (Condition("cloud_cover", "between", (1.0, 5.0)), "[1,5]"),
    ],
)
def test_ranges(condition: Condition, said: str):
    """As OGC 13-026 writes them."""
    assert _asked(Query(collections=("more",), conditions=(condition,))).params["cloud"] == said


def test_area_across_the_antimeridian():
    """West greater than east, as OGC 10-032 has it; another shape goes as WKT."""
    query = Query(collections=("more",), footprint=Footprint.from_bbox(170, -20, -170, 10))
    assert _asked(query).params["box"] == "170.0,-20.0,-170.0,10.0"
    triangle = Footprint.from_wkt("POLYGON ((0 0, 10 0, 5 10, 0 0))")
    asked = _asked(Query(collections=("more",), footprint=triangle)).params
    assert "box" not in asked
    assert asked["geom"].startswith("POLYGON")


@pytest.mark.parametrize(
    ("query", "where"),
    [
        (Query(collections=("ours",), offset=10), "offset"),
        (Query(collections=("ours",), cursor="x"), "cursor"),
        (Query(collections=("ours",), footprint=BOX, relation="within"), "relation"),
        (Query(collections=("ours",), ids=("a", "b")), "ids"),
        (Query(collections=("ours",), conditions=(Condition("snow_cover", "=", 1.0),)), "eo:snowCover"),
        (
            Query(collections=("ours",), conditions=(Condition("cloud_cover", "in", (1.0, 2.0)),)),
            "cloud_cover",
        ),
        (Query(), "eo:parentIdentifier"),
    ],
)
def test_what_cannot_be_asked(query: Query, where: str):
    """A wider answer would pass for the right one, so it is refused."""
    with pytest.raises(BadValue, match=where):
        _asked(query)


def test_area_that_a_template_has_no_hole_for():
    """A box is all that some services take."""
    only_box = "/search?c={eo:parentIdentifier}&box={geo:box?}&size={count}"
    triangle = Footprint.from_wkt("POLYGON ((0 0, 10 0, 5 10, 0 0))")
    with pytest.raises(BadValue, match="a box, the only area"):
        _asked(Query(collections=("more",), footprint=triangle), template=only_box)
    with pytest.raises(BadValue, match="time:start"):
        _asked(Query(collections=("more",), time=JUNE), template=only_box)


def test_configuration():
    """A provider file without template, and a condition that parameters cannot say, are told."""
    with pytest.raises(BadConfiguration, match="template must be given"):
        _asked(Query(collections=("ours",)), template="")
    rules = {"ours": {"ids": "theirs", "where": {"type": ["A", "B"]}}}
    with pytest.raises(BadConfiguration, match="one value can be asked, not 2"):
        _asked(Query(collections=("ours",)), collections=rules)


def test_value_in_an_address():
    """What was asked is read from an address again, in the path and among the parameters."""
    in_path = Template(f"{URL}/{{eo:parentIdentifier}}/search?size={{count}}")
    address = "https://search.example.org:443//api/sentinel%201/search?size=7"
    assert in_path.value("eo:parentIdentifier", address) == "sentinel 1"
    assert in_path.value("count", address) == "7"
    assert in_path.value("eo:parentIdentifier", "https://search.example.org/elsewhere") == ""
    assert in_path.value("geo:box", address) == ""


# --- clauses


def test_clauses_of_dhus():
    """All conditions in the language of Solr, in one parameter."""
    query = Query(collections=("ours",), time=JUNE, footprint=BOX)
    request = _asked(query, "dhus")
    assert request.url == f"{URL}/search"
    assert request.params["q"] == (
        'platformname:theirs AND productType:"A" AND endposition:[2024-06-01T00:00:00Z TO *] AND '
        "beginposition:[* TO 2024-06-30T00:00:00Z] AND "
        'footprint:"Intersects(POLYGON ((10 45, 20 45, 20 50, 10 50, 10 45)))"'
    )
    assert (request.params["start"], request.params["rows"]) == ("0", "100")


def test_clauses_of_odata():
    """All conditions in $filter, in the order of acquisition, with what is worth having expanded."""
    rules = {"ours": {"ids": "SENTINEL-1", "where": {"productType": ["A", "B"], "mode": "IW"}}}
    query = Query(collections=("ours",), time=JUNE, footprint=BOX)
    request = _asked(query, "odata", collections=rules)
    one = "Attributes/OData.CSC.StringAttribute/any(att:att/Name eq '{}' and {} eq '{}')"
    value = "att/OData.CSC.StringAttribute/Value"
    assert request.url == f"{URL}/Products"
    assert request.params["$filter"] == (
        "Collection/Name eq 'SENTINEL-1' and "
        f"({one.format('productType', value, 'A')} or {one.format('productType', value, 'B')}) and "
        f"{one.format('mode', value, 'IW')} and "
        "ContentDate/End ge 2024-06-01T00:00:00Z and ContentDate/Start le 2024-06-30T00:00:00Z and "
        "OData.CSC.Intersects(area=geography'SRID=4326;POLYGON ((10 45, 20 45, 20 50, 10 50, 10 45))')"
    )
    assert request.params["$orderby"] == "ContentDate/Start asc"
    assert (request.params["$skip"], request.params["$expand"]) == ("0", "Attributes,Assets")


@pytest.mark.parametrize(
    ("profile", "parameter", "identifier", "said"),
    [
        ("dhus", "q", 'a" OR *:* OR "b\\', 'identifier:"a\\" OR *:* OR \\"b\\\\"'),
        ("odata", "$filter", "a' or true or 'b", "Name eq 'a'' or true or ''b'"),
    ],
)
def test_texts_in_clauses_are_quoted(profile: str, parameter: str, identifier: str, said: str):
    """An identifier stays one, whatever is in it."""
    request = _asked(Query(ids=(identifier,)), profile)
    assert request.params[parameter] == said


def test_nothing_asked():
    """Everything, in the language of each."""
    assert _asked(Query(), "dhus").params["q"] == "*"
    assert _asked(Query(), "odata").params["$filter"] == "true"


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("opensearch", {"size": "1", "from": "1"}),
        ("dhus", {"rows": "1", "start": "0"}),
        ("resto", {"maxRecords": "1", "exactCount": "1"}),
        ("odata", {"$top": "1", "$count": "true"}),
    ],
)
def test_count(profile: str, said: dict[str, str]):
    """One product is asked, and the total where it must be asked for; nothing where none is told."""
    provider = _provider(profile)
    request = protocol(provider.protocol).count_request(provider, Query(collections=("ours",)))
    assert request is not None
    assert said.items() <= request.params.items()
    silent = _provider(profile, counts=False)
    assert protocol(silent.protocol).count_request(silent, Query(collections=("ours",))) is None


# --- going on


def _page(number: int, **more: Any) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "geometry": None,
            "properties": {
                "identifier": f"P{n}",
                "parentIdentifier": "theirs",
                "date": "2024-06-01T00:00:00Z",
            },
        }
        for n in range(number)
    ]
    return {"type": "FeatureCollection", "features": features} | more


def _read(provider: Provider, document: object, request: Request | None) -> Answer:
    body = json.dumps(document).encode()
    return protocol(provider.protocol).read(provider, Response(200, {}, body, "page.json"), request)


def _linked(address: str) -> dict[str, Any]:
    return {"properties": {"links": {"next": [{"href": address}]}}}


def test_next_link():
    """The service's own link, with what was asked remembered."""
    provider, asked = _provider(), _asked(Query(collections=("ours",)))
    found = _read(provider, _page(2, **_linked(f"{URL}/theirs/search?token=7")), asked).next
    assert found == Request(url=f"{URL}/theirs/search?token=7", about="ours")


def test_next_link_to_another_host():
    """Some services name a host of their own network there: then it is counted on."""
    provider, asked = _provider(), _asked(Query(collections=("ours",)))
    page = _page(2, totalResults=9, **_linked("http://localhost:8080/search?from=3"))
    found = _read(provider, page, asked).next
    assert found is not None
    assert (found.url, found.params["from"]) == (asked.url, "3")


@pytest.mark.parametrize(
    ("number", "total", "start"),
    [(2, 5, "3"), (2, 2, None), (2, None, "3"), (0, None, None), (0, 9, None), (2, 1, None)],
)
def test_counting_products(number: int, total: int | None, start: str | None):
    """On to the next product until the total, without one until an empty page."""
    provider, asked = _provider(page_size=2), _asked(Query(collections=("ours",)), page_size=2)
    found = _read(provider, _page(number, totalResults=total), asked).next
    assert (found and found.params["from"]) == start


def test_short_page_is_not_the_end():
    """A server may give less at once than was asked: nothing is left out."""
    provider, asked = _provider(page_size=100), _asked(Query(collections=("ours",)))
    found = _read(provider, _page(20), asked).next
    assert found is not None and found.params["from"] == "21"


def test_counting_pages():
    """resto counts pages, from 1; the total of all of them tells the end."""
    provider = _provider("resto", page_size=2)
    asked = _asked(Query(collections=("ours",)), "resto", page_size=2)
    entry = {"title": "P1.SAFE", "collection": "theirs", "startDate": "2024-06-01T00:00:00Z", "links": []}
    feature = {"type": "Feature", "geometry": None, "properties": entry}
    page = {"type": "FeatureCollection", "features": [feature, feature], "properties": {"totalResults": 3}}
    second = _read(provider, page, asked).next
    assert second is not None and second.params["page"] == "2"
    last = page | {"features": [feature]}
    assert _read(provider, last, second).next is None


def test_parameters_in_the_address():
    """A service may stop giving links: its own address is counted on."""
    asked = Request(url=f"{URL}/theirs/search?from=3&size=2", about="ours")
    found = _read(_provider(), _page(2, totalResults=9), asked).next
    assert found == Request(url=f"{URL}/theirs/search?from=5&size=2", about="ours")


# --- OData beyond the reach of $skip


def _entities(first: int, number: int, **more: Any) -> dict[str, Any]:
    products = [
        {
            "Id": str(n),
            "Name": f"P{n}",
            "ContentDate": {"Start": f"2024-06-01T00:00:{n:02}Z", "End": f"2024-06-01T00:00:{n:02}Z"},
        }
        for n in range(first, first + number)
    ]
    return {"value": products} | more


def test_reach():
    """Where counting on ends, the search goes on from the time of the last product, as often as needed."""
    provider = _provider("odata", page_size=2, reach=4)
    asked = _asked(Query(collections=("ours",)), "odata", page_size=2, reach=4)
    link = {"@odata.nextLink": f"{URL}/Products?$skip=2"}
    second = _read(provider, _entities(0, 2, **link), asked).next
    assert second is not None and second.url == f"{URL}/Products?$skip=2"
    third = _read(provider, _entities(2, 2), asked_again(asked, "2")).next
    assert third is not None
    assert third.params["$skip"] == "0"
    assert (
        third.params["$filter"] == asked.params["$filter"] + " and ContentDate/Start ge 2024-06-01T00:00:03Z"
    )
    fourth = _read(provider, _entities(5, 2), asked_again(third, "2")).next
    assert fourth is not None
    assert fourth.params["$filter"].count("ContentDate/Start ge") == 1
    assert fourth.params["$filter"].endswith("ge 2024-06-01T00:00:06Z")


def asked_again(request: Request, skip: str) -> Request:
    """The request for a later page."""
    return Request(url=request.url, params={**request.params, "$skip": skip}, about=request.about)


def test_reach_is_not_met():
    """An end before it is an end."""
    provider = _provider("odata", page_size=2, reach=4)
    asked = _asked(Query(collections=("ours",)), "odata", page_size=2, reach=4)
    assert _read(provider, _entities(2, 1), asked_again(asked, "2")).next is None
    assert _read(provider, _entities(0, 0), asked).next is None


def test_more_at_one_time_than_can_be_reached():
    """It is told, and what to do; nothing is left out in silence."""
    provider = _provider("odata", page_size=2, reach=4)
    asked = _asked(Query(collections=("ours",)), "odata", page_size=2, reach=4)
    later = _read(provider, _entities(2, 2), asked_again(asked, "2")).next
    assert later is not None
    with pytest.raises(BadAnswer, match="more than 4 products that cannot be told apart by time"):
        _read(provider, _entities(2, 2), asked_again(later, "2"))


# --- what is no answer


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "an empty answer"),
        (b"<!DOCTYPE html><html><title>Sign in</title></html>", "HTML (Sign in) instead of an answer"),
        (b" \n<html><body>502</body></html>", "HTML instead of an answer"),
        (b"<errors><error>Too deep</error></errors>", "the provider answered with an error: Too deep"),
        (b'<error><code/><message xml:lang="en">Invalid key</message></error>', "error: Invalid key"),
        (b"<metalink/>", "XML (metalink), not a search answer"),
        (
            b'{"error": {"code": null, "message": {"lang": "en", "value": "Invalid key"}}}',
            "error: Invalid key",
        ),
        (
            b'{"feed": {"error": {"code": "400", "message": "undefined field"}}}',
            "error: 400: undefined field",
        ),
        (b'{"detail": "Could not parse the filter"}', "error: Could not parse the filter"),
        (b'{"a": 1}', "not a search answer; it has: a"),
        (b"[1, 2]", "not a search answer; it has: a JSON list"),
        (b'{"features": [{"id": "a', "JSON that is cut short"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><feed>&a;</feed>', "DTD"),
    ],
)
@pytest.mark.parametrize("profile", ["opensearch", "dhus", "resto", "odata"])
def test_other_documents(profile: str, body: bytes, reason: str):
    """Nothing else is taken for an empty result; the reason says what it is."""
    provider = _provider(profile)
    with pytest.raises(BadAnswer) as caught:
        protocol(provider.protocol).read(provider, Response(200, {}, body, URL), None)
    assert reason in caught.value.reason


def test_feed_that_is_not_well_formed():
    """What can be made out of it is read, with a warning; one without its end is no answer."""
    said = "<identifier>P{}</identifier><parentIdentifier>theirs</parentIdentifier><date>2024-06-01</date>"
    entries = f"<entry>{said.format(1)}<title>R & D</title></entry><entry>{said.format(2)}</entry>"
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()
    provider, asked = _provider(), Request(url=URL, about="ours")
    answer = protocol("opensearch").read(provider, Response(200, {}, body, URL), asked)
    assert [product.id for product in answer.products] == ["P1", "P2"]
    assert "not well-formed XML" in answer.warnings[0]
    with pytest.raises(BadAnswer, match="XML that is cut short"):
        protocol("opensearch").read(provider, Response(200, {}, body[:-60], URL), asked)


def test_records_that_name_no_collection():
    """That of the question is theirs; without a question they are refused with their place."""
    provider = _provider()
    page = _page(1)
    page["features"][0]["properties"].pop("parentIdentifier")
    assert _read(provider, page, Request(url=URL, about="ours")).products[0].collection == "ours"
    answer = _read(provider, page, None)
    assert [(bad.position, bad.reason) for bad in answer.refused] == [(0, "P0 names no collection")]


def test_record_of_another_collection():
    """What a pattern does not fit is not filed under the collection that was asked."""
    rules = {"ours": {"ids": "S", "pattern": "A.*"}, "more": {"ids": "S", "pattern": "P.*"}}
    provider = _provider(collections=rules)
    page = _page(1)
    assert _read(provider, page, Request(url=URL, about="ours")).products[0].collection == "more"
    page["features"][0]["properties"]["identifier"] = "Z"
    assert _read(provider, page, Request(url=URL, about="ours")).products[0].collection == "theirs"
