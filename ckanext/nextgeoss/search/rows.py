"""The rows of CKAN's tables that make up datasets, for many datasets at once: one query a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

# What the fast way knows. A CKAN with other columns gets its products indexed by its own functions.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "package": (
        "id", "name", "title", "version", "url", "author", "author_email", "maintainer", "maintainer_email",
        "notes", "license_id", "type", "owner_org", "creator_user_id", "metadata_created",
        "metadata_modified", "private", "state", "plugin_data", "extras",
    ),
    "resource": (
        "id", "package_id", "url", "format", "description", "hash", "position", "name", "resource_type",
        "mimetype", "mimetype_inner", "size", "created", "last_modified", "metadata_modified", "cache_url",
        "cache_last_updated", "url_type", "extras", "state",
    ),
    "tag": ("id", "name", "vocabulary_id"),
    "package_tag": ("id", "package_id", "tag_id", "state"),
}  # fmt: skip


class Harvested(NamedTuple):
    """The current harvest object of a dataset, and the source it is of."""

    object_id: str
    source_id: str
    source_title: str | None


@dataclass(slots=True)
class Rows:
    """Datasets: `packages` in the order they were asked for, all else by the id of the dataset."""

    packages: list[dict[str, Any]]
    resources: Mapping[str, list[dict[str, Any]]]
    # (name, id, id of the vocabulary) of each tag
    tags: Mapping[str, list[tuple[str, str, str | None]]]
    # ids of the groups, one for each membership
    groups: Mapping[str, list[str]]
    harvested: Mapping[str, Harvested] = field(default_factory=dict[str, Harvested])
    # datasets with a relationship to another
    related: frozenset[str] = frozenset()


_package = sa.table("package", *(sa.column(name) for name in COLUMNS["package"]))
_resource = sa.table("resource", *(sa.column(name) for name in COLUMNS["resource"]))
_PACKAGES = sa.select(
    *(column for column in _package.c if column.name not in ("plugin_data", "extras")),
    sa.cast(_package.c.extras, sa.Text).label("extras"),
).where(_package.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Text))))
_RESOURCES = (
    sa.select(_resource)
    .where(_resource.c.package_id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Text))))
    .where(_resource.c.state == "active")
    .order_by(_resource.c.position)
)
_TAGGED = sa.text(
    "SELECT package_id, tag_id FROM package_tag WHERE package_id = ANY(:ids) AND state = 'active'"
)
_TAGS = sa.text("SELECT id, name, vocabulary_id FROM tag WHERE id = ANY(:ids)")
_GROUPS = sa.text(
    'SELECT m.table_id, g.id FROM member m JOIN "group" g ON g.id = m.group_id '
    "WHERE m.table_id = ANY(:ids) AND m.state = 'active' AND NOT g.is_organization"
)
_RELATED = sa.text(
    "SELECT subject_package_id, object_package_id FROM package_relationship "
    "WHERE subject_package_id = ANY(:ids) OR object_package_id = ANY(:ids)"
)
_HARVESTED = sa.text(
    "SELECT DISTINCT ON (o.package_id) o.package_id, o.id, s.id, s.title "
    "FROM harvest_object o JOIN harvest_source s ON s.id = o.harvest_source_id "
    "WHERE o.package_id = ANY(:ids) AND o.current ORDER BY o.package_id, o.import_finished DESC"
)
_TYPES = sa.text("SELECT id, type, state FROM package WHERE id = ANY(:ids)")


def read_types(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Type and state of datasets by id; those that are gone are left out."""
    return {row[0]: (row[1] or "dataset", row[2]) for row in connection.execute(_TYPES, {"ids": list(ids)})}


def read_rows(connection: Connection, ids: Sequence[str], *, harvest: bool) -> Rows:
    """All rows of these datasets; `harvest` says whether ckanext-harvest has tables here."""
    asked = {"ids": list(ids)}
    found = {row["id"]: row for row in _mapped(connection, _PACKAGES, asked)}
    for row in found.values():
        row["extras"] = orjson.loads(row["extras"]) if row["extras"] else {}
    related = connection.execute(_RELATED, asked)
    return Rows(
        packages=[found[package_id] for package_id in ids if package_id in found],
        resources=_by_package(_mapped(connection, _RESOURCES, asked)),
        tags=_read_tags(connection, asked),
        groups=_pairs(connection.execute(_GROUPS, asked)),
        harvested=_read_harvested(connection, asked) if harvest else {},
        related=frozenset(package_id for row in related for package_id in row),
    )


def _mapped(connection: Connection, query: Any, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = connection.execute(query, asked)
    names = tuple(rows.keys())
    return [dict(zip(names, row, strict=True)) for row in rows]


def _by_package(resources: Iterable[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for resource in resources:
        found[resource["package_id"]].append(resource)
    return found


def _pairs(rows: Iterable[Any]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for first, second in rows:
        found[first].append(second)
    return found


def _read_tags(
    connection: Connection, asked: Mapping[str, Any]
) -> Mapping[str, list[tuple[str, str, str | None]]]:
    tagged = _pairs(connection.execute(_TAGGED, asked))
    distinct = {tag_id for ids in tagged.values() for tag_id in ids}
    rows = connection.execute(_TAGS, {"ids": list(distinct)}) if distinct else ()
    named = {row[0]: (row[1], row[0], row[2]) for row in rows}
    return {package_id: sorted(named[tag_id] for tag_id in ids) for package_id, ids in tagged.items()}


def _read_harvested(connection: Connection, asked: Mapping[str, Any]) -> dict[str, Harvested]:
    return {row[0]: Harvested(*row[1:]) for row in connection.execute(_HARVESTED, asked)}
