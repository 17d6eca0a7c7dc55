"""The peer: stac-fastapi-pgstac on a PostgreSQL with PostGIS, in an environment and a cluster of its own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg2
from _command import say
from _processes import listening, running

from ckanext.nextgeoss.stack import ports, processes
from ckanext.nextgeoss.stack.account import account_for
from ckanext.nextgeoss.stack.postgres import Postgres
from ckanext.nextgeoss.stack.server import Place, Running, listens

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = Path(__file__).with_name("requirements-pgstac.txt")
PACKAGE = "postgresql-15-postgis-3"
_BINARIES = Path("/usr/lib/postgresql/15/bin")
_EXTENSION = Path("/usr/share/postgresql/15/extension/postgis.control")
# beyond what our own PostgreSQL is given: this one searches
_SETTINGS = {"random_page_cost": "1.1", "effective_cache_size": "2GB", "work_mem": "32MB", "jit": "off"}
_DATABASE = "pgstac"


class CannotCompare(Exception):
    """What is missing for the peer, in one line."""


class _Database(Postgres):
    name = "pgstac"

    def _binary(self, name: str) -> str:
        return str(_BINARIES / name)

    def command(self) -> list[str]:
        return [*super().command(), *(part for k, v in _SETTINGS.items() for part in ("-c", f"{k}={v}"))]


class Pgstac:
    """A running peer with the items it was given; `address` is that of its landing page."""

    def __init__(self, database: _Database, programs: Path):
        self._database = database
        self._programs = programs

    def fill(self, collections: Path, items: Path) -> None:
        """Load a file of each, one document a line."""
        for statement in ("CREATE EXTENSION postgis", "CREATE EXTENSION btree_gist"):
            self._execute(statement)
        self._run("migrate")
        self._run("load", "collections", str(collections), "--method", "insert")
        self._run("load", "items", str(items), "--method", "insert")
        self._execute(
            "INSERT INTO pgstac.pgstac_settings (name, value) VALUES ('context', 'on') "
            "ON CONFLICT (name) DO UPDATE SET value = 'on'"
        )
        self._execute("VACUUM ANALYZE")

    @contextmanager
    def serving(self, folder: Path, workers: int) -> Iterator[tuple[str, dict[str, psutil.Process]]]:
        """Its web server: the address, and the processes that answer."""
        port = ports.some_free([])
        command = ["-m", "uvicorn", "--factory", "stac_fastapi.pgstac.app:create_app", "--port", str(port)]
        command += ["--workers", str(workers), "--timeout-keep-alive", "120", "--no-access-log"]
        log, python = folder / "uvicorn.log", str(self._programs / "python")
        with running(command, log, self._environment(), python=python) as process:
            alive = process.is_running
            processes.wait_for("stac-fastapi-pgstac", lambda: listens(port), alive, 120, log)
            yield f"http://127.0.0.1:{port}", {"web": process, "postgres": listening()[self._database.port]}

    def _run(self, *words: str) -> None:
        command = [str(self._programs / "pypgstac"), *words]
        processes.run(command, f"pypgstac {words[0]}", env={**os.environ, **self._environment()})

    def _environment(self) -> Mapping[str, str]:
        names = {"PGHOST": "127.0.0.1", "PGPORT": str(self._database.port), "PGUSER": "nextgeoss"}
        return names | {"PGPASSWORD": self._database.password, "PGDATABASE": _DATABASE}

    def _execute(self, statement: str) -> None:
        connection = psycopg2.connect(self._database.url(_DATABASE))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()


@contextmanager
def pgstac(folder: Path) -> Iterator[Pgstac]:
    """An empty peer, its data in `folder`; CannotCompare says what is missing."""
    _require_postgis()
    programs = _environment()
    folder.mkdir()
    folder.chmod(0o711)
    place = Place(folder, account_for(ROOT), throw_away=True)
    database = _Database(place, ports.some_free([]), "pgstac")
    with Running(place, [database]):
        database.create_database(_DATABASE)
        yield Pgstac(database, programs)


def versions() -> dict[str, str]:
    """The releases of the peer's own parts."""
    lines = REQUIREMENTS.read_text().splitlines()
    pins = dict(line.split("==") for line in lines if "==" in line)
    return {name: pins[name] for name in ("stac-fastapi-pgstac", "pypgstac", "uvicorn")}


def _require_postgis() -> None:
    if _EXTENSION.exists():
        return
    if os.getuid() == 0 and Path("/usr/bin/apt-get").exists():
        say(f"installing {PACKAGE}")
        for words in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", PACKAGE]):
            done = _quietly(["apt-get", "-y", *words])
            if done:
                raise CannotCompare(f"apt-get {words[0]}: {done}")
    if not _EXTENSION.exists():
        raise CannotCompare(f"PostGIS is missing: install Debian's package {PACKAGE}")


def _environment() -> Path:
    """The folder of programs of an environment with the requirements, made once."""
    digest = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = ROOT / ".nextgeoss" / "tools" / f"pgstac-{digest}"
    if not (folder / "made").exists():
        say("making the environment of stac-fastapi-pgstac")
        install = [str(folder / "bin" / "pip"), "install", "--quiet", "--requirement", str(REQUIREMENTS)]
        for command in ([sys.executable, "-m", "venv", "--clear", str(folder)], install):
            if done := _quietly(command):
                raise CannotCompare(f"stac-fastapi-pgstac could not be installed: {done}")
        (folder / "made").touch()
    return folder / "bin"


def _quietly(command: Sequence[str]) -> str:
    """Run a command; the end of what it complains when it fails, else ""."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stderr.strip() or done.stdout.strip())[-300:] or "failed" if done.returncode else ""
