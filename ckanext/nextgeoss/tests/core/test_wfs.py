"""WFS: features in the versions of GML, requests, and the ways on."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord, BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.eo.xml import parse_xml
from ckanext.nextgeoss.harvesters.protocols import AREA, Answer, protocol
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import load_provider, provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits, Request, Response
from ckanext.nextgeoss.tests.core.local_server import Handler, serve
from ckanext.nextgeoss.tests.core.strategies import modest

WFS = protocol("wfs")
URN = "urn:ogc:def:crs:EPSG::4326"
GML2, GML32 = "http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2"
OLD, NEW = "http://www.opengis.net/wfs", "http://www.opengis.net/wfs/2.0"


def _provider(**said: Any) -> Provider:
    about = {"title": "X", "organization": "x", "url": "https://x.example/wfs", "profile": "wfs"}
    about |= {"collections": {"ours": "ns:theirs"}, "page_size": 2}
    return provider_from_mapping("x", about | said, "x")


def _read(document: str, request: Request | None = None, **said: Any) -> Answer:
    response = Response(200, {}, document.encode(), "https://x.example/wfs")
    return WFS.read(_provider(**said), response, request)


def _collection(
    *features: str, gml: str = GML32, wfs: str = NEW, more: str = "", member: str = "member"
) -> str:
    inside = "".join(f"<wfs:{member}>{feature}</wfs:{member}>" for feature in features)
    return (
        f'<wfs:FeatureCollection xmlns:wfs="{wfs}" xmlns:gml="{gml}" {more}>{inside}</wfs:FeatureCollection>'
    )


def _feature(geometry: str = "", number: int = 1, **said: str) -> str:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in said.items())
    geometry = f"<geom>{geometry}</geom>" if geometry else ""
    return f'<theirs gml:id="theirs.{number}">{geometry}{inside}</theirs>'


def _one(geometry: str, **more: Any) -> Product:
    (product,) = _read(_collection(_feature(geometry), **more)).products
    return product


# --- features


@pytest.mark.parametrize(
    ("geometry", "gml"),
    [
        ('<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>2 1</gml:pos></gml:Point>', GML32),
        (f'<gml:Point srsName="{URN}" srsDimension="3"><gml:pos>2 1 9</gml:pos></gml:Point>', GML32),
        ('<gml:Point srsName="http://www.opengis.net/def/crs/EPSG/0/4326"><gml:pos>2 1</gml:pos></gml:Point>',
         GML32),
        ('<gml:Point srsName="urn:x-ogc:def:crs:EPSG:4326"><gml:pos>2 1</gml:pos></gml:Point>', GML2),
        ('<gml:Point srsName="EPSG:4326"><gml:pos>1 2</gml:pos></gml:Point>', GML32),
        ('<gml:Point srsName="urn:ogc:def:crs:OGC:1.3:CRS84"><gml:pos>1 2</gml:pos></gml:Point>', GML32),
        ("<gml:Point><gml:pos>2 1</gml:pos></gml:Point>", GML32),
        ("<gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point>", GML2),
        ('<gml:Point srsName="http://www.opengis.net/gml/srs/epsg.xml#4326"><gml:coordinates>1,2</gml:coordinates>'
         "</gml:Point>", GML2),
    ],
)  # fmt: skip
def test_order_of_axes(geometry: str, gml: str):
    """As the name of the reference system says."""
    found = _one(geometry, gml=gml).footprint
    assert found is not None and found.wkt == "POINT (1 2)"


def test_areas_and_other_systems():
    """Surfaces of several parts; what is not in degrees is noted, never taken for degrees."""
    line = "<gml:LinearRing><gml:posList>0 0 0 9 9 9 0 0</gml:posList></gml:LinearRing>"
    ring = f"<gml:exterior>{line}</gml:exterior>"
    member = f"<gml:surfaceMember><gml:Polygon>{ring}</gml:Polygon></gml:surfaceMember>"
    found = _one(
        f'<gml:MultiSurface srsName="urn:ogc:def:crs:EPSG::4326">{member}</gml:MultiSurface>'
    ).footprint
    assert found is not None and found.bbox == (0, 0, 9, 9)
    product = _one('<gml:Point srsName="EPSG:2154"><gml:pos>496756.5 6519784.9</gml:pos></gml:Point>')
    assert product.footprint is None
    assert "EPSG:2154" in product.problems[0].reason


def test_bounds_where_there_is_no_geometry():
    """`boundedBy` only then."""
    corners = "<gml:lowerCorner>2 1</gml:lowerCorner><gml:upperCorner>4 3</gml:upperCorner>"
    box = f"<gml:Envelope>{corners}</gml:Envelope>"
    bounded = f'<theirs gml:id="a"><gml:boundedBy>{box}</gml:boundedBy></theirs>'
    (product,) = _read(_collection(bounded)).products
    assert product.footprint and product.footprint.bbox == (1, 2, 3, 4)


def test_members_of_all_versions():
    """Each alone or all in one, features within collections, ids of all kinds."""
    assert len(_read(_collection(_feature(), _feature(number=2))).products) == 2
    many = _collection(_feature() + _feature(number=2), member="featureMembers", wfs=OLD, gml=GML2)
    assert len(_read(many).products) == 2
    old = _collection('<theirs fid="theirs.1"/>', member="featureMember", wfs=OLD, gml=GML2)
    assert _read(old).products[0].id == "theirs.1"
    inner = _collection(_feature()).replace("<wfs:FeatureCollection", "<wfs:FeatureCollection ", 1)
    assert len(_read(_collection(inner, _feature(number=2))).products) == 2
    assert _read(_collection("<theirs><id>7</id></theirs>")).products[0].id == "7"
    assert _read(_collection("<theirs><x>7</x></theirs>")).refused[0].reason == "no identifier"


def test_fields_walk_by_local_names():
    """Nested ones too; nil is nothing, a reference is its address."""
    said = (
        '<theirs xmlns:xlink="http://www.w3.org/1999/xlink" gml:id="a"><when><begin>2024-06-04</begin></when>'
        '<cc nil="true">1</cc><link xlink:href="https://d.example/a"/><tag>x</tag><tag>y</tag></theirs>'
    )
    fields = {"start": "when/begin", "cloud_cover": "cc", "data": "link", "keywords": "tag"}
    (product,) = _read(_collection(said), fields=fields).products
    assert product.time.isoformat() == "2024-06-04T00:00:00Z/.."
    assert dict(product.properties) == {"keywords": ("x", "y")}
    assert product.assets[0].href == "https://d.example/a"


def test_totals():
    """numberMatched, which may be unknown; of 1.x the number of features."""
    assert _read(_collection(more='numberMatched="7"')).total == 7
    assert _read(_collection(more='numberMatched="unknown"')).total is None
    assert _read(_collection(more='numberOfFeatures="3"', wfs=OLD)).total == 3


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ('<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1">'
         '<ows:Exception exceptionCode="NoApplicableCode">'
         "<ows:ExceptionText>out of memory</ows:ExceptionText></ows:Exception></ows:ExceptionReport>",
         "out of memory"),
        ('<ServiceExceptionReport><ServiceException code="x">no type</ServiceException>'
         "</ServiceExceptionReport>", "no type"),
        ('<wfs:WFS_Capabilities xmlns:wfs="http://www.opengis.net/wfs/2.0"><a/></wfs:WFS_Capabilities>',
         "not a search"),
        ("<html><head><title>Login</title></head><body/></html>", "Login"),
        ('<?xml version="1.0"?><wfs:FeatureCollection xmlns:wfs="x"><wfs:member>', "cut short"),
        ('{"exceptions": [{"code": "x", "text": "y"}]}', "error: x: y"),
        ("", "empty answer"),
    ],
)  # fmt: skip
def test_what_is_no_answer(document: str, words: str):
    """Exceptions come with status 200 too, and are never taken for an empty result."""
    with pytest.raises(BadAnswer, match=words):
        _read(document)


def test_geojson():
    """Where a server is asked for it."""
    feature = {
        "type": "Feature", "id": "theirs.1", "geometry": {"type": "Point", "coordinates": [1, 2]},
        "properties": {"date": "2024-06-04"},
    }  # fmt: skip
    document = json.dumps({"type": "FeatureCollection", "totalFeatures": 9, "features": [feature]})
    asked = Request(url="https://x.example/wfs", params={"startIndex": "0", "count": "2"}, about="ours")
    answer = _read(document, asked)
    assert answer.total == 9
    assert answer.products[0].collection == "ours"
    assert answer.products[0].time.isoformat() == "2024-06-04T00:00:00Z/2024-06-04T23:59:59.999999Z"
    assert answer.next is not None and answer.next.params["startIndex"] == "1"


@modest
@given(st.text(alphabet="<>/abgml: =\"'posList0 1.5", max_size=80))
def test_never_fails_otherwise(inside: str):
    """Whatever a feature holds."""
    with suppress(BadAnswer, BadRecord):
        _read(_collection(f"<theirs>{inside}</theirs>"))


# --- requests


def _asked(query: Query, **said: Any) -> dict[str, str]:
    return dict(WFS.first_request(_provider(**said), query).params)


CLAUSES = {
    "time:start": "<PropertyIsGreaterThan><ValueReference>t</ValueReference>"
    "<Literal>{time:start}</Literal></PropertyIsGreaterThan>"
}
TIME = TemporalExtent.parse("2024-06-01T00:00:00Z/..")
OURS = ("ours",)
BOX = Footprint.from_bbox(1, 2, 3, 4)


def test_filter_and_box():
    """A box alone is a parameter of its own; with conditions it is one of them, as one filter must be."""
    assert _asked(Query(collections=OURS))["typeNames"] == "ns:theirs"
    assert "filter" not in _asked(Query(collections=OURS))
    box = _asked(Query(collections=OURS, footprint=BOX))
    assert box["bbox"] == "2.0,1.0,4.0,3.0,urn:ogc:def:crs:EPSG::4326"
    both = _asked(Query(collections=OURS, footprint=BOX, time=TIME), clauses=CLAUSES)
    assert "bbox" not in both
    root = parse_xml(both["filter"].encode())
    assert [child.tag.rpartition("}")[2] for child in root[0]] == ["PropertyIsGreaterThan", "BBOX"]
    alone = parse_xml(_asked(Query(collections=OURS, time=TIME), clauses=CLAUSES)["filter"].encode())
    assert alone[0].tag.endswith("PropertyIsGreaterThan")
    with pytest.raises(BadValue, match="a box"):
        _asked(Query(collections=OURS, footprint=Footprint.from_wkt("POLYGON ((0 0, 9 0, 0 9, 0 0))")))


def test_values_are_escaped():
    """In a filter, that is XML."""
    rule = {"ours": {"ids": "ns:theirs", "where": {"kind": "<&>"}}}
    where = {
        "where": "<PropertyIsEqualTo><ValueReference>{name}</ValueReference>"
        "<Literal>{value}</Literal></PropertyIsEqualTo>"
    }
    said = _asked(Query(collections=OURS), collections=rule, clauses=where)["filter"]
    assert "&lt;&amp;&gt;" in said
    assert parse_xml(said.encode()) is not None


def test_cql():
    """WFS 1.1 of GeoServer."""
    said = dict(
        WFS.first_request(
            load_provider("scent"), Query(collections=("scent-danube-image",), time=TIME)
        ).params
    )
    assert said["cql_filter"] == "dtg AFTER 2024-06-01T00:00:00Z"
    assert said["typeName"] == "scent:danube_image"
    assert AREA in WFS.asks(load_provider("scent"))
    only_time = _provider(profile="wfs_1", clauses={"time:start": "t AFTER {time:start}"})
    assert AREA not in WFS.asks(only_time)  # it is picked from what comes
    assert AREA in WFS.asks(_provider(profile="wfs_1"))


# --- going on


def _next(document: str, start: str = "0", **said: Any) -> Request | None:
    asked = Request(url="https://x.example/wfs", params={"startIndex": start, "count": "2"})
    return _read(document, asked, **said).next


def test_ways_on():
    """Counted on, whatever number a link has; a link without a number is followed; 1.x tells no total."""
    two = (_feature(), _feature(number=2))
    wrong = 'next="https://x.example/wfs?STARTINDEX=20&amp;COUNT=20" numberMatched="20"'
    found = _next(_collection(*two, more=wrong))
    assert found is not None and found.params["startIndex"] == "2"
    cursor = _next(_collection(*two, more='next="https://x.example/cursor/7"'))
    assert cursor is not None and cursor.url == "https://x.example/cursor/7"
    assert _next(_collection(*two, more='numberMatched="4"'), "2") is None
    unknown = _next(_collection(*two, more='numberMatched="unknown"'))
    assert unknown is not None
    assert _next(_collection(more='numberMatched="unknown"'), "4") is None
    old = _collection(*two, more='numberOfFeatures="2"', wfs=OLD, gml=GML2)
    assert _next(old, profile="wfs_1") is not None


def test_harvest_of_pages():
    """All pages of a local server, each feature once; the hits are counted."""

    def serving(handler: Handler) -> None:
        said = {
            name: value[0]
            for name, value in parse_qs(urlsplit(handler.server.seen.calls[-1].path).query).items()
        }
        begin, size = int(said["startIndex"]), int(said["count"])
        numbers = range(begin, min(begin + size, 5)) if said.get("resultType") != "hits" else ()
        features = (_feature(number=n, when=f"2024-06-0{n + 1}") for n in numbers)
        handler.answer(_collection(*features, more='numberMatched="5"').encode(), Content_Type="text/xml")

    with serve({"/wfs": serving}) as server:
        client = HttpClient(allowed_private_hosts=[server.host], limits=Limits(attempts=1))
        provider = _provider(url=f"{server.url}/wfs", fields={"start": "when", "end": "when"})
        catalogue = RemoteCatalogue(provider, client.send)
        query = Query(collections=OURS)
        pages = list(catalogue.pages(query))
        assert catalogue.count(query) == 5
    products = [product for page in pages for product in page.products]
    assert [product.id for product in products] == [f"theirs.{n}" for n in range(5)]
    assert all(isinstance(product.time.start, datetime) for product in products)
    assert "resultType=hits" in server.calls[-1].path
