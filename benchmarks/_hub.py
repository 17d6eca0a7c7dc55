"""The hub under test, seen from outside: its database and its Solr, whoever writes to them."""

from __future__ import annotations

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from _command import fail
from _processes import settings

PATIENCE = 600.0  # seconds without any progress
# tables that a harvest may write to, and which rows of them count: harvest objects carry slices, too
_ALL = "true"
TABLES = {
    "package": _ALL, "resource": _ALL, "tag": _ALL, "package_tag": _ALL, "member": _ALL, "activity": _ALL,
    "harvest_object": "guid NOT LIKE 'slice:%%'", "harvest_object_error": _ALL, "nextgeoss_offer": _ALL,
}  # fmt: skip
_COUNTERS = ("seen", "added", "updated", "unchanged", "errored", "requests")
# the types of the datasets that our harvests and stock ones make
OURS, STOCK = "eo_product", "dataset"


class Hub:
    """The database and Solr of a configuration."""

    def __init__(self, ini: Path):
        self.ini = ini
        self.options: Mapping[str, str] = settings(ini)

    def rows(self, statement: str, *values: Any, database: str = "") -> list[tuple[Any, ...]]:
        """What a statement gives."""
        address = self.options["sqlalchemy.url"]
        address = f"{address.rpartition('/')[0]}/{database}" if database else address
        connection = psycopg2.connect(address)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    # --- Solr

    def solr(self, path: str, **parameters: Any) -> dict[str, Any]:
        """An answer of the core."""
        query = urllib.parse.urlencode({"wt": "json", **parameters})
        address = f"{self.options['solr_url']}/{path}?{query}"
        with urllib.request.urlopen(address, timeout=600) as answer:
            return json.load(answer)

    def searchable(self, kind: str = OURS) -> int:
        """How many active datasets of a type Solr finds."""
        found = self.solr("select", q=f"+dataset_type:{kind} +state:active", rows=0)
        return found["response"]["numFound"]

    def indexed_since(self, moment: float) -> int:
        """How many documents of our products came to Solr since, in seconds since 1970."""
        self.solr("update", softCommit="true")
        since = datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = f"+dataset_type:{OURS} +indexed_ts:[{since} TO *]"
        return self.solr("select", q=query, rows=0)["response"]["numFound"]

    def index_mb(self) -> float:
        """The size of Solr's index."""
        core = self.options["solr_url"].rpartition("/")[2]
        address = f"{self.options['solr_url'].rpartition('/')[0]}/admin/cores?action=STATUS&core={core}"
        with urllib.request.urlopen(f"{address}&wt=json", timeout=60) as answer:
            return round(json.load(answer)["status"][core]["index"]["sizeInBytes"] / 1e6, 1)

    # --- the database

    def packages(self, kind: str = OURS) -> int:
        """How many active datasets of a type the database holds."""
        statement = "SELECT count(*) FROM package WHERE type = %s AND state = 'active'"
        return self.rows(statement, kind)[0][0]

    def database_mb(self) -> float:
        """The size of the database."""
        return round(self.rows("SELECT pg_database_size(current_database())")[0][0] / 1e6, 1)

    def now(self) -> int:
        """The number of the next transaction of the database."""
        return int(self.rows("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")[0][0])

    def count(self) -> dict[str, int]:
        """How many rows the tables hold, and how many wishes the outbox ever had."""
        found = {
            name: self.rows(f"SELECT count(*) FROM {name} WHERE {which}")[0][0]
            for name, which in TABLES.items()
        }
        sequence = "SELECT pg_get_serial_sequence('nextgeoss_outbox', 'seq')::regclass"
        wishes = f"SELECT coalesce(pg_sequence_last_value(({sequence})), 0)"
        return found | {"nextgeoss_outbox": int(self.rows(wishes)[0][0])}

    def written_since(self, transaction: int, before: Mapping[str, int]) -> dict[str, int]:
        """Rows inserted, updated or deleted since, by table; none: no entry. Rows that came and went in
        between are not counted, which only the outbox has: its wishes are."""
        found: dict[str, int] = {}
        for name, which in TABLES.items():
            statement = f"SELECT count(*) FROM {name} WHERE {which} AND xmin::text::bigint >= %s"
            found[name] = self.rows(statement, transaction)[0][0]
        for name, count in self.count().items():
            found[name] = found.get(name, 0) or abs(count - before[name])
        return {name: count for name, count in found.items() if count}

    # --- harvests

    def job(self, source: str) -> str:
        """The last job of a source."""
        statement = "SELECT id FROM harvest_job WHERE source_id = %s ORDER BY created DESC LIMIT 1"
        return self.rows(statement, source)[0][0]

    def counters(self, job: str) -> dict[str, int]:
        """What the slices of a job have counted."""
        sums = ", ".join(f"coalesce(sum({name}), 0)::int" for name in _COUNTERS)
        (row,) = self.rows(f"SELECT {sums} FROM nextgeoss_slice WHERE job_id = %s", job)
        return dict(zip(_COUNTERS, row, strict=True))

    def problems(self, job: str) -> list[str]:
        """Why gathering failed and slices did."""
        found = self.rows("SELECT message FROM harvest_gather_error WHERE harvest_job_id = %s", job)
        found += self.rows("SELECT error FROM nextgeoss_slice WHERE job_id = %s AND state = 'failed'", job)
        return [str(reason) for (reason,) in found]

    def finished(self, job: str) -> bool:
        """Whether all slices have ended, well or not."""
        gathered = "SELECT 1 FROM harvest_job WHERE id = %s AND gather_finished IS NOT NULL"
        left = "SELECT 1 FROM nextgeoss_slice WHERE job_id = %s AND state IN ('waiting', 'running') LIMIT 1"
        return bool(self.rows(gathered, job)) and not self.rows(left, job)

    def objects_left(self, job: str) -> int:
        """How many objects of a stock harvest are still to be imported; -1 before all are gathered."""
        if not self.rows("SELECT 1 FROM harvest_job WHERE id = %s AND gather_finished IS NOT NULL", job):
            return -1
        statement = (
            "SELECT count(*) FROM harvest_object WHERE harvest_job_id = %s "
            "AND state NOT IN ('COMPLETE', 'ERROR')"
        )
        return self.rows(statement, job)[0][0]

    def began(self, job: str) -> float:
        """When gathering began, in seconds since 1970."""
        return self.rows(
            "SELECT extract(epoch FROM gather_started)::float8 FROM harvest_job WHERE id = %s", job
        )[0][0]

    def ended(self, job: str) -> float:
        """When the last slice ended, in seconds since 1970."""
        statement = "SELECT extract(epoch FROM max(finished))::float8 FROM nextgeoss_slice WHERE job_id = %s"
        return self.rows(statement, job)[0][0]


def until(
    done: Callable[[], bool],
    progress: Callable[[], Any],
    watched: Sequence[psutil.Process],
    interval: float = 0.25,
) -> None:
    """Wait; ends the benchmark when a process has died or nothing moves any more."""
    last, moved = progress(), time.monotonic()
    while not done():
        time.sleep(interval)
        for process in watched:
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                fail(f"a process has ended: {process}")
        now = progress()
        if now != last:
            last, moved = now, time.monotonic()
        elif time.monotonic() - moved > PATIENCE:
            fail(f"nothing has moved for {PATIENCE:.0f} s at {last}")
