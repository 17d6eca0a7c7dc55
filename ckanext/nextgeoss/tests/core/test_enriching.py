"""What a source adds to its products: places, pictures by template, licence and citation."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.errors import BadConfiguration
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.places import load_gazetteer
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.enriching import Enrich, parse_enrich
from ckanext.nextgeoss.harvesters.offers import Action, StoredOffer, Terms, decide
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.source import parse_config
from ckanext.nextgeoss.package import dataset_from_product
from ckanext.nextgeoss.search.fields import solr_fields
from ckanext.nextgeoss.search.index import found_by

GAZETTEER = load_gazetteer()


def _at(wkt: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    footprint = Footprint.from_wkt(wkt)
    assert footprint is not None
    found = GAZETTEER.places(footprint)
    return found.names, found.covers


@pytest.mark.parametrize(
    ("wkt", "names", "covers"),
    [
        ("POINT(12.5 41.9)", ("Europe", "Italy", "Southern Europe"), ("land",)),
        ("POINT(-30 30)", ("Atlantic Ocean",), ("sea",)),
        ("POINT(15 43)", ("Adriatic Sea", "Mediterranean Sea"), ("sea",)),
        ("POINT(51 41)", ("Caspian Sea",), ("sea",)),
        ("POINT(100 60)", ("Asia", "Northern Asia", "Russia"), ("land",)),
        ("POINT(-53 4)", ("France", "South America"), ("land",)),
        ("POINT(33 -1)", ("Africa", "Eastern Africa", "Lake Victoria", "Tanzania"), ("lake", "land")),
        ("POINT(0 -90)", ("Antarctica",), ("land",)),
        ("POINT(0 90)", ("Arctic Ocean",), ("sea",)),
        ("POINT(180 0)", ("Pacific Ocean",), ("sea",)),
        # of no country
        ("POINT(77.1 35.4)", ("Asia", "Southern Asia"), ("land",)),
        # a track and a line
        ("LINESTRING(2 66, 4 66)", ("Atlantic Ocean", "Norwegian Sea"), ("sea",)),
        # across 180 degrees
        (
            "POLYGON((178 -18, 182 -18, 182 -17, 178 -17, 178 -18))",
            ("Fiji", "Melanesia", "Oceania", "Pacific Ocean"),
            ("coast", "land", "sea"),
        ),
    ],
)
def test_places(wkt: str, names: tuple[str, ...], covers: tuple[str, ...]):
    """Continent, region, country, sea and lake; land, coast, sea and lake."""
    assert _at(wkt) == (names, covers)


def test_a_border_gives_both_countries():
    """What lies in two countries is found by each."""
    names, covers = _at("POLYGON((7 47, 9 47, 9 48.3, 7 48.3, 7 47))")
    assert {"France", "Germany", "Switzerland", "Western Europe", "Europe"} <= set(names)
    assert covers == ("land",)


_LON = st.floats(-180, 180, allow_nan=False)
_LAT = st.floats(-90, 90, allow_nan=False)


@given(_LON, _LAT)
def test_every_place_has_a_name(lon: float, lat: float):
    """There is no hole in the world."""
    footprint = Footprint.from_geojson({"type": "Point", "coordinates": [lon, lat]})
    assert footprint is not None
    found = GAZETTEER.places(footprint)
    assert found.names
    assert {"land", "sea"} & set(found.covers)


@given(_LON, _LAT, st.floats(0.01, 40), st.floats(0.01, 30))
def test_a_larger_area_touches_no_less(lon: float, lat: float, width: float, height: float):
    """Each corner's places are those of the box, across 180 degrees too."""
    south, north = max(lat - height, -90), min(lat + height, 90)
    east = lon + width if lon + width <= 180 else lon + width - 360
    box = GAZETTEER.places(Footprint.from_bbox(lon, south, east, north))
    for x, y in ((lon, south), (east, north)):
        corner = Footprint.from_geojson({"type": "Point", "coordinates": [x, y]})
        assert corner is not None
        assert set(GAZETTEER.places(corner).names) <= set(box.names)


# --- the function product -> product

PRODUCT = Product(
    id="S2A_X",
    collection="sentinel-2-l2a",
    footprint=Footprint.from_bbox(10, 34, 11, 35),
    time=TemporalExtent.of("2024-05-01T10:00:00Z", "2024-05-01T10:00:05Z"),
    properties={"platform": "sentinel-2a"},
    assets=(Asset(key="data", href="https://a.example/x", roles=("data",)),),
)
WMS = "https://maps.example/wms?SERVICE=WMS&REQUEST=GetMap&BBOX={south},{west},{north},{east}&WIDTH={width}&TIME={day}"
FULL = Enrich(places=True, licence=True, overview="https://pictures.example/{platform}/{id}.jpg", wms=WMS)


def test_all_that_is_added():
    """Properties, a picture, a map service; what the product says itself stays."""
    made = FULL.enriched(PRODUCT)
    assert made.properties["places"] == ("Africa", "Mediterranean Sea", "Northern Africa", "Tunisia")
    assert made.properties["surface"] == ("coast", "land", "sea")
    assert made.properties["license_id"] == "LicenseRef-Copernicus-Sentinel"
    assert made.properties["platform"] == "sentinel-2a"
    data, picture, service = made.assets
    assert data == PRODUCT.assets[0]
    assert picture.href == "https://pictures.example/sentinel-2a/S2A_X.jpg"
    assert picture.media_type == "image/jpeg"
    assert service.href.endswith("&BBOX=34,10,35,11&WIDTH=512&TIME=2024-05-01")
    dataset = dataset_from_product(made, owner_org="o", uuid="u", name="n")
    assert [resource.get("format") for resource in dataset["resources"]] == [None, "JPEG", "WMS"]


def test_what_the_product_says_itself_stays():
    """Nothing is replaced, and nothing twice."""
    said = replace(
        PRODUCT,
        properties={"license_id": "CC-BY-4.0", "places": ("Rome",)},
        assets=(Asset(key="preview", href="https://a.example/p.jpg", roles=("thumbnail",)),),
    )
    made = FULL.enriched(said)
    assert (made.properties["license_id"], made.properties["places"]) == ("CC-BY-4.0", ("Rome",))
    assert [asset.key for asset in made.assets] == ["preview", "wms"]
    once = FULL.enriched(PRODUCT)
    assert FULL.enriched(once) == once


@pytest.mark.parametrize(
    "footprint",
    [
        None,
        Footprint.from_bbox(170, -10, -170, 10),
        Footprint.from_wkt("POINT(1 1)"),
        Footprint.from_wkt("LINESTRING(0 0, 1 0)"),
    ],
    ids=["none", "across 180", "point", "line"],
)
def test_no_map_without_a_box(footprint: Footprint | None):
    """The rest is added all the same."""
    made = FULL.enriched(replace(PRODUCT, footprint=footprint))
    assert "wms" not in {asset.key for asset in made.assets}
    assert ("places" in made.properties) == (footprint is not None)


@given(st.text(max_size=20))
def test_values_are_quoted(identifier: str):
    """No product can lead a template to another address."""
    enrich = Enrich(overview="https://pictures.example/p?id={id}&end")
    made = enrich.enriched(replace(PRODUCT, id=identifier))
    pictures = [asset.href for asset in made.assets if asset.key == "overview"]
    for href in pictures:
        assert href.startswith("https://pictures.example/p?id=")
        assert href.endswith("&end")
        assert not set("&#?/ ") & set(href[len("https://pictures.example/p?id=") : -len("&end")])


# --- where it is declared


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["places"], Enrich(places=True)),
        ("places", Enrich(places=True)),
        ([], Enrich()),
        ({"places": True, "wms": WMS}, Enrich(places=True, wms=WMS)),
        ({"places": False}, Enrich()),
    ],
)
def test_parsed(said: object, expected: Enrich):
    """A list of names, or names with values."""
    assert parse_enrich(said, "enrich") == expected


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (["plcaes"], "enrich: unknown key 'plcaes', did you mean places?"),
        ({"places": "yes"}, "enrich: places: 'yes' is not allowed; expected true or false"),
        ({"wms": "ftp://x"}, "enrich: wms: 'ftp://x' is not allowed; expected https://..."),
        ({"wms": "https://x/{wset}"}, "enrich: wms: unknown hole 'wset', did you mean west?"),
        ({"wms": "https://x/{west"}, "has a brace that is not of a hole"),
        (["overview"], "enrich: overview: True is not allowed; expected text"),
        ([{"places": True}], "expected places, licence, overview, wms"),
        (3, "expected keys with values"),
    ],
)
def test_refused(said: object, words: str):
    """In one line, with what is allowed."""
    with pytest.raises(BadConfiguration) as caught:
        parse_enrich(said, "enrich")
    assert words in str(caught.value)


def test_source_and_provider():
    """A source says it, else its provider file; an empty list says that nothing is added."""
    said: dict[str, Any] = {"title": "X", "organization": "x", "url": "https://x.example", "profile": "stac"}
    said["enrich"] = ["places"]
    assert provider_from_mapping("x", said, "x").enrich == Enrich(places=True)
    asked = parse_config(json.dumps({"provider": "earth_search", "enrich": {"licence": True}}))
    assert asked.enrich == Enrich(licence=True)
    assert parse_config(asked.as_json()).enrich == asked.enrich
    assert parse_config('{"provider": "earth_search"}').enrich is None
    none = parse_config('{"provider": "earth_search", "enrich": []}')
    assert none.enrich == Enrich()
    assert parse_config(none.as_json()).enrich == Enrich()


def test_other_enrichment_is_a_change():
    """What is added is in the hash: the same again changes nothing, something else is written anew."""
    plain = Terms(source_id="s", provider_id="p", owner_org="o")
    rich = replace(plain, enrich=FULL)
    first = rich.offer(PRODUCT)
    stored = {first.uuid: StoredOffer("active", first.content_hash)}
    assert first.uuid == plain.offer(PRODUCT).uuid
    assert decide(stored, [rich.offer(PRODUCT)])[0].action is Action.SAME
    assert decide(stored, [plain.offer(PRODUCT)])[0].action is Action.CHANGED


def test_places_are_found():
    """As a facet and by words."""
    rows = load_properties()
    assert {"places", "surface"} <= {row.name for row in rows.facets()}
    made = Enrich(places=True).enriched(PRODUCT)
    assert "Tunisia" in solr_fields(made)["eo_places"]
    assert any("Tunisia" in words for words in found_by(made, rows))
