"""A person searches by map, time and cloud cover, with and without JavaScript, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from ckanext.nextgeoss.tests.browser.conftest import Visit
from ckanext.nextgeoss.tests.catalogue import Catalogue

Visits = Callable[..., Visit]


def expect_products(page: Page, *names: str) -> None:
    """Waits until the list has these and no others: a page comes in pieces, and after the one before it."""
    for name in names:
        expect(page.locator(f".eo-card[data-eo-footprint='{name}']")).to_have_count(1)
    expect(page.locator(".eo-card")).to_have_count(len(names))


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drags over the map; positions are shares of its width and height."""
    box = page.locator(".eo-map-canvas").bounding_box()
    assert box
    (x0, y0), (x1, y1) = [
        (box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in (start, end)
    ]
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2)
    page.mouse.move(x1, y1)
    page.mouse.up()


def test_a_rectangle_drawn_on_the_map_is_the_searched_area(visit: Visits, catalogue: Catalogue) -> None:
    """Around the northern product, which the map shows first: the whole map is about its place."""
    page = visit().open_map(f"/dataset/?collection={catalogue.collection}&ext_bbox=0,50,20,70")
    page.get_by_role("button", name="Clear area").click()
    expect(page.get_by_label("Area")).to_have_value("")
    page.get_by_role("button", name="Draw area").click()
    drag(page, (0.4, 0.3), (0.6, 0.7))
    west, south, east, north = (float(part) for part in page.get_by_label("Area").input_value().split(","))
    assert 0 < west < 10 < 11 < east < 20
    assert 50 < south < 60 < 61 < north < 70
    page.locator(".eo-map-status").get_by_role("button", name="Search").click()
    page.wait_for_url("**ext_bbox=**")
    expect_products(page, catalogue.name("north"))
    assert set(parse_qs(urlsplit(page.url).query)) == {"collection", "ext_bbox"}


def test_area_time_and_cloud_cover_are_typed(visit: Visits, catalogue: Catalogue) -> None:
    page = visit().open_map(f"/dataset/?collection={catalogue.collection}")
    page.get_by_label("Area").fill("170,-30,-170,70")
    page.get_by_label("From").fill("2024-04-30")
    page.get_by_label("Until").fill("2024-05-02")
    page.get_by_label("Cloud cover at most").fill("50")
    page.locator(".eo-submit").click()
    expect(page.locator("#results")).to_have_text("1 result")
    expect_products(page, catalogue.name("across"))
    page.go_back()
    expect(page.locator("#results")).to_have_text("4 results")


@pytest.mark.parametrize(
    ("kind", "area", "view"),
    [
        ("north", "0,50,20,70", "world"),
        ("across", "178,-20,-178,-15", "world"),
        ("arctic", "0,80,60,89", "arctic"),
    ],
)
def test_footprints_are_drawn_and_linked_with_the_list(
    visit: Visits, catalogue: Catalogue, kind: str, area: str, view: str
) -> None:
    page = visit().open_map(f"/dataset/?collection={catalogue.collection}&ext_bbox={area}")
    assert page.get_by_label("View").input_value() == view
    assert footprint_pixels(page) > 20
    page.locator(".eo-card h3 a").hover()
    expect(page.locator(".eo-card")).to_have_class("eo-card eo-marked")


def test_a_click_on_a_footprint_names_it(visit: Visits, catalogue: Catalogue) -> None:
    page = visit().open_map(f"/dataset/?collection={catalogue.collection}&ext_bbox=9.8,59.8,11.2,61.2")
    page.locator(".eo-map-canvas").click()
    link = page.locator(".eo-map-status a")
    expect(link).to_have_attribute("href", f"/dataset/{catalogue.name('north')}")


def test_hostile_titles_are_only_text_on_the_map(visit: Visits, catalogue: Catalogue) -> None:
    seen = visit()
    page = seen.open_map(f"/dataset/?collection={catalogue.collection}&ext_bbox=20,85,40,86")
    page.locator(".eo-map-canvas").click()
    expect(page.locator(".eo-map-status a")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator(".eo-map-status img").count() == 0
    assert seen.complaints == []


def test_all_but_the_map_works_without_javascript(visit: Visits, catalogue: Catalogue) -> None:
    page = visit(javascript=False).open(f"/dataset/?collection={catalogue.collection}")
    expect(page.get_by_text("The map needs JavaScript")).to_be_visible()
    page.get_by_label("Cloud cover at most").fill("20")
    page.locator(".eo-submit").click()
    expect_products(page, catalogue.name("north"), catalogue.name("across"))
    page.get_by_role("link", name="Sentinel-2A").click()
    expect_products(page, catalogue.name("north"))
    page.get_by_role("link", name="Cloud cover at most").click()
    page.locator(".eo-card h3 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("PRODUCT_NORTH")
    page.get_by_role("link", name="Collection of Pages").first.click()
    page.get_by_role("link", name="Search 4 products").click()
    expect(page.locator(".eo-card")).to_have_count(4)


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("kind", ["search", "north", "arctic", "collection", "collections"])
def test_pages_fit_and_ask_no_other_host(visit: Visits, catalogue: Catalogue, kind: str, width: int) -> None:
    seen = visit(width)
    search = f"/dataset/?collection={catalogue.collection}"
    fixed = {
        "search": search,
        "collection": f"/collection/{catalogue.collection}",
        "collections": "/collection",
    }
    path = fixed.get(kind) or f"/dataset/{catalogue.name(kind)}"
    page = seen.open(path) if kind == "collections" else seen.open_map(path)
    page.wait_for_load_state("networkidle")
    assert seen.other_hosts == set()
    assert seen.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_map_is_loaded_only_when_it_comes_into_view(visit: Visits, catalogue: Catalogue) -> None:
    seen = visit(390)
    page = seen.open(f"/dataset/?collection={catalogue.collection}")
    page.set_viewport_size({"width": 390, "height": 200})
    page.reload()
    page.wait_for_load_state("networkidle")
    before = [url for url in seen.requests if "/nextgeoss/map.js" in url]
    seen.requests.clear()
    page.locator(".eo-map").scroll_into_view_if_needed()
    page.wait_for_selector(".eo-map-canvas[data-drawn]")
    assert len(before) <= 1  # by the first, tall window
    assert any("/nextgeoss/map.js" in url for url in seen.requests)


def test_a_keyboard_is_enough(visit: Visits, catalogue: Catalogue) -> None:
    """From the field for words through the form by Tab, and Enter searches."""
    page = visit().open_map(f"/dataset/?collection={catalogue.collection}")
    page.get_by_label("Words").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("0,50,20,70")
    page.keyboard.press("Enter")
    page.wait_for_url("**ext_bbox=**")
    expect_products(page, catalogue.name("north"))


def footprint_pixels(page: Page) -> int:
    """How many pixels of the map have the colour of the outline of a footprint."""
    return page.evaluate(
        """() => {
          const near = (a, b) => Math.abs(a - b) < 12;
          let count = 0;
          for (const canvas of document.querySelectorAll('.eo-map-canvas canvas')) {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            for (let i = 0; i < data.length; i += 4)
              if (near(data[i], 11) && near(data[i + 1], 110) && near(data[i + 2], 153)) count += 1;
          }
          return count;
        }"""
    )
