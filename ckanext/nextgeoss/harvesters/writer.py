"""How products get into the catalogue: the interface of writers, and the classic one on CKAN's actions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from ckan import model
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestObject, HarvestObjectError

from .model import (
    Offer,
    count,
    defer_package_key,
    forget_offers,
    other_offers,
    put_offer,
    shared_packages,
    stored_offers,
    suppress_offers,
    touch_offers,
    utc_now,
)
from .offers import Action, Claim, Decision, Offered, Terms, compose, decide, with_peoples_parts
from .terms import action_context, create_dataset, product_guid

log = logging.getLogger(__name__)

# rows go in without the ORM: a product has no use for its job and source as objects
_objects: Any = HarvestObject.__table__  # type: ignore[attr-defined]
_errors: Any = HarvestObjectError.__table__  # type: ignore[attr-defined]


@dataclass(slots=True)
class WriteReport:
    """What became of a batch, in products."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    suppressed: int = 0
    errored: int = 0


class Writer(Protocol):
    """Takes offers into the catalogue, a batch at a time."""

    def write(self, batch: Sequence[Offered]) -> WriteReport:
        """Write a batch; a record that cannot be written is reported and the others are written."""
        ...

    def refuse(self, guid: str, reason: str, native: str = "") -> None:
        """Report a record that did not become a product."""
        ...


class ClassicWriter:
    """Writes by `package_create` and `package_update`, each product in a transaction of its own.

    Together with its dataset it writes the offer, the harvest object and the counter of the slice, so that
    whatever happens all are there or none."""

    def __init__(self, terms: Terms, job_id: str, slice_id: str, claim_of: Callable[[Offer], Claim | None]):
        self._terms = terms
        self._job = job_id
        self._slice = slice_id
        self._claim_of = claim_of

    def write(self, batch: Sequence[Offered]) -> WriteReport:
        """Decide about the whole batch at once, then write what is new or changed."""
        report = WriteReport()
        unchanged: list[str] = []
        held: list[str] = []
        with _no_activities(), _one_index_commit(report):
            for decision in self._decisions(batch):
                if decision.action is Action.SAME:
                    unchanged += [] if decision.repeated else [decision.offered.uuid]
                elif decision.action is Action.SUPPRESSED:
                    held.append(decision.offered.uuid)
                else:
                    self._take(decision, report)
        report.unchanged, report.suppressed = len(unchanged), len(held)
        touch_offers(model.Session(), self._terms.source_id, self._job, unchanged)
        suppress_offers(model.Session(), held)
        count(model.Session(), self._slice, unchanged=len(unchanged))
        model.Session.commit()
        return report

    def rewrite(self, offered: Offered, kept_id: str) -> WriteReport:
        """Write one product again for its harvest object, when what is read of it has changed."""
        report = WriteReport()
        with _no_activities():
            for decision in self._decisions([offered], run=""):
                if decision.action in (Action.SAME, Action.SUPPRESSED):
                    report.unchanged += 1
                else:
                    self._take(decision, report, kept_id)
        return report

    def refuse(self, guid: str, reason: str, native: str = "") -> None:
        """A harvest object in error, once in a job for each `guid`."""
        session = model.Session()
        if (
            session.query(HarvestObject.id)
            .filter_by(harvest_job_id=self._job, guid=guid, state="ERROR")
            .first()
        ):
            return
        failed = self._add_object(guid, native, state="ERROR", report_status="errored")
        error = {"harvest_object_id": failed, "message": reason, "stage": "Import"}
        session.execute(_errors.insert().values(error))
        count(session, self._slice, errored=1)
        session.commit()

    def _decisions(self, batch: Sequence[Offered], run: str | None = None) -> list[Decision]:
        # clearing a source deletes datasets by SQL: what the session remembers may no longer be true
        model.Session.expire_all()
        run = self._job if run is None else run
        known = stored_offers(model.Session(), self._terms.source_id, run, [o.uuid for o in batch])
        return decide(known, batch)

    def _take(self, decision: Decision, report: WriteReport, kept_id: str = "") -> None:
        """Write one product, or report why not; what another worker has just written is decided again."""
        offered = decision.offered
        reason = decision.reason
        for _ in range(2):
            if decision.action is Action.CLASH:
                break
            try:
                done = self._store(offered, kept_id)
                setattr(report, done, getattr(report, done) + 1)
                return
            except Exception as error:
                model.Session.rollback()
                reason = _reason(error)
            again = self._decisions([offered])[0]
            if again.action is decision.action:
                break
            if again.action is Action.SAME:
                return
            decision, reason = again, again.reason or reason
        report.errored += 1
        self.refuse(product_guid(offered.claim.product), reason, offered.native)

    def _store(self, offered: Offered, kept_id: str) -> str:
        """Write dataset, offer, harvest object and counter in one transaction; says what was done."""
        existing = self._existing(offered.uuid)
        others = other_offers(model.Session(), offered.uuid, self._terms.source_id)
        claims = [offered.claim, *(claim for offer in others if (claim := self._claim_of(offer)))]
        dataset = compose(claims, uuid=offered.uuid, name=offered.name)
        if existing:
            self._mark(offered, kept_id, "updated")
            toolkit.get_action("package_update")(action_context(), with_peoples_parts(dataset, existing))
        else:
            create_dataset(
                dataset, offered.claim.product.id, prepare=lambda: self._mark(offered, kept_id, "added")
            )
        model.Session.commit()
        return "updated" if existing else "added"

    def _mark(self, offered: Offered, kept_id: str, done: str) -> None:
        """Add the rows beside the dataset to the transaction, before it, so that it is indexed with them."""
        session = model.Session()
        defer_package_key(session)
        former = (_objects.c.package_id == offered.uuid) & (
            _objects.c.harvest_source_id == self._terms.source_id
        )
        session.execute(_objects.update().where(former, _objects.c.current).values(current=False))
        state = {
            "state": "COMPLETE",
            "current": True,
            "package_id": offered.uuid,
            "import_finished": utc_now(),
        }
        if kept_id:
            session.execute(_objects.update().where(_objects.c.id == kept_id).values(state))
        else:
            guid = product_guid(offered.claim.product)
            kept_id = self._add_object(guid, offered.native, report_status=done, **state)
        put_offer(
            session,
            package_id=offered.uuid,
            source_id=self._terms.source_id,
            provider_id=self._terms.provider_id,
            rank=self._terms.rank,
            content_hash=offered.content_hash,
            harvest_object_id=kept_id,
            last_run=self._job,
            suppressed=False,
        )
        count(session, self._slice, **{done: 1})

    def _existing(self, uuid: str) -> Mapping[str, Any] | None:
        if model.Package.get(uuid) is None:
            return None
        return toolkit.get_action("package_show")(action_context() | {"use_cache": False}, {"id": uuid})

    def _add_object(self, guid: str, native: str, **values: Any) -> str:
        """Insert a harvest object that is done; its id."""
        now, kept_id = utc_now(), str(uuid4())
        done = {"gathered": now, "import_started": now, "import_finished": now}
        row = {"id": kept_id, "guid": guid, "content": native or None, "harvest_job_id": self._job}
        row |= {"harvest_source_id": self._terms.source_id}
        model.Session.execute(_objects.insert().values(row | done | values))
        return kept_id


def withdraw(source_id: str, claim_of: Callable[[Offer], Claim | None]) -> None:
    """Make the datasets that other sources offer, too, again without what this source says of them; its
    records are of no dataset then. Each dataset in a transaction of its own."""
    report = WriteReport()
    with _no_activities(), _one_index_commit(report):
        for package_id in shared_packages(model.Session(), source_id):
            _withdraw_one(package_id, source_id, claim_of)
            report.updated += 1


def _withdraw_one(package_id: str, source_id: str, claim_of: Callable[[Offer], Claim | None]) -> None:
    session = model.Session()
    claims = [claim for offer in other_offers(session, package_id, source_id) if (claim := claim_of(offer))]
    forget_offers(session, source_id, package_id)
    # before the dataset, whose document in the index names the source of a current record
    mine = (_objects.c.package_id == package_id) & (_objects.c.harvest_source_id == source_id)
    session.execute(_objects.update().where(mine).values(package_id=None, current=False))
    if claims:
        existing = toolkit.get_action("package_show")(
            action_context() | {"use_cache": False}, {"id": package_id}
        )
        dataset = compose(claims, uuid=package_id, name=existing["name"])
        toolkit.get_action("package_update")(action_context(), with_peoples_parts(dataset, existing))
    model.Session.commit()


@contextmanager
def _no_activities() -> Iterator[None]:
    """No activity is recorded: harvest objects and job reports tell the history of harvested products."""
    with toolkit.signals.action_succeeded.muted():
        yield


@contextmanager
def _one_index_commit(report: WriteReport) -> Iterator[None]:
    """What was written becomes searchable as a whole: commits one by one cost more than all else."""
    option = "ckan.search.solr_commit"
    wanted = toolkit.config[option]
    toolkit.config[option] = False
    try:
        yield
    finally:
        toolkit.config[option] = wanted
    if wanted and (report.added or report.updated):
        try:
            make_connection().commit()
        except Exception:  # of pysolr or below: what was sent becomes visible by Solr's own commits
            log.warning("Solr did not commit a batch", exc_info=True)


def _reason(error: Exception) -> str:
    """What a person can do something about."""
    if isinstance(error, toolkit.ValidationError):
        fields = (f"{field}: {_words(said)}" for field, said in error.error_dict.items())
        return "; ".join(fields)
    log.exception("A product could not be written")
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:300] if lines else 'no reason given'}"


def _words(said: Any) -> str:
    if isinstance(said, list):
        return ", ".join(_words(part) for part in said if part)
    if isinstance(said, dict):
        return ", ".join(f"{key}: {_words(part)}" for key, part in said.items())
    return str(said)
