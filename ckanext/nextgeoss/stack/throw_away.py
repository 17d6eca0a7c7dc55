"""Servers for tests and benchmarks: fresh, on free ports, gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import checkout, jars, keys, ports, processes
from .account import account_for, require_reach
from .postgres import Postgres
from .programs import CKAN
from .server import Place, Running
from .solr import Solr
from .valkey import Valkey

MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made in it is private
# bytes; an index of tests takes a small part of it
_ROOM = 2 * 2**30


@contextmanager
def servers(data: Path, *, fsync: bool = False, heap: str = "512m") -> Iterator[Path]:
    """Run PostgreSQL, Valkey and Solr in a folder of their own; gives the path of an ini that names them.

    Jars are shared through `data`. With `fsync` the database is as careful as a real one (benchmarks).
    """
    root = checkout.require_checkout()
    account = account_for(root)
    jar_folder = checkout.make(data) / "jars"
    require_reach(account, jar_folder.parent)
    jars.ensure(jar_folder)
    folder = Path(tempfile.mkdtemp(prefix="nextgeoss-")).resolve()
    index = None if fsync else _in_memory()
    try:
        folder.chmod(0o711)
        place = Place(folder, account, throw_away=not fsync)
        for needed in (jar_folder, folder):
            require_reach(account, needed)
        secrets = keys.load(folder)
        taken: list[int] = []
        for _ in range(3):
            taken.append(ports.some_free(taken))
        postgres = Postgres(place, taken[0], secrets["postgres"])
        valkey = Valkey(place, taken[1], secrets["valkey"])
        solr = Solr(place, taken[2], jar_folder, heap, index)
        with Running(place, [solr, postgres, valkey]):
            yield _render(folder, root, postgres, valkey, solr)
    finally:
        for made in filter(None, (folder, index)):
            shutil.rmtree(made, ignore_errors=True)


def _in_memory() -> Path | None:
    """A new folder for an index that may be lost, which Solr forces to the disk after each change: tests wait
    for that many times. None where no file system in memory has room."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < _ROOM:
        return None
    return Path(tempfile.mkdtemp(prefix="nextgeoss-", dir=MEMORY))


def _render(folder: Path, root: Path, postgres: Postgres, valkey: Valkey, solr: Solr) -> Path:
    postgres.create_database("ckan_test")
    storage = folder / "storage"
    storage.mkdir()
    settings = {
        "use": f"config:{root / 'test.ini'}",
        "sqlalchemy.url": postgres.url("ckan_test"),
        "solr_url": solr.url,
        "ckan.redis.url": valkey.url(1),
        "ckan.storage_path": str(storage),
    }
    lines = [f"{key} = {value.replace('%', '%%')}" for key, value in settings.items()]
    ini = folder / "test.ini"
    keys.write_private(ini, "\n".join(["[app:main]", *lines, ""]))
    return ini


def prepare_database(ini: Path) -> None:
    """Make CKAN's tables and those of the plugins."""
    processes.run([*CKAN, "-c", str(ini), "db", "upgrade"], "ckan db upgrade")
