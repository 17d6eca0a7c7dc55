"""What the database says around datasets: names of groups, collections, the days of a series of products."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Collection as Some
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ...eo.collection import CollectionRegistry
from ...package import COLLECTION_TYPE, PRODUCT_TYPE
from ...search.rows import read_rows
from .findings import MOST_FOUND
from .gaps import Gaps, gaps_of
from .reading import Described, collection_of
from .sources import faults_of
from .store import PACKAGE, any_of

# who holds this lock of PostgreSQL's has a run at work
_LOCK = 0x6E67_7175_616C
# days of one series by name of the collection; texts of times begin with the day
_DAYS = """
    SELECT lower(extras->>'collection_id') AS name, left(extras->>'timerange_start', 10) AS day
    FROM package
    WHERE type = :type AND state = 'active' AND NOT private AND extras->>'timerange_start' IS NOT NULL
    {among} GROUP BY 1, 2 ORDER BY 1, 2
"""
# native records that are XML, which are kept with what was last taken from each source
_KEPT = sa.text(
    "SELECT package_id, content FROM harvest_object"
    " WHERE package_id = ANY(:ids) AND current AND left(content, 1) = '<' ORDER BY package_id, id"
)
_DEADLOCK, _ATTEMPTS = "40P01", 5
T = TypeVar("T")
_group = sa.table("group", *map(sa.column, ("id", "name", "title", "is_organization", "state"))).c


class RunBusy(Exception):
    """Another run is at work."""


@contextmanager
def locked(engine: Engine, number: int = 0) -> Iterator[None]:
    """Be the only run of its kind for the time of the block; who is killed loses the lock with his
    connection. RunBusy when there is another one."""
    with engine.connect() as connection:
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LOCK + number))):
            raise RunBusy
        try:
            yield
        finally:
            connection.scalar(sa.select(sa.func.pg_advisory_unlock(_LOCK + number)))


def in_transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Do some work in a transaction; once more when PostgreSQL ended it because another one wrote the same
    rows in another order."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", "") != _DEADLOCK or attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def source_faults(connection: Connection, ids: Some[str]) -> dict[str, tuple[str, ...]]:
    """What the schemas refuse in the records of ISO that these datasets were harvested from; of a dataset
    that is from no such record, nothing."""
    if connection.scalar(sa.text("SELECT to_regclass('harvest_object')")) is None:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for package_id, text in connection.execute(_KEPT, {"ids": list(ids)}):
        faults = faults_of(text)
        if faults is not None:
            found[package_id] = tuple(dict.fromkeys((*found.get(package_id, ()), *faults)))[:MOST_FOUND]
    return found


def group_names(connection: Connection, ids: Some[str]) -> dict[str, str]:
    """Titles of active organizations and names of active groups by id."""
    asked = sa.select(_group.id, _group.name, _group.title, _group.is_organization)
    asked = asked.where(any_of(_group.id, ids), _group.state == "active")
    found = connection.execute(asked) if ids else ()
    return {row.id: (row.title or row.name) if row.is_organization else row.name for row in found}


def described_collections(connection: Connection, registry: CollectionRegistry) -> dict[str, Described]:
    """The public collections of the catalogue by id and alias in small letters, those that the registry knows
    included. Collections are few."""
    package = PACKAGE.c
    asked = sa.select(package.id).where(
        package.type == COLLECTION_TYPE, package.state == "active", sa.not_(package.private)
    )
    rows = read_rows(connection, list(connection.scalars(asked.order_by(package.id))), harvest=False)
    topics = group_names(connection, {group for listed in rows.groups.values() for group in listed})
    found: dict[str, Described] = {}
    for row in rows.packages:
        about = collection_of(row)
        if about is None:
            continue
        described = Described(about, tuple(topics[i] for i in rows.groups.get(row["id"], ()) if i in topics))
        known = registry.canonical(about.id)
        names = (about.id, *about.aliases, *((known.id, *known.aliases) if known else ()))
        for name in names:
            found.setdefault(name.lower(), described)
    return found


def series_gaps(connection: Connection, names: Some[str] = ()) -> Iterator[tuple[str, Gaps]]:
    """The gaps of the public products of each collection, by its id in small letters: of all, or of those
    named; one collection at a time is in memory."""
    among = "AND lower(extras->>'collection_id') = ANY(:names)" if names else ""
    asked: dict[str, Any] = {"type": PRODUCT_TYPE} | ({"names": list(names)} if names else {})
    statement = sa.text(_DAYS.format(among=among)).execution_options(yield_per=10_000)
    told = connection.execute(statement, asked)
    for name, rows in groupby(told, key=lambda row: row.name):
        if gaps := gaps_of(day for row in rows if (day := _day(row.day))):
            yield name, gaps


def gaps_by_name(connection: Connection, names: Some[str] = ()) -> Mapping[str, Gaps]:
    """Those gaps by the id of the collection in small letters."""
    return dict(series_gaps(connection, names))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
