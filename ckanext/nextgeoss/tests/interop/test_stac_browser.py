"""STAC Browser shows in Chromium what our STAC API holds, and complains of none of our answers."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from ckan.plugins import toolkit
from playwright.sync_api import Locator, Page, Response, expect, sync_playwright

from ckanext.nextgeoss.eo.query import Condition
from ckanext.nextgeoss.tests.stac_browser import stac_browser

from .conftest import HELD, ServedHub

COLLECTION = "sentinel-2-l1c"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE = 120_000  # milliseconds: a busy machine is no fault


@dataclass
class Visit:
    """A page of STAC Browser: its complaints, and answers of ours that are no success."""

    page: Page
    address: str
    hub: str
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, path: str, view: str = "") -> Page:
        hub = self.hub.replace("://", ":/")
        self.page.goto(f"{self.address}/#{view}/external/{hub}/stac{path}")
        return self.page

    def note(self, answer: Response) -> None:
        if answer.url.startswith(self.hub):
            self.asked.append(answer.url)
            if answer.status >= 400:
                self.complaints.append(f"{answer.status} {answer.url}")


@pytest.fixture(scope="module")
def browser_address() -> Iterator[str]:
    with stac_browser() as address:
        yield address


@pytest.fixture()
def visit(served_hub: ServedHub, browser_address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    monkeypatch.setitem(toolkit.config, "ckan.site_url", served_hub.address)
    path = os.environ.get("NEXTGEOSS_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if not path:
        pytest.skip(f"no browser found: none of {', '.join(_NAMES)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, locale="en")
        page.set_default_timeout(_PATIENCE)
        expect.set_options(timeout=_PATIENCE)
        found = Visit(page, browser_address, served_hub.address)
        # pictures and base maps of other hosts are not reached by tests
        page.route(
            lambda url: not url.startswith((served_hub.address, browser_address, "data:", "blob:")),
            lambda route: route.abort(),
        )
        page.on("response", found.note)
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        yield found
        browser.close()


def shot(page: Page, name: str) -> None:
    """A picture for who wants to see what the test has seen."""
    if folder := os.environ.get("NEXTGEOSS_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_root(visit: Visit, served_hub: ServedHub):
    page = visit.open("")
    for name in HELD:
        expect(page.locator(f'a[href*="/collections/{served_hub.collection(name)}"]').first).to_be_visible()
    shot(page, "root")
    assert visit.complaints == []


def test_collection_and_item(visit: Visit, served_hub: ServedHub):
    name = served_hub.collection(COLLECTION)
    page = visit.open(f"/collections/{quote(name)}")
    item = page.locator(f'a[href*="/collections/{name}/items/"]').first
    expect(item).to_be_visible()
    shot(page, "collection")
    identifier = (item.get_attribute("href") or "").rpartition("/")[2].partition("?")[0]
    assert identifier in served_hub.ids(collections=[name])
    title = item.inner_text().strip()
    item.click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    shot(page, "item")
    assert visit.complaints == []


def choose(form: Locator, field: str, value: str) -> None:
    """Type a value into one of its fields that take several, as a person does."""
    form.locator(f".filter-{field} .multiselect").click()
    for key in (value, "Enter", "Escape"):
        form.page.keyboard.type(key) if key == value else form.page.keyboard.press(key)


def shown(page: Page) -> list[str]:
    """The identifiers of the items of the page that is shown; it orders them by their titles."""
    links = [link.get_attribute("href") or "" for link in page.locator(".item-card a").all()]
    return sorted(link.rpartition("/")[2] for link in links)


def test_its_search_finds_items_by_collection_and_cloud_cover(visit: Visit, served_hub: ServedHub):
    name, most, limit = served_hub.collection(COLLECTION), 60, 7
    page = visit.open("", "/search")
    page.get_by_role("tab", name="Search for Items").click()
    form = page.locator(".tab-pane.active form")
    choose(form, "collection", name)
    form.get_by_role("button", name="Add filter").click()
    form.get_by_role("menuitem", name="Cloud cover eo:cloud_cover").click()
    row = form.locator(".queryable-row")
    row.locator(".dropdown-toggle").click()
    row.get_by_role("menuitem", name="less than or equal to").click()
    row.locator("input.value").fill(str(most))
    form.get_by_label("Items per page").fill(str(limit))
    form.get_by_role("button", name="Submit").click()
    clear = (Condition("cloud_cover", "<=", float(most)),)
    wanted = served_hub.ids(collections=[name], conditions=clear)
    assert len(wanted) > 2 * limit
    expect(page.locator(".items .badge-pill")).to_have_text(str(len(wanted)))
    assert shown(page) == sorted(wanted[:limit])
    shot(page, "search")
    page.get_by_role("button", name="Next").first.click()
    later = page.locator(f'.item-card a[href$="/{wanted[limit]}"]')
    expect(later).to_be_visible()
    assert shown(page) == sorted(wanted[limit : 2 * limit])
    assert visit.complaints == []


def test_its_search_finds_collections_by_words(visit: Visit, served_hub: ServedHub):
    name = served_hub.collection(COLLECTION)
    page = visit.open("", "/search")
    form = page.locator(".tab-pane.active form")
    choose(form, "freetext", name)
    form.get_by_role("button", name="Submit").click()
    found = page.locator("main.search .right .card-title a")
    expect(found).to_have_count(1)
    expect(found).to_have_attribute("href", re.compile(rf"/collections/{name}$"))
    assert visit.complaints == []
