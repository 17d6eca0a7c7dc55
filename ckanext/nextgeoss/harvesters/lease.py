"""Leases: who works on something holds a lock of PostgreSQL's on a connection of its own. The lock goes with
the connection, so what a dead worker held is free at once, and no clock is involved."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

# a host that has vanished is missed after about a minute
_KEEPALIVE = (
    "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3; "
    "SET application_name = 'nextgeoss lease'"
)
_HELD = """
    SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_PAUSE = 0.5  # seconds between two attempts


class LeaseLost(Exception):
    """The connection that held a lease has broken: somebody else may be at work by now."""


class Lease:
    """A lease that is held."""

    def __init__(self, connection: sa.Connection):
        self._connection = connection

    def check(self) -> None:
        """LeaseLost when it is not held any more."""
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except DBAPIError as error:
            raise LeaseLost(str(error)) from error


@contextmanager
def lease(session: Session, name: str, wait: Callable[[], bool]) -> Iterator[Lease | None]:
    """Hold the lease of this name, in the database of `session`, for the time of the block.

    `wait` is called again and again while somebody else holds it; when it says False the block gets None."""
    with _engine(session.get_bind().engine.url).connect() as connection:
        connection.exec_driver_sql(_KEEPALIVE)
        while not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_key(name)))):
            if not wait():
                yield None
                return
            time.sleep(_PAUSE)
        yield Lease(connection)


def free(session: Session, names: Iterable[str]) -> set[str]:
    """Those of these leases that nobody holds."""
    held = set(session.scalars(sa.text(_HELD)))
    return {name for name in names if _key(name) not in held}


@cache
def _engine(url: sa.URL) -> sa.Engine:
    return sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")


def _key(name: str) -> int:
    """The number of a lock: 64 bits with a sign."""
    return int.from_bytes(hashlib.sha256(f"nextgeoss {name}".encode()).digest()[:8], "big", signed=True)
