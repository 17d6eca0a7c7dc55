"""A run that looks at links: as many as it may, hosts side by side, each of them slowly; on from where the
last one ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from queue import Empty, SimpleQueue
from threading import Event
from urllib.parse import urlsplit
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from . import link_store, store
from .around import in_transaction, locked
from .asking import Asker
from .links import SLOW, Link, Look, Policy, after
from .model import QualityRun
from .reading import naive

LINKS = "links"
# datasets, and links that are due, taken at a time; looks that are written at once
_DATASETS, _DUE, _WRITTEN = 200, 200, 50
_MOMENT = 0.2
THREADS = 8


class LinkRun:
    """Looks at links until `most` were looked at or none is left. What came of it is written every few looks
    and never asked again after a kill."""

    def __init__(
        self,
        engine: Engine,
        make_asker: Callable[[], Asker],
        *,
        most: int,
        policy: Policy | None = None,
        stop: Event | None = None,
        threads: int = THREADS,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._engine, self._most, self._now, self._threads = engine, most, now, threads
        self._make_asker, self._policy, self._stop = make_asker, policy or Policy(), stop or Event()
        self._done = 0
        # those that no thread uses
        self._askers: list[Asker] = []
        self.id = ""

    def run(self, tell: Callable[[int], None] = lambda done: None) -> int:
        """Look at links; gives how many. RunBusy when another run does."""
        with locked(self._engine, 1):
            try:
                self._look_at_all(tell)
            finally:
                for asker in self._askers:
                    asker.close()
        return self._done

    def _look_at_all(self, tell: Callable[[int], None]) -> None:
        cursor = self._begin()
        while (left := self._most - self._done) > 0:
            cursor, links = self._wanted(cursor)
            self._look_at(links[:left], tell)
            if self._stop.is_set() or len(links) > left:
                break  # the next run takes these datasets again, and of their links what is left
            self._note(cursor)
            if not cursor:
                break
        self._finish()

    def _begin(self) -> str:
        """The dataset from which the last run has to go on, broken off or not."""
        with self._engine.begin() as connection:
            last = sa.select(QualityRun.id, QualityRun.finished, QualityRun.cursor)
            last = last.where(QualityRun.kind == LINKS).order_by(QualityRun.started.desc()).limit(1)
            found = connection.execute(last).first()
            if found and found.finished is None:
                self.id = found.id
                return found.cursor
            self.id, cursor = str(uuid4()), found.cursor if found else ""
            new = {"id": self.id, "kind": LINKS, "started": naive(self._now()), "cursor": cursor}
            connection.execute(sa.insert(QualityRun).values(new))
            return cursor

    def _wanted(self, cursor: str) -> tuple[str, list[Link]]:
        """Links that are due, and those of the next datasets that are or were never looked at."""
        now = self._now()
        with self._engine.connect() as connection:
            due = link_store.due_links(connection, now, _DUE)
            cursor, urls = link_store.addresses_after(connection, cursor, _DATASETS)
            known = link_store.known_links(connection, urls)
        new = [Link(url=url) for url in urls if url not in known]
        return cursor, [*due, *new]

    def _look_at(self, links: Sequence[Link], tell: Callable[[int], None]) -> None:
        """Ask hosts side by side, the links of one host one after the other; write what came of it."""
        answers: SimpleQueue[tuple[Link, Look]] = SimpleQueue()
        with ThreadPoolExecutor(self._threads) as pool:
            asked = [pool.submit(self._ask, part, answers) for part in _by_host(links)]
            try:
                while not all(part.done() for part in asked) or not answers.empty():
                    self._write(list(_some(answers)), tell)
            except BaseException:
                self._stop.set()  # nobody waits for the others
                raise
            for part in asked:
                part.result()  # raises what went wrong

    def _ask(self, links: Sequence[Link], answers: SimpleQueue[tuple[Link, Look]]) -> None:
        asker = self._free_asker()
        try:
            for link in links:
                if self._stop.is_set():
                    return
                answers.put((link, asker.look(link.url)))
        finally:
            self._askers.append(asker)

    def _free_asker(self) -> Asker:
        try:
            return self._askers.pop()
        except IndexError:
            return self._make_asker()

    def _write(self, found: Iterable[tuple[Link, Look]], tell: Callable[[int], None]) -> None:
        now = self._now()
        pairs = [(link, after(link, look, now, self._policy)) for link, look in found]
        if not pairs:
            return

        def write(connection: Connection) -> None:
            link_store.write_links(connection, [new for _, new in pairs])
            different = [new.url for old, new in pairs if _tells(old) != _tells(new)]
            store.look_again_by_address(connection, different)
            self._count(connection, len(pairs))

        in_transaction(self._engine, write)
        self._done += len(pairs)
        tell(self._done)

    def _count(self, connection: Connection, number: int) -> None:
        counted = sa.update(QualityRun).where(QualityRun.id == self.id)
        connection.execute(counted.values(done=QualityRun.done + number))

    def _note(self, cursor: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.update(QualityRun).where(QualityRun.id == self.id).values(cursor=cursor))

    def _finish(self) -> None:
        with self._engine.begin() as connection:
            if not self._stop.is_set():
                link_store.forget_unused(connection)
            ended = sa.update(QualityRun).where(QualityRun.id == self.id)
            connection.execute(ended.values(finished=naive(self._now())))


def _by_host(links: Sequence[Link]) -> list[list[Link]]:
    found: dict[str, list[Link]] = {}
    for link in links:
        found.setdefault(urlsplit(link.url).netloc.lower(), []).append(link)
    return list(found.values())


def _some(answers: SimpleQueue[tuple[Link, Look]]) -> Iterator[tuple[Link, Look]]:
    """What has come, a number of them at most; the first one is waited for, for a moment."""
    try:
        yield answers.get(timeout=_MOMENT)
        for _ in range(_WRITTEN - 1):
            yield answers.get_nowait()
    except Empty:
        return


def _tells(link: Link) -> tuple[object, ...]:
    """What of a link a check looks at."""
    return link.state, link.media_type, link.size, link.format, link.seconds > SLOW, link.reason
