"""The front page, the board of an organization and what other sites embed show what everybody may read, in a
few queries, and as text only."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import uuid4

import pytest
from ckan import model
from ckan.plugins import toolkit
from ckan.tests.helpers import call_action
from lxml import html
from sqlalchemy import event

from ckanext.nextgeoss.feedback.logic import front
from ckanext.nextgeoss.feedback.logic.front import best_rated
from ckanext.nextgeoss.tests.asking import url
from ckanext.nextgeoss.tests.feedback import Hub, act, comment, make_hub, new_user, problem
from ckanext.nextgeoss.tests.harvesting import index_waiting
from ckanext.nextgeoss.tests.quality import breaks, forget_runs, run

EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


def tree_of(page: Any) -> Any:
    return html.document_fromstring(page.body)


def collection(hub: Hub, **more: Any) -> dict[str, Any]:
    name = f"c_{uuid4().hex[:10]}"
    given = {
        "title": f"Collection {name}",
        "collection_id": name,
        "owner_org": hub.organization["id"],
        **more,
    }
    return call_action("package_create", {"user": hub.sysadmin}, type="eo_collection", name=name, **given)


class TestFrontPage:
    @pytest.fixture(autouse=True)
    def all_of_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Those that other tests have left do not push ours out."""
        monkeypatch.setattr(front, "BEST", 1000)

    def test_the_best_collections_and_the_latest_words(self, ask: Any, hub: Hub) -> None:
        """The best by the rank that few ratings do not win."""
        many, once, bad = (collection(hub) for _ in "123")
        for number, user in enumerate(new_user() for _ in range(4)):
            hub.review(user, many, 5, abstract=f"Best {number}")
            hub.review(user, bad, 1, abstract=f"Bad {number}")
        hub.review(user, once, 5, abstract=f"{EVIL} {user}")
        index_waiting()
        best_rated.cache_clear()
        page = ask("", "/")
        [section] = tree_of(page).xpath('//section[contains(@class, "fb-front")]')
        names = [each.get("href") for each in section.xpath('.//a[@class="fb-best-title"]')]
        ours = [f"/collection/{each['name']}" for each in (many, once, bad)]
        assert [each for each in names if each in ours] == ours
        assert section.xpath('.//ul[@class="fb-latest"]/li')[0].text_content().count("<script>") == 1
        assert "<script>alert" not in page.body and not section.xpath(".//script")

    def test_the_best_are_told_while_the_index_does_not_answer(
        self, hub: Hub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In the same order, and none that a visitor may not read."""
        many, once, bad = (collection(hub) for _ in "123")
        closed, product = collection(hub, private=True), hub.dataset()
        for user in (new_user() for _ in range(4)):
            hub.review(user, many, 5, abstract=f"Good {user}")
            hub.review(user, bad, 1, abstract=f"Poor {user}")
        for data in (once, closed, product):
            hub.review(hub.people["admin" if data is closed else "user"], data, 5, abstract="Once")
        best_rated.cache_clear()
        with monkeypatch.context() as patch:
            patch.setitem(toolkit.config, "solr_url", "http://127.0.0.1:9/solr/none")
            found = front.front()["best"]
        best_rated.cache_clear()
        names = [each["name"] for each in found]
        ours = [each["name"] for each in (many, once, bad)]
        assert [name for name in names if name in ours] == ours
        assert closed["name"] not in names and product["name"] not in names

    def test_nothing_private_is_shown_to_anybody(self, ask: Any, hub: Hub) -> None:
        """Not to those who may read it, either: the page is the same for all."""
        secret, tag = hub.dataset(private=True), uuid4().hex
        hidden = collection(hub, private=True)
        for data in (secret, hidden):
            hub.review(hub.people["admin"], data, 5, abstract=f"Secret {tag}")
        shown = hub.review(new_user(), hub.dataset(), 4, abstract=f"Waits {tag}")
        act(hub.people["admin"], "feedback_moderate", id=shown["id"], action="hide", reason="x")
        index_waiting()
        best_rated.cache_clear()
        for who in ("", "admin", hub.sysadmin):
            body = ask(who, "/").body
            assert tag not in body and hidden["name"] not in body

    def test_what_became_private_is_gone_at_once(self, ask: Any, hub: Hub) -> None:
        """Although it is remembered which collections are the best."""
        data = collection(hub)
        hub.review(new_user(), data, 5, abstract="Fine")
        index_waiting()
        best_rated.cache_clear()
        assert data["name"] in ask("", "/").body
        call_action("package_patch", {"user": hub.sysadmin}, id=data["id"], private=True)
        assert data["name"] not in ask("", "/").body

    def test_few_queries_however_much_there_is(self, ask: Any, hub: Hub) -> None:
        user = new_user()
        for number in range(5):
            hub.review(user, hub.dataset(), 4, abstract=f"One of five: {number}")
        index_waiting()
        best_rated.cache_clear()
        ask("", "/")
        asked: list[str] = []

        def note(*said: Any) -> None:
            asked.append(said[2])

        event.listen(model.meta.engine, "before_cursor_execute", note)
        try:
            ask("", "/")
        finally:
            event.remove(model.meta.engine, "before_cursor_execute", note)
        assert len([text for text in asked if "nextgeoss_feedback" in text]) <= 8


class TestBoard:
    def test_scores_and_links_of_an_organization(self, ask: Any, hub: Hub) -> None:
        forget_runs()
        tag = uuid4().hex[:8]
        urls = [f"https://data.example/{tag}/{name}.tif" for name in ("one", "two", "secret")]
        both, single = ([{"url": each} for each in some] for some in (urls[:2], urls[:1]))
        first, second = hub.dataset(resources=both), hub.dataset(resources=single)
        private = hub.dataset(private=True, resources=[{"url": urls[2]}, {"url": urls[0]}])
        breaks(*urls)
        run()
        path = url("organization", id=hub.organization["name"])
        tree = tree_of(ask("", path))
        rows = tree.xpath('//table[contains(@class, "fb-links")]/tbody/tr')
        assert [row.xpath("string(th)") for row in rows] == urls[:2]
        assert "answered 404" in rows[0].text_content()
        linked = rows[0].xpath("td/a/@href")
        assert set(linked) == {f"/dataset/{each['name']}" for each in (first, second)}
        assert tree.xpath('//figcaption[@id="chart-bands"]/following-sibling::svg')
        assert tree.xpath('//figcaption[@id="chart-trend"]/following-sibling::svg')
        seen = ask("editor", path).body
        assert urls[2] in seen and private["title"] in seen
        assert urls[2] not in ask("other_admin", path).body

    def test_the_same_as_csv(self, ask: Any, hub: Hub) -> None:
        forget_runs()
        link = f"https://data.example/{uuid4().hex}.tif"
        data = hub.dataset(resources=[{"url": link}])
        breaks(link)
        run()
        name = hub.organization["name"]
        links = list(csv.DictReader(io.StringIO(ask("", url("links_csv", id=name)).body)))
        [line] = [each for each in links if each["url"] == link]
        assert (line["status"], line["datasets"], line["names"]) == ("404", "1", data["name"])
        [scores] = csv.DictReader(io.StringIO(ask("", url("scores_csv", id=name)).body))
        report = act("", "quality_report", organization=name)
        assert (int(scores["datasets"]), float(scores["score"])) == (report["datasets"], report["score"])
        assert {band: int(scores[band]) for band in report["bands"]} == report["bands"]
        assert ask("", url("links_csv", id="nowhere"), status=404)

    def test_before_the_first_run(self, ask: Any, hub: Hub) -> None:
        forget_runs()
        body = ask("", url("organization", id=hub.organization["name"])).body
        assert "was not checked yet" in body


class TestWidget:
    def test_it_is_for_the_pages_of_others(self, ask: Any, hub: Hub) -> None:
        data = hub.dataset(title=EVIL)
        user = new_user()
        hub.review(user, data, 4, abstract=f"{EVIL} {user}")
        act(user, "feedback_create", package_id=data["id"], abstract="Stripes", usage=problem())
        answer = ask("", url("widget", id=data["id"]))
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors *" in policy and "default-src 'none'" in policy
        assert "X-Frame-Options" not in answer.headers
        tree = tree_of(answer)
        assert not tree.xpath("//script | //form | //img | //iframe | //*[@style]")
        assert tree.xpath("//link/@href") == ["/nextgeoss/widget.css"]
        assert tree.xpath("string(//h1)") == EVIL
        assert "1 open issue" in answer.body and "4.0" in answer.body
        assert set(tree.xpath("//base/@target")) == {"_blank"}
        assert f"/dataset/{data['name']}/feedback/new" in tree.xpath("//a/@href")

    def test_no_cookie_is_read_or_set(self, app: Any, ask: Any, hub: Hub) -> None:
        """What one signed in sees is what a visitor sees."""
        data, secret = hub.dataset(), hub.dataset(private=True)
        hub.review(new_user(), data, 4)
        plain = ask("", url("widget", id=data["name"]))
        given = {"Cookie": "session=abc; ckan=def; remember_token=1"}
        other = app.get(url("widget", id=data["name"]), headers=given)
        for answer in (plain, other):
            assert "Set-Cookie" not in answer.headers
            assert "cookie" not in answer.headers.get("Vary", "").lower()
        assert plain.body == other.body == ask(hub.sysadmin, url("widget", id=data["name"])).body
        for who in ("", "admin", hub.sysadmin):
            ask(who, url("widget", id=secret["name"]), status=404)
        assert app.get(url("dataset", id=data["name"])).headers["Vary"] == "Cookie"  # other pages do

    def test_only_the_widget_lets_itself_be_framed(self, ask: Any, hub: Hub) -> None:
        data = hub.dataset()
        item = hub.review(new_user(), data, 4)
        for who, path in (
            ("", url("dataset", id=data["name"])), ("", url("show", id=item["id"])), ("", url("search")),
            ("user", url("new", id=data["name"])), ("admin", url("queue")), ("user", url("mine")),
            ("", url("organization", id=hub.organization["name"])),
        ):  # fmt: skip
            answer = ask(who, path)
            assert answer.headers["X-Frame-Options"] == "SAMEORIGIN", path
            assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'self'", path

    def test_how_many_items_it_has(self, ask: Any, hub: Hub) -> None:
        data = hub.dataset()
        user = new_user()
        for number in range(7):
            act(user, "feedback_create", package_id=data["id"], abstract=f"Note {number}",
                user_comment=comment(f"Note {number} of {user}"))  # fmt: skip
        for asked, number in (("", 5), ("?items=2", 2), ("?items=0", 0), ("?items=99", 7), ("?items=x", 5)):
            tree = tree_of(ask("", url("widget", id=data["name"]) + asked))
            assert len(tree.xpath('//ul[@class="items"]/li')) == number
        assert "All 7 items of feedback" in ask("", url("widget", id=data["name"])).body

    def test_it_is_offered_for_what_everybody_may_read(self, ask: Any, hub: Hub) -> None:
        data, secret = hub.dataset(), hub.dataset(private=True)
        for path in (f"/dataset/{data['name']}", url("dataset", id=data["name"])):
            [code] = tree_of(ask("", path)).xpath('//details[@class="fb-embed"]//code')
            frame = html.fragment_fromstring(code.text_content())
            assert frame.tag == "iframe" and frame.get("title") == f"Feedback on {data['title']}"
            assert frame.get("src").endswith(url("widget", id=data["id"]))
        assert "fb-embed" not in ask("admin", f"/dataset/{secret['name']}").body


def test_questions_are_marked_in_a_line(ask: Any, hub: Hub) -> None:
    data = hub.dataset()
    act(new_user(), "feedback_create", package_id=data["id"], abstract="Which projection?",
        user_comment=comment("Which?", "question"))  # fmt: skip
    assert "Question" in ask("", url("widget", id=data["id"])).body
