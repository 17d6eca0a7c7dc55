"""Patterns in which `*` stands for any letters and `?` for one, unless a backslash is before them."""

from __future__ import annotations

import re
from collections.abc import Sequence

# what stands for others, where a letter would stand
ANY, ONE = "any", "one"
_PIECES = re.compile(r"\\(.)|([*?])|(.)", re.S)
_KINDS = {"*": ANY, "?": ONE}


def pieces_of(pattern: str) -> tuple[str, ...]:
    """The letters of a pattern, and ANY or ONE where others may stand; several ANY in a row are one."""
    found: list[str] = []
    for escaped, wild, plain in _PIECES.findall(pattern):
        piece = _KINDS.get(wild) or escaped or plain
        if piece != ANY or found[-1:] != [ANY]:
            found.append(piece)
    return tuple(found)


def fits(text: str, pattern: Sequence[str]) -> bool:
    """Whether a text is as the pieces of a pattern say, in at most as many steps as both have letters,
    multiplied: an expression of Python's might take for ever."""
    at = to = 0
    # where the last ANY stands, and where what follows it was tried last
    last = tried = -1
    while at < len(text):
        piece = pattern[to] if to < len(pattern) else ""
        if piece in (ONE, text[at]):
            at, to = at + 1, to + 1
        elif piece == ANY:
            last, tried, to = to, at, to + 1
        elif last >= 0:
            at = tried = tried + 1
            to = last + 1
        else:
            return False
    return all(piece == ANY for piece in pattern[to:])
