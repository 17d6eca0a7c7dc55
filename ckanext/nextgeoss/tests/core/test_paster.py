"""Old command lines: each is translated, and what cannot be is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.nextgeoss.stack.paster import GONE, LINES, UnknownLine, translate
from ckanext.nextgeoss.tests.paster_lines import OLD_AND_NEW


@pytest.mark.parametrize(("old", "new"), OLD_AND_NEW)
def test_an_old_line_is_todays(old: str, new: str):
    assert " ".join(translate(old.split())) == f"ckan {new}"


def test_every_line_of_the_table_is_tried():
    tried = {line.old for line in LINES for _, new in OLD_AND_NEW if f" {line.new}" in f" {new}"}
    assert tried == {line.old for line in LINES}


@pytest.mark.parametrize(
    ("old", "told"),
    [
        (
            "--plugin=ckanext-report report initdb",
            "`report initdb` is not a command of paster; known: harvester",
        ),
        ("--plugin=ckanext-harvest harvester dance", "`harvester dance` is not a command"),
        ("--plugin=ckan", "`nothing` is not a command"),
        ("--plugin=ckanext-harvest harvester source a b", "needs NAME URL TYPE"),
        ("--plugin=ckan sysadmin promote a", "`promote` is not known here; known: add, remove, list"),
        ("harvester run -c", "-c must be followed by a value"),
        *((gone, "is not needed: ") for gone in GONE),
    ],
)
def test_what_cannot_be_translated_is_told(old: str, told: str):
    with pytest.raises(UnknownLine, match=told):
        translate(old.split())


def paster(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ckanext.nextgeoss.stack.paster", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_it_says_what_it_does_and_exits_as_that_does(tmp_path: Path):
    made = paster("make-config", "ckan", "new.ini", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "paster: ckan generate config new.ini\n" in made.stderr
    assert (tmp_path / "new.ini").exists()
    failed = paster("--plugin=ckan", "sysadmin", "list", "-c", "none.ini", folder=tmp_path)
    assert failed.returncode == 1
    assert "none.ini" in failed.stderr


def test_an_unknown_line_ends_with_an_error(tmp_path: Path):
    done = paster("--plugin=ckan", "dance", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("paster: `dance` is not a command of paster; known: harvester")
    assert done.stdout == ""
