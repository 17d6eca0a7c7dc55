"""The query language of DHuS, which is that of Lucene: a text as a tree of what must be so.

Source: DHuS user guide, full text search; where it is silent, Lucene's classic query parser with AND between
terms. NOT binds more than AND, AND more than OR."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from ..eo.errors import BadValue

WHERE = "q"
_DEEPEST, _LONGEST = 40, 20_000
_FIELD = re.compile(r"([A-Za-z_][\w.-]*)\s*:\s*", re.A)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.S)
_RANGE = re.compile(r"([\[{])([^\[\]{}]*)([\]}])")
_BETWEEN = re.compile(r'\s*("[^"]*"|\S+)\s+TO\s+("[^"]*"|\S+)\s*', re.S)
_WORD = re.compile(r'(?:[^\s()"\[\]{}\\]|\\.)+', re.S)
_AND, _OR = re.compile(r"AND(?![^\s()])|&&"), re.compile(r"OR(?![^\s()])|\|\|")
_NOT = re.compile(r"NOT(?![^\s(])|!(?=\S)|-(?=[^\s)])")
_MUST = re.compile(r"\+(?=[^\s)])")
_OPEN, _CLOSE, _BLANK = re.compile(r"\("), re.compile(r"\)"), re.compile(r"\s*")
# what stands for other letters
_ANY = "*?"
# regular expressions, likeness, weight: what Lucene has and DHuS never told its users of
_UNKNOWN = re.compile(r"/.*/|.*[~^][\d.]*", re.S)


@dataclass(frozen=True, slots=True)
class Said:
    """A value for a field (empty: for any); with `pattern` it has `*` and `?` for what may stand there, and
    what stands for itself is escaped by a backslash."""

    field: str
    text: str
    pattern: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """A range for a field; an empty end is open, an end may be within the range or not."""

    field: str
    low: str
    high: str
    low_within: bool
    high_within: bool
    text: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of these; of none: everything."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """At least one of these."""

    parts: tuple[Tree, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """All but this."""

    part: Tree
    text: str


Tree: TypeAlias = Said | Between | AllOf | OneOf | Not


def parse_dhus(text: str) -> Tree:
    """The tree of a query; BadValue says where it cannot be read."""
    if len(text) > _LONGEST:
        raise BadValue(text, WHERE, f"a query of at most {_LONGEST} characters")
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str):
        self.text, self.position, self.depth = text, 0, 0

    def whole(self) -> Tree:
        found = self.alternatives("") if self.left() else AllOf(())
        if self.left():
            raise self.bad("a query whose parentheses, brackets and quotes are closed")
        return found

    def alternatives(self, field: str) -> Tree:
        begin = self.position
        parts = [self.together(field)]
        while self.take(_OR):
            parts.append(self.together(field))
        return parts[0] if len(parts) == 1 else OneOf(tuple(parts), self.text[begin : self.position].strip())

    def together(self, field: str) -> Tree:
        parts = [self.one(field)]
        while self.left() and not self.ahead(_CLOSE) and not self.ahead(_OR):
            self.take(_AND)
            parts.append(self.one(field))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def one(self, field: str) -> Tree:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.bad(f"at most {_DEEPEST} parentheses and signs within each other")
        begin = self.position
        if self.take(_NOT):
            found: Tree = Not(self.one(field), self.text[begin : self.position].strip())
        elif self.take(_MUST):
            found = self.one(field)
        elif named := self.take(_FIELD):
            found = self.value(named[1])
        elif self.ahead(_AND) or self.ahead(_OR):
            raise self.bad("a term on each side of AND and OR")
        else:
            found = self.value(field)
        self.depth -= 1
        return found

    def value(self, field: str) -> Tree:
        """What stands after a field, or alone."""
        begin = self.position
        if self.take(_OPEN):
            found = self.alternatives(field)
            if not self.take(_CLOSE):
                raise self.bad("a parenthesis that is closed")
            return found
        if quoted := self.take(_QUOTED):
            found = Said(field, re.sub(r"\\(.)", r"\1", quoted[1], flags=re.S), quoted=True)
        elif range_ := self.take(_RANGE):
            found = _between(field, range_)
        elif word := self.take(_WORD):
            found = _said(field, word[0])
        else:
            raise self.bad(f"a value for {field}" if field else "a term")
        after = _WORD.match(self.text, self.position)
        whole = self.text[begin : after.end() if after else self.position]
        if _UNKNOWN.fullmatch(whole) and not whole.endswith('"'):
            raise BadValue(whole, WHERE, "terms without likeness (~), weight (^) and regular expressions")
        return found

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What stands next, if it is this; blanks before it are passed over."""
        found = self.ahead(pattern)
        if found:
            self.position = found.end()
        return found

    def ahead(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self.text, self._begin())

    def left(self) -> bool:
        return self._begin() < len(self.text)

    def bad(self, allowed: str) -> BadValue:
        rest = self.text[self._begin() :]
        return BadValue(rest or self.text, WHERE, allowed)

    def _begin(self) -> int:
        blank = _BLANK.match(self.text, self.position)
        return blank.end() if blank else self.position


def _said(field: str, word: str) -> Said:
    """A word as it is meant, and as a pattern when it has `*` or `?` that are not escaped."""
    pieces = re.findall(r"\\(.)|([^\\])", word, re.S)
    text = "".join(escaped or plain for escaped, plain in pieces)
    if not any(plain in _ANY for _, plain in pieces if plain):
        return Said(field, text)
    pattern = "".join(
        plain or (f"\\{escaped}" if escaped in _ANY + "\\" else escaped) for escaped, plain in pieces
    )
    return Said(field, text, pattern)


def _between(field: str, found: re.Match[str]) -> Between:
    ends = _BETWEEN.fullmatch(found[2])
    if not ends:
        raise BadValue(found[0], field or WHERE, "a range such as [0 TO 30]")
    low, high = ("" if end == "*" else end.strip('"').strip() for end in ends.groups())
    return Between(field, low, high, found[1] == "[", found[3] == "]", found[0])
