"""Which letters fold to which, and classes of letters as Lucene's regular expressions have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from ..eo.folding import fold

# beyond these no letter folds to another one
_LETTERS = range(0x30000)
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Folds:
    """By what letters fold to: one letter, several, or none; of letters that only fold to themselves
    nothing is said. `folded` is what each of the others folds to."""

    to_one: dict[str, str]
    to_many: dict[str, str]
    to_none: str
    folded: dict[str, str]


@lru_cache(maxsize=4)
def folds(case: bool, accents: bool) -> Folds:
    """All letters that fold to something else."""
    by_folded: dict[str, str] = {}
    changed: dict[str, str] = {}
    for code in _LETTERS:
        letter = chr(code)
        if code in _SURROGATES or (found := fold(letter, case=case, accents=accents)) == letter:
            continue
        changed[letter] = found
        # what others fold to may fold to itself
        own = found if len(found) == 1 and fold(found, case=case, accents=accents) == found else ""
        by_folded[found] = by_folded.get(found, own) + letter
    return Folds(
        {to: letters for to, letters in by_folded.items() if len(to) == 1},
        {to: letters for to, letters in by_folded.items() if len(to) > 1},
        by_folded.get("", ""),
        changed,
    )


def letter_class(letters: Iterable[str], *, other: bool = False) -> str:
    """The class of some letters, or of all others."""
    codes = sorted({ord(letter) for letter in letters})
    runs = [[code for _, code in group] for _, group in groupby(enumerate(codes), lambda e: e[1] - e[0])]
    if not runs and other:
        return "."
    return f"[{'^' if other else ''}{''.join(_span(run[0], run[-1]) for run in runs)}]"


@lru_cache(maxsize=512)
def letters_below(letter: str, case: bool, accents: bool) -> str:
    """The class of all letters that fold to something whose first letter comes before this one; empty when
    there are none."""
    known = folds(case, accents).folded
    # those that fold to nothing come before nothing
    less = {ord(each) for each, to in known.items() if to and to[0] < letter}
    gaps = sorted(ord(each) for each in known if each < letter and ord(each) not in less)
    spans = [*_between(gaps, ord(letter)), *((code, code) for code in sorted(less) if code >= ord(letter))]
    return f"[{''.join(_span(*span) for span in _joined(spans))}]" if spans else ""


def _between(gaps: list[int], end: int) -> Iterator[tuple[int, int]]:
    """First and last of the runs of codes below `end` without some of them."""
    low = 0
    for gap in (*gaps, end):
        if low < gap:
            yield low, gap - 1
        low = gap + 1


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in their order, those that touch as one."""
    low = high = -1
    for first, last in spans:
        if low >= 0 and first == high + 1:
            high = last
            continue
        if low >= 0:
            yield low, high
        low, high = first, last
    if low >= 0:
        yield low, high


def _span(first: int, last: int) -> str:
    # half of a letter cannot be written; none stands in a text
    last = _SURROGATES.start - 1 if last in _SURROGATES else last
    return _sign(first) + (f"-{_sign(last)}" if last > first else "")


def _sign(code: int) -> str:
    """A letter in a class; what could be a sign of Lucene's is escaped, letters never are."""
    letter = chr(code)
    return letter if letter.isalnum() or code > 127 else "\\" + letter
