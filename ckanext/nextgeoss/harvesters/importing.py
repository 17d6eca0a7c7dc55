"""The import stage: reads a slice into the catalogue, and a stored record once more."""

from __future__ import annotations

import logging

from ckan import model
from ckanext.harvest.model import HarvestObjectError

from .. import config
from ..eo.errors import NextGEOSSError
from ..http import RemoteError
from . import again, closing, hints, ledger, steps
from .ahead import Unwanted
from .classic import ClassicWriter
from .client import http_client
from .lease import Lease, LeaseLost, lease
from .model import DONE, FAILED, STOPPED, Slice, get_slice
from .reconciling import Unsure, reconcile
from .remote import RemoteCatalogue
from .slice_run import SliceRun
from .source import RECONCILE
from .terms import (
    Row,
    asked_provider,
    guid_collection,
    read_native,
    source_config,
    source_terms,
)
from .writers import writer_for

log = logging.getLogger(__name__)

UNCHANGED = "unchanged"
# a slice that was begun so often without a page written is what its workers die of
MOST_ATTEMPTS = 20


def run_slice(carrier: Row) -> str | bool:
    """Read what is left of a slice; 'unchanged' when done, False when it failed or its job was stopped.

    Somebody else who is reading it is waited for: then it is found done."""
    piece_id, job_id, source_id = carrier.id, carrier.harvest_job_id, carrier.harvest_source_id
    with lease(model.Session(), lease_name(piece_id), lambda: _waits(piece_id, job_id)) as held:
        result = _run(carrier, held)
    closing.after_slice(job_id, source_id)
    return result


def lease_name(piece_id: str) -> str:
    """The name of the lease of a slice."""
    return f"slice {piece_id}"


def _waits(piece_id: str, job_id: str) -> bool:
    """Whether to wait longer for the one who reads a slice."""
    hints.refresh(piece_id)
    running = steps.is_running(model.Session(), job_id)
    model.Session.rollback()
    return running


def _run(carrier: Row, held: Lease | None) -> str | bool:
    session = model.Session()
    piece = get_slice(session, carrier.id)
    if piece is None:
        return _object_error(carrier, "this slice is not planned any more; run the harvest again")
    if piece.state == DONE:
        return UNCHANGED
    if held is None:
        return False
    if not steps.is_running(session, piece.job_id):
        return _end(piece, STOPPED)
    if piece.attempts >= MOST_ATTEMPTS:
        reason = f"{piece.attempts} workers have died of it, one after another"
        return _end(piece, FAILED, f"source {_source(carrier)}, {carrier.guid}: {reason}", "dying workers")
    steps.begin(session, piece)
    ledger.commit(session)
    try:
        return _work(carrier, piece, held)
    except Unsure as error:
        session.rollback()
        ledger.update_run(session, piece.job_id, {"message": str(error)})
        return _end(piece, FAILED, f"source {_source(carrier)}, {carrier.guid}: {error}", "unsure")
    except NextGEOSSError as error:
        session.rollback()
        return _end(piece, FAILED, f"source {_source(carrier)}, {carrier.guid}: {error}", _class(error))
    except Exception as error:
        session.rollback()
        if isinstance(error, LeaseLost) or ledger.is_lost(error):
            raise  # the database is gone: the slice stays as it is, and goes on when it is back
        log.exception("A slice could not be read")
        reason = f"an error of the harvester itself, {type(error).__name__}: {str(error)[:500]}"
        return _end(piece, FAILED, f"source {_source(carrier)}, {carrier.guid}: {reason}", "harvester")


def _work(carrier: Row, piece: Slice, held: Lease) -> str | bool:
    session = model.Session()
    run = ledger.get_run(session, piece.job_id)
    is_reconciling = run is not None and run.mode == RECONCILE
    settings = source_config(carrier.source)
    terms = source_terms(carrier.source, settings)
    writer = writer_for(terms, piece.job_id, piece.id, settings, mark_seen=is_reconciling)
    if again.is_again(piece):
        return _end(piece, again.read_again(piece, settings.provider, terms, writer, held))
    if piece.query.get("reconcile"):
        assert run is not None
        reconcile(piece, run, writer, held, settings.delete_ratio)
        return _end(piece, DONE if steps.is_running(session, piece.job_id) else STOPPED)
    provider, unwanted = asked_provider(settings), Unwanted()
    client = http_client(provider, unwanted.check, piece.source_id)
    remote = RemoteCatalogue(provider, client.send)
    reading = SliceRun(
        piece=piece,
        unwanted=unwanted,
        where=f"source {_source(carrier)} (provider {settings.provider.id}), {carrier.guid}",
        remote=remote,
        client=client,
        writer=writer,
        terms=terms,
        lease=held,
        collections=tuple(provider.collections),
        patience=config.hand_over_seconds(),
        watch=is_reconciling,
    )
    try:
        state = reading.read()
    except NextGEOSSError as error:
        session.rollback()
        about = "" if remote.asking in str(error) else f"{remote.asking}: "
        return _end(piece, FAILED, f"{reading.where}: {about}{error}", _class(error))
    return UNCHANGED if state == DONE else _end(piece, STOPPED)


def _end(piece: Slice, state: str, error: str = "", error_class: str = "") -> str | bool:
    """End a slice; what ckanext-harvest wants to hear of it."""
    if error:
        log.warning(error)
    steps.end(model.Session(), piece.id, state, error, error_class)
    ledger.commit(model.Session())
    return UNCHANGED if state == DONE else False


def _class(error: NextGEOSSError) -> str:
    """A word for a kind of error, to count by."""
    return (
        f"{type(error).__name__} {error.status}" if isinstance(error, RemoteError) else type(error).__name__
    )


def _source(carrier: Row) -> str:
    return carrier.source.title or carrier.source.url


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


def _object_error(carrier: Row, message: str) -> bool:
    model.Session.add(HarvestObjectError(object=carrier, message=message, stage="Import"))
    ledger.commit(model.Session())
    log.warning(message)
    return False
