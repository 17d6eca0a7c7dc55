"""What browser tests of feedback share: people who visit, pictures of pages, axe."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from ckan.plugins import toolkit
from ckan.tests import factories
from playwright.sync_api import Page

from ckanext.nextgeoss.tests.browser.conftest import Visit
from ckanext.nextgeoss.tests.feedback import Hub, make_hub

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class People:
    """A small hub, and a browser for each of its people."""

    hub: Hub
    visit: Callable[..., Visit]
    width: int = 1280
    javascript: bool = True
    visits: dict[str, Visit] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def page(self, user: str) -> Page:
        """The browser of a user, "" for a visitor."""
        return self.visit_of(user).page

    def visit_of(self, user: str) -> Visit:
        if user not in self.visits:
            made = self.visit(self.width, self.javascript)
            if user:
                made.page.set_extra_http_headers({"Authorization": self.token(user)})
            self.visits[user] = made
        return self.visits[user]

    def token(self, user: str) -> str:
        if user not in self.tokens:
            self.tokens[user] = factories.APIToken(user=user)["token"]
        return self.tokens[user]

    def open(self, user: str, path: str) -> Page:
        return self.visit_of(user).open(path)

    def complaints(self) -> list[str]:
        return [said for visit in self.visits.values() for said in visit.complaints]

    def other_hosts(self) -> set[str]:
        return {host for visit in self.visits.values() for host in visit.other_hosts}


def make_people(visit: Callable[..., Visit], **more: Any) -> People:
    return People(make_hub(), visit, **more)


def picture(page: Page, name: str) -> None:
    """Keep a picture of a whole page where NEXTGEOSS_SCREENSHOTS names a folder."""
    if folder := os.environ.get("NEXTGEOSS_SCREENSHOTS"):
        page.wait_for_load_state()
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def axe(page: Page, where: str = ".primary") -> list[str]:
    """What axe-core finds wrong with what is ours of a page: rule, and the first place."""
    found = find_spec("axe_playwright_python")
    if found is None or not found.submodule_search_locations:
        pytest.skip("axe-playwright-python is not installed: run `./nextgeoss install --dev`")
    page.wait_for_load_state()  # without its style sheets it would be judged as nobody sees it
    page.evaluate((Path(found.submodule_search_locations[0]) / "axe.min.js").read_text())
    answer = page.evaluate(
        "([where, rules]) => axe.run(where, { runOnly: { type: 'tag', values: rules } })", [where, _RULES]
    )
    return [
        f"{each['id']}: {each['nodes'][0]['target']} {each['nodes'][0]['html'][:120]}"
        for each in answer["violations"]
    ]


def fits(page: Page, width: int) -> bool:
    """Whether all that is ours is within the window; CKAN's own page of a dataset is a little wider."""
    page.wait_for_load_state()
    ours = page.locator(".fb-section, .eo-page").first
    box = ours.bounding_box()
    assert box is not None
    return box["x"] + box["width"] <= width and ours.evaluate("it => it.scrollWidth <= it.clientWidth")


def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms may be sent at once: a browser of a test is fast."""
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.feedback.least_seconds", 0)
