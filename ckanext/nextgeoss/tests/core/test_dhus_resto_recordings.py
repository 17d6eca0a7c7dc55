"""Every search answer that DHuS and resto hubs were recorded with is read."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.eo.formats.dhus import DHUS
from ckanext.nextgeoss.eo.formats.feed import Feed, Format
from ckanext.nextgeoss.eo.formats.resto import RESTO
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.xml import parse_xml
from ckanext.nextgeoss.tests.shared import provider_samples

DHUS_FILES = ("copernicus-scihub-dhus/opensearch_*",)
RESTO_FILES = ("cdse-creodias-resto/*.json", "code-de/*.json", "sara-australia/*.json")
BOTH = pytest.mark.parametrize(("format", "patterns"), [(DHUS, DHUS_FILES), (RESTO, RESTO_FILES)])


def document(path: Path) -> Any:
    return parse_xml(path.read_bytes()) if path.suffix == ".xml" else json.loads(path.read_text("utf-8-sig"))


@cache
def recordings(format: Format, patterns: tuple[str, ...]) -> list[tuple[Path, Feed, list[Product]]]:
    """Each recording with its entries and their products; collections without name are called `unnamed`."""
    read: list[tuple[Path, Feed, list[Product]]] = []
    for path in sorted(path for pattern in patterns for path in provider_samples().glob(pattern)):
        answer = document(path)
        assert format.recognises(answer), path.name
        found = format.feed(answer, path.name)
        entries = enumerate(found.entries)
        products = [format.product(entry, position=n, collection="unnamed") for n, entry in entries]
        read.append((path, found, products))
    return read


@BOTH
def test_little_is_noted(format: Format, patterns: tuple[str, ...]) -> None:
    """What the recordings say is understood, but for what was cut or emptied after it was recorded."""
    noted = [
        problem
        for _, _, read in recordings(format, patterns)
        for product in read
        for problem in product.problems
    ]
    assert {problem.where for problem in noted} <= {"geometry", "startDate"}
    assert len(noted) <= 2


def number(value: Any) -> float | None:
    return None if value is None else float(value)


def test_products_of_dhus_say_what_their_entries_say() -> None:
    """Times, footprints, clouds, orbits and sizes against the attributes."""
    for path, found, read in recordings(DHUS, DHUS_FILES):
        for entry, product in zip(found.entries, read, strict=True):
            said, where = DHUS.view(entry), f"{path.name}: {product.id}"
            assert product.id == said["identifier"], where
            assert product.collection == said["platformname"], where
            assert product.time.start and product.time.end, where
            assert bool(product.footprint) == ("footprint" in said), where
            assert product.properties.get("cloud_cover") == number(said.get("cloudcoverpercentage")), where
            assert product.properties.get("absolute_orbit") == number(said.get("orbitnumber")), where
            assert product.properties["product_type"] == said["producttype"], where
            channels = product.properties.get("polarizations", ())
            assert " ".join(channels) == said.get("polarisationmode", ""), where  # type: ignore[arg-type]
            assert [asset.key for asset in product.assets] == ["data", "metadata", "overview"], where
            assert product.assets[0].size, where
            assert str(product.properties["platform"]).startswith(f"{product.collection.lower()}"), where
            assert str(product.properties["platform"])[-1] == product.id[2].lower(), where


def test_both_geometries_of_dhus_are_the_same() -> None:
    """The GML, with the latitude first, is where the WKT is."""
    for path, found, read in recordings(DHUS, DHUS_FILES):
        for entry, product in zip(found.entries, read, strict=True):
            said = dict(DHUS.view(entry))
            if product.footprint:
                said.pop("footprint")
                listed = [{"name": name, "content": value} for name, value in said.items() if name != "link"]
                other = DHUS.product({"str": listed}).footprint
                assert other, path.name
                assert other.bbox == pytest.approx(product.footprint.bbox, abs=0.01), (
                    f"{path.name}: {product.id}"
                )


def test_products_of_resto_say_what_their_features_say() -> None:
    """Times, footprints, clouds and orbits against the properties; no cloud is told of what sees none."""
    for path, found, read in recordings(RESTO, RESTO_FILES):
        for feature, product in zip(found.entries, read, strict=True):
            said, where = feature["properties"], f"{path.name}: {product.id}"
            assert product.id == said["title"] or path.name == "creodias_FeatureSnippet.json", where
            assert product.collection == said.get("collection", "unnamed"), where
            assert product.time or not said.get("startDate"), where
            located = feature.get("geometry") or said.get("gmlgeometry")
            assert bool(product.footprint) == bool(located), where
            assert product.properties.get("absolute_orbit") == (said.get("orbitNumber") or None), where
            cover = said.get("cloudCover")
            optical = said.get("instrument") in ("MSI", "OLCI", "SLSTR", "OLI_TIRS")
            expected = cover if optical and cover is not None and cover >= 0 else None
            assert product.properties.get("cloud_cover") == expected, where
            assert "snow_cover" not in product.properties, where


def test_both_geometries_of_resto_are_the_same() -> None:
    """The GML, with the longitude first, is where the GeoJSON is."""
    for path, found, read in recordings(RESTO, RESTO_FILES):
        for feature, product in zip(found.entries, read, strict=True):
            if product.footprint and feature["properties"].get("gmlgeometry"):
                other = RESTO.product(feature | {"geometry": None}, collection="unnamed").footprint
                assert other, path.name
                assert other.bbox == pytest.approx(product.footprint.bbox, abs=0.01), (
                    f"{path.name}: {product.id}"
                )


def test_answers_of_others_are_not_recognised() -> None:
    """Neither format takes what another service said for its own."""
    ours = ("copernicus-scihub-dhus", "cdse-creodias-resto", "code-de", "sara-australia", "odd-geometries")
    for path in sorted(provider_samples().glob("*/*")):
        if path.parent.name in ours or path.suffix not in (".xml", ".json"):
            continue
        try:
            answer = document(path)
        except (BadAnswer, ValueError):
            continue
        assert not DHUS.recognises(answer) and not RESTO.recognises(answer), path
