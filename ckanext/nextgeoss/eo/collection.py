"""Collections of products, and the registry of collection ids and their aliases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from .editions import Edition, edition_of, rule_problem
from .errors import BadConfiguration, nearest
from .fast_yaml import SafeLoader
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
    # ids of collections whose products it holds anew
    supersedes: tuple[str, ...] = ()
    # regular expression; what its groups find in a product's key tells scene and edition (see editions.py)
    editions: str = ""
    # identifiers of its products are unique in the world
    unique_identifiers: bool = False


_TEXTS = ("title", "description", "license", "doi", "citation", "thumbnail", "product_key", "editions")
_LISTS = ("keywords", "platforms", "instruments", "providers", "aliases", "supersedes")
_KEYS = (*_TEXTS, *_LISTS, "unique_identifiers", "bbox", "start", "end")


class CollectionRegistry:
    """The collections known to us by id and alias, in any case."""

    def __init__(self, collections: Iterable[Collection]):
        self._collections: dict[str, Collection] = {}
        self._by_name: dict[str, Collection] = {}
        for collection in collections:
            for name in (collection.id, *collection.aliases):
                other = self._by_name.setdefault(name.lower(), collection)
                if other is not collection:
                    raise BadConfiguration(f"collection {collection.id}: {name} is {other.id} already")
            self._collections[collection.id] = collection

    @classmethod
    def from_mapping(cls, *mappings: Mapping[str, Mapping[str, Any] | None]) -> CollectionRegistry:
        """From `{id: {title, aliases, product_key, ...}}`, the content of one or more files of
        schemas/collections; BadConfiguration names an id or alias that two entries have."""
        entries = [item for mapping in mappings for item in mapping.items()]
        return cls([_collection(name, entry or {}) for name, entry in entries])

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

    def edition(self, collection_id: str, product_id: str, processed: str = "") -> Edition | None:
        """Scene and edition of a product; None where its collection has no rule that fits its identifier.
        `processed` is when it was made, which counts where the identifier does not tell."""
        collection = self.canonical(collection_id)
        if collection is None or not collection.editions:
            return None
        found = edition_of(collection.editions, self.product_key(collection_id, product_id), processed)
        return found and Edition(f"{collection.id}/{found.scene}", found.order)

    def __iter__(self) -> Iterator[Collection]:
        return iter(self._collections.values())

    def __len__(self) -> int:
        return len(self._collections)


@cache
def load_registry() -> CollectionRegistry:
    """The registry shipped with the package, read once."""
    folder = files("ckanext.nextgeoss").joinpath("schemas/collections")
    texts = [file.read_text("utf-8") for file in sorted(folder.iterdir(), key=lambda file: file.name)]
    return CollectionRegistry.from_mapping(*map(read_collections, texts))


def read_collections(text: str) -> Mapping[str, Any]:
    """The entries of one file of schemas/collections; BadConfiguration when one stands there twice."""
    return yaml.load(text, _OneEach)  # noqa: S506 (a safe loader)


class _OneEach(SafeLoader):
    """Refuses a key that a mapping has twice, of which YAML would take the last one silently."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """The mapping of a node."""
        names = [key.value for key, _ in node.value]
        if twice := [name for name in names if names.count(name) > 1]:
            raise BadConfiguration(f"{twice[0]} stands twice in a file of schemas/collections")
        return super().construct_mapping(node, deep)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def _collection(name: str, entry: Mapping[str, Any]) -> Collection:
    for key in entry:
        if key not in _KEYS:
            near = nearest(key, _KEYS)
            hint = f", did you mean {near}?" if near else f"; known: {', '.join(_KEYS)}"
            raise BadConfiguration(f"collection {name}: unknown key {key}{hint}")
    _check_rule(name, entry.get("product_key") or "")
    if reason := rule_problem(entry.get("editions") or ""):
        raise BadConfiguration(f"collection {name}: editions {entry['editions']!r}: {reason}")
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
