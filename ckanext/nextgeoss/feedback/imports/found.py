"""What an import finds: items with what could not be kept of them, and how they are known at their source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..guf import FeedbackItem
from ..parts import write

_NIMMBUS = re.compile(r"https?://(?:www\.)?(?:opengis\.uab\.cat/nimmbus|nimmbus\.cat)/resourceid/?", re.I)
_WEB = re.compile(r"https?://", re.I)
NIMMBUS_SPACE = "https://www.nimmbus.cat/resourceId"


@dataclass(frozen=True, slots=True)
class Imported:
    """An item of another system; `code` in `code_space` is what it is known by there, `updated` when it was
    last changed. `item` is None when it could not be read, and `problems` say why, or what of it is lost."""

    code: str
    code_space: str
    item: FeedbackItem | None
    updated: str | None = None
    # the public name of who wrote it
    author: str = ""
    problems: tuple[str, ...] = ()

    @property
    def parts(self) -> dict[str, Any]:
        """The item as JSON; empty when it could not be read."""
        return write(self.item) if self.item else {}


@dataclass(frozen=True, slots=True)
class Document:
    """What a document holds: items; the codes of those that it only names; what else could not be read; where
    the rest is, when this is not all."""

    items: tuple[Imported, ...] = ()
    named: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    total: int | None = None
    codes: Sequence[str] = field(default_factory=tuple)


def code_space_of(told: str | None) -> str:
    """A code space as it is compared: those of NiMMbus are one, whatever the scheme and the host."""
    space = (told or "").strip()
    return NIMMBUS_SPACE if _NIMMBUS.fullmatch(space) else space


def space_key(space: str) -> str:
    """A code space as it is compared: with or without TLS, with or without a slash at its end."""
    return _WEB.sub("", code_space_of(space), count=1).rstrip("/").lower()


def spaces_like(space: str) -> list[str]:
    """The code spaces that are the same as this one, however somebody wrote the address."""
    if not _WEB.match(space):
        return [space]
    rest = _WEB.sub("", space, count=1).rstrip("/")
    alike = [f"{scheme}://{rest}{end}" for scheme in ("https", "http") for end in ("", "/")]
    return list(dict.fromkeys([space, *alike]))
