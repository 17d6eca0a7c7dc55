"""Figures of a site or an organization: how much feedback there is, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, FromClause
from sqlalchemy.orm import Session, aliased

from ..model import Item, Moderation, Target
from ..states import OPEN_ISSUES, PENDING, PUBLISHED
from .visible import Caller, all_visible, is_any, is_visible

# of the trend by months
MONTHS = 24


def figures(session: Session, caller: Caller, organization_id: str = "") -> dict[str, Any]:
    """Counts of published feedback that a caller may see, on the datasets of an organization or on all."""
    here = list(_on(organization_id))
    source, seen = (Item.__table__, is_visible(caller)) if here else all_visible(caller)
    shown = [Item.state == PUBLISHED, seen, *here]
    first = Item.root_id.is_(None)
    open_issue = is_any(Item.issue_state, OPEN_ISSUES)
    question = sa.and_(Item.motivation == "question", first)
    row = session.execute(
        sa.select(
            sa.func.count().filter(first).label("items"),
            sa.func.count().filter(sa.not_(first)).label("replies"),
            sa.func.count().filter(Item.rating.is_not(None)).label("ratings"),
            sa.func.avg(Item.rating).label("average"),
            sa.func.count(sa.distinct(Item.user_id)).label("authors"),
            sa.func.count().filter(open_issue).label("open_issues"),
            sa.func.count().filter(question).label("questions"),
            sa.func.count().filter(sa.and_(question, Item.accepted_id.is_(None))).label("open_questions"),
        )
        .select_from(source)
        .where(*shown)
    ).one()
    found = dict(row._mapping)
    found["average"] = None if row.average is None else round(float(row.average), 4)
    found["pending"] = _count(session, [Item.state == PENDING, *here])
    found["flagged"] = _count(session, [Item.flags > 0, *here])
    found["by_month"] = _by_month(session, source, [*shown, first])
    found["median_answer_hours"] = _answer_hours(session, source, shown)
    return found


def log_of(session: Session, item_id: str) -> list[Moderation]:
    """What became of an item, the first first."""
    asked = sa.select(Moderation).where(Moderation.item_id == item_id)
    return list(session.scalars(asked.order_by(Moderation.id)))


def drop_log(session: Session, before: datetime) -> int:
    """Forget what became of items that are gone before then; how many lines there were."""
    there = sa.exists().where(Item.id == Moderation.item_id)
    old = sa.delete(Moderation).where(Moderation.at < before, sa.not_(there))
    return session.connection().execute(old).rowcount


def _on(organization_id: str) -> Iterator[ColumnElement[bool]]:
    if organization_id:
        about = aliased(Target)
        yield sa.exists().where(about.item_id == Item.id, about.owner_org == organization_id)


def _count(session: Session, conditions: list[ColumnElement[bool]]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Item).where(*conditions)) or 0


def _by_month(
    session: Session, source: FromClause, conditions: list[ColumnElement[bool]]
) -> list[dict[str, Any]]:
    month = sa.func.to_char(Item.published, "YYYY-MM")
    query = sa.select(month, sa.func.count(), sa.func.avg(Item.rating)).select_from(source)
    rows = session.execute(
        query.where(*conditions).group_by(month).order_by(month.desc()).limit(MONTHS)
    ).all()
    return [
        {"month": each, "items": items, "average": None if mean is None else round(float(mean), 4)}
        for each, items, mean in reversed(rows)
    ]


def _answer_hours(
    session: Session, source: FromClause, conditions: list[ColumnElement[bool]]
) -> float | None:
    """The median time between a question and the first official answer to it."""
    answer = aliased(Item)
    first = (
        sa.select(sa.func.min(answer.published))
        .where(answer.root_id == Item.id, answer.motivation == "response", answer.state == PUBLISHED)
        .scalar_subquery()
    )
    waited = sa.extract("epoch", first - Item.published) / 3600
    questions = sa.select(waited.label("hours")).select_from(source)
    asked = questions.where(Item.motivation == "question", *conditions).subquery()
    median = sa.func.percentile_cont(0.5).within_group(asked.c.hours)
    found = session.scalar(sa.select(median).where(asked.c.hours.is_not(None)))
    return None if found is None else round(float(found), 2)
