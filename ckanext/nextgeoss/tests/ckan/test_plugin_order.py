"""A wrong list of plugins is refused at start, with the line to write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.nextgeoss.config import plugins_problem

OURS = "nextgeoss nextgeoss_harvester nextgeoss_feedback"
GOOD = f"{OURS} activity harvest spatial_metadata scheming_datasets dcat"


@pytest.mark.parametrize(
    ("plugins", "reason", "line"),
    [
        (
            "activity nextgeoss scheming_datasets",
            "nextgeoss must come before all other plugins",
            "nextgeoss activity scheming_datasets",
        ),
        (
            "nextgeoss_harvester nextgeoss harvest scheming_datasets",
            "nextgeoss nextgeoss_harvester must come before all other plugins",
            "nextgeoss nextgeoss_harvester harvest scheming_datasets",
        ),
        (
            "nextgeoss spatial_metadata spatial_query scheming_datasets",
            "spatial_query would answer ext_bbox a second time, by envelopes",
            "nextgeoss spatial_metadata scheming_datasets",
        ),
        ("nextgeoss my_theme", "nextgeoss needs scheming_datasets", "nextgeoss scheming_datasets my_theme"),
        (
            "my_theme dcat nextgeoss scheming_datasets",
            "nextgeoss must come before all other plugins",
            "nextgeoss scheming_datasets dcat my_theme",
        ),
    ],
)
def test_the_line_to_write_is_told_and_right(plugins: str, reason: str, line: str) -> None:
    assert plugins_problem(plugins.split()) == f"{reason}; write: ckan.plugins = {line}"
    assert plugins_problem(line.split()) == ""


def test_other_plugins_may_come_after_ours_in_any_order() -> None:
    assert plugins_problem(GOOD.split()) == ""
    assert plugins_problem(["nextgeoss", "dcat", "scheming_datasets", "my_theme", "activity"]) == ""


def test_ckan_does_not_start(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    ini = tmp_path / "wrong.ini"
    given = request.config.getoption("--ckan-ini")
    ini.write_text(
        f"[app:main]\nuse = config:{Path(given).resolve()}\n"
        "ckan.plugins = activity nextgeoss spatial_metadata scheming_datasets\n"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CKAN")}
    ckan = [sys.executable, "-c", "from ckan.cli.cli import ckan; ckan()", "-c", str(ini)]
    done = subprocess.run([*ckan, "db", "version"], capture_output=True, text=True, env=environment)
    assert done.returncode != 0
    told = done.stdout + done.stderr
    assert "write: ckan.plugins = nextgeoss activity spatial_metadata scheming_datasets" in told
