"""Summaries kept exact: what an item says before and after a change is taken and added under a lock. They
count what everybody may see who sees the dataset."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from ...search.outbox import enqueue
from ..model import Item, SummaryRow, Target, utc_now
from ..moderation_model import Burst
from ..said import said
from ..states import EXTERNAL, PUBLISHED
from ..summary import Said, Summary
from .visible import PACKAGE, Caller, is_any, is_readable

# what of an item is summed up (see said.py)
_SAYS = tuple(
    getattr(Item, name)
    for name in (
        "published", "root_id", "motivation", "rating", "expertise_level", "contact_role", "tags", "domains",
        "aspects", "issue_state", "issue_severity", "accepted_id", "parts",
    )
)  # fmt: skip
# items of which a session counts what is changed
_COUNTED = "nextgeoss_feedback_counted"
# datasets of which a summary is made anew at a time
_BATCH = 500


@contextmanager
def counted(session: Session, item_ids: Collection[str]) -> Iterator[None]:
    """Change these items, and no others, in here: the summaries of their datasets follow in the same
    transaction, and the datasets are indexed again. Items that are there are locked. What is counted around
    it already is left to that."""
    held: set[str] = session.info.setdefault(_COUNTED, set())
    ids = sorted(set(item_ids) - held)
    held.update(ids)
    try:
        yield from _counted(session, ids)
    finally:
        held.difference_update(ids)


def _counted(session: Session, ids: list[str]) -> Iterator[None]:
    session.execute(sa.select(Item.id).where(is_any(Item.id, ids)).order_by(Item.id).with_for_update())
    before = _said_of(session, ids)
    yield
    session.flush()
    after = _said_of(session, ids)
    changed = sorted(each for each in before.keys() | after.keys() if not _same(before[each], after[each]))
    if not changed:
        return
    locked = _locked(session, changed)
    for package_id, summary in locked.items():
        for gone in before[package_id]:
            summary.take(gone)
        for come in after[package_id]:
            summary.add(come)
        if summary.latest is None:
            summary.latest = _latest(session, package_id)
    _write(session, locked)
    enqueue(session, changed)


def read_summaries(
    session: Session, package_ids: Collection[str], caller: Caller | None = None
) -> dict[str, Summary]:
    """The summaries of these datasets, or of those that a caller may read, by one query; empty ones of those
    that nobody has said anything of."""
    row, package = SummaryRow, PACKAGE.c
    unseen = sa.and_(Burst.package_id == package.id, Burst.seen.is_(None))
    whole = PACKAGE.outerjoin(row, row.package_id == package.id).outerjoin(Burst, unseen)
    asked = (
        sa.select(package.id, row.counts, row.latest, Burst.package_id.is_not(None))
        .select_from(whole)
        .where(is_any(package.id, package_ids))
    )
    if caller is not None:
        asked = asked.where(is_readable(caller))
    return {
        package_id: Summary.read(counts or {}, latest, under_review)
        for package_id, counts, latest, under_review in session.execute(asked)
    }


def rebuild(session: Session, package_ids: Collection[str] | None = None) -> int:
    """Make the summaries of these datasets anew from their items, or those of all; how many were not as they
    should be. Commits after each batch."""
    wrong = 0
    for batch in _batches(session, package_ids):
        locked = _locked(session, batch)
        made = brute_force(session, batch)
        changed = {key: made[key] for key, summary in locked.items() if summary != made[key]}
        if changed:
            _write(session, changed)
            enqueue(session, changed)
        session.commit()
        wrong += len(changed)
    return wrong


def brute_force(session: Session, package_ids: Collection[str]) -> dict[str, Summary]:
    """The summaries of these datasets as their items say, counted one by one."""
    found = {package_id: Summary() for package_id in package_ids}
    for package_id, each in _read_said(session, is_any(Target.package_id, package_ids)):
        found[package_id].add(each)
    return found


def mean_rating(session: Session) -> float | None:
    """The mean of all ratings of the site; None without any."""
    sums = sa.select(sa.func.sum(SummaryRow.rating_sum), sa.func.sum(SummaryRow.ratings))
    stars, ratings = session.execute(sums.where(SummaryRow.ratings > 0)).one()
    return stars / ratings if ratings else None


def best_rated(session: Session, caller: Caller, kind: str, number: int, weight: float) -> list[str]:
    """The ids of the datasets of a type that are rated best, of those that a caller may read, by their means
    drawn to that of the site with `weight`; at most so many."""
    row, package = SummaryRow, PACKAGE.c
    rank = (weight * (mean_rating(session) or 0.0) + row.rating_sum) / (weight + row.ratings)
    asked = sa.select(row.package_id).join(PACKAGE, package.id == row.package_id)
    asked = asked.where(package.type == kind, row.ratings > 0, is_readable(caller))
    return list(
        session.scalars(asked.order_by(rank.desc(), row.ratings.desc(), row.package_id).limit(number))
    )


def _said_of(session: Session, ids: Collection[str]) -> Mapping[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for package_id, each in _read_said(session, is_any(Item.id, ids)):
        found[package_id].append(each)
    return found


def _read_said(session: Session, condition: Any) -> Iterator[tuple[str, Said]]:
    """(dataset, what is said of it), read as the database holds it now."""
    asked = (
        sa.select(Item.id, Target.package_id, Target.role, Target.rater, *_SAYS)
        .join(Target, Target.item_id == Item.id)
        .where(condition, Item.state == PUBLISHED, Target.package_id.is_not(None), _is_for_all())
        .order_by(Item.id, Target.position)
    )
    seen: set[tuple[str, str]] = set()
    for row in session.execute(asked.execution_options(yield_per=1000)):
        # who names a dataset twice, as a whole and a file of it, speaks of it once
        if (row.id, row.package_id) not in seen:
            seen.add((row.id, row.package_id))
            yield row.package_id, said(row, row)


def _is_for_all() -> sa.ColumnElement[bool]:
    """Who may see the dataset of the target may see the item, too: it is about no other one that is private
    or gone. What counts is what is noted on targets, which changes only while the item is locked."""
    other = aliased(Target)
    unseen = sa.or_(other.private, sa.and_(other.gone, other.kind != EXTERNAL))
    return sa.not_(
        sa.exists().where(other.item_id == Target.item_id, other.package_id != Target.package_id, unseen)
    )


def _same(one: Iterable[Said], other: Iterable[Said]) -> bool:
    return Counter(map(_key, one)) == Counter(map(_key, other))


def _key(each: Said) -> tuple[Any, ...]:
    return (each.published, *sorted(Counter(each.counts()).items()))


def _locked(session: Session, package_ids: Collection[str]) -> dict[str, Summary]:
    """The summaries of these datasets, which nobody else can change before the transaction ends. They are
    always locked in the same order, so that two transactions do not wait for each other."""
    ids = sorted(package_ids)
    new = [{"package_id": package_id, "modified": utc_now(), "counts": {}} for package_id in ids]
    session.execute(insert(SummaryRow).on_conflict_do_nothing(), new)
    row = SummaryRow
    asked = sa.select(row.package_id, row.counts, row.latest).where(is_any(row.package_id, ids))
    rows = session.execute(asked.order_by(row.package_id).with_for_update())
    return {package_id: Summary.read(counts, latest) for package_id, counts, latest in rows}


def _latest(session: Session, package_id: str) -> datetime | None:
    asked = (
        sa.select(sa.func.max(Item.published))
        .join(Target, Target.item_id == Item.id)
        .where(Target.package_id == package_id, Item.state == PUBLISHED, _is_for_all())
    )
    return session.scalar(asked)


def _write(session: Session, summaries: Mapping[str, Summary]) -> None:
    rows = [
        {
            "package_id": package_id,
            "items": summary.count("items"),
            "ratings": summary.ratings,
            "rating_sum": summary.rating_sum,
            "latest": summary.latest,
            "counts": summary.write(),
            "modified": utc_now(),
        }
        for package_id, summary in summaries.items()
    ]
    # they are there; as an insertion they go in one statement
    statement = insert(SummaryRow)
    new = {name: statement.excluded[name] for name in rows[0] if name != "package_id"}
    session.execute(statement.on_conflict_do_update(index_elements=["package_id"], set_=new), rows)


def _batches(session: Session, package_ids: Collection[str] | None) -> Iterator[list[str]]:
    if package_ids is not None:
        ids = sorted(set(package_ids))
        yield from (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
        return
    last = ""
    while True:
        asked = sa.union(
            sa.select(Target.package_id)
            .where(Target.package_id > last)
            .distinct()
            .order_by(Target.package_id)
            .limit(_BATCH),
            sa.select(SummaryRow.package_id)
            .where(SummaryRow.package_id > last)
            .order_by(SummaryRow.package_id)
            .limit(_BATCH),
        )
        batch = sorted(each for each in session.scalars(asked) if each)[:_BATCH]
        if not batch:
            return
        yield batch
        last = batch[-1]
