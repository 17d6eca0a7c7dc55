"""Features, Records and STAC refuse the same mistakes; each names parameter, value and what is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.nextgeoss.eo.crs import EPSG4326
from ckanext.nextgeoss.tests.catalogue import Catalogue

# parameter, what is asked, what of it is named, what is said to be allowed
MISTAKES = [
    ("bbox", "1,2,3", "1,2,3", "four or six numbers"),
    ("bbox", "1,2,3,4,5", "1,2,3,4,5", "four or six numbers"),
    ("bbox", "a,b,c,d", "a,b,c,d", "four or six numbers"),
    ("bbox", "nan,0,1,1", "nan,0,1,1", "four or six numbers"),
    ("bbox", "", "''", "four or six numbers"),
    ("bbox", "0,10,1,5", "0,10,1,5", "the southern one first"),
    ("bbox", "0,-100,1,5", "0,-100,1,5", "latitudes from -90 to 90"),
    ("bbox", "0,0,9,1,1,1", "0,0,9,1,1,1", "a lowest height that is not above the greatest"),
    (
        "datetime",
        "2024-02-01T00:00:00Z/2024-01-01T00:00:00Z",
        "2024-02-01T00:00:00Z/2024-01-01T00:00:00Z",
        "not before the start",
    ),
    ("datetime", "yesterday", "yesterday", "RFC 3339"),
    ("datetime", "2024-13-01T00:00:00Z", "2024-13-01T00:00:00Z", "RFC 3339"),
    ("datetime", "../..", "../..", "RFC 3339"),
    ("datetime", "", "''", "RFC 3339"),
    ("limit", "0", "0", "a whole number from 1 to 1000"),
    ("limit", "-1", "-1", "a whole number from 1 to 1000"),
    ("limit", "1.5", "1.5", "a whole number from 1 to 1000"),
    ("limit", "ten", "ten", "a whole number from 1 to 1000"),
    ("nosuch", "1", "nosuch", "a parameter out of"),
    ("filter", "cloud_cover <", "cloud_cover <", "cannot be read at line 1"),
    ("filter", "nosuch = 1", "nosuch", "/queryables"),
    ("filter", "title < 5", "5", "a text to compare"),
    ("filter", "", "''", "CQL2 Text"),
    ("filter-lang", "cql", "cql", "cql2-text"),
    ("filter-crs", "EPSG:3857", "EPSG:3857", "CRS84"),
    ("sortby", "nosuch", "nosuch", "/sortables"),
    ("sortby", "-", "-", "/sortables"),
]
# what STAC has not
OF_OGC = [
    ("crs", "EPSG:3857", "EPSG:3857", EPSG4326),
    ("bbox-crs", "nonsense", "nonsense", EPSG4326),
    ("f", "xml", "xml", "json or html"),
    ("f", "", "''", "json or html"),
]
OF_RECORDS = [
    ("offset", "-1", "-1", "a whole number from 0 to"),
    ("facets", "nosuch", "nosuch", "true, false, or names out of"),
]
PLACES = ["/features/collections/{c}/items", "/records/collections/{c}/items",
          "/records/collections/products/items", "/records/collections/collections/items"]  # fmt: skip
STAC = ["/stac/collections/{c}/items", "/stac/search"]
CASES = [
    *((place, mistake) for place in PLACES for mistake in (*MISTAKES, *OF_OGC)),
    *((place, mistake) for place in PLACES[1:] for mistake in OF_RECORDS),
    *((place, mistake) for place in STAC for mistake in MISTAKES if mistake[0] != "sortby"),
]


def refused(answer: Any) -> str:
    assert answer.status_code == 400, answer.text
    assert answer.headers["Content-Type"].startswith("application/json")
    assert set(answer.json) == {"code", "description"} and answer.json["code"] == "InvalidParameterValue"
    description: str = answer.json["description"]
    return description


@pytest.mark.parametrize(("place", "mistake"), CASES, ids=lambda each: str(each))
def test_a_mistake_is_named(
    site: Any, catalogue: Catalogue, place: str, mistake: tuple[str, str, str, str]
) -> None:
    name, asked, value, allowed = mistake
    address = place.format(c=catalogue.collection)
    said = refused(site.get(address, query_string={name: asked}))
    where, _, reason = said.partition(": ")
    assert where == name and allowed in reason
    # STAC tells of the numbers that it has read
    named, _, _ = reason.partition(" is not allowed")
    assert value in named or value.split(",") == [f"{n:g}" for n in _numbers(named)]


def _numbers(text: str) -> list[float]:
    return [float(each) for each in text.strip("[]").split(",")]


@pytest.mark.parametrize("place", [*PLACES, *STAC])
def test_nothing_can_be_said_twice(site: Any, catalogue: Catalogue, place: str) -> None:
    address = place.format(c=catalogue.collection)
    assert "one value" in refused(site.get(f"{address}?limit=1&limit=2"))


@pytest.mark.parametrize("path", ["", "/conformance", "/collections", "/api", "/api.html"])
@pytest.mark.parametrize("api", ["features", "records"])
def test_other_documents_know_no_other_parameters(site: Any, api: str, path: str) -> None:
    for asked in ({"nosuch": "1"}, {"f": "xml"}, {"f": ""}):
        (name,) = asked
        assert refused(site.get(f"/{api}{path}", query_string=asked)).startswith(f"{name}: ")


def test_a_limit_above_the_greatest_is_cut(site: Any, catalogue: Catalogue) -> None:
    """OGC 17-069r4, /req/core/fc-limit-response-1: no error."""
    for place in (*PLACES, *STAC):
        answer = site.get(place.format(c=catalogue.collection), query_string={"limit": "1000000"})
        assert answer.status_code == 200, place
