"""Texts that come before another one without regard to case or accents, as regular expressions of Lucene:
those that begin like it and end there, or go on with a letter that folds to an earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..eo.errors import BadValue
from .folded import FEWER, LONGEST, all_steps, between, cuts, marks_of
from .folded_letters import Folds, folds, letter_class, letters_below


def folded_before(value: str, *, case: bool, accents: bool, same: bool = False) -> str:
    """The expression, between slashes, of the texts that fold to what comes before a value, letter by letter
    in the order of their code points; where `same`, also to the value itself. Empty where none does; BadValue
    when it is too long for Lucene."""
    known = folds(case, accents)
    steps = all_steps(value, known)
    ends = tuple(cuts(steps))
    parts = [_Part(begin, end, value, steps, known) for begin, end in zip((0, *ends), ends)]  # noqa: B905
    found = _before(parts, (case, accents))
    if same and (whole := _whole(parts)) is not None:
        found.append(whole or "()")
    if sum(map(len, found)) > LONGEST:
        raise BadValue(value, "filter", FEWER)
    return f"/{marks_of(known)}({'|'.join(found)})/" if found else ""


class _Part:
    """The letters of a value from one cut to the next."""

    def __init__(
        self, begin: int, end: int, value: str, steps: Sequence[Mapping[int, str]], known: Folds
    ) -> None:
        self.begin, self.end, self._value, self._steps, self._known = begin, end, value, steps, known
        self.whole = self._ways_to(end)

    def before(self, kind: tuple[bool, bool]) -> Iterator[str]:
        """What ends within the part, or goes on with an earlier letter there."""
        for at in range(self.begin, self.end):
            if (way := self._ways_to(at)) is not None:
                yield way or "()"
                yield from (f"{way}{letters}.*" for letters in self._earlier(at, kind))

    def _ways_to(self, at: int) -> str | None:
        return between(self.begin, at, self._value, self._steps, marks_of(self._known))

    def _earlier(self, at: int, kind: tuple[bool, bool]) -> Iterator[str]:
        """The classes of letters that fold to what comes before the value from a place on, and not to what
        it begins with."""
        if below := letters_below(self._value[at], *kind):
            yield below
        rest = self._value[at:]
        for to, letters in self._known.to_many.items():
            # what begins with an earlier letter is told above
            if to[0] == rest[0] and to < rest and not rest.startswith(to):
                yield letter_class(letters)


def _before(parts: Sequence[_Part], kind: tuple[bool, bool]) -> list[str]:
    """What ends within some parts, or goes on with an earlier letter there. Halves of halves: Lucene's work
    grows with the square of how deep one lies in another."""
    if len(parts) < 2:
        return [each for part in parts for each in part.before(kind)]
    half = len(parts) // 2
    found = _before(parts[:half], kind)
    if (whole := _whole(parts[:half])) is not None:
        found.append(f"{whole}({'|'.join(_before(parts[half:], kind))})")
    return found


def _whole(parts: Sequence[_Part]) -> str | None:
    """The ways through some parts; None when there are none."""
    ways = [part.whole for part in parts]
    return None if None in ways else "".join(way or "" for way in ways)
