"""Which buttons an item has, in which order answers stand, what forms of programs look like, charts."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ckanext.nextgeoss.feedback import charts, form_guard
from ckanext.nextgeoss.feedback.viewer import Viewer, cut, thread

KEY = "secret"


def item(name: str = "i", author: str | None = "author", **more: Any) -> dict[str, Any]:
    return {
        "id": name, "state": "published", "author": {"id": author}, "root": None, "reply_to": None,
        "datasets": [{"id": "d"}], "issue": None, "accepted_answer": None, "on_behalf_of": None, **more,
    }  # fmt: skip


def buttons(viewer: Viewer, found: dict[str, Any], question: Any = None) -> set[str]:
    return {name for name, may in viewer.may(found, question).items() if may}


VISITOR = Viewer(None, lambda _: False, writes=False)
USER = Viewer("user", lambda _: False)
AUTHOR = Viewer("author", lambda _: False)
PROVIDER = Viewer("provider", lambda _: True)
MODERATED = {"flags": {"count": 0, "reasons": []}}
QUESTION = item("q", user_comment={"comment": "?", "motivation": "question"})
ANSWER = item("a", "other", root="q", reply_to="q")


@pytest.mark.parametrize(
    ("viewer", "found", "question", "expected"),
    [
        (VISITOR, item(), None, set()),
        (Viewer(None, lambda _: False), item(), None, {"reply", "flag"}),
        (USER, item(), None, {"reply", "vote", "flag"}),
        (AUTHOR, item(), None, {"reply", "edit", "delete"}),
        (AUTHOR, item(state="hidden"), None, {"edit", "delete"}),
        (AUTHOR, item(state="deleted"), None, set()),
        (AUTHOR, item(state="pending") | MODERATED, None, {"edit", "delete"}),
        (USER, item() | MODERATED, None, {"reply", "vote", "flag", "edit", "delete", "hide"}),
        (USER, item(state="pending") | MODERATED, None, {"edit", "delete", "approve"}),
        (USER, item(state="hidden") | MODERATED, None, {"edit", "delete", "restore"}),
        (PROVIDER, item(), None, {"reply", "respond", "vote", "flag"}),
        (PROVIDER, item(issue={"state": "open"}), None, {"reply", "respond", "vote", "flag", "issue"}),
        (USER, ANSWER, QUESTION, {"reply", "vote", "flag"}),
        (AUTHOR, ANSWER, QUESTION, {"reply", "vote", "flag", "accept"}),
        (AUTHOR, ANSWER, QUESTION | {"accepted_answer": "a"}, {"reply", "vote", "flag"}),
        (AUTHOR, ANSWER, item("q"), {"reply", "vote", "flag"}),
        (PROVIDER, ANSWER, QUESTION, {"reply", "respond", "vote", "flag", "accept"}),
    ],
)
def test_buttons(viewer: Viewer, found: dict[str, Any], question: Any, expected: set[str]) -> None:
    assert buttons(viewer, found, question) == expected


def test_a_dataset_is_asked_for_once() -> None:
    asked: list[str] = []
    viewer = Viewer("user", lambda package_id: bool(asked.append(package_id)))
    for _ in range(3):
        viewer.may(item())
    assert asked == ["d"]


def test_accepted_answers_come_first_then_those_of_the_provider() -> None:
    answers = [
        item("a", root="q", reply_to="q"),
        item("b", root="q", reply_to="q", on_behalf_of={"title": "P"}),
        item("c", root="q", reply_to="q"),
        item("d", root="q", reply_to="a"),
        item("e", root="q", reply_to="hidden"),
        item("x", root="q", reply_to="y"),
        item("y", root="q", reply_to="x"),
    ]
    nodes = thread(QUESTION | {"thread": answers, "accepted_answer": "c"})
    assert [node["item"]["id"] for node in nodes] == ["c", "b", "a", "e"]
    assert [node["item"]["id"] for node in nodes[2]["answers"]] == ["d"]


@pytest.mark.parametrize(
    ("form", "now", "told"),
    [
        ({"opened": form_guard.stamp(1000, KEY)}, 1010, ""),
        ({"opened": form_guard.stamp(1000, KEY)}, 1001, "fast"),
        ({"opened": form_guard.stamp(1000, KEY)}, 1000 + 25 * 3600, "stamp"),
        ({"opened": form_guard.stamp(2000, KEY)}, 1000, "stamp"),
        ({"opened": form_guard.stamp(1000, "other")}, 1010, "stamp"),
        ({"opened": "1000.\u00e4"}, 1010, "stamp"),
        ({"opened": "\u0661.x"}, 1010, "stamp"),
        ({}, 1010, "stamp"),
        ({"opened": form_guard.stamp(1000, KEY), "website": "x"}, 1010, "trap"),
    ],
)
def test_forms_of_programs_are_told(form: dict[str, str], now: float, told: str) -> None:
    assert form_guard.told(form, now, KEY, least=2) == told


def test_bars_stand_on_the_ground_and_are_as_high_as_their_values() -> None:
    chart = charts.bars([("a", 2), ("b", 4), ("c", 0)])
    heights = [mark.height for mark in chart.marks]
    assert heights[0] * 2 == pytest.approx(heights[1]) and heights[2] == 0
    assert len({round(mark.y + mark.height, 1) for mark in chart.marks}) == 1
    assert all(mark.x >= 0 and mark.x + mark.width <= chart.width for mark in chart.marks)
    assert chart.known and not charts.bars([("a", 0)]).known and not charts.bars([]).known


def test_a_line_is_broken_where_nothing_is_known() -> None:
    chart = charts.line([("a", 1.0), ("b", None), ("c", 5.0), ("d", 3.0)], low=1, high=5)
    assert chart.path.count("M") == 2 and chart.path.count("L") == 1
    assert chart.marks[2].y < chart.marks[3].y < chart.marks[0].y


def test_names_below_a_chart_do_not_lie_on_each_other() -> None:
    names = ["Findable", "Accessible", "Interoperable", "Reusable", "Context"]
    days = [f"2026-11-{day:02}" for day in range(1, 31)]
    for chart in (
        charts.bars([(name, 50) for name in names]), charts.bars([("a", 1), ("b", 2)]), charts.bars([]),
        charts.line([(day, 50) for day in days], low=0, high=100), charts.bars([("2026-11", 3)]),
    ):  # fmt: skip
        for height in {y for _, _, y in chart.names}:
            row = [(x - len(text) * 3, x + len(text) * 3) for text, x, y in chart.names if y == height]
            assert all(one[1] < other[0] for one, other in pairwise(row))
            assert all(left >= 0 and right <= chart.width for left, right in row)
    assert [text for text, _, _ in charts.bars([(name, 50) for name in names]).names] == names


def node(name: str, *answers: dict[str, Any]) -> dict[str, Any]:
    return {"item": name, "answers": list(answers)}


def test_long_threads_are_cut_and_nothing_is_forgotten() -> None:
    deep = node("a", node("b", node("c", node("d", node("e")))))
    kept, more = cut([deep, *(node(f"n{at}") for at in range(4))], 3, 2)
    assert [each["item"] for each in kept] == ["a", "n0"] and more == 3
    third = kept[0]["answers"][0]["answers"][0]
    assert (third["item"], third["answers"], third["more"]) == ("c", [], 2)
    assert cut([deep], 9, 9) == ([{**deep, **kept_whole(deep)}], 0)


def kept_whole(tree: dict[str, Any]) -> dict[str, Any]:
    return {"answers": [{**each, **kept_whole(each)} for each in tree["answers"]], "more": 0}
