"""The gather stage: plans the work of a job as slices, each a harvest object of the stock queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any
from uuid import UUID, uuid5

from ckan import model
from ckanext.harvest.model import HarvestObject

from ..eo.collection import Collection
from ..eo.footprint import Footprint
from ..eo.query import Query
from ..eo.temporal import TemporalExtent
from . import ledger, runs
from .client import http_client
from .collections import put_collections
from .model import plan_slices, utc_now
from .remote import RemoteCatalogue
from .slices import Slice, plan
from .source import SourceConfig
from .terms import Row, asked_provider, source_config, source_terms

GUID = "slice:"


def gather(job: Row) -> list[str]:
    """The ids of the harvest objects of a job, one a slice; gathering again adds nothing."""
    settings = source_config(job.source)
    runs.begun(job)
    terms = source_terms(job.source, settings)
    provider = asked_provider(settings)
    client = http_client(provider)
    try:
        remote = RemoteCatalogue(provider, client.send)
        described = {collection.id: collection for collection in remote.collections()}
        wanted = settings.query().collections or tuple(described)
        put_collections(wanted, described, terms)
        pieces = list(_pieces(settings, wanted, described, remote))
    finally:
        client.close()
    return _save(job, pieces)


def slice_id(job_id: str, key: str) -> str:
    """The id of the harvest object of a slice (UUIDv5)."""
    return str(uuid5(UUID(job_id), key))


def query_of(said: Mapping[str, Any]) -> Query:
    """The query of a stored slice."""
    footprint = Footprint.from_bbox(*said["bbox"]) if said.get("bbox") else None
    return Query(
        collections=tuple(said["collections"]), footprint=footprint, time=TemporalExtent.parse(said["time"])
    )


def _pieces(
    settings: SourceConfig,
    wanted: tuple[str, ...],
    described: Mapping[str, Collection],
    remote: RemoteCatalogue,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Key and stored query of each slice; a limit of the whole source needs one slice for all."""
    if settings.limit:
        yield "all", _stored(settings, wanted, settings.time) | {"limit": settings.limit}
        return
    extents = {name: collection.time for name, collection in described.items()}
    now = datetime.now(timezone.utc)
    for piece in plan(settings.query(), wanted, remote.count, extents, now):
        yield piece.key, _stored(settings, _collections(piece), piece.time)


def _collections(piece: Slice) -> tuple[str, ...]:
    return (piece.collection,) if piece.collection else ()


def _stored(settings: SourceConfig, collections: tuple[str, ...], time: TemporalExtent) -> dict[str, Any]:
    said: dict[str, Any] = {"collections": list(collections), "time": time.isoformat()}
    return said | ({"bbox": list(settings.bbox)} if settings.bbox else {})


def _save(job: Row, pieces: list[tuple[str, dict[str, Any]]]) -> list[str]:
    """Store slices and their harvest objects, those that are not there yet."""
    session = model.Session()
    rows = [
        {
            "id": slice_id(job.id, key),
            "job_id": job.id,
            "source_id": job.source_id,
            "key": key,
            "query": query,
        }
        for key, query in pieces
    ]
    plan_slices(session, rows)
    there = {row[0] for row in session.query(HarvestObject.id).filter_by(harvest_job_id=job.id)}
    for row in rows:
        if row["id"] not in there:
            session.add(HarvestObject(id=row["id"], guid=GUID + row["key"], job=job, source=job.source))
    ledger.update_run(session, job.id, {"gathered": utc_now()})
    session.commit()
    return [row["id"] for row in rows]
