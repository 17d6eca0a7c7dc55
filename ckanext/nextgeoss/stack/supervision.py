"""Talk to the supervisor of a data folder."""

from __future__ import annotations

import os
import subprocess
import sys
import xmlrpc.client
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import processes
from .errors import StackError

NAME = "supervisor"
UP = ("RUNNING", "STARTING", "BACKOFF")


class Supervisor:
    """The supervisor that runs, or could run, for `folder`."""

    def __init__(self, folder: Path, port: int, password: str) -> None:
        """Describe it; nothing is started."""
        self.folder = folder
        address = f"http://nextgeoss:{password}@127.0.0.1:{port}/RPC2"
        self._remote: Any = xmlrpc.client.ServerProxy(address)

    @property
    def pid(self) -> int | None:
        """Its process id, None when it does not run."""
        return processes.recorded(self.folder).get(NAME)

    def start(self, configuration: Path) -> None:
        """Start it in a session of its own, so that Ctrl-C here does not reach it."""
        command = [sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "-c", str(configuration)]
        log = self.folder / "log" / "supervisor.out"
        with log.open("wb") as output:
            process = subprocess.Popen(
                processes.launch_command(NAME, command, self.folder),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                env=_environment(self.folder),
                start_new_session=True,
            )
        processes.wait_for(NAME, self.answers, lambda: process.poll() is None, 30, log)

    def answers(self) -> bool:
        """Whether it runs and is ours: it knows the password."""
        try:
            return self._remote.supervisor.getState()["statename"] == "RUNNING"
        except (OSError, xmlrpc.client.Error):
            return False

    def states(self) -> dict[str, dict[str, Any]]:
        """Program -> what supervisor knows of it (`statename`, `pid`, `description`, ...)."""
        return {info["name"]: info for info in self._remote.supervisor.getAllProcessInfo()}

    def ensure(self, names: Sequence[str]) -> None:
        """Have the programs `names` run."""
        states = self.states()
        for name in names:
            if states[name]["statename"] not in UP:
                try:
                    self._remote.supervisor.startProcess(name, False)
                except xmlrpc.client.Fault as fault:
                    raise StackError(f"cannot start {name}: {fault.faultString}") from fault

    def alive(self, name: str) -> bool:
        """Whether the program has not been given up."""
        return self.states()[name]["statename"] in UP

    def stop(self) -> None:
        """End all programs, last those that others use, and the supervisor; kills what does not end."""
        pid = self.pid
        if pid is not None:
            processes.end([pid], patience=60)
        processes.end(list(processes.recorded(self.folder).values()))


def _environment(folder: Path) -> dict[str, str]:
    """The caller's variables without those that would change what CKAN or Python does."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("CKAN_", "PYTHON", "SUPERVISOR"))
    }
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "PYTHONUNBUFFERED": "1"} | kept
