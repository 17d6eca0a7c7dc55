"""The indexer: fulfils the wishes of the outbox in batches, one indexer at a time on a site."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Event
from time import monotonic

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from .documents import Documents, Made
from .outbox import Wishes, fulfil, take
from .sending import SERVER_ERROR, Sender
from .solr import SolrError

log = logging.getLogger(__name__)

# documents of a batch: each takes some 50 kB while it is made and sent
BATCH = 250
# batches on their way at a time; a third would only wait in Solr
FLYING = 2
POLL = 0.5
# seconds between two commits while there is work, and when the outbox has run empty
COMMIT_BUSY, COMMIT_IDLE = 5.0, 2.0
LONGEST_PAUSE = 30.0
# what any process of ours takes for the lock of the indexer
LOCK = (0x6E67, 1)
_KEY = {"first": LOCK[0], "second": LOCK[1]}
# an error of Solr's own, met so often in a row, is blamed on a document
PATIENCE = 3


class IndexerBusy(Exception):
    """Another indexer is at work on this database."""


@dataclass(slots=True)
class _Flight:
    """A batch on its way: the wishes it fulfils."""

    wishes: Wishes
    seqs: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        self.seqs = frozenset(seq for seqs in self.wishes.values() for seq in seqs)


class Indexer:
    """Drains the outbox into Solr. What it was doing when it is killed is done again: rows go when Solr has
    answered, and the same document twice is one."""

    def __init__(self, engine: Engine, sender: Sender, documents: Documents, stop: Event | None = None):
        self._engine = engine
        self._sender = sender
        self._documents = documents
        self._stop = stop or Event()
        self._flying: dict[Future[dict[str, str]], _Flight] = {}
        self._threads = ThreadPoolExecutor(FLYING, "solr")
        self._unseen = True  # an indexer that was killed may have left something to be shown
        self._shown = 0.0
        self._failures = 0
        # datasets done since the start
        self.done = 0

    def run(self, *, once: bool = False) -> None:
        """Work until told to stop, or `once` until nothing waits. Servers that do not answer are waited for;
        with `once` what they say comes through, and IndexerBusy when another indexer is at work."""
        try:
            while not self._stop.is_set():
                try:
                    with indexer_lock(self._engine, None if once else self._stop) as connection:
                        self._drain(connection, once)
                    if once:
                        return
                except IndexerBusy:
                    if once:
                        raise
                except (DBAPIError, SolrError) as error:
                    if once:
                        raise
                    self._pause(error)
        finally:
            self._threads.shutdown()

    def _pause(self, error: Exception) -> None:
        """Wait for servers to come back, longer each time."""
        self._failures += 1
        if isinstance(error, SolrError) and error.status == SERVER_ERROR and self._failures >= PATIENCE:
            self._sender = replace(self._sender, stubborn=True)
        seconds = min(LONGEST_PAUSE, 2.0 ** (self._failures - 1))
        reason = str(error).strip().splitlines()[0]
        log.warning("Indexing waits %.0f seconds: %s", seconds, reason)
        self._stop.wait(seconds)

    def _drain(self, connection: Connection, once: bool) -> None:
        try:
            while not self._stop.is_set():
                if self._launch_next(connection):
                    self._show(COMMIT_BUSY)
                elif self._flying:
                    self._land(connection)
                elif once:
                    break
                else:
                    self._show(COMMIT_IDLE)
                    self._stop.wait(POLL)
        finally:
            self._land_all(connection)
        self._show(0, wait=True)

    def _launch_next(self, connection: Connection) -> bool:
        """Make the next batch while others are on their way, then send it; False when nothing waits."""
        flying = {seq for flight in self._flying.values() for seq in flight.seqs}
        with connection.begin():
            wishes = take(connection, BATCH, flying)
        if not wishes:
            return False
        made = self._make(list(wishes))
        done = {*made.documents, *made.gone, *made.failed}
        flight = _Flight({package_id: seqs for package_id, seqs in wishes.items() if package_id in done})
        while len(self._flying) >= FLYING or any(f.wishes.keys() & done for f in self._flying.values()):
            self._land(connection)
        self._flying[self._threads.submit(self._sender.send, made)] = flight
        return True

    def _make(self, ids: list[str]) -> Made:
        # one snapshot: a document is of one moment, whatever is committed meanwhile
        with self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            return self._documents.make(connection, ids)

    def _land(self, connection: Connection) -> None:
        """Wait for an answer of Solr and note what it fulfils."""
        for future in wait(self._flying, return_when=FIRST_COMPLETED).done:
            flight = self._flying.pop(future)
            refused = future.result()
            with connection.begin():
                fulfil(connection, flight.wishes, refused)
            for package_id, reason in refused.items():
                log.error("Dataset %s is not indexed: %s", package_id, reason)
            self.done += len(flight.wishes)
            self._unseen = True
            self._failures = 0
            self._sender = replace(self._sender, stubborn=False)

    def _land_all(self, connection: Connection) -> None:
        """Let no batch be on its way without us, also when one of them fails."""
        failure: Exception | None = None
        while self._flying:
            try:
                self._land(connection)
            except (DBAPIError, SolrError) as error:
                failure = error
        if failure:
            raise failure

    def _show(self, seconds: float, *, wait: bool = False) -> None:
        """Let searches see what was done, unless that was done in the last `seconds`."""
        if self._unseen and monotonic() - self._shown >= seconds:
            self._sender.client.show_changes(wait=wait)
            self._shown, self._unseen = monotonic(), False


@contextmanager
def indexer_lock(engine: Engine, stop: Event | None = None) -> Iterator[Connection]:
    """A connection of its own that holds the lock of the indexer, which PostgreSQL frees when the connection
    ends, however it ends. Waits for another indexer until `stop` is set; IndexerBusy without `stop`."""
    with engine.connect() as connection:
        connection.detach()  # or the pool would keep it, and the lock with it
        told = False
        while not _try_lock(connection):
            if stop is None or stop.is_set():
                raise IndexerBusy
            if not told:
                log.warning("Another indexer is at work; waiting for it to end")
            told = True
            stop.wait(1.0)
        yield connection
        # at once: the server ends a connection some time after it was closed
        with connection.begin():
            connection.execute(sa.text("SELECT pg_advisory_unlock(:first, :second)"), _KEY)


def is_at_work(connection: Connection) -> bool:
    """Whether an indexer holds the lock."""
    query = sa.text(
        "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
        "WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted "
        "AND l.classid = :first AND l.objid = :second"
    )
    return bool(connection.scalar(query, _KEY))


def _try_lock(connection: Connection) -> bool:
    with connection.begin():
        query = sa.text("SELECT pg_try_advisory_lock(:first, :second)")
        return bool(connection.scalar(query, _KEY))
