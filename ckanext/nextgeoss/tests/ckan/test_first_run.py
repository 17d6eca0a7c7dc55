"""What the README promises to a stranger: a clone in an empty folder, an empty HOME, its own commands."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ckanext.nextgeoss.stack import processes

ROOT = Path(__file__).resolve().parents[4]


class Stranger:
    """Somebody with a clone, a shell and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "clone"
        home = folder / "home"
        home.mkdir()
        kept = {"PATH", "LANG", "SSL_CERT_FILE"} | {name for name in os.environ if name.startswith("PIP_")}
        self.environment = {name: os.environ[name] for name in kept if name in os.environ} | {
            "HOME": str(home)
        }
        subprocess.run(["git", "clone", "-q", str(ROOT), str(self.clone)], check=True)

    def shell(self, command: str, timeout: float = 900) -> str:
        """Run a line as it stands in the README; its output."""
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.clone,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def processes(self) -> dict[str, int]:
        """What runs in the clone's data folder: name -> process id."""
        return processes.recorded(self.clone / ".nextgeoss")


@pytest.fixture(scope="module")
def stranger() -> Iterator[Stranger]:
    # not pytest's own folder: that one is private, and the servers run as another user when root starts them
    folder = Path(tempfile.mkdtemp(prefix="nextgeoss-first-run-")).resolve()
    folder.chmod(0o711)
    someone = Stranger(folder)
    yield someone
    for pid in someone.processes().values():
        os.killpg(os.getpgid(pid), signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def _blocks(document: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", (ROOT / document).read_text(), flags=re.S)


def _search(stranger: Stranger, site: str) -> dict[str, Any]:
    """The README's own search."""
    (command,) = [block for block in _blocks("README.md") if "curl" in block]
    answer = json.loads(stranger.shell(command.replace("http://127.0.0.1:5000", site)))
    assert answer["success"] is True
    return answer["result"]


def test_readme_from_clone_to_search_and_back(stranger: Stranger):
    """Up, found by `curl`, up again within seconds; killed, up again, nothing lost; down."""
    output = stranger.shell("./nextgeoss up -d")
    site = re.search(r"http://127\.0\.0\.1:\d+", output)
    assert site, output
    first = _search(stranger, site[0])
    assert first["count"] > 5
    for found in first["results"]:
        assert 0 <= found["properties"]["cloud_cover"] <= 20
        assert found["end"] >= "2024-06-01" and found["start"] < "2024-10-01"
    everything = stranger.shell(f"curl -s '{site[0]}/api/3/action/package_search?fq=type:eo_product&rows=0'")
    number = json.loads(everything)["result"]["count"]
    assert number > 1500

    before = stranger.processes()
    started = time.monotonic()
    stranger.shell("./nextgeoss up -d")
    assert stranger.processes() == before, "a second start restarted something"
    print(f"second start: {time.monotonic() - started:.1f} s")  # a figure for the reader, no assertion

    for pid in before.values():
        os.killpg(os.getpgid(pid), signal.SIGKILL)
    site = re.search(r"http://127\.0\.0\.1:\d+", stranger.shell("./nextgeoss up -d"))
    assert site
    again = _search(stranger, site[0])
    assert [found["id"] for found in again["results"]] == [found["id"] for found in first["results"]]
    everything = stranger.shell(f"curl -s '{site[0]}/api/3/action/package_search?fq=type:eo_product&rows=0'")
    assert json.loads(everything)["result"]["count"] == number

    stranger.shell("./nextgeoss status")
    stranger.shell("./nextgeoss down")
    assert stranger.processes() == {}


# what asks the living service is tried on servers of our own, in core/test_live_provider.py
_ASKING = re.compile(r"^\./nextgeoss provider (?:record|check) .*$", re.M)


@pytest.mark.parametrize("document", ["README.md", "docs/adding-a-provider.md"])
def test_provider_commands_of_the_documents(stranger: Stranger, document: str):
    """`nextgeoss provider` needs no server; what the documents write anew is what is committed."""
    sample = "ckanext/nextgeoss/tests/samples/earth_search/page.json"
    blocks = [block for block in _blocks(document) if "./nextgeoss provider" in block]
    assert blocks
    for block in blocks:
        stranger.shell("set -e\n" + _ASKING.sub("", block).replace("saved-answer.json", sample))
    stranger.shell("git diff --exit-code")
