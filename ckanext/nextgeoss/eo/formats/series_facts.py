"""What answers in all formats say of a collection: its extent, times and words for people."""

from __future__ import annotations

import mimetypes
from datetime import datetime, timezone
from typing import TypeAlias
from urllib.parse import urlsplit

from ..collection import Collection
from ..held import Held
from ..temporal import TemporalExtent

Box: TypeAlias = tuple[float, float, float, float]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
DOI = "https://doi.org/"


def series_title(held: Held) -> str:
    """The title of a collection, its identifier without one."""
    return held.collection.title or held.collection.id


def series_time(held: Held) -> TemporalExtent:
    """From when to when products are held; of a collection without any, what is said of it."""
    return held.holdings.time or held.collection.time


def series_box(held: Held) -> Box | None:
    """West, south, east, north of the products held; of a collection without any, of what is said of it."""
    said = held.collection.footprint
    return held.holdings.bbox or (said.bbox if said else None)


def series_changed(held: Held) -> datetime:
    """When the description was last changed; without one the last acquisition stands in."""
    if held.entry is not None and held.entry.modified:
        return held.entry.modified
    time = series_time(held)
    return time.end or time.start or _EPOCH


def series_summary(held: Held) -> str:
    """How many products of a collection a search finds, in words that clients know."""
    noun = "product" if held.matched == 1 else "products"
    return f"{held.matched} matching {noun} found in the {series_title(held)} collection."


def series_words(held: Held) -> tuple[str, ...]:
    """Keywords, platforms and instruments of a collection."""
    collection = held.collection
    return tuple(dict.fromkeys((*collection.keywords, *collection.platforms, *collection.instruments)))


def series_publisher(held: Held) -> str:
    """Who offers a collection."""
    if held.entry is not None and held.entry.provider_title:
        return held.entry.provider_title
    return ", ".join(held.collection.providers)


def series_picture(collection: Collection) -> tuple[str, str] | None:
    """Address and media type of a picture of a collection, of which only the address is known: the type is
    that of its ending, without which programs could not tell that it is a picture (CEOS-BP-015)."""
    path = urlsplit(collection.thumbnail).path
    kind = mimetypes.guess_type(path)[0] or ""
    return (collection.thumbnail, kind) if kind.startswith("image/") else None
