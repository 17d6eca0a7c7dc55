"""Free loopback ports, kept over restarts."""

from __future__ import annotations

import json
import random
import socket
import time
from collections.abc import Collection
from pathlib import Path

from . import keys
from .errors import StackError

USUAL = {"web": 5000, "simulator": 5050, "postgres": 5432, "valkey": 6379, "solr": 8983, "supervisor": 9001}
# Below the ports that systems hand out to clients, so that no connection takes ours between choice and use.
LOWEST, HIGHEST = 20000, 32000


def is_free(port: int) -> bool:
    """Whether a server could listen on the loopback `port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True


def some_free(not_these: Collection[int] = ()) -> int:
    """A free port that is none of `not_these`."""
    for _ in range(1000):
        port = random.randint(LOWEST, HIGHEST)  # noqa: S311 (no secret)
        if port not in not_these and is_free(port):
            return port
    raise StackError(f"no free port between {LOWEST} and {HIGHEST} on 127.0.0.1")


def choose(kept: dict[str, int], wanted: dict[str, int], patience: float = 10) -> dict[str, int]:
    """A free port for each of `USUAL`: the one kept from last time, else the usual, else another.

    `wanted` names ports that must be these: StackError when one is taken. What a killed program leaves behind
    holds its port for a moment: kept ports are waited for, `patience` seconds in all.
    """
    limit = time.monotonic() + patience
    while not all(is_free(port) for port in kept.values()) and time.monotonic() < limit:
        time.sleep(0.1)
    chosen: dict[str, int] = {}
    for name, usual in USUAL.items():
        if name in wanted:
            if not is_free(wanted[name]):
                raise StackError(f"port {wanted[name]} for {name} is in use by another program")
            chosen[name] = wanted[name]
            continue
        candidate = kept.get(name, usual)
        taken = set(chosen.values())
        chosen[name] = candidate if candidate not in taken and is_free(candidate) else some_free(taken)
    return chosen


def load(path: Path) -> dict[str, int]:
    """The ports kept in the file at `path`; empty when there is none."""
    return json.loads(path.read_text()) if path.exists() else {}


def keep(path: Path, ports: dict[str, int]) -> None:
    """Keep `ports` in the file at `path`."""
    keys.write_private(path, json.dumps(ports, indent=1) + "\n")
