"""What a benchmark needs done inside CKAN; prints its result as one line of JSON.

`_in_ckan.py INI obstacle` - why products are written one by one, if they are
`_in_ckan.py INI harvest URL WRITER` - make a source that asks the provider at URL and start its harvest
`_in_ckan.py INI close SOURCE` - end the last job of a source
`_in_ckan.py INI again SOURCE` - start one more harvest of a source
`_in_ckan.py INI stock URL` - as `harvest`, by the stock-style harvester of _stock.py
`_in_ckan.py INI documents SOURCE FOLDER` - write the Solr documents of what a source offers, 500 a file
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
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


def obstacle() -> str:
    """Why products of this site are written one by one; "" when batches are."""
    from ckanext.nextgeoss.harvesters import fingerprint, suitability

    return fingerprint.difference(model.Session()) or suitability.obstacle()


def harvest(url: str, writer: str) -> str:
    """Start the first harvest of a new source; the source's id."""
    config = {"provider": "nextgeoss_demo", "url": url, "writer": writer}
    return _start("nextgeoss", url, config | {"mode": "full"})  # all is asked for again


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
    from ckanext.nextgeoss.search.documents import Documents

    ids = [row[0] for row in model.Session.execute(sa.text(_OFFERED), {"id": source})]
    maker, engine = Documents(), model.ensure_engine()
    for number, start in enumerate(range(0, len(ids), BATCH)):
        with engine.connect() as connection:
            made = maker.make(connection, ids[start : start + BATCH], by_ckan=BATCH)
        written = list(made.documents.values())
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


TASKS: dict[str, Callable[..., Any]] = {
    task.__name__: task for task in (obstacle, harvest, stock, again, close, documents)
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
