"""Results of checks as rows of the database, a batch at a time."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from ...package import COLLECTION_TYPE
from ...search.outbox import enqueue
from .check import DIMENSIONS
from .checks import OF_KIND, VERSION
from .findings import Finding
from .model import Quality
from .reading import naive
from .record import Record
from .score import score_of

PACKAGE = sa.table(
    "package",
    *(
        sa.column(name, type_)
        for name, type_ in {
            "id": sa.UnicodeText,
            "name": sa.UnicodeText,
            "title": sa.UnicodeText,
            "type": sa.UnicodeText,
            "state": sa.UnicodeText,
            "private": sa.Boolean,
            "owner_org": sa.UnicodeText,
            "metadata_modified": sa.DateTime,
        }.items()
    ),
)
# datasets that are none of the catalogue's data
NOT_DATA = ("harvest",)


@dataclass(frozen=True, slots=True)
class Same:
    """By what a dataset is known to be the same as another; None where it cannot be."""

    key: int | None = None
    scene: int | None = None

    def numbers(self) -> Iterator[tuple[str, int]]:
        """Those that are known, by name."""
        if self.key is not None:
            yield "key", self.key
        if self.scene is not None:
            yield "scene", self.scene


def any_of(column: Any, values: Some[Any], type_: Any = sa.UnicodeText) -> sa.ColumnElement[bool]:
    """The column is one of these, which go as one parameter."""
    return column == sa.any_(sa.literal(list(values), sa.ARRAY(type_)))


def ids_to_check(
    connection: Connection, after: str, limit: int, *, anew: datetime | None = None
) -> list[str]:
    """Ids of datasets after this one, but collections, that have changed since they were checked, or were
    never checked by these rules; `anew`: all that were not checked since then."""
    package, row = PACKAGE.c, Quality
    due = sa.or_(
        row.modified.is_distinct_from(package.metadata_modified), row.version.is_distinct_from(VERSION)
    )
    if anew is not None:
        due = sa.or_(due, row.checked < naive(anew))
    asked = (
        sa.select(package.id)
        .select_from(PACKAGE.outerjoin(Quality.__table__, row.package_id == package.id))
        .where(package.id > after, package.state == "active", due)
        .where(sa.func.coalesce(package.type, "dataset").not_in((*NOT_DATA, COLLECTION_TYPE)))
    )
    return list(connection.scalars(asked.order_by(package.id).limit(limit)))


def collection_ids(connection: Connection, after: str, limit: int) -> list[str]:
    """Ids of collections after this one."""
    package = PACKAGE.c
    asked = sa.select(package.id).where(
        package.id > after, package.state == "active", package.type == COLLECTION_TYPE
    )
    return list(connection.scalars(asked.order_by(package.id).limit(limit)))


def write_results(
    connection: Connection,
    found: Iterable[tuple[Record, Mapping[str, Finding], Same, datetime | None]],
) -> None:
    """Write what was found: records with their findings, by what they are the same as others, and
    the time of change of what was looked at. Datasets whose score is another one now are indexed again."""
    rows = [_row(*each) for each in found]
    if not rows:
        return
    scores = _locked_scores(connection, [row["package_id"] for row in rows])
    statement = insert(Quality)
    new = {name: statement.excluded[name] for name in rows[0] if name != "package_id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["package_id"], set_=new), rows)
    enqueue(
        connection, [each["package_id"] for each in rows if scores.get(each["package_id"]) != each["score"]]
    )


def _locked_scores(connection: Connection, ids: Some[str]) -> dict[str, int | None]:
    """The scores that are known of datasets, which nobody else changes before the transaction ends."""
    row = Quality
    asked = sa.select(row.package_id, row.score).where(any_of(row.package_id, ids)).order_by(row.package_id)
    return dict(connection.execute(asked.with_for_update()).tuples().all())


def twins_of(
    connection: Connection, asked: Mapping[str, Same], stored: Mapping[str, Same]
) -> dict[str, set[str]]:
    """For each of these datasets the other public ones that are the same product. What is `stored` of them,
    which is nothing for those that are not public, is about to be written."""
    by_number = _by_number(stored.items())
    for number, ids in _by_number(_public_same(connection, asked.values(), but=stored)).items():
        by_number.setdefault(number, set()).update(ids)
    found: dict[str, set[str]] = {}
    for package_id, same in asked.items():
        twins = {twin for number in same.numbers() for twin in by_number.get(number, ())}
        if twins := twins - {package_id}:
            found[package_id] = twins
    return found


def _public_same(connection: Connection, same: Iterable[Same], but: Some[str]) -> Iterator[tuple[str, Same]]:
    row, wanted = Quality, list(same)
    keys, scenes = _numbers(wanted, "key"), _numbers(wanted, "scene")
    if not keys and not scenes:
        return
    # two look-ups in an index each, of which PostgreSQL makes one
    among = sa.or_(any_of(row.same_key, keys, sa.BigInteger), any_of(row.same_scene, scenes, sa.BigInteger))
    asked = (
        sa.select(row.package_id, row.same_key, row.same_scene)
        .join(PACKAGE, PACKAGE.c.id == row.package_id)
        .where(among, PACKAGE.c.state == "active", sa.not_(PACKAGE.c.private))
    )
    for package_id, key, scene in connection.execute(asked):
        if package_id not in but:
            yield package_id, Same(key, scene)


def _by_number(same: Iterable[tuple[str, Same]]) -> dict[tuple[str, int], set[str]]:
    found: dict[tuple[str, int], set[str]] = {}
    for package_id, each in same:
        for number in each.numbers():
            found.setdefault(number, set()).add(package_id)
    return found


def changed_sameness(connection: Connection, same: Mapping[str, Same]) -> dict[str, tuple[Same, Same]]:
    """Of these datasets those that are now the same as others than before, with what they were and are."""
    row = Quality
    asked = sa.select(row.package_id, row.same_key, row.same_scene).where(any_of(row.package_id, list(same)))
    before = {package_id: Same(key, scene) for package_id, key, scene in connection.execute(asked)}
    pairs = {package_id: (before.get(package_id, Same()), each) for package_id, each in same.items()}
    return {package_id: pair for package_id, pair in pairs.items() if pair[0] != pair[1]}


def look_again_at(connection: Connection, same: Iterable[Same], but: Some[str]) -> int:
    """Have datasets checked again that are the same as these, but for some; gives how many."""
    wanted = list(same)
    keys, scenes = _numbers(wanted, "key"), _numbers(wanted, "scene")
    if not keys and not scenes:
        return 0
    row = Quality
    again = sa.or_(any_of(row.same_key, keys, sa.BigInteger), any_of(row.same_scene, scenes, sa.BigInteger))
    done = connection.execute(
        sa.update(Quality).where(again, sa.not_(any_of(row.package_id, but))).values(modified=None)
    )
    return done.rowcount


def look_again_by_address(connection: Connection, urls: Some[str]) -> int:
    """Have datasets checked again that have files at these addresses."""
    resource = sa.table("resource", sa.column("package_id"), sa.column("url"), sa.column("state")).c
    having = sa.select(resource.package_id).where(any_of(resource.url, urls), resource.state == "active")
    done = connection.execute(sa.update(Quality).where(Quality.package_id.in_(having)).values(modified=None))
    return done.rowcount


def public_names(connection: Connection, ids: Some[str]) -> list[str]:
    """Names of those of these datasets that everybody may read now."""
    package = PACKAGE.c
    asked = sa.select(package.name).where(
        any_of(package.id, ids), package.state == "active", sa.not_(package.private)
    )
    return list(connection.scalars(asked.order_by(package.name)))


def forget_gone(connection: Connection, most: int = 1000) -> list[Same]:
    """Drop results of some datasets that are gone; gives what they were the same as."""
    row = Quality
    there = sa.exists().where(PACKAGE.c.id == row.package_id, PACKAGE.c.state == "active")
    gone = sa.select(row.package_id).where(sa.not_(there)).limit(most)
    dropped = sa.delete(Quality).where(row.package_id.in_(gone)).returning(row.same_key, row.same_scene)
    return [Same(key, scene) for key, scene in connection.execute(dropped)]


def _numbers(same: Iterable[Same], name: str) -> list[int]:
    return sorted({number for each in same if (number := getattr(each, name)) is not None})


def _row(
    record: Record, findings: Mapping[str, Finding], same: Same, modified: datetime | None
) -> dict[str, Any]:
    score = score_of(findings)
    failed = {
        name: [round(finding.value, 4), list(finding.found)]
        for name, finding in findings.items()
        if not finding.passed
    }
    skipped: Sequence[str] = [check.id for check in OF_KIND[record.kind] if check.id not in findings]
    return {
        "package_id": record.id,
        "version": VERSION,
        "kind": record.kind,
        "checked": naive(record.now),
        "modified": modified,
        "score": score.total,
        **{name: score.dimensions[name] for name in DIMENSIONS},
        "failed": failed,
        "skipped": skipped,
        "same_key": same.key,
        "same_scene": same.scene,
    }
