"""How products get into the catalogue: the interface of writers, and what all of them share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol

from ckan import model
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestObject, HarvestObjectError

from .model import count, seen_offers, stored_offers, utc_now
from .offers import Action, Decision, Offered, Terms, decide
from .uuid7 import uuid7

# rows go in without the ORM: a product has no use for its job and source as objects
objects: Any = HarvestObject.__table__  # type: ignore[attr-defined]
errors: Any = HarvestObjectError.__table__  # type: ignore[attr-defined]


def nothing() -> None:
    """No progress to save."""


@dataclass(slots=True)
class WriteReport:
    """What became of a batch, in products."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    suppressed: int = 0
    errored: int = 0
    deleted: int = 0

    def add(self, other: WriteReport) -> None:
        """Count what another part of the batch has done."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


class Writer(Protocol):
    """Takes what one source offers into the catalogue, a batch at a time."""

    def write(self, batch: Sequence[Offered], progress: Callable[[], None] = nothing) -> WriteReport:
        """Write a batch; a record that cannot be written is reported and the others are written.

        `progress` is called in the last transaction of the batch, just before it is committed."""
        ...

    def refuse(self, guid: str, reason: str, native: str = "") -> None:
        """Report a record that did not become a product, once in a job for each `guid`."""
        ...

    def withdraw(self, package_ids: Sequence[str]) -> WriteReport:
        """Take back what the source offers of these datasets: they are made again of what others offer, and
        deleted when nobody does."""
        ...


class Decisions:
    """Decides about batches of one slice; what was met unchanged is remembered for the time of the slice, so
    that an unchanged product needs no row."""

    def __init__(self, terms: Terms, job_id: str, *, mark_seen: bool = False):
        self._terms = terms
        self._job = job_id
        # whether unchanged offers are noted as seen by the job, for reconcile runs
        self._mark_seen = mark_seen
        self._met: set[str] = set()

    def of(self, batch: Sequence[Offered], run: str | None = None) -> list[Decision]:
        """One decision for each offer; `run` instead of the job counts as the run in which it was seen."""
        # clearing a source deletes datasets by SQL: what the session remembers may no longer be true
        model.Session.expire_all()
        run = self._job if run is None else run
        known = stored_offers(model.Session(), self._terms.source_id, run, [o.uuid for o in batch])
        return decide(known, batch, self._met if run else ())

    def note_unchanged(self, decisions: Sequence[Decision]) -> int:
        """Remember those that are the same, and mark them where wanted; how many are met first now."""
        same = [d.offered.uuid for d in decisions if d.action is Action.SAME]
        fresh = [d.offered.uuid for d in decisions if d.action is Action.SAME and not d.repeated]
        self._met.update(same)
        if same and self._mark_seen:
            seen_offers(model.Session(), self._terms.source_id, self._job, same)
        return len(fresh)


def add_refusal(terms: Terms, job_id: str, slice_id: str, guid: str, reason: str, native: str = "") -> bool:
    """A harvest object in error and its message, in the present transaction; False when the job has one of
    this `guid` already."""
    session = model.Session()
    if session.query(HarvestObject.id).filter_by(harvest_job_id=job_id, guid=guid, state="ERROR").first():
        return False
    row = object_row(terms, job_id, guid, native) | {"state": "ERROR", "report_status": "errored"}
    session.execute(objects.insert().values(row))
    error = {"id": uuid7(), "harvest_object_id": row["id"], "message": reason, "stage": "Import"}
    session.execute(errors.insert().values(error))
    count(session, slice_id, errored=1)
    return True


def object_row(terms: Terms, job_id: str, guid: str, native: str) -> dict[str, Any]:
    """The row of a harvest object that is done."""
    now = utc_now()
    return {
        "id": uuid7(),
        "guid": guid,
        "content": native or None,
        "harvest_job_id": job_id,
        "harvest_source_id": terms.source_id,
        "gathered": now,
        "import_started": now,
        "import_finished": now,
    }


def reason_of(error: Exception) -> str:
    """Why a product could not be written, as a person can do something about it."""
    if isinstance(error, toolkit.ValidationError):
        return "; ".join(f"{field}: {_words(said)}" for field, said in error.error_dict.items())
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    return f"{type(cause).__name__}: {lines[0][:300] if lines else 'no reason given'}"


def _words(said: Any) -> str:
    if isinstance(said, list):
        return ", ".join(_words(part) for part in said if part)
    if isinstance(said, dict):
        return ", ".join(f"{key}: {_words(part)}" for key, part in said.items())
    return str(said)
