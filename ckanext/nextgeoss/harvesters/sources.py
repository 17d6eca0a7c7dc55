"""Harvest sources of ours and their jobs, found by what people call them."""

from __future__ import annotations

from ckan import model
from ckanext.harvest.model import HarvestJob, HarvestSource

from ..eo.errors import BadConfiguration, nearest, shown
from .source import SOURCE_TYPE
from .terms import Row


def find_source(said: str) -> Row:
    """The source with this id, name or title; BadConfiguration names the nearest, or those that share it."""
    rows = _sources()
    found = [source for source, name in rows if said in (source.id, name)]
    found = found or [source for source, _ in rows if said.casefold() == (source.title or "").casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(sorted(name for source, name in rows if source in found))
        raise BadConfiguration(f"source {shown(said)}: several have this title, take a name: {names}")
    near = nearest(said, [name for _, name in rows])
    known = ", ".join(sorted(name for _, name in rows)[:20]) or "none yet"
    hint = f"did you mean {near}?" if near else f"known: {known}"
    raise BadConfiguration(f"no harvest source {shown(said)} of type {SOURCE_TYPE}; {hint}")


def find_job(said: str) -> Row:
    """The job with this id, or the last one of the source that is called so."""
    job: Row = model.Session.get(HarvestJob, said)
    if job is not None and job.source.type == SOURCE_TYPE:
        return job
    if last := last_jobs(find_source(said).id, 1):
        return last[0]
    raise BadConfiguration(f"source {shown(said)} has no job yet")


def last_jobs(source_id: str, number: int) -> list[Row]:
    """The last jobs of a source, the newest first."""
    query = model.Session.query(HarvestJob).filter_by(source_id=source_id)
    return query.order_by(HarvestJob.created.desc()).limit(number).all()


def running_jobs() -> list[Row]:
    """The jobs of our sources that have not ended, the oldest first."""
    query = model.Session.query(HarvestJob).join(HarvestSource, HarvestSource.id == HarvestJob.source_id)
    is_open = (HarvestSource.type == SOURCE_TYPE, HarvestJob.status.in_(("New", "Running")))
    return query.filter(*is_open).order_by(HarvestJob.created).all()


def all_sources() -> list[tuple[str, str]]:
    """Id and name of each source of ours, by name."""
    return sorted(((source.id, name) for source, name in _sources()), key=lambda pair: pair[1])


def _sources() -> list[tuple[Row, str]]:
    """Each source of ours with the name of its dataset."""
    query = model.Session.query(HarvestSource, model.Package.name)
    joined = query.join(model.Package, model.Package.id == HarvestSource.id)
    return [(row[0], row[1]) for row in joined.filter(HarvestSource.type == SOURCE_TYPE)]
