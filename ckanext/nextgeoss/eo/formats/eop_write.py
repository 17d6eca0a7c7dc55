"""EOP O&M 2.1 (OGC 10-157r4): writes products; what it has no name for is a vendor's attribute."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import TypeAlias

from ..errors import BadValue
from ..product import Product, Value, product_uuid
from ..properties import load_properties
from ..property import Property
from ..temporal import TemporalExtent, format_time
from ..xml_text import attribute, element, escaped, holder
from .eop import counts_orbits
from .eop_names import CAPITALS, PLACES, THEMES, UNITS
from .gml_write import Drawing, draw, write_gml

# what an underscore would be read as, see eop.py
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_METADATA = (
    "identifier", "creationDate", "modificationDate", "doi", "parentIdentifier", "acquisitionType",
    "acquisitionSubType", "productType", "status", "downlinkedTo", "archivedIn", "productQualityStatus",
    "productQualityDegradationTag", "processing", "vendorSpecific",
)  # fmt: skip
_ORDER = itemgetter(0)
_RANK = {name: rank for rank, name in enumerate(_METADATA)}
# parts of the metadata: the property that holds the object
_HOLDERS = {
    "DownlinkInformation": "downlinkedTo",
    "ArchivingInformation": "archivedIn",
    "ProcessingInformation": "processing",
}
# by object, and there by name: the elements of one property
_Objects: TypeAlias = Mapping[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a property goes: the object that holds it, and its element, which is of one schema."""

    order: int
    kind: str
    element: str
    theme: str
    start: str
    end: str

    @classmethod
    def of(cls, order: int, name: str) -> _Place:
        kind, _, element = PLACES[name].partition("/")
        start = f"<{element}{attribute('uom', UNITS.get(name, ''))}>"
        return cls(order, kind, element, element.partition(":")[0], start, f"</{element}>")


_PLACES = {name: _Place.of(order, name) for order, name in enumerate(PLACES)}


@cache
def _places(theme: str, counts_orbits: bool) -> Mapping[str, _Place]:
    """The places in one schema; which row of wrsLongitudeGrid is meant depends on the platform."""
    left_out = ("wrs_path", "wrs_row") if counts_orbits else ("relative_orbit",)
    return {
        name: place
        for name, place in _PLACES.items()
        if place.theme in ("eop", theme) and name not in left_out
    }


def write(product: Product, drawing: Drawing | None = None) -> str:
    """The EarthObservation of a product as XML text, in the schema of its type of sensor; its prefixes are
    those of atom_names.NAMESPACES. `drawing` is that of its footprint, where there is one already."""
    theme = _theme(product.properties)
    objects, rest = _sorted_out(product.properties, theme)
    gml_id = f"id-{product_uuid(product.collection, product.id)}"
    if drawing is None and product.footprint is not None:
        drawing = draw(product.footprint)
    return (
        f'<{theme}:EarthObservation gml:id="{gml_id}">{_phenomenon_time(product.time, gml_id)}'
        f"{_result_time(product, gml_id)}<om:procedure>{_equipment(objects, theme, gml_id)}</om:procedure>"
        f'<om:observedProperty nilReason="inapplicable"/>{_feature(drawing, gml_id)}'
        f"<om:result>{_result(product, objects, theme, gml_id)}</om:result>"
        f"<eop:metaDataProperty>{_metadata(product, objects, rest)}</eop:metaDataProperty>"
        f"</{theme}:EarthObservation>"
    )


# --- properties


def _theme(properties: Mapping[str, Value]) -> str:
    """The prefix of the schema: by the type of sensor, else by what is said of the product."""
    if sensor := properties.get("sensor_type"):
        return THEMES.get(str(sensor), "eop")
    used = {_PLACES[name].theme for name in properties if name in _PLACES}
    return next((theme for theme in ("opt", "sar", "alt") if theme in used), "eop")


def _sorted_out(properties: Mapping[str, Value], theme: str) -> tuple[_Objects, list[tuple[str, Value]]]:
    """The elements by the object they are in, and what has no place in this schema, or none that would be
    read as the same value."""
    counts = counts_orbits(str(properties.get("sensor_type", "")), str(properties.get("platform", "")))
    places = _places(theme, counts)
    found: list[tuple[int, _Place, str]] = []
    rest: list[tuple[str, Value]] = []
    for name, value in properties.items():
        place = places.get(name)
        if place is None:
            rest.append((name, value))
        elif not isinstance(value, (str, tuple)):  # a number or a time, which is read as the same one
            found.append((place.order, place, f"{place.start}{Property.to_text(value)}{place.end}"))
        elif elements := _of_words(name, value):
            found += [(place.order, place, written) for written in elements]
        else:
            rest.append((name, value))
    found.sort(key=_ORDER)
    objects: dict[str, list[tuple[str, str]]] = {}
    for _, place, written in found:
        objects.setdefault(place.kind, []).append((place.element, written))
    return objects, rest


@lru_cache(maxsize=8192)  # products say the same few words
def _of_words(name: str, value: str | tuple[str, ...]) -> tuple[str, ...]:
    """The elements of a value that are read as the same value; else none."""
    row = load_properties()[name]
    if isinstance(value, tuple):
        texts = (", ".join(value),) if name == "polarizations" else value
    elif name == "processing_level":
        texts = (re.sub(r"^L(?=\d)", "", value),)
    else:
        texts = (value.upper() if name in CAPITALS else value,)
    if name == "processing_software" and len(texts) > 1:
        return ()
    try:
        read = [row.parse(text) for text in texts]
    except BadValue:
        return ()
    said = tuple(item for part in read for item in (part if isinstance(part, tuple) else (part,)))
    if said != (value if isinstance(value, tuple) else (value,)):
        return ()
    place = _PLACES[name]
    return tuple(f"{place.start}{_escaped(text)}{place.end}" for text in texts)


def _escaped(text: str) -> str:
    return escaped(_ESCAPE.sub("_x005F_", text) if "_x" in text else text)


# --- parts


def _phenomenon_time(time: TemporalExtent, gml_id: str) -> str:
    if not time:
        return '<om:phenomenonTime nilReason="unknown"/>'
    ends = [
        f"<{name}>{format_time(end)}</{name}>" if end else f'<{name} indeterminatePosition="unknown"/>'
        for name, end in (("gml:beginPosition", time.start), ("gml:endPosition", time.end))
    ]
    period = holder("gml:TimePeriod", "".join(ends), f' gml:id="{gml_id}-time"')
    return f"<om:phenomenonTime>{period}</om:phenomenonTime>"


def _result_time(product: Product, gml_id: str) -> str:
    """When the product became available."""
    published = product.properties.get("published")
    if not published:
        return '<om:resultTime nilReason="unknown"/>'
    position = element("gml:timePosition", Property.to_text(published))
    instant = holder("gml:TimeInstant", position, f' gml:id="{gml_id}-result-time"')
    return f"<om:resultTime>{instant}</om:resultTime>"


def _equipment(objects: _Objects, theme: str, gml_id: str) -> str:
    parts: list[str] = []
    if platform := _all(objects, "Platform"):
        parts.append(_held("eop:platform", "eop:Platform", platform))
    for _, name in objects.get("Instrument", ()):
        parts.append(_held("eop:instrument", "eop:Instrument", name))
    if sensor := _all(objects, "Sensor"):
        parts.append(_held("eop:sensor", "eop:Sensor", sensor))
    if acquisition := _all(objects, "Acquisition"):
        kind = f"{theme if theme in ('sar', 'alt') else 'eop'}:Acquisition"
        parts.append(_held("eop:acquisitionParameters", kind, acquisition))
    return holder("eop:EarthObservationEquipment", "".join(parts), f' gml:id="{gml_id}-equipment"')


def _feature(drawing: Drawing | None, gml_id: str) -> str:
    """The area, or the track of an altimeter; points are neither."""
    if drawing is None or drawing.kind.endswith("Point"):
        return '<om:featureOfInterest nilReason="inapplicable"/>'
    prefix, name = ("eop", "multiExtentOf") if drawing.kind.endswith("Polygon") else ("alt", "nominalTrack")
    extent = holder(f"{prefix}:{name}", write_gml(drawing, f"{gml_id}-geometry"))
    area = holder(f"{prefix}:Footprint", extent, f' gml:id="{gml_id}-footprint"')
    return f"<om:featureOfInterest>{area}</om:featureOfInterest>"


def _result(product: Product, objects: _Objects, theme: str, gml_id: str) -> str:
    parts = _all(objects, "EarthObservationResult")
    if information := _all(objects, "ProductInformation"):
        data = next((asset for asset in product.assets if "data" in asset.roles), None)
        if data:
            reference = holder(
                "ows:ServiceReference", "<ows:RequestMessage/>", attribute("xlink:href", data.href)
            )
            information = holder("eop:fileName", reference) + information
        parts = _held("eop:product", "eop:ProductInformation", information) + parts
    kind = f"{theme if theme in ('opt', 'atm') else 'eop'}:EarthObservationResult"
    return holder(kind, parts, f' gml:id="{gml_id}-result"')


def _metadata(product: Product, objects: _Objects, rest: list[tuple[str, Value]]) -> str:
    parts = [
        (_RANK["identifier"], f"<eop:identifier>{_escaped(product.id)}</eop:identifier>"),
        (
            _RANK["parentIdentifier"],
            f"<eop:parentIdentifier>{_escaped(product.collection)}</eop:parentIdentifier>",
        ),
    ]
    for name, written in objects.get("EarthObservationMetaData", ()):
        parts.append((_RANK[name.removeprefix("eop:")], written))
    for kind, name in _HOLDERS.items():
        if inner := _all(objects, kind):
            parts.append((_RANK[name], _held(f"eop:{name}", f"eop:{kind}", inner)))
    parts.sort(key=_ORDER)
    whole = [*(written for _, written in parts), *(_vendor_specific(name, value) for name, value in rest)]
    return holder("eop:EarthObservationMetaData", "".join(whole))


def _vendor_specific(name: str, value: Value) -> str:
    text = Property.to_text(value)
    if isinstance(value, (str, tuple)):
        text = _escaped(text)
    return (
        f"<eop:vendorSpecific><eop:SpecificInformation><eop:localAttribute>{name}</eop:localAttribute>"
        f"<eop:localValue>{text}</eop:localValue></eop:SpecificInformation></eop:vendorSpecific>"
    )


def _all(objects: _Objects, kind: str) -> str:
    """All elements of an object."""
    return "".join([written for _, written in objects.get(kind, ())])


def _held(name: str, kind: str, parts: str) -> str:
    """An object in the property that holds it, as GML has it."""
    return f"<{name}><{kind}>{parts}</{kind}></{name}>"
