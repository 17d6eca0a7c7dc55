"""Bursts of ratings as rows: which datasets have one, and which ratings belong to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.orm import Session

from ..bursts import USUAL_DAYS, score, usual
from ..model import Item, Moderation, Target, utc_now
from ..moderation_model import Burst
from ..states import HIDDEN, PENDING, PUBLISHED
from .visible import PACKAGE, Caller, is_any

DAY = timedelta(days=1)
# what is noted of a rating that waits because of a burst
HELD = "held"
# ratings that were published at any time, whatever became of them since
_GIVEN = (PUBLISHED, PENDING, HIDDEN)


@dataclass(frozen=True, slots=True)
class Found:
    """A dataset that was rated much more often than usual in the last 24 hours."""

    package_id: str
    ratings: int
    # in a day
    usual: float
    score: float
    # of the stars that came
    average: float
    # the newest item among them
    item_id: str


def find(session: Session, now: datetime, *, least: int, above: float) -> list[Found]:
    """Datasets with at least so many ratings in 24 hours, so many deviations above what is usual."""
    newest = sa.func.array_agg(aggregate_order_by(Item.id, Item.published.desc()))
    asked = (
        sa.select(Target.package_id, sa.func.count(), sa.func.avg(Item.rating), newest)
        .join(Item, Item.id == Target.item_id)
        .where(is_any(Item.state, _GIVEN), Item.published > now - DAY, Item.published <= now)
        .where(Target.rater.is_not(None), Target.package_id.is_not(None))
        .group_by(Target.package_id)
        .having(sa.func.count() >= least)
    )
    found: list[Found] = []
    for package_id, ratings, average, ids in session.execute(asked).all():
        days = _days(session, package_id, now - DAY)
        how = score(ratings, days)
        if how >= above:
            found.append(Found(package_id, ratings, usual(days), how, float(average), ids[0]))
    return found


def _days(session: Session, package_id: str, end: datetime) -> list[int]:
    """How many ratings a dataset got on each of the days before."""
    day = sa.func.floor(sa.extract("epoch", sa.literal(end) - Item.published) / DAY.total_seconds())
    asked = (
        sa.select(day, sa.func.count())
        .join(Target, Target.item_id == Item.id)
        .where(Target.package_id == package_id, Target.rater.is_not(None), is_any(Item.state, _GIVEN))
        .where(Item.published <= end, Item.published > end - USUAL_DAYS * DAY)
        .group_by(day)
    )
    counts = {int(at): number for at, number in session.execute(asked)}
    return [counts.get(at, 0) for at in range(USUAL_DAYS)]


def raise_alarm(session: Session, found: Found, now: datetime) -> bool:
    """Note a burst; whether it is a new one. One that a moderator has looked at is raised again only by
    ratings that came a day later."""
    row = session.get(Burst, found.package_id, with_for_update=True, populate_existing=True)
    if row is not None and row.seen is not None and row.seen > now - DAY:
        return False
    is_new = row is None or row.seen is not None
    names = ("ratings", "usual", "score", "average")
    told: dict[str, Any] = {name: getattr(found, name) for name in names}
    if is_new:
        told |= {"since": now - DAY, "found": now, "seen": None}
    elif row is not None and row.ratings >= found.ratings:
        return False
    given = {"package_id": found.package_id, "since": now - DAY, "found": now, **told}
    statement = insert(Burst).values(**given)
    session.execute(statement.on_conflict_do_update(index_elements=["package_id"], set_=told))
    return is_new


def open_ones(session: Session, caller: Caller | None = None) -> Iterator[tuple[Burst, str, str]]:
    """Bursts that no moderator has looked at, those of a caller or all, with name and title of each."""
    package = PACKAGE.c
    asked = (
        sa.select(Burst, package.name, sa.func.coalesce(sa.func.nullif(package.title, ""), package.name))
        .join(PACKAGE, package.id == Burst.package_id)
        .where(Burst.seen.is_(None), package.state == "active")
        .order_by(Burst.score.desc(), Burst.package_id)
    )
    if caller is not None and not caller.sysadmin:
        asked = asked.where(is_any(package.owner_org, caller.moderates))
    yield from session.execute(asked.execution_options(populate_existing=True)).tuples()


def to_hold(session: Session, burst: Burst) -> Sequence[str]:
    """Published ratings of a burst that have not waited because of it yet."""
    held = sa.exists().where(Moderation.item_id == Item.id, Moderation.action == HELD)
    asked = sa.select(Item.id).where(*_of(burst), Item.state == PUBLISHED, sa.not_(held))
    return session.scalars(asked.order_by(Item.id)).all()


def held(session: Session, burst: Burst) -> Sequence[str]:
    """Ratings that wait because of a burst."""
    last = (
        sa.select(Moderation.action)
        .where(Moderation.item_id == Item.id, Moderation.to_state != Moderation.from_state)
        .order_by(Moderation.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    asked = sa.select(Item.id).where(*_of(burst), Item.state == PENDING, last == HELD)
    return session.scalars(asked.order_by(Item.id)).all()


def _of(burst: Burst) -> Iterator[sa.ColumnElement[bool]]:
    rating = sa.exists().where(
        Target.item_id == Item.id, Target.package_id == burst.package_id, Target.rater.is_not(None)
    )
    yield rating
    yield Item.published > burst.since


def clear(session: Session, package_id: str, user_id: str | None) -> Burst | None:
    """Note that a moderator has looked at a burst; the burst, or None when there is none to look at."""
    row = session.get(Burst, package_id, with_for_update=True, populate_existing=True)
    if row is None or row.seen is not None:
        return None
    row.seen, row.seen_by = utc_now(), user_id
    return row
