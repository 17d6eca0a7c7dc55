"""Which writer a source gets."""

from __future__ import annotations

from .classic import ClassicWriter
from .offers import Terms
from .writer import Writer


def writer_for(terms: Terms, job_id: str, slice_id: str, *, mark_seen: bool = False) -> Writer:
    """The writer of a slice of a job; with `mark_seen` (reconcile runs) it notes what is unchanged, too."""
    return ClassicWriter(terms, job_id, slice_id, mark_seen=mark_seen)


def withdrawing_writer(source_id: str) -> Writer:
    """A writer that only takes back what a source offers, outside of any job."""
    return ClassicWriter(Terms(source_id=source_id, provider_id="", owner_org=""), "", "")
