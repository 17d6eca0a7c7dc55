"""What a benchmark needs done inside CKAN; prints its result as one line of JSON.

`_in_ckan.py INI able` - what this version can do
`_in_ckan.py INI harvest URL WRITER` - make a source that asks the provider at URL and start its harvest
`_in_ckan.py INI close SOURCE` - end the last job of a source
`_in_ckan.py INI again SOURCE` - start one more harvest of a source
`_in_ckan.py INI stock URL` - as `harvest`, by the stock-style harvester of _stock.py
`_in_ckan.py INI documents SOURCE FOLDER` - write the Solr documents of what a source offers, 500 a file
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from ckan import model
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.plugins import toolkit

BATCH = 500  # documents in one request to Solr
_OFFERED = "SELECT package_id FROM nextgeoss_offer WHERE source_id = :id ORDER BY harvest_object_id"


def act(action: str, data: dict[str, Any]) -> Any:
    """Call an action as the site's own user."""
    user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return toolkit.get_action(action)({"user": user, "ignore_auth": True}, data)


def able() -> list[str]:
    """The parts of the engine that are there."""
    from ckanext.nextgeoss.harvesters.source import KEYS

    found = ["bulk"] if "writer" in KEYS else []
    return found + (["indexer"] if _indexer() else [])


def harvest(url: str, writer: str) -> str:
    """Start the first harvest of a new source; the source's id."""
    config = {"provider": "nextgeoss_demo", "url": url, "mode": "full"}  # all is asked for again
    config |= {"writer": writer} if "bulk" in able() else {}
    return _start("nextgeoss", url, config)


def stock(url: str) -> str:
    """Start the stock-style harvest of a new source; the source's id."""
    return _start("bench_stock", url, {})


def again(source: str) -> str:
    """Start one more harvest of a source whose last job is closed."""
    act("harvest_job_create", {"source_id": source, "run": True})
    return source


def close(source: str) -> None:
    """End the last job of a source, as the scheduler does, which indexes the source."""
    act("harvest_jobs_run", {"source_id": source})


def documents(source: str, folder: str) -> int:
    """Write the documents of what a source offers; how many."""
    ids = [row[0] for row in model.Session.execute(sa.text(_OFFERED), {"id": source})]
    for number, start in enumerate(range(0, len(ids), BATCH)):
        written = list(_documents(ids[start : start + BATCH]))
        Path(folder, f"documents-{number:05d}.json").write_bytes(b"[" + b",".join(written) + b"]")
    return len(ids)


def _start(kind: str, url: str, config: dict[str, Any]) -> str:
    name = f"benchmark-{uuid4().hex[:8]}"
    owner = act("organization_create", {"name": name})["id"]
    source = {"name": name, "title": name, "url": f"{url}/{name}", "source_type": kind, "owner_org": owner}
    source |= {"frequency": "MANUAL", "config": json.dumps(config)}
    found = act("harvest_source_create", source)["id"]
    act("harvest_job_create", {"source_id": found, "run": True})
    return found


def _indexer() -> bool:
    return importlib.util.find_spec("ckanext.nextgeoss.search.documents") is not None


def _documents(ids: Sequence[str]) -> Iterator[bytes]:
    if _indexer():
        from ckanext.nextgeoss.search.documents import Documents

        with model.meta.engine.connect() as connection:
            yield from Documents().make(connection, ids, by_ckan=BATCH).documents.values()
    else:
        yield from _documents_by_ckan(ids)


def _documents_by_ckan(ids: Sequence[str]) -> Iterator[bytes]:
    """As CKAN's own indexing posts them."""
    from ckan.lib.search import index, rebuild

    class Kept:
        url = ""
        documents: list[dict[str, Any]] = []

        def add(self, docs: list[dict[str, Any]], commit: bool) -> None:
            self.documents += docs

    index.make_connection = Kept  # type: ignore[assignment]
    for package_id in ids:
        rebuild(package_id=package_id, defer_commit=True)
    kept, Kept.documents = Kept.documents, []
    yield from (json.dumps(document, default=str).encode() for document in kept)


TASKS: dict[str, Callable[..., Any]] = {
    task.__name__: task for task in (able, harvest, stock, again, close, documents)
}  # fmt: skip


def main() -> None:
    """Do what the arguments say."""
    ini, task, *values = sys.argv[1:]
    app = make_app(load_config(ini))
    with app._wsgi_app.test_request_context():  # type: ignore[attr-defined]
        print(json.dumps(TASKS[task](*values)))
        model.Session.remove()


if __name__ == "__main__":
    main()
