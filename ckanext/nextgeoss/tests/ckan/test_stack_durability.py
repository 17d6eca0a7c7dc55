"""A hub whose processes are killed comes up again with nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ckanext.nextgeoss.stack import processes
from ckanext.nextgeoss.stack.hub import Hub
from ckanext.nextgeoss.tests.data_folders import data_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    with data_folder("nextgeoss hub ") as folder:
        yield folder
        _nextgeoss(folder, "down")


def _nextgeoss(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "ckanext.nextgeoss.stack.cli",
        words[0],
        "--data",
        str(folder),
        *words[1:],
    ]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CKAN_")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def _up(folder: Path) -> Hub:
    done = _nextgeoss(folder, "up", "-d", "--no-demo", "--heap", "512m")
    assert done.returncode == 0, done.stderr
    status = _nextgeoss(folder, "status")
    assert status.returncode == 0, status.stdout + status.stderr
    return Hub(folder)


def _act(hub: Hub, action: str, token: str = "", **values: Any) -> Any:
    request = urllib.request.Request(
        f"{hub.site_url}/api/3/action/{action}",
        json.dumps(values).encode(),
        {"Content-Type": "application/json", "Authorization": token},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["result"]


def _queue(hub: Hub) -> Any:
    import redis

    return redis.Redis.from_url(hub.valkey.url())


def _assert_nothing_lost(hub: Hub) -> None:
    assert hub.query("SELECT name FROM package") == [("kept",)]
    assert _act(hub, "package_search", q="kept")["count"] == 1
    with _queue(hub) as queue:
        assert queue.lrange("test-queue", 0, -1) == [b"work"]


def test_killed_and_up_again(folder: Path):
    """kill -9 of everything, then of the supervisor alone: database, index and queues are as before."""
    hub = _up(folder)
    token = hub.ckan("user", "token", "add", "admin", "test").split()[-1]
    organization = _act(hub, "organization_create", token, name="somebody")
    _act(hub, "package_create", token, name="kept", title="Kept", owner_org=organization["id"])
    with _queue(hub) as queue:
        queue.rpush("test-queue", "work")

    for pid in processes.recorded(folder).values():
        os.killpg(os.getpgid(pid), signal.SIGKILL)
    hub = _up(folder)
    _assert_nothing_lost(hub)
    before = processes.recorded(folder)

    os.kill(before["supervisor"], signal.SIGKILL)
    hub = _up(folder)
    _assert_nothing_lost(hub)
    after = processes.recorded(folder)
    assert set(before.values()).isdisjoint(after.values()), "an orphan still runs"

    again = _up(folder)
    assert processes.recorded(folder) == after, "a second `up` started something again"
    assert again.ports == hub.ports
    assert _modes(folder) == {"secrets.json": 0o600, "ckan.ini": 0o600, "admin.txt": 0o600}
    assert _nextgeoss(folder, "down").returncode == 0
    assert processes.recorded(folder) == {}


def _modes(folder: Path) -> dict[str, int]:
    return {
        name: (folder / name).stat().st_mode & 0o777 for name in ("secrets.json", "ckan.ini", "admin.txt")
    }
