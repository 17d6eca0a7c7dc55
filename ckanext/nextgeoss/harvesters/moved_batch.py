"""Datasets of the original hub moved by the hundred: one transaction, by COPY, as the bulk writer writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ckan import model

from ..package import tags as as_tags
from ..search.moved import note_moved
from ..search.outbox import enqueue
from .batch import Batch
from .claims import StoredClaims
from .model import utc_now
from .offers import Offered, Terms
from .old_datasets import OldDataset
from .tables import Tags, copy_rows
from .uuid7 import uuid7
from .writer import objects


@dataclass(frozen=True, slots=True)
class Move:
    """An old dataset, what it says, and the product that it becomes; `terms` is of the source that offers it
    from now on, None when none does."""

    dataset: Mapping[str, Any]
    old: OldDataset
    offered: Offered
    terms: Terms | None


class MovedBatch(Batch):
    """A batch whose datasets have the tags and other extras of old ones, too; outside of jobs nobody offers
    them."""

    def __init__(self, terms: Terms, job_id: str, tags: Tags, moves: Sequence[Move]):
        super().__init__(terms, job_id, tags)
        self._moves = {move.offered.uuid: move for move in moves}

    def write(self) -> None:
        """Write all that was found out, in the transaction of the session."""
        self._new = [self._whole(row) for row in self._new]
        if not self._job:
            self._offers.clear()
        super().write()

    def _whole(self, row: Any) -> Any:
        move = self._moves[row.id]
        words = [*row.tags, *(tag["name"] for tag in move.dataset.get("tags", ()))]
        return replace(row, tags=tuple(as_tags(words)), extras={**move.old.others, **row.extras})


def write_moves(moves: Sequence[Move], terms: Terms, job_id: str, tags: Tags) -> None:
    """Write products that are not there yet, and end the datasets that they were; commits."""
    session = model.Session()
    ids = [move.dataset["id"] for move in moves]
    # their names are free for the new ones
    session.query(model.Package).filter(model.Package.id.in_(ids)).update(
        {"name": model.Package.id, "state": "deleted", "metadata_modified": utc_now()},
        synchronize_session=False,
    )
    batch = MovedBatch(terms, job_id, tags, moves)
    if refused := batch.prepare([move.offered for move in moves], StoredClaims()):
        raise ValueError(refused[0][1])
    batch.write()
    copy_rows(session, "member", list(_memberships(moves)))
    session.execute(objects.update().where(objects.c.package_id.in_(ids)).values(current=False))
    for move in moves:
        note_moved(session, (move.dataset["id"], move.dataset["name"]), move.offered.uuid)
    enqueue(session, ids)
    session.commit()
    session.expire_all()


def _memberships(moves: Sequence[Move]) -> Iterator[dict[str, Any]]:
    """The rows that put the products into the topics of the old datasets."""
    for move in moves:
        for group in move.dataset.get("groups", ()):
            yield {
                "id": uuid7(),
                "table_id": move.offered.uuid,
                "table_name": "package",
                "group_id": group["id"],
                "capacity": "public",
                "state": "active",
            }
