"""Faults in single records, as real providers have them: the product is kept and its problem noted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import seeded

_ONE_IN = 150


def spoiled(item: dict[str, Any]) -> dict[str, Any]:
    """The STAC item, for a few of them with something wrong in it; the same ones in every run."""
    place = seeded.number("defect", item["id"])
    if place % _ONE_IN == 0:
        _DEFECTS[place // _ONE_IN % len(_DEFECTS)](item)
    return item


def _impossible_cloud(item: dict[str, Any]) -> None:
    item["properties"]["eo:cloud_cover"] = 104.3


def _crossing_ring(item: dict[str, Any]) -> None:
    if item["geometry"] and item["geometry"]["type"] == "Polygon":
        ring = item["geometry"]["coordinates"][0]
        ring[1], ring[2] = ring[2], ring[1]


def _size_in_words(item: dict[str, Any]) -> None:
    item["assets"]["data"]["file:size"] = "large"


_DEFECTS: tuple[Callable[[dict[str, Any]], None], ...] = (_impossible_cloud, _crossing_ring, _size_in_words)
