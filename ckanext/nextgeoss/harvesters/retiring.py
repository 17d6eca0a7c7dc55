"""Sources without a dataset of their own (it was purged, or an import was half done) are not harvested any
more: one such source would stop what is done for all of them."""

from __future__ import annotations

import logging

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import Session

from . import ledger

log = logging.getLogger(__name__)

_SOURCES = sa.text(
    "UPDATE harvest_source s SET active = false WHERE active"
    " AND NOT EXISTS (SELECT 1 FROM package p WHERE p.id = s.id) RETURNING s.id"
)
_JOBS = sa.text(
    "SELECT j.id FROM harvest_job j WHERE j.status IN ('New', 'Running')"
    " AND NOT EXISTS (SELECT 1 FROM package p WHERE p.id = j.source_id)"
)


def retire() -> None:
    """Make sources inactive whose dataset is gone, and end their jobs."""
    session: Session = model.Session()
    for source_id in session.scalars(_SOURCES):
        log.warning("Harvest source %s has no dataset any more: it is made inactive", source_id)
    for job_id in list(session.scalars(_JOBS)):
        ledger.end_job(session, job_id)
    ledger.commit(session)
