"""What sources have brought in all: in the slices that are there, and in those that were cleared away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from .model import Base, Offer, Slice

COUNTED = ("seen", "added", "updated", "unchanged", "deleted", "errored", "requests", "bytes")


class Tally(Base):
    """What a source has brought by slices that are not there any more, so that its counters never go down."""

    __tablename__ = "nextgeoss_tally"

    source_id: Mapped[str] = mapped_column(primary_key=True)
    seen: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    added: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    updated: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    unchanged: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    deleted: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    errored: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    requests: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    bytes: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    # when a new product came last, and when people were told that none had come for long (naive UTC)
    last_added: Mapped[datetime | None]
    silence_told: Mapped[datetime | None]


@dataclass(slots=True)
class Brought:
    """What a source has brought since it is there."""

    counters: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    # by state: the slices that are there
    slices: dict[str, int] = field(default_factory=dict[str, int])
    # naive UTC
    last_added: datetime | None = None


def drop_slices(session: Session, *conditions: Any) -> int:
    """Delete slices, keeping what they counted in the tally of their source; how many."""
    gone = sa.delete(Slice).where(*conditions).returning(*_counted()).cte("gone")
    sums = sa.select(
        gone.c.source_id,
        *(sa.func.sum(gone.c[name]) for name in COUNTED),
        sa.func.max(gone.c.last_added),
    ).group_by(gone.c.source_id)
    number = session.scalar(
        sa.select(sa.func.count()).select_from(sa.select(Slice).where(*conditions).subquery())
    )
    row = insert(Tally).from_select(["source_id", *COUNTED, "last_added"], sums)
    added: dict[str, Any] = {name: getattr(Tally, name) + row.excluded[name] for name in COUNTED}
    latest = sa.func.greatest(Tally.last_added, row.excluded.last_added)
    session.execute(
        row.on_conflict_do_update(index_elements=["source_id"], set_=added | {"last_added": latest})
    )
    return number or 0


def brought(session: Session) -> Mapping[str, Brought]:
    """What each source has brought, by its id; costs a scan of the slices, of which there are few."""
    found: dict[str, Brought] = {}
    there = sa.select(Slice.source_id, Slice.state, sa.func.count(), *_sums(), sa.func.max(_last_added()))
    for source_id, state, number, *sums, last in session.execute(
        there.group_by(Slice.source_id, Slice.state)
    ):
        one = found.setdefault(source_id, Brought())
        one.slices[state] = number
        _add(one, sums, last)
    kept = sa.select(Tally.source_id, *(getattr(Tally, name) for name in COUNTED), Tally.last_added)
    for source_id, *sums, last in session.execute(kept):
        _add(found.setdefault(source_id, Brought()), sums, last)
    return found


def offered(session: Session) -> dict[str, int]:
    """How many products each source offers, by its id: a scan of an index with an entry for each offer."""
    query = sa.select(Offer.source_id, sa.func.count()).group_by(Offer.source_id)
    return {row[0]: row[1] for row in session.execute(query)}


def _last_added() -> Any:
    """When a slice last brought a new product, as nearly as is known."""
    return sa.case((Slice.added > 0, sa.func.coalesce(Slice.progressed, Slice.finished, Slice.started)))


def _counted() -> list[Any]:
    columns = [getattr(Slice, name) for name in COUNTED]
    return [Slice.source_id, *columns, _last_added().label("last_added")]


def _sums() -> list[Any]:
    return [sa.func.coalesce(sa.func.sum(getattr(Slice, name)), 0) for name in COUNTED]


def _add(one: Brought, sums: list[Any], last: datetime | None) -> None:
    for name, value in zip(COUNTED, sums, strict=True):
        one.counters[name] += int(value)
    if last and (one.last_added is None or last > one.last_added):
        one.last_added = last
