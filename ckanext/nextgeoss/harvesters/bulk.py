"""The bulk writer: a batch of products in one transaction, straight into CKAN's own tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import psycopg2
from ckan import model
from psycopg2 import errors as pg
from sqlalchemy.exc import DBAPIError

from .batch import Batch
from .claims import StoredClaims
from .model import count
from .offers import Action, Offered, Terms
from .tables import Tags
from .terms import product_guid
from .writer import Decisions, WriteReport, add_refusal, nothing, reason_of

# another writer was faster, or a tag has gone: what is there is looked at again
_AGAIN = (pg.UniqueViolation, pg.ForeignKeyViolation, pg.DeadlockDetected, pg.SerializationFailure)
# what the database says of a record; anything else is about the database itself
_OF_DATA = (psycopg2.DataError, psycopg2.IntegrityError, pg.ProgramLimitExceeded, UnicodeError)
_ATTEMPTS = 3
_WITHDRAWN_AT_ONCE = 500


class BulkWriter:
    """Writes batches by COPY, a transaction each, and leaves indexing to the outbox.

    A batch that the database refuses is halved until the records that it refuses stand alone; these are
    reported and the others are written."""

    def __init__(self, terms: Terms, job_id: str, slice_id: str, *, mark_seen: bool = False):
        self._terms = terms
        self._job = job_id
        self._slice = slice_id
        self._claims = StoredClaims()
        self._decisions = Decisions(terms, job_id, mark_seen=mark_seen)
        self._tags = Tags()

    def write(self, batch: Sequence[Offered], progress: Callable[[], None] = nothing) -> WriteReport:
        """Decide about the batch and write what is new or changed, in one transaction if it is accepted."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._transaction(batch, progress)
            except (DBAPIError, psycopg2.Error, UnicodeError) as error:
                model.Session.rollback()
                self._tags.forget()
                cause = getattr(error, "orig", None) or error
                if isinstance(cause, _AGAIN) and attempt < _ATTEMPTS:
                    continue
                if not isinstance(cause, (*_AGAIN, *_OF_DATA)):
                    raise
                return self._in_halves(batch, progress, error)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def refuse(self, guid: str, reason: str, native: str = "") -> None:
        """A harvest object in error, once in a job for each `guid`."""
        add_refusal(self._terms, self._job, self._slice, guid, reason, native)
        model.Session.commit()

    def withdraw(self, package_ids: Sequence[str]) -> WriteReport:
        """Take back what the source offers of these datasets, some hundred in a transaction."""
        report = WriteReport()
        for start in range(0, len(package_ids), _WITHDRAWN_AT_ONCE):
            report.add(self._withdrawn(package_ids[start : start + _WITHDRAWN_AT_ONCE]))
        return report

    def _in_halves(
        self, batch: Sequence[Offered], progress: Callable[[], None], error: Exception
    ) -> WriteReport:
        """Write the halves of a refused batch; one record that is refused alone is reported."""
        report = WriteReport()
        if len(batch) > 1:
            middle = len(batch) // 2
            report.add(self.write(batch[:middle]))
            report.add(self.write(batch[middle:], progress))
            return report
        for offered in batch:
            report.errored += self._report(offered, reason_of(error))
        progress()
        model.Session.commit()
        return report

    def _report(self, offered: Offered, reason: str) -> int:
        """1, and the record is reported; what PostgreSQL cannot store of it is left out."""
        guid = product_guid(offered.claim.product)
        native = "" if "\x00" in offered.native else offered.native
        add_refusal(self._terms, self._job, self._slice, guid, reason.replace("\x00", ""), native)
        return 1

    def _transaction(self, batch: Sequence[Offered], progress: Callable[[], None]) -> WriteReport:
        session, report = model.Session(), WriteReport()
        decisions = self._decisions.of(batch)
        chosen = [d.offered for d in decisions if d.action in (Action.NEW, Action.CHANGED)]
        work = Batch(self._terms, self._job, self._tags)
        refused = work.prepare(chosen, self._claims)
        refused += [(d.offered, d.reason) for d in decisions if d.action is Action.CLASH]
        work.write()
        for offered, reason in refused:
            report.errored += self._report(offered, reason)
        report.added, report.updated = work.added, work.updated
        report.suppressed = sum(d.action is Action.SUPPRESSED for d in decisions)
        report.unchanged = self._decisions.note_unchanged(decisions)
        steps = {"added": report.added, "updated": report.updated, "unchanged": report.unchanged}
        count(session, self._slice, suppressed=report.suppressed, **steps)
        progress()
        _commit()
        return report

    def _withdrawn(self, package_ids: Sequence[str]) -> WriteReport:
        session = model.Session()
        work = Batch(self._terms, self._job, self._tags)
        work.withdraw(package_ids, self._claims)
        work.write()
        report = WriteReport(updated=work.updated, deleted=work.deleted)
        count(session, self._slice, updated=report.updated, deleted=report.deleted)
        _commit()
        return report


def _commit() -> None:
    """Commit; what the session remembers of the rows that were written beside it is not true any more."""
    model.Session.commit()
    model.Session.expire_all()
