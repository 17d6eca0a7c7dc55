"""Collections of products, and the registry of collection ids and their aliases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from .errors import BadConfiguration, nearest
from .footprint import Footprint
from .temporal import ALWAYS, TemporalExtent


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What products have in common (STAC collection, OpenSearch dataset series)."""

    id: str
    title: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    # SPDX identifier, or the address of the licence
    license: str = ""
    doi: str = ""
    citation: str = ""
    platforms: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    # names of organizations
    providers: tuple[str, ...] = ()
    footprint: Footprint | None = None
    time: TemporalExtent = ALWAYS
    # address of an image
    thumbnail: str = ""
    # other ids of the same collection
    aliases: tuple[str, ...] = ()
    # regular expression; what its first group finds in a product's identifier is the product's key
    product_key: str = ""
    # identifiers of its products are unique in the world
    unique_identifiers: bool = False


_TEXTS = ("title", "description", "license", "doi", "citation", "thumbnail", "product_key")
_LISTS = ("keywords", "platforms", "instruments", "providers", "aliases")
_KEYS = (*_TEXTS, *_LISTS, "unique_identifiers", "bbox", "start", "end")


class CollectionRegistry:
    """The collections known to us by id and alias, in any case."""

    def __init__(self, collections: list[Collection]):
        self._collections = {collection.id: collection for collection in collections}
        self._by_name = {alias.lower(): c for c in collections for alias in c.aliases}
        self._by_name |= {collection.id.lower(): collection for collection in collections}

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Mapping[str, Any] | None]) -> CollectionRegistry:
        """From `{id: {title, aliases, product_key, ...}}`, the content of schemas/collections.yaml."""
        return cls([_collection(name, entry or {}) for name, entry in mapping.items()])

    def canonical(self, name: str) -> Collection | None:
        """The collection of this id or alias; None when it is not known."""
        return self._by_name.get(name.lower())

    def product_key(self, collection_id: str, product_id: str) -> str:
        """What identifies a product within its collection: its id without what the rule leaves out."""
        collection = self.canonical(collection_id)
        if collection is None or not collection.product_key:
            return product_id
        found = re.fullmatch(collection.product_key, product_id)
        return found[1] if found else product_id

    def __iter__(self) -> Iterator[Collection]:
        return iter(self._collections.values())

    def __len__(self) -> int:
        return len(self._collections)


@cache
def load_registry() -> CollectionRegistry:
    """The registry shipped with the package, read once."""
    text = files("ckanext.nextgeoss").joinpath("schemas/collections.yaml").read_text("utf-8")
    return CollectionRegistry.from_mapping(yaml.safe_load(text))


def _collection(name: str, entry: Mapping[str, Any]) -> Collection:
    for key in entry:
        if key not in _KEYS:
            near = nearest(key, _KEYS)
            hint = f", did you mean {near}?" if near else f"; known: {', '.join(_KEYS)}"
            raise BadConfiguration(f"collection {name}: unknown key {key}{hint}")
    _check_rule(name, entry.get("product_key") or "")
    values: dict[str, Any] = {key: entry[key] for key in _TEXTS if entry.get(key)}
    values |= {key: tuple(entry[key]) for key in _LISTS if entry.get(key)}
    if box := entry.get("bbox"):
        values["footprint"] = Footprint.from_bbox(*box)
    values["time"] = TemporalExtent.of(str(entry.get("start") or ""), str(entry.get("end") or ""))
    return Collection(id=name, unique_identifiers=bool(entry.get("unique_identifiers")), **values)


def _check_rule(name: str, rule: str) -> None:
    try:
        groups = re.compile(rule).groups
    except re.error as error:
        raise BadConfiguration(f"collection {name}: product_key {rule!r}: {error}") from error
    if rule and not groups:
        raise BadConfiguration(f"collection {name}: product_key {rule!r} needs a group (...) that is the key")
