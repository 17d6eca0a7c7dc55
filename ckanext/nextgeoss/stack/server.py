"""What the three embedded servers have in common."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from . import processes
from .account import Account
from .errors import StackError

# seconds that a server which lives may take until it answers, on a busy machine
_PATIENCE = 300.0


@dataclass(frozen=True)
class Place:
    """Where a server lives: the data folder, who it runs as, and whether its data may be lost (tests)."""

    folder: Path
    account: Account
    throw_away: bool = False

    @property
    def binaries(self) -> Path:
        """Where copies of programs go that the account could not reach otherwise."""
        return self.folder / "bin"


class Server(Protocol):
    """A program with data of its own that listens on one loopback port."""

    name: str
    port: int
    stop_signal: str  # "INT", "TERM"

    def prepare(self) -> None:
        """Make what the server needs before it starts; does nothing the second time."""
        ...

    def command(self) -> list[str]:
        """The command that runs the server in the foreground."""
        ...

    def environment(self) -> Mapping[str, str]:
        """Variables the server needs."""
        ...

    def ready(self) -> bool:
        """Whether it answers."""
        ...


def listens(port: int) -> bool:
    """Whether something takes connections on the loopback `port`."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Running:
    """Servers that live as long as this object: started together, ended together."""

    def __init__(self, place: Place, servers: list[Server]) -> None:
        """Start `servers`; they also end when this process is killed (on Linux)."""
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._place = place
        self._servers = servers
        for folder in ("run", "log"):
            (place.folder / folder).mkdir(parents=True, exist_ok=True)
        try:
            for server in servers:
                self._start(server)
        except BaseException:
            self.stop()
            raise

    def _start(self, server: Server) -> None:
        server.prepare()
        place = self._place
        command = processes.launch_command(
            server.name, server.command(), place.folder, place.account.name, with_parent=True
        )
        with self._log(server).open("ab") as log:
            self._processes[server.name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=place.folder,
                env={"PATH": "/usr/bin:/bin", "HOME": str(place.folder), **server.environment()},
                start_new_session=True,
            )

    def _log(self, server: Server) -> Path:
        return self._place.folder / "log" / f"{server.name}.log"

    def wait(self) -> None:
        """Return when all servers answer; StackError says which one does not, and why."""
        for server in self._servers:
            process = self._processes[server.name]
            processes.wait_for(
                server.name, server.ready, lambda p=process: p.poll() is None, _PATIENCE, self._log(server)
            )

    def stop(self) -> None:
        """End all servers, the first last."""
        for server in reversed(self._servers):
            if server.name in self._processes:
                self._processes[server.name].send_signal(signal.Signals[f"SIG{server.stop_signal}"])
        for process in self._processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def __enter__(self) -> Running:
        try:
            self.wait()
        except StackError:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
