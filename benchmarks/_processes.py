"""What processes use, and the servers that a configuration names."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from configparser import RawConfigParser
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil

_SERVERS = {"postgres": "sqlalchemy.url", "valkey": "ckan.redis.url", "solr": "solr_url"}


def settings(ini: Path) -> Mapping[str, str]:
    """The options in the [app:main] of a file, without those of files it uses."""
    parser = RawConfigParser()
    parser.read(ini)
    return dict(parser["app:main"])


def servers(ini: Path) -> dict[str, psutil.Process]:
    """The processes that listen at the addresses of the configuration."""
    options = settings(ini)
    found = listening()
    ports = {name: urlsplit(options[option]).port for name, option in _SERVERS.items()}
    return {name: found[port] for name, port in ports.items() if port in found}


def listening() -> dict[int, psutil.Process]:
    """The processes that listen, by port."""
    return {
        found.laddr.port: psutil.Process(found.pid)
        for found in psutil.net_connections("tcp")
        if found.status == psutil.CONN_LISTEN and found.pid
    }


def cpu_seconds(process: psutil.Process) -> float:
    """Of the process and its children, those that have ended included."""
    total = 0.0
    for one in [process, *process.children(recursive=True)]:
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
        total += getattr(times, "children_user", 0) + getattr(times, "children_system", 0)
    return total


def megabytes(process: psutil.Process) -> float:
    """Resident memory of a process and its children, what they share counted once; 0 when it has ended."""
    total = 0.0
    try:
        family = process.children(recursive=True)
        if not family:
            return process.memory_info().rss / 1e6
        for one in [process, *family]:
            try:
                total += one.memory_full_info().pss / 1e6
            except psutil.NoSuchProcess:
                continue
    except psutil.NoSuchProcess:
        pass
    return total


@contextmanager
def running(
    command: Sequence[str],
    log: Path,
    environment: Mapping[str, str] | None = None,
    python: str = sys.executable,
) -> Iterator[psutil.Process]:
    """A program of `python` that is ended afterwards; its output goes to `log`."""
    with log.open("w") as output:
        program = psutil.Popen(
            [python, *command],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        try:
            yield program
        finally:
            try:
                program.terminate()
                program.wait(10)
            except psutil.NoSuchProcess:
                pass  # it has ended by itself
            except psutil.TimeoutExpired:
                program.kill()
                program.wait(10)


def settled(process: psutil.Process, share: float = 0.05, seconds: float = 5, longest: float = 900) -> None:
    """Wait until a process has nearly nothing to do for some seconds: Solr goes on merging what it got."""
    end = time.monotonic() + longest
    while time.monotonic() < end:
        before = cpu_seconds(process)
        time.sleep(seconds)
        if cpu_seconds(process) - before < share * seconds:
            return
