"""Words that people type, as Solr reads them: none of them is an operator."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..eo.errors import BadValue
from ..eo.free_text import AllOf, Text, Without, words_in
from ..eo.free_text import Words as Leaf
from .synonyms import is_satellite, longest, synonyms

# each is sought in six fields, and by its synonyms
MOST_WORDS = 100
WORDS_IN = "eo_identifier^8 name^4 title^4 tags^2 groups^2 text"

_SPECIAL = re.compile(r'([\\+\-&|!(){}\[\]^"~*?:/])')
_OPERATORS = ("AND", "OR", "NOT")
# what stands between quotes, or a word
_PARTS = re.compile(r'"([^"]*)"|(\S+)')


def words(text: str, any_of: Iterable[str] = (), tree: Text | None = None, boost: str = "") -> dict[str, Any]:
    """`q` and how to read it, for the words of `terms`, whose score is multiplied with `boost`. That all must
    be found is said of `q` alone: a `q.op` that stands for itself holds for filters, too."""
    found = terms(text, any_of, tree)
    if not found:
        return {"q": "*:*"}
    return {
        "q": "{!edismax q.op=AND v=$words}",
        "words": found,
        "qf": WORDS_IN,
        "uf": "-*",
        "lowercaseOperators": "false",
        **({"boost": boost} if boost else {}),
    }


def terms(text: str, any_of: Iterable[str] = (), tree: Text | None = None) -> str:
    """Words in Lucene's syntax: all of `text` must be found, in any of the fields, and all of at least one of
    the texts `any_of`, and what the `tree` says; words between quotes stand side by side. Words that are not
    between quotes are found by their synonyms, too. BadValue when there are more than Solr takes."""
    any_of = tuple(any_of)
    check_words(text, *any_of, *words_in(tree))
    all_of = _clause(text)
    others = [clause for clause in map(_clause, any_of) if clause]
    if others:
        all_of += [f"({' OR '.join(_joined(clause) for clause in others)})"]
    if tree and (found := _written(tree)):
        all_of += [found.text if found.so else f"-{found.text}"]
    return " ".join(all_of)


def check_words(*texts: str) -> None:
    """BadValue when texts have more words than Solr would take."""
    if sum(len(each.split()) for each in texts) > MOST_WORDS:
        raise BadValue(" ".join(texts), "q", f"at most {MOST_WORDS} words")


@dataclass(frozen=True, slots=True)
class _Part:
    """What finds something, or what finds all that is otherwise: Lucene's syntax has nothing that alone means
    the latter."""

    text: str
    so: bool = True


def _written(tree: Text) -> _Part | None:
    """A tree in the syntax of Lucene; None when nothing is sought."""
    if isinstance(tree, Leaf):
        clause = _clause(tree.text)
        return _Part(_joined(clause)) if clause else None
    if isinstance(tree, Without):
        part = _written(tree.part)
        return part and _Part(part.text, not part.so)
    parts = [part for part in map(_written, tree.parts) if part]
    if isinstance(tree, AllOf):
        return _all(parts)
    # one of them is so: it is not so that all of them are otherwise
    found = _all([_Part(part.text, not part.so) for part in parts])
    return found and _Part(found.text, not found.so)


def _all(parts: list[_Part]) -> _Part | None:
    """What all of the parts find."""
    if len(parts) < 2:
        return parts[0] if parts else None
    if any(part.so for part in parts):
        return _Part(f"({' '.join(('+' if part.so else '-') + _apart(part.text) for part in parts)})")
    return _Part(f"({' OR '.join(part.text for part in parts)})", so=False)


def _apart(text: str) -> str:
    """A text before which a sign may stand: between a bracket and a quote Solr takes it for a word."""
    return f"({text})" if text.startswith('"') else text


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
