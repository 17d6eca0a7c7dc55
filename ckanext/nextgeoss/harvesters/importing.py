"""The import stage: reads a slice page by page into the catalogue, and a stored record once more."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime
from typing import Any

from ckan import model
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObjectError

from ..eo.errors import NextGEOSSError
from ..http import HttpClient
from .classic import ClassicWriter
from .client import http_client
from .gathering import query_of
from .model import DONE, FAILED, RUNNING, STOPPED, Slice, get_slice, utc_now
from .offers import Terms
from .pagination import request_from_text, request_to_text
from .protocols import Answer
from .remote import RemoteCatalogue
from .source import SourceConfig
from .terms import (
    Row,
    asked_provider,
    guid_collection,
    read_native,
    source_config,
    source_terms,
)
from .writer import Writer
from .writers import writer_for

log = logging.getLogger(__name__)

UNCHANGED = "unchanged"


def run_slice(carrier: Row) -> str | bool:
    """Read what is left of a slice; 'unchanged' when done, False when it failed or its job was stopped."""
    piece = get_slice(model.Session(), carrier.id)
    if piece is None:
        return _failed(carrier, "this slice is not planned any more; run the harvest again")
    if piece.state == DONE:
        return UNCHANGED
    piece.state, piece.started = RUNNING, piece.started or utc_now()
    model.Session.commit()
    try:
        settings = source_config(carrier.source)
        terms = source_terms(carrier.source, settings)
        writer = writer_for(terms, carrier.harvest_job_id, carrier.id, settings)
        with closing(http_client(asked_provider(settings))) as client:
            return _read(SliceRun(carrier, client, writer, terms), settings)
    except NextGEOSSError as error:
        model.Session.rollback()
        return _failed(carrier, f"{_where(carrier)}: {error}")
    except Exception as error:
        # with the database gone this fails too: then the slice stays as it is and is delivered again
        log.exception("A slice could not be read")
        model.Session.rollback()
        reason = f"an error of the harvester itself, {type(error).__name__}: {str(error)[:500]}"
        return _failed(carrier, f"{_where(carrier)}: {reason}")


class SliceRun:
    """A slice while it is read: what each page does, and how far it came."""

    def __init__(self, carrier: Row, client: HttpClient, writer: Writer, terms: Terms):
        self.carrier = carrier
        self.client = client
        self._writer = writer
        self._terms = terms
        self._asked = (0, 0)

    def piece(self) -> Slice:
        """The slice as it is in the database."""
        found = get_slice(model.Session(), self.carrier.id)
        assert found is not None
        return found

    def take(self, answer: Answer) -> None:
        """Write a page, then note in one transaction how far the slice has come."""
        before = self.piece()
        first, key = before.seen + 1, before.key
        self._writer.write(
            [
                self._terms.offer(product, record.text())
                for product, record in zip(answer.products, answer.records, strict=True)
            ]
        )
        for refused in answer.refused:
            self._writer.refuse(f"{key}#{first + refused.position}", refused.reason)
        for warning in answer.warnings:
            model.Session.add(HarvestObjectError(object=self.carrier, message=warning, stage="Import"))
        self._note(answer)
        _refresh_queue(self.carrier.id)

    def _note(self, answer: Answer) -> None:
        piece = self.piece()
        requests, received = self._asked
        self._asked = (self.client.requests_sent, self.client.bytes_received)
        piece.seen += len(answer.products) + len(answer.refused)
        piece.requests += self._asked[0] - requests
        piece.bytes += self._asked[1] - received
        piece.total = answer.total if answer.total is not None else piece.total
        piece.cursor = request_to_text(answer.next) if answer.next else None
        if answer.next is None:
            piece.state, piece.finished = DONE, utc_now()
        self.carrier.retry_times = 0
        self.carrier.add()
        model.Session.commit()


def _read(run: SliceRun, settings: SourceConfig) -> str | bool:
    """Page after page until the end, or until the job is no longer running."""
    piece = run.piece()
    remote = RemoteCatalogue(asked_provider(settings), run.client.send)
    start = request_from_text(piece.cursor) if piece.cursor else None
    limit = piece.query["limit"] - piece.seen if piece.query.get("limit") else None
    for answer in remote.pages(query_of(piece.query), start, limit):
        run.take(answer)
        if not _is_running(run.carrier.harvest_job_id):
            return _end(run, STOPPED, False)
    return _end(run, DONE, UNCHANGED)


def _end(run: SliceRun, state: str, result: str | bool) -> str | bool:
    piece = run.piece()
    if piece.state != DONE:
        piece.state, piece.finished = state, utc_now()
    model.Session.commit()
    return result


def reimport(kept: Row) -> str | bool:
    """Map a stored native record again and write what has changed; False when it cannot be read."""
    if not kept.content:
        return _object_error(kept, "there is no stored record to read again")
    try:
        settings = source_config(kept.source)
        product = read_native(settings.provider, kept.content, guid_collection(kept.guid))
        terms = source_terms(kept.source, settings)
    except NextGEOSSError as error:
        return _object_error(kept, str(error))
    writer = ClassicWriter(terms, kept.harvest_job_id, "")
    report = writer.rewrite(terms.offer(product, kept.content), kept.id)
    if report.errored:
        return False
    return True if report.added or report.updated else UNCHANGED


def _failed(carrier: Row, message: str) -> bool:
    """End the slice with an error that the job's report shows."""
    piece = get_slice(model.Session(), carrier.id)
    if piece is not None:
        piece.state, piece.error, piece.finished = FAILED, message, utc_now()
    return _object_error(carrier, message)


def _object_error(carrier: Row, message: str) -> bool:
    model.Session.add(HarvestObjectError(object=carrier, message=message, stage="Import"))
    model.Session.commit()
    log.warning(message)
    return False


def _where(carrier: Row) -> str:
    return f"source {carrier.source.title or carrier.source.url}, {carrier.guid}"


def _is_running(job_id: str) -> bool:
    status = model.Session.query(HarvestJob.status).filter_by(id=job_id).scalar()
    return status == "Running"


def _refresh_queue(carrier_id: str) -> None:
    """Tell the queue that the slice is worked on: what is not refreshed for 180 s is sent once more."""
    connection: Any = queue.get_connection()
    if hasattr(connection, "set"):  # that of RabbitMQ keeps no such keys
        connection.set(f"{queue.get_fetch_routing_key()}:{carrier_id}", str(datetime.now()), xx=True)
    connection.close()
