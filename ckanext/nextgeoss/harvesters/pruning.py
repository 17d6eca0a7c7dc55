"""Old jobs lose what nobody needs: records that are not current any more, and slices but for their sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import Session

from .model import DONE, Offer, Slice
from .slices import slice_id
from .tally import COUNTED

# the slice that has the sums of all that a job had
KEY = "pruned"
# rows of one transaction
_BATCH = 1000

_jobs = sa.table("harvest_job", *map(sa.column, ("id", "source_id", "status", "created")))
_objects = sa.table(
    "harvest_object",
    *map(sa.column, ("id", "harvest_job_id", "current", "package_id", "harvest_source_id")),
)
_belongings = [
    sa.table(name, sa.column("harvest_object_id"))
    for name in ("harvest_object_error", "harvest_object_extra")
]


@dataclass(slots=True)
class Pruned:
    """What has gone."""

    jobs: int = 0
    records: int = 0
    slices: int = 0


def prune(source_id: str, keep: int) -> Pruned:
    """Let what the finished jobs of a source have left go, but for the last `keep` of them, in batches."""
    session, gone = model.Session(), Pruned()
    for job_id in _old_jobs(session, source_id, keep):
        slices = _sum_up(session, job_id, source_id)
        session.commit()
        records = 0
        while ids := _superseded(session, job_id):
            for table in _belongings:
                session.execute(sa.delete(table).where(table.c.harvest_object_id.in_(ids)))
            session.execute(sa.delete(_objects).where(_objects.c.id.in_(ids)))
            session.commit()
            records += len(ids)
        gone.records, gone.slices = gone.records + records, gone.slices + slices
        gone.jobs += 1 if slices or records else 0
    return gone


def _old_jobs(session: Session, source_id: str, keep: int) -> Sequence[str]:
    ended = sa.select(_jobs.c.id).where(_jobs.c.source_id == source_id, _jobs.c.status == "Finished")
    return session.scalars(ended.order_by(_jobs.c.created.desc(), _jobs.c.id).offset(keep)).all()


def _sum_up(session: Session, job_id: str, source_id: str) -> int:
    """Put one slice with the sums in place of all slices of a job; how many have gone."""
    of_job = Slice.job_id == job_id
    number = session.scalar(sa.select(sa.func.count()).where(of_job, Slice.key != KEY)) or 0
    if not number:
        return 0
    sums = [sa.func.sum(getattr(Slice, name)) for name in COUNTED]
    times = [sa.func.min(Slice.started), sa.func.max(Slice.progressed), sa.func.max(Slice.finished)]
    row = session.execute(sa.select(*sums, *times).where(of_job)).one()
    names = (*COUNTED, "started", "progressed", "finished")
    session.execute(sa.delete(Slice).where(of_job))
    values = dict(zip(names, row, strict=True)) | {"id": slice_id(job_id, KEY), "key": KEY, "state": DONE}
    session.execute(sa.insert(Slice).values(job_id=job_id, source_id=source_id, query={}, **values))
    return number


def _superseded(session: Session, job_id: str) -> list[str]:
    """Some harvest objects of a job that are neither current nor the record of an offer."""
    is_offers = sa.exists().where(
        Offer.package_id == _objects.c.package_id,
        Offer.source_id == _objects.c.harvest_source_id,
        Offer.harvest_object_id == _objects.c.id,
    )
    is_old = (_objects.c.harvest_job_id == job_id, _objects.c.current.isnot(True), ~is_offers)
    return list(session.scalars(sa.select(_objects.c.id).where(*is_old).limit(_BATCH)))
