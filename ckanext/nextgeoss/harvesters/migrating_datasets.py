"""Datasets of the original hub made into products of today; the old ones, deleted, lead to these.

Each dataset is a transaction of its own: the new dataset, the offer of the source that brings it from now
on, what leads from the old id and name to it, and the end of the old one are there together or not at all.
What was done is no dataset of the original hub any more, so that a run that was stopped goes on where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

from .. import config
from ..eo.collection import Collection
from ..eo.errors import BadRecord, NextGEOSSError
from ..package import collection_uuid, dataset_from_product
from ..package import tags as as_tags
from ..search.moved import note_moved
from ..search.outbox import enqueue
from .collections import put_collections
from .migrating import MOVED_TO, NOTHING
from .model import defer_package_key, put_offer, utc_now
from .offers import Offered, Terms
from .old_datasets import PACKED, OldDataset, read_old_dataset
from .rows import refused_because
from .source import SourceConfig
from .terms import Row, action_context, create_dataset, product_guid, source_config, source_terms
from .writer import object_row, objects, reason_of

BATCH = 100


@dataclass(slots=True)
class Report:
    """What became of the datasets of the original hub."""

    # by collection of today
    moved: Counter[str] = field(default_factory=Counter)
    # of which a harvest has brought the product already
    there: Counter[str] = field(default_factory=Counter)
    # extras that are no property and stay as they are, those that go, and values that cannot be read
    kept: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    # reasons by name
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _NewSource:
    """The source that brings the products of an old source from now on."""

    settings: SourceConfig
    terms: Terms


def migrate_datasets(*, apply: bool, limit: int | None = None) -> Iterator[Report]:
    """Move all datasets of the original hub, or `limit` of them; gives the same growing report after each
    batch. Without `apply` everything is read and nothing is written."""
    mover = _Mover(apply)
    after, left = "", limit
    while ids := _old_ids(after, BATCH if left is None else min(BATCH, left)):
        for package_id in ids:
            mover.move(package_id)
        after, left = ids[-1], None if left is None else left - len(ids)
        model.Session.expunge_all()
        yield mover.report
        if left == 0:
            return
    yield mover.report


def _old_ids(after: str, most: int) -> list[str]:
    """The ids of the next datasets of the original hub: those with packed extras, or with a product's own."""
    package = model.Package
    extras = package.extras
    packed = extras.has_key(PACKED)  # type: ignore[attr-defined]
    spread = extras.has_key("collection_id") & extras.has_key("identifier")  # type: ignore[attr-defined]
    query = model.Session.query(package.id).filter(package.type == "dataset", package.state == "active")
    return [
        row[0] for row in query.filter(packed | spread, package.id > after).order_by(package.id).limit(most)
    ]


class _Mover:
    """Moves one dataset after the other, and remembers what it has learnt of sources and collections."""

    def __init__(self, apply: bool):
        self.report = Report()
        self._apply = apply
        self._sources: dict[str, _NewSource | None] = {}
        self._jobs: dict[str, str] = {}
        self._collections: set[tuple[str, str]] = set()

    def move(self, package_id: str) -> None:
        """Move one dataset, or note why it cannot be."""
        # as it is stored: what is in the index may be older
        context = action_context() | {"use_cache": False}
        dataset = toolkit.get_action("package_show")(context, {"id": package_id})
        try:
            self._move(dataset)
        except BadRecord as error:
            model.Session.rollback()
            self.report.failed[dataset["name"]] = error.reason
        except Exception as error:  # whatever one dataset holds, the others are moved
            model.Session.rollback()
            self.report.failed[dataset["name"]] = reason_of(error)

    def _move(self, dataset: Mapping[str, Any]) -> None:
        old = read_old_dataset(dataset, config.eo_properties())
        if reason := refused_because(old.product):
            raise BadRecord(reason, 0)
        source = self._source(dataset, old)
        terms = source.terms if source else _own_terms(dataset)
        offered = terms.offer(old.product)
        there = model.Package.get(offered.uuid)
        if there is not None and there.state != "active":
            raise BadRecord(f"its product {offered.uuid} was deleted here", 0)
        if self._apply:
            if there is None:
                self._put_collection(old, terms, bool(dataset["private"]))
            self._write(dataset, old, offered, terms if source else None, there)
        self._count(old, there is not None)

    def _count(self, old: OldDataset, there: bool) -> None:
        report = self.report
        (report.there if there else report.moved)[old.product.collection] += 1
        report.kept.update(old.others.keys())
        report.left_out.update(old.left_out)
        report.unreadable.update(problem.where for problem in old.product.problems)

    def _source(self, dataset: Mapping[str, Any], old: OldDataset) -> _NewSource | None:
        """The source that will offer this product: that which the dataset's old source has become."""
        row = model.Session.query(HarvestObject.harvest_source_id)
        row = row.filter(HarvestObject.package_id == dataset["id"], HarvestObject.current.is_(True)).first()
        if row is None:
            return None
        if row[0] not in self._sources:
            self._sources[row[0]] = _new_source(row[0], look_only=not self._apply)
        found = self._sources[row[0]]
        if found is None or found.settings.private != bool(dataset["private"]):
            return None
        return found if old.product.collection in found.settings.query().collections else None

    def _put_collection(self, old: OldDataset, terms: Terms, private: bool) -> None:
        """The dataset of the collection, unless there is one."""
        name = old.product.collection
        if (name, terms.scope) in self._collections:
            return
        self._collections.add((name, terms.scope))
        uuids = (collection_uuid(name), collection_uuid(name, terms.scope))
        if private or any(model.Package.get(uuid) for uuid in uuids):
            return
        said = Collection(id=name, title=old.collection_title, description=old.collection_description)
        put_collections([name], {name: said}, terms)

    def _write(
        self, dataset: Mapping[str, Any], old: OldDataset, offered: Offered, terms: Terms | None, there: Row
    ) -> None:
        if terms is not None:
            self._job(terms.source_id)
        with toolkit.signals.action_succeeded.muted():
            if there is None:
                new = _dataset(dataset, old, offered)
                before = model.Package.get(dataset["id"])
                assert before is not None
                # its name is free for the new one
                before.name = dataset["id"]
                model.Session.flush()
                create_dataset(new, old.product.id, lambda: self._offer(offered, terms), commit=False)
            else:
                _add_groups(dataset, offered.uuid)
            _end(dataset, offered.uuid)
            model.Session.commit()

    def _offer(self, offered: Offered, terms: Terms | None) -> None:
        """The offer of the new source with its record, which is empty: the next harvest brings it."""
        if terms is None:
            return
        job = self._job(terms.source_id)
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

    def _job(self, source_id: str) -> str:
        """A finished job of the new source, to which the records of its moved products belong."""
        if source_id not in self._jobs:
            source: Row = model.Session.get(HarvestSource, source_id)
            now = utc_now()
            job: Row = HarvestJob(source=source, status="Finished")
            job.gather_started = job.gather_finished = job.finished = now
            model.Session.add(job)
            # before any dataset: what one of them takes back must not take the job along
            model.Session.commit()
            self._jobs[source_id] = job.id
        return self._jobs[source_id]


def _new_source(old_source_id: str, *, look_only: bool) -> _NewSource | None:
    package = model.Package.get(old_source_id)
    became = package.extras.get(MOVED_TO) if package is not None else None
    new = model.Package.get(became) if became and became != NOTHING else None
    source: Row = model.Session.get(HarvestSource, new.id) if new is not None else None
    if source is None:
        return None
    try:
        settings = source_config(source)
        return _NewSource(settings, source_terms(source, settings, look_only=look_only))
    except NextGEOSSError:
        return None


def _own_terms(dataset: Mapping[str, Any]) -> Terms:
    """Of datasets that no source brings: they belong to their organization, and have its ids."""
    owner = dataset.get("owner_org") or ""
    return Terms(
        source_id="", provider_id="", owner_org=owner, private=bool(dataset["private"]), scope=owner or "-"
    )


def _dataset(dataset: Mapping[str, Any], old: OldDataset, offered: Offered) -> dict[str, Any]:
    """The new dataset, with the topics, tags and other extras of the old one."""
    made = dataset_from_product(
        old.product,
        owner_org=offered.claim.owner_org or dataset["owner_org"],
        uuid=offered.uuid,
        name=offered.name,
        private=bool(dataset["private"]),
        provider_id=offered.claim.provider_id,
    )
    words = [tag["name"] for tag in (*made["tags"], *dataset.get("tags", ()))]
    made["tags"] = [{"name": tag} for tag in as_tags(words)]
    made["groups"] = [{"id": group["id"]} for group in dataset.get("groups", ())]
    made["extras"] = [{"key": key, "value": value} for key, value in sorted(old.others.items())]
    return made


def _add_groups(dataset: Mapping[str, Any], package_id: str) -> None:
    for group in dataset.get("groups", ()):
        member = {"id": group["id"], "object": package_id, "object_type": "package", "capacity": "public"}
        toolkit.get_action("member_create")(action_context(), member)


def _end(dataset: Mapping[str, Any], new_id: str) -> None:
    """Delete the old dataset; its id and name lead to the new one from now on."""
    package = model.Package.get(dataset["id"])
    assert package is not None
    package.name, package.state, package.metadata_modified = dataset["id"], "deleted", utc_now()
    records = objects.update().where(objects.c.package_id == dataset["id"])
    model.Session.execute(records.values(current=False))
    note_moved(model.Session(), (dataset["id"], dataset["name"]), new_id)
    enqueue(model.Session(), [dataset["id"], new_id])
