"""A running hub with a few datasets, and a browser that notes every request and every complaint of a page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from ckan.plugins import toolkit
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from ckanext.nextgeoss.tests.served import served

# milliseconds after which what a test waits for is not expected any more: a busy machine is no fault
_PATIENCE = 120_000
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Visit:
    """A page in a browser: what it asked of which host, and what it complained of."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def open_map(self, path: str) -> Page:
        """Opens a page and waits until its map is drawn."""
        self.open(path)
        self.page.wait_for_selector(".eo-map-canvas[data-drawn]")
        return self.page

    def note(self, said: ConsoleMessage) -> None:
        """Keeps what the page complains of; how fast a canvas is read is the map library's own affair."""
        if said.type in ("error", "warning") and "willReadFrequently" not in said.text:
            self.complaints.append(said.text)

    @property
    def other_hosts(self) -> set[str]:
        asked = {urlsplit(url).netloc for url in self.requests if not url.startswith(("data:", "blob:"))}
        return asked - {urlsplit(self.address).netloc}


@pytest.fixture(scope="module")
def address(site: Any) -> Iterator[str]:
    """Where the hub answers."""
    with served(site.flask_app) as found:
        yield found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all tests, each of which has contexts of its own."""
    path = os.environ.get("NEXTGEOSS_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if not path:
        pytest.skip(
            f"no browser found: none of {', '.join(_NAMES)} is installed, NEXTGEOSS_CHROMIUM is not set"
        )
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        expect.set_options(timeout=_PATIENCE)
        yield found
        found.close()


@pytest.fixture()
def visit(browser: Browser, address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Visit]]:
    """Makes visits: `width` of the window in pixels, `javascript` on or off."""
    monkeypatch.setitem(toolkit.config, "ckan.site_url", address)  # CKAN's scripts ask there
    contexts: list[Any] = []

    def make(width: int = 1280, javascript: bool = True) -> Visit:
        # without smooth scrolling: what stands somewhere is still there when it is clicked, or dragged from
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=javascript, locale="en",
            reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(_PATIENCE)
        contexts.append(context)
        page = context.new_page()
        made = Visit(page, address)
        page.on("request", lambda request: made.requests.append(request.url))
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        page.on("console", made.note)
        return made

    yield make
    for context in contexts:
        context.close()
