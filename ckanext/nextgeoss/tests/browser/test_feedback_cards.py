"""What users say on lists of datasets, in a browser: on the search page, and on CKAN's own lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from ckanext.nextgeoss.tests.browser.feedback import axe, make_people, no_wait, picture
from ckanext.nextgeoss.tests.feedback import act, fit, new_user, problem
from ckanext.nextgeoss.tests.harvesting import index_waiting


@pytest.fixture(autouse=True)
def at_once(catalogue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    no_wait(monkeypatch)


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_fit_is_picked_and_comes_first(width: int, visit: Callable[..., Any]) -> None:
    people = make_people(visit, width=width)
    hub, collection = people.hub, f"C_{uuid4().hex[:8]}"
    silent, blocked, good = (hub.product(collection, f"{name}_{uuid4().hex[:4]}") for name in ("A", "B", "C"))
    farmer = {"contact": {"application_domain": ["agriculture"]}}
    for stars in (5, 4):
        hub.review(new_user(), good, stars, usage=fit(), **farmer)
    hub.review(new_user(), good, 2, usage=problem("Stripes"), severity="minor", **farmer)
    hub.review(new_user(), blocked, 5, usage=problem(), severity="blocking", **farmer)
    act(hub.sysadmin, "quality_check_run", id=silent["id"])
    index_waiting()
    page = people.visit_of("").open_map(f"/dataset/?collection={collection}&sort=title")
    expect(page.locator(".eo-card").first).to_contain_text(silent["title"])
    page.get_by_label("First, what is fit for").select_option("agriculture")
    page.locator(".eo-sort").get_by_role("button", name="Apply").click()
    first = page.locator(".eo-card").first
    expect(first).to_contain_text(good["title"])
    expect(first).to_contain_text("2 of 3 users found it fit for agriculture")
    page.wait_for_selector(".eo-map-canvas[data-drawn]")
    picture(page, "cards-search")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page = people.open("", f"/organization/{hub.organization['name']}")
    expect(page.locator(".fb-line")).to_have_count(2)
    picture(page, "cards-organization")
    lines = page.locator(".fb-line")
    assert all(lines.nth(at).bounding_box()["width"] <= width for at in range(2))
    assert (people.complaints(), people.other_hosts()) == ([], set())
