"""The life of an item in a browser: asked, answered, accepted; reported, fixed; flagged, hidden, restored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ckanext.nextgeoss.tests.browser.feedback import axe, fits, make_people, no_wait, picture
from ckanext.nextgeoss.tests.feedback import act, fit, new_user

WIDTHS = pytest.mark.parametrize("width", [1280, 390])


@pytest.fixture(autouse=True)
def at_once(catalogue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    no_wait(monkeypatch)


def check(page: Page, name: str, width: int) -> None:
    picture(page, name)
    assert axe(page) == []
    assert fits(page, width)


def answer(page: Page, where: Any, text: str) -> None:
    where.locator("summary", has_text="Answer").first.click()
    where.get_by_label("Your answer").first.fill(text)
    where.get_by_role("button", name="Send the answer").first.click()
    expect(page.get_by_text(text)).to_be_visible()


@WIDTHS
def test_question_answer_accepted(width: int, visit: Callable[..., Any]) -> None:
    people = make_people(visit, width=width)
    data, [asker, editor] = people.hub.dataset(), [people.hub.people[name] for name in ("user", "editor")]
    page = people.open(asker, f"/dataset/{data['name']}")
    page.locator("#feedback").get_by_role("link", name="Ask a question").click()
    page.get_by_label("Your question").fill("Is band 8 resampled?")
    page.get_by_label("Details").fill(
        f"I need {data['name']} at **10 m**, see [the guide](https://guide.example/)."
    )
    check(page, "question-form", width)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".flash-messages")).to_contain_text("your feedback is published")
    expect(page.get_by_role("alert")).to_have_count(0)
    item = page.locator("article.fb-item").first
    expect(item.locator("strong", has_text="10 m")).to_be_visible()
    assert item.locator("a", has_text="the guide").get_attribute("rel") == "nofollow ugc noopener"
    thread = page.url.partition("#")[0].removeprefix(people.visit_of(asker).address)
    expect(page.get_by_role("button", name="Accept this answer")).to_have_count(0)

    provider = people.open(editor, thread)
    answer(provider, provider.locator("article.fb-item").first, "Yes, by the provider.")
    expect(provider.locator(".fb-provider")).to_contain_text("Answer of the provider")

    page = people.open(asker, thread)
    page.get_by_role("button", name="Accept this answer").click()
    expect(page.locator(".fb-accepted")).to_contain_text("Yes, by the provider.")
    expect(page.locator("h1 ~ .fb-thread .fb-question")).to_contain_text("Answered question")
    check(page, "question-accepted", width)
    assert (people.complaints(), people.other_hosts()) == ([], set())


@WIDTHS
def test_issue_fixed(width: int, visit: Callable[..., Any]) -> None:
    people = make_people(visit, width=width)
    data, [user, editor] = people.hub.dataset(), [people.hub.people[name] for name in ("user", "editor")]
    page = people.open(user, f"/dataset/{data['name']}/feedback/new?kind=issue")
    page.get_by_label("In one sentence").fill("Stripes in band 4")
    page.get_by_label("What is wrong").fill(f"Every tenth line of {data['name']} is empty.")
    page.get_by_label("How bad it is").select_option("blocking")
    page.get_by_label("Work-around").fill("Use band 3.")
    check(page, "issue-form", width)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("article .fb-blocking")).to_have_text("Blocking")
    thread = page.url.partition("#")[0].removeprefix(people.visit_of(user).address)

    provider = people.open(editor, thread)
    provider.locator("summary", has_text="State of the issue").click()
    provider.get_by_label("State", exact=True).select_option("fixed")
    provider.locator(".fb-answer[open]").get_by_label("Work-around").fill("Take version 2.")
    check(provider, "issue-state", width)
    provider.get_by_role("button", name="Save").click()
    expect(provider.locator("article .fb-done").first).to_contain_text("Fixed")
    expect(provider.get_by_text("Take version 2.")).to_be_visible()
    page = people.open("", f"/dataset/{data['name']}/feedback?show=issues")
    expect(page.locator("article .fb-done").first).to_contain_text("Fixed")
    check(page, "issue-fixed", width)
    assert (people.complaints(), people.other_hosts()) == ([], set())


@WIDTHS
def test_review_flagged_hidden_restored(width: int, visit: Callable[..., Any]) -> None:
    people = make_people(visit, width=width)
    data = people.hub.dataset()
    author, user, admin = (people.hub.people[name] for name in ("author", "user", "admin"))
    page = people.open(author, f"/dataset/{data['name']}")
    page.get_by_role("button", name="4 of 5 stars: Good").click()
    expect(page.get_by_label("4 of 5 stars: Good")).to_be_checked()
    page.get_by_label("In one sentence").fill("Sharp, but late")
    check(page, "review-form", width)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".flash-messages")).to_contain_text("your feedback is published")
    thread = page.url.partition("#")[0].removeprefix(people.visit_of(author).address)

    page = people.open(user, thread)
    page.get_by_role("button", name="Helpful (0)", exact=True).click()
    expect(page.get_by_role("button", name="Helpful (1)", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("link", name="Report").click()
    page.get_by_label("It is wrong").check()
    check(page, "review-report", width)
    page.get_by_role("button", name="Report it").click()
    expect(page.locator(".flash-messages")).to_contain_text("moderators will look at it")

    queue = people.open(admin, "/feedback/moderation?view=flagged")
    queue.get_by_label("Choose Sharp, but late").check()
    expect(queue.locator(".fb-reported")).to_contain_text("It is wrong")
    queue.get_by_role("button", name="Hide").click()
    expect(queue.locator(".flash-messages")).to_contain_text("The author is told why: a reason is needed.")
    queue.get_by_label("Choose Sharp, but late").check()
    queue.get_by_label("or in your words").fill("Please say what is late.")
    check(queue, "review-queue", width)
    queue.get_by_role("button", name="Hide").click()
    expect(queue.locator(".flash-messages")).to_contain_text("1 item is done.")

    assert people.visit_of(user).page.goto(people.visit_of(user).address + thread).status == 404  # type: ignore[union-attr]
    page = people.open(author, thread)
    expect(page.get_by_text("Hidden by a moderator")).to_be_visible()
    expect(page.get_by_text("Please say what is late.")).to_be_visible()
    check(page, "review-hidden", width)

    queue = people.open(admin, "/feedback/moderation?view=hidden")
    queue.get_by_label("Choose Sharp, but late").check()
    queue.get_by_role("button", name="Approve").click()
    expect(queue.locator(".flash-messages")).to_contain_text("1 item is done.")
    page = people.open("", f"/dataset/{data['name']}")
    expect(page.locator("#feedback article")).to_contain_text("Sharp, but late")
    expect(page.locator(".fb-figure")).to_have_text("4.0")
    check(page, "review-restored", width)
    assert [said for said in people.complaints() if "404" not in said] == []
    assert people.other_hosts() == set()


@WIDTHS
def test_pages_around(width: int, visit: Callable[..., Any]) -> None:
    """Lists, the page of a user, the board of an organization: filled, and read by axe."""
    people = make_people(visit, width=width)
    hub, data = people.hub, people.hub.dataset()
    author, editor = hub.people["author"], hub.people["editor"]
    for stars, text in ((5, "Excellent for crops"), (4, "Good"), (2, "Too coarse for us")):
        hub.review(author if stars == 5 else new_user(), data, stars, abstract=text)
    usage = fit(f"Maps of *fields* of maize by {data['name']}")
    made = act(
        hub.people["user"], "feedback_create", package_id=data["id"], abstract="Maize mapped", usage=usage,
        contact={"application_domain": ["agriculture"], "expertise_level": 5}, tag=["maize"], rating=5,
        citation=[{"type": "publication", "title": "Maize from space", "category": "journalArticle",
                   "identifier": [{"code": "10.5194/essd-14-3573-2022", "code_space": "https://doi.org"}]}],
    )  # fmt: skip
    question = act(author, "feedback_create", package_id=data["id"], abstract="Which projection?",
                   user_comment={"comment": "Which is it?", "motivation": "question"})  # fmt: skip
    act(hub.people["user"], "feedback_reply", id=question["id"], comment="UTM, I think.", motivation="answer")
    act(editor, "feedback_respond", id=question["id"], comment="UTM, zone 29 N.")
    act(author, "feedback_follow", type="thread", id=made["id"])
    pages = {
        "dataset": ("", f"/dataset/{data['name']}"),
        "list": (author, f"/dataset/{data['name']}/feedback"),
        "filtered": ("", f"/dataset/{data['name']}/feedback?rating=5&sort=helpful"),
        "search": ("", "/feedback?q=maize"),
        "mine": (author, "/feedback/mine"),
        "forget": (author, "/feedback/mine/forget"),
        "board": (editor, f"/organization/{hub.organization['name']}/feedback"),
        "queue": (hub.people["admin"], "/feedback/moderation?view=published"),
        "edit": (hub.people["user"], f"/feedback/{made['id']}/edit"),
        "delete": (author, f"/feedback/{question['id']}/delete"),
    }
    for name, (user, path) in pages.items():
        page = people.open(user, path)
        picture(page, f"page-{name}")
        assert (name, axe(page)) == (name, [])
        assert (name, fits(page, width)) == (name, True)
    assert (people.complaints(), people.other_hosts()) == ([], set())
