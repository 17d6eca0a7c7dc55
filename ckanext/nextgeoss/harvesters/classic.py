"""The classic writer: each product through CKAN's actions, in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ckan import model
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit

from .claims import StoredClaims
from .model import Offer, count, defer_package_key, forget_offers, other_offers, put_offer, reactivate_members
from .offers import Action, Claim, Decision, Offered, Terms, compose, with_peoples_parts
from .tables import purge_deleted_resources, update_rows
from .terms import action_context, create_dataset, product_guid
from .writer import Decisions, WriteReport, add_refusal, nothing, object_row, objects, reason_of

log = logging.getLogger(__name__)


class ClassicWriter:
    """Writes by `package_create` and `package_update`: slow, and right whatever other plugins want to know.

    Together with its dataset it writes the offer, the harvest object and the counter of the slice, so that
    whatever happens all are there or none. With `activities` each product gets those of CKAN."""

    def __init__(
        self,
        terms: Terms,
        job_id: str,
        slice_id: str,
        *,
        mark_seen: bool = False,
        activities: bool = False,
    ):
        self._terms = terms
        self._job = job_id
        self._slice = slice_id
        self._activities = activities
        self._claims = StoredClaims()
        self._decisions = Decisions(terms, job_id, mark_seen=mark_seen)

    def write(self, batch: Sequence[Offered], progress: Callable[[], None] = nothing) -> WriteReport:
        """Decide about the whole batch at once, then write what is new or changed."""
        report = WriteReport()
        decisions = self._decisions.of(batch)
        with self._acting(), _one_index_commit(report):
            for decision in decisions:
                if decision.action is Action.SUPPRESSED:
                    report.suppressed += 1
                elif decision.action is not Action.SAME:
                    self._take(decision, report)
        report.unchanged = self._decisions.note_unchanged(decisions)
        count(model.Session(), self._slice, unchanged=report.unchanged, suppressed=report.suppressed)
        progress()
        model.Session.commit()
        return report

    def rewrite(self, offered: Offered, kept_id: str) -> WriteReport:
        """Write one product again for its harvest object, when what is read of it has changed."""
        report = WriteReport()
        with self._acting():
            for decision in self._decisions.of([offered], run=""):
                if decision.action in (Action.SAME, Action.SUPPRESSED):
                    report.unchanged += 1
                else:
                    self._take(decision, report, kept_id)
        return report

    def refuse(self, guid: str, reason: str, native: str = "") -> None:
        """A harvest object in error, once in a job for each `guid`."""
        add_refusal(self._terms, self._job, self._slice, guid, reason, native)
        model.Session.commit()

    def withdraw(self, package_ids: Sequence[str]) -> WriteReport:
        """Make these datasets again without what the source says of them, one in a transaction."""
        report = WriteReport()
        with self._acting(), _one_index_commit(report):
            for package_id in package_ids:
                self._withdraw_one(package_id, report)
        return report

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
                reason = _logged(error)
            again = self._decisions.of([offered])[0]
            if again.action is decision.action:
                break
            if again.action is Action.SAME:
                return
            decision, reason = again, again.reason or reason
        report.errored += 1
        self.refuse(product_guid(offered.claim.product), reason, offered.native)

    def _store(self, offered: Offered, kept_id: str) -> str:
        """Write dataset, offer, harvest object and counter in one transaction; says what was done."""
        existing = _existing(offered.uuid)
        others = other_offers(model.Session(), [offered.uuid], self._terms.source_id)
        claims = [offered.claim, *self._claims.of(others).get(offered.uuid, ())]
        dataset = compose(claims, uuid=offered.uuid, name=offered.name)
        if existing is None:
            create_dataset(
                dataset, offered.claim.product.id, prepare=lambda: self._mark(offered, kept_id, "added")
            )
            done = "added"
        else:
            done = "updated" if existing["state"] == "active" else "added"
            self._mark(offered, kept_id, done)
            _update(dataset, existing)
        model.Session.commit()
        return done

    def _mark(self, offered: Offered, kept_id: str, done: str) -> None:
        """Add the rows beside the dataset to the transaction, before it, so that it is indexed with them."""
        session = model.Session()
        defer_package_key(session)
        session.execute(objects.update().where(self._mine(offered.uuid)).values(current=False))
        is_read_again = bool(kept_id)
        row = {"state": "COMPLETE", "current": True, "package_id": offered.uuid, "report_status": done}
        if kept_id:
            session.execute(objects.update().where(objects.c.id == kept_id).values(row))
        else:
            guid = product_guid(offered.claim.product)
            row = object_row(self._terms, self._job, guid, offered.native) | row
            session.execute(objects.insert().values(row))
            kept_id = row["id"]
        # a record that is read again was met when it was last harvested, not now
        former = session.get(Offer, (offered.uuid, self._terms.source_id)) if is_read_again else None
        put_offer(
            session,
            package_id=offered.uuid,
            source_id=self._terms.source_id,
            provider_id=self._terms.provider_id,
            rank=self._terms.rank,
            content_hash=offered.content_hash,
            harvest_object_id=kept_id,
            last_run=former.last_run if former else self._job,
            suppressed=False,
        )
        count(session, self._slice, **{done: 1})

    def _mine(self, package_id: str) -> Any:
        """The current record of the source of this dataset, as a condition."""
        of_source = objects.c.harvest_source_id == self._terms.source_id
        return (objects.c.package_id == package_id) & of_source & objects.c.current

    def _withdraw_one(self, package_id: str, report: WriteReport) -> None:
        session = model.Session()
        existing = _existing(package_id)
        others = other_offers(session, [package_id], self._terms.source_id)
        claims = self._claims.of(others).get(package_id, [])
        forget_offers(session, self._terms.source_id, [package_id])
        done = "updated" if claims else "deleted"
        # before the dataset, whose document in the index names the source of a current record
        session.execute(objects.update().where(self._mine(package_id)).values(current=False))
        if existing is not None and existing["state"] == "active":
            self._make_again(claims, existing)
            if self._job:
                row = object_row(self._terms, self._job, _guid(existing), "") | {"state": "COMPLETE"}
                row |= {"current": False, "package_id": package_id, "report_status": done}
                session.execute(objects.insert().values(row))
            setattr(report, done, getattr(report, done) + 1)
            count(session, self._slice, **{done: 1})
        model.Session.commit()

    @staticmethod
    def _make_again(claims: Sequence[Claim], existing: Mapping[str, Any]) -> None:
        if claims:
            _update(compose(claims, uuid=existing["id"], name=existing["name"]), existing)
        else:
            toolkit.get_action("package_delete")(action_context(), {"id": existing["id"]})

    @contextmanager
    def _acting(self) -> Iterator[None]:
        """No activity is recorded unless wanted: harvest objects and reports tell the history of products."""
        if self._activities:
            yield
            return
        with toolkit.signals.action_succeeded.muted():
            yield


def _existing(uuid: str) -> Mapping[str, Any] | None:
    """The dataset, a deleted one with its organization and groups of before."""
    package = model.Package.get(uuid)
    if package is None:
        return None
    if package.state != "active":
        reactivate_members(model.Session(), [uuid])
    return toolkit.get_action("package_show")(action_context() | {"use_cache": False}, {"id": uuid})


def _update(dataset: Mapping[str, Any], existing: Mapping[str, Any]) -> None:
    """Make the existing dataset say this; a deleted one comes back."""
    whole = with_peoples_parts(dataset, existing) | {"state": "active"}
    # core would keep the old size of a file that has none any more, and trips over deleted resources
    session, there = model.Session(), {resource["id"] for resource in existing["resources"]}
    said = [resource for resource in dataset["resources"] if resource["id"] in there]
    blank = dict.fromkeys(("name", "mimetype", "size"), None) | {"hash": "", "format": ""}
    update_rows(
        session, "resource", [{"id": r["id"]} | {k: r.get(k, v) for k, v in blank.items()} for r in said]
    )
    purge_deleted_resources(session, existing["id"])
    session.expire_all()
    toolkit.get_action("package_update")(action_context(), whole)


def _guid(dataset: Mapping[str, Any]) -> str:
    return f"{dataset.get('collection_id')}/{dataset.get('identifier')}"


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
    if wanted and (report.added or report.updated or report.deleted):
        try:
            make_connection().commit()
        except Exception:  # of pysolr or below: what was sent becomes visible by Solr's own commits
            log.warning("Solr did not commit a batch", exc_info=True)


def _logged(error: Exception) -> str:
    if not isinstance(error, toolkit.ValidationError):
        log.exception("A product could not be written")
    return reason_of(error)
