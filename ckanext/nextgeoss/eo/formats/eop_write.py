"""EOP O&M 2.1 (OGC 10-157r4): writes products; what it has no name for is a vendor's attribute."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from ..errors import BadValue
from ..footprint import Footprint
from ..product import Product, Value, product_uuid
from ..properties import Property, load_properties
from ..temporal import TemporalExtent, format_time
from ..xml import Builder, Element, local_name
from .atom_names import NAMESPACES
from .eop import counts_orbits
from .eop_names import CAPITALS, PLACES, THEMES, UNITS
from .gml_write import write_gml

_MAKE = Builder(NAMESPACES)
# what an underscore would be read as, see eop.py
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_METADATA = (
    "identifier", "creationDate", "modificationDate", "doi", "parentIdentifier", "acquisitionType",
    "acquisitionSubType", "productType", "status", "downlinkedTo", "archivedIn", "productQualityStatus",
    "productQualityDegradationTag", "processing", "vendorSpecific",
)  # fmt: skip
# parts of the metadata: the property that holds the object
_HOLDERS = {
    "DownlinkInformation": "downlinkedTo",
    "ArchivingInformation": "archivedIn",
    "ProcessingInformation": "processing",
}


def write(product: Product) -> Element:
    """The EarthObservation of a product, in the schema of its type of sensor."""
    theme = _theme(product.properties)
    objects, rest = _sorted_out(product.properties, theme)
    gml_id = f"id-{product_uuid(product.collection, product.id)}"
    return _MAKE(
        f"{theme}:EarthObservation",
        "",
        {"gml:id": gml_id},
        _phenomenon_time(product.time, gml_id),
        _result_time(product, gml_id),
        _MAKE("om:procedure", "", None, _equipment(objects, theme, gml_id)),
        _MAKE("om:observedProperty", "", {"nilReason": "inapplicable"}),
        _feature(product.footprint, gml_id),
        _MAKE("om:result", "", None, _result(product, objects, theme, gml_id)),
        _MAKE("eop:metaDataProperty", "", None, _metadata(product, objects, rest)),
    )


# --- properties


def _theme(properties: Mapping[str, Value]) -> str:
    """The prefix of the schema: by the type of sensor, else by what is said of the product."""
    if sensor := properties.get("sensor_type"):
        return THEMES.get(str(sensor), "eop")
    used = {PLACES[name].partition("/")[2].partition(":")[0] for name in properties if name in PLACES}
    return next((theme for theme in ("opt", "sar", "alt") if theme in used), "eop")


def _sorted_out(
    properties: Mapping[str, Value], theme: str
) -> tuple[dict[str, list[Element]], dict[str, Value]]:
    """The elements by the object they are in, and what has no place in this schema, or none that would be
    read as the same value."""
    objects: dict[str, list[Element]] = {}
    placed: set[str] = set()
    # the row of wrsLongitudeGrid that is meant depends on the first two
    counts = counts_orbits(str(properties.get("sensor_type", "")), str(properties.get("platform", "")))
    unplaced = ("wrs_path", "wrs_row") if counts else ("relative_orbit",)
    for name, place in PLACES.items():
        kind, _, element = place.partition("/")
        if name not in properties or name in unplaced or element.partition(":")[0] not in ("eop", theme):
            continue
        texts = _texts(load_properties()[name], properties[name])
        unit = {"uom": UNITS[name]} if name in UNITS else None
        objects.setdefault(kind, []).extend(_MAKE(element, _escaped(text), unit) for text in texts)
        placed.update([name] if texts else [])
    return objects, {name: value for name, value in properties.items() if name not in placed}


def _texts(row: Property, value: Value) -> list[str]:
    """The texts of a value, one for each element, if they are read as the same value; else none."""
    if row.name in ("instruments", "processing_software"):
        texts = list(cast(tuple[str, ...], value))
    elif row.name == "polarizations":
        texts = [", ".join(cast(tuple[str, ...], value))]
    elif row.name == "processing_level":
        texts = [re.sub(r"^L(?=\d)", "", str(value))]
    else:
        texts = [row.to_text(value).upper() if row.name in CAPITALS else row.to_text(value)]
    if row.name == "processing_software" and len(texts) > 1:
        return []
    try:
        read = [row.parse(text) for text in texts]
    except BadValue:
        return []
    if isinstance(value, tuple):
        return texts if tuple(item for part in read for item in cast(tuple[str, ...], part)) == value else []
    return texts if read == [value] else []


def _escaped(text: str) -> str:
    return _ESCAPE.sub("_x005F_", text)


# --- parts


def _phenomenon_time(time: TemporalExtent, gml_id: str) -> Element:
    if not time:
        return _MAKE("om:phenomenonTime", "", {"nilReason": "unknown"})
    ends = [
        _MAKE(name, format_time(end)) if end else _MAKE(name, "", {"indeterminatePosition": "unknown"})
        for name, end in (("gml:beginPosition", time.start), ("gml:endPosition", time.end))
    ]
    return _MAKE(
        "om:phenomenonTime", "", None, _MAKE("gml:TimePeriod", "", {"gml:id": f"{gml_id}-time"}, *ends)
    )


def _result_time(product: Product, gml_id: str) -> Element:
    """When the product became available."""
    published = product.properties.get("published")
    if not published:
        return _MAKE("om:resultTime", "", {"nilReason": "unknown"})
    position = _MAKE("gml:timePosition", load_properties()["published"].to_text(published))
    instant = _MAKE("gml:TimeInstant", "", {"gml:id": f"{gml_id}-result-time"}, position)
    return _MAKE("om:resultTime", "", None, instant)


def _equipment(objects: Mapping[str, list[Element]], theme: str, gml_id: str) -> Element:
    parts: list[Element] = []
    if platform := objects.get("Platform"):
        parts.append(_held("eop:platform", "eop:Platform", platform))
    parts += [_held("eop:instrument", "eop:Instrument", [name]) for name in objects.get("Instrument", ())]
    if sensor := objects.get("Sensor"):
        parts.append(_held("eop:sensor", "eop:Sensor", sensor))
    if acquisition := objects.get("Acquisition"):
        kind = f"{theme if theme in ('sar', 'alt') else 'eop'}:Acquisition"
        parts.append(_held("eop:acquisitionParameters", kind, acquisition))
    return _MAKE("eop:EarthObservationEquipment", "", {"gml:id": f"{gml_id}-equipment"}, *parts)


def _feature(footprint: Footprint | None, gml_id: str) -> Element:
    """The area, or the track of an altimeter; points are neither."""
    kind = footprint.geojson["type"] if footprint else ""
    if footprint is None or kind.endswith("Point"):
        return _MAKE("om:featureOfInterest", "", {"nilReason": "inapplicable"})
    geometry = write_gml(footprint, _MAKE, "gml", f"{gml_id}-geometry")
    prefix, name = ("eop", "multiExtentOf") if kind.endswith("Polygon") else ("alt", "nominalTrack")
    extent = _MAKE(f"{prefix}:{name}", "", None, geometry)
    area = _MAKE(f"{prefix}:Footprint", "", {"gml:id": f"{gml_id}-footprint"}, extent)
    return _MAKE("om:featureOfInterest", "", None, area)


def _result(product: Product, objects: Mapping[str, list[Element]], theme: str, gml_id: str) -> Element:
    parts = list(objects.get("EarthObservationResult", ()))
    if information := objects.get("ProductInformation"):
        data = next((asset for asset in product.assets if "data" in asset.roles), None)
        if data:
            message = _MAKE("ows:RequestMessage")
            address = _MAKE("ows:ServiceReference", "", {"xlink:href": data.href}, message)
            information = [_MAKE("eop:fileName", "", None, address), *information]
        parts.insert(0, _held("eop:product", "eop:ProductInformation", information))
    kind = f"{theme if theme in ('opt', 'atm') else 'eop'}:EarthObservationResult"
    return _MAKE(kind, "", {"gml:id": f"{gml_id}-result"}, *parts)


def _metadata(product: Product, objects: Mapping[str, list[Element]], rest: Mapping[str, Value]) -> Element:
    parts = [
        _MAKE("eop:identifier", _escaped(product.id)),
        _MAKE("eop:parentIdentifier", _escaped(product.collection)),
        *objects.get("EarthObservationMetaData", ()),
    ]
    parts += [
        _held(f"eop:{holder}", f"eop:{kind}", objects[kind])
        for kind, holder in _HOLDERS.items()
        if kind in objects
    ]
    parts += [_vendor_specific(name, value) for name, value in rest.items()]
    parts.sort(key=lambda part: _METADATA.index(local_name(part)))
    return _MAKE("eop:EarthObservationMetaData", "", None, *parts)


def _vendor_specific(name: str, value: Value) -> Element:
    text = _escaped(load_properties()[name].to_text(value))
    attribute = [_MAKE("eop:localAttribute", name), _MAKE("eop:localValue", text)]
    return _held("eop:vendorSpecific", "eop:SpecificInformation", attribute)


def _held(holder: str, kind: str, parts: list[Element]) -> Element:
    """An object in the property that holds it, as GML has it."""
    return _MAKE(holder, "", None, _MAKE(kind, "", None, *parts))
