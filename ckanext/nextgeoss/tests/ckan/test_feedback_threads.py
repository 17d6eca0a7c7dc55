"""Long threads come a page at a time, and tell how many more answers there are."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from ckanext.nextgeoss.feedback.views import reading
from ckanext.nextgeoss.tests.asking import url
from ckanext.nextgeoss.tests.feedback import Hub, act, comment, make_hub


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


def question(hub: Hub, answers: int) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """A question with so many answers, the first of them with one to it: dataset, question, ids of all."""
    data = hub.dataset()
    given = {"package_id": data["id"], "user_comment": comment("Why?", "question")}
    asked = act(hub.people["author"], "feedback_create", **given)
    ids: list[str] = []
    for number in range(answers):
        above = ids[0] if number == 1 else asked["id"]
        ids.append(act(hub.sysadmin, "feedback_reply", id=above, comment=f"Answer {number}")["id"])
    return data, asked, ids


def test_answers_come_a_page_at_a_time(hub: Hub) -> None:
    """All of them once, those to answers, too; the accepted one is the first."""
    _, asked, ids = question(hub, 7)
    found: list[str] = []
    for offset, more in ((0, 4), (3, 1), (6, 0), (9, 0)):
        part = act("", "feedback_show", id=asked["id"], include_replies=True, limit=3, offset=offset)
        found += [each["id"] for each in part["thread"]]
        assert part["thread_more"] == more and part["replies"] == 7
    assert found == ids
    none = act("", "feedback_show", id=asked["id"], include_replies=True, limit=0)
    assert (none["thread"], none["thread_more"]) == ([], 7)
    act(hub.people["author"], "feedback_accept_answer", id=ids[5])
    first = act("", "feedback_show", id=asked["id"], include_replies=True, limit=2)["thread"]
    assert [each["id"] for each in first] == [ids[5], ids[0]]


def test_what_one_may_not_see_is_no_more(hub: Hub) -> None:
    _, asked, ids = question(hub, 4)
    act(hub.sysadmin, "feedback_moderate", id=ids[3], action="hide", reason="x")
    part = act("", "feedback_show", id=asked["id"], include_replies=True, limit=3)
    assert len(part["thread"]) == 3 and part["thread_more"] == 0


def test_lists_and_documents_have_so_many_of_each(hub: Hub) -> None:
    data, asked, ids = question(hub, 5)
    listed = {"package_id": data["id"], "include_replies": True}
    [item] = act("", "feedback_list", replies_limit=2, **listed)["results"]
    assert (len(item["thread"]), item["thread_more"]) == (2, 3)
    written = act("", "feedback_export", id=asked["id"], format="atom", limit=2, offset=1)["document"]
    # the first, since it is answered there
    assert [each in written for each in ids] == [True, True, True, False, False]


def test_an_answer_is_found_on_its_page(ask: Any, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the link that it has itself, and that mails have."""
    monkeypatch.setattr(reading, "ANSWERS", 3)
    _, asked, ids = question(hub, 7)
    for each in ids:
        body = ask("", f"{url('show', id=asked['id'])}?answer={each}").body
        tree = html.document_fromstring(body)
        [link] = tree.xpath(f'//article[@id="fb-{each}"]//a[@class="fb-permalink"]/@href')
        assert link.endswith(f"/feedback/{asked['id']}?answer={each}#fb-{each}")
    elsewhere = act("", "feedback_show", id=asked["id"], include_replies=True, answer="none of them")
    assert elsewhere["thread_offset"] == 0 and len(elsewhere["thread"]) == 7


def test_pages_lead_on(ask: Any, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without JavaScript."""
    monkeypatch.setattr(reading, "ANSWERS", 3)
    data, asked, ids = question(hub, 7)
    seen: list[str] = []
    address: str | None = url("show", id=asked["id"])
    while address:
        tree = html.document_fromstring(ask("", address).body)
        seen += [each for each in ids if tree.xpath(f'//article[@id="fb-{each}"]')]
        told = tree.xpath('string(//p[@class="fb-go-on"])')
        assert str(7 - len(seen)) in told if len(seen) < 7 else not told
        address = next(iter(tree.xpath('//a[@rel="next"]/@href')), None)
    assert seen == ids
    tree = html.document_fromstring(ask("", url("dataset", id=data["name"])).body)
    assert tree.xpath(f'//p[@class="fb-go-on"]/a[contains(@href, "/feedback/{asked["id"]}")]')
