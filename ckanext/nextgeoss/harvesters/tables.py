"""Sets of rows in and out of CKAN's own tables, by COPY and by one statement a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from psycopg2.extras import Json, execute_values
from sqlalchemy.orm import Session

from ..eo import fast_json
from .changes import Held
from .uuid7 import uuid7

Rows = Sequence[Mapping[str, Any]]

# columns of rows that are updated in sets, with the types that PostgreSQL cannot see in a list of values
_UPDATED: dict[str, dict[str, str]] = {
    "package": {
        "title": "text", "notes": "text", "owner_org": "text", "private": "boolean", "extras": "jsonb",
        "state": "text", "metadata_modified": "timestamp",
    },
    "resource": {
        "url": "text", "format": "text", "name": "text", "hash": "text", "mimetype": "text", "size": "bigint",
        "extras": "text", "position": "integer", "state": "text", "metadata_modified": "timestamp",
    },
    "package_tag": {"state": "text"},
    "member": {"state": "text"},
}  # fmt: skip
_OFFER_KEYS = ("package_id", "source_id")


def copy_rows(session: Session, table: str, rows: Rows) -> None:
    """Insert rows of one shape, in the transaction of the session; objects become JSON."""
    if not rows:
        return
    columns = list(rows[0])
    # rows are of one shape: their values stand in the order of the columns
    text = "\n".join(["\t".join([_cell(value) for value in row.values()]) for row in rows])
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with _cursor(session) as cursor:
        cursor.copy_expert(statement, BytesIO(text.encode()))


def update_rows(session: Session, table: str, rows: Rows) -> None:
    """Set columns of rows with these ids; rows of one shape."""
    if not rows:
        return
    types = _UPDATED[table]
    columns = [name for name in rows[0] if name in types]
    setting = ", ".join(f"{name} = given.{name}" for name in columns)
    casts = ", ".join(["%s", *(f"%s::{types[name]}" for name in columns)])
    statement = (
        f"UPDATE {table} SET {setting} FROM (VALUES %s) AS given (id, {', '.join(columns)}) "  # noqa: S608
        f"WHERE {table}.id = given.id"
    )
    values = [[row["id"], *(_adapted(row[name], types[name]) for name in columns)] for row in rows]
    with _cursor(session) as cursor:
        execute_values(cursor, statement, values, f"({casts})", page_size=len(values))


def put_offers(session: Session, same: Mapping[str, Any], rows: Rows) -> None:
    """Insert offers, each in the place of what the same source offered of the same package; `same` are the
    columns that all of them share."""
    if not rows:
        return
    columns = [*rows[0], *same]
    setting = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in _OFFER_KEYS)
    # a list of texts for each column costs both sides less than a list of values for each row
    given = ", ".join(f"unnest(:{name} ::text[])" for name in rows[0])
    statement = (
        f"INSERT INTO nextgeoss_offer ({', '.join(columns)}) "
        f"SELECT {given}, {', '.join(f':{name}' for name in same)} "
        f"ON CONFLICT ({', '.join(_OFFER_KEYS)}) DO UPDATE SET {setting}"
    )
    lists = {name: [row[name] for row in rows] for name in rows[0]}
    session.execute(sa.text(statement), {**lists, **same})


def lock_datasets(session: Session, ids: Sequence[str]) -> dict[str, Held]:
    """The rows of the datasets that are there, locked until the transaction ends.

    Always in the order of ids, so that two writers wait for each other in turn."""
    if not ids:
        return {}
    packages = _select(session, "SELECT * FROM package WHERE id = ANY(:ids) ORDER BY id FOR UPDATE", ids)
    if not packages:
        return {}
    there = [row["id"] for row in packages]
    by_package = "SELECT * FROM resource WHERE package_id = ANY(:ids) ORDER BY package_id, position, id"
    resources = _grouped(_select(session, by_package, there), "package_id")
    tagged = (
        "SELECT pt.id, pt.package_id, pt.state, t.name FROM package_tag pt JOIN tag t ON t.id = pt.tag_id "
        "WHERE pt.package_id = ANY(:ids)"
    )
    tags = _grouped(_select(session, tagged, there), "package_id")
    belonging = "SELECT * FROM member WHERE table_id = ANY(:ids) AND table_name = 'package' ORDER BY id"
    members = _grouped(_select(session, belonging, there), "table_id")
    return {
        row["id"]: Held(
            package=row,
            resources=resources.get(row["id"], ()),
            tags={tag["name"]: (tag["id"], tag["state"]) for tag in tags.get(row["id"], ())},
            members=members.get(row["id"], ()),
        )
        for row in packages
    }


def taken_names(session: Session, names: Sequence[str]) -> dict[str, str]:
    """The ids of the datasets that have these names."""
    rows = _select(session, "SELECT id, name FROM package WHERE name = ANY(:ids)", names) if names else []
    return {row["name"]: row["id"] for row in rows}


def supersede_objects(session: Session, source_id: str, package_ids: Sequence[str]) -> None:
    """Let no record of the source be the current one of these datasets."""
    statement = (
        "UPDATE harvest_object SET current = false "
        "WHERE harvest_source_id = :source AND package_id = ANY(:ids) AND current"
    )
    if package_ids:
        session.execute(sa.text(statement), {"source": source_id, "ids": list(package_ids)})


def purge_resources(session: Session, ids: Sequence[str]) -> None:
    """Delete rows of resources."""
    if ids:
        session.execute(sa.text("DELETE FROM resource WHERE id = ANY(:ids)"), {"ids": list(ids)})


def purge_deleted_resources(session: Session, package_id: str) -> None:
    """Delete the rows of resources that are deleted already."""
    statement = "DELETE FROM resource WHERE package_id = :id AND state = 'deleted'"
    session.execute(sa.text(statement), {"id": package_id})


def end_memberships(session: Session, package_ids: Sequence[str]) -> None:
    """Take datasets that are deleted out of their organization and groups, as `package_delete` does."""
    statement = (
        "UPDATE member SET state = 'deleted' "
        "WHERE table_name = 'package' AND state = 'active' AND table_id = ANY(:ids)"
    )
    session.execute(sa.text(statement), {"ids": list(package_ids)})


class Tags:
    """Ids of free tags by name, remembered; tags that are missing are made once, whoever else needs them."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def ids(self, session: Session, names: Iterable[str]) -> Mapping[str, str]:
        """The ids of these tags; new ones belong to the transaction of the session."""
        if missing := sorted({name for name in names if name not in self._ids}):
            found = self._stored(session, missing)
            if len(found) < len(missing):
                # held until the transaction ends: nothing else keeps two writers from making the same tag
                session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('nextgeoss tags'))"))
                found = self._stored(session, missing)
                made = {name: uuid7() for name in missing if name not in found}
                copy_rows(session, "tag", [{"id": uuid, "name": name} for name, uuid in made.items()])
                found |= made
            self._ids |= found
        return self._ids

    def forget(self) -> None:
        """Ask for all again: after a transaction that made some was taken back."""
        self._ids.clear()

    @staticmethod
    def _stored(session: Session, names: Sequence[str]) -> dict[str, str]:
        statement = "SELECT id, name FROM tag WHERE vocabulary_id IS NULL AND name = ANY(:ids) ORDER BY id"
        return {row["name"]: row["id"] for row in _select(session, statement, names)}


def _select(session: Session, statement: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(sa.text(statement), {"ids": list(ids)}).mappings()]


def _grouped(rows: Iterable[dict[str, Any]], key: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def _cursor(session: Session) -> Any:
    """A cursor of the driver, in the transaction of the session."""
    return session.connection().connection.cursor()


def _cell(value: Any) -> str:
    """A value as COPY reads it."""
    if isinstance(value, str):
        return _escaped(value)
    if value is None:
        return "\\N"
    if isinstance(value, dict):
        return _escaped(fast_json.dumps(value))
    return _plain(value)


# most are the moments of a batch
_plain = lru_cache(maxsize=256, typed=True)(str)


def _escaped(text: str) -> str:
    # four looks for one letter each are faster than one for any of them
    text = text.replace("\\", "\\\\").replace("\t", "\\t")
    return text.replace("\n", "\\n").replace("\r", "\\r")


def _adapted(value: Any, kind: str) -> Any:
    return Json(value) if kind == "jsonb" else value
