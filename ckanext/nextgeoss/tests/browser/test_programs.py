"""A person takes a search to a program: the panel of the search page, and the page of the APIs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import Page, Route, expect

from ckanext.nextgeoss.tests.browser.conftest import Visit
from ckanext.nextgeoss.tests.catalogue import Catalogue

Visits = Callable[..., Visit]
PANEL = "/apis/panel"
WIDTHS = (1280, 390)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_code_of_a_search_is_copied(visit: Visits, catalogue: Catalogue, width: int) -> None:
    seen = visit(width)
    seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = seen.open(f"/dataset/?collection={catalogue.collection}&cloud_cover_max=20")
    assert not any(PANEL in url for url in seen.requests)
    page.get_by_text("Use this search in a program").click()
    page.get_by_text("Python: requests").click()
    code = page.locator("#code-requests")
    above, lines = (each.bounding_box() for each in (code.get_by_role("button"), code.locator("pre")))
    if width < 400:  # it lies on no line
        assert above and lines and above["y"] + above["height"] <= lines["y"]
    button = code.get_by_role("button")
    stand_still(page)
    button.click()
    expect(button).to_have_text("Copied")
    page.clock.run_for(2000)
    expect(button).to_have_text("Copy")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == code.locator("pre").text_content()
    assert f"'{catalogue.collection}'" in copied
    assert "'cloud_cover_max': 20" in copied
    compile(copied, "copied", "exec")
    page.get_by_text("Use this search in a program").click()
    page.get_by_text("Use this search in a program").click()
    assert sum(PANEL in url for url in seen.requests) == 1
    fits(seen, width)


def test_code_is_copied_where_the_browser_has_no_clipboard(visit: Visits) -> None:
    """As on pages that came by plain HTTP."""
    seen = visit()
    seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seen.page.add_init_script(
        "window.clip = navigator.clipboard; Object.defineProperty(navigator, 'clipboard', {value: undefined})"
    )
    page = seen.open("/apis?q=rain")
    button = page.locator("#code-curl").get_by_role("button")
    stand_still(page)
    button.click()
    expect(button).to_have_text("Copied")
    assert (
        page.evaluate("clip.readText()").strip()
        == (page.locator("#code-curl pre").text_content() or "").strip()
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_links_lead_to_each_api(visit: Visits, catalogue: Catalogue, width: int) -> None:
    seen = visit(width)
    page = seen.open(f"/apis?collection={catalogue.collection}")
    assert names(page) >= {"STAC", "OGC API Features", "OGC API Records"}
    fits(seen, width)
    page.get_by_role("link", name="OGC API Features").last.click()
    expect(page.locator("body")).to_contain_text("PRODUCT_NORTH")


def test_a_link_leads_to_the_code_without_javascript(visit: Visits, catalogue: Catalogue) -> None:
    page = visit(javascript=False).open(f"/dataset/?collection={catalogue.collection}")
    page.get_by_text("Use this search in a program").click()
    page.get_by_role("link", name="This search as code").click()
    expect(page.locator("#code-curl pre")).to_contain_text(catalogue.collection)


def test_a_panel_that_cannot_be_had_is_asked_again(visit: Visits) -> None:
    seen = visit()
    page = seen.open("/dataset/")
    page.route(f"**{PANEL}*", lambda route: route.abort())
    summary = page.get_by_text("Use this search in a program")
    with page.expect_event("requestfailed"):
        summary.click()
    expect(page.locator("[data-eo-load]")).not_to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("link", name="This search as code")).to_be_visible()
    page.unroute(f"**{PANEL}*")
    summary.click()
    summary.click()
    expect(page.locator("#code-curl pre")).to_be_visible()


def test_a_panel_opened_before_the_script_has_come_is_filled(visit: Visits) -> None:
    seen = visit()
    page, script, waiting = seen.page, re.compile(r"_script\.js"), list[Route]()
    page.route(script, lambda route: waiting.append(route))
    with page.expect_request(script):
        page.goto(seen.address + "/dataset/", wait_until="commit")
    page.get_by_text("Use this search in a program").click()
    waiting.pop().continue_()
    expect(page.locator("#code-curl pre")).to_be_visible()
    assert sum(PANEL in url for url in seen.requests) == 1


def stand_still(page: Page) -> None:
    """Stops the clock of a page: what it says for two seconds only is still there when it is read."""
    page.clock.install()
    page.clock.pause_at(datetime.now(timezone.utc) + timedelta(hours=1))


def names(page: Page) -> set[str]:
    return {link.text_content() or "" for link in page.locator(".eo-code li a").all()}


def fits(seen: Visit, width: int) -> None:
    assert seen.complaints == []
    assert seen.other_hosts == set()
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
