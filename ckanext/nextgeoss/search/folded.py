"""Texts without regard to case or accents as regular expressions of Lucene: for each letter all that fold to
it. One letter may fold to several, as ß to ss, and marks to none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..eo.errors import BadValue
from ..eo.wildcards import ANY, ONE, pieces_of
from .folded_letters import Folds, folds, letter_class
from .wild import MOST_WORK, check_wild

# Lucene needs a second or two for as long an expression, and for a third of it with parts that may be any
LONGEST = 24_000
_LONGEST_WILD = 8_000
FEWER = "fewer letters to compare without regard to case or accents"
# a letter, or ANY or ONE
Pieces = Sequence[str]


def folded(values: Iterable[str], *, case: bool, accents: bool, wild: bool = False) -> str:
    """The expression, between slashes, of the texts that fold to one of the values; where `wild`, `*` and `?`
    stand for any letters and for one, unless a backslash is before them. Empty where no text does; BadValue
    when it is too long for Lucene."""
    known = folds(case, accents)
    written: list[str] = []
    for value in dict.fromkeys(values):
        pieces = pieces_of(value) if wild else tuple(value)
        if wild:
            check_wild(pieces, value, MOST_WORK // 5)
        found = _written(pieces, known)
        if len(found) + sum(map(len, written)) > (_LONGEST_WILD if wild else LONGEST):
            raise BadValue(value, "filter", FEWER)
        written += [found] if found else []
    return f"/{'|'.join(written)}/" if written else ""


def _written(pieces: Pieces, known: Folds) -> str:
    """The expression of pieces, cut where no letter stands for pieces on both sides."""
    marks, steps = marks_of(known), all_steps(pieces, known)
    if not all(steps):
        return ""
    parts = [marks]
    begin = 0
    for end in cuts(steps):
        # where each piece has a way on, there is one to each cut
        parts.append(between(begin, end, pieces, steps, marks) or "")
        begin = end
    return "".join(parts) or "()"


def marks_of(known: Folds) -> str:
    """The expression of any number of letters that fold to none."""
    return f"{letter_class(known.to_none)}*" if known.to_none else ""


def all_steps(pieces: Pieces, known: Folds) -> list[dict[int, str]]:
    """Of each piece, where one letter leads from it, with the class of these letters; empty for no letter."""
    return [dict(_steps(at, pieces, known)) for at in range(len(pieces))]


def cuts(steps: Sequence[Mapping[int, str]]) -> Iterator[int]:
    """Where no letter stands for pieces on both sides, the end among them."""
    reach = 0
    for at, ways in enumerate(steps):
        reach = max(reach, at + 1, *ways)
        if reach == at + 1:
            yield reach


def between(
    begin: int, end: int, pieces: Pieces, steps: Sequence[Mapping[int, str]], marks: str
) -> str | None:
    """The expression of all ways from one piece to another, with nothing beyond it; None when there are
    none. BadValue when it is too long."""
    after = {end: ""}
    for at in reversed(range(begin, end)):
        ways = [
            (f"{letters}{marks}" if letters else "") + after[to]
            for to, letters in steps[at].items()
            if to in after
        ]
        if not ways:
            continue
        found = ways[0] if len(ways) == 1 else f"({'|'.join(way or '()' for way in ways)})"
        after[at] = (".*" if pieces[at] == ANY else "") + found
        if len(after[at]) > LONGEST:
            raise BadValue("".join(pieces), "filter", FEWER)
    return after.get(begin)


def _steps(at: int, pieces: Pieces, known: Folds) -> Iterator[tuple[int, str]]:
    piece, ways = pieces[at], dict[int, str]()
    for folded_to, letters in known.to_many.items():
        for to in _reached(at, folded_to, pieces):
            ways[to] = ways.get(to, "") + letters
    if piece == ANY:
        yield at + 1, ""
        yield from ((to, letter_class(letters)) for to, letters in ways.items() if to > at + 1)
        return
    if piece == ONE:
        beyond = known.to_none + "".join(known.to_many.values())
        ways_of_one = letter_class(beyond, other=True)
        yield at + 1, ways_of_one if at + 1 not in ways else f"({ways_of_one}|{letter_class(ways[at + 1])})"
    else:
        letters = known.to_one.get(piece, "" if piece in known.folded else piece) + ways.get(at + 1, "")
        if letters:
            yield at + 1, letter_class(letters)
    yield from ((to, letter_class(letters)) for to, letters in ways.items() if to > at + 1)


def _reached(at: int, letters: str, pieces: Pieces) -> set[int]:
    """The pieces that may follow after some folded letters."""
    states = {at}
    for letter in letters:
        states = {to for state in states for to in _next(state, letter, pieces)}
    return states


def _next(at: int, letter: str, pieces: Pieces) -> Iterator[int]:
    if at == len(pieces):
        return
    piece = pieces[at]
    if piece == ANY:
        yield at
        yield from _next(at + 1, letter, pieces)
    elif piece in (ONE, letter):
        yield at + 1
