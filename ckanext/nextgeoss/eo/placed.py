"""Footprints as an index takes them."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from .cells import Asked, cells_asked, cells_of
from .footprint import Footprint
from .mending import Geometry
from .outline import MAX_EDGE

_WORLD = shapely.box(-180, -90, 180, 90)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a footprint is: `wkt` as of `solr_wkt`, `bbox` as of `bbox`, names of the cells it lies in."""

    wkt: str
    bbox: tuple[float, float, float, float]
    cells: list[str]

    @classmethod
    def of(cls, footprint: Footprint) -> Placed:
        """Where this one is."""
        wkt = footprint.solr_wkt()
        return cls(wkt, footprint.bbox, cells_of([_as_told(wkt)])[0])


def asked(footprint: Footprint) -> Asked | None:
    """The cells by which an index is asked for what intersects an area; None when it is too large."""
    return cells_asked(_as_told(footprint.solr_wkt()))


def place_stored(texts: Sequence[str]) -> list[Placed | None]:
    """Where many footprints are that were stored as the GeoJSON of a `Footprint`: the same as reading each,
    at a fraction of the cost, because what is normalised is not normalised again. None: no geometry."""
    shapes = shapely.from_geojson(list(texts), on_invalid="ignore")
    bounds = shapely.bounds(shapes)
    wkts = shapely.to_wkt(shapes, rounding_precision=7, trim=True)
    wide = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) > MAX_EDGE
    around = (bounds[:, 0] <= -180) & (bounds[:, 2] >= 180)
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    boxes = bounds.tolist()
    for number in np.flatnonzero((wide | around) & there):
        footprint = Footprint(shapes[number])
        wkts[number], boxes[number] = footprint.solr_wkt(), footprint.bbox
        shapes[number] = _as_told(wkts[number])
    cells = iter(cells_of(list(shapes[there])))
    return [
        Placed(wkt, tuple(box), next(cells)) if known else None
        for known, wkt, box in zip(there.tolist(), wkts, boxes, strict=True)
    ]


def _as_told(wkt: str) -> Geometry:
    """The geometry that an index reads, to the last digit."""
    return _WORLD if wkt.startswith("ENVELOPE") else shapely.from_wkt(wkt)
