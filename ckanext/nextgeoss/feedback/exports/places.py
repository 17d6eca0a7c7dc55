"""Where feedback is about: the areas of the scopes of its targets and of its events, as GeoRSS and as WKT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..guf import FeedbackItem
from ..iso import BoundingBox, BoundingPolygon, Extent

Position = tuple[float, float]


def areas(item: FeedbackItem) -> Iterator[BoundingBox | BoundingPolygon]:
    """The areas that an item names, those of its targets first."""
    for extent in _extents(item):
        yield from extent.geographic_element


def georss(area: BoundingBox | BoundingPolygon) -> str:
    """The GeoRSS element of an area, latitude first."""
    if isinstance(area, BoundingPolygon):
        return f"<georss:polygon>{_pairs([(y, x) for x, y in area.polygon])}</georss:polygon>"
    corners = [(area.south_bound_latitude, area.west_bound_longitude),
               (area.north_bound_latitude, area.east_bound_longitude)]  # fmt: skip
    return f"<georss:box>{_pairs(corners)}</georss:box>"


def wkt(area: BoundingBox | BoundingPolygon) -> str:
    """An area as WKT, longitude first."""
    if isinstance(area, BoundingPolygon):
        ring: Sequence[Position] = area.polygon
    else:
        west, east = area.west_bound_longitude, area.east_bound_longitude
        south, north = area.south_bound_latitude, area.north_bound_latitude
        ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return f"POLYGON(({', '.join(f'{x:g} {y:g}' for x, y in ring)}))"


def _extents(item: FeedbackItem) -> Iterator[Extent]:
    for target in item.target:
        yield from target.scope.extent if target.scope else ()
    for event in item.significant_event:
        yield event.extent


def _pairs(positions: Sequence[Position]) -> str:
    return " ".join(f"{first:.10g} {second:.10g}" for first, second in positions)
