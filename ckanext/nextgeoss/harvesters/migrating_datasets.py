"""Datasets of the original hub made into products of today; the old ones, deleted, lead to these.

The new dataset, the offer of the source that brings it from now on, what leads from the old id and name to
it, and the end of the old one are in one transaction: of a batch, or where that is refused, of each dataset.
What was done is no dataset of the original hub any more, so that a run that was stopped goes on where it was.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestJob, HarvestSource

from .. import config
from ..eo.collection import Collection
from ..eo.errors import BadRecord, NextGEOSSError
from ..package import collection_uuid
from ..search.rows import read_rows
from ..search.shown import plain_resource
from .collections import put_collections
from .fingerprint import difference
from .migrating import MOVED_TO, NOTHING
from .model import utc_now
from .moved_batch import Move, write_moves
from .moved_singly import create_moved, lead_to_product
from .offers import Terms
from .old_datasets import PACKED, OldDataset, read_old_dataset
from .rows import refused_because
from .source import SourceConfig
from .suitability import obstacle
from .tables import Tags
from .terms import Row, action_context, source_config, source_terms
from .writer import reason_of

log = logging.getLogger(__name__)

BATCH = 500


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

    def count(self, old: OldDataset, *, there: bool) -> None:
        """Count one that was moved."""
        (self.there if there else self.moved)[old.product.collection] += 1
        self.kept.update(old.others.keys())
        self.left_out.update(old.left_out)
        self.unreadable.update(problem.where for problem in old.product.problems)


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
        mover.move(ids)
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
    query = query.filter(packed | spread, package.id > after).order_by(package.id)
    return [row[0] for row in query.limit(most)]


class _Mover:
    """Moves batches of datasets, and remembers what it has learnt of sources and collections."""

    def __init__(self, apply: bool):
        self.report = Report()
        self._apply = apply
        self._sources: dict[str, _NewSource | None] = {}
        self._jobs: dict[str, str] = {}
        self._collections: set[tuple[str, str]] = set()
        self._tags = Tags()
        self._one_by_one = difference(model.Session()) or obstacle()

    def move(self, ids: Sequence[str]) -> None:
        """Move datasets, or note why they cannot be."""
        moves = [move for dataset in _read(ids) if (move := self._planned(dataset))]
        there = _states([move.offered.uuid for move in moves])
        new: dict[Terms, dict[str, Move]] = {}
        others: list[Move] = []
        for move in moves:
            batch = new.setdefault(move.terms or _own_terms(move.dataset), {})
            is_new = move.offered.uuid not in there and move.offered.uuid not in batch
            if is_new:
                batch[move.offered.uuid] = move
            else:
                others.append(move)
        for terms, batch in new.items():
            self._write_new(terms, list(batch.values()))
        for move in others:
            self._tried(move, self._lead)

    def _planned(self, dataset: Mapping[str, Any]) -> Move | None:
        try:
            old = read_old_dataset(dataset, config.eo_properties())
            if reason := refused_because(old.product):
                raise BadRecord(reason, 0)
        except BadRecord as error:
            self.report.failed[dataset["name"]] = error.reason
            return None
        terms = self._terms(dataset, old)
        return Move(dataset, old, (terms or _own_terms(dataset)).offer(old.product), terms)

    def _terms(self, dataset: Mapping[str, Any], old: OldDataset) -> Terms | None:
        """Those of the source that will offer this product: what the dataset's old source has become."""
        old_source = dataset["old_source"]
        if not old_source:
            return None
        if old_source not in self._sources:
            self._sources[old_source] = _new_source(old_source, look_only=not self._apply)
        found = self._sources[old_source]
        if found is None or found.settings.private != bool(dataset["private"]):
            return None
        return found.terms if old.product.collection in found.settings.query().collections else None

    def _write_new(self, terms: Terms, moves: Sequence[Move]) -> None:
        """Write products that are not there, all at once where that can be, else one by one."""
        if not self._apply:
            for move in moves:
                self.report.count(move.old, there=False)
            return
        try:
            for move in moves:
                self._put_collection(move, terms)
            if self._one_by_one:
                raise NextGEOSSError(self._one_by_one)
            write_moves(moves, terms, self._job(terms.source_id), self._tags)
        except Exception as error:  # whatever one of them holds, the others are moved
            model.Session.rollback()
            self._tags.forget()
            log.info("%s datasets are moved one by one: %s", len(moves), reason_of(error))
            for move in moves:
                self._tried(move, self._create)
            return
        for move in moves:
            self.report.count(move.old, there=False)

    def _tried(self, move: Move, do: Callable[[Move], None]) -> None:
        """Move one dataset, or note why it cannot be."""
        name = move.dataset["name"]
        try:
            do(move)
        except BadRecord as error:
            model.Session.rollback()
            self.report.failed[name] = error.reason
        except Exception as error:
            model.Session.rollback()
            self.report.failed[name] = reason_of(error)

    def _put_collection(self, move: Move, terms: Terms) -> None:
        """The dataset of the collection, unless there is one."""
        name = move.old.product.collection
        if (name, terms.scope) in self._collections or move.dataset["private"]:
            return
        self._collections.add((name, terms.scope))
        uuids = (collection_uuid(name), collection_uuid(name, terms.scope))
        if not any(model.Package.get(uuid) for uuid in uuids):
            said = Collection(
                id=name, title=move.old.collection_title, description=move.old.collection_description
            )
            put_collections([name], {name: said}, terms)

    def _create(self, move: Move) -> None:
        """Write one product through CKAN's actions."""
        create_moved(move, self._job(move.terms.source_id) if move.terms else "")
        self.report.count(move.old, there=False)

    def _lead(self, move: Move) -> None:
        """Have an old dataset lead to a product that is there."""
        lead_to_product(move, look_only=not self._apply)
        self.report.count(move.old, there=True)

    def _job(self, source_id: str) -> str:
        """A finished job of the new source, to which the records of its moved products belong; "" without a
        source."""
        if source_id and source_id not in self._jobs:
            source: Row = model.Session.get(HarvestSource, source_id)
            now = utc_now()
            job: Row = HarvestJob(source=source, status="Finished")
            job.gather_started = job.gather_finished = job.finished = now
            model.Session.add(job)
            # before any dataset: what one of them takes back must not take the job along
            model.Session.commit()
            self._jobs[source_id] = job.id
        return self._jobs.get(source_id, "")


def _read(ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Datasets as `package_show` gives them, as far as they are needed, with the id of their old source."""
    rows = read_rows(model.Session.connection(), ids, harvest=True)
    for row in rows.packages:
        resources = rows.resources.get(row["id"], ())
        harvested = rows.harvested.get(row["id"])
        shown: dict[str, Any] = {
            name: row[name] for name in ("id", "name", "title", "notes", "owner_org", "private")
        }
        shown["extras"] = [{"key": key, "value": value} for key, value in row["extras"].items()]
        shown["resources"] = [plain_resource(resource) for resource in resources]
        shown["tags"] = [{"name": tag[0]} for tag in rows.tags.get(row["id"], ())]
        shown["groups"] = [{"id": group} for group in rows.groups.get(row["id"], ())]
        if any(resource["url_type"] == "upload" for resource in resources):
            # only CKAN knows their addresses
            context = action_context() | {"use_cache": False}
            shown |= toolkit.get_action("package_show")(context, {"id": row["id"]})
        yield shown | {"old_source": harvested.source_id if harvested else ""}


def _states(ids: Sequence[str]) -> dict[str, str]:
    """The state of each dataset that is there."""
    package = model.Package
    query = model.Session.query(package.id, package.state).filter(package.id.in_(ids))
    return {row[0]: row[1] for row in query}


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
