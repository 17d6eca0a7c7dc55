"""How much a text looks like spam: from 0 to 1, and why."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

# a score from here on has a moderator look at it
SUSPICIOUS = 0.5
_LINK = re.compile(r"https?://|www\.", re.I)
_MARKUP = re.compile(r"<\s*a\s|\[url[=\]]|\[link", re.I)
_REPEATED = re.compile(r"(\S)\1{9,}")
_LETTERS = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
# a text this short may be written in capitals
_SHORT = 20
_MOST_CAPITALS = 0.7
# one word more often than this among many is no sentence
_MOST_OF_ONE_WORD = 0.4
_MANY_WORDS = 12


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site lets through."""

    # links in one item
    links: int = 3
    # words, in small letters, that nobody needs to speak of data
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A score and its reasons."""

    score: float
    reasons: tuple[str, ...] = ()

    @property
    def suspicious(self) -> bool:
        """Whether a moderator should look at it."""
        return self.score >= SUSPICIOUS


def judge(text: str, rules: Rules, *, seen_before: int = 0) -> Verdict:
    """What speaks against a text, of which the same was sent `seen_before` times of late."""
    found = dict(_marks(text, rules))
    if seen_before:
        found["the same was sent before"] = min(1.0, 0.5 + 0.25 * (seen_before - 1))
    left = 1.0
    for weight in found.values():
        left *= 1.0 - weight
    return Verdict(round(1.0 - left, 4), tuple(found))


def content_hash(text: str) -> str:
    """A hash that is the same for texts which differ in case, accents, blanks and punctuation alone."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    words = _WORD.findall("".join(each for each in plain if not unicodedata.combining(each)))
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def _marks(text: str, rules: Rules) -> Iterator[tuple[str, float]]:
    links = len(_LINK.findall(text))
    if links > rules.links:
        yield f"{links} links", 0.6
    if _MARKUP.search(text):
        yield "links in markup", 0.6
    if _REPEATED.search(text):
        yield "one letter over and over", 0.3
    letters = _LETTERS.findall(text)
    capitals = sum(letter.isupper() for letter in letters)
    if len(letters) > _SHORT and capitals > _MOST_CAPITALS * len(letters):
        yield "capitals only", 0.3
    words = [word.casefold() for word in _WORD.findall(text)]
    if len(words) >= _MANY_WORDS and _most_often(words) > _MOST_OF_ONE_WORD * len(words):
        yield "one word over and over", 0.4
    bad = sorted(set(words) & rules.words)
    if bad:
        yield "words of the list: " + ", ".join(bad), min(1.0, 0.5 * len(bad))


def _most_often(words: Collection[str]) -> int:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return max(counts.values())
