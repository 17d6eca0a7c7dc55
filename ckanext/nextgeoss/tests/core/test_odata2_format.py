"""OData 2 products of DHuS: the shapes of answers, what is read of them, and how a search goes on."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord
from ckanext.nextgeoss.eo.formats.feed import read_page
from ckanext.nextgeoss.eo.formats.odata import ODATA
from ckanext.nextgeoss.eo.formats.odata2 import ODATA2
from ckanext.nextgeoss.eo.formats.odata2_names import plain_name
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.harvesters.protocols import Answer, protocol
from ckanext.nextgeoss.harvesters.provider_files import load_provider
from ckanext.nextgeoss.harvesters.reading import read_answer
from ckanext.nextgeoss.http import Request, Response
from ckanext.nextgeoss.tests.core.strategies import junk, modest

SAMPLES = Path(__file__).parents[1] / "samples"
NAME = "S1A_EW_GRDM_1SDV_20151121T100356_20151121T100429_008701_00C622_0000"
HREF = "https://dhus.example.org/odata/v1/Products('1')"
GML = (
    '<gml:Polygon xmlns:gml="http://www.opengis.net/gml"><gml:outerBoundaryIs><gml:LinearRing>'
    "<gml:coordinates>44,11 44,12 45,12 44,11</gml:coordinates>"
    "</gml:LinearRing></gml:outerBoundaryIs></gml:Polygon>"
)


def _entity(**more: Any) -> dict[str, Any]:
    return {
        "__metadata": {"type": "DHuS.Product", "uri": HREF, "media_src": f"{HREF}/$value"},
        "Id": "1",
        "Name": NAME,
        "ContentType": "application/octet-stream",
        "ContentLength": "100",
        "CreationDate": "/Date(1448112121652)/",
        "IngestionDate": "/Date(1448112124992)/",
        "ModificationDate": "/Date(1678436807240)/",
        "ContentDate": {"Start": "/Date(1448100236675)/", "End": "/Date(1448100269714)/"},
        "Checksum": {"Algorithm": "MD5", "Value": "0123456789ABCDEF0123456789ABCDEF"},
        "ContentGeometry": GML,
        "Attributes": {"__deferred": {"uri": f"{HREF}/Attributes"}},
    } | more


def _attributes(**said: object) -> dict[str, Any]:
    return {"results": [{"Name": name.replace("_", " "), "Value": value} for name, value in said.items()]}


def _read(**more: Any) -> Product:
    return ODATA2.product(_entity(**more))


def _answer(document: Any, asked: Request | None = None) -> Answer:
    provider = load_provider("dhus_odata")
    body = json.dumps(document).encode()
    return protocol(provider.protocol).read(provider, Response(200, {}, body, provider.url), asked)


@pytest.mark.parametrize(
    ("document", "total"),
    [
        ({"d": _entity()}, None),
        ({"d": {"results": [_entity()], "__count": "12"}}, 12),
        ({"d": [_entity()]}, None),
        (_entity(), None),
        ({"d": [{"Name": NAME, "ContentDate": {"Start": "/Date(1448100236675)/"}}]}, None),
    ],
)
def test_shapes(document: Any, total: int | None):
    """A set of either kind, or a product, in its wrapper or alone; never taken for OData 4."""
    assert ODATA2.recognises(document)
    feed = ODATA2.feed(document, "x")
    assert ([entry["Name"] for entry in feed.entries], feed.total) == ([NAME], total)
    assert [product.id for product in _answer(document).products] == [NAME]


def test_products_of_odata_4_are_none():
    """They have a name and dates too, written otherwise."""
    product = {"Name": NAME, "Id": "1", "ContentDate": {"Start": "2024-06-04T10:15:59.024Z"}}
    assert ODATA.recognises(product) and not ODATA2.recognises(product)
    assert not ODATA2.recognises({"value": [product]})


def test_what_a_product_says_without_its_attributes():
    """Dates, footprint, size and checksum; satellite and mission by its name."""
    product = _read()
    assert (product.id, product.collection, product.problems) == (NAME, "Sentinel-1", ())
    start, end = product.time.start, product.time.end
    assert start and end
    assert (start.isoformat(), end.isoformat()) == (
        "2015-11-21T10:03:56.675000+00:00",
        "2015-11-21T10:04:29.714000+00:00",
    )
    assert product.footprint and product.footprint.bbox == (11, 44, 12, 45)
    assert {name: product.properties[name] for name in ("platform", "constellation")} == {
        "platform": "sentinel-1a",
        "constellation": "sentinel-1",
    }
    dates = {name: str(product.properties[name])[:19] for name in ("ingested", "published", "updated")}
    assert dates == {
        "ingested": "2015-11-21 13:22:04",
        "published": "2015-11-21 13:22:01",
        "updated": "2023-03-10 08:26:47",
    }
    data, metadata = product.assets
    assert (data.href, data.size, data.media_type) == (f"{HREF}/$value", 100, "")
    assert data.checksum == "md5:0123456789abcdef0123456789abcdef"
    assert (metadata.href, metadata.roles) == (f"{HREF}/", ("metadata",))


@pytest.mark.parametrize("wrapped", [True, False])
def test_attributes(wrapped: bool):
    """Their names are sentences; when it was sensed they know better than the dates outside."""
    told = _attributes(
        Cloud_Cover_Percentage="61.5",
        Cycle_number="9",
        Satellite="Sentinel-1",
        Satellite_number="A",
        Polarisation="HH HV",
        Sensing_start="2015-11-21T10:03:56.000Z",
        Sensing_stop="2015-11-21T10:04:29.000Z",
        Creation_Date="2015-11-20T00:00:00.000Z",
        Ingestion_Date="2015-11-22T00:00:00.000Z",
    )
    product = _read(Attributes=told if wrapped else told["results"])
    found = product.properties
    assert (found["cloud_cover"], found["orbit_cycle"], found["polarizations"]) == (61.5, 9, ("HH", "HV"))
    assert (found["platform"], found["platform_serial"]) == ("sentinel-1a", "A")
    assert [str(found[name])[:10] for name in ("created", "published")] == ["2015-11-20", "2015-11-21"]
    assert str(product.time.start) == "2015-11-21 10:03:56+00:00"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Orbit number (start)", "orbitnumber"),
        ("Orbit number (stop)", "orbitnumberstop"),
        ("Cloud Cover Percentage (%)", "cloudcoverpercentage"),
        ("Level-1C PDI Identifier", "level1cpdiidentifier"),
        ("JTS footprint", "jtsfootprint"),
    ],
)
def test_names_of_attributes(said: str, name: str):
    """Without blanks, signs and units they are those of the index of DHuS."""
    assert plain_name(said) == name


@pytest.mark.parametrize(
    ("name", "mission"),
    [
        ("S2A_MSIL1C_20210601T091031", "Sentinel-2"),
        ("S3__OL_2_WFR", "Sentinel-3"),
        ("S5P_OFFL_L2__NO2", "Sentinel-5"),
        ("S6A_P4_1B_LR", "Sentinel-6"),
        ("ENVISAT_1", "asked"),
    ],
)
def test_missions(name: str, mission: str):
    """As the searches of the same hubs call them; of others the one that was asked for."""
    assert ODATA2.product(_entity(Name=name), collection="asked").collection == mission


def test_mission_of_other_names():
    """The satellite that the attributes tell."""
    told = _attributes(Satellite_name="Sentinel-3A")
    assert ODATA2.product(_entity(Name="x", Attributes=told)).collection == "Sentinel-3"


def test_the_same_by_search_and_by_odata():
    """A hub says the same of a product in both its languages."""
    read: list[dict[str, Product]] = []
    for provider in ("dhus_national", "dhus_odata"):
        page = SAMPLES / provider / "page.json"
        answer = read_answer(load_provider(provider), page.read_bytes(), page.name).answer
        assert answer
        read.append({product.id: product for product in answer.products})
    searched, listed = read
    for identifier, ours in listed.items():
        theirs = searched[identifier]
        assert (ours.collection, ours.title, ours.time) == (theirs.collection, theirs.title, theirs.time)
        assert ours.footprint == theirs.footprint
        told = {name: value for name, value in theirs.properties.items() if name != "platform_serial"}
        assert told.items() <= ours.properties.items()
        assert [asset.href for asset in ours.assets] == [asset.href for asset in theirs.assets[:2]]


def test_addresses_that_are_not_told():
    """The file is beneath the address of the product; without any there is none."""
    assert [asset.href for asset in _read(__metadata={"uri": HREF}).assets] == [f"{HREF}/$value", f"{HREF}/"]
    assert _read(__metadata=None).assets == ()


def test_values_that_cannot_be():
    """They are noted, and the product is kept without them."""
    product = _read(
        ContentLength="large",
        ContentDate={"Start": "soon", "End": None},
        ContentGeometry="<gml:Polygon>",
        Attributes=_attributes(Cloud_cover_percentage="130"),
    )
    assert {problem.where for problem in product.problems} >= {
        "ContentDate",
        "ContentGeometry",
        "Attributes/cloudcoverpercentage",
    }
    assert (product.footprint, product.assets[0].size) == (None, None)


@pytest.mark.parametrize("missing", ["ContentGeometry", "Checksum", "ContentDate", "Attributes", "Name"])
def test_nothing_there(missing: str):
    """A member that is null, or is not there, is no problem."""
    entity = {name: value for name, value in _entity().items() if name != missing}
    for each in (entity, entity | {missing: None}):
        assert ODATA2.product(each, collection="asked").problems == ()


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ("text", "not an OData product but str"),
        ({"__metadata": {"type": "DHuS.Product"}}, "no identifier"),
        ({"Name": "a"}, "product a names no collection"),
    ],
)
def test_refused(entity: object, reason: str):
    """Without a name or a mission there is no product."""
    with pytest.raises(BadRecord, match=reason):
        ODATA2.product(entity, position=3)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"d": {"results": {"Name": "a"}}}, "results that are dict"),
        ({"d": {"results": None}}, "results that are NoneType"),
        ({"d": [{"Name": "a", "Value": "b"}]}, "something else than products"),
        ({"d": {"results": [{"__metadata": {"type": "DHuS.Attribute"}, "Id": "a"}]}}, "something else"),
        ({"d": {}}, "not a search answer; it has: d"),
        ({"d": None}, "not a search answer; it has: d"),
        ({"error": {"code": "400", "message": {"lang": "en", "value": "Invalid"}}}, "error: 400: Invalid"),
    ],
)
def test_bad_answers(document: Any, reason: str):
    """Nothing else is taken for products, nor for none."""
    with pytest.raises(BadAnswer) as caught:
        _answer(document)
    assert reason in caught.value.reason


def test_error_in_xml():
    """Errors come in XML where JSON was asked for."""
    body = (
        b'<error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><code/>'
        b'<message xml:lang="en">Invalid key (1)</message></error>'
    )
    provider = load_provider("dhus_odata")
    with pytest.raises(BadAnswer, match=r"error: Invalid key \(1\)"):
        protocol(provider.protocol).read(provider, Response(404, {}, body, provider.url), None)


def test_bad_records_among_good_ones():
    """Each is refused by itself."""
    answer = _answer({"d": {"results": [_entity(), None, {"Name": ""}], "__count": "3"}})
    assert len(answer.products) == 1
    assert [bad.reason for bad in answer.refused] == ["not an OData product but NoneType", "no identifier"]


def test_paging():
    """By the next link, and counted on where there is none, up to the total or an empty page."""
    provider = load_provider("dhus_odata")
    asked = protocol("odata2").first_request(provider, Query(collections=("sentinel-1-grd",)))
    assert asked.params["$filter"] == "substringof('_GRD',Name)"
    counted = _answer({"d": {"results": [_entity()]}}, asked).next
    assert counted and counted.params["$skip"] == "1" and counted.params["$filter"] == asked.params["$filter"]
    link = f"{provider.url}/Products?$skiptoken=5"
    linked = _answer({"d": {"results": [_entity()], "__count": "9", "__next": link}}, asked).next
    assert linked and "skiptoken=5" in f"{linked.url}{linked.params}"
    assert _answer({"d": {"results": [_entity()], "__count": "1"}}, asked).next is None
    assert _answer({"d": {"results": [], "__count": "0"}}, asked).next is None


def test_an_empty_page():
    """It holds nothing, and is no error."""
    assert read_page(ODATA2, {"d": {"results": [], "__count": "0"}}).total == 0
    assert read_page(ODATA2, {"d": []}).products == ()


@modest
@given(st.sampled_from([*_entity()]), junk)
def test_junk(member: str, value: object):
    """Whatever stands in a member, it is read or refused."""
    with suppress(BadRecord):
        _read(**{member: value})


@modest
@given(junk)
def test_junk_in_the_wrapper(value: object):
    """Whatever is wrapped, it is read or refused in one line."""
    document = {"d": value}
    if ODATA2.recognises(document):
        with suppress(BadAnswer, BadRecord):
            read_page(ODATA2, document)
