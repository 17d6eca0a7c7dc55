"""What the names of files and folders tell of products, by patterns: times, tiles, properties.

A pattern is a regular expression for a whole path below the folder of a collection. Its named groups are
properties (rows of schemas/eo_product.yaml), parts of the product, or dates; `{year}`, `{start}` and the like
stand for what dates look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .errors import BadValue, nearest
from .name_dates import DATES, dates_of
from .properties import load_properties
from .safe_pattern import matched, safe_pattern
from .temporal import TemporalExtent

# `key` tells which files are one product, `id` what it is called, `tile` where it is
PARTS = ("key", "id", "title", "collection", "tile")
_HOLE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Said:
    """What a name tells: groups by their names, those of dates left out, and the time."""

    groups: Mapping[str, str]
    time: TemporalExtent


@dataclass(frozen=True, slots=True)
class NamePatterns:
    """Patterns of which the first that matches counts."""

    patterns: tuple[re.Pattern[str], ...]
    # how long a product reaches from its start, where its name tells no end; empty: as exact as it is told
    period: str = ""

    @classmethod
    def of(cls, texts: Iterable[str], period: str = "", where: str = "files") -> NamePatterns:
        """The patterns of these texts; BadValue names what is wrong with one."""
        return cls(tuple(_compiled(text, where) for text in texts), period)

    def read(self, path: str) -> Said | None:
        """What a path tells; None when no pattern matches it. BadValue for a date that there is not."""
        found = self._match(path)
        if found is None:
            return None
        dates = {name: value for name, value in _told(found).items() if name in DATES}
        return Said(self.groups(path), dates_of(dates, self.period))

    def groups(self, path: str) -> Mapping[str, str]:
        """What a path tells but for dates; nothing of one that no pattern matches."""
        found = self._match(path)
        return {name: value for name, value in _told(found).items() if name not in DATES} if found else {}

    def matches(self, path: str) -> bool:
        """Whether a pattern matches a path."""
        return self._match(path) is not None

    @property
    def has_keys(self) -> bool:
        """Whether several files may be one product."""
        return any("key" in pattern.groupindex for pattern in self.patterns)

    def _match(self, path: str) -> re.Match[str] | None:
        return next((found for pattern in self.patterns if (found := matched(pattern, path))), None)


def _told(found: re.Match[str]) -> dict[str, str]:
    return {name: value for name, value in found.groupdict().items() if value is not None}


def _compiled(text: str, where: str) -> re.Pattern[str]:
    def written(hole: re.Match[str]) -> str:
        if hole[1] not in DATES:
            near = nearest(hole[1], tuple(DATES))
            known = f"did you mean {near}?" if near else f"one of {', '.join(DATES)}"
            raise BadValue(hole[0], where, known)
        return f"(?P<{hole[1]}>{DATES[hole[1]]})"

    pattern = safe_pattern(_HOLE.sub(written, text), where)
    rows = load_properties()
    for name in pattern.groupindex:
        if name not in DATES and name not in PARTS and name not in rows:
            near = nearest(name, (*DATES, *PARTS, *rows))
            known = (
                f"did you mean {near}?" if near else f"a property, a part of a date, or {', '.join(PARTS)}"
            )
            raise BadValue(name, f"{where}: group", known)
    return pattern
