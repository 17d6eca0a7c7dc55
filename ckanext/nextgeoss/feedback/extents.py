"""Whether what feedback says lies where the data lies: places of events and scopes, and their times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..eo.errors import BadValue
from ..eo.footprint import Footprint
from ..eo.temporal import ALWAYS, TemporalExtent

# what is wrong: text by the place of the part that it is about, as errors are told
AREA_OUTSIDE, AREA_BEYOND, TIME_OUTSIDE = "area_outside", "area_beyond", "time_outside"


@dataclass(frozen=True, slots=True)
class DataExtent:
    """Where and when the data of a dataset is, as far as it is known."""

    footprint: Footprint | None = None
    time: TemporalExtent = ALWAYS

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> DataExtent:
        """Of the fields of a dataset by name; what cannot be read is not known."""
        try:
            footprint = Footprint.stored(str(fields["spatial"])) if fields.get("spatial") else None
        except BadValue:
            footprint = None
        try:
            ends = (fields.get("timerange_start") or None, fields.get("timerange_end") or None)
            return cls(footprint, TemporalExtent.of(*ends))
        except BadValue:
            return cls(footprint)


def strange_places(parts: Mapping[str, Any], targets: Sequence[DataExtent]) -> Iterator[tuple[str, str]]:
    """What of the parts of an item lies elsewhere than the data that its targets are, one extent each: the
    place among the parts, and one of the words above."""
    for at, event in enumerate(parts.get("significant_event") or ()):
        yield from _strange(event.get("extent") or {}, f"significant_event[{at}].extent", targets, part=False)
    for at, target in enumerate(parts.get("target") or ()):
        for nth, extent in enumerate((target.get("scope") or {}).get("extent") or ()):
            where = f"target[{at}].scope.extent[{nth}]"
            yield from _strange(extent, where, targets[at : at + 1], part=True)


def _strange(
    extent: Mapping[str, Any], where: str, targets: Iterable[DataExtent], *, part: bool
) -> Iterator[tuple[str, str]]:
    """`part`: it should be a part of the data; an event may be larger."""
    areas = [target.footprint for target in targets if target.footprint]
    times = [target.time for target in targets if target.time]
    for at, element in enumerate(extent.get("geographic_element") or ()):
        place, area = f"{where}.geographic_element[{at}]", area_of(element)
        if area is None or not areas:
            continue
        if not any(area.intersects(each) for each in areas):
            yield place, AREA_OUTSIDE
        elif part and not any(area.within(each) for each in areas):
            yield place, AREA_BEYOND
    for at, period in enumerate(extent.get("temporal_element") or ()):
        said = TemporalExtent.of(period["begin"], period.get("end") or period["begin"])
        if times and not any(said.intersects(each) for each in times):
            yield f"{where}.temporal_element[{at}]", TIME_OUTSIDE


def area_of(element: Mapping[str, Any]) -> Footprint | None:
    """The area that a `geographic_element` of the standard says."""
    if "polygon" in element:
        return Footprint.from_geojson({"type": "Polygon", "coordinates": [element["polygon"]]})
    west, east = (element[f"{side}_bound_longitude"] for side in ("west", "east"))
    south, north = (element[f"{side}_bound_latitude"] for side in ("south", "north"))
    return Footprint.from_bbox(west, south, east, north)
