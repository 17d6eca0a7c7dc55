"""Texts without regard to case or accents, as CASEI and ACCENTI of OGC CQL2 (21-065r2, 7.6, 7.7)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def fold(text: str, *, case: bool = False, accents: bool = False) -> str:
    """The text without accents (`accents`: each letter's canonical decomposition without combining marks), in
    full case folding (`case`), or both, in this order. Each letter is folded by itself."""
    return "".join(_letter(letter, case, accents) for letter in text)


@lru_cache(maxsize=4096)
def _letter(letter: str, case: bool, accents: bool) -> str:
    # the parts of a Korean syllable are no accents
    if accents and not "\uac00" <= letter <= "\ud7a3":
        parts = unicodedata.normalize("NFD", letter)
        letter = "".join(each for each in parts if not unicodedata.combining(each))
    return letter.casefold() if case else letter
