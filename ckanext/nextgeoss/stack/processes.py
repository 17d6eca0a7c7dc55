"""Start programs, know them again, end them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .errors import StackError
from .launch import started

LAUNCHER = Path(__file__).with_name("launch.py")


def launch_command(
    name: str, command: Sequence[str], folder: Path, user: str = "", with_parent: bool = False
) -> list[str]:
    """The command that runs `command` as `user` and keeps its process id in `folder`/run/`name`.pid."""
    options = ["--record", str(folder / "run" / f"{name}.pid"), "--folder", str(folder)]
    if user:
        options += ["--user", user]
    if with_parent:
        options += ["--with-parent"]
    return [sys.executable, "-I", "-S", str(LAUNCHER), *options, "--", *command]


def recorded(folder: Path) -> dict[str, int]:
    """Name -> process id of what still runs for the data folder `folder`."""
    running = {}
    for path in sorted((folder / "run").glob("*.pid")):
        try:
            record = json.loads(path.read_text())
        except (OSError, ValueError):
            continue
        # a copied folder brings records of the original's processes along: these are not ours
        if record["folder"] == str(folder) and record["started"] == started(record["pid"]) != "":
            running[path.stem] = record["pid"]
    return running


def end(pids: Sequence[int], patience: float = 20.0, first: int = signal.SIGTERM) -> None:
    """Ask the processes `pids` to end, wait up to `patience` seconds, then kill what is left."""
    born = {pid: started(pid) for pid in pids}
    for number, seconds in ((first, patience), (signal.SIGKILL, 5.0)):
        left = [pid for pid, start in born.items() if start and started(pid) == start]
        for pid in left:
            _signal(pid, number)
        limit = time.monotonic() + seconds
        while any(started(pid) == born[pid] for pid in left) and time.monotonic() < limit:
            time.sleep(0.05)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
    except PermissionError as error:
        raise StackError(
            f"process {pid} belongs to another user; stop the hub as the user who started it"
        ) from error


class Patience:
    """How long nothing may move. Of the time between two looks a second counts at most: on a busy machine, or
    after this process was stopped for a while, looks are rare, and what is waited for had no more time."""

    def __init__(self, seconds: float) -> None:
        """Have `seconds` of it."""
        self._whole = self._left = seconds
        self._seen: object = None
        self._looked = time.monotonic()

    def ends(self, seen: object = None) -> bool:
        """Whether what is seen has been the same for too long."""
        now = time.monotonic()
        self._left = self._whole if seen != self._seen else self._left - min(now - self._looked, 1.0)
        self._seen, self._looked = seen, now
        return self._left < 0


def cpu_seconds(pid: int) -> float:
    """What a process has worked so far; 0 for one that is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_for(
    what: str,
    ready: Callable[[], bool],
    alive: Callable[[], bool],
    seconds: float = 60.0,
    log: Path | None = None,
) -> None:
    """Return when `ready()`; StackError with the log's last line when not `alive()`, or when nothing more was
    logged for `seconds`."""
    patience = Patience(seconds)
    while not ready():
        if not alive():
            raise StackError(f"{what} ended while starting: {_last_line(log)}")
        if patience.ends(log.stat().st_size if log and log.exists() else 0):
            raise StackError(f"{what} is not ready after {seconds:.0f} s: {_last_line(log)}")
        time.sleep(0.1)


def _last_line(log: Path | None) -> str:
    if log is None or not log.exists():
        return "no log"
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return f"{lines[-1].strip() if lines else 'nothing logged'} (see {log})"


def reason(*outputs: str) -> str:
    """The last line that says what went wrong: no log line, if there is another."""
    lines = [line.strip() for output in outputs for line in output.splitlines()]
    lines = [line for line in lines if line and line != "Aborted!"]
    telling = [line for line in lines if not re.match(r"\d{4}-\d\d-\d\d .* (INFO|DEBUG)", line)]
    return (telling or lines or [""])[-1]


def run(command: Sequence[str], what: str, **options: Any) -> str:
    """Run `command` to its end and return what it prints; StackError with its last line when it fails."""
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    done = subprocess.run(list(command), capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise StackError(f"{what} failed: {reason(done.stderr, done.stdout) or done.returncode}")
    return str(done.stdout)
