"""How values are written in the fields of a form, and read from them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from ..eo.errors import BadValue
from .kinds import Doi

# what a responsible party of a publication is
AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a value is written in a field and read from it; what cannot be read stays text, to be refused with
    its place by the parts."""

    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str


def _number(text: str) -> Any:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def _whole(text: str) -> Any:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text, re.ASCII) else text


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(word for each in re.split(r"[,\n]", text) if (word := each.strip())))


def _authors(text: str) -> list[Any]:
    names = dict.fromkeys(name for each in re.split(r"[;\n]", text) if (name := each.strip()))
    return [{"role": AUTHOR, "party": [{"name": name}]} for name in names]


def _authors_text(authors: list[Any]) -> str:
    return "; ".join(filter(None, map(_name, authors)))


def _name(author: Any) -> str:
    party = author.get("party") or [{}]
    return cast("str", party[0].get("name") or "")


def _doi(text: str) -> str:
    try:
        return Doi().read(text, "")
    except BadValue:
        return text


def plain_number(number: float) -> str:
    """A number without what says nothing: 12 for 12.0."""
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else str(number)


TEXT = Spelling()
WHOLE = Spelling(_whole)
NUMBER = Spelling(_number, plain_number)
WORDS = Spelling(_words, ", ".join)
DOI = Spelling(_doi)
AUTHORS = Spelling(_authors, _authors_text)
