"""OGC API Features and Records: items, requests, collections."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given

from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord, BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.features import FEATURES
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.protocols import protocol
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits, Response
from ckanext.nextgeoss.tests.core.local_server import Handler, serve
from ckanext.nextgeoss.tests.core.strategies import junk, modest

OGC = protocol("ogc_features")


def _provider(**said: Any) -> Provider:
    about = {"title": "X", "organization": "x", "url": "https://x.example/ogc", "profile": "ogc_features"}
    return provider_from_mapping("x", about | {"collections": {"ours": "theirs"}, "page_size": 2} | said, "x")


def _read(properties: dict[str, Any] | None = None, **more: Any) -> Product:
    feature = {"type": "Feature", "id": "a", "geometry": None, "properties": properties or {}}
    return FEATURES.product(feature | more, collection="c")


# --- items


@pytest.mark.parametrize(
    ("feature", "expected"),
    [
        ({"time": {"interval": ["2024-06-04", "2024-06-05"]}},
         "2024-06-04T00:00:00Z/2024-06-05T23:59:59.999999Z"),
        ({"time": {"interval": ["2024-06-04T00:00:00Z", ".."]}}, "2024-06-04T00:00:00Z/.."),
        ({"time": {"timestamp": "2024-06-04T10:00:00Z"}}, "2024-06-04T10:00:00Z"),
        ({"time": {"date": "2024-06-04"}}, "2024-06-04T00:00:00Z/2024-06-04T23:59:59.999999Z"),
        ({"properties": {"datetime": "2024-06-04T10:00:00Z"}}, "2024-06-04T10:00:00Z"),
        ({"properties": {"start_datetime": "2024-06-04", "end_datetime": None}}, "2024-06-04T00:00:00Z/.."),
        ({"properties": {"phenomenonTime": "2024-06-04T10:00:00Z/2024-06-04T11:00:00Z"}},
         "2024-06-04T10:00:00Z/2024-06-04T11:00:00Z"),
        ({"properties": {"time": 1717459200000}}, "2024-06-04T00:00:00Z"),
        ({"time": None, "properties": {"date": "soon"}}, "../.."),
        ({"time": "2024-06-04T10:00:00Z"}, "2024-06-04T10:00:00Z"),
    ],
)  # fmt: skip
def test_times(feature: dict[str, Any], expected: str):
    """Of a record, or of a property with a usual name."""
    assert _read(**feature).time.isoformat() == expected


def test_a_record():
    """The members of the record core become properties, its links files; those that lead elsewhere do not."""
    product = _read(
        {
            "title": "T", "description": "D", "type": "dataset", "keywords": ["k"], "license": "CC-BY-4.0",
            "created": "2024-01-01T00:00:00Z", "updated": "2024-02-01T00:00:00Z", "rights": "R",
            "themes": [{"concepts": [{"id": "soil"}], "scheme": "https://s.example"}],
            "externalIds": [{"scheme": "https://doi.org", "value": "10.5/x"}],
            "contacts": [{"organization": "O"}], "formats": [{"name": "NetCDF"}],
        },
        bbox=[1, 2, 3, 4],
        links=[
            {"rel": "enclosure", "href": "https://d.example/a.nc", "type": "application/netcdf", "length": 5},
            {"rel": "http://www.opengis.net/def/rel/ogc/1.0/data", "href": "https://d.example/b"},
            {"rel": "describedby", "href": "https://d.example/a.xml"},
            {"rel": "preview", "href": "https://d.example/a.png"},
            {"rel": "collection", "href": "https://d.example/collections/c"},
            {"rel": "license", "href": "https://l.example"},
        ],
    )  # fmt: skip
    assert product.title == "T"
    names = ("description", "product_type", "license_id", "doi")
    assert {name: product.properties[name] for name in names} == {
        "description": "D", "product_type": "dataset", "license_id": "CC-BY-4.0", "doi": "10.5/x",
    }  # fmt: skip
    assert product.properties["keywords"] == ("k",)
    assert product.properties["providers"] == ("O",)
    assert product.footprint and product.footprint.bbox == (1, 2, 3, 4)
    assert [(asset.key, asset.size) for asset in product.assets] == [
        ("data", 5), ("data-2", None), ("metadata", None), ("overview", None),
    ]  # fmt: skip


def test_themes_are_keywords():
    """Where there are no others."""
    themes = [{"concepts": [{"id": "soil"}, {"id": "water"}], "scheme": "https://s.example"}]
    assert _read({"themes": themes}).properties["keywords"] == ("soil", "water")


def test_properties_by_name():
    """What a schema calls as we or older catalogues do."""
    found = _read({"cloudCover": 7, "platform": "S2A", "processingLevel": "L2A", "unheard": 1}).properties
    assert dict(found) == {"cloud_cover": 7.0, "platform": "sentinel-2a", "processing_level": "L2A"}


def test_names():
    """The feature's own id, or that of a property; without any it is refused."""
    assert _read({"identifier": "p"}, id=None).id == "p"
    assert _read(id=7).id == "7"
    with pytest.raises(BadRecord, match="no identifier"):
        _read(id=None)


@modest
@given(junk)
def test_never_fails_otherwise(value: Any):
    """Whatever a member is."""
    for name in ("properties", "time", "links", "assets", "geometry", "bbox"):
        with suppress(BadRecord):
            _read(**{name: value})
    with suppress(BadAnswer):
        OGC.read(_provider(), Response(200, {}, json.dumps(value).encode(), "https://x.example"))


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"code": "InvalidParameterValue", "description": "no such collection"}, "no such collection"),
        ({"links": [], "conformsTo": []}, "not a search answer"),
        ({"type": "FeatureCollection", "features": None}, "without an array of features"),
    ],
)
def test_what_is_no_answer(document: Any, words: str):
    """It is never taken for an empty result."""
    with pytest.raises(BadAnswer, match=words):
        OGC.read(_provider(), Response(200, {}, json.dumps(document).encode(), "https://x.example"))


# --- requests


def test_requests():
    """Time, box and collection; an open end is left empty; areas are boxes."""
    time = TemporalExtent.parse("2024-06-01T00:00:00Z/..")
    query = Query(collections=("ours",), time=time, footprint=Footprint.from_bbox(1, 2, 3, 4))
    request = OGC.first_request(_provider(), query)
    assert request.url == "https://x.example/ogc/collections/theirs/items"
    assert request.params == {"datetime": "2024-06-01T00:00:00Z/", "bbox": "1.0,2.0,3.0,4.0", "limit": "2"}
    assert "datetime" not in OGC.first_request(_provider(), Query(collections=("ours",))).params
    with pytest.raises(BadValue, match="a box"):
        area = Footprint.from_wkt("POLYGON ((0 0, 9 0, 0 9, 0 0))")
        OGC.first_request(_provider(), Query(collections=("ours",), footprint=area))


def test_filters():
    """Conditions in CQL2, where a file says how."""
    template = "/collections/{eo:parentIdentifier}/items?filter={searchTerms?}&limit={count}"
    clauses = {"geo:uid": "id = '{geo:uid}'", "time:start": "t >= TIMESTAMP('{time:start}')"}
    provider = _provider(template=template, clauses=clauses)
    time = TemporalExtent.parse("2024-06-01T00:00:00Z/..")
    said = OGC.first_request(provider, Query(collections=("ours",), time=time, ids=("it's",))).params
    assert said["filter"] == "id = 'it''s' AND t >= TIMESTAMP('2024-06-01T00:00:00Z')"
    assert "filter" not in OGC.first_request(provider, Query(collections=("ours",))).params


def test_harvest_of_pages():
    """The links are followed; the number that match is told; collections are described."""

    def items(handler: Handler) -> None:
        said = parse_qs(urlsplit(handler.server.seen.calls[-1].path).query)
        begin, limit = int(said.get("offset", ["0"])[0]), int(said["limit"][0])
        numbers = range(begin, min(begin + limit, 5))
        features = [
            {
                "type": "Feature",
                "id": f"f{n}",
                "geometry": None,
                "properties": {"datetime": "2024-06-04T00:00:00Z"},
            }
            for n in numbers
        ]
        links = [{"rel": "next", "href": f"items?offset={begin + limit}&limit={limit}"}]
        handler.answer({"type": "FeatureCollection", "features": features, "numberMatched": 5,
                        "links": links if begin + limit < 5 else []})  # fmt: skip

    def collections(handler: Handler) -> None:
        extent = {
            "spatial": {"bbox": [[1, 2, 3, 4]]},
            "temporal": {"interval": [["2020-01-01T00:00:00Z", None]]},
        }
        handler.answer(
            {"collections": [{"id": "theirs", "title": "T", "extent": extent}, {"title": "no id"}]}
        )

    routes = {"/ogc/collections/theirs/items": items, "/ogc/collections": collections}
    with serve(routes) as server:
        client = HttpClient(allowed_private_hosts=[server.host], limits=Limits(attempts=1))
        catalogue = RemoteCatalogue(_provider(url=f"{server.url}/ogc"), client.send)
        query = Query(collections=("ours",))
        pages = list(catalogue.pages(query))
        described = list(catalogue.collections())
        assert catalogue.count(query) == 5
    assert [product.id for page in pages for product in page.products] == [f"f{n}" for n in range(5)]
    assert {product.collection for page in pages for product in page.products} == {"ours"}
    assert "application/geo+json" in server.calls[0].headers["accept"]
    (found,) = described
    assert (found.id, found.title, found.time.isoformat()) == ("ours", "T", "2020-01-01T00:00:00Z/..")
