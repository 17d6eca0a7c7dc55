"""Wishes to index datasets, kept in the database until they are fulfilled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.orm import Session

from .model import Outbox

_SEQUENCE = f"{Outbox.__tablename__}_seq_seq"


def enqueue(session: Session | Connection, package_ids: Iterable[str]) -> None:
    """Have these datasets indexed once the transaction of `session` is committed: also new, private or
    deleted ones, whose documents are then as the database says, or gone."""
    if rows := [{"package_id": package_id} for package_id in package_ids]:
        session.execute(sa.insert(Outbox), rows)


def enqueue_waiting(session: Session, package_id: str) -> None:
    """Have a dataset indexed again that waits to be indexed, because it changes in this transaction: an
    indexer that has read it before may send what it read after CKAN has sent what it is now."""
    waits = sa.exists().where(Outbox.package_id == package_id)
    again = sa.select(sa.literal(package_id, sa.UnicodeText)).where(waits)
    session.execute(sa.insert(Outbox).from_select(["package_id"], again))


# numbers of wishes by dataset; several may be for the same one
Wishes: TypeAlias = Mapping[str, list[int]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How the outbox stands: datasets that wait, since when the oldest (naive UTC), refused ones and why."""

    datasets: int
    oldest: datetime | None
    refused: Mapping[str, str]


def take(connection: Connection, limit: int, without: Collection[int] = ()) -> Wishes:
    """The first `limit` wishes that are neither refused nor among the numbers `without`; they stay where they
    are. Always from the first: a transaction with a lower number may have been committed since."""
    query = sa.select(Outbox.seq, Outbox.package_id).where(Outbox.error.is_(None))
    found: dict[str, list[int]] = {}
    taken = 0
    for seq, package_id in connection.execute(query.order_by(Outbox.seq).limit(limit + len(without))):
        if seq not in without and taken < limit:
            taken += 1
            found.setdefault(package_id, []).append(seq)
    return found


def fulfil(connection: Connection, wishes: Wishes, refused: Mapping[str, str]) -> None:
    """Delete wishes that are fulfilled, and what was refused of the same datasets before; keep those that are
    refused now, with the reason."""
    done = [seq for package_id, seqs in wishes.items() if package_id not in refused for seq in seqs]
    datasets = [package_id for package_id in wishes if package_id not in refused]
    if done:
        numbers = sa.any_(sa.literal(done, sa.ARRAY(sa.BigInteger)))
        connection.execute(sa.delete(Outbox).where(Outbox.seq == numbers))
        known = sa.any_(sa.literal(datasets, sa.ARRAY(sa.UnicodeText)))
        connection.execute(sa.delete(Outbox).where(Outbox.error.is_not(None), Outbox.package_id == known))
    for package_id, reason in refused.items():
        connection.execute(sa.update(Outbox).where(Outbox.seq.in_(wishes[package_id])).values(error=reason))


def count_fulfilled(connection: Connection) -> int:
    """How many wishes have ever left the outbox; what is lost of numbers by transactions that were taken back
    counts, too. The difference of two counts tells how fast the indexer works."""
    last = sa.func.pg_sequence_last_value(sa.cast(_SEQUENCE, REGCLASS))
    query = sa.select(sa.func.coalesce(last, 0) - sa.select(sa.func.count(Outbox.seq)).scalar_subquery())
    return connection.scalar(query) or 0


def read_waiting(connection: Connection, refused: int = 20) -> Waiting:
    """How the outbox stands, with at most `refused` of the refused datasets."""
    waits = Outbox.error.is_(None)
    counts = sa.select(sa.func.count(sa.distinct(Outbox.package_id)), sa.func.min(Outbox.queued)).where(waits)
    datasets, oldest = connection.execute(counts).one()
    errors = sa.select(Outbox.package_id, Outbox.error).where(~waits).order_by(Outbox.seq).limit(refused)
    return Waiting(datasets, oldest, {row[0]: row[1] or "" for row in connection.execute(errors)})
