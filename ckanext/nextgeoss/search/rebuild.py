"""The whole index made again from the database, while the site goes on and without emptying it first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from .compare import GHOST, Comparison
from .indexer import IndexerBusy
from .outbox import enqueue, read_waiting

# Wishes of a rebuild in the outbox at a time: what is harvested meanwhile waits behind no more than these.
CHUNK = 5000


class Rebuild:
    """Wishes for all datasets, or those of one type, a chunk at a time, through the outbox, which sees to
    edits made meanwhile. `index` fulfils what waits; it raises IndexerBusy when another indexer does. May be
    broken off and repeated: nothing is worse for it."""

    def __init__(self, engine: Engine, comparison: Comparison, index: Callable[[], None], stop: Event):
        self._engine = engine
        self._comparison = comparison
        self._index = index
        self._stop = stop

    def run(self, tell: Callable[[int, int], None]) -> int:
        """Make all documents again, then delete those of datasets that are gone; tells done and total after
        each chunk. Gives the number of documents deleted."""
        done, total = 0, self._count()
        for ids in self._chunks():
            self._enqueue(ids)
            done += len(ids)
            tell(done, total)
        return 0 if self._stop.is_set() else self._delete_ghosts()

    def _delete_ghosts(self) -> int:
        ghosts: list[str] = []
        count = 0
        with self._engine.connect() as connection:
            for difference in self._comparison.differences(connection):
                if difference.kind != GHOST:
                    continue
                count += 1
                ghosts.append(difference.package_id)
                if len(ghosts) == CHUNK:
                    self._enqueue(ghosts)
                    ghosts.clear()
        self._enqueue(ghosts)
        return count

    def _enqueue(self, ids: list[str]) -> None:
        """Wish for these, and see most of what waits done."""
        with Session(self._engine) as session, session.begin():
            enqueue(session, ids)
        while True:
            try:
                self._index()
                return
            except IndexerBusy:  # it may have been about to end, and then nobody else does it
                if self._stop.is_set() or self._waiting() < CHUNK:
                    return
                self._stop.wait(0.5)

    def _waiting(self) -> int:
        with self._engine.connect() as connection:
            return read_waiting(connection).datasets

    def _count(self) -> int:
        with self._engine.connect() as connection:
            return connection.scalar(self._ids(sa.func.count())) or 0

    def _chunks(self) -> Iterator[list[str]]:
        last = ""
        while not self._stop.is_set():
            with self._engine.connect() as connection:
                query = self._ids(_package.c.id).where(_package.c.id > last).order_by(_package.c.id)
                ids = list(connection.scalars(query.limit(CHUNK)))
            if not ids:
                return
            yield ids
            last = ids[-1]

    def _ids(self, *columns: Any) -> sa.Select[Any]:
        query = sa.select(*columns).select_from(_package)
        kind = self._comparison.dataset_type
        return query.where(_package.c.type == kind) if kind else query


_package = sa.table("package", sa.column("id", sa.Text), sa.column("type", sa.Text))
