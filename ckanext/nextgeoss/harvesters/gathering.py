"""The gather stage: plans the work of a job as slices, each a harvest object of the stock queue."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from ckan import model

from .. import config
from ..eo.collection import Collection
from ..eo.errors import BadAnswer
from ..eo.temporal import TemporalExtent, format_time
from ..http import RemoteError
from . import again, ledger, reconciling, runs, steps
from .client import http_client
from .collections import put_collections
from .lease import lease
from .model import Run, utc_now
from .protocols import COLLECTIONS, TIME
from .remote import RemoteCatalogue
from .slices import changed_since
from .slices import plan as cut
from .source import RECONCILE, UPDATE, SourceConfig
from .steps import GUID
from .terms import Row, asked_provider, source_config, source_terms

__all__ = ["GUID", "gather"]

log = logging.getLogger(__name__)

# answers to a question that a service does not understand
_REFUSALS = frozenset({400, 404, 405, 422, 501})


def gather(job: Row) -> list[str]:
    """The ids of the harvest objects of a job that wait for a worker, one a slice; a job that is gathered
    already is not gathered again."""
    job_id = job.id
    with lease(model.Session(), lease_name(job_id), lambda: _waits(job_id)) as held:
        if held is None:
            return []
        run = runs.begun(job)
        if run.gathered is None:
            _plan(job, run)
        return ledger.waiting_slices(model.Session(), job_id)


def lease_name(job_id: str) -> str:
    """The name of the lease of a job that is gathered."""
    return f"gather {job_id}"


def _waits(job_id: str) -> bool:
    """Whether to wait longer for the one who gathers a job."""
    running = steps.is_running(model.Session(), job_id)
    model.Session.rollback()
    return running


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run asks of a provider: slices by key and stored query, of changes since a time or of all."""

    described: Mapping[str, Collection]
    collections: tuple[str, ...]
    since: datetime | None
    pieces: list[tuple[str, dict[str, Any]]]


def planned(source_id: str, settings: SourceConfig, mode: str, remote: RemoteCatalogue) -> Plan:
    """What a run of this mode would ask; nothing is written."""
    provider, named = settings.provider, settings.query().collections
    described = {collection.id: collection for collection in remote.collections(named)}
    wanted = named or tuple(map(remote.asked_as, described.values()))
    ours = tuple(each if each in provider.collections else provider.canonical(each) for each in wanted)
    since = _since(source_id, mode, settings, remote)
    extents = {remote.asked_as(each): each.time for each in described.values()}
    return Plan(described, ours, since, list(_pieces(settings, wanted, extents, remote, since)))


def _plan(job: Row, run: Run) -> None:
    if pieces := again.pieces(run.options):
        steps.plan(model.Session(), job.id, job.source_id, pieces)
        ledger.update_run(model.Session(), job.id, {"gathered": utc_now()})
        model.Session.commit()
        return
    settings = source_config(job.source)
    settings = replace(settings, limit=run.options.get("limit") or settings.limit)
    terms = source_terms(job.source, settings)
    provider = asked_provider(settings)
    client = http_client(provider, source_id=job.source_id)
    try:
        remote = RemoteCatalogue(provider, client.send)
        plan = planned(job.source_id, settings, run.mode, remote)
    finally:
        client.close()
    put_collections(plan.collections, plan.described, terms)
    asked, since, pieces = asked_of(settings), plan.since, plan.pieces
    session = model.Session()
    if run.mode == RECONCILE:
        pieces.append((reconciling.KEY, {"reconcile": True}))
    steps.plan(session, job.id, job.source_id, pieces)
    values = {"gathered": utc_now(), "asked": asked, "since": since and since.replace(tzinfo=None)}
    ledger.update_run(session, job.id, values)
    if run.mode == RECONCILE and len(pieces) == 1:
        ledger.release_held(session, [job.id])
    ledger.commit(session)


def asked_of(settings: SourceConfig) -> dict[str, Any]:
    """All that decides which products come: runs that ask the same can go on from one another."""
    return {
        "provider": settings.provider.id,
        "url": settings.url,
        "collections": list(settings.query().collections),
        "time": settings.time.isoformat(),
        "bbox": list(settings.bbox) if settings.bbox else None,
        "limit": settings.limit,
        "private": settings.private,
    }


def _since(source_id: str, mode: str, settings: SourceConfig, remote: RemoteCatalogue) -> datetime | None:
    """Since when changes are asked for; None for everything: the provider cannot tell, the run is to be
    whole, or none like it was complete before."""
    if mode != UPDATE or settings.limit or not remote.tells_changes:
        return None
    last = ledger.last_complete(model.Session(), source_id, asked_of(settings))
    if last is None or last.started is None:
        return None
    since = last.started.replace(tzinfo=timezone.utc) - timedelta(hours=config.overlap_hours())
    try:
        remote.probe(settings.query(changed_since(since)))
    except RemoteError as error:
        if error.status not in _REFUSALS:
            raise
        log.warning("%s cannot be asked for changes, everything is asked: %s", settings.provider.id, error)
        return None
    except BadAnswer as error:  # a refusal in a success, as OGC services have it; else all of it fails, too
        log.warning("%s cannot be asked for changes, everything is asked: %s", settings.provider.id, error)
        return None
    return since


def _pieces(
    settings: SourceConfig,
    wanted: tuple[str, ...],
    extents: Mapping[str, TemporalExtent],
    remote: RemoteCatalogue,
    since: datetime | None,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Key and stored query of each slice; a limit of the whole source needs one slice for all."""
    if settings.limit:
        yield "all", _stored(settings, wanted, settings.time) | {"limit": settings.limit}
        return
    query = settings.query(changed_since(since))
    now = datetime.now(timezone.utc)
    each = wanted if COLLECTIONS in remote.asks else ()
    by_time = TIME in remote.asks
    for piece in cut(query, each, remote.count, extents, now, reach=remote.reach, by_time=by_time):
        found = {} if piece.found is None else {"found": piece.found}
        collections = (piece.collection,) if piece.collection else wanted
        yield piece.key, _stored(settings, collections, piece.time, since) | found


def _stored(
    settings: SourceConfig,
    collections: tuple[str, ...],
    time: TemporalExtent,
    since: datetime | None = None,
) -> dict[str, Any]:
    said: dict[str, Any] = {"collections": list(collections), "time": time.isoformat()}
    said |= {"bbox": list(settings.bbox)} if settings.bbox else {}
    return said | ({"since": format_time(since)} if since else {})
