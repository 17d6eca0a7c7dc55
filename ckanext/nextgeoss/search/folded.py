"""Texts without regard to case or accents as regular expressions of Lucene: for each letter all that fold to
it. One letter may fold to several, as ß to ss, and marks to none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from ..eo.errors import BadValue
from ..eo.folding import fold

LONGEST = 100_000
# beyond these no letter folds to another one
_LETTERS = range(0x30000)
_SURROGATES = range(0xD800, 0xE000)
_WILD = re.compile(r"\\(.)|([*?])|(.)", re.S)
_FEWER = "fewer letters to compare without regard to case or accents"
_ANY, _ONE = "any", "one"
# a letter, or _ANY or _ONE
_Pieces = Sequence[str]


@dataclass(frozen=True, slots=True)
class _Folds:
    """By what letters fold to: one letter, several, or none; of letters that only fold to themselves
    nothing is said."""

    to_one: dict[str, str]
    to_many: dict[str, str]
    to_none: str
    changed: frozenset[str]


def folded(values: Iterable[str], *, case: bool, accents: bool, wild: bool = False) -> str:
    """The expression, between slashes, of the texts that fold to one of the values; where `wild`, `*` and `?`
    stand for any letters and for one, unless a backslash is before them. Empty where no text does; BadValue
    when it is too long for Lucene."""
    folds = _folds(case, accents)
    written: list[str] = []
    for value in dict.fromkeys(values):
        found = _written(_pieces(value) if wild else tuple(value), folds)
        if len(found) + sum(map(len, written)) > LONGEST:
            raise BadValue(value, "filter", _FEWER)
        written += [found] if found else []
    return f"/{'|'.join(written)}/" if written else ""


def _pieces(value: str) -> tuple[str, ...]:
    kinds = {"*": _ANY, "?": _ONE}
    return tuple(kinds.get(wild) or escaped or plain for escaped, wild, plain in _WILD.findall(value))


def _written(pieces: _Pieces, folds: _Folds) -> str:
    """The expression of pieces, cut where no letter stands for pieces on both sides."""
    marks = f"{_class(folds.to_none)}*" if folds.to_none else ""
    steps = [dict(_steps(at, pieces, folds)) for at in range(len(pieces))]
    if not all(steps):
        return ""
    parts = [marks]
    begin = reach = 0
    for at, ways in enumerate(steps):
        reach = max(reach, *ways)
        if reach == at + 1:
            parts.append(_between(begin, reach, pieces, steps, marks))
            begin = reach
    return "".join(parts) or "()"


def _between(begin: int, end: int, pieces: _Pieces, steps: list[dict[int, str]], marks: str) -> str:
    """The expression of all ways from one cut to the next."""
    after = {end: ""}
    for at in reversed(range(begin, end)):
        ways = [(f"{letters}{marks}" if letters else "") + after[to] for to, letters in steps[at].items()]
        found = ways[0] if len(ways) == 1 else f"({'|'.join(way or '()' for way in ways)})"
        after[at] = (".*" if pieces[at] == _ANY else "") + found
        if len(after[at]) > LONGEST:
            raise BadValue(
                "".join(pieces), "filter", "fewer letters to compare without regard to case or accents"
            )
    return after[begin]


def _steps(at: int, pieces: _Pieces, folds: _Folds) -> Iterator[tuple[int, str]]:
    """Where one letter leads from a piece, with the class of these letters; empty for no letter."""
    piece, ways = pieces[at], dict[int, str]()
    for folded_to, letters in folds.to_many.items():
        for to in _reached(at, folded_to, pieces):
            ways[to] = ways.get(to, "") + letters
    if piece == _ANY:
        yield at + 1, ""
        yield from ((to, _class(letters)) for to, letters in ways.items() if to > at + 1)
        return
    if piece == _ONE:
        beyond = folds.to_none + "".join(folds.to_many.values())
        ways_of_one = _class(beyond, other=True)
        yield at + 1, ways_of_one if at + 1 not in ways else f"({ways_of_one}|{_class(ways[at + 1])})"
    else:
        letters = folds.to_one.get(piece, "" if piece in folds.changed else piece) + ways.get(at + 1, "")
        if letters:
            yield at + 1, _class(letters)
    yield from ((to, _class(letters)) for to, letters in ways.items() if to > at + 1)


def _reached(at: int, letters: str, pieces: _Pieces) -> set[int]:
    """The pieces that may follow after some folded letters."""
    states = {at}
    for letter in letters:
        states = {to for state in states for to in _next(state, letter, pieces)}
    return states


def _next(at: int, letter: str, pieces: _Pieces) -> Iterator[int]:
    if at == len(pieces):
        return
    piece = pieces[at]
    if piece == _ANY:
        yield at
        yield from _next(at + 1, letter, pieces)
    elif piece in (_ONE, letter):
        yield at + 1


def _class(letters: str, *, other: bool = False) -> str:
    """The class of some letters, or of all others."""
    codes = sorted({ord(letter) for letter in letters})
    ranges = [[code for _, code in group] for _, group in groupby(enumerate(codes), lambda e: e[1] - e[0])]
    spans = [_sign(run[0]) + (f"-{_sign(run[-1])}" if len(run) > 1 else "") for run in ranges]
    if not spans and other:
        return "."
    return f"[{'^' if other else ''}{''.join(spans)}]"


def _sign(code: int) -> str:
    """A letter in a class; what could be a sign of Lucene's is escaped, letters never are."""
    letter = chr(code)
    return letter if letter.isalnum() or code > 127 else "\\" + letter


@lru_cache(maxsize=4)
def _folds(case: bool, accents: bool) -> _Folds:
    """All letters that fold to something else."""
    by_folded: dict[str, str] = {}
    changed: set[str] = set()
    for code in _LETTERS:
        letter = chr(code)
        if code in _SURROGATES or (found := fold(letter, case=case, accents=accents)) == letter:
            continue
        changed.add(letter)
        # what others fold to may fold to itself
        own = found if len(found) == 1 and fold(found, case=case, accents=accents) == found else ""
        by_folded[found] = by_folded.get(found, own) + letter
    return _Folds(
        {to: letters for to, letters in by_folded.items() if len(to) == 1},
        {to: letters for to, letters in by_folded.items() if len(to) > 1},
        by_folded.get("", ""),
        frozenset(changed),
    )
