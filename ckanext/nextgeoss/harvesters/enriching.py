"""What a source adds to its products: names of places, pictures by template, licence and citation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, cast
from urllib.parse import quote

from ..eo.asset import Asset
from ..eo.collection import load_registry
from ..eo.errors import BadConfiguration, nearest, shown
from ..eo.places import load_gazetteer
from ..eo.product import Product, Value
from ..eo.properties import load_properties
from ..eo.temporal import format_time
from ..resources import WMS_TYPE
from .declared import PARSERS, built, hint, keys_with_values

_HOLE = re.compile(r"\{([^{}]*)\}")
# of a template, besides the rows of schemas/eo_product.yaml
_HOLES = (
    "id", "collection", "start", "end", "day",
    "west", "south", "east", "north", "bbox", "width", "height",
)  # fmt: skip
# pixels of the longer side of a picture
_SIDE = 512
_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrich:
    """What is added; all of it is a function of the product, so that a product stays the same whoever reads
    it, in whatever order."""

    # properties `places` and `surface`, of the footprint
    places: bool = False
    # properties `license_id`, `doi` and `citation`, of the collection where the product says none
    licence: bool = False
    # addresses with holes: of a picture, for products that have none, and of a map service
    overview: str = ""
    wms: str = ""

    def __bool__(self) -> bool:
        return self != Enrich()

    def enriched(self, product: Product) -> Product:
        """The product with what is to be added to it; what it says itself stays."""
        if not self:
            return product
        added = dict(self._properties(product))
        assets = tuple(self._assets(product))
        if not added and not assets:
            return product
        properties = {**product.properties, **added}
        return replace(product, properties=properties, assets=(*product.assets, *assets))

    def as_json(self) -> dict[str, Any]:
        """The keys that say something, as they are stored."""
        return {key: value for item in fields(self) if (value := getattr(self, key := item.name))}

    def _properties(self, product: Product) -> Iterator[tuple[str, Value]]:
        if self.places and product.footprint is not None:
            found = load_gazetteer().places(product.footprint)
            yield from _missing(product, {"places": found.names, "surface": found.covers})
        entry = load_registry().canonical(product.collection) if self.licence else None
        if entry:
            said = {"license_id": entry.license, "doi": entry.doi, "citation": entry.citation}
            yield from _missing(product, said)

    def _assets(self, product: Product) -> Iterator[Asset]:
        taken = {asset.key for asset in product.assets}
        has_picture = any({"overview", "thumbnail"} & set(asset.roles) for asset in product.assets)
        holes = dict(_values(product)) if self.overview or self.wms else {}
        if not has_picture and "overview" not in taken and (href := _filled(self.overview, product, holes)):
            kind = "jpeg" if re.search("jpe?g", href, re.I) else "png"
            yield Asset(key="overview", href=href, roles=("overview",), media_type=f"image/{kind}")
        if "wms" not in taken and (href := _filled(self.wms, product, holes)):
            yield Asset(key="wms", href=href, roles=("overview",), media_type=WMS_TYPE)


def parse_enrich(value: object, where: str) -> Enrich:
    """From a list of names (`[places, licence]`) or names with values; BadConfiguration for anything else."""
    known = tuple(item.name for item in fields(Enrich))
    if isinstance(value, (list, str)):
        names = cast("list[object]", value) if isinstance(value, list) else [value]
        value = {name: True for name in names if isinstance(name, str)}
        if len(cast(dict[str, Any], value)) != len(names):
            raise BadConfiguration(f"{where}: {shown(names)} is not allowed; expected {', '.join(known)}")
    found = built(Enrich, {}, keys_with_values(value, where), where, PARSERS)
    for name in ("overview", "wms"):
        _check_template(getattr(found, name), f"{where}: {name}")
    return found


def _check_template(template: str, where: str) -> None:
    if not template:
        return
    if not template.startswith(("https://", "http://")):
        raise BadConfiguration(f"{where}: {shown(template)} is not allowed; expected https://...")
    known = (*_HOLES, *load_properties())
    for name in _HOLE.findall(template):
        if name not in known:
            near = hint(name, known) if nearest(name, known) else f"; known: {', '.join(_HOLES)}"
            raise BadConfiguration(f"{where}: unknown hole {shown(name)}{near}")
    if re.search("[{}]", _HOLE.sub("", template)):
        raise BadConfiguration(f"{where}: {shown(template)} has a brace that is not of a hole")


def _missing(product: Product, said: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    """What a product does not say itself; only what there is a row for."""
    for name, value in said.items():
        if value and name not in product.properties and name in load_properties():
            yield name, value


def _values(product: Product) -> Iterator[tuple[str, str]]:
    """The values of holes; those of the place only where a box can say it."""
    yield "id", product.id
    yield "collection", product.collection
    start, end = product.time.start, product.time.end
    if start or end:
        yield "start", format_time(cast(Any, start or end))
        yield "end", format_time(cast(Any, end or start))
        yield "day", format_time(cast(Any, start or end))[:10]
    if product.footprint is None:
        return
    west, south, east, north = product.footprint.bbox
    if not (west < east and south < north):
        return  # across 180 degrees, a point or a line: no map is that of one box
    sides = {"west": west, "south": south, "east": east, "north": north}
    told = {name: _plain(side) for name, side in sides.items()}
    yield from told.items()
    yield "bbox", ",".join(told.values())
    longer = max(east - west, north - south)
    yield "width", str(max(1, round(_SIDE * (east - west) / longer)))
    yield "height", str(max(1, round(_SIDE * (north - south) / longer)))


def _plain(number: float) -> str:
    return f"{round(number, _DIGITS) + 0.0:.{_DIGITS}f}".rstrip("0").rstrip(".")


def _filled(template: str, product: Product, holes: Mapping[str, str]) -> str:
    """The address; "" when the product does not say what one of the holes asks for."""
    values: dict[str, str] = {}
    for name in _HOLE.findall(template):
        value = holes.get(name) or _text(product.properties.get(name))
        if not value:
            return ""
        values[name] = quote(value, safe=",:-._~")
    return _HOLE.sub(lambda hole: values[hole[1]], template)


def _text(value: Value | None) -> str:
    row_value = value[0] if isinstance(value, tuple) and value else value
    return "" if row_value is None or isinstance(row_value, tuple) else str(row_value)
