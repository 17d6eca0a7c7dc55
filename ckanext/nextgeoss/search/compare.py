"""Database and index compared: both in the order of one key, a page at a time, so memory does not grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from .model import Outbox
from .query import quoted
from .sending import unique_key
from .solr import SolrClient

MISSING, GHOST, STALE, LABELS = "missing", "ghost", "stale", "labels"
# what each kind means, for people
KINDS: Mapping[str, str] = {
    MISSING: "not in the index",
    GHOST: "in the index, but not in the database",
    STALE: "the index holds an older state",
    LABELS: "the index lets other people see it",
}
PAGE = 1000
_PUBLIC = "public"
_FIELDS = "index_id,id,metadata_modified"
_COLUMNS = ("metadata_modified", "state", "type", "private", "owner_org", "creator_user_id")
_package = sa.table("package", sa.column("id", sa.Text), *(sa.column(name) for name in _COLUMNS))


class Difference(NamedTuple):
    """A dataset of which database and index do not agree; `kind` is one of KINDS."""

    kind: str
    package_id: str


class Entry(NamedTuple):
    """A dataset in one of both: `key` of its document, `modified` to hundredths of a second."""

    key: str
    package_id: str
    modified: str
    # who may see it; of the database only
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares the datasets of a site, or those of one type. `labels_of` gives the permission labels for a
    row of `package`; None when only a plugin knows them, then they are not compared."""

    client: SolrClient
    site_id: str
    # whether deleted datasets are to be in the index
    deleted: bool = False
    dataset_type: str = ""
    labels_of: Callable[[Any], Sequence[str]] | None = None

    def differences(self, connection: Connection) -> Iterator[Difference]:
        """What is different and does not wait in the outbox. Each is looked at again before it is told,
        because both may change meanwhile. `connection` must not be used for anything else until the end."""
        found = self._compare(self._database(connection), self._index())
        while page := list(islice(found, PAGE)):
            with connection.engine.connect() as other:
                yield from self._confirmed(other, {difference.package_id for difference in page})

    def _confirmed(self, connection: Connection, ids: set[str]) -> Iterator[Difference]:
        self.client.show_changes(wait=True)
        waits = sa.select(Outbox.package_id).where(Outbox.package_id.in_(ids), Outbox.error.is_(None))
        ids -= set(connection.scalars(waits))
        if not ids:
            return
        keys = sorted(unique_key(package_id, self.site_id) for package_id in ids)
        yield from self._compare(self._database(connection, sorted(ids)), iter([self._page(keys)]))

    def _compare(self, database: Iterator[Entry], pages: Iterator[list[Entry]]) -> Iterator[Difference]:
        """Two sequences in the order of keys, side by side."""
        ours = next(database, None)
        for page in pages:
            both: list[tuple[Entry, Entry]] = []
            for theirs in page:
                while ours and ours.key < theirs.key:
                    yield Difference(MISSING, ours.package_id)
                    ours = next(database, None)
                if ours is None or ours.key != theirs.key:
                    yield Difference(GHOST, theirs.package_id)
                    continue
                both.append((ours, theirs))
                ours = next(database, None)
            yield from self._unlike(both)
        while ours:
            yield Difference(MISSING, ours.package_id)
            ours = next(database, None)

    def _unlike(self, both: list[tuple[Entry, Entry]]) -> Iterator[Difference]:
        stale = {ours.package_id for ours, theirs in both if ours.modified != theirs.modified}
        yield from (Difference(STALE, package_id) for package_id in sorted(stale))
        wrong = self._wrong_labels([ours for ours, _ in both]) if self.labels_of else set[str]()
        yield from (Difference(LABELS, package_id) for package_id in sorted(wrong - stale))

    def _wrong_labels(self, entries: Sequence[Entry]) -> set[str]:
        """Labels are not stored in the index: each one met on the page, and "public", is asked for."""
        wanted: dict[str, set[str]] = defaultdict(set, {_PUBLIC: set()})
        for entry in entries:
            for label in entry.labels:
                wanted[label].add(entry.key)
        ids = {entry.key: entry.package_id for entry in entries}
        wrong: set[str] = set()
        for label, keys in wanted.items():
            have = {each.key for each in self._page(list(ids), f"permission_labels:{quoted(label)}")}
            wrong |= {ids[key] for key in have ^ keys}
        return wrong

    def _database(self, connection: Connection, ids: Sequence[str] | None = None) -> Iterator[Entry]:
        key = sa.func.md5(_package.c.id.concat(self.site_id)).collate("C")
        query = sa.select(_package, key.label("key")).order_by(key)
        if not self.deleted:
            query = query.where(_package.c.state != "deleted")
        if self.dataset_type:
            query = query.where(_package.c.type == self.dataset_type)
        if ids is not None:
            query = query.where(_package.c.id.in_(ids))
        rows = connection.execution_options(stream_results=True, max_row_buffer=PAGE).execute(query)
        for row in rows:
            labels = tuple(self.labels_of(row)) if self.labels_of else ()
            yield Entry(row.key, row.id, _hundredths(row.metadata_modified.isoformat()), labels)

    def _index(self) -> Iterator[list[Entry]]:
        cursor, following = "", "*"
        while cursor != following:
            cursor = following
            asked = {"q": "*:*", "cursorMark": cursor, "sort": "index_id asc", "rows": PAGE}
            answer = self.client.select(
                asked | {"fl": "index_id,id,metadata_modified", "fq": self._filters()}
            )
            yield _entries(answer)
            following = answer["nextCursorMark"]

    def _page(self, keys: Sequence[str], *filters: str) -> list[Entry]:
        """The documents with these keys, in their order."""
        asked = {"q": "{!terms f=index_id}" + ",".join(keys), "sort": "index_id asc", "rows": len(keys)}
        wanted = [*self._filters(), *filters]
        return _entries(self.client.select(asked | {"fl": _FIELDS, "fq": wanted}))

    def _filters(self) -> list[str]:
        found = [f"site_id:{quoted(self.site_id)}", "entity_type:package"]
        return [*found, f"dataset_type:{quoted(self.dataset_type)}"] if self.dataset_type else found


def _entries(answer: Mapping[str, Any]) -> list[Entry]:
    return [
        Entry(found["index_id"], found["id"], _hundredths(found.get("metadata_modified") or ""))
        for found in answer["response"]["docs"]
    ]


def _hundredths(time: str) -> str:
    """The 22 characters that CKAN compares, also of a time without a fraction."""
    whole, _, fraction = time.rstrip("Z").partition(".")
    return f"{whole}.{fraction[:2]:0<2}"
