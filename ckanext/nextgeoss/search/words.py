"""Words that people type, as Solr reads them: none of them is an operator."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..eo.errors import BadValue
from .synonyms import is_satellite, longest, synonyms

# each is sought in six fields, and by its synonyms
MOST_WORDS = 100
WORDS_IN = "eo_identifier^8 name^4 title^4 tags^2 groups^2 text"

_SPECIAL = re.compile(r'([\\+\-&|!(){}\[\]^"~*?:/])')
_OPERATORS = ("AND", "OR", "NOT")
# what stands between quotes, or a word
_PARTS = re.compile(r'"([^"]*)"|(\S+)')


def words(text: str, any_of: Iterable[str] = ()) -> dict[str, Any]:
    """`q` and how to read it: all words of `text` must be found, in any of the fields, and all of at least
    one of the texts `any_of`; words between quotes stand side by side. Words that are not between quotes are
    found by their synonyms, too. BadValue when there are more than Solr would take."""
    any_of = tuple(any_of)
    check_words(text, *any_of)
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


def check_words(*texts: str) -> None:
    """BadValue when texts have more words than Solr would take."""
    if sum(len(each.split()) for each in texts) > MOST_WORDS:
        raise BadValue(" ".join(texts), "q", f"at most {MOST_WORDS} words")


def _joined(clause: list[str]) -> str:
    return clause[0] if len(clause) == 1 else f"({' AND '.join(clause)})"


def _clause(text: str) -> list[str]:
    """The terms, phrases and groups of a text."""
    found: list[str] = []
    run: list[str] = []
    for phrase, word in _PARTS.findall(text):
        if phrase:
            found += [*_expanded(run), *_phrase(phrase.split())]
            run = []
        elif word.strip('"'):
            run.append(word)
    return [*found, *_expanded(run)]


def _phrase(parts: list[str]) -> list[str]:
    """Words that stand side by side, of which there may be none."""
    parts = [each for each in parts if each.strip('"')]
    return [_quoted(parts)] if parts else []


def _expanded(run: list[str]) -> list[str]:
    """The terms of words; for those that have synonyms, the longest run of them first, a group."""
    found: list[str] = []
    at = 0
    while at < len(run):
        for end in range(min(at + longest(), len(run)), at, -1):
            if others := synonyms(" ".join(run[at:end])):
                found.append(_group(run[at:end], others))
                break
        else:
            end = at + 1
            found.append(_term(run[at]))
        at = end
    return found


def _group(own: list[str], others: Iterable[str]) -> str:
    """Words or what else they are called. Of a satellite the parts must stand side by side: `S2B` is not what
    has an S, a 2 and a B somewhere."""
    together = len(own) == 1 or is_satellite(" ".join(own))
    first = _quoted(own) if together else _joined([_term(word) for word in own])
    return f"({' OR '.join([first, *(_quoted(name.split()) for name in others)])})"


def _quoted(parts: Iterable[str]) -> str:
    return f'"{" ".join(map(_term, parts))}"'


def _term(word: str) -> str:
    return word.lower() if word in _OPERATORS else _SPECIAL.sub(r"\\\1", word)
