"""A slice while it is read: pages come from a thread that reads ahead, and go into the catalogue in
batches."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ckan import model

from ..eo.errors import NextGEOSSError
from ..eo.query import Query
from ..http import HttpClient
from . import hints, offered, steps
from .ahead import Ahead, Unwanted
from .lease import Lease
from .model import DONE, STOPPED, Slice
from .offers import Terms
from .pagination import request_from_text, request_to_text
from .protocols import Answer
from .remote import RemoteCatalogue
from .slices import query_of
from .steps import Step
from .withdrawing import gone_among
from .writer import Writer

# products of a batch, and seconds that it is waited for: many at once cost less each
BATCH, BATCH_SECONDS = 1000, 3.0
# products after which a slice hands over, whatever the time: it remembers those it has met
MOST = 200_000
# pages that are read ahead
_ROOM = 4
# seconds between two signs of life while the provider is waited for
_BEAT = 5.0


@dataclass(slots=True, kw_only=True)
class SliceRun:
    """Reads what is left of a slice. How far it came is in the database, in the transactions of what it
    wrote."""

    piece: Slice
    # provider, source and slice, for messages
    where: str
    remote: RemoteCatalogue
    client: HttpClient
    # tells the thread that reads ahead, and the client that waits in it, to end
    unwanted: Unwanted
    writer: Writer
    terms: Terms
    lease: Lease
    # in which the provider's products are
    collections: Sequence[str] = ()
    # seconds after which the slice hands over to another one
    patience: float
    # ask what the provider has at the start, too: a total that goes down meanwhile may have hidden a product
    watch: bool = False
    # records met, as numbers that take little room
    _met: set[int] = field(default_factory=set[int])
    _counted: tuple[int, int] = (0, 0)

    def read(self) -> str:
        """Page after page until the end, until it is time to hand over, or until the job no longer runs; DONE
        or STOPPED. What ends the reading otherwise is raised when all pages before it are written."""
        began = time.monotonic()
        # nothing of the database goes into the other thread
        answers = self._answers(self.piece.query, self.piece.cursor, self.piece.seen)
        with Ahead(answers, _ROOM, self.unwanted) as pages:
            while batch := self._batch(pages):
                if not self._is_wanted():
                    return STOPPED
                is_long = time.monotonic() - began > self.patience or len(self._met) > MOST
                hands_over = batch[-1].next is not None and is_long
                self._write(batch, hands_over)
                if hands_over or batch[-1].next is None:
                    return DONE
            pages.raise_error()
        return STOPPED

    def _answers(self, said: Mapping[str, Any], start: str | None, seen: int) -> Iterator[Answer]:
        """The pages from the cursor on; the last one tells a total, if the provider does. Runs in the thread
        that reads ahead."""
        limit = said["limit"] - said.get("before", 0) - seen if said.get("limit") else None
        query = query_of(said)
        try:
            is_first = self.watch
            for answer in self.remote.pages(query, request_from_text(start) if start else None, limit):
                if answer.total is None and limit is None and (is_first or answer.next is None):
                    answer = replace(answer, total=self._count(query))
                is_first = False
                yield answer
        finally:
            self.client.close()

    def _count(self, query: Query) -> int | None:
        try:
            return self.remote.count(query)
        except NextGEOSSError:
            return None  # the products came all the same

    def _batch(self, pages: Ahead[Answer]) -> list[Answer]:
        """The next pages, together BATCH products or what comes within BATCH_SECONDS; none at the end, and
        none when the job was stopped while the provider was waited for."""
        batch: list[Answer] = []
        while not batch and not pages.at_end:
            if page := pages.take(_BEAT):
                batch.append(page)
            elif not pages.at_end:
                hints.refresh(self.piece.id)
                if not self._is_wanted():
                    return []
        until = time.monotonic() + BATCH_SECONDS
        while batch and sum(len(answer.products) for answer in batch) < BATCH:
            page = pages.take(max(until - time.monotonic(), 0))
            if page is None:
                break
            batch.append(page)
        return batch

    def _is_wanted(self) -> bool:
        self.lease.check()
        session = model.Session()
        running = steps.is_running(session, self.piece.job_id)
        session.rollback()  # a transaction that waits for a provider is in the way of others
        return running

    def _write(self, batch: Sequence[Answer], hands_over: bool) -> None:
        """Write pages, with how far the slice has come in one transaction."""
        gone = gone_among(batch, self.terms, [*self.piece.query["collections"], *self.collections])
        offered = [
            self.terms.offer(product, record.text())
            for answer in batch
            for product, record in zip(answer.products, answer.records, strict=True)
        ]
        self._refuse(batch)
        self._withdraw(gone)
        offered = [each for each in offered if each.uuid not in gone]
        # two records that claim to be one product are two
        records = {hash((each.uuid, each.content_hash)) for each in offered}
        step = self._step(batch, records, hands_over)
        self.writer.write(offered, lambda: steps.take_step(model.Session(), self.piece, step))
        model.Session().refresh(self.piece)
        hints.refresh(self.piece.id)
        if self.piece.successor:
            hints.send_slices([self.piece.successor])

    def _refuse(self, batch: Sequence[Answer]) -> None:
        """Report the records that did not become products by their number in the slice."""
        first = self.piece.query.get("before", 0) + self.piece.seen + 1
        for answer in batch:
            for refused in answer.refused:
                guid = f"{self.piece.key}#{first + refused.position}"
                self.writer.refuse(guid, refused.reason, refused.native)
            first += len(answer.products) + len(answer.refused) + len(answer.gone)

    def _withdraw(self, gone: Collection[str]) -> None:
        """Take back what the provider says it has no more; a run for a few products takes back nothing."""
        if gone and not self.piece.query.get("limit"):
            self.writer.withdraw(offered.offered_among(model.Session(), self.terms.source_id, gone))

    def _step(self, batch: Sequence[Answer], records: set[int], hands_over: bool) -> Step:
        """What this batch adds to the slice."""
        new = records - self._met
        self._met |= new
        requests, received = self._counted
        self._counted = (self.client.requests_sent, self.client.bytes_received)
        following = batch[-1].next
        return Step(
            seen=len(new) + sum(len(answer.refused) + len(answer.gone) for answer in batch),
            requests=self._counted[0] - requests,
            bytes=self._counted[1] - received,
            totals=tuple(answer.total for answer in batch if answer.total is not None),
            cursor=request_to_text(following) if following else None,
            warnings=tuple(f"{self.where}: {words}" for answer in batch for words in answer.warnings),
            hands_over=hands_over,
            where=self.where,
        )
