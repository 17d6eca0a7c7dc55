"""What the search benchmark asks of STAC APIs: the same of each, at random places and times."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from _load import Request

WIDTH, HEIGHT = 20, 10  # degrees
YEAR = timedelta(days=365)
CLOUDS = 10  # percent
# the products of the catalogue begin in these days
_FIRST, _DAYS = datetime(2024, 1, 1, tzinfo=timezone.utc), 180
BY_ID, COUNTS = "by id", "counts of box + year"
TEXT, TREE = "CQL2 text", "CQL2 JSON"
PLATFORMS = ("sentinel-1a", "sentinel-2a", "sentinel-2b", "sentinel-3a", "landsat-8", "landsat-9")
COUNTED = (
    "total_count", "datetime_min", "datetime_max", "collection_frequency", "platform_frequency",
    "cloud_cover_frequency",
)  # fmt: skip

Question = Callable[[random.Random], dict[str, Any]]


def box_and_year(chance: random.Random) -> dict[str, Any]:
    """A box anywhere but at the poles, and a year."""
    west, south = round(chance.uniform(-180, 180 - WIDTH), 2), round(chance.uniform(-60, 75 - HEIGHT), 2)
    start = _FIRST + timedelta(minutes=chance.randrange(_DAYS * 24 * 60))
    period = "/".join(f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (start, start + YEAR))
    return {"bbox": [west, south, west + WIDTH, south + HEIGHT], "datetime": period}


def _clear(chance: random.Random) -> dict[str, Any]:
    return box_and_year(chance) | {"query": {"eo:cloud_cover": {"lt": CLOUDS}}}


def _ring(chance: random.Random) -> list[list[float]]:
    """A box as the ring around it."""
    west, south, east, north = box_and_year(chance)["bbox"]
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _text_filter(chance: random.Random) -> dict[str, Any]:
    """A box, clouds and one of two platforms, as text."""
    ring = ", ".join(f"{x} {y}" for x, y in _ring(chance))
    platforms = " OR ".join(f"platform = '{name}'" for name in chance.sample(PLATFORMS, 2))
    clouds = chance.randrange(5, 50)
    place = f"S_INTERSECTS(geometry, POLYGON(({ring})))"
    return {
        "filter-lang": "cql2-text",
        "filter": f'{place} AND "eo:cloud_cover" < {clouds} AND ({platforms})',
    }


def _tree_filter(chance: random.Random) -> dict[str, Any]:
    """A box, and one of clear products of a platform and those that are not of two others, as JSON."""
    first, *others = chance.sample(PLATFORMS, 3)
    clear = _node("<", {"property": "eo:cloud_cover"}, chance.randrange(5, 50))
    none = _node("not", _node("or", *(_of_platform(name) for name in others)))
    either = _node("or", _node("and", _of_platform(first), clear), none)
    area = {"type": "Polygon", "coordinates": [_ring(chance)]}
    place = _node("s_intersects", {"property": "geometry"}, area)
    return {"filter-lang": "cql2-json", "filter": _node("and", place, either)}


def _of_platform(name: str) -> dict[str, Any]:
    return _node("=", {"property": "platform"}, name)


def _node(operator: str, *parts: Any) -> dict[str, Any]:
    return {"op": operator, "args": list(parts)}


def _counted(chance: random.Random) -> dict[str, Any]:
    """Counts over a box and a year."""
    return box_and_year(chance) | {"aggregations": list(COUNTED)}


# by name: what is asked beside the limit, and the limit
SEARCHES: Mapping[str, tuple[Question, int]] = {
    "10": (lambda chance: {}, 10),
    "box + year": (box_and_year, 10),
    "box + year + clouds": (_clear, 10),
    "100": (lambda chance: {}, 100),
    TEXT: (_text_filter, 10),
    TREE: (_tree_filter, 10),
}


def searches(name: str, how_many: int, seed: object) -> list[Request]:
    """Requests of one case: by POST, a filter that is text by GET."""
    question, limit = SEARCHES[name]
    chance = random.Random(f"{name} {seed}")
    asked = (question(chance) | {"limit": limit} for _ in range(how_many))
    if name == TEXT:
        return [Request(f"/search?{urlencode(each)}") for each in asked]
    return [Request("/search", json.dumps(each)) for each in asked]


def aggregations(how_many: int, seed: object) -> list[Request]:
    """POST requests of counts, which the peer does not offer."""
    chance = random.Random(f"{COUNTS} {seed}")
    return [Request("/aggregate", json.dumps(_counted(chance))) for _ in range(how_many)]


def items_by_id(names: Sequence[tuple[str, str]], how_many: int, seed: object) -> list[Request]:
    """GET requests of single items, of pairs of collection and id."""
    chance = random.Random(f"{BY_ID} {seed}")
    chosen = (chance.choice(names) for _ in range(how_many))
    return [Request(f"/collections/{quote(c, safe='')}/items/{quote(i, safe='')}") for c, i in chosen]


def names_in(items: Path) -> list[tuple[str, str]]:
    """Collection and id of each item of a file with one a line."""
    with items.open() as lines:
        return [(item["collection"], item["id"]) for item in map(json.loads, lines)]
