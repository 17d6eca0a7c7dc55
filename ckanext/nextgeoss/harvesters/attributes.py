"""What became of the attributes of a provider's records: a report for people who describe a provider."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..eo.formats.vocabulary import IGNORED
from .protocols import Record, protocol
from .provider import Provider

UNKNOWN = "unknown"
_EMPTY: tuple[object, ...] = (None, "", [], {})


@dataclass(slots=True)
class Attribute:
    """An attribute: in how many records it is, a value that it has, and what it is read as: a row of
    schemas/eo_product.yaml, a part of the product, IGNORED, or UNKNOWN."""

    path: str
    read_as: str
    records: int = 0
    example: Any = None

    @property
    def is_mapped(self) -> bool:
        """Whether products say it."""
        return self.read_as not in (IGNORED, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many attributes there are, and what became of them."""

    seen: int
    mapped: int
    ignored: int
    unknown: int

    def __str__(self) -> str:
        share = f" ({self.unknown / self.seen:.1%})" if self.unknown else ""
        return (
            f"{self.seen} attributes: {self.mapped} mapped, {self.ignored} ignored on purpose, "
            f"{self.unknown} unknown{share}"
        )


def attributes_of(provider: Provider, records: Iterable[Record]) -> list[Attribute]:
    """All attributes of records, by path."""
    speech = protocol(provider.protocol)
    found: dict[str, Attribute] = {}
    for record in records:
        seen: set[str] = set()
        for path, value, target in speech.attributes(provider, record):
            if path not in found:
                found[path] = Attribute(path, _read_as(provider, path, target))
            attribute = found[path]
            attribute.records += path not in seen
            seen.add(path)
            if attribute.example in _EMPTY:
                attribute.example = value
    return [found[path] for path in sorted(found)]


def coverage_of(found: Iterable[Attribute]) -> Coverage:
    """The counts of attributes."""
    kinds = [
        "mapped" if attribute.is_mapped else "ignored" if attribute.read_as == IGNORED else "unknown"
        for attribute in found
    ]
    return Coverage(len(kinds), kinds.count("mapped"), kinds.count("ignored"), kinds.count("unknown"))


def _read_as(provider: Provider, path: str, target: str) -> str:
    """What an attribute is read as: by the provider file, by its format, or on purpose not at all."""
    for name, places in provider.fields.items():
        if any(path == place or path.startswith(f"{place}/") for each in places for place in _places(each)):
            return name
    if target:
        return target
    ignored = (re.escape(pattern).replace(r"\*", ".*") for pattern in provider.ignored)
    return IGNORED if any(re.fullmatch(f"(.*/)?{pattern}", path) for pattern in ignored) else UNKNOWN


def _places(path: str) -> Iterator[str]:
    """The paths that a path or a URL template of a provider file walks, without positions in lists."""
    for place in re.findall(r"\{([^{}]+)\}", path) or [path]:
        yield "/".join(
            step for step in place.split("/") if not step.isdecimal() and step != "*" and "=" not in step
        )
