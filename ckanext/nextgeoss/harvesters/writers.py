"""Which writer a source gets."""

from __future__ import annotations

import logging
from functools import cache

from ckan import model

from .bulk import BulkWriter
from .classic import ClassicWriter
from .fingerprint import difference
from .offers import Terms
from .source import AUTO, EACH_PRODUCT, SourceConfig
from .suitability import obstacle
from .writer import Writer

log = logging.getLogger(__name__)


def writer_for(
    terms: Terms, job_id: str, slice_id: str, settings: SourceConfig, *, mark_seen: bool = False
) -> Writer:
    """The writer of a slice of a job: the bulk writer, or where that cannot do all that is wanted the classic
    one, with one line in the log that says why. With `mark_seen` (reconcile runs) it notes what is unchanged,
    too."""
    if reason := _why_one_by_one(settings):
        _tell_once(terms.source_id, reason)
        activities = settings.activities == EACH_PRODUCT
        return ClassicWriter(terms, job_id, slice_id, mark_seen=mark_seen, activities=activities)
    return BulkWriter(terms, job_id, slice_id, mark_seen=mark_seen)


def withdrawing_writer(source_id: str) -> Writer:
    """A writer that only takes back what a source offers, outside of any job."""
    terms = Terms(source_id=source_id, provider_id="", owner_org="")
    kind = ClassicWriter if _obstacle() else BulkWriter
    return kind(terms, "", "")


def _why_one_by_one(settings: SourceConfig) -> str:
    if settings.writer != AUTO:
        return "its configuration asks for it (writer)"
    if settings.activities == EACH_PRODUCT:
        return "its configuration wants an activity for each product (activities)"
    return _obstacle()


@cache
def _obstacle() -> str:
    """What on this site keeps products from being written in batches; looked at once in a process."""
    return difference(model.Session()) or obstacle()


@cache
def _tell_once(source_id: str, reason: str) -> None:
    log.warning("source %s: products are written one by one: %s", source_id, reason)
