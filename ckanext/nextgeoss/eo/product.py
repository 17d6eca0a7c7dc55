"""The product, the one thing everything is read into and written from; and its identity in the hub."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from json.encoder import encode_basestring_ascii
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import UUID

from . import fast_json
from .asset import Asset
from .footprint import Footprint
from .temporal import ALWAYS, TemporalExtent, format_time
from .uuid5 import uuid5_text

Value: TypeAlias = str | int | float | bool | datetime | tuple[str, ...]

PRODUCT_NAMESPACE = UUID("6f3a1f5e-6a0d-5c3b-9a53-0d1b8f6f2c11")
_NAME_LENGTH = 100
_NOT_IN_NAMES = re.compile(r"[^a-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something of a record that could not be used, and why; the product is kept without it."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product (STAC item, granule, dataset of a collection), frozen through and through."""

    id: str
    collection: str
    title: str = ""
    footprint: Footprint | None = None
    # acquisition
    time: TemporalExtent = ALWAYS
    # by the names of the rows of schemas/eo_product.yaml, typed by the row
    properties: Mapping[str, Value] = field(default_factory=dict[str, Value])
    assets: tuple[Asset, ...] = ()
    # what else people said of it, which no row has a place for: the text of a JSON object by names of STAC
    others: str = ""
    # what was noted when reading; not part of what the product is
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    # names of properties and keys of assets that change although the product does not: not in its hash
    volatile: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.properties, MappingProxyType):  # those of another product are in order
            ordered = dict(sorted(self.properties.items()))
            object.__setattr__(self, "properties", MappingProxyType(ordered))
        if self.title == self.id:  # says nothing
            object.__setattr__(self, "title", "")

    def content_hash(self) -> str:
        """SHA-256 (hex) of the canonical form: the same in every run and process, whatever the order of
        properties and assets; problems and what is volatile are not part of it."""
        floats = [value for value in self.properties.values() if isinstance(value, float)]
        text = fast_json.canonical(self._canonical(), floats, format_time)
        return hashlib.sha256(text).hexdigest()

    def _canonical(self) -> dict[str, Any]:
        assets = [
            [
                asset.key,
                asset.href,
                asset.roles,
                asset.title,
                asset.media_type,
                asset.size,
                asset.checksum,
            ]
            for asset in self.assets
            if asset.key not in self.volatile
        ]
        # only where there are some: hashes without them are stored
        others = {"others": self.others} if self.others else {}
        return others | {
            "id": self.id,
            "collection": self.collection,
            "title": self.title,
            "footprint": self.footprint and self.footprint.wkt,
            "time": self.time.isoformat(),
            "properties": {
                name: value for name, value in self.properties.items() if name not in self.volatile
            },
            "assets": sorted(assets, key=_order(self.assets)),
        }


def product_uuid(collection: str, key: str, scope: str = "") -> str:
    """The dataset id (UUIDv5) of a product: same collection and key, same id; `scope` is the
    organization's id for sources that must not share ids with others."""
    named = ", ".join(map(encode_basestring_ascii, (collection, key, scope)))
    return uuid5_text(PRODUCT_NAMESPACE, f"[{named}]")


def dataset_name(identifier: str, uuid: str, unique: bool = False) -> str:
    """The dataset's name: the identifier in lower case [a-z0-9_-] and 8 hex digits of the id; without these
    when the identifier is `unique` in the world and loses nothing by the change of letters."""
    name = _NOT_IN_NAMES.sub("-", identifier.lower()).strip("-")
    one_case = identifier in (name, name.upper())
    if unique and one_case and 2 <= len(name) <= _NAME_LENGTH:
        return name
    suffix = uuid.replace("-", "")[:8]
    return f"{name[: _NAME_LENGTH - 9].rstrip('-')}-{suffix}" if name else suffix


def _order(assets: Sequence[Asset]) -> Callable[[list[Any]], str]:
    """What assets are sorted by: their JSON, of which the key at its beginning is enough when no two assets
    have the same one."""
    if len({asset.key for asset in assets}) == len(assets):
        return lambda asset: encode_basestring_ascii(asset[0])
    return json.dumps
