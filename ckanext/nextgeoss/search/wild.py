"""How much work a pattern is for Lucene, which refuses what is too much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..eo.errors import BadValue
from ..eo.wildcards import ANY, ONE

# Lucene's own count goes to 100 000 and also counts what we do not see
MOST_WORK = 25_000


def check_wild(pieces: Sequence[str], asked: str, most: int = MOST_WORK) -> None:
    """BadValue when too many places of a pattern are possible at once: each letter that stands for any other,
    after one that stands for many, doubles what must be told apart."""
    letters = {piece for piece in pieces if piece not in (ANY, ONE)} | {""}
    follows = {letter: _places(pieces, letter) for letter in letters}
    many = _bits(piece == ANY for piece in pieces)
    first = _reached(1, many)
    seen, left, work = {first}, [first], 0
    while left:
        here = left.pop()
        work += here.bit_count()
        if work > most:
            raise BadValue(asked, "filter", "fewer letters that may be any, or fewer others after these")
        for places in follows.values():
            there = _reached(((here & places) << 1) | (here & many), many)
            if there not in seen:
                seen.add(there)
                left.append(there)


def _places(pieces: Sequence[str], letter: str) -> int:
    """Where a letter is taken; "" is any that the pattern does not name."""
    return _bits(piece in (ONE, letter) for piece in pieces)


def _bits(holds: Iterable[bool]) -> int:
    return sum(1 << at for at, each in enumerate(holds) if each)


def _reached(places: int, many: int) -> int:
    """With those that are reached over what may stand for no letter."""
    # no two of these stand side by side
    return places | ((places & many) << 1)
