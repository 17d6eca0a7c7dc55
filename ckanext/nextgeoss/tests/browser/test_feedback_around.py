"""Pages around feedback in a browser: the queue of moderators and its keys, the front page, the board of an
organization, what other sites embed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from ckan.plugins import toolkit
from ckan.tests.helpers import call_action
from playwright.sync_api import Page, expect

from ckanext.nextgeoss.feedback.logic import front
from ckanext.nextgeoss.feedback.logic.bursts import look_for_bursts
from ckanext.nextgeoss.feedback.logic.front import best_rated
from ckanext.nextgeoss.tests.browser.feedback import People, axe, fits, make_people, no_wait, picture
from ckanext.nextgeoss.tests.feedback import act, comment, fit, new_user, problem
from ckanext.nextgeoss.tests.harvesting import index_waiting
from ckanext.nextgeoss.tests.quality import breaks, run
from ckanext.nextgeoss.tests.served import served

WIDTHS = pytest.mark.parametrize("width", [1280, 390])


@pytest.fixture(autouse=True)
def at_once(catalogue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    no_wait(monkeypatch)


def check(page: Page, name: str, width: int) -> None:
    picture(page, name)
    assert axe(page) == []
    assert fits(page, width)


def settled(page: Page) -> None:
    """All of a page is there: who leaves it earlier cuts connections of the hub."""
    page.wait_for_load_state("networkidle")


@pytest.fixture()
def waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is written waits for a moderator, until it is known who wrote it."""
    for name, value in (("moderation", "always"), ("trust_after", 5)):
        monkeypatch.setitem(toolkit.config, f"ckanext.nextgeoss.feedback.{name}", value)
    yield


def fill_queue(people: People) -> list[dict[str, Any]]:
    """Three items that wait: a new one, one that was changed, one that was reported."""
    hub, author = people.hub, new_user()
    new = hub.review(author, hub.dataset(), 5, abstract=f"Lovely data of {author}")
    words = f"Clouds over land are masked well, {author} finds; snow less so."
    changed = act(
        author, "feedback_create", package_id=hub.dataset()["id"], abstract="Cloud masks", rating=4,
        user_comment=comment(words),
    )  # fmt: skip
    act(hub.people["admin"], "feedback_moderate", id=changed["id"], action="approve")
    text = f"Clouds over land are masked badly, {author} finds; go to https://other.example instead."
    act(
        author,
        "feedback_patch",
        id=changed["id"],
        rating=1,
        user_comment=comment(text),
        abstract="Cloud masks: bad",
    )
    third = hub.review(author, hub.dataset(), 2, abstract="Too coarse")
    return [new, changed, third]


@WIDTHS
def test_queue(width: int, waiting: None, visit: Callable[..., Any]) -> None:
    people = make_people(visit, width=width)
    items = fill_queue(people)
    admin, organization = people.hub.people["admin"], people.hub.organization["name"]
    reported = people.hub.review(admin, people.hub.dataset(), 3, abstract="Reported words")
    act(people.hub.sysadmin, "feedback_moderate", id=reported["id"], action="hide", reason="x")
    page = people.open(admin, f"/feedback/moderation?organization={organization}")
    expect(page.locator(".fb-queued")).to_have_count(3)
    expect(page.locator(".fb-changes del").first).to_be_visible()
    page.locator("#keys summary").click()
    check(page, "queue-waiting", width)

    page.keyboard.press("j")
    expect(page.locator(f"#choose-{items[0]['id']}")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(f"#choose-{items[1]['id']}")).to_be_checked()
    expect(page.locator("#chosen")).to_have_text("1 chosen")
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.keyboard.press("x")
    expect(page.locator(f"#choose-{items[0]['id']}")).not_to_be_checked()
    page.get_by_label("or in your words").click()
    page.keyboard.type("ahjkx")  # who types decides nothing
    expect(page.get_by_label("or in your words")).to_have_value("ahjkx")
    page.get_by_label("or in your words").fill("")
    page.locator("h1").click()
    page.keyboard.press("h")  # a reason is asked for
    expect(page.get_by_label("Reason, shown to the author")).to_be_focused()
    page.get_by_label("Reason, shown to the author").select_option("It advertises something.")
    page.locator("h1").click()
    page.keyboard.press("h")
    expect(page.locator(".flash-messages")).to_contain_text("1 item is done.")
    settled(page)
    expect(page.locator(".fb-queued")).to_have_count(2)

    page.locator("#keys summary").click()
    page.get_by_label("Keys are on").uncheck()
    page.keyboard.press("j")
    expect(page.locator(".fb-at")).to_have_count(0)
    page.reload()
    settled(page)
    page.keyboard.press("j")
    expect(page.locator(".fb-at")).to_have_count(0)
    page.locator("#keys summary").click()
    page.get_by_label("Keys are on").check()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("a")  # what is at hand, when nothing is chosen
    expect(page.locator(".flash-messages")).to_contain_text("1 item is done.")
    settled(page)
    page.get_by_role("link", name="Choose all of this page").click()
    expect(page.locator("#chosen")).to_have_text("1 chosen")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Nothing is waiting here.")).to_be_visible()
    settled(page)
    states = [act(people.hub.sysadmin, "feedback_show", id=each["id"])["state"] for each in items]
    assert states == ["published", "hidden", "published"]
    assert (people.complaints(), people.other_hosts()) == ([], set())


@WIDTHS
def test_queue_without_a_script(width: int, waiting: None, visit: Callable[..., Any]) -> None:
    people = make_people(visit, width=width, javascript=False)
    fill_queue(people)
    organization = people.hub.organization["name"]
    page = people.open(people.hub.people["admin"], f"/feedback/moderation?organization={organization}")
    expect(page.locator("#keys")).to_be_hidden()
    page.get_by_role("link", name="Choose all of this page").click()
    settled(page)
    page.get_by_label("or in your words").fill("All of it is wrong.")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator(".flash-messages")).to_contain_text("3 items are done.")
    settled(page)
    picture(page, "queue-plain")
    assert fits(page, width)


@WIDTHS
def test_a_page_with_little_on_it_begins_at_its_top(width: int, visit: Callable[..., Any]) -> None:
    people = make_people(visit, width=width)
    page = people.open(people.hub.sysadmin, f"/feedback/moderation?q={uuid4().hex}")
    heading, around = (page.locator(each).bounding_box() for each in ("h1", ".eo-wrapper"))
    assert heading and around and heading["y"] - around["y"] < heading["height"]


@WIDTHS
def test_front_page(width: int, visit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    people = make_people(visit, width=width)
    hub, users = people.hub, [new_user() for _ in range(3)]
    monkeypatch.setattr(front, "BEST", 1000)
    for number, title in ((5, "Sentinel-2 surface reflectance"), (3, "Snow cover, daily")):
        name = f"c_{uuid4().hex[:8]}"
        found = call_action(
            "package_create", {"user": hub.sysadmin}, type="eo_collection", name=name, title=title,
            collection_id=name, owner_org=hub.organization["id"],
        )  # fmt: skip
        for at, user in enumerate(users):
            hub.review(user, found, number, abstract=f"As we like it, {at} times")
    act(hub.people["user"], "feedback_create", package_id=found["id"], abstract="Which projection?",
        user_comment=comment("Which is it?", "question"))  # fmt: skip
    index_waiting()
    best_rated.cache_clear()
    page = people.open("", "/")
    section = page.locator(".fb-front")
    expect(section.locator(".fb-best li", has_text="Sentinel-2 surface").first).to_contain_text("5.0 (3)")
    expect(section.locator(".fb-latest li").first).to_contain_text("Which projection?")
    picture(page, "front")
    assert axe(page, ".fb-front") == []
    assert fits(page, width)
    assert page.get_by_text("featured section").count() == 0, "CKAN's place for a picture of nobody"
    section.get_by_role("link", name="Which projection?").click()
    expect(page.locator("h1")).to_have_text("Which projection?")
    page = people.open("", "/collection")
    page.get_by_label("Order").select_option("Best rated")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_label("Order")).to_have_value("rating")
    expect(page.locator(".eo-collection").first).to_contain_text("5.0")
    picture(page, "collections")
    assert axe(page, ".eo-results-head") == []
    assert fits(page, width)
    assert (people.complaints(), people.other_hosts()) == ([], set())


@WIDTHS
def test_board(width: int, visit: Callable[..., Any]) -> None:
    """With scores and links of the runs of quality checks."""
    people = make_people(visit, width=width)
    hub, tag = people.hub, uuid4().hex[:8]
    resources = [{"url": f"https://data.example/{tag}/{at}.tif", "name": f"File {at}"} for at in range(3)]
    data = [hub.dataset(title=f"Reflectance, tile {at}", resources=resources[at:]) for at in range(3)]
    breaks(*(each["url"] for each in resources[1:]))
    run()
    hub.review(hub.people["author"], data[0], 4)
    page = people.open(hub.people["editor"], f"/organization/{hub.organization['name']}/feedback")
    expect(page.locator(".fb-links tbody tr")).to_have_count(2)
    expect(page.locator("#chart-bands")).to_have_text("Datasets by score of their metadata")
    check(page, "board", width)
    link = page.locator(".fb-links").get_by_role("link", name="Reflectance, tile 1").first
    expect(link).to_have_attribute("href", f"/dataset/{data[1]['name']}")
    assert (people.complaints(), people.other_hosts()) == ([], set())


@WIDTHS
def test_ratings_under_review(width: int, visit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("burst_ratings", 4), ("hold_bursts", False)):
        monkeypatch.setitem(toolkit.config, f"ckanext.nextgeoss.feedback.{name}", value)
    people = make_people(visit, width=width)
    data = people.hub.dataset(title="Snow cover")
    for at in range(4):
        people.hub.review(new_user(), data, 1, abstract=f"Bad, {at} ({data['name']})")
    look_for_bursts()
    page = people.open("", f"/dataset/{data['name']}")
    expect(page.locator(".fb-summary")).to_contain_text("Under review: many ratings came at once")
    check(page, "under-review", width)
    settled(page)


@WIDTHS
def test_product_with_feedback_on_its_collection(width: int, visit: Callable[..., Any]) -> None:
    people = make_people(visit, width=width)
    hub, name = people.hub, f"snow-{uuid4().hex[:8]}"
    about = call_action(
        "package_create", {"user": hub.sysadmin}, type="eo_collection", name=name, collection_id=name,
        title="Daily snow cover of the northern hemisphere", owner_org=hub.organization["id"],
    )  # fmt: skip
    product = hub.product(name, f"SNOW_{name}_20240501")
    hub.review(new_user(), product, 5, abstract="A clear day")
    for stars in (5, 4):
        hub.review(
            new_user(), about, stars, usage=fit(), contact={"application_domain": ["hydrology"]},
        )  # fmt: skip
    text = f"Since March the files of tiles along the date line have been shifted by a row ({name})"
    hub.review(new_user(), about, 2, abstract=text, usage=problem(), severity="major")
    page = people.open("", f"/dataset/{product['name']}")
    brief = page.locator(".fb-collection")
    expect(brief.get_by_role("link", name=text)).to_be_visible()
    brief.scroll_into_view_if_needed()
    check(page, "product-collection", width)
    brief.get_by_role("link", name="Read all 3 items on the collection").click()
    expect(page).to_have_url(re.compile(rf"/dataset/{name}/feedback$"))
    settled(page)
    assert (people.complaints(), people.other_hosts()) == ([], set())


@WIDTHS
def test_widget_in_the_page_of_another_site(width: int, visit: Callable[..., Any]) -> None:
    people = make_people(visit, width=width)
    hub, data = people.hub, people.hub.dataset(title='Ice & snow "daily" <b>')
    for stars, text in ((5, "Excellent for crops"), (4, "Good"), (2, "Too coarse for us")):
        hub.review(new_user(), data, stars, abstract=text)
    page = people.open("", f"/dataset/{data['name']}")
    page.locator(".fb-embed summary").click()
    check(page, "embed", width)
    snippet = page.locator(".fb-embed code").inner_text()
    seen = people.visit_of("")
    with served(lambda environ, start: _foreign(snippet, start)) as other:
        page.goto(other)
        frame = page.frame_locator("iframe")
        title = 'Feedback on Ice & snow "daily" <b>'
        expect(page.locator("iframe")).to_have_attribute("title", title)
        expect(frame.get_by_role("link", name="Excellent for crops")).to_be_visible()
        expect(frame.locator("h1")).to_have_text('Ice & snow "daily" <b>')
        picture(page, "embedded")
        # a page with buttons does not let itself be framed
        bad = snippet.replace("/widget", "")
        seen.complaints.clear()
        page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", bad)
        expect(page.frame_locator("iframe >> nth=1").locator("#sub-frame-error")).to_be_attached()
    widget = people.open("", f"/dataset/{data['id']}/feedback/widget")
    picture(widget, "widget")
    assert axe(widget, "main") == []
    assert widget.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert widget.locator("script").count() == 0
    assert widget.evaluate("getComputedStyle(document.body).fontSize") == "15px"  # its own style sheet
    assert widget.evaluate("document.cookie") == ""


def _foreign(snippet: str, start: Any) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [f"<!doctype html><title>Another site</title><h1>Another site</h1>{snippet}".encode()]
