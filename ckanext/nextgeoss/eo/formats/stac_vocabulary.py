"""What the members of a STAC item tell, for reports: the names that stac.py reads by, as one table."""

from __future__ import annotations

from collections.abc import Iterator

from ..properties import load_properties
from .stac_names import RENAMED, SPLIT, STATISTICS
from .vocabulary import IGNORED, Vocabulary

_PARTS = {
    "id": "id",
    "properties/id": "id",
    "collection": "collection",
    "properties/collection": "collection",
    "properties/c:id": "collection",
    "properties/title": "title",
    "geometry*": "geometry",
    "bbox": "geometry",
    "properties/datetime": "time",
    "properties/start_datetime": "time",
    "properties/end_datetime": "time",
    "properties/dtr:*": "time",
    "properties/nextgeoss:time": "time",
    "assets*": "assets",
    "properties/proj:epsg": "proj_code",
    "properties/eo:epsg": "proj_code",
    "type": IGNORED,
    "stac_version": IGNORED,
    "stac_extensions": IGNORED,
    "links*": IGNORED,
}


def _members() -> Iterator[tuple[str, str]]:
    rows = load_properties()
    for row in rows.values():
        for name in (row.stac, row.own_name, *row.stac_aliases):
            yield name, row.name
    for old, new in RENAMED.items():
        if row := rows.by_stac(new):
            yield old, row.name
    for old, new in STATISTICS.items():
        if row := rows.by_stac(new):
            yield f"statistics/{old}", row.name
    for old, names in SPLIT.items():
        if row := rows.by_stac(names[0]):
            yield old, row.name


VOCABULARY = Vocabulary(
    _PARTS | {f"properties/{name}{rest}": row for name, row in _members() for rest in ("", "/*")},
    only_these=True,
)
