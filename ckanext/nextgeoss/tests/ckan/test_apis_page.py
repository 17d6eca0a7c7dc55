"""The page of APIs and the panel of the search page: a search as code, with nothing lost or let in."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.tests.indexed import indexed

NASTY = """x'"; import os #</code><script>alert(1)</script>"""


class _Code(HTMLParser):
    """The programs of a page by name."""

    def __init__(self, page: str):
        super().__init__()
        self.found: dict[str, str] = {}
        self._name, self._inside = "", False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = dict(attrs).get("id") or ""
        if tag == "details" and name.startswith("code-"):
            self._name = name.removeprefix("code-")
        self._inside = self._inside or (tag == "code" and bool(self._name))

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "code"
        self._name = "" if tag == "details" else self._name

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[self._name] = self.found.get(self._name, "") + data


def programs(page: str) -> dict[str, str]:
    return _Code(page).found


@pytest.mark.parametrize("path", ["/apis", "/apis/panel"])
def test_a_search_is_shown_as_code(app: Any, path: str) -> None:
    asked = {"q": "burnt forest", "bbox": "176,-20,-178,-15", "start": "2024-06-01", "collection": "c-1"}
    found = programs(app.get(path, query_string=asked).text)
    assert set(found) == {"curl", "requests", "pystac-client", "eodag", "owslib"}
    assert "bbox=176,-20,-178,-15" in found["curl"]
    assert "'bbox': '176,-20,-178,-15'" in found["requests"]
    assert "bbox=[176, -20, -178, -15]" in found["pystac-client"]
    assert "datetime='2024-06-01T00:00:00Z/..'" in found["pystac-client"]
    assert "collection='c-1'" in found["eodag"]
    assert "burnt" not in found["pystac-client"]
    assert "q='burnt forest'" in found["owslib"]
    assert "osdd=c-1" in found["owslib"]
    for name in ("requests", "pystac-client", "eodag", "owslib"):
        compile(found[name], name, "exec")


def test_what_cannot_be_said_is_told(app: Any) -> None:
    page = app.get("/apis", query_string={"relation": "within", "bbox": "1,2,3,4"}).text
    assert "s_within" in programs(page)["pystac-client"]
    assert "eodag searches one collection at a time" in page
    assert "Without: Words." in app.get("/apis", query_string={"q": "rain"}).text  # pystac-client
    tagged = app.get("/apis", query_string={"tags": "fire"}).text
    assert tagged.count("Without: Tags.") >= 9
    assert tagged.count("This API searches one collection at a time") == 1  # Features
    assert "/records/collections/products/items?" in tagged
    two = app.get("/apis", query_string="collection=a&collection=b").text
    assert two.count("This API searches one collection at a time") == 2


@pytest.mark.parametrize("name", ["q", "collection", "platform"])
def test_texts_stay_texts(app: Any, name: str) -> None:
    page = app.get("/apis", query_string={name: NASTY}).text
    assert "<script>alert(1)" not in page
    found = programs(page)
    for language in ("requests", "owslib"):
        tree = compile(found[language], language, "exec")
        assert "os" not in tree.co_names
    assert NASTY in unescape(page).replace("\\'", "'") or "x'" in unescape(page)


def test_a_search_that_is_not_understood_has_no_code(app: Any) -> None:
    answer = app.get("/apis", query_string={"bbox": "1,2"}, status=400)
    assert "four numbers" in answer.text
    assert programs(answer.text) == {}


def test_the_search_page_makes_no_code_until_it_is_asked(app: Any) -> None:
    """What it has instead is the address of the panel, and for those without scripts that of the page."""
    page = unescape(app.get("/dataset/", query_string={"q": "rain", "platform": NASTY}).text)
    assert programs(page) == {}
    assert f"/apis/panel?{urlencode({'q': 'rain', 'platform': NASTY})}" in page
    assert f"/apis?{urlencode({'q': 'rain', 'platform': NASTY})}" in page


@pytest.fixture()
def collection() -> Iterator[str]:
    """One with a product."""
    name = f"linked-{uuid4().hex[:8]}"
    with indexed([Product(id="P1", collection=name, title="P1")]):
        yield name


def test_links_lead_to_the_same_search(app: Any, collection: str) -> None:
    asked = {
        "q": "nothing-of-this-name", "cloud_cover_max": "20", "platform": "sentinel-2a", "id": "A'B",
        "collection": collection, "ext_bbox": "1,2,3,4", "start": "2024-06-01", "relation": "within",
    }  # fmt: skip
    page = app.get("/apis", query_string=asked).text
    parts = [part.split('"')[0] for part in page.split('href="')[1:]]
    links = [unescape(part) for part in parts if "?" in part and "/apis" not in part]
    searches = [link for link in links if "search" in link or "/items" in link]
    searches = [link for link in searches if "static" not in link and "osdd" not in link]
    assert len(searches) == 7
    for link in searches:
        answer = app.get(link[link.index("/", 8) :])
        assert answer.status_code == 200, link
    assert f"/dataset/?{urlencode(asked)}" in unescape(page)


def test_every_page_leads_there(app: Any) -> None:
    assert '<a href="/apis">' in app.get("/").text
