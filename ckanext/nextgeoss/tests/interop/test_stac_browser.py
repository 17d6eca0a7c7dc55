"""STAC Browser shows in Chromium what our STAC API holds, and complains of none of our answers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from ckan.plugins import toolkit
from playwright.sync_api import Page, Response, expect, sync_playwright

from ckanext.nextgeoss.tests.stac_browser import stac_browser

from .conftest import HELD, ServedHub

COLLECTION = "sentinel-2-l1c"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE = 25_000  # milliseconds


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
