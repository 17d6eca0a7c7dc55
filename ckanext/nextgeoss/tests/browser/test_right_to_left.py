"""Pages in Arabic run from right to left: columns, indents, stars and bars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ckan.plugins import toolkit
from playwright.sync_api import Locator

from ckanext.nextgeoss.tests.browser.feedback import axe, fits, make_people, no_wait, picture
from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.feedback import act, comment, problem

WIDTHS = pytest.mark.parametrize("width", [1280, 390])
# where the first and the last character of a text stand
_RANGE = """it => {
  const at = (place) => {
    const range = document.createRange()
    range.setStart(it.firstChild, place)
    range.setEnd(it.firstChild, place + 1)
    return range.getBoundingClientRect().x
  }
  return { start: at(0), end: at(15) }
}"""
_MIRRORED = "it => new DOMMatrix(getComputedStyle(it).transform).a"


def start(of: Locator) -> float:
    """Where a box starts for who reads from the right."""
    box = of.bounding_box()
    assert box
    return box["x"] + box["width"]


@WIDTHS
def test_the_search_page(width: int, visit: Callable[..., Any], catalogue: Catalogue) -> None:
    page = visit(width).open_map(f"/ar/dataset/?collection={catalogue.collection}")
    assert page.locator("html").get_attribute("dir") == "rtl"
    picture(page, "rtl-search")
    assert fits(page, width)
    assert axe(page) == []
    if width > 1000:
        assert start(page.locator(".eo-search-form")) > start(page.locator(".eo-search-results"))
    card = page.locator(".eo-card").first
    assert start(card.locator(".eo-thumb")) > start(card.locator("h3"))


@WIDTHS
def test_a_product_and_its_feedback(
    width: int, visit: Callable[..., Any], catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_wait(monkeypatch)
    people = make_people(visit, width=width)
    data, hub = {"id": catalogue.datasets["north"]["id"]}, people.hub
    author, user = hub.people["author"], hub.people["user"]
    title = f"Which band is {hub.sysadmin} asked?"
    asked = hub.review(user, data, 4, abstract=title, user_comment=comment(f"**{title}**", "question"))
    hub.review(author, data, 3, usage=problem())
    hub.review(hub.people["member"], data, 4)
    words = f"It is band 4, says {hub.sysadmin}.\n\n    print('b04')"
    first = act(author, "feedback_reply", id=asked["id"], comment=words)
    act(user, "feedback_reply", id=first["id"], comment="Thank you.")

    page = people.open("", f"/ar/dataset/{catalogue.name('north')}")
    page.wait_for_selector(".eo-map-canvas[data-drawn]")
    picture(page, "rtl-product")
    assert axe(page) == []
    assert fits(page, width)
    assert page.locator(".fb-bar").first.evaluate(_MIRRORED) == -1
    assert page.locator(".fb-stars .fa-star-half-stroke").first.evaluate(_MIRRORED) == -1
    box = page.locator(".eo-key time").evaluate(_RANGE)
    assert box["start"] < box["end"], "a time of a day is read from the left"
    if width > 1000:
        assert start(page.locator(".fb-average")) > start(page.locator(".fb-bars"))

    page = people.open("", f"/ar/feedback/{asked['id']}")
    picture(page, "rtl-thread")
    assert axe(page) == []
    assert fits(page, width)
    deep = [start(page.locator(f"#fb-{item['id']}")) for item in (asked, first)]
    assert deep[1] <= deep[0] - 10


@WIDTHS
def test_the_form_of_feedback(width: int, visit: Callable[..., Any], catalogue: Catalogue) -> None:
    people = make_people(visit, width=width)
    data = people.hub.dataset()
    form = toolkit.url_for("nextgeoss_feedback.new", id=data["name"], kind="usage", rating=4)
    page = people.open(people.hub.people["user"], f"/ar{form}")
    picture(page, "rtl-form")
    assert axe(page) == []
    assert fits(page, width)
    box = page.locator("#field-fit")
    assert 0 < start(box) - start(page.locator('label[for="field-fit"]')) < 40
    stars = [start(page.locator(f'label[for="rating-{number}"]')) for number in (1, 2)]
    assert stars[0] > stars[1]
