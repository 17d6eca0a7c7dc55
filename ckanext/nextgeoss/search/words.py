"""Words that people type, as Solr reads them: none of them is an operator."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

WORDS_IN = "eo_identifier^8 name^4 title^4 tags^2 groups^2 text"

_SPECIAL = re.compile(r'([\\+\-&|!(){}\[\]^"~*?:/])')
_OPERATORS = ("AND", "OR", "NOT")
# what stands between quotes, or a word
_PARTS = re.compile(r'"([^"]*)"|(\S+)')


def words(text: str, any_of: Iterable[str] = ()) -> dict[str, Any]:
    """`q` and how to read it: all words of `text` must be found, in any of the fields, and all of at least
    one of the texts `any_of`; words between quotes stand side by side."""
    all_of = _clause(text)
    others = [clause for clause in map(_clause, any_of) if clause]
    if others:
        all_of += [f"({' OR '.join(_joined(clause) for clause in others)})"]
    if not all_of:
        return {"q": "*:*"}
    return {
        "q": " ".join(all_of),
        "defType": "edismax",
        "qf": WORDS_IN,
        "q.op": "AND",
        "uf": "-*",
        "lowercaseOperators": "false",
    }


def _joined(clause: list[str]) -> str:
    return clause[0] if len(clause) == 1 else f"({' AND '.join(clause)})"


def _clause(text: str) -> list[str]:
    """The terms and phrases of a text."""
    found: list[str] = []
    for phrase, word in _PARTS.findall(text):
        terms = [_term(each) for each in (phrase.split() if phrase else [word]) if each.strip('"')]
        if terms:
            found.append(terms[0] if len(terms) == 1 else f'"{" ".join(terms)}"')
    return found


def _term(word: str) -> str:
    return word.lower() if word in _OPERATORS else _SPECIAL.sub(r"\\\1", word)
