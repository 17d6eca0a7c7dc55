"""The quality label says which of its eight facets are there, as a drawing that everybody can read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lxml import etree

from ckanext.nextgeoss.feedback import label

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script> & \"quotes\" 'too'"


def drawn(states: dict[str, str] | None = None, title: str = "Data", **more: Any) -> Any:
    found = dict.fromkeys(label.FACETS, label.NONE) | (states or {})
    return etree.fromstring(label.svg(title, found, {"quality": "/d?a=1&b=2#quality"}, **more).encode())


def facet(tree: Any, name: str) -> Any:
    [found] = [each for each in tree.iter() if each.get("data-facet") == name]
    return found


@pytest.mark.parametrize(
    ("dataset", "summary", "there"),
    [
        ({}, {}, set()),
        ({"organization": {"name": "x"}}, {}, {"producer_profile"}),
        ({"extras": [{"key": "lineage", "value": "made"}]}, {}, {"lineage"}),
        ({"type": "eo_product", "processing_level": "L2A"}, {}, {"lineage", "compliance"}),
        ({"type": "eo_product", "problems": [{"where": "x"}]}, {}, set()),
        ({"doi": "10.1/x"}, {}, {"citations"}),
        ({}, {"items": 2, "by_expertise": {"1": 2}}, {"user_feedback"}),
        ({}, {"items": 2, "by_expertise": {"4": 1, "5": 1}}, {"expert_review"}),
        ({}, {"items": 2, "by_expertise": {"2": 1, "5": 1}}, {"user_feedback", "expert_review"}),
        ({}, {"items": 1, "by_expertise": {}}, {"user_feedback"}),
        ({}, {"by_motivation": {"response": 1, "question": 4}}, {"producer_comments"}),
        ({}, {"qualities": 1, "citations": 3}, {"quality", "citations"}),
    ],
)
def test_what_is_there(dataset: dict[str, Any], summary: dict[str, Any], there: set[str]) -> None:
    states = label.facets(dataset, summary)
    assert list(states) == list(label.FACETS)
    assert {name for name, state in states.items() if state == label.AVAILABLE} == there
    assert set(states.values()) <= {label.AVAILABLE, label.NONE}


def test_what_only_the_collection_has_is_told_apart() -> None:
    states = label.facets({"author": "a"}, {}, {"author": "b", "doi": "10.1/x"}, {"items": 1})
    found = {name: state for name, state in states.items() if state != label.NONE}
    assert found == {
        "producer_profile": label.AVAILABLE,
        "citations": label.PARENT,
        "user_feedback": label.PARENT,
    }


def test_the_drawing_says_in_words_what_it_shows() -> None:
    tree = drawn({"quality": label.AVAILABLE, "lineage": label.PARENT}, average=4.25)
    title, desc = tree.find(f"{SVG}title"), tree.find(f"{SVG}desc")
    assert title.text == "Quality label of Data"
    assert "How it was made: available for the collection." in desc.text
    assert "Citations: not available." in desc.text
    assert tree.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
    assert tree.find(f"{SVG}text").text == "4.2"
    assert len([each for each in tree.iter() if each.get("data-facet")]) == 8
    assert facet(tree, "quality").find(f"{SVG}title").text == "Quality information: available"


def test_states_differ_by_more_than_colour() -> None:
    tree = drawn({"quality": label.AVAILABLE, "lineage": label.PARENT})
    outline = {name: facet(tree, name).find(f"{SVG}path") for name in ("quality", "lineage", "citations")}
    assert outline["quality"].get("fill").startswith("#")
    assert outline["lineage"].get("fill") == "url(#label-half)"
    assert outline["citations"].get("stroke-dasharray")
    assert not outline["quality"].get("stroke-dasharray")


def test_facets_with_an_address_are_links() -> None:
    tree = drawn()
    link = facet(tree, "quality")
    assert (link.tag, link.get("href")) == (f"{SVG}a", "/d?a=1&b=2#quality")
    assert link.get("aria-label") == "Quality information: not available"
    assert facet(tree, "lineage").tag == f"{SVG}g"


def test_hostile_titles_are_only_text() -> None:
    tree = drawn(title=HOSTILE)
    assert tree.find(f"{SVG}title").text == f"Quality label of {HOSTILE}"
    assert [each.tag for each in tree.iter() if "script" in str(each.tag)] == []


def contrast(one: str, two: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted([light(one), light(two)], reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("state", list(label.STATES))
def test_marks_can_be_seen(state: str) -> None:
    """WCAG 1.4.11: 3 to 1 between a mark and what is behind it."""
    part = facet(drawn({"lineage": state}), "lineage")
    fill, mark = part.find(f"{SVG}path").get("fill"), part.find(f"{SVG}g").get("stroke")
    behind = fill if fill.startswith("#") else part.find(f"{SVG}g/{SVG}circle").get("fill")
    assert contrast(mark, behind) >= 4.5
    assert contrast(part.find(f"{SVG}path").get("stroke"), "#ffffff") >= 3


def test_the_drawing_is_the_same_each_time() -> None:
    text = label.svg("Data", dict.fromkeys(label.FACETS, label.AVAILABLE), {}, size=64)
    assert text == label.svg("Data", dict.fromkeys(label.FACETS, label.AVAILABLE), {}, size=64)
    assert text.startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 200 200"'
    )
    outlines = re.findall(r'<path d="(M[^"]+Z)" fill="#00485f"', text)
    # the first part stands at the top, symmetric to the middle
    assert outlines[0] == "M89.05 67.81A34 34 0 0 1 110.95 67.81L133.93 12.34A94 94 0 0 0 66.07 12.34Z"
    assert len(set(outlines)) == 8


def test_programs_get_the_same() -> None:
    states = dict.fromkeys(label.FACETS, label.NONE) | {"quality": label.PARENT}
    told = label.label_json("Data", states, {"quality": "/q"})
    assert told["title"] == "Data"
    assert told["facets"][4] == {
        "name": "quality", "title": "Quality information", "state": "parent", "href": "/q",
    }  # fmt: skip
    assert [each["state"] for each in told["facets"]].count("none") == 7
