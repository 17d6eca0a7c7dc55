"""STAC Browser as npm has it, built once: a page that shows any catalogue."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .file_servers import python_server
from .venvs import TOOLS

VERSION = "4.0.1"
# what its dependencies were on that day; of ol-stac the last version that goes with the OpenLayers it wants
_BEFORE = "2026-11-30"
_OL_STAC = "1.1.0"
_SECONDS = 900
_PACKAGE = "@radiantearth/stac-browser"


@contextmanager
def stac_browser() -> Iterator[str]:
    """Where a STAC Browser answers; `#/external/http:/host/path` opens a catalogue."""
    with python_server(_built()) as address:
        yield f"http://{address}"


def _built() -> Path:
    """The folder of its files, made once and kept; skips the test where npm cannot make it."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, which STAC Browser is built with")
    place = TOOLS / f"stac-browser-{VERSION}-{_BEFORE}"
    TOOLS.mkdir(parents=True, exist_ok=True)
    with (TOOLS / f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs of tests make it once
        if not (place / "index.html").exists():
            work = TOOLS / f"{place.name}.work"
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            _build(npm, work)
            (work / "package" / "dist").rename(place)
            shutil.rmtree(work)
    return place


def _build(npm: str, work: Path) -> None:
    """Leaves the files in package/dist; no script of a package is run when it is installed."""
    install = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps"]
    package = work / "package"
    for command, folder in (
        ([npm, "pack", f"{_PACKAGE}@{VERSION}"], work),
        (["tar", "xzf", f"{_PACKAGE[1:].replace('/', '-')}-{VERSION}.tgz"], work),
        ([*install, f"--before={_BEFORE}", f"ol-stac@{_OL_STAC}"], package),
        ([npm, "run", "build", "--", "--historyMode=hash", "--noSourceMaps"], package),
    ):
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "CI": "1"},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"STAC Browser could not be built: {(done.stderr or done.stdout).strip()[-500:]}")
