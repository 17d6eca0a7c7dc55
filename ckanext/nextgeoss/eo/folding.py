"""Texts without regard to case or accents: what CASEI and ACCENTI of OGC CQL2 (21-065r2, 7.6 and 7.7) give."""

from __future__ import annotations

import unicodedata


def fold(text: str, *, case: bool = False, accents: bool = False) -> str:
    """The text without its combining marks (`accents`: Unicode's canonical decomposition, of which only
    letters stay), in full case folding (`case`), or both, in this order; letter by letter."""
    if accents:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return text.casefold() if case else text
