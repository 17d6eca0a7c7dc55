"""Texts for users, in English, which who shows them can tell in another language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


class Worded(str):
    """A text made of `words`, with the names of values in braces, and these values. It is the English text;
    `in_language` is the same in another one. The words are found by who extracts texts to translate."""

    words: str
    values: dict[str, Any]

    def __new__(cls, words: str, /, **values: Any) -> Worded:
        made = super().__new__(cls, words.format(**values))
        made.words, made.values = words, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """What a copy is made of."""
        return (self.words,), self.values

    def in_language(self, translate: Callable[[str], str]) -> str:
        """The text with its words, and those of values that are texts like it, as `translate` gives them."""
        return translate(self.words).format(
            **{name: in_language(value, translate) for name, value in self.values.items()}
        )


def in_language(text: Any, translate: Callable[[str], str]) -> Any:
    """A text in another language, where that is known; anything else as it is."""
    return text.in_language(translate) if isinstance(text, Worded) else text


def one_of(values: Iterable[object], near: str | None = None) -> Worded:
    """That one of these is expected; `near` is the one that was probably meant."""
    listed = ", ".join(map(str, values))
    if near:
        return Worded("one of {values}; did you mean {near}?", values=listed, near=near)
    return Worded("one of {values}", values=listed)
