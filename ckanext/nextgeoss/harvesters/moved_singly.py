"""Datasets of the original hub moved one by one, through CKAN's actions: a transaction each."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit

from ..eo.errors import BadRecord
from ..package import dataset_from_product
from ..package import tags as as_tags
from ..search.moved import note_moved
from ..search.outbox import enqueue
from .model import defer_package_key, put_offer, utc_now
from .moved_batch import Move
from .terms import action_context, create_dataset, product_guid
from .writer import object_row, objects


def create_moved(move: Move, job_id: str) -> None:
    """Write a product that is not there yet, offered within this job if a source brings it, and end the
    dataset that it was; commits."""
    with toolkit.signals.action_succeeded.muted():
        before = model.Package.get(move.dataset["id"])
        assert before is not None
        # its name is free for the new one
        before.name = move.dataset["id"]
        model.Session.flush()
        create_dataset(_dataset(move), move.old.product.id, lambda: _offer(move, job_id), commit=False)
        _end(move)


def lead_to_product(move: Move, *, look_only: bool) -> None:
    """Have an old dataset lead to a product that is there, and end it, which commits; BadRecord when people
    have deleted the product. With `look_only` nothing is written."""
    there = model.Package.get(move.offered.uuid)
    if there is not None and there.state != "active":
        raise BadRecord(f"its product {move.offered.uuid} was deleted here", 0)
    if not look_only:
        with toolkit.signals.action_succeeded.muted():
            _add_groups(move)
            _end(move)


def _offer(move: Move, job: str) -> None:
    """The offer of the new source with its record, which is empty: the next harvest brings it."""
    terms, offered = move.terms, move.offered
    if terms is None:
        return
    row = object_row(terms, job, product_guid(offered.claim.product), "")
    row |= {"state": "COMPLETE", "current": True, "package_id": offered.uuid, "report_status": "added"}
    defer_package_key(model.Session())
    model.Session.execute(objects.insert().values(row))
    put_offer(
        model.Session(),
        package_id=offered.uuid,
        source_id=terms.source_id,
        provider_id=terms.provider_id,
        rank=terms.rank,
        content_hash=offered.content_hash,
        harvest_object_id=row["id"],
        last_run=job,
        suppressed=False,
    )


def _dataset(move: Move) -> dict[str, Any]:
    """The new dataset, with the topics, tags and other extras of the old one."""
    dataset, claim = move.dataset, move.offered.claim
    made = dataset_from_product(
        move.old.product,
        owner_org=claim.owner_org,
        uuid=move.offered.uuid,
        name=move.offered.name,
        private=bool(dataset["private"]),
        provider_id=claim.provider_id,
    )
    words = [tag["name"] for tag in (*made["tags"], *dataset.get("tags", ()))]
    made["tags"] = [{"name": tag} for tag in as_tags(words)]
    made["groups"] = [{"id": group["id"]} for group in dataset.get("groups", ())]
    made["extras"] = [{"key": key, "value": value} for key, value in sorted(move.old.others.items())]
    return made


def _add_groups(move: Move) -> None:
    for group in move.dataset.get("groups", ()):
        member = {"id": group["id"], "object": move.offered.uuid, "object_type": "package"}
        toolkit.get_action("member_create")(action_context(), member | {"capacity": "public"})


def _end(move: Move) -> None:
    """Delete the old dataset; its id and name lead to the new one from now on. Commits."""
    old_id, new_id = move.dataset["id"], move.offered.uuid
    package = model.Package.get(old_id)
    assert package is not None
    package.name, package.state, package.metadata_modified = old_id, "deleted", utc_now()
    records = objects.update().where(objects.c.package_id == old_id)
    model.Session.execute(records.values(current=False))
    note_moved(model.Session(), (old_id, move.dataset["name"]), new_id)
    enqueue(model.Session(), [old_id, new_id])
    model.Session.commit()
