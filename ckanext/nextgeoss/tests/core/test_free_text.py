"""Free text with operators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.free_text import AllOf, AnyOf, Text, Without, Words, plain, read_text
from ckanext.nextgeoss.search.words import MOST_WORDS, terms
from ckanext.nextgeoss.tests.free_text_expressions import finds, some_expression, things, written

QUICK, BROWN, FOX = Words("quick"), Words("brown"), Words("fox")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        (" , ", None),
        ("sentinel", Words("sentinel")),
        # without operators a text is sought as a whole
        ("climate model", Words("climate model")),
        ('"climate model"', Words('"climate model"')),
        ('EO,Earth "Observation, x" y', AnyOf((Words("EO"), Words('Earth "Observation, x" y')))),
        ("sentinel-2 A+B S2A_MSI - x", Words("sentinel-2 A+B S2A_MSI - x")),
        ('5" lens', Words('5" lens')),
        ("and or not", Words("and or not")),
        # the examples of the extension
        ("quick OR brown", AnyOf((QUICK, BROWN))),
        ("quick AND brown", AllOf((QUICK, BROWN))),
        ("(quick OR brown) AND fox", AllOf((AnyOf((QUICK, BROWN)), FOX))),
        ("quick +brown -fox", AllOf((BROWN, Without(FOX)))),
        # words side by side are alternatives beside an operator
        ("quick brown -fox", AllOf((AnyOf((QUICK, BROWN)), Without(FOX)))),
        ("(quick brown) AND fox", AllOf((AnyOf((QUICK, BROWN)), FOX))),
        ("quick brown AND fox", AnyOf((QUICK, AllOf((BROWN, FOX))))),
        ("quick OR brown AND fox", AnyOf((QUICK, AllOf((BROWN, FOX))))),
        ("quick NOT fox", AllOf((QUICK, Without(FOX)))),
        ("quick OR NOT fox", AnyOf((QUICK, Without(FOX)))),
        ("NOT fox OR quick", AnyOf((Without(FOX), QUICK))),
        ("-fox AND quick", AllOf((Without(FOX), QUICK))),
        ("-(quick AND brown)", Without(AllOf((QUICK, BROWN)))),
        ("- fox", Words("- fox")),
        ('quick AND -"brown fox"', AllOf((QUICK, Without(Words('"brown fox"'))))),
        ("-fox", Without(FOX)),
        ("NOT NOT fox", FOX),
        ("quick AND fox, brown fox", AnyOf((AllOf((QUICK, FOX)), Words("brown fox")))),
        ("(quick, brown) AND fox", AllOf((AnyOf((QUICK, BROWN)), FOX))),
    ],
)
def test_trees(text: str, tree: Text | None):
    assert read_text(text) == tree


def test_several_texts_are_alternatives():
    assert read_text(["quick", "brown AND fox"]) == AnyOf((QUICK, AllOf((BROWN, FOX))))
    assert plain(read_text(["quick", "brown,fox"])) and plain(None)
    assert not plain(read_text("quick,-fox"))


@pytest.mark.parametrize(
    "text",
    ["AND", "quick AND", "OR quick", "quick OR OR fox", "NOT", "(quick", "quick)", "()", "quick AND ,fox",
     "quick AND )", "(quick,) AND fox", "(" * 40 + "x" + ")" * 40],
)  # fmt: skip
def test_what_cannot_be_read(text: str):
    with pytest.raises(BadValue) as error:
        read_text(text)
    assert error.value.where == "q"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("quick AND brown", "(+quick +brown)"),
        ("quick OR brown", "(quick OR brown)"),
        ("quick OR -brown", "-(-quick +brown)"),
        ("-quick AND -brown", "-(quick OR brown)"),
        ("-quick", "-quick"),
        ("quick AND (brown OR NOT fox)", "(+quick -(-brown +fox))"),
        ('quick AND -"brown fox"', '(+quick -("brown fox"))'),
        # operators of Solr are none
        ("quick && brown*:x AND fox", r"(quick OR \&\& OR (+brown\*\:x +fox))"),
        ('quick AND ""', "quick"),
    ],
)
def test_written_for_solr(text: str, written: str):
    assert (terms("", (), read_text(text)) or "*:*") == written


def test_more_words_than_can_be_sought():
    with pytest.raises(BadValue):
        terms("", (), read_text(" OR ".join(["x"] * (MOST_WORDS + 1))))


@given(st.randoms(use_true_random=False))
def test_an_expression_means_what_it_says(random: Random):
    asked = some_expression(random)
    tree = read_text(written(asked))
    for own in things(random, 12):
        assert judged(tree, own) == finds(asked, own), (written(asked), own)


def judged(tree: Text | None, own: Sequence[str]) -> bool:
    """Whether what has these words is found by a tree."""
    if isinstance(tree, Words):
        parts = [part.strip('"').split() for part in re.findall(r'"[^"]*"|\S+', tree.text)]
        return all(any(list(own[at : at + len(part)]) == part for at in range(len(own))) for part in parts)
    if isinstance(tree, Without):
        return not judged(tree.part, own)
    assert tree is not None
    found = [judged(part, own) for part in tree.parts]
    return all(found) if isinstance(tree, AllOf) else any(found)
