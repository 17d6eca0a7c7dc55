"""OData 2 products of DHuS, the Data Hub Software of the Copernicus hubs: reads.

Source: the hubs' user guide, OData API; an answer is `{"d": ...}`, in which is a product, or `results`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..errors import BadAnswer, BadRecord
from ..footprint import Footprint
from ..product import Problem, Product, Value
from .dhus_names import UNTOLD
from .feed import Feed, check_named
from .gml import read_gml_text
from .links import Link, assets_of
from .loose_json import array, mapping, text, whole_number
from .noted import first_footprint
from .odata import ANY_FILE, extent_at, first_checksum
from .odata2_names import VOCABULARY, plain_name
from .satellite import complete_satellite

# when it was sensed; what is told beside the attributes differs by minutes for some
_TIMES = (("Attributes", "sensingstart", "sensingstop"), ("ContentDate", "Start", "End"))
# the mission in the name of a product; hubs call that of S5P by the number alone
_MISSION = re.compile(r"S([1-3]|5(?=P)|6)[A-Z_]_", re.I)
_SERIES = re.compile(r"Sentinel-\d", re.I)
_DATES = ("ContentDate", "IngestionDate", "CreationDate")


class OData2:
    """Products of an OData 2 entity set `Products`, or one product."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is what OData 2 wraps its answers in, or a product."""
        about = mapping(document)
        if "d" not in about:
            return _is_product(about)
        inner = about["d"]
        return isinstance(inner, list) or "results" in mapping(inner) or _is_product(mapping(inner))

    def feed(self, document: Any, source: str) -> Feed:
        """The products with `__count` and `__next`."""
        about = mapping(document)
        inner: Any = about.get("d", about)
        if _is_product(mapping(inner)):
            return Feed((inner,))
        found: Any = mapping(inner).get("results") if isinstance(inner, dict) else inner
        if not isinstance(found, list):
            raise BadAnswer(f"OData 2 results that are {type(found).__name__}, not a list", source)
        products = tuple(cast(list[Any], found))
        if products and not any(_is_product(mapping(product)) for product in products):
            raise BadAnswer("an OData set of something else than products", source)
        said = mapping(inner)
        return Feed(products, whole_number(said.get("__count")), text(said.get("__next")))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The product, its `Attributes` by their names as the index of DHuS has them."""
        about = mapping(entry)
        return about | {"Attributes": _attributes(about)} if "Attributes" in about else about

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of an entity, by the name all hubs give it; its collection is the mission."""
        if not isinstance(entry, dict):
            raise BadRecord(f"not an OData product but {type(entry).__name__}", position)
        view = self.view(entry)
        told = mapping(view.get("Attributes"))
        identifier = text(told.get("identifier")) or text(view.get("Name")) or text(view.get("Id"))
        mission = _mission(identifier, told)
        check_named("product", identifier, mission or collection, position)
        problems: list[Problem] = []
        return Product(
            id=identifier,
            collection=mission or collection,
            title=text(view.get("Name")),
            footprint=_footprint(view, problems),
            time=extent_at(_TIMES, view, problems),
            properties=_properties(view, identifier, mission, problems),
            assets=assets_of(_links(view), problems),
            problems=tuple(problems),
        )


ODATA2 = OData2()


def _is_product(about: Mapping[str, Any]) -> bool:
    """Whether it is an entity of OData 2: one that says so, or whose dates are written as only there."""
    if not about.get("Name") and not about.get("Id"):
        return False
    if kind := text(mapping(about.get("__metadata")).get("type")):
        return kind.rpartition(".")[2] == "Product"
    dates = [about.get(name) for name in _DATES]
    said = [each for date in dates for each in (date, *mapping(date).values())]
    return any(isinstance(each, str) and each.startswith("/Date(") for each in said)


def _attributes(about: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of a product beyond its own members; it stands there only when the search asks for it."""
    told: Any = about["Attributes"]
    found: dict[str, Any] = {}
    for entry in array(told if isinstance(told, list) else mapping(told).get("results")):
        attribute = mapping(entry)
        if name := plain_name(text(attribute.get("Name")) or text(attribute.get("Id"))):
            found.setdefault(name, attribute.get("Value"))
    return found


def _mission(identifier: str, told: Mapping[str, Any]) -> str:
    """The mission as the searches of the same hubs call it."""
    if found := _MISSION.match(identifier):
        return f"Sentinel-{found[1]}"
    said = text(told.get("satellitename")) or text(told.get("satellite"))
    series = _SERIES.match(said)
    return series[0].capitalize() if series else said


def _properties(
    view: Mapping[str, Any], identifier: str, mission: str, problems: list[Problem]
) -> dict[str, Value]:
    found = VOCABULARY.read(view, problems)
    for _, untold in UNTOLD:
        if found.get("platform_international_designator") == untold:
            del found["platform_international_designator"]
    if _MISSION.match(identifier):
        found.setdefault("platform", mission)
    complete_satellite(found, identifier)
    return found


def _footprint(view: Mapping[str, Any], problems: list[Problem]) -> Footprint | None:
    told = mapping(view.get("Attributes"))
    wkt = told.get("jtsfootprint")
    return first_footprint(
        (
            ("JTS footprint", lambda: Footprint.from_wkt(wkt) if isinstance(wkt, str) and wkt else None),
            ("ContentGeometry", lambda: read_gml_text(view.get("ContentGeometry"), "ContentGeometry")),
            ("Footprint", lambda: read_gml_text(told.get("footprint"), "Footprint")),
        ),
        problems,
    )


def _links(view: Mapping[str, Any]) -> Iterator[Link]:
    """The product itself, and what the service says of it."""
    addresses = mapping(view.get("__metadata"))
    own = text(addresses.get("uri")) or text(addresses.get("id"))
    media_type = text(view.get("ContentType")) or text(addresses.get("content_type"))
    yield Link(
        href=text(addresses.get("media_src")) or (f"{own}/$value" if own else ""),
        roles=("data",),
        media_type="" if media_type == ANY_FILE else media_type,
        size=view.get("ContentLength") if view.get("ContentLength") not in (0, "0") else None,
        checksum=first_checksum([view.get("Checksum")]),
    )
    yield Link(href=f"{own}/" if own else "", roles=("metadata",))
