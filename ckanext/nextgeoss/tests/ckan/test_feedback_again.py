"""Feedback outlives its dataset, and is found again when the product comes back, moves or is merged."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from ckan import model
from ckan.plugins import toolkit
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.feedback.logic.indexing import fields_of
from ckanext.nextgeoss.feedback.model import Item, Target
from ckanext.nextgeoss.feedback.store.targets import attach, known_to_index
from ckanext.nextgeoss.search.moved import note_moved
from ckanext.nextgeoss.tests.feedback import Hub, act, make_hub, new_user


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


def delete(hub: Hub, dataset: dict[str, Any], *, purge: bool = False) -> None:
    call_action("package_delete", {"user": hub.sysadmin}, id=dataset["id"])
    if purge:
        call_action("dataset_purge", {"user": hub.sysadmin}, id=dataset["id"])


def average(dataset: dict[str, Any]) -> float | None:
    return act("", "feedback_summary", id=dataset["id"])["average"]


def found(dataset: dict[str, Any], user: str = "") -> list[str]:
    return [each["id"] for each in act(user, "feedback_list", package_id=dataset["id"])["results"]]


def written_past_ckan(hub: Hub, collection: str, identifier: str, **more: Any) -> dict[str, Any]:
    """A product as the bulk writer makes it: no hook of a plugin sees it, but who indexes asks for it."""
    package = model.Package(
        id=str(uuid4()), name=f"bulk-{uuid4().hex[:8]}", title=identifier, type="eo_product",
        owner_org=hub.organization["id"], extras={"collection_id": collection, "identifier": identifier},
        private=False, state="active",
    )  # fmt: skip
    for name, value in more.items():
        setattr(package, name, value)
    model.Session.add(package)
    model.Session.commit()
    return {"id": package.id, "name": package.name}


@pytest.mark.parametrize("purge", [False, True], ids=["deleted", "purged"])
def test_under_another_id(hub: Hub, purge: bool) -> None:
    collection, name = f"c-{uuid4().hex[:6]}", f"SCENE_{uuid4().hex[:6]}"
    old = hub.product(collection, name)
    made = hub.review(new_user(), old, 4)
    delete(hub, old, purge=purge)
    with pytest.raises(toolkit.ObjectNotFound):
        act("", "feedback_show", id=made["id"])
    new = written_past_ckan(hub, collection, name)
    assert found(new) == []
    fields = fields_of([new["id"]])
    assert fields[new["id"]]["guf_rating"] == 4.0
    assert found(new) == [made["id"]]
    assert average(new) == 4.0
    assert act("", "feedback_show", id=made["id"])["datasets"][0]["id"] == new["id"]
    assert fields_of([new["id"]]) == fields


def test_made_by_hand_again(hub: Hub) -> None:
    """The hooks of CKAN's own actions see to it, in their transaction."""
    collection, name = f"c-{uuid4().hex[:6]}", f"SCENE_{uuid4().hex[:6]}"
    old = hub.product(collection, name)
    made = hub.review(new_user(), old, 2)
    delete(hub, old, purge=True)
    new = hub.product(collection, name, id=str(uuid4()))
    assert new["id"] != old["id"] or found(new) == [made["id"]]
    assert (found(new), average(new)) == ([made["id"]], 2.0)


def test_the_same_dataset_is_deleted_and_restored(hub: Hub) -> None:
    data = hub.dataset()
    made = hub.review(new_user(), data, 5)
    delete(hub, data)
    assert act(hub.people["admin"], "feedback_show", id=made["id"])["datasets"][0]["name"] is None
    call_action("package_patch", {"user": hub.sysadmin}, id=data["id"], state="active")
    assert (found(data), average(data)) == ([made["id"]], 5.0)


def test_two_that_were_merged(hub: Hub) -> None:
    """Of a user who rated both, the newer rating counts."""
    one, two = hub.dataset(), hub.dataset()
    both, only = new_user(), new_user()
    older = hub.review(both, one, 1)
    hub.review(only, one, 3)
    newer = hub.review(both, two, 5)
    delete(hub, one)
    note_moved(model.Session(), [one["id"], one["name"]], two["id"])
    model.Session.commit()
    assert fields_of([two["id"]])[two["id"]]["guf_rating"] == 4.0
    assert set(found(two)) >= {older["id"], newer["id"]}
    told = act("", "feedback_summary", id=two["id"])
    assert (told["items"], told["ratings"], told["average"]) == (3, 2, 4.0)
    assert act(hub.sysadmin, "feedback_summary_rebuild", ids=[one["id"], two["id"]]) == {"wrong": 0}


def test_nobody_takes_it_by_naming_an_identifier(hub: Hub) -> None:
    """Not while its dataset is there; and what was said of private data stays in its organization."""
    collection, name = f"c-{uuid4().hex[:6]}", f"SCENE_{uuid4().hex[:6]}"
    mine = hub.product(collection, name)
    public = hub.review(new_user(), mine, 1)
    stranger = written_past_ckan(hub, collection, name, owner_org=hub.other["id"])
    assert fields_of([stranger["id"]]) == {}
    assert found(mine) == [public["id"]] and found(stranger) == []

    secret = hub.product(collection, f"{name}_SECRET", private=True)
    hub.review(hub.people["member"], secret, 1)
    delete(hub, secret, purge=True)
    other = written_past_ckan(hub, collection, f"{name}_SECRET", owner_org=hub.other["id"])
    assert fields_of([other["id"]]) == {}
    own = written_past_ckan(hub, collection, f"{name}_SECRET", private=True)
    fields_of([own["id"]])
    assert len(found(own, hub.people["member"])) == 1


def test_another_name_of_its_collection(hub: Hub) -> None:
    from ckanext.nextgeoss.eo.collection import load_registry

    known = next(each for each in load_registry() if each.aliases)
    name = f"SCENE_{uuid4().hex[:6]}"
    old = written_past_ckan(hub, known.aliases[0], name)
    made = hub.review(new_user(), old, 3)
    assert model.Session.query(Target).filter_by(item_id=made["id"]).one().code_space == known.id
    delete(hub, old, purge=True)
    new = written_past_ckan(hub, known.id, name)
    fields_of([new["id"]])
    assert found(new) == [made["id"]]


def test_whose_it_is_now_is_noted(hub: Hub) -> None:
    data = hub.dataset()
    made = hub.review(new_user(), data)
    call_action("package_patch", {"user": hub.sysadmin}, id=data["id"], owner_org=hub.other["id"])
    admin, other = hub.people["admin"], hub.people["other_admin"]
    assert "flags" in act(other, "feedback_show", id=made["id"])
    assert "flags" not in act(admin, "feedback_show", id=made["id"])


def test_what_another_transaction_holds_is_left_to_it(hub: Hub) -> None:
    """Who indexes waits for nobody: CKAN indexes within the transaction that changes a dataset."""
    from sqlalchemy.orm import Session

    collection, name = f"c-{uuid4().hex[:6]}", f"SCENE_{uuid4().hex[:6]}"
    old = hub.product(collection, name)
    made = hub.review(new_user(), old)
    delete(hub, old)
    new = written_past_ckan(hub, collection, name)
    with Session(model.ensure_engine()) as holds, Session(model.ensure_engine()) as session:
        holds.get(Item, made["id"], with_for_update=True)
        assert attach(session, [new["id"]], wait=False) == 0
        session.rollback()
    with Session(model.ensure_engine()) as session:
        assert attach(session, [new["id"]], wait=False) == 1
        session.commit()
    assert found(new) == [made["id"]]
    assert known_to_index(model.Session(), [new["id"]])[2] == []
