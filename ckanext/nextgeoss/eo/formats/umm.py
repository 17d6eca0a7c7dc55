"""Granules of NASA's Common Metadata Repository in its Unified Metadata Model (UMM-G 1.4 to 1.6): reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..errors import BadAnswer, BadRecord
from ..footprint import Footprint
from ..product import Problem, Product
from ..temporal import ALWAYS, TemporalExtent
from .cmr import asset_link, by_name, byte_count, completed, direction, granule_name, of_radar, said
from .feed import Feed, check_named
from .links import Link, assets_of
from .loose_json import array, mapping, text, whole_number
from .loose_time import read_extent
from .noted import first_footprint
from .umm_geometry import geometry_of
from .umm_names import ROLES, VOCABULARY

_ALGORITHM = re.compile(r"[\s-]")
_WRS = re.compile(r"wrs", re.I)


class Umm:
    """Items with `umm` and `meta`, in a search answer, in a list or alone."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is a search answer of such items, a list of them, or one."""
        if isinstance(document, list):
            return any(_is_granule(item) for item in cast(list[Any], document))
        about = mapping(document)
        return _is_granule(about) or ("items" in about and "hits" in about)

    def feed(self, document: Any, source: str) -> Feed:
        """The items, with `hits`."""
        if isinstance(document, list):
            return Feed(tuple(cast(list[Any], document)))
        about = mapping(document)
        if _is_granule(about):
            return Feed((about,))
        items = about.get("items")
        if not isinstance(items, list):
            raise BadAnswer("an answer of CMR without an array of items", source)
        entries = cast(list[Any], items)
        if entries and all(_is_collection(item) for item in entries):
            raise BadAnswer(f"a list of {len(entries)} collections, not products", source)
        return Feed(tuple(entries), whole_number(about.get("hits")))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The item, its lists of named values by these names, without texts that say nothing."""
        return {"meta": said(mapping(mapping(entry).get("meta"))), "umm": _umm_view(entry)}

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of an item, known by its name in the archive or, where that is a number, by that of its
        producer."""
        if not isinstance(entry, dict) or not isinstance(mapping(entry).get("umm"), dict):
            raise BadRecord("not a granule: no umm", position)
        view = self.view(entry)
        umm, meta = view["umm"], view["meta"]
        identifier = granule_name(
            text(umm.get("GranuleUR")) or text(meta.get("native-id")), text(_producer_id(umm))
        )
        named = _collection(umm, meta) or collection
        check_named("granule", identifier, named, position)
        problems: list[Problem] = []
        return Product(
            id=identifier,
            collection=named,
            footprint=_footprint(umm, problems),
            time=_time(umm, problems),
            properties=completed(VOCABULARY.read(view, problems), identifier),
            assets=assets_of(_links(umm), problems),
            problems=tuple(problems),
        )


UMM = Umm()


def _is_granule(item: Any) -> bool:
    return bool(mapping(mapping(item).get("umm"))) and not _is_collection(item)


def _is_collection(item: Any) -> bool:
    umm = mapping(mapping(item).get("umm"))
    return mapping(mapping(item).get("meta")).get("concept-type") == "collection" or (
        "EntryTitle" in umm and "GranuleUR" not in umm
    )


def _umm_view(entry: Any) -> dict[str, Any]:
    umm = said(mapping(mapping(entry).get("umm")))
    changed: dict[str, Any] = {}
    if extra := by_name(umm.get("AdditionalAttributes"), "Name", "Values"):
        changed["AdditionalAttributes"] = of_radar(extra)
    if "ProviderDates" in umm:
        changed["ProviderDates"] = by_name(umm["ProviderDates"], "Type", "Date")
    if granule := mapping(umm.get("DataGranule")):
        names = by_name(granule.get("Identifiers"), "IdentifierType", "Identifier")
        changed["DataGranule"] = granule | ({"Identifiers": names} if names else {})
    if tiling := mapping(umm.get("TilingIdentificationSystem")):
        changed["TilingIdentificationSystem"] = _tile(tiling)
    if platforms := array(umm.get("Platforms")):
        changed["Platforms"] = [_platform(mapping(platform)) for platform in platforms]
    orbit = mapping(mapping(mapping(umm.get("SpatialExtent")).get("HorizontalSpatialDomain")).get("Orbit"))
    if "StartDirection" in orbit:
        orbit["StartDirection"] = direction(orbit["StartDirection"])  # of our own copy
    return umm | changed


def _platform(about: dict[str, Any]) -> dict[str, Any]:
    instruments = [mapping(each) for each in array(about.get("Instruments"))]
    for instrument in instruments:
        if "Characteristics" in instrument:
            instrument["Characteristics"] = by_name(instrument["Characteristics"], "Name", "Value")
    return about | ({"Instruments": instruments} if instruments else {})


def _tile(about: Mapping[str, Any]) -> dict[str, Any]:
    """The cell of a grid: path and row, or a tile such as h18v04 of MODIS."""
    name = text(about.get("TilingIdentificationSystemName"))
    first, second = (_coordinate(about.get(key)) for key in ("Coordinate1", "Coordinate2"))
    if _WRS.search(name):
        return {"Path": first, "Row": second}
    if "modis" in name.lower() and first.isdecimal() and second.isdecimal():
        return {"Tile": f"h{int(first):02}v{int(second):02}"}
    return {"Tile": f"{first}-{second}" if first and second else first or second, "Name": name}


def _coordinate(value: Any) -> str:
    said = mapping(value).get("MinimumValue")
    if isinstance(said, float) and said.is_integer():
        said = int(said)
    return text(said) if not isinstance(said, float) else str(said)


def _producer_id(umm: Mapping[str, Any]) -> Any:
    names = mapping(mapping(umm.get("DataGranule")).get("Identifiers"))
    return names.get("ProducerGranuleId")


def _collection(umm: Mapping[str, Any], meta: Mapping[str, Any]) -> str:
    """Short name and version as CMR-STAC joins them, else the title or number of the collection."""
    about = mapping(umm.get("CollectionReference"))
    name, version = text(about.get("ShortName")), text(about.get("Version"))
    return "_".join(filter(None, (name, version))) or (
        text(meta.get("collection-concept-id")) or text(about.get("EntryTitle"))
    )


def _time(umm: Mapping[str, Any], problems: list[Problem]) -> TemporalExtent:
    extent = mapping(umm.get("TemporalExtent"))
    between = extent.get("RangeDateTime")
    about = mapping(array(between)[0] if isinstance(between, list) and between else between)
    start, end = (text(about.get(name)) for name in ("BeginningDateTime", "EndingDateTime"))
    if start or end:
        return read_extent(start, end, "TemporalExtent", problems)
    single = text(extent.get("SingleDateTime"))
    return read_extent(single, single, "TemporalExtent", problems) if single else ALWAYS


# --- where


def _footprint(umm: Mapping[str, Any], problems: list[Problem]) -> Footprint | None:
    domain = mapping(mapping(umm.get("SpatialExtent")).get("HorizontalSpatialDomain"))
    found = first_footprint(geometry_of(umm), problems)
    if found is None and mapping(domain.get("Orbit")):
        problems.append(Problem("geometry", "only an orbit is given, of which no area can be told"))
    return found


# --- files


def _links(umm: Mapping[str, Any]) -> Iterator[Link]:
    packages = mapping(umm.get("DataGranule")).get("ArchiveAndDistributionInformation")
    files = list(_files(packages))
    links = [mapping(entry) for entry in array(umm.get("RelatedUrls"))]
    data = [about for about in links if text(about.get("Type")).upper() == "GET DATA"]
    # what is said of one file without a name is that of the only one there is
    alone = files[0] if len(files) == 1 and len([each for each in data if _is_web(each)]) == 1 else {}
    named = {text(file.get("Name")): file for file in files if text(file.get("Name"))}
    for about in links:
        href = text(about.get("URL"))
        kind = text(about.get("Type")).upper()
        file = named.get(href.rpartition("/")[2]) or (alone if about in data else {})
        yield asset_link(
            href,
            ROLES.get(kind, "related"),
            title=about.get("Description"),
            media_type=text(about.get("MimeType")) or text(about.get("Format")),
            size=_size(file),
            checksum=_checksum(file),
        )


def _is_web(about: Mapping[str, Any]) -> bool:
    return text(about.get("URL")).lower().startswith("http")


def _files(packages: Any) -> Iterator[dict[str, Any]]:
    """What is said of each file, and of the files of a package."""
    for entry in array(packages):
        about = mapping(entry)
        yield about
        yield from _files(about.get("Files"))


def _size(file: Mapping[str, Any]) -> int | None:
    exact = whole_number(file.get("SizeInBytes"))
    return exact if exact is not None else byte_count(file.get("Size"), text(file.get("SizeUnit")) or "MB")


def _checksum(file: Mapping[str, Any]) -> str:
    about = mapping(file.get("Checksum"))
    algorithm, value = (text(about.get(name)) for name in ("Algorithm", "Value"))
    return f"{_ALGORITHM.sub('', algorithm).lower()}:{value}" if algorithm and value else ""
