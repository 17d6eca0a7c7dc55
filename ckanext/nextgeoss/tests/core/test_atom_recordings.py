"""Every Atom feed of products that providers were recorded with is read."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from ckanext.nextgeoss.eo.formats import eop
from ckanext.nextgeoss.eo.formats.atom import ATOM, read_page
from ckanext.nextgeoss.eo.formats.atom_write import write_page
from ckanext.nextgeoss.eo.formats.vocabulary import attributes
from ckanext.nextgeoss.eo.page import Page
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.xml import children, descendants, parse_xml_loosely, text_at, text_of
from ckanext.nextgeoss.tests.shared import provider_samples

# file, how many entries, and the collection where the feed names none
VITO = (
    ("vito-terrascope/opensearch_atom_probav_l2a_500_entries.xml", 158, ""),
    ("vito-terrascope/opensearch_atom_probav_l2a_entry.xml", 1, ""),
    ("vito-terrascope/opensearch_atom_probav_s1_100m.xml", 1, ""),
)
TERRADUE = (
    ("terradue-catalog/atom_index_landsat7.xml", 1, ""),
    ("terradue-catalog/atom_index_sentinel1.xml", 1, ""),
    ("terradue-catalog/atom_index_sentinel3.xml", 20, "sentinel3"),
    ("terradue-catalog/atom_mwa_features.xml", 1, "hydro-nigerriver-features"),
    ("terradue-catalog/atom_s1_slc_eop.xml", 1, ""),
)
OTHERS = (
    ("nasa-cmr/atom_granules_aster.xml", 10, "AST_L1B"),
    ("nasa-cmr/atom_granules_empty.xml", 0, "bogus"),
    ("nasa-cmr/atom_granules_landsat8_offset_page1.xml", 10, "Landsat_8_OLI_TIRS"),
    ("nasa-cmr/atom_granules_landsat8_offset_page2.xml", 10, "Landsat_8_OLI_TIRS"),
    ("nasa-cmr/atom_granules_landsat8_offset_page3.xml", 10, "Landsat_8_OLI_TIRS"),
    ("nasa-cmr/atom_granules_landsat8_offset_page4.xml", 10, "Landsat_8_OLI_TIRS"),
    ("nasa-cmr/atom_granules_modis.xml", 10, "MOD02HKM"),
    ("nasa-cmr/atom_granules_page1_of_3.xml", 3, "LastCursorDataset1"),
    ("nasa-cmr/atom_granules_page2_of_3.xml", 3, "LastCursorDataset1"),
    ("nasa-cmr/atom_granules_page3_of_3.xml", 1, "LastCursorDataset1"),
    ("fedeo/atom_single_granule.xml", 1, ""),
    ("fedeo/atom_terrasarx_supersite.xml", 10, ""),
    ("ceos-cwic/atom_granules.xml", 5, "C179003487-ORNL_DAAC"),
    ("ceos-cwic/atom_single_granule.xml", 1, "C179003487-ORNL_DAAC"),
    ("code-de/finder_resto_atom.xml", 9, ""),
    ("code-de/opensearch_atom_gateway_s2_l2a.xml", 50, ""),
    ("esa-hma-ngeo/atom_ngeo_s1_sar_ew.xml", 20, "S1_SAR_EW"),
    ("esa-hma-ngeo/atom_ngeo_s2msi0_3mb.xml", 1, ""),
    ("esa-hma-ngeo/eop_gml_new_record_example.xml", 1, "Sentinel3"),
    ("mundi/mundi_search.xml", 2, "Sentinel2"),
)
NOT_WELL_FORMED = ("code-de/finder_resto_atom.xml",)
_TIMES = ("phenomenonTime", "date", "start", "sensingStartDate")
_PLACES = ("spatial", "polygon", "where", "box", "point", "line")


@cache
def recording(name: str) -> tuple[Any, tuple[str, ...]]:
    return parse_xml_loosely((provider_samples() / name).read_bytes(), source=name)


def entries(name: str) -> tuple[Any, ...]:
    return ATOM.feed(recording(name)[0], name).entries


def read(name: str, collection: str = "") -> list[Product]:
    return [
        ATOM.product(entry, position=position, collection=collection)
        for position, entry in enumerate(entries(name))
    ]


def says(entry: Any, names: tuple[str, ...]) -> bool:
    """Whether an entry has an element of these names with any text, on its own or within its EOP."""
    inner = eop.earth_observation(entry)
    places = [*entry, *(inner if inner is not None else ())]
    return any(text_of(child) for name in names for child in places if child.tag.endswith(f"}}{name}"))


def extent(entry: Any) -> bool:
    inner = eop.earth_observation(entry)
    features = [] if inner is None else children(inner, "featureOfInterest")
    return any(text_of(found) for feature in features for found in descendants(feature, "multiExtentOf"))


@pytest.mark.parametrize(("name", "count", "collection"), VITO + TERRADUE + OTHERS)
def test_a_recorded_feed_is_read_completely(name: str, count: int, collection: str) -> None:
    _, warnings = recording(name)
    assert bool(warnings) is (name in NOT_WELL_FORMED)
    found = read(name, collection)
    assert len(found) == count
    assert len({product.id for product in found}) == count
    for product, entry in zip(found, entries(name), strict=True):
        assert bool(product.time) is says(entry, _TIMES), product.id
        assert bool(product.footprint) is (says(entry, _PLACES) or extent(entry)), product.id
        assert not product.id.startswith("http"), product.id
        assert all(asset.roles for asset in product.assets), product.id
    page = Page(tuple(found), count)
    assert read_page(write_page(page)) == page


@pytest.mark.parametrize("name", [name for name, count, _ in VITO + TERRADUE if count])
def test_identifiers_titles_and_times_are_those_of_the_xml(name: str) -> None:
    for product, entry in zip(read(name, "given"), entries(name), strict=True):
        assert product.id == text_at(entry, "identifier")
        assert product.title in (text_at(entry, "title"), "")
        inner = eop.earth_observation(entry)
        if inner is None:
            continue
        begins = [text_of(found)[:19] for found in descendants(inner, "beginPosition")]
        assert begins in ([], [product.time.isoformat()[:19]])
        clouds = [text_of(found) for found in descendants(inner, "cloudCoverPercentage")]
        assert product.properties.get("cloud_cover") == (float(clouds[0]) if clouds else None)


def test_a_product_of_vito() -> None:
    product = read(VITO[0][0])[0]
    said = {"platform": "proba-v", "instruments": ("vgt",), "cloud_cover": 66.849, "snow_cover": 17.844}
    assert said.items() <= product.properties.items()
    assert product.collection == "urn:ogc:def:EOP:VITO:PROBAV_L2A_333M_V001"
    roles = [asset.roles[0] for asset in product.assets]
    assert roles == ["data", "overview", "metadata", "metadata", "metadata", "order", "order"]
    # only one of the two addresses of its file is kept, with the size that the other had
    assert product.assets[0].size == 99862758
    assert product.footprint
    assert product.footprint.bbox == (145.476, 40.341, 165.963, 65.071)
    assert product.problems == ()


def test_products_of_terradue() -> None:
    landsat, radar, slc = (read(TERRADUE[number][0])[0] for number in (0, 1, 4))
    assert landsat.collection == "LANDSAT_ETM_C1"
    assert {"wrs_path": 204, "wrs_row": 33, "platform": "landsat-7"}.items() <= landsat.properties.items()
    assert [asset.roles[0] for asset in landsat.assets if "earthexplorer" in asset.href] == [
        "order",
        "metadata",
    ]
    assert radar.collection == "WV_OCN__2SSV"
    assert {
        "relative_orbit": 77,
        "platform": "sentinel-1a",
        "platform_international_designator": "2014-016A",
        "timeliness_category": "Fast-24h",
    }.items() <= radar.properties.items()
    assert slc.properties["polarizations"] == ("VV", "VH")
    assert len(slc.assets) == 28
    assert slc.assets[0].size == 3898331242
    assert sum(bool(asset.checksum) for asset in slc.assets) == 27
    altimeters = [product for product in read(TERRADUE[2][0], "s3") if "orbit_cycle" in product.properties]
    assert len(altimeters) == 4
    assert all(product.footprint for product in altimeters)


def test_grids_and_orbits_are_not_in_the_view() -> None:
    for name, _, _ in VITO + TERRADUE:
        for entry in entries(name):
            assert sum(1 for _ in attributes(ATOM.view(entry))) < 400


@pytest.mark.parametrize(("recordings", "least"), [(VITO, 50), (TERRADUE, 120)])
def test_every_attribute_has_a_meaning(recordings: tuple[tuple[str, int, str], ...], least: int) -> None:
    paths = {
        path
        for name, _, _ in recordings
        for entry in entries(name)
        for path, _ in attributes(ATOM.view(entry))
    }
    assert len(paths) > least
    assert sorted(path for path in paths if not ATOM.vocabulary.target(path)) == []


@pytest.mark.parametrize("name", ["eop_S1AEOP.xml", "eop_S1EOP.xml", "eop_opt21.xml"])
def test_recorded_eop_alone(name: str) -> None:
    root, _ = parse_xml_loosely((provider_samples() / "esa-hma-ngeo" / name).read_bytes(), source=name)
    view = eop.view(root)
    assert eop.read_time(root, [])
    assert eop.read_footprint(root)
    assert eop.first(view, "EarthObservationMetaData", "identifier")
    assert [path for path, _ in attributes(view) if not ATOM.vocabulary.target(path)] == []
