"""What is known of links, as rows of the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from ...eo.temporal import format_time, parse_time
from .links import Link, Seen
from .model import QualityLink
from .reading import naive
from .store import PACKAGE, any_of

# addresses of one dataset that are looked at
MOST_OF_ONE = 20
_LONGEST = 2000
_KNOWN = ("reason", "status", "seconds", "media_type", "size", "format", "moved_to")
_resource = sa.table("resource", *map(sa.column, ("package_id", "url", "state", "position"))).c


def known_links(connection: Connection, urls: Iterable[str]) -> dict[str, Link]:
    """What is known of these addresses, by address; those never looked at are left out."""
    by_key = {_key(url): url for url in urls}
    if not by_key:
        return {}
    found = connection.execute(sa.select(QualityLink.__table__).where(any_of(QualityLink.key, by_key)))
    return {by_key[row.key]: _link(row) for row in found}


def due_links(connection: Connection, now: datetime, limit: int) -> list[Link]:
    """Links to be looked at again, those that have waited longest first."""
    asked = sa.select(QualityLink.__table__).where(QualityLink.due <= naive(now))
    return [_link(row) for row in connection.execute(asked.order_by(QualityLink.due).limit(limit))]


def write_links(connection: Connection, links: Iterable[Link]) -> None:
    """Write what is known of links."""
    rows = [_row(link) for link in links]
    if rows:
        statement = insert(QualityLink)
        new = {name: statement.excluded[name] for name in rows[0] if name not in ("key", "url")}
        connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=new), rows)


def forget_unused(connection: Connection) -> int:
    """Drop links that no dataset has any more; gives how many."""
    used = sa.exists().where(_resource.url == QualityLink.url, _resource.state == "active")
    return connection.execute(sa.delete(QualityLink).where(sa.not_(used))).rowcount


def make_due(connection: Connection, urls: Sequence[str], now: datetime) -> int:
    """Have known links looked at in the next run; gives how many."""
    keys = [_key(url) for url in urls]
    due = sa.update(QualityLink).where(any_of(QualityLink.key, keys)).values(due=naive(now))
    return connection.execute(due).rowcount


def addresses_after(connection: Connection, after: str, limit: int) -> tuple[str, list[str]]:
    """Addresses of the web of some datasets after this one, and the last of these datasets; "" when there is
    none left."""
    package = PACKAGE.c
    asked = sa.select(package.id).where(package.id > after, package.state == "active")
    ids = list(connection.scalars(asked.order_by(package.id).limit(limit)))
    if not ids:
        return "", []
    rank = sa.func.row_number().over(partition_by=_resource.package_id, order_by=_resource.position)
    ranked = (
        sa.select(_resource.package_id, _resource.url, rank.label("rank"))
        .where(any_of(_resource.package_id, ids), _resource.state == "active")
        .where(_resource.url.op("~*")("^https?://"))
        .subquery()
    )
    wanted = sa.select(ranked.c.url).where(ranked.c.rank <= MOST_OF_ONE)
    urls = list(connection.scalars(wanted.order_by(ranked.c.package_id, ranked.c.rank)))
    return ids[-1], list(dict.fromkeys(urls))


def _key(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def _row(link: Link) -> dict[str, Any]:
    history = [[format_time(s.at), s.outcome, s.status, _clean(s.reason)] for s in link.history]
    given = {name: getattr(link, name) for name in _KNOWN}
    known = {
        name: _clean(value) if isinstance(value, str) else value
        for name, value in given.items()
        if value not in (None, "", 0.0)
    }
    if link.size == 0:
        known["size"] = 0
    return {
        "key": _key(link.url),
        "url": link.url,
        "state": link.state,
        "failures": link.failures,
        "checked": naive(link.checked) if link.checked else None,
        "due": naive(link.due) if link.due else None,
        "known": {**known, "history": history},
    }


def _clean(text: str) -> str:
    """A text from a server as JSON of PostgreSQL holds it: without NUL, and not endless."""
    return text.replace("\0", "")[:_LONGEST]


def _link(row: Any) -> Link:
    known = dict(row.known)
    history = tuple(
        Seen(at=parse_time(at), outcome=outcome, status=status, reason=reason)
        for at, outcome, status, reason in known.pop("history", ())
    )
    return Link(
        url=row.url,
        state=row.state,
        failures=row.failures,
        checked=aware(row.checked),
        due=aware(row.due),
        history=history,
        **known,
    )


def aware(time: datetime | None) -> datetime | None:
    """A time of a row, which is in UTC, as one that says so."""
    return parse_time(f"{time.isoformat()}Z") if time else None
