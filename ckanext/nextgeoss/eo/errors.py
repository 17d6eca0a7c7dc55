"""The exceptions of the suite; the text of each is one clear line that may be shown to a user."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from .worded import Worded


class NextGEOSSError(Exception):
    """Root of everything the suite raises on purpose."""


class BadValue(NextGEOSSError, ValueError):
    """A value that cannot be parsed: names the value, where it was and what is allowed there."""

    def __init__(self, value: object, where: str, allowed: str):
        self.value, self.where, self.allowed = value, where, allowed
        super().__init__(f"{where}: {self.reason}")

    @property
    def reason(self) -> str:
        """The message without the place."""
        return str(self.worded)

    @property
    def worded(self) -> Worded:
        """The message without the place, for pages in the language of their reader."""
        return Worded(
            "{value} is not allowed; expected {allowed}", value=shown(self.value), allowed=self.allowed
        )


class BadRecord(NextGEOSSError):
    """A record that cannot become a product: it has no identifier or no collection; `native` is its text."""

    def __init__(self, reason: str, position: int, native: str = ""):
        self.reason, self.position, self.native = reason, position, native
        super().__init__(f"record {position}: {reason}")


class BadAnswer(NextGEOSSError):
    """An answer that is not what its protocol says: HTML, cut short, or an error inside a success."""

    def __init__(self, reason: str, source: str = ""):
        self.reason, self.source = reason, source
        super().__init__(f"{source}: {reason}" if source else reason)


class BadConfiguration(NextGEOSSError):
    """A provider file, harvest source or option that cannot be understood."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like the given one, for "did you mean"; None when none is near."""
    by_lower = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None


def shown(value: object, width: int = 80) -> str:
    """A value as one short piece of a message."""
    text = repr(value)
    return text if len(text) <= width else text[: width - 3] + "..."
