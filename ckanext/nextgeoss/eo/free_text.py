"""Free text with operators, as STAC APIs know it (extension freetext-search 1.0.0-rc.1, advanced): AND, OR,
NOT, `+` and `-`, parentheses, quotes, commas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from .errors import BadValue


@dataclass(frozen=True, slots=True)
class Words:
    """All of these words, of which those between quotes stand side by side."""

    text: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of the parts."""

    parts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the parts."""

    parts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """What the part does not find."""

    part: Text


Text: TypeAlias = Words | AllOf | AnyOf | Without

ALLOWED = (
    "words, each AND and OR between two of them, NOT, + and - before one, quotes and parentheses in pairs"
)
_DEEPEST = 30
# what stands between quotes, what has a meaning, a word, in which a quote may stand alone
_TOKEN = re.compile(r'"[^"]*"|[(),]|(?P<sign>[+-])(?=[^\s,)])|(?:[^\s(),"]|"(?![^"]*"))+')
_SIGNS = ("NOT", "-", "+")
_OPERATORS = ("AND", "OR", *_SIGNS, "(", ")")


def read_text(asked: str | Sequence[str], where: str = "q") -> Text | None:
    """The tree of a text, or of several of which one must be found; None of none. What has no operators is
    sought as a whole between two commas; beside an operator, words side by side are alternatives. BadValue
    for operators without what they stand between."""
    texts = [asked] if isinstance(asked, str) else asked
    return _one(AnyOf, [part for text in texts for part in _Reader(text, where).alternatives()])


def words_in(tree: Text | None) -> Iterator[str]:
    """The texts that are sought."""
    if isinstance(tree, Words):
        yield tree.text
    elif isinstance(tree, Without):
        yield from words_in(tree.part)
    elif tree is not None:
        for part in tree.parts:
            yield from words_in(part)


def plain(tree: Text | None) -> bool:
    """Whether at least one of some words is all that is asked."""
    parts = tree.parts if isinstance(tree, AnyOf) else (tree,)
    return tree is None or all(isinstance(part, Words) for part in parts)


def _one(kind: type[AllOf] | type[AnyOf], parts: Sequence[Text]) -> Text | None:
    return kind(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def _meant(token: re.Match[str]) -> str:
    """The text of a token; a sign before nothing is a word."""
    return f'"{token[0]}"' if token[0] in ("+", "-") and not token["sign"] else token[0]


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str, where: str):
        self._text, self._where = text, where
        self._found = list(_TOKEN.finditer(text))
        self._at = self._depth = 0

    def alternatives(self) -> Iterator[Text]:
        """What stands between the commas of the whole text."""
        while self._at < len(self._found):
            if self._next() == ",":
                self._at += 1
            elif words := self._words():
                yield words
            else:
                yield self._any()
                if self._next() not in (",", ""):
                    self._refuse()

    def _next(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return _meant(self._found[at]) if at < len(self._found) else ""

    def _take(self, *texts: str) -> str:
        found = self._next()
        if found not in texts:
            return ""
        self._at += 1
        return found

    def _words(self) -> Words | None:
        """The words up to the next comma; None when there are operators among them."""
        count = 0
        while (found := self._next(count)) not in (",", ""):
            if found in _OPERATORS:
                return None
            count += 1
        first, last = self._found[self._at], self._found[self._at + count - 1]
        self._at += count
        return Words(self._text[first.start() : last.end()])

    def _any(self) -> Text:
        """Alternatives; beside those with `+`, others need not be found."""
        wanted: list[Text] = []
        unwanted: list[Text] = []
        others: list[Text] = []
        said = False
        while True:
            sign, first = self._next(), self._at
            part = self._all()
            alone = not said and self._next() != "OR" and "AND" not in self._between(first)
            if alone and sign == "+":
                wanted.append(part)
            elif alone and sign in _SIGNS:
                unwanted.append(part)
            else:
                others.append(part)
            said = bool(self._take("OR"))
            if not said and self._next() in (",", ")", ""):
                break
        return self._joined(wanted, unwanted, others)

    def _joined(self, wanted: list[Text], unwanted: list[Text], others: list[Text]) -> Text:
        if not wanted and others:
            found = _one(AnyOf, others)
            wanted = [found] if found else []
        return _one(AllOf, [*wanted, *unwanted]) or self._refuse()

    def _between(self, first: int) -> Iterator[str]:
        """The operators from a place up to here that are in no parentheses."""
        depth = 0
        for token in self._found[first : self._at]:
            depth += {"(": 1, ")": -1}.get(_meant(token), 0)
            if not depth:
                yield _meant(token)

    def _all(self) -> Text:
        parts = [self._signed()]
        while self._take("AND"):
            parts.append(self._signed())
        return _one(AllOf, parts) or self._refuse()

    def _signed(self) -> Text:
        without = False
        while sign := self._take(*_SIGNS):
            without ^= sign != "+"
        part = self._group() if self._take("(") else self._word()
        return Without(part) if without else part

    def _group(self) -> Text:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._refuse()
        parts = [self._any()]
        while self._take(","):
            parts.append(self._any())
        if not self._take(")"):
            self._refuse()
        self._depth -= 1
        return _one(AnyOf, parts) or self._refuse()

    def _word(self) -> Text:
        found = self._next()
        if not found or found == "," or found in _OPERATORS:
            self._refuse()
        self._at += 1
        return Words(found)

    def _refuse(self) -> NoReturn:
        raise BadValue(self._text, self._where, ALLOWED)
