"""Pages of feedback answer, say what is wrong, and show what people wrote as text only."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action
from lxml import etree, html

from ckanext.nextgeoss.feedback.form_fields import BY_NAME
from ckanext.nextgeoss.feedback.helpers import feedback_text
from ckanext.nextgeoss.tests.asking import url
from ckanext.nextgeoss.tests.feedback import Hub, act, make_hub, new_user, problem
from ckanext.nextgeoss.tests.harvesting import index_waiting

XSS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[click](javascript:alert(1))",
    "![pixel](https://evil.example/pixel.png)",
    "<svg/onload=alert(1)>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "`</code></pre><script>alert(1)</script>`",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '[a](https://ok.example "onmouseover=alert(1) x=\'")',
    "</textarea><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
)


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


def test_every_page_answers(ask: Any, hub: Hub) -> None:
    data, org = hub.dataset(), hub.organization["name"]
    review = hub.review(hub.people["author"], data, 4)
    act(hub.people["user"], "feedback_follow", type="thread", id=review["id"])
    act(hub.people["user"], "feedback_follow", type="dataset", id=data["id"])
    act(hub.people["user"], "feedback_mute", type="organization", id=org)
    for kind, path in (
        ("", f"/dataset/{data['name']}"),
        ("", url("dataset", id=data["name"])),
        ("", url("show", id=review["id"])),
        ("", url("search")),
        ("", url("search") + "?q=review&rating=4&sort=helpful&page=1"),
        ("", url("organization", id=org)),
        ("", url("organization_csv", id=org)),
        ("user", url("new", id=data["name"])),
        ("user", url("new", id=data["name"], kind="quality", rating="5")),
        ("author", url("edit", id=review["id"])),
        ("user", url("report", id=review["id"])),
        ("author", url("delete", id=review["id"])),
        ("user", url("mine")),
        ("author", url("mine") + "?state=published"),
        ("user", url("forget")),
        ("admin", url("queue")),
        ("admin", url("queue") + "?view=published&q=review"),
    ):
        assert ask(kind, path).status_code == 200


def test_pages_lead_to_the_same_for_programs(ask: Any, hub: Hub) -> None:
    data = hub.dataset()
    made = hub.review(hub.people["user"], data)
    pages = {f"/dataset/{data['name']}/feedback": 5, "/feedback": 4, f"/feedback/{made['id']}": 4}
    for page, number in pages.items():
        links = html.fromstring(ask("", page).text).xpath("//a[contains(@rel, 'alternate')]")
        assert len(links) == number, page
        for link in links:
            found = ask("", link.get("href"))
            assert found.headers["Content-Type"].startswith(link.get("type")) and made["id"] in found.text


def test_visitors_are_led_to_sign_in(ask: Any, hub: Hub) -> None:
    data = hub.dataset()
    for path in (url("new", id=data["name"]), url("mine"), url("queue"), url("forget")):
        assert "/user/login?came_from=" in ask("", path, status=303).headers["Location"]


def test_what_is_not_theirs_is_not_shown(ask: Any, hub: Hub) -> None:
    data = hub.dataset(private=True)
    secret = hub.review(hub.people["editor"], data, 5, abstract="Secret words")
    ask("", url("dataset", id=data["name"]), status=404)
    ask("", url("show", id=secret["id"]), status=404)
    ask("", f"/dataset/{data['name']}/label.svg", status=404)
    ask("user", url("vote", id=secret["id"]), {"value": "1"}, status=404)
    ask("user", url("queue"), status=403)
    assert "Secret words" in ask("editor", url("show", id=secret["id"])).body


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_hostile_text_of_every_field_is_only_text(ask: Any, hub: Hub, name: str) -> None:
    """Sent through the form: kept and shown, or refused and shown in the field again."""
    data = hub.dataset()
    for text in XSS if name in ("abstract", "comment", "tag") else ["\n".join(XSS)]:
        fields = {"rating": "4", "abstract": f"An {uuid4().hex}", "specific_usage": "maps",
                  "known_problem": "bad",
                  "publication_title": "T", "event_abstract": "flood", "quality_measure": "Duplicate",
                  "quality_value": "3", "code": "x", "comment": "hm", "motivation": "comment"}  # fmt: skip
        fields[name] = text
        answer = ask("user", url("new", id=data["name"]), fields, status=(303, 422))
        harmless(answer.body)
    harmless(ask("", url("dataset", id=data["name"])).body)
    harmless(ask("", url("search")).body)


def harmless(page: str) -> None:
    """No script, handler, picture or address of what was sent stands in a page."""
    tree = html.document_fromstring(page)
    for element in tree.iter(etree.Element):
        assert not any(name.startswith("on") for name in element.attrib), etree.tostring(element)[:300]
        for name in ("href", "src", "action"):
            assert (
                not re.match(r"\s*(javascript|data|vbscript):", element.get(name, ""), re.I)
                or element.get("href") == "javascript:void(0);"
            )
    assert not [each for each in tree.iter("script") if "alert(1)" in (each.text or "")]
    assert not [
        each for each in tree.iter("img", "iframe") if "evil" in each.get("src", "") or each.tag == "iframe"
    ]
    assert "49{% raw" not in page


@pytest.mark.parametrize("text", XSS)
def test_markdown_comes_out_clean(app: Any, text: str) -> None:
    with app.flask_app.test_request_context("/"):
        found = str(feedback_text(f"before {text} after"))
    tree = html.fragment_fromstring(found, create_parent="div")
    assert {each.tag for each in tree.iter()} <= {"div", "p", "a", "code", "em", "strong"}
    for link in tree.iter("a"):
        assert set(link.attrib) <= {"href", "rel"}
        assert link.get("rel") == "nofollow ugc noopener"
        assert link.get("href", "https:").startswith("https:")


def test_headings_and_pictures_of_markdown_are_text(app: Any) -> None:
    with app.flask_app.test_request_context("/"):
        assert str(feedback_text("# Big\n\n![cat](https://a.example/cat.png)")) == "<p>Big</p>\n<p></p>"


class TestForm:
    def test_tell_more_keeps_what_was_typed(self, ask: Any, hub: Hub) -> None:
        data = hub.dataset()
        page = ask(
            "user", url("new", id=data["name"]), {"step": "more", "abstract": "Half <b>", "rating": "3"}
        )
        tree = html.document_fromstring(page.body)
        assert tree.get_element_by_id("field-abstract").get("value") == "Half <b>"
        assert tree.get_element_by_id("rating-3").get("checked") is not None
        assert tree.get_element_by_id("field-known_problem").tag == "textarea"

    def test_errors_lead_to_their_fields(self, ask: Any, hub: Hub) -> None:
        data = hub.dataset()
        form = {"abstract": "A", "publication_doi": "no doi", "event_west": "1", "event_south": "2",
                "event_east": "3", "event_north": "200", "event_abstract": "flood",
                "work_around": "x", "long": "yes"}  # fmt: skip
        tree = html.document_fromstring(ask("user", url("new", id=data["name"]), form, status=422).body)
        [summary] = tree.xpath('//*[@id="errors"]')
        assert {each.get("href") for each in summary.iter("a")} == {"#field-known_problem"}
        form["known_problem"] = "stripes"
        tree = html.document_fromstring(ask("user", url("new", id=data["name"]), form, status=422).body)
        [summary] = tree.xpath('//*[@id="errors"]')
        assert {each.get("href") for each in summary.iter("a")} == {
            "#field-event_north",
            "#field-publication_doi",
        }
        field = tree.get_element_by_id("field-event_north")
        assert (field.get("aria-invalid"), field.get("value")) == ("true", "200")
        assert tree.get_element_by_id("error-event_north") is not None
        assert tree.xpath('//details[@id="group-event"]/@open')

    def test_traps_and_haste_are_not_taken(self, ask: Any, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
        data = hub.dataset()
        form = {"abstract": "Fast", "rating": "3"}
        ask("user", url("new", id=data["name"]), {**form, "website": "https://x.example"}, status=422)
        ask("user", url("new", id=data["name"]), {**form, "opened": "1.bad"}, status=422)
        monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.feedback.least_seconds", 60)
        assert "That was very quick" in ask("user", url("new", id=data["name"]), form, status=422).body
        assert act("", "feedback_summary", id=data["id"])["items"] == 0

    def test_a_draft_is_sent_later(self, ask: Any, hub: Hub) -> None:
        data = hub.dataset()
        ask(
            "user",
            url("new", id=data["name"]),
            {"abstract": "Later", "rating": "2", "step": "draft"},
            status=303,
        )
        [draft] = act(hub.people["user"], "feedback_list", package_id=data["id"], state="draft")["results"]
        form = {"abstract": "Now", "rating": "2", "version": str(draft["version"])}
        ask("user", url("edit", id=draft["id"]), form, status=303)
        [item] = act("", "feedback_list", package_id=data["id"])["results"]
        assert (item["abstract"], item["state"]) == ("Now", "published")

    def test_an_edit_keeps_what_the_form_does_not_show(self, ask: Any, hub: Hub) -> None:
        data, user = hub.dataset(), hub.people["user"]
        item = hub.review(user, data, 4, purpose="for others", usage=problem())
        form = {
            "abstract": "Changed",
            "rating": "5",
            "known_problem": "Stripes in band 4",
            "severity": "major",
        }
        ask("user", url("edit", id=item["id"]), form, status=303)
        now = act("", "feedback_show", id=item["id"])
        assert (now["abstract"], now["rating"], now["purpose"]) == ("Changed", 5, "for others")
        assert now["usage"] == item["usage"]
        assert now["issue"]["severity"] == "major"
        ask("user", url("edit", id=item["id"]), {**form, "version": "1", "abstract": "Late"}, status=422)

    def test_a_resource_is_the_target(self, ask: Any, hub: Hub) -> None:
        data = hub.dataset(resources=[{"url": "https://a.example/x.csv", "name": "Table"}])
        resource = data["resources"][0]["id"]
        form = {"abstract": "The table is fine", "rating": "4", "resource": resource}
        ask("user", url("new", id=data["name"]), form, status=303)
        [item] = act("", "feedback_list", resource_id=resource)["results"]
        assert item["datasets"][0]["resource_id"] == resource
        page = ask("", f"/dataset/{data['name']}/resource/{resource}")
        assert "The table is fine" in page.body

    @pytest.mark.parametrize(
        ("language", "told"),
        [
            ("", "9 is not allowed; expected one of 1, 2, 3, 4, 5"),
            ("/es", "9 no está permitido; se espera uno de 1, 2, 3, 4, 5"),
            ("/fr", "9 n'est pas permis\u00a0; attendu\u00a0: un de 1, 2, 3, 4, 5"),
        ],
    )
    def test_what_is_wrong_is_told_in_the_language_of_the_page(
        self, ask: Any, hub: Hub, language: str, told: str
    ) -> None:
        data = hub.dataset()
        page = ask(
            "user", language + url("new", id=data["name"]), {"abstract": "Good", "rating": "9"}, status=422
        )
        said = html.document_fromstring(page.body).xpath('string(//*[@id="error-rating"])')
        assert told in said, said
        with pytest.raises(toolkit.ValidationError, match="expected one of 1, 2, 3, 4, 5"):
            act(hub.people["user"], "feedback_create", package_id=data["id"], abstract="Good", rating=9)

    def test_one_sentence_is_enough(self, ask: Any, hub: Hub) -> None:
        data = hub.dataset()
        ask("user", url("new", id=data["name"]), {"abstract": "Clouds everywhere", "tag": "x"}, status=303)
        [item] = act("", "feedback_list", package_id=data["id"])["results"]
        assert item["user_comment"]["comment"] == item["abstract"] == "Clouds everywhere"

    def test_who_sends_too_much_keeps_his_words(
        self, ask: Any, hub: Hub, monkeypatch: pytest.MonkeyPatch, same_hour: None
    ) -> None:
        data = hub.dataset()
        monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.feedback.items_per_hour", 1)
        user = factories.User(image_url="")["name"]
        form = {"abstract": "First", "rating": "3"}
        sent = ask(user, url("new", id=data["name"]), {**form, "draft": "0af3" * 8}, status=303)
        assert f"feedback_sent={'0af3' * 8};" in sent.headers["Set-Cookie"]
        page = ask(user, url("new", id=hub.dataset()["name"]), {**form, "abstract": "Second"}, status=422)
        assert "please wait" in page.body and 'value="Second"' in page.body
        monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.feedback.items_per_hour", 0)
        hostile = {**form, "draft": "x; Domain=evil.example"}
        answer = ask("member", url("new", id=data["name"]), hostile, status=303)
        assert "feedback_sent" not in str(answer.headers)

    def test_what_is_hidden_is_not_adopted(self, ask: Any, hub: Hub) -> None:
        data = hub.dataset()
        again = {"code": "secret()", "platform": "Python"}
        usage = [{"usage_description": [{"specific_usage": "Maps", "reproducible_usage": again}]}]
        item = hub.review(hub.people["author"], data, usage=usage)
        path = url("new", id=data["name"], adopt=item["id"], usage="0")
        page = html.document_fromstring(ask("user", path).body)
        assert page.get_element_by_id("field-code").text == "secret()"
        assert page.get_element_by_id("group-code").get("open") is not None
        assert ask("user", url("new", id=data["name"], adopt=item["id"], usage="9")).status_code == 200
        act(hub.people["admin"], "feedback_moderate", id=item["id"], action="hide", reason="why")
        ask("user", path, status=404)

    def test_an_edit_of_the_part_that_is_meant(self, ask: Any, hub: Hub) -> None:
        data = hub.dataset()
        sides = {"scope_west": "1", "scope_south": "2", "scope_east": "3", "scope_north": "4"}
        form = {"abstract": "Here", "rating": "4", **sides}
        ask("author", url("new", id=data["name"]), form, status=303)
        [item] = act("", "feedback_list", package_id=data["id"])["results"]
        path = url("edit", id=item["id"])
        bad = ask("author", path, {**form, "scope_east": "", "version": "1"}, status=422)
        assert "East is missing" in bad.body
        shown = ask("author", path, {**form, "scope_words": "B4", "step": "preview"})
        assert "About a part of the data" in shown.body
        ask("author", path, {**form, "scope_west": "170", "scope_east": "-170"}, status=303)
        now = act("", "feedback_show", id=item["id"])
        [target] = now["target"]
        area = target["scope"]["extent"][0]["geographic_element"][0]
        assert (area["west_bound_longitude"], area["east_bound_longitude"]) == (170, -170)
        assert target["resource_ref"] == item["target"][0]["resource_ref"]
        assert [each["id"] for each in now["datasets"]] == [data["id"]]

    def test_a_preview_keeps_nothing(self, ask: Any, hub: Hub) -> None:
        data = hub.dataset()
        form = {"abstract": "Look", "comment": "**bold**", "step": "preview", "long": "yes"}
        assert "<strong>bold</strong>" in ask("user", url("new", id=data["name"]), form).body
        assert act("", "feedback_summary", id=data["id"])["items"] == 0


class TestModerating:
    def test_several_at_once_with_a_reason(self, ask: Any, hub: Hub) -> None:
        data = hub.dataset()
        found = [
            hub.review(hub.people["author"], data, 1)["id"],
            hub.review(hub.people["user"], data, 2)["id"],
        ]
        where = {"next": url("queue") + "?view=published"}
        ask("admin", url("queue"), {"ids": found, "action": "hide", **where}, status=303)
        assert "a reason is needed" in ask("admin", url("queue")).body
        form = {"ids": found, "action": "hide", "preset": "It insults somebody.", "note": "both", **where}
        ask("admin", url("queue"), form, status=303)
        assert act("", "feedback_list", package_id=data["id"])["count"] == 0
        told = ask("author", url("show", id=found[0])).body
        assert "It insults somebody." in told and "both" not in told.partition("fb-log")[2]
        ask("admin", url("queue"), {"ids": found, "action": "restore", **where}, status=303)
        assert act("", "feedback_list", package_id=data["id"])["count"] == 2
        ask("other_admin", url("queue"), {"ids": found, "action": "hide", "reason": "mine"}, status=403)
        ask("admin", url("queue"), {"action": "hide", **where}, status=303)
        ask("admin", url("queue"), {"ids": found, "action": "burn"}, status=400)


class TestActing:
    def test_a_way_back_leads_nowhere_else(self, ask: Any, hub: Hub) -> None:
        item = hub.review(hub.people["author"], hub.dataset())
        for given in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
            form = {"value": "1", "next": given}
            place = ask("user", url("vote", id=item["id"]), form, status=303).headers["Location"]
            assert place.partition("#")[0].endswith(url("show", id=item["id"]))
        form = {"value": "0", "next": "/feedback?q=x"}
        place = ask("user", url("vote", id=item["id"]), form, status=303).headers["Location"]
        assert place.endswith(f"/feedback?q=x#fb-{item['id']}")

    def test_own_items_have_no_buttons_of_others(self, ask: Any, hub: Hub) -> None:
        item = hub.review(hub.people["author"], hub.dataset())
        own = ask("author", url("show", id=item["id"])).body
        assert "/edit" in own and "/vote" not in own and "/report" not in own
        other = ask("user", url("show", id=item["id"])).body
        assert "/vote" in other and "/report" in other and "/edit" not in other.partition("fb-thread")[2]
        visitor = ask("", url("show", id=item["id"])).body
        assert "/vote" not in visitor and "/reply" not in visitor

    def test_a_copy_of_all_data(self, ask: Any, hub: Hub) -> None:
        answer = ask("author", url("export"), {})
        assert "attachment" in answer.headers["Content-Disposition"]
        assert set(json.loads(answer.body)) == {
            "profile", "items", "versions", "votes", "reports", "follows",
        }  # fmt: skip

    def test_the_profile_is_saved_or_says_what_is_wrong(self, ask: Any, hub: Hub) -> None:
        form = {"default_role": "decisionMaker", "expertise_level": "4", "domains": "floods, maps",
                "notify": "weekly", "show_name": "yes", "orcid": "0000-0002-1825-0097"}  # fmt: skip
        ask("user", url("mine"), form, status=303)
        profile = act(hub.people["user"], "feedback_profile_show")
        assert (profile["domains"], profile["notify"], profile["expertise_level"]) == (
            ["floods", "maps"],
            "weekly",
            4,
        )
        page = ask("user", url("mine"), {**form, "orcid": "0000-0002-1825-0098"}, status=422)
        assert 'href="#field-orcid"' in page.body

    def test_forgetting_needs_a_yes(self, ask: Any, hub: Hub) -> None:
        user = factories.User(image_url="")["name"]
        item = hub.review(user, hub.dataset())
        ask(user, url("forget"), {"words": "keep"}, status=422)
        assert act("", "feedback_show", id=item["id"])["author"]["name"] == user
        ask(user, url("forget"), {"words": "keep", "sure": "yes"}, status=303)
        assert act("", "feedback_show", id=item["id"])["author"]["name"] is None


def test_stars_on_cards_come_by_one_query(ask: Any, hub: Hub) -> None:
    from ckan import model
    from sqlalchemy import event

    collection = f"C_{uuid4().hex[:8]}".upper()
    found = [hub.product(collection, f"P{number}") for number in range(3)]
    for number, each in enumerate(found):
        hub.review(hub.people["author"], each, 3 + number)
    asked: list[str] = []
    event.listen(model.meta.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    page = ask("", f"/dataset/?collection={collection}").body
    tree = html.document_fromstring(page)
    assert sorted(each.text for each in tree.xpath('//*[@class="fb-line"]//strong')) == ["3.0", "4.0", "5.0"]
    assert len([text for text in asked if "nextgeoss_feedback_summary" in text]) == 1


def test_products_tell_in_brief_what_is_said_of_their_collection(ask: Any, hub: Hub) -> None:
    """With the worst open issue, for one statement more than without one."""
    from ckan import model
    from sqlalchemy import event

    collection = f"G_{uuid4().hex[:8]}".upper()
    about = call_action(
        "package_create", {"user": hub.sysadmin}, type="eo_collection", name=collection.lower(),
        title="Snow & <ice>", collection_id=collection, owner_org=hub.organization["id"],
    )  # fmt: skip
    product = hub.product(collection, "P")
    path = f"/dataset/{product['name']}"
    assert not in_brief(ask("", path).body)
    hub.review(new_user(), about, 4, abstract="Fine")
    asked: list[str] = []

    def note(*said: Any) -> None:
        asked.append(said[2])

    event.listen(model.meta.engine, "before_cursor_execute", note)
    try:
        (told,) = in_brief(ask("", path).body)
        without = len(asked)
        assert "4.0 (1)" in " ".join(told.text_content().split())
        assert not told.xpath('.//*[@class="fb-pressing"]')
        for severity in ("minor", "major", "info"):
            text = f"<b>{severity}</b>"
            hub.review(new_user(), about, 1, abstract=text, usage=problem(), severity=severity)
        closed = hub.review(new_user(), about, 1, abstract="Mended", usage=problem(), severity="blocking")
        act(hub.people["admin"], "feedback_issue_update", id=closed["id"], state="fixed")
        asked.clear()
        (told,) = in_brief(ask("", path).body)
        assert len(asked) == without + 1
    finally:
        event.remove(model.meta.engine, "before_cursor_execute", note)
    (issue,) = told.xpath('.//*[@class="fb-pressing"]')
    assert " ".join(issue.text_content().split()) == "Open Major <b>major</b>"
    links = [each.get("href") for each in told.xpath(".//a")]
    (shown,) = issue.xpath(".//a")
    assert ask("", shown.get("href")) and f"/collection/{about['name']}" in links
    assert links[-1] == f"/dataset/{about['name']}/feedback"
    assert "Read all 5 items on the collection" in " ".join(told.text_content().split())
    # who may not see the collection is told nothing of it
    act(hub.sysadmin, "package_patch", id=about["id"], private=True)
    assert not in_brief(ask("", path).body)
    assert in_brief(ask("admin", path).body)[0].xpath('.//*[@class="fb-pressing"]')


def in_brief(page: str) -> list[Any]:
    """What the page of a product shows of the feedback on its collection."""
    return html.document_fromstring(page).xpath('//*[@class="fb-collection"]')


def test_searches_narrow_by_what_users_say(ask: Any, hub: Hub) -> None:
    collection = f"F_{uuid4().hex[:8]}".upper()
    good, bad = hub.product(collection, "GOOD"), hub.product(collection, "BAD")
    hub.product(collection, "SILENT")
    hub.review(hub.people["author"], good, 5)
    hub.review(hub.people["author"], bad, 2, usage=problem(), severity="blocking")
    index_waiting()
    path = f"/dataset/?collection={collection}"
    for more, names in (
        ("&rating=4", [good]), ("&rating=2", [bad, good]), ("&open_issues=blocking", [bad]),
        ("&sort=rating&rating=1", [good, bad]), ("&sort=feedback&rating=1", [bad, good]),
    ):  # fmt: skip
        tree = html.document_fromstring(ask("", path + more).body)
        shown = [each.get("data-eo-footprint") for each in tree.xpath("//li[@data-eo-footprint]")]
        expected = [each["name"] for each in names]
        if "sort" not in more:
            shown, expected = sorted(shown), sorted(expected)
        assert (more, shown) == (more, expected)
    page = ask("", path).body
    assert "4 stars and more" in page and "Best rated" in page and "Blocking" in page


def test_the_label_is_a_picture_and_json(ask: Any, hub: Hub) -> None:
    data = hub.dataset(title="A <b>title</b>")
    hub.review(hub.people["author"], data)
    answer = ask("", f"/dataset/{data['name']}/label.svg?size=64")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    tree = etree.fromstring(answer.body.encode())
    assert (tree.get("width"), tree[0].text) == ("64", "Quality label of A <b>title</b>")
    told = json.loads(ask("", f"/dataset/{data['name']}/label.json").body)
    states = {each["name"]: each["state"] for each in told["facets"]}
    assert (states["user_feedback"], states["expert_review"]) == ("available", "none")
