"""What a provider file says of products whose records do not say it: `defaults`, its own and those of a
collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from ..eo.errors import BadConfiguration, BadValue, nearest, shown
from ..eo.footprint import Footprint
from ..eo.product import Product, Value
from ..eo.properties import Properties
from ..eo.temporal import ALWAYS, TemporalExtent
from .provider import Provider

# what can be said besides the rows of schemas/eo_product.yaml
_OWN = ("title", "start", "end", "geometry")


@dataclass(frozen=True, slots=True)
class _Said:
    title: str
    time: TemporalExtent
    footprint: Footprint | None
    properties: Mapping[str, Value]


class Defaults:
    """The defaults of a provider and of its collections, those of a collection first."""

    def __init__(self, provider: Provider, rows: Properties) -> None:
        self._of_provider: _Said | None = None
        if provider.defaults:
            self._of_provider = _said(provider.defaults, rows, f"{provider.id}: defaults")
        self._of_collections = {
            name: _said(
                {**provider.defaults, **rule.defaults}, rows, f"{provider.id}: collections.{name}.defaults"
            )
            for name, rule in provider.collections.items()
            if rule.defaults
        }

    def completed(self, product: Product) -> Product:
        """The product with what it does not say itself."""
        said = self._of_collections.get(product.collection, self._of_provider)
        if said is None:
            return product
        return replace(
            product,
            title=product.title or said.title,
            time=product.time or said.time,
            footprint=product.footprint or said.footprint,
            properties={**said.properties, **product.properties},
        )


def _said(given: Mapping[str, Any], rows: Properties, where: str) -> _Said:
    """What is given, parsed; BadConfiguration names what cannot be."""
    properties: dict[str, Value] = {}
    try:
        for name, value in given.items():
            if name in rows:
                properties[name] = rows[name].parse(value)
            elif name not in _OWN:
                near = nearest(name, (*_OWN, *rows))
                known = f"did you mean {near}?" if near else f"known: {', '.join((*_OWN, *rows))}"
                raise BadConfiguration(f"{where}: unknown name {shown(name)}; {known}")
        time = TemporalExtent.of(*(str(given.get(name) or "") for name in ("start", "end")))
        return _Said(
            str(given.get("title") or ""), time or ALWAYS, _footprint(given.get("geometry")), properties
        )
    except BadValue as error:
        raise BadConfiguration(f"{where}: {error}") from error


def _footprint(said: Any) -> Footprint | None:
    """An area as a box (west, south, east, north), as WKT, or as GeoJSON."""
    if isinstance(said, list):
        box = cast(list[Any], said)
        if len(box) != 4:
            raise BadValue(box, "geometry", "four numbers: west, south, east, north")
        return Footprint.from_bbox(*box)
    return Footprint.from_wkt(said) if isinstance(said, str) else Footprint.from_geojson(said)
