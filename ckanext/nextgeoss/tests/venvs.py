"""Foreign validators and clients in environments of their own: they disagree about what they need."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from .shared import ROOT

TOOLS = ROOT / ".nextgeoss" / "tools"
_MADE = "made"
_SECONDS = 900


def tool_environment(name: str, requirements: Path) -> Path:
    """The folder of programs of an environment with exactly these requirements, made once and kept under the
    checkout's .nextgeoss/tools; skips the test when no registry of packages can be reached."""
    digest = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = TOOLS / f"{name}-{digest}"
    TOOLS.mkdir(parents=True, exist_ok=True)
    with (TOOLS / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs of tests make it once
        if not (folder / _MADE).exists():
            _make(folder, requirements)
            (folder / _MADE).touch()
    return folder / "bin"


def _make(folder: Path, requirements: Path) -> None:
    commands = [
        [sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder)],
        # with our own pip; Python compiles what is imported
        [
            sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet",
            "--no-compile", "--disable-pip-version-check", "--requirement", str(requirements),
        ],
    ]  # fmt: skip
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        if done.returncode:
            pytest.skip(f"{folder.name} could not be made: {done.stderr.strip()[-500:]}")


def main() -> None:
    """Make the environments of all suites, so that no test waits long for its own."""
    for requirements in sorted(Path(__file__).parent.glob("*/requirements-*.txt"), reverse=True):
        try:
            tool_environment(requirements.stem.removeprefix("requirements-"), requirements)
        except pytest.skip.Exception as skipped:
            print(skipped)


if __name__ == "__main__":
    main()
