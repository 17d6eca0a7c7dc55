"""Places and times of feedback that are not those of the data are noticed, across 180 degrees, too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ckanext.nextgeoss.feedback.extents import (
    AREA_BEYOND,
    AREA_OUTSIDE,
    TIME_OUTSIDE,
    DataExtent,
    strange_places,
)

ACROSS = {"type": "MultiPolygon", "coordinates": [
    [[[170, -10], [180, -10], [180, 10], [170, 10], [170, -10]]],
    [[[-180, -10], [-170, -10], [-170, 10], [-180, 10], [-180, -10]]],
]}  # fmt: skip
DATA = DataExtent.of(
    {"spatial": json.dumps(ACROSS), "timerange_start": "2020-01-01", "timerange_end": "2020-12-31"}
)


def area(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return {"west_bound_longitude": west, "south_bound_latitude": south, "east_bound_longitude": east,
            "north_bound_latitude": north}  # fmt: skip


def found(extent: dict[str, Any], *, scope: bool, data: DataExtent = DATA) -> list[str]:
    parts: dict[str, Any] = {"target": [{"scope": {"extent": [extent]}}]}
    if not scope:
        parts = {"target": [{}], "significant_event": [{"extent": extent}]}
    places = dict(strange_places(parts, [data]))
    start = "target[0].scope.extent[0]" if scope else "significant_event[0].extent"
    assert all(place.startswith(start) for place in places)
    return list(places.values())


@pytest.mark.parametrize(
    ("box", "event", "part"),
    [
        ((175, -5, -175, 5), [], []),
        ((171, -5, 172, 5), [], []),
        ((160, -5, -175, 5), [], [AREA_BEYOND]),
        ((-180, -90, 180, 90), [], [AREA_BEYOND]),
        ((-160, -5, 160, 5), [AREA_OUTSIDE], [AREA_OUTSIDE]),
        ((175, 20, -175, 30), [AREA_OUTSIDE], [AREA_OUTSIDE]),
    ],
)
def test_areas(box: Any, event: list[str], part: list[str]) -> None:
    extent = {"geographic_element": [area(*box)]}
    assert (found(extent, scope=False), found(extent, scope=True)) == (event, part)


def test_polygons_are_areas() -> None:
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    extent = {"geographic_element": [{"type": "polygon", "polygon": ring}]}
    assert found(extent, scope=False) == [AREA_OUTSIDE]


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("2020-12-31", None, []),
        ("2021-01-01", None, [TIME_OUTSIDE]),
        ("2019-01-01", "2020-01-01", []),
        ("2019-01-01", "2019-12-31", [TIME_OUTSIDE]),
        ("2020-12-31T23:00:00Z", None, []),
    ],
)
def test_times(begin: str, end: str | None, expected: list[str]) -> None:
    assert found({"temporal_element": [{"begin": begin, "end": end}]}, scope=False) == expected


@pytest.mark.parametrize("fields", [{}, {"spatial": "nowhere", "timerange_start": "once"}])
def test_of_data_that_is_nowhere_known_nothing_is_strange(fields: dict[str, str]) -> None:
    extent = {"geographic_element": [area(0, 0, 1, 1)], "temporal_element": [{"begin": "1900-01-01"}]}
    assert found(extent, scope=False, data=DataExtent.of(fields)) == []


def test_an_event_is_looked_for_in_all_targets_and_a_part_in_its_own() -> None:
    here = DataExtent.of({"spatial": json.dumps(ACROSS)})
    there = DataExtent.of({"spatial": json.dumps({"type": "Point", "coordinates": [0, 0]})})
    extent = {"geographic_element": [area(171, 0, 172, 1)]}
    parts = {"target": [{}, {"scope": {"extent": [extent]}}], "significant_event": [{"extent": extent}]}
    assert list(strange_places(parts, [here, there])) == [
        ("target[1].scope.extent[0].geographic_element[0]", AREA_OUTSIDE)
    ]
