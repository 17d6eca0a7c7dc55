"""Solr finds by place exactly what shapely says: tilted, across 180 degrees, over the poles, wide."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import cache
from random import Random
from uuid import uuid4

import pytest
from ckan.common import config

from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.placed import Placed
from ckanext.nextgeoss.search.fields import CELL, FOOTPRINT, PLACED
from ckanext.nextgeoss.search.query import place_filter, quoted
from ckanext.nextgeoss.search.solr import SolrClient

SEED = 20240501
SITE = f"footprints-{uuid4().hex[:8]}"


def ring(x: float, y: float, width: float, height: float, turn: float, corners: int = 4) -> Footprint:
    """A tilted polygon round a place, sides in degrees; it may cross 180 degrees and hold a pole."""
    points = []
    for corner in range(corners):
        angle = 2 * math.pi * (corner + 0.5) / corners
        along, across = math.cos(angle) * width / 2, math.sin(angle) * height / 2
        north = along * math.sin(turn) + across * math.cos(turn)
        east = along * math.cos(turn) - across * math.sin(turn)
        points.append(_moved(x, y, east, north))
    footprint = Footprint.from_geojson({"type": "Polygon", "coordinates": [[*points, points[0]]]})
    assert footprint is not None
    return footprint


def _moved(x: float, y: float, east: float, north: float) -> tuple[float, float]:
    """The place that far from a place on the sphere (degrees), as satellites see it."""
    distance, bearing = math.radians(math.hypot(east, north)), math.atan2(east, north)
    latitude = math.asin(
        math.sin(math.radians(y)) * math.cos(distance)
        + math.cos(math.radians(y)) * math.sin(distance) * math.cos(bearing)
    )
    longitude = math.radians(x) + math.atan2(
        math.sin(bearing) * math.sin(distance) * math.cos(math.radians(y)),
        math.cos(distance) - math.sin(math.radians(y)) * math.sin(latitude),
    )
    return (math.degrees(longitude) + 540) % 360 - 180, math.degrees(latitude)


def shapes(random: Random) -> Iterator[Footprint]:
    """Footprints as providers have them, and awkward ones."""
    for _ in range(120):
        x, y = random.uniform(-180, 180), random.uniform(-83, 83)
        yield ring(x, y, 1, 1, random.uniform(0, 6))  # tiles
    for _ in range(50):
        x, y = random.choice((-179.6, 179.7, 180.0)), random.uniform(-80, 80)
        yield ring(x, y, random.uniform(1, 8), 3, random.uniform(0, 6))  # across 180 degrees
    for _ in range(50):
        x, y = random.uniform(-180, 180), random.uniform(-75, 75)
        yield ring(x, y, 18, 2.3, random.uniform(1.2, 1.9), 24)  # swaths
    for _ in range(40):
        x, y = random.uniform(-180, 180), random.choice((-88.0, 86.0, 89.5))
        yield ring(x, y, 20, 20, random.uniform(0, 6), 40)  # round the poles
    for _ in range(40):
        west, south = random.uniform(-180, 180), random.uniform(-80, 60)
        width, height = random.uniform(181, 359), random.uniform(1, 20)
        yield Footprint.from_bbox(west, south, west + width, south + height)  # wider than half the world


@cache
def documents() -> tuple[Footprint, ...]:
    world = Footprint.from_bbox(-180, -90, 180, 90)
    hole = Footprint.from_wkt("POLYGON((0 0, 20 0, 20 20, 0 20, 0 0),(5 5, 5 15, 15 15, 15 5, 5 5))")
    flat = [Footprint.from_wkt("POINT(10 10.5)"), Footprint.from_wkt("LINESTRING(2 2, 9 7, 30 1)")]
    return (*shapes(Random(SEED)), *(found for found in (world, hole, *flat) if found))


def questions() -> Iterator[Footprint]:
    random = Random(SEED + 1)
    for width, height, number in ((20, 10, 25), (2, 1, 15), (0.1, 0.1, 10), (250, 40, 10)):
        for _ in range(number):
            west, south = random.uniform(-180, 180), random.uniform(-90, 90 - height)
            yield Footprint.from_bbox(west, south, west + width, south + height)
    for _ in range(15):  # across 180 degrees, as west > east
        south = random.uniform(-90, 70)
        yield Footprint.from_bbox(random.uniform(165, 179.9), south, random.uniform(-179.9, -165), south + 20)
    for corners in (4, 10, 100):
        for _ in range(8):
            x, y = random.uniform(-180, 180), random.uniform(-89, 89)
            yield ring(x, y, random.uniform(2, 30), random.uniform(2, 30), random.uniform(0, 6), corners)
    yield Footprint.from_bbox(-180, -90, 180, 90)
    yield Footprint.from_bbox(-180, 60, 180, 90)  # a cap on the pole


TRUTH = {
    "intersects": lambda document, question: document.intersects(question),
    "within": lambda document, question: document.within(question),
    "contains": lambda document, question: document.contains(question),
    "disjoint": lambda document, question: not document.intersects(question),
}


@pytest.fixture(scope="module")
def core() -> Iterator[SolrClient]:
    client = SolrClient(config["solr_url"])
    made = []
    for number, footprint in enumerate(documents()):
        place = Placed.of(footprint)
        old = {"index_id": f"{SITE}-{number}", "id": str(number), "site_id": SITE, FOOTPRINT: place.wkt}
        made += [
            old,
            old | {"index_id": f"{SITE}-{number}-c", "id": f"{number}c", CELL: [PLACED, *place.cells]},
        ]
    bare = {"index_id": f"{SITE}-bare", "id": "bare", "site_id": SITE}
    client.add([*made, bare], commit=True)
    yield client
    client.delete(f"site_id:{quoted(SITE)}", commit=True)


@pytest.mark.parametrize("relation", TRUTH)
def test_solr_agrees_with_shapely(core: SolrClient, relation: str) -> None:
    seen: Counter[str] = Counter()
    for question in questions():
        filters = [f"site_id:{quoted(SITE)}", place_filter(question, relation)]
        answer = core.select({"q": "*:*", "fq": filters, "fl": "id", "rows": 1000})
        found = {document["id"] for document in answer["response"]["docs"]}
        truth = {
            str(number) for number, document in enumerate(documents()) if TRUTH[relation](document, question)
        }
        # as they were before cells, and with them
        assert found == truth | {f"{number}c" for number in truth}, f"{relation} {question.wkt}"
        seen["questions"] += 1
        seen["hits"] += len(truth)
        seen["hits across 180 degrees"] += sum(
            document.bbox[0] > document.bbox[2]
            for number, document in enumerate(documents())
            if str(number) in truth
        )
    # a comparison of nothing with nothing would agree as well
    assert seen["questions"] > 100
    assert seen["hits"] > 50, seen
    assert seen["hits across 180 degrees"] > (0 if relation == "contains" else 5), seen
