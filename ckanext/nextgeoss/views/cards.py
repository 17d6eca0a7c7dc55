"""One entry of a list of results: what a person needs to choose it or pass over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..eo.downloads import access
from ..eo.properties import Properties
from ..package import PRODUCT_TYPE
from ..search.index import readable_product
from .images import quicklook_address
from .words import extent_text, value_text

# what is said of a product in a list, as far as it is known
FACTS = (
    "platform", "instruments", "product_type", "processing_level", "cloud_cover", "polarizations",
    "orbit_state",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An entry; `facts` are pairs of a label and a value with its unit, `time` is a text and in ISO 8601."""

    id: str
    name: str
    title: str
    url: str
    is_product: bool
    private: bool
    quicklook: bool = False
    time: str = ""
    iso_time: str = ""
    collection: str = ""
    organization: Mapping[str, str] | None = None
    facts: tuple[tuple[str, str], ...] = ()
    access: str = ""
    notes: str = ""
    formats: tuple[str, ...] = ()


def card(dataset: Mapping[str, Any], properties: Properties, url: Callable[[str], str]) -> Card:
    """The entry of a dataset of any type; `url` gives the address of its page by its name."""
    common = {
        "id": dataset["id"],
        "name": dataset["name"],
        "title": dataset.get("title") or dataset["name"],
        "url": url(dataset["name"]),
        "private": bool(dataset.get("private")),
        "organization": dataset.get("organization"),
    }
    if dataset["type"] != PRODUCT_TYPE:
        formats = dict.fromkeys(resource.get("format") for resource in dataset.get("resources", ()))
        notes = dataset.get("notes") or ""
        return Card(**common, is_product=False, notes=notes, formats=tuple(name for name in formats if name))
    product = readable_product(dataset, properties)
    values = product.properties
    return Card(
        **common,
        is_product=True,
        quicklook=bool(quicklook_address(product.assets)),
        time=extent_text(product.time),
        iso_time=product.time.isoformat() if product.time else "",
        collection=product.collection,
        facts=tuple(
            (
                properties[name].label,
                f"{value_text(properties[name], values[name])} {properties[name].unit}".strip(),
            )
            for name in FACTS
            if name in values and name in properties
        ),
        access=access(product.assets),
    )
