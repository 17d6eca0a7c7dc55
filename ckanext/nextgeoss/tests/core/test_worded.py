"""Texts that are told in another language are English ones to whoever does not ask."""

from __future__ import annotations

import copy
import json
import pickle

from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.worded import Worded, in_language, one_of

SPANISH = {
    "{value} is not allowed; expected {allowed}": "{value} no está permitido; se espera {allowed}",
    "one of {values}; did you mean {near}?": "uno de {values}; ¿quería decir {near}?",
}


def spanish(words: str) -> str:
    return SPANISH.get(words, words)


def test_words_within_words_are_told_too() -> None:
    wrong = BadValue("gras", "kind", one_of(("grass", "tree"), "grass"))
    assert wrong.reason == "'gras' is not allowed; expected one of grass, tree; did you mean grass?"
    assert type(wrong.reason) is str
    told = in_language(wrong.worded, spanish)
    assert told == "'gras' no está permitido; se espera uno de grass, tree; ¿quería decir grass?"
    assert in_language(BadValue(3, "x", "a text").worded, spanish) == "3 no está permitido; se espera a text"
    assert in_language("as it is", spanish) == "as it is" and in_language(None, spanish) is None


@given(st.text())
def test_values_are_never_read_as_words(value: str) -> None:
    """Braces in them, which the words have round names of values."""
    text = Worded("{value} and {other}", value=value, other=Worded("<{value}>", value=value))
    assert text == f"{value} and <{value}>" == in_language(text, spanish)
    for again in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert again == text and again.in_language(spanish) == text
    assert json.loads(json.dumps(text)) == text
