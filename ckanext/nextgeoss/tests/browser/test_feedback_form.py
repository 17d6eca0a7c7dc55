"""The form of feedback in a browser: all that it can say without JavaScript, and what JavaScript adds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ckan.plugins import toolkit
from ckan.tests import factories
from playwright.sync_api import Locator, Page, expect

from ckanext.nextgeoss.feedback.doi import CSL
from ckanext.nextgeoss.tests.browser.feedback import People, axe, fits, make_people, no_wait, picture
from ckanext.nextgeoss.tests.core.local_server import LocalServer, serve
from ckanext.nextgeoss.tests.feedback import act

Visits = Callable[..., Any]
WIDTHS = pytest.mark.parametrize("width", [1280, 390])

# what a person types, by the group of fields it stands in
MORE = {
    "usage": {"What you used it for": "Maps of maize", "Limitations you met": "Too coarse for gardens"},
    "issue": {"What is wrong": "Stripes in band 4", "Work-around": "Use band 3.",
              "Address of data that can be used instead": "https://other.example/data"},
    "publication": {"DOI": "10.5194/essd-14-3573-2022", "Title": "Maize from space",
                    "Address": "https://papers.example/maize"},
    "event": {"What happened": "The river left its bed", "Place": "Faro"},
    "quality": {"Value": "12.5", "Unit": "m", "In words": "By 30 points"},
    "code": {"Address of the code": "https://code.example/maize.py", "Code": "print('maize')",
             "Where it runs": "Python", "Version": "3.12"},
}  # fmt: skip
DATES = {"usage": ("From", "2026-01-02"), "issue": ("Seen on", "2026-01-03"), "event": ("From", "2026-01-04")}


@pytest.fixture(autouse=True)
def at_once(catalogue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    no_wait(monkeypatch)


def check(page: Page, name: str, width: int) -> None:
    picture(page, name)
    if page.evaluate("1 + 1") == 2:
        assert fits(page, width)


def group(page: Page, name: str) -> Locator:
    """The fields of a group, opened, unless a script does so when it comes."""
    found = page.locator(f"#group-{name}")
    found.wait_for(state="attached")
    page.wait_for_load_state()
    if found.get_attribute("open") is None:
        found.locator("summary").click()
    return found


def fill(page: Page, name: str) -> None:
    fields = group(page, name)
    for label, text in MORE[name].items():
        fields.get_by_label(label, exact=True).fill(text)
    if name in DATES:
        label, day = DATES[name]
        fields.get_by_label(label, exact=True).fill(day)


def type_box(page: Page, name: str, sides: tuple[str, ...]) -> None:
    for label, number in zip(("West", "South", "East", "North"), sides, strict=True):
        group(page, name).get_by_label(label, exact=True).fill(number)


def typed_box(page: Page, name: str) -> list[str]:
    return [
        group(page, name).get_by_label(label, exact=True).input_value()
        for label in ("West", "South", "East", "North")
    ]


def long_form(people: People, user: str, name: str) -> Page:
    page = people.open(user, f"/dataset/{name}/feedback/new")
    page.get_by_role("button", name="Tell more").click()
    page.wait_for_selector("#fb-form [name=long]", state="attached")
    return page


def send(page: Page) -> None:
    page.get_by_role("button", name="Send", exact=True).click()


@WIDTHS
def test_the_whole_form_without_javascript(width: int, visit: Visits) -> None:
    people = make_people(visit, width=width, javascript=False)
    user, data = people.hub.people["user"], people.hub.dataset()
    page = people.open(user, f"/dataset/{data['name']}")
    page.get_by_role("button", name="4 of 5 stars: Good").click()
    expect(page.get_by_label("4 of 5 stars: Good")).to_be_checked()
    page.get_by_label("In one sentence").fill(f"Sharp & <b>late</b> {data['name']}")
    check(page, "nojs-short", width)
    page.get_by_role("button", name="Tell more").click()
    page.get_by_label("Details", exact=True).fill("Good by **day**.")
    for name in MORE:
        fill(page, name)
    group(page, "usage").get_by_label("It was fit for this purpose").check()
    group(page, "issue").get_by_label("How bad it is").select_option("major")
    group(page, "event").get_by_label("Kind").select_option("floodNatural")
    type_box(page, "event", ("-9", "37", "-8", "38"))
    group(page, "scope").get_by_label("Which part").fill("band 4")
    type_box(page, "scope", ("170", "-10", "-170", "10"))
    group(page, "publication").get_by_label("Authors").fill("Ada Lovelace; Charles Babbage")
    group(page, "code").get_by_label("Format of the code").select_option("text/x-python")
    group(page, "quality").get_by_label("Measure").select_option("CircularMapAccuracy")
    page.get_by_label("Fields of application").fill("agriculture, hydrology")
    page.get_by_label("Tags").fill("maize")
    check(page, "nojs-long", width)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".fb-preview")).to_contain_text("Stripes in band 4")
    check(page, "nojs-preview", width)
    send(page)
    expect(page.locator(".flash-messages")).to_contain_text("your feedback is published")
    check(page, "nojs-result", width)
    item = page.locator("article.fb-item").first
    for fields in MORE.values():
        for label, text in fields.items():
            if label not in ("Version", "Address of data that can be used instead"):
                expect(item).to_contain_text(text)
    expect(item).to_contain_text("37° N – 38° N, 9° W – 8° W")
    expect(item).to_contain_text("10° S – 10° N, 170° E – 170° W")
    expect(item).to_contain_text("Ada Lovelace, Charles Babbage")
    [kept] = act("", "feedback_list", package_id=data["id"])["results"]
    assert (kept["rating"], kept["tag"], kept["issue"]["severity"]) == (4, ["maize"], "major")


@WIDTHS
def test_errors_without_javascript_lead_to_their_fields(width: int, visit: Visits) -> None:
    people = make_people(visit, width=width, javascript=False)
    name = people.hub.dataset()["name"]
    page = long_form(people, people.hub.people["user"], name)
    page.get_by_label("In one sentence").fill(f"Typed & <i>kept</i> on {name}")
    page.locator("label[for=rating-2]").click()
    group(page, "publication").get_by_label("DOI", exact=True).fill("no doi")
    group(page, "event").get_by_label("Place", exact=True).fill("Faro")
    group(page, "quality").get_by_label("Measure").select_option("Duplicate")
    send(page)
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link")).to_have_text(
        ["Say what happened.", "Give the value of the quality measure, or say it in words."]
    )
    check(page, "nojs-needed", width)
    group(page, "event").get_by_label("What happened").fill(f"The river left its bed: {name}")
    group(page, "quality").get_by_label("Value", exact=True).fill("many")
    send(page)
    expect(summary.get_by_role("link")).to_have_count(2)
    check(page, "nojs-errors", width)
    summary.get_by_role("link", name="such as 10.5194").click()
    expect(page).to_have_url(re.compile("#field-publication_doi$"))
    expect(page.get_by_label("DOI", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("DOI", exact=True)).to_have_value("no doi")
    expect(page.get_by_label("In one sentence")).to_have_value(f"Typed & <i>kept</i> on {name}")
    expect(page.get_by_label("2 of 5 stars: Bad")).to_be_checked()
    expect(group(page, "quality").get_by_label("Value", exact=True)).to_have_value("many")
    group(page, "publication").get_by_label("DOI", exact=True).fill(
        "https://doi.org/10.5194/ESSD-14-3573-2022"
    )
    group(page, "quality").get_by_label("Value", exact=True).fill("12,5")
    send(page)
    expect(page.locator(".flash-messages")).to_contain_text("your feedback is published")
    expect(page.locator("article")).to_contain_text("doi:10.5194/essd-14-3573-2022")


@pytest.mark.parametrize("javascript", [True, False])
@WIDTHS
def test_errors_are_where_the_keyboard_is(width: int, javascript: bool, visit: Visits) -> None:
    """The page that comes back begins with them, says so, and leads by keys to the field that is wrong."""
    people = make_people(visit, width=width, javascript=javascript)
    name, user = people.hub.dataset()["name"], people.hub.people["user"]
    page = people.open(user, f"/dataset/{name}/feedback/new?kind=publication")
    page.get_by_label("In one sentence").fill(f"An article on {name}")
    group(page, "publication").get_by_label("DOI", exact=True).fill("no doi")
    send(page)
    summary = begins_with(page)
    expect(summary).to_have_accessible_name("Please look at this again:")
    if javascript:
        assert axe(page) == []
    check(page, "errors-at-hand" if javascript else "nojs-errors-at-hand", width)
    page.keyboard.press("Tab")
    expect(summary.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("DOI", exact=True)).to_be_focused()


def test_a_late_script_leaves_the_keyboard_where_it_is(visit: Visits) -> None:
    people = make_people(visit)
    name, user = people.hub.dataset()["name"], people.hub.people["user"]
    page = people.open(user, f"/dataset/{name}/feedback/new?kind=publication")
    page.get_by_label("In one sentence").fill(f"An article on {name}")
    group(page, "publication").get_by_label("DOI", exact=True).fill("no doi")
    script, waiting = re.compile(r"_feedback\.js"), list[Any]()
    page.route(script, lambda route: waiting.append(route))
    with page.expect_request(script):
        send(page)
    link = begins_with(page).get_by_role("link").first
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    waiting.pop().continue_()
    page.wait_for_load_state()
    expect(link).to_be_focused()


def begins_with(page: Page) -> Locator:
    """What is wrong, to which the keyboard was led."""
    expect(page).to_have_title(re.compile("^Error: "))
    summary = page.get_by_role("alert").filter(has_text="Please look at this again:")
    expect(summary).to_be_focused()
    return summary


def test_errors_of_small_forms_are_where_the_keyboard_is(visit: Visits) -> None:
    people = make_people(visit)
    user, data = people.hub.people["user"], people.hub.dataset()
    made = people.hub.review(people.hub.people["author"], data, abstract=f"A review of {data['name']}")
    page = people.open(user, f"/feedback/{made['id']}/report")
    page.get_by_role("button", name="Report it").click()
    expect(begins_with(page)).to_contain_text("Please choose what is wrong.")
    page = people.open(user, "/feedback/mine")
    page.get_by_label("ORCID", exact=True).fill("0000-0002-1825-0098")
    page.get_by_role("button", name="Save", exact=True).click()
    begins_with(page).get_by_role("link").click()
    expect(page.get_by_label("ORCID", exact=True)).to_be_focused()
    page = people.open(user, "/feedback/mine/forget")
    page.get_by_role("button", name="Take me out").click()
    begins_with(page).get_by_role("link").click()
    expect(page.get_by_label("I am sure")).to_be_focused()
    assert axe(page) == []


def drag(page: Page, name: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drags over the map of a group; positions are shares of its width and height."""
    canvas = page.locator(f"#group-{name} .eo-map-canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    (x0, y0), (x1, y1) = [
        (box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in (start, end)
    ]
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2)
    page.mouse.move(x1, y1)
    page.mouse.up()


PLACE = {"type": "Polygon", "coordinates": [[[0, 40], [20, 40], [20, 60], [0, 60], [0, 40]]]}


def placed(people: People) -> dict[str, Any]:
    """A dataset that is somewhere."""
    return people.hub.dataset(extras=[{"key": "spatial", "value": json.dumps(PLACE)}])


@WIDTHS
def test_an_area_is_drawn_on_a_map(width: int, visit: Visits) -> None:
    people = make_people(visit, width=width)
    user, data = people.hub.people["user"], placed(people)
    page = people.open(user, f"/dataset/{data['name']}/feedback/new?kind=event")
    page.get_by_label("In one sentence").fill("A flood")
    group(page, "event").get_by_label("What happened").fill("The river left its bed")
    page.locator("#group-event .eo-map").scroll_into_view_if_needed()
    page.wait_for_selector("#group-event .eo-map-canvas[data-drawn]")
    page.locator("#group-event").get_by_role("button", name="Draw area").click()
    drag(page, "event", (0.4, 0.3), (0.6, 0.7))
    west, south, east, north = map(float, typed_box(page, "event"))
    assert 0 < west < 10 < east < 20 and 40 < south < 50 < north < 60
    check(page, "map-drawn", width)
    drag(page, "event", (0.6, 0.3), (0.65, 0.2))  # its north-eastern corner
    moved = [float(each) for each in typed_box(page, "event")]
    assert moved[:2] == [west, south] and moved[2] > east and moved[3] > north
    type_box(page, "event", ("170", "-20", "-170", "-10"))
    page.keyboard.press("Tab")
    check(page, "map-across", width)
    assert axe(page) == []
    send(page)
    expect(page.locator("article")).to_contain_text("20° S – 10° S, 170° E – 170° W")
    flashes = page.locator(".flash-messages")
    expect(flashes).to_contain_text("your feedback is published")
    expect(flashes).to_contain_text("This area is outside the area of the data.")
    page.locator("article").get_by_text("On a map").click()
    page.wait_for_selector("article .eo-map-canvas[data-drawn]")
    check(page, "map-warned", width)
    assert axe(page) == []
    page.get_by_role("link", name="Edit").click()
    assert typed_box(page, "event") == ["170", "-20", "-170", "-10"]
    assert (people.complaints(), people.other_hosts()) == ([], set())


def test_a_preview_warns_beside_the_field(visit: Visits) -> None:
    people = make_people(visit, javascript=False)
    page = long_form(people, people.hub.people["user"], placed(people)["name"])
    page.get_by_label("In one sentence").fill("Only here")
    group(page, "scope").get_by_label("Which part").fill("the south")
    type_box(page, "scope", ("10", "30", "15", "45"))
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#warnings")).to_be_focused()
    warned = page.locator("#warnings").get_by_role("link")
    expect(warned).to_have_text("This area reaches beyond the area of the data.")
    warned.click()
    expect(page).to_have_url(re.compile("#field-scope_west$"))
    expect(page.locator("#warning-scope_west")).to_be_visible()
    check(page, "nojs-warned", 1280)
    send(page)
    expect(page.locator(".flash-messages")).to_contain_text("your feedback is published")
    expect(page.locator("article")).to_contain_text("About a part of the data: the south")


BOOK = {
    "title": "Maize from <i>space</i> &amp; back", "type": "book", "container-title": "Fields",
    "author": [{"given": "Ada", "family": "Lovelace"}], "issued": {"date-parts": [[2022, 5]]},
}  # fmt: skip


@pytest.fixture()
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """A resolver of DOIs that knows one."""
    routes = {
        "/10.1234/book": lambda asked: asked.answer(BOOK, Content_Type=CSL),
        "/10.1234/none": lambda asked: asked.answer(b"<p>no</p>", status=404),
        "/10.1234/ill": lambda asked: asked.answer(b"", status=503),
    }
    with serve(routes) as server:
        for option, value in (("feedback.doi_resolver", server.url + "/"),
                              ("http.allowed_private_hosts", server.host)):  # fmt: skip
            monkeypatch.setitem(toolkit.config, f"ckanext.nextgeoss.{option}", value)
        yield server


@pytest.mark.parametrize("javascript", [True, False])
@WIDTHS
def test_a_publication_is_filled_in_from_its_doi(
    width: int, javascript: bool, visit: Visits, resolver: LocalServer
) -> None:
    people = make_people(visit, width=width, javascript=javascript)
    user, data = people.hub.people["user"], people.hub.dataset()
    page = people.open(user, f"/dataset/{data['name']}/feedback/new?kind=publication")
    page.get_by_label("In one sentence").fill("Read this")
    fields, button = group(page, "publication"), page.get_by_role("button", name="Fill in from the DOI")
    doi = fields.get_by_label("DOI", exact=True)
    for wrong, said in (("no doi", "such as 10.5194"), ("10.1234/none", "There is no DOI 10.1234/none."),
                        ("10.1234/ill", "please fill it in by hand")):  # fmt: skip
        doi.fill(wrong)
        button.click()
        expect(fields).to_contain_text(said)
        expect(doi).to_have_attribute("aria-invalid", "true")
    check(page, f"doi-wrong-{javascript}", width)
    doi.fill("https://doi.org/10.1234/BOOK")
    button.click()
    expect(fields.get_by_label("Title", exact=True)).to_have_value("Maize from space & back")
    expect(fields.get_by_label("Authors")).to_have_value("Ada Lovelace")
    expect(doi).not_to_have_attribute("aria-invalid", "true")
    expect(fields.get_by_label("Kind")).to_have_value("book")
    expect(fields.get_by_label("Published on")).to_have_value("2022-05-01")
    expect(fields.get_by_label("Journal, book or series")).to_have_value("Fields")
    expect(page.get_by_label("In one sentence")).to_have_value("Read this")
    expect(page.locator("#fb-doi-told")).to_contain_text("Filled in: Maize from space & back")
    check(page, f"doi-filled-{javascript}", width)
    if javascript:
        assert axe(page) == []
    send(page)
    expect(page.locator("article")).to_contain_text(
        "Ada Lovelace (2022) Maize from space & back, Fields, Book"
    )
    assert all(call.headers["accept"] == CSL for call in resolver.calls)


class TestDrafts:
    def test_what_is_typed_survives_a_reload_and_can_be_discarded(self, visit: Visits) -> None:
        people = make_people(visit, width=390)
        user, data = people.hub.people["user"], people.hub.dataset()
        page = long_form(people, user, data["name"])
        page.get_by_label("In one sentence").fill("Half a thought")
        group(page, "usage").get_by_label("What you used it for").fill("Maps <img src=x onerror=alert(1)>")
        path = f"/dataset/{data['name']}/feedback/new"
        page = people.open(user, path)
        note = page.locator("#fb-draft")
        expect(note).to_contain_text("What you typed here before is back.")
        expect(page.get_by_label("In one sentence")).to_have_value("Half a thought")
        expect(page.get_by_label("What you used it for")).to_have_value("Maps <img src=x onerror=alert(1)>")
        assert axe(page) == []
        check(page, "draft-back", 390)
        page.locator("label[for=rating-4]").click()
        page = people.open(user, f"{path}?rating=2")
        expect(page.get_by_label("2 of 5 stars: Bad")).to_be_checked()
        expect(page.get_by_label("In one sentence")).to_have_value("Half a thought")
        page.get_by_role("button", name="Discard it").click()
        expect(page.get_by_label("In one sentence")).to_have_value("")
        expect(note).to_be_hidden()
        page = people.open(user, path)
        expect(page.locator("#fb-draft")).to_be_hidden()
        assert people.complaints() == []

    def test_what_is_typed_before_the_script_has_come_is_kept(self, visit: Visits) -> None:
        people = make_people(visit)
        user, data = people.hub.people["user"], people.hub.dataset()
        path = f"/dataset/{data['name']}/feedback/new"
        page = people.visit_of(user).page
        script, waiting = re.compile(r"_feedback\.js"), list[Any]()
        page.route(script, lambda route: waiting.append(route))
        for sentence in ("Quicker than the script", "Quicker than what was kept"):
            with page.expect_request(script):
                page.goto(people.visit_of(user).address + path, wait_until="commit")
            page.get_by_label("In one sentence").fill(sentence)
            waiting.pop().continue_()
            kept = "(said) => Object.values(localStorage).join().includes(said)"
            page.wait_for_function(kept, arg=sentence)
            expect(page.get_by_label("In one sentence")).to_have_value(sentence)
        page.unroute(script)
        page = people.open(user, path)
        expect(page.locator("#fb-draft")).to_be_visible()
        expect(page.get_by_label("In one sentence")).to_have_value("Quicker than what was kept")

    def test_what_is_sent_is_not_kept(self, visit: Visits) -> None:
        people = make_people(visit)
        user, data = people.hub.people["user"], people.hub.dataset()
        path = f"/dataset/{data['name']}/feedback/new?kind=question"
        page = people.open(user, path)
        page.get_by_label("Your question").fill("Which projection?")
        send(page)
        expect(page.locator(".flash-messages")).to_contain_text("your feedback is published")
        page = people.open(user, path)
        expect(page.get_by_label("Your question")).to_have_value("")
        expect(page.locator("#fb-draft")).to_be_hidden()
        assert page.evaluate("localStorage.length") == 0

    def test_it_survives_the_end_of_a_session_and_haste(
        self, visit: Visits, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user = factories.User(image_url="", password="a-Good-1-Password")
        people = make_people(visit)
        data = people.hub.dataset()
        page = people.open("", f"/user/login?came_from=/dataset/{data['name']}/feedback/new")
        sign_in(page, user["name"])
        page.get_by_label("In one sentence").fill("A long thought")
        page.context.clear_cookies()
        send(page)
        page = people.open("", f"/user/login?came_from=/dataset/{data['name']}/feedback/new")
        sign_in(page, user["name"])
        expect(page.locator("#fb-draft")).to_be_visible()
        expect(page.get_by_label("In one sentence")).to_have_value("A long thought")
        assert page.evaluate("document.getElementById('trap').value") == ""
        monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.feedback.least_seconds", 3600)
        send(page)
        expect(page.get_by_role("alert")).to_contain_text("That was very quick.")
        monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.feedback.least_seconds", 0)
        expect(page.get_by_label("In one sentence")).to_have_value("A long thought")
        send(page)
        expect(page.locator(".flash-messages")).to_contain_text("your feedback is published")
        page.wait_for_function("localStorage.length === 0")


def sign_in(page: Page, name: str) -> None:
    page.locator("#field-login").fill(name)
    page.locator("#field-password").fill("a-Good-1-Password")
    page.locator("#field-password").press("Enter")
    page.wait_for_selector("#fb-form")
    page.wait_for_load_state()  # its script keeps what is typed, also when it is sent at once


@pytest.mark.parametrize("javascript", [True, False])
def test_a_usage_is_adopted(javascript: bool, visit: Visits) -> None:
    people = make_people(visit, width=390, javascript=javascript)
    data = people.hub.dataset()
    code = "<script>alert(1)</script>\nprint('maize')"
    again = {"code": code, "platform": "Python", "version": "3.12", "code_media_type": "text/x-python",
             "code_linkage": {"linkage": "https://code.example/maize.py"}}  # fmt: skip
    usage = [{"report_aspect": ["usage"], "usage_description": [
        {"specific_usage": "Maps", "reproducible_usage": {"code": "first"}},
        {"specific_usage": "Maps of maize", "reproducible_usage": again}]}]  # fmt: skip
    act(people.hub.people["author"], "feedback_create", package_id=data["id"], abstract="Maize", usage=usage)
    page = people.open(people.hub.people["user"], f"/dataset/{data['name']}/feedback")
    page.get_by_text("Code to repeat it").nth(1).click()
    expect(page.locator("pre code").nth(1)).to_have_text(code)
    check(page, f"code-shown-{javascript}", 390)
    page.get_by_role("link", name="I did this, too").nth(1).click()
    expect(page.get_by_text("Filled in from the feedback of")).to_be_visible()
    fields = group(page, "code")
    expect(fields.get_by_label("Code", exact=True)).to_have_value(code)
    expect(fields.get_by_label("Format of the code")).to_have_value("text/x-python")
    expect(group(page, "usage").get_by_label("What you used it for")).to_have_value("Maps of maize")
    page.get_by_label("In one sentence").fill("Me too")
    check(page, f"code-adopted-{javascript}", 390)
    send(page)
    expect(page.locator(".flash-messages")).to_contain_text("your feedback is published")
    found = act("", "feedback_list", package_id=data["id"])["results"]
    [mine] = [each for each in found if each["abstract"] == "Me too"]
    assert mine["usage"][0]["usage_description"][0]["reproducible_usage"] == again


def test_a_keyboard_is_enough(visit: Visits) -> None:
    """Stars by arrows, groups by Enter, and sent."""
    people = make_people(visit)
    user, data = people.hub.people["user"], people.hub.dataset()
    page = people.open(user, f"/dataset/{data['name']}/feedback/new?kind=event")
    page.locator("#rating-none").focus()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.type("By keys")
    page.locator("#group-usage summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Maps")
    page.locator("#field-event_abstract").focus()
    page.keyboard.type("A flood")
    for key, number in (("west", "1"), ("south", "2"), ("east", "3"), ("north", "4")):
        page.locator(f"#field-event_{key}").focus()
        page.keyboard.type(number)
    page.get_by_role("button", name="Send", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".flash-messages")).to_contain_text("your feedback is published")
    [kept] = act("", "feedback_list", package_id=data["id"])["results"]
    assert (kept["rating"], kept["abstract"]) == (3, "By keys")
    assert kept["usage"][0]["usage_description"][0]["specific_usage"] == "Maps"
