"""Filters over things at hand: three-valued, each operator and relation."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from ckanext.nextgeoss.eo.filter import (
    Alike,
    And,
    Condition,
    Filter,
    Listed,
    Missing,
    Not,
    OfOne,
    Or,
    Pair,
    Place,
    Span,
)
from ckanext.nextgeoss.eo.filter_match import matches
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.temporal import TemporalExtent

BOX = Footprint.from_bbox(0, 0, 10, 10)
VALUES = {
    "collection": "c",
    "title": "Étude of Snow*",
    "products": 7,
    "keywords": ("snow", "ice"),
    "start": datetime(2020, 1, 1, tzinfo=timezone.utc),
    "license": "",
    "geometry": BOX,
    "span": TemporalExtent.of("2020-01-01", "2020-12-31"),
}
EMPTY = {"geometry": None, "span": TemporalExtent(), "keywords": ()}
YEAR = TemporalExtent.of("2020-06-01", "2021-06-01")

SO: list[Filter] = [
    Condition("products", "=", 7), Condition("products", "!=", 8), Condition("products", "<=", 7.5),
    Condition("products", ">", 6), Condition("products", "between", (1, 7)),
    Condition("products", "in", (7, 9)),
    Condition("start", "<", datetime(2020, 1, 2, tzinfo=timezone.utc)),
    Condition("title", "like", r"É*Snow\*"), Condition("title", "starts", "Étude"),
    Condition("title", "ends", "*"), Condition("title", "has", "of"), Condition("title", "like", "?tude*"),
    Condition("keywords", "=", "ice"), Condition("keywords", "!=", "water"),
    Alike("title", "like", ("etude*",), accents=True), Alike("title", "=", ("étude of snow*",)),
    Listed("keywords", "contains", ("ice",)), Listed("keywords", "equals", ("ice", "snow")),
    Listed("keywords", "within", ("ice", "snow", "x")), Listed("keywords", "overlaps", ("x", "ice")),
    Missing("license"), Missing("nothing"), Not(Missing("title")), Pair("products", "=", "products"),
    Place(Footprint.from_bbox(5, 5, 15, 15)), Place(Footprint.from_bbox(-1, -1, 15, 15), "within"),
    Place(Footprint.from_bbox(1, 1, 2, 2), "contains"),
    Place(Footprint.from_bbox(20, 20, 21, 21), "disjoint"),
    Place(BOX, "equals"), Span("intersects", YEAR), Span("overlaps", YEAR),
    Span("before", TemporalExtent.of("2022-01-01", "..")),
    Span("during", TemporalExtent.of("2019-01-01", "..")),
    OfOne(("b", "c")), Not(OfOne(())),
]  # fmt: skip


@pytest.mark.parametrize("tree", SO, ids=str)
def test_what_is_so(tree: Filter):
    assert matches(tree, VALUES) and not matches(Not(tree), VALUES)


@pytest.mark.parametrize(
    "tree", [tree for tree in SO if not isinstance(tree, (Missing, Not, OfOne))], ids=str
)
def test_what_is_missing_is_neither_so_nor_otherwise(tree: Filter):
    assert not matches(tree, EMPTY) and not matches(Not(tree), EMPTY)


def test_logic():
    yes, no, unknown = (
        Condition("products", "=", 7),
        Condition("products", "=", 8),
        Condition("nothing", "=", 1),
    )
    assert matches(Or((no, unknown, yes)), VALUES) and matches(And(()), VALUES)
    assert not matches(And((yes, unknown)), VALUES) and not matches(Or(()), VALUES)
    assert matches(Not(And((unknown, no))), VALUES)
    assert not matches(Not(And((unknown, yes))), VALUES) and not matches(Not(Or((unknown, no))), VALUES)
