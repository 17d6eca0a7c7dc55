"""Make the checkout's .venv from the lock file, then become the `nextgeoss` command in it.

Run by the script `nextgeoss`, with the standard library alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "nextgeoss.stamp"
NEEDED_BYTES = 1_500_000_000
NO_NETWORK = re.compile(
    r"Name or service not known|Temporary failure in name resolution|Network is unreachable|timed out|"
    r"Connection refused|Failed to establish a new connection|No route to host|ProxyError|getaddrinfo failed"
)


class CannotInstall(Exception):
    """One clear line on what keeps us from installing."""


def digest(lock: Path) -> str:
    """What tells one installation from another: the lock file, our metadata, where the checkout is."""
    parts = [lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_current(development: bool) -> bool:
    """Whether .venv holds what the lock file says; the development lock holds all of the other."""
    if not STAMP.exists() or not PYTHON.exists():
        return False
    name, _, value = STAMP.read_text().partition(" ")
    if development and name != "requirements-dev.lock":
        return False
    return (ROOT / name).exists() and value == digest(ROOT / name)


def install(development: bool) -> None:
    """Bring .venv up to date; CannotInstall says why that is impossible."""
    lock = ROOT / ("requirements-dev.lock" if development else "requirements.lock")
    _make_venv()
    say(f"installing the packages of {lock.name} into {VENV}")
    STAMP.unlink(missing_ok=True)
    _pip("--require-hashes", "--no-deps", "-r", str(lock))
    _pip("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(f"{lock.name} {digest(lock)}")


def _make_venv() -> None:
    if _works(PYTHON):
        return
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise CannotInstall(
                f"{sys.executable} has no module {module!r} (Debian and Ubuntu: apt install python3-venv)"
            )
    if shutil.disk_usage(ROOT).free < NEEDED_BYTES:
        raise CannotInstall(f"no room on the disk of {ROOT}: {NEEDED_BYTES // 10**6} MB are needed")
    _run([sys.executable, "-I", "-m", "venv", "--clear", str(VENV)], "making .venv")


def _works(python: Path) -> bool:
    """Whether `python` runs and has pip; an interrupted start leaves one that has not."""
    try:
        done = subprocess.run([python, "-I", "-m", "pip", "--version"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-I", "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    _run([*command, *arguments], "pip")


def _run(command: list[str], what: str) -> None:
    unwanted = ("PYTHON", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(unwanted)}
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotInstall(explain(what, done.stdout))


def explain(what: str, output: str) -> str:
    """One line from the output of a command that failed."""
    if "No space left on device" in output:
        return f"{what} failed: no space left on the disk"
    if match := NO_NETWORK.search(output):
        return f"{what} failed: cannot reach the package index ({match[0]}); is there a network?"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("ERROR", "error", "Error", "PermissionError"))]
    return f"{what} failed: {(errors or lines or ['without a word'])[-1]}"


def say(line: str) -> None:
    """Tell the console."""
    print(f"nextgeoss: {line}", file=sys.stderr, flush=True)  # noqa: T201


def prepare(arguments: list[str]) -> int:
    """Install what the command needs and is missing; gives the exit code."""
    only_install = arguments[:1] == ["install"]
    development = arguments[:1] == ["test"] or (only_install and "--dev" in arguments)
    try:
        with (ROOT / "requirements.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a second start waits until the first has installed
            if not is_current(development):
                install(development)
    except CannotInstall as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"cannot install into {VENV}: {error.strerror}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def main(arguments: list[str]) -> None:
    """Install what is missing; then become the command, unless `install` is all that was asked for."""
    code = prepare(arguments)
    if code or arguments[:1] == ["install"]:
        sys.exit(code)
    os.execv(PYTHON, [str(PYTHON), str(VENV / "bin" / "nextgeoss"), *arguments])  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
