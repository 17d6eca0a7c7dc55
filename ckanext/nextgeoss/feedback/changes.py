"""What is different between two states of an item, for people: each text before and now, by words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Any

Parts = Mapping[str, Any]
# parts that are not said by the author: whose it is, and what it is about
_LEFT_OUT = ("target", "user_details", "external_user_id", "item_identifier", "date_info")
_WORD = re.compile(r"\S+|\s+")
# texts that differ in more than so many pairs of words are told as wholly changed: they would take too long
_MOST_PAIRS = 250_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether the other side has it, too."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One text that is not as it was: where it stands in the parts, before and now; () where it was not."""

    where: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


def changes(before: Parts, now: Parts) -> list[Change]:
    """All texts and numbers that are not as they were, in the order of what is said now."""
    old, new = dict(_leaves(before)), dict(_leaves(now))
    places = [*new, *(where for where in old if where not in new)]
    return [
        Change(where, *compared(old.get(where, ""), new.get(where, "")))
        for where in places
        if old.get(where, "") != new.get(where, "")
    ]


def compared(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two texts in pieces that both have and that only one has."""
    one, other = _WORD.findall(old), _WORD.findall(new)
    begin = _common(one, other)
    end = _common(one[begin:][::-1], other[begin:][::-1])
    left, right = one[begin : len(one) - end], other[begin : len(other) - end]
    blocks = [(False, slice(0, len(left)), slice(0, len(right)))]
    if len(left) * len(right) <= _MOST_PAIRS:
        found = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
        blocks = [(tag == "equal", slice(i, j), slice(k, m)) for tag, i, j, k, m in found]
    same = [each for each, _, _ in blocks]
    first, last = "".join(one[:begin]), "".join(one[len(one) - end :])

    def side(texts: Sequence[str]) -> tuple[Piece, ...]:
        # a blank that stays between words that do not makes nothing clearer
        middle = [(text, not (kept and text.strip())) for text, kept in zip(texts, same, strict=True)]
        return tuple(_joined([(first, False), *middle, (last, False)]))

    return (
        side(["".join(left[block]) for _, block, _ in blocks]),
        side(["".join(right[block]) for _, _, block in blocks]),
    )


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _joined(pieces: Sequence[tuple[str, bool]]) -> Iterator[Piece]:
    """Pieces side by side of one kind as one; empty ones left out."""
    text, changed = "", False
    for more, other in pieces:
        if more and text and other != changed:
            yield Piece(text, changed)
            text = ""
        if more:
            text, changed = text + more, other
    if text:
        yield Piece(text, changed)


def _leaves(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """(place, text) of all that is said: `usage.1.report_aspect.2`; things in lists count from 1."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name not in _LEFT_OUT:
                yield from _leaves(part, f"{where}.{name}" if where else name)
    elif isinstance(value, (list, tuple)):
        for at, part in enumerate(value, 1):
            yield from _leaves(part, f"{where}.{at}")
    elif value not in (None, ""):
        yield where, str(value)
