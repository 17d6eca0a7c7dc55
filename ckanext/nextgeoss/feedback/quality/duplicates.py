"""When two datasets are the same product: numbers that are equal then, and hardly otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ...eo.collection import CollectionRegistry
from ...eo.product import Product

# of which one must be known: else two different things of one scene would be the same
_KIND = ("product_type", "processing_level")
# what two different products of the same place, time and kind differ in
_ALSO = ("polarizations", "tile_id", "instrument_mode", "measured_variables", "station_id", "device_name")
# an edition of its own is no duplicate
_EDITION = ("processing_datetime", "processing_version", "product_version", "timeliness")


def same_key(product: Product, registry: CollectionRegistry) -> int | None:
    """Of collection and product key, whatever the spelling of the collection."""
    if not product.id or not product.collection:
        return None
    known = registry.canonical(product.collection)
    key = registry.product_key(product.collection, product.id)
    return _number("key", (known.id if known else product.collection).lower(), key)


def same_scene(product: Product, spatial: str, registry: CollectionRegistry) -> int | None:
    """Of footprint as it is stored, time, platform and kind of product; None when one is not known."""
    said = product.properties
    is_known = spatial and product.time.start and not said.keys().isdisjoint(_KIND)
    if not is_known or not said.get("platform"):
        return None
    parts = [_text(said, name) for name in ("platform", *_KIND, *_ALSO, *_EDITION)]
    edition = registry.edition(product.collection, product.id)
    return _number("scene", spatial, product.time.isoformat(), str(edition and edition.order), *parts)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _number(*parts: str) -> int:
    """64 bits with a sign, as PostgreSQL has them."""
    digest = hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
