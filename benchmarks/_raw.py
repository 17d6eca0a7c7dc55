"""The limit: the rows and documents of a harvest, written again by nothing but COPY and posting.

As programs, which run at the same time: `_raw.py rows DATABASE FOLDER`, `_raw.py documents SOLR FOLDER`."""

from __future__ import annotations

import http.client
import json
import resource
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from _command import Result, fail, say
from _hub import Hub, until
from _processes import running, servers
from _watch import Watch

BATCH = 1000  # products in a transaction
POSTERS = 2  # threads that post, each on a connection of its own
VISIBLE = 3.0  # seconds between two soft commits
COPY = "limit"  # the name of the database that is filled
# in the order in which foreign keys allow them
_TABLES = (
    ("package", "id"), ("resource", "package_id"), ("package_tag", "package_id"), ("member", "table_id"),
    ("activity", "object_id"), ("harvest_object", "package_id"), ("nextgeoss_offer", "package_id"),
)  # fmt: skip


def export_rows(hub: Hub, source: str, folder: Path) -> dict[str, int]:
    """Write all rows of what a source offers, a file for each batch and table; how many rows there are."""
    statement = "SELECT package_id FROM nextgeoss_offer WHERE source_id = %s ORDER BY harvest_object_id"
    ids = [package_id for (package_id,) in hub.rows(statement, source)]
    total: dict[str, int] = {}
    with _connected(hub.options["sqlalchemy.url"]) as connection, connection.cursor() as cursor:
        for table, key in _TABLES:
            for number, start in enumerate(range(0, len(ids), BATCH)):
                some = cursor.mogrify(f"{key} = ANY(%s)", (ids[start : start + BATCH],)).decode()
                with (folder / f"rows-{number:05d}-{table}.copy").open("wb") as file:
                    cursor.copy_expert(f"COPY (SELECT * FROM {table} WHERE {some}) TO STDOUT", file)
                total[table] = total.get(table, 0) + cursor.rowcount
    return {table: count for table, count in total.items() if count}


def without_rows(hub: Hub, source: str) -> str:
    """Make a copy of the database in which the rows of what a source offers are missing; its address."""
    address = hub.options["sqlalchemy.url"]
    name = address.rpartition("/")[2]
    hub.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name, database="postgres"
    )
    hub.rows(f'CREATE DATABASE "{COPY}" TEMPLATE "{name}"', database="postgres")
    copy = f"{address.rpartition('/')[0]}/{COPY}"
    with _connected(copy) as connection, connection.cursor() as cursor:
        # no look at foreign keys, row by row
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "CREATE TEMP TABLE gone AS SELECT package_id AS id FROM nextgeoss_offer WHERE source_id = %s",
            (source,),
        )
        for table, key in reversed(_TABLES):
            cursor.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT id FROM gone)")
            cursor.execute(f"VACUUM (FULL, ANALYZE) {table}")
    return copy


def measure(hub: Hub, source: str, products: int, folder: Path) -> Result:
    """Both at once until Solr finds everything; rows and documents must have been exported."""
    database = without_rows(hub, source)
    everything = hub.searchable()
    _forget(hub, folder)
    say(f"limit: {hub.searchable()} of {everything} products left in Solr")
    program = str(Path(__file__).resolve())
    commands = {
        "rows": [program, "rows", database, str(folder)],
        "documents": [program, "documents", hub.options["solr_url"], str(folder)],
    }
    with ExitStack() as stack:
        watch = stack.enter_context(Watch(servers(hub.ini)))
        began = time.monotonic()
        logs = {name: folder / f"{name}.log" for name in commands}
        found = {
            name: stack.enter_context(running(command, logs[name])) for name, command in commands.items()
        }
        for name, process in found.items():
            if process.wait():
                fail(f"limit: {name}: {logs[name].read_text().strip()[-500:]}")
        until(lambda: hub.searchable() >= everything, hub.searchable, [])
        seconds = time.monotonic() - began
    hub.rows(f'DROP DATABASE "{COPY}"', database="postgres")
    own = {name: json.loads(log.read_text().splitlines()[-1]) for name, log in logs.items()}
    return {
        "products": products,
        "seconds": round(seconds, 2),
        "rate": round(products / seconds, 2),
        "seconds_of_each": {name: round(used["seconds"], 2) for name, used in own.items()},
        "cpu_ms_per_product": watch.cpu_ms(products)
        | {name: round(used["cpu_seconds"] * 1000 / products, 3) for name, used in own.items()},
        "peak_mb": watch.peak_mb() | {name: round(used["peak_mb"]) for name, used in own.items()},
    }


def _forget(hub: Hub, folder: Path) -> None:
    """Take the documents that will be posted out of Solr."""
    for file in sorted(folder.glob("documents-*.json")):
        keys = [document["index_id"] for document in json.loads(file.read_bytes())]
        _post(_connection(hub.options["solr_url"]), hub.options["solr_url"], {"delete": keys})
    _post(_connection(hub.options["solr_url"]), hub.options["solr_url"], {"commit": {"expungeDeletes": True}})


# --- the two programs


def copy_rows(address: str, folder: Path) -> None:
    """COPY each batch in a transaction of its own."""
    with _connected(address) as connection, connection.cursor() as cursor:
        connection.autocommit = False
        numbers = sorted({file.name.split("-")[1] for file in folder.glob("rows-*.copy")})
        for number in numbers:
            for table, _ in _TABLES:
                file = folder / f"rows-{number}-{table}.copy"
                if file.stat().st_size:
                    with file.open("rb") as rows:
                        cursor.copy_expert(f"COPY {table} FROM STDIN", rows)
            connection.commit()


def post_documents(address: str, folder: Path) -> None:
    """Post each file, by several threads, with a soft commit every few seconds and at the end."""
    files: SimpleQueue[Path] = SimpleQueue()
    for file in sorted(folder.glob("documents-*.json")):
        files.put(file)
    done = threading.Event()
    shower = threading.Thread(target=_show, args=(address, done))
    posters = [threading.Thread(target=_post_files, args=(address, files)) for _ in range(POSTERS)]
    for thread in (shower, *posters):
        thread.start()
    for thread in posters:
        thread.join()
    done.set()
    shower.join()


def _post_files(address: str, files: SimpleQueue[Path]) -> None:
    connection = _connection(address)
    while True:
        try:
            body = files.get_nowait().read_bytes()
        except Empty:
            return
        _post(connection, address, body)


def _show(address: str, done: threading.Event) -> None:
    connection = _connection(address)
    while not done.wait(VISIBLE):
        _post(connection, address, {"commit": {"softCommit": True}})
    _post(connection, address, {"commit": {"softCommit": True}})


def _connection(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(address).netloc, timeout=600)


def _post(connection: http.client.HTTPConnection, address: str, body: Any) -> None:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    connection.request("POST", f"{urlsplit(address).path}/update?wt=json", data, headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        sys.exit(f"Solr answered {answer.status}: {text[:300]!r}")


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    connection = psycopg2.connect(address)
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


def main(arguments: Sequence[str]) -> None:
    """Run one of the two programs; prints what it took."""
    kind, address, folder = arguments
    began = time.monotonic()
    {"rows": copy_rows, "documents": post_documents}[kind](address, Path(folder))
    used = resource.getrusage(resource.RUSAGE_SELF)
    took = {"seconds": time.monotonic() - began, "cpu_seconds": used.ru_utime + used.ru_stime}
    print(json.dumps(took | {"peak_mb": used.ru_maxrss / 1000}))


if __name__ == "__main__":
    main(sys.argv[1:])
