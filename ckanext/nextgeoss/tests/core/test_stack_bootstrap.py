"""The script that sets up a checkout says in one line what keeps it from that."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ckanext.nextgeoss.stack import bootstrap

ROOT = Path(__file__).resolve().parents[4]


def _script(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **variables}
    command = [str(ROOT / "nextgeoss"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def _fake_python(folder: Path, version: str) -> str:
    path = folder / "python3"
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("version", ["3.9", "3.14", "2.7"])
def test_a_python_that_does_not_fit(version: str, tmp_path: Path):
    """The line names what was found and what is needed."""
    folder = tmp_path / "a b"
    folder.mkdir()
    python = _fake_python(folder, version)
    done = _script("up", NEXTGEOSS_PYTHON=python)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"{python} is {version};" in done.stderr and "3.10 to 3.13" in done.stderr


def test_no_python(tmp_path: Path):
    """Also when there is none."""
    done = _script("up", NEXTGEOSS_PYTHON=str(tmp_path / "none"))
    assert done.returncode == 1
    assert "there is no python3" in done.stderr


@pytest.fixture
def empty_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout without .venv."""
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "nextgeoss.stamp")
    return tmp_path


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_module(
    module: str, empty_checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Debian's Python comes without venv and ensurepip."""
    find = bootstrap.importlib.util.find_spec
    monkeypatch.setattr(
        bootstrap.importlib.util, "find_spec", lambda name: None if name == module else find(name)
    )
    assert bootstrap.prepare(["up"]) == 1
    assert f"has no module '{module}'" in (line := capsys.readouterr().err) and line.count("\n") == 1


def test_a_full_disk(
    empty_checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """It is seen before anything is written."""
    usage = bootstrap.shutil.disk_usage(ROOT)
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    assert bootstrap.prepare(["up"]) == 1
    assert capsys.readouterr().err.startswith("nextgeoss: no room on the disk")
    assert not (empty_checkout / ".venv").exists()


def test_a_folder_that_cannot_be_written(
    empty_checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """venv's own complaint is one line."""
    (empty_checkout / "file").write_text("")
    monkeypatch.setattr(bootstrap, "VENV", empty_checkout / "file" / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", empty_checkout / "file" / ".venv" / "bin" / "python")
    assert bootstrap.prepare(["up"]) == 1
    line = capsys.readouterr().err
    assert "making .venv failed" in line and line.count("\n") == 1


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (
            "WARNING: Retrying: Temporary failure in name resolution\nERROR: No matching distribution",
            "is there a network?",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "no space left",
        ),
        (
            "x\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n  y",
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES",
        ),
        ("", "pip failed: without a word"),
    ],
)
def test_what_pip_says_becomes_one_line(output: str, expected: str):
    """The cause is named, not the last of many lines."""
    line = bootstrap.explain("pip", output)
    assert expected in line and "\n" not in line


def test_a_changed_lock_is_installed_again(empty_checkout: Path):
    """The stamp tells which lock file .venv holds; that of tests holds all of the other."""
    python = bootstrap.PYTHON
    python.parent.mkdir(parents=True)
    python.write_text("")
    assert not bootstrap.is_current(False)
    lock = empty_checkout / "requirements-dev.lock"
    bootstrap.STAMP.write_text(f"{lock.name} {bootstrap.digest(lock)}")
    assert bootstrap.is_current(True) and bootstrap.is_current(False)
    lock.write_text(lock.read_text() + "# changed\n")
    assert not bootstrap.is_current(False)
    plain = empty_checkout / "requirements.lock"
    bootstrap.STAMP.write_text(f"{plain.name} {bootstrap.digest(plain)}")
    assert bootstrap.is_current(False) and not bootstrap.is_current(True)
