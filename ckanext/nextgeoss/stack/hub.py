"""A hub on this machine: everything `nextgeoss up`, `down` and `status` do."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from . import checkout, ini, jars, keys, ports, processes, programs
from .account import account_for, require_reach
from .errors import StackError
from .postgres import Postgres
from .server import Place, Server
from .solr import Solr
from .supervision import Supervisor
from .valkey import Valkey

DATABASE = "ckan"
KEPT_BY_RESET = ("jars", "bin")  # fetched or copied, and checked


class Hub:
    """The hub of one data folder."""

    def __init__(self, folder: Path, heap: str = "1g") -> None:
        """Describe the hub of `folder`, which exists; `heap` is Solr's -Xmx."""
        self.folder = folder
        self.heap = heap
        self.secrets = keys.load(folder)
        self.ports = ports.USUAL | ports.load(folder / "ports.json")
        self.ini = folder / "ckan.ini"
        self.place = Place(folder, account_for(checkout.checkout()))

    @property
    def supervisor(self) -> Supervisor:
        """Whoever watches the programs."""
        return Supervisor(self.folder, self.ports["supervisor"], self.secrets["supervisor"])

    @property
    def postgres(self) -> Postgres:
        """The database server."""
        return Postgres(self.place, self.ports["postgres"], self.secrets["postgres"])

    @property
    def valkey(self) -> Valkey:
        """The server of queues and caches."""
        return Valkey(self.place, self.ports["valkey"], self.secrets["valkey"])

    @property
    def solr(self) -> Solr:
        """The search server."""
        return Solr(self.place, self.ports["solr"], self.folder / "jars", self.heap)

    @property
    def servers(self) -> list[Server]:
        """The three servers, the slowest first."""
        return [self.solr, self.postgres, self.valkey]

    @property
    def site_url(self) -> str:
        """Where people find the hub."""
        return f"http://127.0.0.1:{self.ports['web']}"

    @property
    def simulator_url(self) -> str:
        """Where the demo provider is."""
        return f"http://127.0.0.1:{self.ports['simulator']}"

    @property
    def running(self) -> bool:
        """Whether a supervisor runs for this folder."""
        return self.supervisor.pid is not None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One `up`, `down` or `reset` at a time; the lock goes with the process, however it ends."""
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise StackError(f"another `nextgeoss` command is at work in {self.folder}") from error
            yield

    def up(self, wanted: dict[str, int], demo: bool, tell: Callable[[str], None]) -> str:
        """Bring everything up; does nothing for what runs already. `wanted` fixes ports by name.

        With `demo` an empty catalogue gets the demo source, whose id is given back; else ''.
        """
        require_reach(self.place.account, self.folder)
        jars.ensure(self.folder / "jars")
        require_reach(self.place.account, self.folder / "jars")
        for name in ("run", "log", "storage"):
            (self.folder / name).mkdir(exist_ok=True)
        known = self.supervisor.pid and self.supervisor.answers() and self._unchanged(wanted)
        if not known:
            self._start_supervisor(wanted, tell)
        self._start_servers(tell)
        source = self._prepare_data(demo, tell)
        self._start_site(tell)
        with nullcontext() if known else self._checking_search():
            self._wait("web", self._site_answers)
        return source

    def _unchanged(self, wanted: dict[str, int]) -> bool:
        """Whether the running supervisor was started with what would be written now."""
        if any(self.ports[name] != port for name, port in wanted.items()):
            return False
        path = self.folder / "supervisord.conf"
        return (
            path.exists() and path.read_text() == self._configuration() and self._stamp_is_current("started")
        )

    def _configuration(self) -> str:
        parts = [programs.server_program(server, self.place.account.name) for server in self.servers]
        parts += [programs.simulator_program(self.ports["simulator"])]
        parts += [programs.web_program(self.ports["web"], self.ini), *programs.worker_programs(self.ini)]
        return programs.configuration(
            self.folder, self.ports["supervisor"], self.secrets["supervisor"], parts
        )

    def _start_supervisor(self, wanted: dict[str, int], tell: Callable[[str], None]) -> None:
        self.supervisor.stop()  # also the orphans of one that was killed
        before = ports.load(self.folder / "ports.json")
        self.ports = ports.choose(before, wanted)
        ports.keep(self.folder / "ports.json", self.ports)
        if before and before["web"] != self.ports["web"]:
            tell(f"port {before['web']} is in use by another program; the site moves to {self.ports['web']}")
        keys.write_private(self.ini, ini.render(self.settings()) + ini.LOGGING)
        for server in self.servers:
            server.prepare()
        configuration = self.folder / "supervisord.conf"
        keys.write_private(configuration, self._configuration())
        self._stamp("started")
        self.supervisor.start(configuration)

    def settings(self) -> dict[str, str]:
        """What its configuration says of it."""
        return ini.settings(
            site_url=self.site_url,
            database_url=self.postgres.url(DATABASE),
            solr_url=self.solr.url,
            redis_url=self.valkey.url(),
            storage=str(self.folder / "storage"),
            secrets=self.secrets,
        ) | {"ckanext.nextgeoss.http.allowed_private_hosts": f"127.0.0.1:{self.ports['simulator']}"}

    def _start_servers(self, tell: Callable[[str], None]) -> None:
        tell("starting PostgreSQL, Valkey and Solr")
        self.supervisor.ensure([server.name for server in self.servers])
        for server in self.servers:
            self._wait(server.name, server.ready)

    def _wait(self, name: str, ready: Callable[[], bool], seconds: float = 300) -> None:
        log = self.folder / "log" / f"{name}.log"
        processes.wait_for(name, ready, lambda: self.supervisor.alive(name), seconds, log)

    def _prepare_data(self, demo: bool, tell: Callable[[str], None]) -> str:
        """Make or bring up to date database, sysadmin, index; the id of the demo source if one is made."""
        source = ""
        new = self.postgres.create_database(DATABASE) or not self._stamp_is_current("database")
        if new or (demo and self.count("package") < 2):  # nothing, or a demo source that was never asked
            tell("preparing the database")
            source = self._first_start(self.simulator_url if demo else "")
            self._keep_password(tell)
            self._stamp("database")
        if self.solr.must_rebuild:
            if self.count("package"):
                tell("making the search index from the database")
                self.ckan("nextgeoss", "index", "rebuild")
            self.solr.rebuilt()
        return source

    def _keep_password(self, tell: Callable[[str], None]) -> None:
        path = self.folder / "admin.txt"
        if not path.exists():
            keys.write_private(path, f"user: admin\npassword: {self.secrets['admin']}\n")
            tell(f"sysadmin 'admin' has the password {self.secrets['admin']} (shown once; kept in {path})")

    def _start_site(self, tell: Callable[[str], None]) -> None:
        tell("starting the site and the harvest workers")
        workers = [program.name for program in programs.worker_programs(self.ini)]
        self.supervisor.ensure(["simulator", "web", *workers])

    @contextmanager
    def _checking_search(self) -> Iterator[None]:
        """Meanwhile ask the search server what only a right set of jars answers rightly."""
        check = subprocess.Popen(
            [*programs.CKAN, "-c", str(self.ini), "nextgeoss", "solr", "check"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
        )
        try:
            yield
            output, errors = check.communicate(timeout=120)
        finally:
            check.kill()
        if check.returncode:
            raise StackError(f"the search server is not as it should be: {processes.reason(output, errors)}")

    def _site_answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.site_url}/api/3/action/status_show", timeout=30) as answer:  # noqa: S310
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def ckan(self, *words: str) -> str:
        """Run a `ckan` command in this hub and return what it prints."""
        return processes.run(
            [*programs.CKAN, "-c", str(self.ini), *words], f"ckan {' '.join(words)}", cwd=self.folder
        )

    def _first_start(self, demo: str) -> str:
        command = [sys.executable, "-m", "ckanext.nextgeoss.stack.first_start", str(self.ini)]
        wanted = json.dumps({"password": self.secrets["admin"], "demo": demo})
        output = processes.run(command, "preparing the database", cwd=self.folder, input=wanted)
        return output.rstrip("\n").rpartition("\n")[2].strip()

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that the SQL `statement` gives."""
        import psycopg2

        try:
            connecting = closing(psycopg2.connect(self.postgres.url(DATABASE)))
            with connecting as connection, connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall()
        except psycopg2.Error as error:
            raise StackError(f"the database does not answer: {str(error).strip()}") from error

    def count(self, table: str) -> int:
        """How many rows `table` has."""
        return self.query(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 (a name of ours)

    def simulated_products(self) -> int | None:
        """How many products the demo provider says it has."""
        with urllib.request.urlopen(f"{self.simulator_url}/search?limit=1", timeout=30) as answer:  # noqa: S310
            return json.load(answer).get("numberMatched")

    def down(self) -> bool:
        """End everything; false when nothing ran."""
        ran = bool(processes.recorded(self.folder))
        self.supervisor.stop()
        return ran

    def reset(self) -> None:
        """End everything and forget all data; what was fetched stays."""
        self.down()
        for path in self.folder.iterdir():
            if path.name in (*KEPT_BY_RESET, "lock"):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    def _stamp(self, name: str) -> None:
        (self.folder / f"{name}.stamp").write_text(_installed())

    def _stamp_is_current(self, name: str) -> bool:
        path = self.folder / f"{name}.stamp"
        return path.exists() and path.read_text() == _installed()


def _installed() -> str:
    """A digest of what is installed and of our migrations, which change in a checkout without a version."""
    names = sorted(f"{item.metadata['Name']} {item.version}" for item in distributions())
    migrations = sorted(path.name for path in (Path(__file__).parents[1] / "migration").rglob("*.py"))
    return hashlib.sha256("\n".join([*names, *migrations]).encode()).hexdigest()
