"""A person takes a search to a program: the panel of the search page, and the page of the APIs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

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
    button, lines = (each.bounding_box() for each in (code.get_by_role("button"), code.locator("pre")))
    if width < 400:  # it lies on no line
        assert button and lines and button["y"] + button["height"] <= lines["y"]
    code.get_by_role("button", name="Copy").click()
    expect(code.get_by_role("button")).to_have_text("Copied")
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
    page.locator("#code-curl").get_by_role("button", name="Copy").click()
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
    summary.click()
    expect(page.get_by_role("link", name="This search as code")).to_be_visible()
    page.unroute(f"**{PANEL}*")
    summary.click()
    summary.click()
    expect(page.locator("#code-curl pre")).to_be_visible()


def names(page: Page) -> set[str]:
    return {link.text_content() or "" for link in page.locator(".eo-code li a").all()}


def fits(seen: Visit, width: int) -> None:
    assert seen.complaints == []
    assert seen.other_hosts == set()
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
