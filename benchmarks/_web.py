"""The web server of a hub, as `nextgeoss up` starts it but with a chosen number of workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from _processes import running, settings

from ckanext.nextgeoss.stack import ini, processes
from ckanext.nextgeoss.stack.programs import web_program
from ckanext.nextgeoss.stack.server import listens

# what decides which datasets of the servers are the site's
_KEPT = ("ckan.site_id",)


def written_ini(tested: Path, folder: Path, port: int) -> Path:
    """The configuration of a hub on the servers that another one names."""
    given = settings(tested)
    said = ini.settings(
        site_url=f"http://127.0.0.1:{port}",
        database_url=given["sqlalchemy.url"],
        solr_url=given["solr_url"],
        redis_url=given["ckan.redis.url"],
        storage=given["ckan.storage_path"],
        secrets={"session": "benchmark-" * 4, "site_id": "benchmark"},
    )
    base = settings(Path(given["use"].removeprefix("config:"))) if "use" in given else {}
    said |= {name: value for name in _KEPT if (value := given.get(name) or base.get(name))}
    file = folder / "web.ini"
    file.write_text(ini.render(said) + ini.LOGGING)
    return file


@contextmanager
def web(file: Path, port: int, folder: Path, workers: int) -> Iterator[psutil.Process]:
    """gunicorn for a configuration."""
    program = web_program(port, file)
    words = [*program.command][1:]
    words[words.index("--workers") + 1] = str(workers)
    log = folder / "web.log"
    with running(words, log, program.environment) as process:
        processes.wait_for("the site", lambda: listens(port), process.is_running, 120, log)
        yield process
