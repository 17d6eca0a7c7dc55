"""A run of checks through the catalogue: in batches, only over what has changed, and on from where it was
broken off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from threading import Event
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from ...eo.collection import CollectionRegistry
from ...eo.properties import Properties
from ...search.rows import Rows, read_rows
from . import link_store, store
from .around import (
    described_collections,
    gaps_by_name,
    group_names,
    in_transaction,
    locked,
    source_faults,
)
from .duplicates import same_key, same_scene
from .gaps import Gaps
from .model import QualityRun
from .reading import Around, Described, addresses, naive, records, spatial_of, with_twins
from .record import PRODUCT, Record
from .reports import drop_old_runs, summarize
from .score import examine
from .store import Same

RECORDS = "records"
# of the summary of a run that is under way
_ANEW = "anew"
# datasets of one transaction
BATCH = 500
# how often the catalogue is gone through for datasets that others made the twins of
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks datasets and writes what it finds."""

    properties: Properties
    registry: CollectionRegistry
    now: Callable[[], datetime] = lambda: datetime.now(timezone.utc)

    def check(
        self,
        connection: Connection,
        ids: Sequence[str],
        collections: Mapping[str, Described],
        gaps: Callable[[str], Gaps | None] = lambda collection: None,
    ) -> list[Record]:
        """Check these datasets in the transaction of `connection`."""
        rows = read_rows(connection, ids, harvest=False)
        found = records(rows, self._around(connection, rows, collections, gaps))
        packages = {package["id"]: package for package in rows.packages}
        spatial = {package_id: spatial_of(package) for package_id, package in packages.items()}
        same = {r.id: self._same(r, spatial[r.id]) for r in found if r.kind == PRODUCT}
        stored = {i: Same() if packages[i]["private"] else each for i, each in same.items()}
        twins = store.twins_of(connection, same, stored)
        changed = store.changed_sameness(connection, stored)
        found = [with_twins(record, twins.get(record.id, ())) for record in found]
        store.write_results(
            connection,
            ((r, examine(r), stored.get(r.id, Same()), packages[r.id]["metadata_modified"]) for r in found),
        )
        # others have won or lost a twin
        store.look_again_at(
            connection, [each for pair in changed.values() for each in pair], but=list(packages)
        )
        return found

    def _around(
        self,
        connection: Connection,
        rows: Rows,
        collections: Mapping[str, Described],
        gaps: Callable[[str], Gaps | None],
    ) -> Around:
        groups = {group for listed in rows.groups.values() for group in listed}
        owners = {package["owner_org"] for package in rows.packages if package["owner_org"]}
        return Around(
            now=self.now(),
            properties=self.properties,
            registry=self.registry,
            collections=collections,
            groups=group_names(connection, groups | owners),
            links=link_store.known_links(connection, addresses(rows)),
            sources=source_faults(connection, [package["id"] for package in rows.packages]),
            gaps_of=gaps,
        )

    def _same(self, record: Record, spatial: str) -> Same:
        product = record.product
        return Same(same_key(product, self.registry), same_scene(product, spatial, self.registry))


class Run:
    """One run through the catalogue. Each batch and how far the run has come are one transaction, so a run
    that was killed goes on, and nothing is done twice."""

    def __init__(
        self,
        engine: Engine,
        checker: Checker,
        *,
        batch: int = BATCH,
        anew: bool = False,
        stop: Event | None = None,
    ) -> None:
        self._engine, self._checker, self._batch, self._anew = engine, checker, batch, anew
        self._stop = stop or Event()
        self._collections: Mapping[str, Described] = {}
        self.id, self.started = "", checker.now()
        self.resumed = False

    def run(self, tell: Callable[[int], None] = lambda done: None) -> int:
        """Check all that is to be checked; gives how many datasets were. It ends early when it is told to
        stop. RunBusy when another run is at work."""
        with locked(self._engine):
            self._begin()
            with self._engine.connect() as connection:
                self._collections = described_collections(connection, self._checker.registry)
            self._forget_gone()
            for _ in range(_ROUNDS):
                if not self._go_through(tell):
                    break
            if not self._stop.is_set():
                self._check_collections()
            return self._finish()

    def _begin(self) -> None:
        """Go on with the run that was broken off, or begin one; one that checks only what has changed gives
        way to one that checks all anew."""
        row = QualityRun
        is_open = sa.and_(row.kind == RECORDS, row.finished.is_(None))
        with self._engine.begin() as connection:
            found = connection.execute(
                sa.select(row.id, row.started, row.summary).where(is_open).order_by(row.started.desc())
            ).first()
            is_anew = bool(found and found.summary.get(_ANEW))
            if found and (is_anew or not self._anew):
                self.id, self.resumed, self._anew = found.id, True, is_anew
                self.started = found.started.replace(tzinfo=timezone.utc)
                return
            connection.execute(sa.delete(row).where(is_open))
            self.id = str(uuid4())
            new = {"id": self.id, "kind": RECORDS, "started": naive(self.started)}
            connection.execute(sa.insert(row).values(summary={_ANEW: self._anew}, **new))

    def _forget_gone(self) -> None:
        while True:
            with self._engine.begin() as connection:
                gone = store.forget_gone(connection)
                store.look_again_at(connection, gone, but=())
            if not gone:
                return

    def _go_through(self, tell: Callable[[int], None]) -> int:
        """One round through all datasets but collections; gives how many were checked."""
        number = 0
        for ids in self._batches():
            tell(in_transaction(self._engine, partial(self._batch_checked, ids)))
            number += len(ids)
        if self._stop.is_set():
            return 0
        with self._engine.begin() as connection:
            self._step(connection, "", 0)
        return number

    def _batch_checked(self, ids: Sequence[str], connection: Connection) -> int:
        self._checker.check(connection, ids, self._collections)
        return self._step(connection, ids[-1], len(ids))

    def _batches(self) -> Iterator[list[str]]:
        anew = self.started if self._anew else None
        with self._engine.connect() as connection:
            after = connection.scalar(sa.select(QualityRun.cursor).where(QualityRun.id == self.id)) or ""
        while not self._stop.is_set():
            with self._engine.connect() as connection:
                ids = store.ids_to_check(connection, after, self._batch, anew=anew)
            if not ids:
                return
            yield ids
            after = ids[-1]

    def _check_collections(self) -> None:
        """Check all collections: what is found of them depends on their products."""
        with self._engine.connect() as connection:
            gaps = gaps_by_name(connection)
        after = ""
        while True:
            with self._engine.begin() as connection:
                ids = store.collection_ids(connection, after, self._batch)
                if not ids:
                    return
                self._checker.check(connection, ids, self._collections, lambda name: gaps.get(name.lower()))
                self._step(connection, "", len(ids))
                after = ids[-1]

    def _step(self, connection: Connection, cursor: str, number: int) -> int:
        told = (
            sa.update(QualityRun)
            .where(QualityRun.id == self.id)
            .values(cursor=cursor, done=QualityRun.done + number)
            .returning(QualityRun.done)
        )
        return connection.scalar(told) or 0

    def _finish(self) -> int:
        this = QualityRun.id == self.id
        with self._engine.begin() as connection:
            if not self._stop.is_set():
                ended = {"finished": naive(self._checker.now()), "summary": summarize(connection)}
                connection.execute(sa.update(QualityRun).where(this).values(ended))
                drop_old_runs(connection)
            return connection.scalar(sa.select(QualityRun.done).where(this)) or 0
