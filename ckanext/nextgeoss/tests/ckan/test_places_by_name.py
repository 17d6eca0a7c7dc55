"""Areas of names and circles, as Solr takes them."""

from __future__ import annotations

import gzip

import pytest

from ckanext.nextgeoss.eo.circle import circle
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.gazetteer import area_of_name
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.search.catalogue import catalogue_for
from ckanext.nextgeoss.tests.catalogue import PLACES, Catalogue
from ckanext.nextgeoss.tests.shared import ROOT

SHIPPED = ROOT / "ckanext" / "nextgeoss" / "public" / "geo" / "gazetteer.tsv.gz"
_ROWS = [row.split("\t") for row in gzip.decompress(SHIPPED.read_bytes()).decode().splitlines()]
# every third country, and all that is larger
NAMES = [row[2] for number, row in enumerate(_ROWS) if row[1] == "country" and number % 3 == 0]
NAMES += [row[2] for row in _ROWS if row[1] in ("continent", "world region", "sea", "lake")]


def kinds(catalogue: Catalogue, area: Footprint) -> set[str]:
    """Which of the products of PLACES lie in an area."""
    page = catalogue_for(None).search(Query(footprint=area, collections=(catalogue.collection,), limit=50))
    by_id = {dataset["id"]: kind for kind, dataset in catalogue.datasets.items()}
    return {by_id[entry.uuid] for entry in page.entries} & set(PLACES)


def expected(area: Footprint) -> set[str]:
    return {kind for kind, box in PLACES.items() if area.intersects(Footprint.from_bbox(*box))}


def test_areas_of_names_are_understood(catalogue: Catalogue) -> None:
    found: dict[str, set[str]] = {}
    for name in NAMES:
        area = area_of_name(name)
        assert area is not None
        found[name] = kinds(catalogue, area)
        assert found[name] == expected(area), name
    assert found["Arctic Ocean"] == {"arctic"}
    assert found["Atlantic Ocean"] >= {"south"}


@pytest.mark.parametrize(
    ("lon", "lat", "radius", "inside"),
    [
        (10.5, 62, 120_000, {"north"}),
        (10.5, 62, 90_000, set[str]()),
        (-179.9, -17.5, 10_000, {"across"}),
        (178.5, -17.5, 90_000, set[str]()),
        (-150, 89, 700_000, {"arctic"}),
        (0, 90, 300_000, set[str]()),
        (0, 90, 500_000, {"arctic"}),
        (0, 90, 9_000_000, {"arctic", "north"}),
        (0, 0, 15_000_000, {"arctic", "north", "south"}),
        (180, 0, 19_000_000, set(PLACES)),
        (5, 5, 20_000_000, set(PLACES)),
    ],
)
def test_circles_are_understood(
    catalogue: Catalogue, lon: float, lat: float, radius: float, inside: set[str]
) -> None:
    area = circle(lon, lat, radius)
    assert kinds(catalogue, area) == inside == expected(area)
