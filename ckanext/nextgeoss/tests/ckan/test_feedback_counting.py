"""Summaries are exact however many write at once."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from ckan import model
from sqlalchemy.orm import Session

from ckanext.nextgeoss.feedback.model import Item, SummaryRow, Target, utc_now
from ckanext.nextgeoss.feedback.store import counting, items
from ckanext.nextgeoss.feedback.store.cited import publications_of
from ckanext.nextgeoss.feedback.store.counting import counted
from ckanext.nextgeoss.feedback.store.targets import set_raters, targets_of
from ckanext.nextgeoss.search.documents import Documents
from ckanext.nextgeoss.tests.feedback import Hub, act, make_hub, new_user

THREADS, STEPS = 6, 25


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


def new_item(chance: random.Random, package_ids: list[str]) -> tuple[Item, list[Target]]:
    now, user = utc_now(), f"user-{uuid4().hex}"
    item = Item(
        id=str(uuid4()), code_space="x", source="local", user_id=user, author_name="Somebody", created=now,
        modified=now, published=now, state="published", version=1, depth=0, edited=False, spam_score=0.0,
    )  # fmt: skip
    parts = {
        "abstract": "x", "contact_role": "generalPublic", "rating": chance.randint(1, 5),
        "tag": chance.sample(["a", "b", "c"], 2),
        # other tests export all there is
        "target": [{"role": "primary", "resource_ref": [{"title": "x"}]}],
        "contact": {"expertise_level": chance.randint(1, 5), "application_domain": ["Ice"]},
        "usage": [{"report_aspect": ["fitnessForPurpose"]}] * chance.randint(0, 2),
    }  # fmt: skip
    items.fill(item, parts)
    about = chance.sample(package_ids, chance.randint(1, 3))
    roles = ["primary", *chance.choices(["primary", "secondary"], k=2)]
    targets = [
        Target(item_id=item.id, position=at, role=roles[at], kind="dataset", package_id=package_id,
               code=package_id, code_space="dataset", title="x", own=False, private=False)
        for at, package_id in enumerate(about)
    ]  # fmt: skip
    return item, targets


def work(seed: int, package_ids: list[str], ids: list[str]) -> None:
    """Write, hide, show, change and delete items at random, also those of others."""
    chance = random.Random(seed)
    for _ in range(STEPS):
        with Session(model.ensure_engine()) as session:
            step = chance.random()
            if step < 0.5 or not ids:
                item, targets = new_item(chance, package_ids)
                items.add(session, item, targets)
                ids.append(item.id)
            else:
                some = chance.sample(ids, min(len(ids), chance.randint(1, 3)))
                with counted(session, some):
                    for item_id in some:
                        change(session, chance, item_id)
            if chance.random() < 0.1:
                session.rollback()
            else:
                session.commit()


def change(session: Session, chance: random.Random, item_id: str) -> None:
    item = items.find(session, item_id)
    if item is None:  # its transaction was taken back
        return
    what = chance.choice(["hide", "show", "delete", "rate", "issue"])
    if what == "rate":
        item.rating = chance.choice([None, 1, 5])
    elif what == "issue":
        item.issue_state, item.issue_severity = chance.choice([("open", "major"), (None, None)])
    else:
        states = {"hide": "hidden", "show": "published", "delete": "deleted"}
        items.set_state(session, item, states[what], what, actor_id=None)
    set_raters(item, targets_of(session, [item_id])[item_id])


def test_summaries_of_parallel_transactions_are_those_of_brute_force(hub: Hub) -> None:
    package_ids = [hub.dataset()["id"] for _ in range(3)]
    ids: list[str] = []
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, seed, package_ids, ids) for seed in range(THREADS)]:
            done.result(timeout=300)
    with Session(model.ensure_engine()) as session:
        kept = counting.read_summaries(session, package_ids)
        made = counting.brute_force(session, package_ids)
        assert sum(summary.count("items") for summary in made.values()) > 10
        assert {key: summary.write() for key, summary in kept.items()} == {
            key: summary.write() for key, summary in made.items()
        }
        assert {k: s.latest for k, s in kept.items()} == {k: s.latest for k, s in made.items()}
        assert counting.rebuild(session, package_ids) == 0
        row = session.get_one(SummaryRow, package_ids[0])
        assert (row.ratings, row.rating_sum) == (
            made[row.package_id].ratings,
            made[row.package_id].rating_sum,
        )


def test_two_ratings_at_once_of_one_user(hub: Hub) -> None:
    """One of them is refused, by the database."""
    chance, data = random.Random(1), hub.dataset()["id"]

    def rate(_: int) -> bool:
        with Session(model.ensure_engine()) as session:
            item, _ = new_item(chance, [data, data, data])
            item.user_id = "the same"
            target = Target(item_id=item.id, position=0, role="primary", kind="dataset", package_id=data,
                            code=data, code_space="dataset", title="x", own=False, private=False)  # fmt: skip
            try:
                items.add(session, item, [target])
            except items.RatedAlready:
                return False
            session.commit()
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(rate, range(4))) == [False, False, False, True]
    with Session(model.ensure_engine()) as session:
        assert counting.read_summaries(session, [data])[data].ratings == 1


def test_wrong_summaries_are_found_and_made_right(hub: Hub) -> None:
    data = hub.dataset()
    hub.review(new_user(), data, 4)
    model.Session.query(SummaryRow).filter_by(package_id=data["id"]).update({"counts": {"items": {"": 99}}})
    model.Session.commit()
    assert act("", "feedback_summary", id=data["id"])["items"] == 99
    assert act(hub.sysadmin, "feedback_summary_rebuild", ids=[data["id"]]) == {"wrong": 1}
    assert act("", "feedback_summary", id=data["id"])["items"] == 1
    model.Session.query(SummaryRow).filter_by(package_id=data["id"]).delete()
    model.Session.commit()
    assert act(hub.sysadmin, "feedback_summary_rebuild")["wrong"] >= 1
    assert act("", "feedback_summary", id=data["id"])["average"] == 4.0


def test_a_page_of_twenty_datasets_is_one_query(hub: Hub) -> None:
    import sqlalchemy as sa

    data = [hub.dataset()["id"] for _ in range(3)]
    told: list[str] = []

    def note(*given: Any) -> None:
        told.append(given[2])

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        found = counting.read_summaries(model.Session(), data)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert found.keys() == set(data)
    assert len(told) == 1


def test_publications_said_of_a_private_dataset_too_are_not_told(hub: Hub) -> None:
    about, other, closed = hub.dataset()["id"], hub.dataset()["id"], hub.dataset(private=True)["id"]
    with Session(model.ensure_engine()) as session:
        for also, title in ((other, "Open"), (closed, "Closed")):
            item, _ = new_item(random.Random(1), [about] * 3)
            item.parts = {**item.parts, "citation": [{"title": title}]}
            targets = [
                Target(item_id=item.id, position=at, role=role, kind="dataset", package_id=package_id,
                       code=package_id, code_space="dataset", title="x", own=False, private=False)
                for at, (role, package_id) in enumerate((("primary", about), ("secondary", also)))
            ]  # fmt: skip
            items.add(session, item, targets)
        session.commit()
        told = publications_of(session, [about])
    assert [each["title"] for each in told[about]] == ["Open"]


def test_summaries_count_what_everybody_may_see_who_sees_the_dataset(hub: Hub) -> None:
    """As the list of a visitor does, whichever way a dataset becomes private and public again."""
    chance = random.Random(4)
    data = [hub.dataset() for _ in range(4)]
    with Session(model.ensure_engine()) as session:
        for _ in range(40):
            items.add(session, *new_item(chance, [each["id"] for each in data]))
        session.commit()
    ids = [each["id"] for each in data]
    for closed in ((), (0,), (0, 2), (2,), ()):
        for at, each in enumerate(data):
            act(hub.sysadmin, "package_patch", id=each["id"], private=at in closed)
        with Session(model.ensure_engine()) as session:
            kept = counting.read_summaries(session, ids)
            assert kept == counting.brute_force(session, ids)
        for at, each in enumerate(data):
            told = kept[each["id"]]
            # who may see a private dataset may see no other private one for that
            others = {data[other]["id"] for other in closed if other != at}
            seen = _seen(hub.sysadmin if at in closed else "", each)
            alone = [item for item in seen if not _about(item) & others]
            assert at in closed or alone == seen
            assert told.count("items") == len(alone) > 0
            assert told.by("by_tag") == _tags(alone)
            assert told.latest is not None
            assert items.time_text(told.latest) == max(item["published"] for item in alone)


def test_what_only_few_see_since_a_dataset_is_gone_does_not_count(hub: Hub) -> None:
    """As the list of a visitor does, whichever way a dataset goes and comes back."""
    chance = random.Random(5)
    data = [hub.dataset() for _ in range(4)]
    ids = [each["id"] for each in data]
    with Session(model.ensure_engine()) as session:
        for _ in range(40):
            items.add(session, *new_item(chance, ids))
        session.commit()
    before = counting.read_summaries(model.Session(), ids)
    for step, gone in enumerate(((0,), (0, 2), (2,), (), (3,))):
        for at, each in enumerate(data):
            _have(hub, each["id"], there=at not in gone, past_ckan=step == 4)
        with Session(model.ensure_engine()) as session:
            kept = counting.read_summaries(session, ids)
            assert kept == counting.brute_force(session, ids)
            assert gone or kept == before
        for at, each in enumerate(data):
            if at not in gone:
                seen, told = _seen("", each), kept[each["id"]]
                assert told.count("items") == len(seen) > 0
                assert told.by("by_tag") == _tags(seen)
                assert told.latest is not None
                assert items.time_text(told.latest) == max(item["published"] for item in seen)


def _have(hub: Hub, package_id: str, *, there: bool, past_ckan: bool) -> None:
    """Delete a dataset, by CKAN or as harvests do, or have it again; nothing when it is so."""
    package = model.Package.get(package_id)
    model.Session.refresh(package)
    if (package.state == "active") == there:
        return
    if there:
        act(hub.sysadmin, "package_patch", id=package_id, state="active")
    elif past_ckan:
        model.Session.query(model.Package).filter_by(id=package_id).update({"state": "deleted"})
        model.Session.commit()
        with model.ensure_engine().connect() as connection:
            Documents().make(connection, [package_id])
    else:
        act(hub.sysadmin, "package_delete", id=package_id)


def test_what_was_gone_before_it_was_noted_is_counted_anew(hub: Hub) -> None:
    there, gone = hub.dataset(), hub.dataset()
    about = [there["id"], gone["id"]]
    act(hub.people["user"], "feedback_create", package_id=about, abstract="On both", rating=2)
    model.Session.query(model.Package).filter_by(id=gone["id"]).update({"state": "deleted"})
    model.Session.commit()
    assert act("", "feedback_summary", id=there["id"])["items"] == 1
    act(hub.sysadmin, "feedback_summary_rebuild", ids=about)
    assert act("", "feedback_summary", id=there["id"])["items"] == 0


def _seen(who: str, data: dict[str, Any]) -> list[dict[str, Any]]:
    asked = {"package_id": data["id"], "limit": 100, "include_secondary": True}
    return act(who, "feedback_list", **asked)["results"]


def _about(item: dict[str, Any]) -> set[str]:
    return {dataset["id"] for dataset in item["datasets"]}


def _tags(seen: list[dict[str, Any]]) -> dict[str, int]:
    counts = Counter(tag for item in seen for tag in item["tag"])
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
