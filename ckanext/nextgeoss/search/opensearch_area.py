"""The area that an OpenSearch request asks for (OGC 10-032, 9): a box, a geometry, a point, a named place."""

from __future__ import annotations

from dataclasses import dataclass

from ..eo.circle import circle
from ..eo.errors import BadValue
from ..eo.footprint import Footprint
from ..eo.gazetteer import area_of_name
from ..eo.query import parse_bbox
from .opensearch_given import Given

BOX, GEOMETRY, LAT, LON, RADIUS = "geo:box", "geo:geometry", "geo:lat", "geo:lon", "geo:radius"
NAME, RELATION = "geo:name", "geo:relation"
# what is asked for is the subject here, the product in Query.relation
_RELATIONS = {
    "intersects": "intersects",
    "contains": "within",
    "disjoint": "disjoint",
    "within": "contains",
}


@dataclass(frozen=True, slots=True)
class Area:
    """What is asked of the place: `nowhere` when a name is that of no known place."""

    footprint: Footprint | None = None
    relation: str = "intersects"
    nowhere: bool = False


def read_area(given: Given) -> Area:
    """The area a request asks for: one at a time, as two would be neither the one nor the other."""
    point = LAT in given or LON in given
    ways = [name for name in (BOX, GEOMETRY, NAME) if name in given] + [LAT] * point
    if len(ways) > 1:
        raise given.bad(ways[0], "one area only: bbox, geometry, name, or lat and lon")
    if RADIUS in given and not (point or NAME in given):
        raise given.bad(RADIUS, "a radius only together with lat and lon, or with name")
    relation = given.choice(RELATION, _RELATIONS, "intersects")
    if not ways:
        if RELATION in given:
            raise given.bad(RELATION, "a relation only together with an area")
        return Area()
    found = _point(given) if point else _READERS[ways[0]](given)
    return Area(found, relation, nowhere=found is None)


def _box(given: Given) -> Footprint:
    return parse_bbox(given.one(BOX), given.names[BOX])


def _geometry(given: Given) -> Footprint:
    try:
        found = Footprint.from_wkt(given.one(GEOMETRY))
    except BadValue as error:
        raise given.bad(GEOMETRY, error.allowed) from error
    if found is None:
        raise given.bad(GEOMETRY, "a geometry that is not empty")
    if "ring closed" in found.repairs:
        raise given.bad(GEOMETRY, "rings that end where they began")
    return found


def _named(given: Given) -> Footprint | None:
    return area_of_name(given.one(NAME), given.number(RADIUS))


_READERS = {BOX: _box, GEOMETRY: _geometry, NAME: _named}


def _point(given: Given) -> Footprint:
    lat, lon, radius = given.number(LAT), given.number(LON), given.number(RADIUS)
    if lat is None or lon is None:
        raise given.bad(LON if lat is not None else LAT, "lat and lon together")
    if radius is None:
        found = Footprint.from_geojson({"type": "Point", "coordinates": [lon, lat]})
        assert found is not None
        return found
    return circle(lon, lat, radius)
