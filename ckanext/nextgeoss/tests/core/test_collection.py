from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.nextgeoss.eo.collection import CollectionRegistry, load_registry, read_collections
from ckanext.nextgeoss.eo.errors import BadConfiguration
from ckanext.nextgeoss.eo.footprint import Footprint

ORIGINAL = Path(__file__).parents[1] / "samples" / "original_collections.txt"

REGISTRY = CollectionRegistry.from_mapping(
    {
        "sentinel-2-l2a": {
            "title": "Sentinel-2 Level-2A",
            "platforms": ["sentinel-2a"],
            "aliases": ["SENTINEL2_L2A", "S2MSI2A"],
            "product_key": r"(.+?)(?:\.SAFE)?(?:\.zip)?",
            "unique_identifiers": True,
            "bbox": [-180, -84, 180, 84],
            "start": "2015-06-23",
        },
        "modis": None,
    }
)


@pytest.mark.parametrize("name", ["sentinel-2-l2a", "SENTINEL2_L2A", "sentinel2_l2a", "s2msi2a"])
def test_a_collection_is_found_by_id_and_alias_in_any_case(name: str) -> None:
    found = REGISTRY.canonical(name)
    assert found is not None
    assert found.id == "sentinel-2-l2a"


def test_what_the_registry_says() -> None:
    found = REGISTRY.canonical("sentinel-2-l2a")
    assert found is not None
    assert (found.title, found.platforms, found.unique_identifiers) == (
        "Sentinel-2 Level-2A",
        ("sentinel-2a",),
        True,
    )
    assert found.footprint == Footprint.from_bbox(-180, -84, 180, 84)
    assert found.time.isoformat() == "2015-06-23T00:00:00Z/.."
    assert REGISTRY.canonical("landsat") is None
    assert [collection.id for collection in REGISTRY] == ["sentinel-2-l2a", "modis"]
    assert len(REGISTRY) == 2


@pytest.mark.parametrize(
    ("collection", "product", "key"),
    [
        ("S2MSI2A", "S2A_X.SAFE", "S2A_X"),
        ("S2MSI2A", "S2A_X.SAFE.zip", "S2A_X"),
        ("S2MSI2A", "S2A_X", "S2A_X"),
        ("modis", "MOD.zip", "MOD.zip"),
        ("unknown", "a.SAFE", "a.SAFE"),
    ],
)
def test_the_key_of_a_product_follows_the_rule_of_its_collection(
    collection: str, product: str, key: str
) -> None:
    assert REGISTRY.product_key(collection, product) == key


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"titel": "x"}, "collection c: unknown key titel, did you mean title"),
        ({"product_key": "("}, r"collection c: product_key '\('"),
        ({"product_key": ".*"}, r"collection c: product_key '\.\*' needs a group"),
        ({"supersede": ["x"]}, "collection c: unknown key supersede, did you mean supersedes"),
    ],
)
def test_a_wrong_entry_is_named(entry: dict[str, object], message: str) -> None:
    with pytest.raises(BadConfiguration, match=message):
        CollectionRegistry.from_mapping({"c": entry})


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"MODIS": None}, "collection MODIS: MODIS is modis already"),
        ({"x": {"aliases": ["S2MSI2A"]}}, "collection x: S2MSI2A is sentinel-2-l2a already"),
    ],
)
def test_two_files_that_name_one_collection_are_refused(second: dict[str, object], message: str) -> None:
    first = {"sentinel-2-l2a": {"aliases": ["s2msi2a"]}, "modis": None}
    with pytest.raises(BadConfiguration, match=message):
        CollectionRegistry.from_mapping(first, second)


def test_an_entry_that_stands_twice_in_a_file_is_refused() -> None:
    with pytest.raises(BadConfiguration, match="modis stands twice"):
        read_collections("modis:\n  title: One\nmodis:\n  title: Two\n")


@pytest.mark.parametrize(
    "name", [line for line in ORIGINAL.read_text().splitlines() if not line.startswith("#")]
)
def test_each_collection_of_the_original_hub_is_known(name: str) -> None:
    found = load_registry().canonical(name)
    assert found is not None
    assert found.title


def test_all_of_them_are_listed() -> None:
    names = [line for line in ORIGINAL.read_text().splitlines() if not line.startswith("#")]
    assert len(names) == len(set(names)) == 211


def test_collections_say_what_they_supersede() -> None:
    registry = load_registry()
    for collection in registry:
        for name in collection.supersedes:
            other = registry.canonical(name)
            assert other is not None and other.id == name != collection.id, f"{collection.id}: {name}"
    later = registry.canonical("MOD13Q1_061")
    assert later and "modis-terra-mod13q1" in later.supersedes


def test_the_registry_of_the_package() -> None:
    registry = load_registry()
    assert registry is load_registry()
    assert len(registry) > 10
    names = [name.lower() for collection in registry for name in (collection.id, *collection.aliases)]
    assert len(names) == len(set(names)), "an id or alias stands for two collections"
