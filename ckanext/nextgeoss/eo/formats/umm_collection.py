"""Collections of NASA's Common Metadata Repository (UMM-C) as descriptions of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..collection import Collection
from ..errors import BadRecord, BadValue
from ..footprint import Footprint
from ..product import Problem
from ..temporal import ALWAYS, TemporalExtent
from .cmr import said
from .loose_json import array, mapping, text, texts
from .loose_time import read_extent
from .noted import first_footprint
from .umm_geometry import geometry_of


def read_umm_collection(item: Any, position: int = 0) -> Collection:
    """The description of a collection, under its short name and version; BadRecord without a short name."""
    umm, meta = (said(mapping(mapping(item).get(name))) for name in ("umm", "meta"))
    short_name, version = text(umm.get("ShortName")), text(umm.get("Version"))
    if not short_name:
        raise BadRecord("a collection without a short name", position)
    platforms = [mapping(entry) for entry in array(umm.get("Platforms"))]
    instruments = [mapping(entry) for about in platforms for entry in array(about.get("Instruments"))]
    return Collection(
        id="_".join(filter(None, (short_name, version))),
        title=text(umm.get("EntryTitle")),
        description=text(umm.get("Abstract")),
        keywords=_keywords(umm),
        license=_license(umm),
        doi=text(mapping(umm.get("DOI")).get("DOI")),
        platforms=_names(platforms),
        instruments=_names(instruments),
        providers=_names([mapping(entry) for entry in array(umm.get("DataCenters"))]),
        footprint=_footprint(umm),
        time=_time(umm),
        aliases=tuple(filter(None, (text(meta.get("concept-id")),))),
    )


def _names(entries: list[dict[str, Any]]) -> tuple[str, ...]:
    return texts([entry.get("ShortName") for entry in entries])


def _keywords(umm: Mapping[str, Any]) -> tuple[str, ...]:
    """The most exact term of each science keyword, and those that are free."""
    levels = ("DetailedVariable", "VariableLevel3", "VariableLevel2", "VariableLevel1", "Term", "Topic")
    science = [
        next((found for level in levels if (found := text(mapping(entry).get(level)))), "")
        for entry in array(umm.get("ScienceKeywords"))
    ]
    return texts([*science, *array(umm.get("AncillaryKeywords"))])


def _license(umm: Mapping[str, Any]) -> str:
    use = mapping(umm.get("UseConstraints"))
    address = text(mapping(use.get("LicenseURL")).get("Linkage"))
    return address or ("CC0-1.0" if use.get("FreeAndOpenData") is True and not use.get("LicenseText") else "")


def _footprint(umm: Mapping[str, Any]) -> Footprint | None:
    ignored: list[Problem] = []
    try:
        return first_footprint(geometry_of(umm), ignored)
    except BadValue:
        return None


def _time(umm: Mapping[str, Any]) -> TemporalExtent:
    """From the first begin to the last end; open where it goes on."""
    ignored: list[Problem] = []
    starts: list[str] = []
    ends: list[str] = []
    is_open = False
    for entry in array(umm.get("TemporalExtents")):
        extent = mapping(entry)
        is_open = is_open or extent.get("EndsAtPresentFlag") is True
        ranges = [mapping(each) for each in array(extent.get("RangeDateTimes"))]
        singles = list(texts(extent.get("SingleDateTimes"))) if extent.get("SingleDateTimes") else []
        starts += [text(each.get("BeginningDateTime")) for each in ranges] + singles
        ends += [text(each.get("EndingDateTime")) for each in ranges] + singles
    begin, last = min(filter(None, starts), default=""), max(ends, default="")
    is_open = is_open or "" in ends
    return read_extent(begin, "" if is_open else last, "time", ignored) if begin or last else ALWAYS
