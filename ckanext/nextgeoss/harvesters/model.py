"""Tables of the harvester: slices of work, and what each source offers of each product."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column

from .offers import StoredOffer

# states of slices
WAITING, RUNNING, DONE, STOPPED, FAILED = "waiting", "running", "done", "stopped", "failed"
OPEN = (WAITING, RUNNING)
# classes of what is wrong with a slice that is done all the same: fewer products than the provider counts, or
# a count that went down while they were read
SHORT, SHRUNK = "short", "shrunk"


def utc_now() -> datetime:
    """The time as ckanext-harvest stores it: UTC, without saying so."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


class Base(DeclarativeBase):
    """Our own tables; there are no foreign keys into CKAN's, so nothing of CKAN's waits for us."""

    type_annotation_map = {str: sa.UnicodeText, datetime: sa.DateTime, dict[str, Any]: JSONB}


class Slice(Base):
    """A bounded list of work of one job: its id is that of the harvest object which carries it."""

    __tablename__ = "nextgeoss_slice"

    id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(index=True)
    source_id: Mapped[str] = mapped_column(index=True)
    key: Mapped[str]
    query: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default=WAITING, server_default=WAITING)
    # the request of the next page, as of the last page written; None before the first
    cursor: Mapped[str | None]
    seen: Mapped[int] = mapped_column(default=0, server_default="0")
    added: Mapped[int] = mapped_column(default=0, server_default="0")
    updated: Mapped[int] = mapped_column(default=0, server_default="0")
    unchanged: Mapped[int] = mapped_column(default=0, server_default="0")
    deleted: Mapped[int] = mapped_column(default=0, server_default="0")
    errored: Mapped[int] = mapped_column(default=0, server_default="0")
    requests: Mapped[int] = mapped_column(default=0, server_default="0")
    bytes: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    # the provider's own count
    total: Mapped[int | None]
    # naive UTC, as all of ckanext-harvest's times
    started: Mapped[datetime | None]
    finished: Mapped[datetime | None]
    error: Mapped[str | None]
    # a word for the kind of error, to count by
    error_class: Mapped[str | None]
    # the slice that goes on where this one handed over
    successor: Mapped[str | None]
    # when a page was last written
    progressed: Mapped[datetime | None]
    # how often it was begun since then
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    # products that are not taken because a person has deleted them
    suppressed: Mapped[int] = mapped_column(default=0, server_default="0")


class Run(Base):
    """What a harvest job is to do, and how it ended."""

    __tablename__ = "nextgeoss_run"

    job_id: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(index=True)
    # one of MODES in source.py
    mode: Mapped[str]
    # what was wanted besides, see runs.py
    options: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    # what the provider is asked for, but `since`: runs that ask the same can go on from one another
    asked: Mapped[dict[str, Any] | None]
    # only what changed at the provider since then is asked; None: everything
    since: Mapped[datetime | None]
    created: Mapped[datetime] = mapped_column(
        default=utc_now, server_default=sa.text("timezone('utc', now())")
    )
    # when the provider was first asked
    started: Mapped[datetime | None]
    # when the slices were planned
    gathered: Mapped[datetime | None]
    finished: Mapped[datetime | None]
    # complete, incomplete, failed or cancelled; None while it goes on
    result: Mapped[str | None]
    # what people should know of the end
    message: Mapped[str | None]
    # when people were told of its errors
    told: Mapped[datetime | None]


class Offer(Base):
    """What one source says of one product."""

    __tablename__ = "nextgeoss_offer"

    package_id: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    provider_id: Mapped[str]
    rank: Mapped[int]
    content_hash: Mapped[str]
    harvest_object_id: Mapped[str]
    last_run: Mapped[str]
    suppressed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


@dataclass(frozen=True, slots=True)
class Counters:
    """What the slices of a job have counted, in products; `failed` counts slices that ended with an error."""

    seen: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    errored: int = 0
    failed: int = 0


_package = sa.table("package", sa.column("id"), sa.column("state"))
_object = sa.table("harvest_object", sa.column("id"))
# stands for the hash of an offer whose record was cleared away with the history: it is written anew
_LOST = "record lost"


def plan_slices(session: Session, slices: Iterable[Mapping[str, Any]]) -> None:
    """Insert these rows of `nextgeoss_slice`, leaving alone what is there already."""
    if rows := list(slices):
        session.execute(insert(Slice).on_conflict_do_nothing(index_elements=[Slice.id]), rows)


def get_slice(session: Session, slice_id: str) -> Slice | None:
    """The slice of this id, as it is in the database now."""
    return session.get(Slice, slice_id, populate_existing=True)


def count(session: Session, slice_id: str, **steps: int) -> None:
    """Add to counters of a slice, in the transaction of what is counted."""
    values = {name: getattr(Slice, name) + step for name, step in steps.items()}
    session.execute(sa.update(Slice).where(Slice.id == slice_id).values(values))


def stored_offers(
    session: Session, source_id: str, run: str, package_ids: Sequence[str]
) -> dict[str, StoredOffer]:
    """What is known of these datasets and of what `source_id` offered of them; `run` is the id of the job."""
    mine = sa.and_(Offer.package_id == _package.c.id, Offer.source_id == source_id)
    theirs = aliased(Offer)
    others = (
        sa.exists()
        .where(theirs.package_id == _package.c.id, theirs.source_id != source_id)
        .correlate(_package)
    )
    recorded = sa.exists().where(_object.c.id == Offer.harvest_object_id).correlate(Offer)
    content_hash = sa.case((Offer.content_hash.is_(None), ""), (recorded, Offer.content_hash), else_=_LOST)
    held_back = sa.exists().where(theirs.package_id == _package.c.id, theirs.suppressed).correlate(_package)
    held = (
        sa.select(_package.c.id, _package.c.state, others, content_hash, held_back, Offer.last_run)
        .select_from(_package.outerjoin(Offer, mine))
        .where(_package.c.id.in_(package_ids))
    )
    gone = sa.select(Offer.package_id).where(
        Offer.package_id.in_(package_ids),
        Offer.suppressed,
        ~sa.exists().where(_package.c.id == Offer.package_id),
    )
    known = {row[0]: StoredOffer(suppressed=True) for row in session.execute(gone)}
    for package_id, state, shared, stored_hash, suppressed, last_run in session.execute(held):
        known[package_id] = StoredOffer(
            package_state=state,
            content_hash=stored_hash,
            shared=shared,
            suppressed=bool(suppressed),
            seen=last_run == run,
        )
    return known


def put_offer(session: Session, **values: Any) -> None:
    """Store an offer, replacing what the same source offered of the same package."""
    row = insert(Offer).values(**values)
    kept = ("package_id", "source_id")
    new = {name: row.excluded[name] for name in values if name not in kept}
    session.execute(row.on_conflict_do_update(index_elements=kept, set_=new))


def seen_offers(session: Session, source_id: str, run: str, package_ids: Sequence[str]) -> None:
    """Note that the job `run` has seen these packages unchanged."""
    session.execute(
        sa.update(Offer)
        .where(Offer.source_id == source_id, Offer.package_id.in_(package_ids))
        .values(last_run=run)
    )


def hold_offers(session: Session, package_ids: Sequence[str], held: bool = True) -> None:
    """Note that people have deleted these packages, so that what is offered of them is not taken again; or
    (not `held`) that people have brought them back."""
    session.execute(
        sa.update(Offer)
        .where(Offer.package_id.in_(package_ids), Offer.suppressed != held)
        .values(suppressed=held)
    )


def other_offers(session: Session, package_ids: Sequence[str], source_id: str) -> list[Offer]:
    """What sources other than `source_id` offer of these packages."""
    query = sa.select(Offer).where(Offer.package_id.in_(package_ids), Offer.source_id != source_id)
    return list(session.scalars(query)) if package_ids else []


def shared_packages(session: Session, source_id: str) -> list[str]:
    """The active packages that this source and others offer."""
    theirs = aliased(Offer)
    others = sa.exists().where(theirs.package_id == Offer.package_id, theirs.source_id != source_id)
    held = Offer.__table__.join(_package, _package.c.id == Offer.package_id)
    query = sa.select(Offer.package_id).select_from(held)
    return list(
        session.scalars(query.where(Offer.source_id == source_id, others, _package.c.state == "active"))
    )


def forget_offers(session: Session, source_id: str, package_ids: Sequence[str]) -> None:
    """Delete what a source offers of these packages, but not that people hold it back."""
    session.execute(
        sa.delete(Offer).where(
            Offer.source_id == source_id, Offer.package_id.in_(package_ids), Offer.suppressed.is_(False)
        )
    )


def forget_source(session: Session, source_id: str) -> None:
    """Delete all that a source offers, and its runs."""
    session.execute(sa.delete(Offer).where(Offer.source_id == source_id))
    session.execute(sa.delete(Run).where(Run.source_id == source_id))


def reactivate_members(session: Session, package_ids: Sequence[str]) -> None:
    """Put datasets back into their organization and groups, which deleting them has ended."""
    statement = (
        "UPDATE member SET state = 'active' FROM package WHERE package.id = member.table_id "
        "AND member.table_name = 'package' AND member.table_id = ANY(:ids) "
        "AND (member.capacity <> 'organization' OR member.group_id = package.owner_org)"
    )
    session.execute(sa.text(statement), {"ids": list(package_ids)})


def detach_objects(session: Session, source_id: str, package_ids: Sequence[str]) -> None:
    """Let the records of a source be of no dataset, for these."""
    statement = (
        "UPDATE harvest_object SET package_id = NULL, current = false "
        "WHERE harvest_source_id = :source AND package_id = ANY(:ids)"
    )
    session.execute(sa.text(statement), {"source": source_id, "ids": list(package_ids)})


def count_offers(session: Session, source_id: str) -> int:
    """Number of active packages of which a source has an offer."""
    held = Offer.__table__.join(_package, _package.c.id == Offer.package_id)
    query = sa.select(sa.func.count()).select_from(held)
    return session.scalar(query.where(Offer.source_id == source_id, _package.c.state == "active")) or 0


def job_counters(session: Session, job_ids: Sequence[str]) -> dict[str, Counters]:
    """The sums of the slices of each of these jobs; jobs without slices have zeros."""
    names = [field.name for field in fields(Counters) if field.name != "failed"]
    sums = [sa.func.coalesce(sa.func.sum(getattr(Slice, name)), 0) for name in names]
    failed = sa.func.count().filter(Slice.state == FAILED)
    query = sa.select(Slice.job_id, *sums, failed).where(Slice.job_id.in_(job_ids)).group_by(Slice.job_id)
    found = {row[0]: Counters(*(int(value) for value in row[1:])) for row in session.execute(query)}
    return {job_id: found.get(job_id, Counters()) for job_id in job_ids}


def defer_package_key(session: Session) -> None:
    """Let harvest objects of this transaction come before the package they name."""
    session.execute(sa.text("SET CONSTRAINTS harvest_object_package_id_fkey DEFERRED"))
