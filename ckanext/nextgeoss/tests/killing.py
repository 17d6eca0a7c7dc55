"""A hub of one's own whose programs are killed: servers that write to disk, workers, and the supervisor that
starts again what has ended. No pages."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg2
import redis

from ckanext.nextgeoss.demo.simulator import Simulator
from ckanext.nextgeoss.stack import first_start, ini, keys, ports, processes, programs
from ckanext.nextgeoss.stack.errors import StackError
from ckanext.nextgeoss.stack.hub import DATABASE, Hub
from ckanext.nextgeoss.tests.data_folders import data_folder

# seconds without any progress after which nothing more is expected
PATIENCE = 180.0
# what is killed -> the programs one of which it is
VICTIMS = {
    "gather": ("gather",),
    "worker": ("fetch-1", "fetch-2"),
    "indexer": ("indexer",),
    "scheduler": ("scheduler",),
    "postgres": ("postgres",),
    "postmaster alone": ("postgres",),
    "valkey": ("valkey",),
    "valkey emptied": ("valkey",),
    "solr": ("solr",),
}
_PROGRAMS = ("gather", "fetch-1", "fetch-2", "scheduler", "indexer")
_STARTED = "SELECT 1 FROM nextgeoss_run WHERE job_id = %s AND started IS NOT NULL"
_PRODUCTS = "SELECT count(*) FROM package WHERE type = 'eo_product' AND state = 'active'"
_JOB = "INSERT INTO harvest_job (id, created, source_id, status) VALUES (%s, now(), %s, 'New')"
_RUN = "INSERT INTO nextgeoss_run (job_id, source_id, mode) VALUES (%s, %s, 'full')"


class Site:
    """A hub in a folder, with one source that harvests the simulator on the port `provider`."""

    def __init__(self, folder: Path, provider: int):
        self.hub = Hub(folder, heap="512m")
        self.hub.ports = _free_ports() | {"simulator": provider}
        self.provider = provider
        self.source = ""
        self.site_id = self.hub.settings()["ckan.site_id"]

    def start(self) -> None:
        """Bring it up, without its workers, with a source whose first job waits to be gathered."""
        hub = self.hub
        for name in ("run", "log", "storage"):
            (hub.folder / name).mkdir()
        keys.write_private(hub.ini, ini.render(hub.settings()) + ini.LOGGING)
        for server in hub.servers:
            server.prepare()
        configuration = hub.folder / "supervisord.conf"
        keys.write_private(configuration, self._configuration())
        hub.supervisor.start(configuration)
        hub.supervisor.ensure([server.name for server in hub.servers])
        for server in hub.servers:
            processes.wait_for(server.name, server.ready, lambda: True, 120)
        hub.postgres.create_database(DATABASE)
        self.source = self._make_source()

    def work(self) -> None:
        """Start the workers."""
        self.hub.supervisor.ensure(_PROGRAMS)

    def _configuration(self) -> str:
        hub = self.hub
        found = [programs.server_program(server, hub.place.account.name) for server in hub.servers]
        for program in programs.worker_programs(hub.ini):
            if program.name == "scheduler":  # a round each second, so that many harvests take less time
                program = replace(program, command=[*program.command, "--every", "1"])
            if program.name in _PROGRAMS:
                found.append(program)
        return programs.configuration(hub.folder, hub.ports["supervisor"], hub.secrets["supervisor"], found)

    def _make_source(self) -> str:
        command = [programs.CKAN[0], "-m", first_start.__name__, str(self.hub.ini)]
        wanted = {"password": self.hub.secrets["admin"], "demo": f"http://127.0.0.1:{self.provider}"}
        told = processes.run(command, "first start", cwd=self.hub.folder, input=json.dumps(wanted))
        return told.split()[-1]

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows; none while the database is away."""
        try:
            return self.hub.query(statement, *values)
        except StackError:
            return []

    def products(self) -> int:
        """How many products the database holds; -1 while it is away."""
        found = self.query(_PRODUCTS)
        return found[0][0] if found else -1

    def last_job(self) -> str:
        """The newest job of the source."""
        query = "SELECT id FROM harvest_job WHERE source_id = %s ORDER BY created DESC LIMIT 1"
        return self.hub.query(query, self.source)[0][0]

    def new_job(self) -> str:
        """A job as a form leaves it: nobody has been told of it."""
        job = str(uuid4())
        connection = psycopg2.connect(self.hub.postgres.url(DATABASE))
        with connection, connection.cursor() as cursor:
            cursor.execute(_JOB, (job, self.source))
            cursor.execute(_RUN, (job, self.source))
        connection.close()
        return job

    def is_gathered(self, job: str) -> bool:
        """Whether somebody has begun to gather a job."""
        return bool(self.query(_STARTED, job))

    def kill(self, victim: str, number: int) -> str:
        """kill -9 of one of VICTIMS as soon as it runs; the name of the program. `number` chooses among
        several."""
        names = VICTIMS[victim]
        name = names[number % len(names)]
        self.wait(f"{name} to run", lambda: name in processes.recorded(self.hub.folder))
        process = psutil.Process(processes.recorded(self.hub.folder)[name])
        if victim == "valkey emptied":
            _flush(self.hub.valkey.url())
        # of PostgreSQL all processes at once, as when the power fails, or the first of them
        family = process.children(recursive=True) if victim != "postmaster alone" else []
        for each in [process, *family]:
            try:
                each.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue  # it has ended with the first one
        return name

    def wait(self, what: str, is_so: Callable[[], Any], progress: Callable[[], Any] = lambda: 0) -> None:
        """Wait until it is so; fails when nothing has moved for PATIENCE seconds."""
        last, moved = progress(), time.monotonic()
        while not is_so():
            time.sleep(0.05)
            if (now := progress()) != last:
                last, moved = now, time.monotonic()
            assert time.monotonic() - moved < PATIENCE, f"waited in vain for {what}; logs: {self.logs()}"

    def logs(self) -> str:
        """The last lines of what the programs have logged."""
        folder = self.hub.folder / "log"
        return "\n".join(
            f"--- {path.stem}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-15:])
            for path in sorted(folder.glob("*.log"))
        )


def _free_ports() -> dict[str, int]:
    """Other ports than those of a hub that runs on this machine."""
    found: dict[str, int] = {}
    for name in ports.USUAL:
        found[name] = ports.some_free([*found.values()])
    return found


def _flush(url: str) -> None:
    try:
        with redis.Redis.from_url(url) as connection:
            connection.flushall()
    except redis.RedisError:
        pass  # it was killed a moment ago and is not back yet


@contextmanager
def site(provider: int) -> Iterator[Site]:
    """A site of which the servers are up, with a source that harvests the simulator on this port; gone
    afterwards."""
    with data_folder("nextgeoss-killed-") as folder:
        found = Site(folder, provider)
        try:
            found.start()
            yield found
        finally:
            found.hub.down()


def simulator(port: int, count: int, first: int) -> Simulator:
    """The provider with so many products of a series, from this number on."""
    return Simulator(series=count, first=first, port=port)
