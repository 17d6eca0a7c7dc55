"""The benchmark of harvests from end to end, with a few products: what it measures is there and adds up."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ckan import model

from ckanext.nextgeoss.tests.harvesting import Hub

ROOT = Path(__file__).resolve().parents[4]


def test_a_small_harvest_beside_stock_and_the_limit(
    hub: Hub, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    script = ROOT / "benchmarks" / "harvest.py"
    if not script.is_file():
        pytest.skip("the benchmarks are not installed with the package")
    model.Session.remove()
    model.meta.engine.dispose()  # the database is copied, which nobody may be connected to
    told = tmp_path / "harvest.json"
    options = {"--products": 8, "--warm-up": 2, "--compared": 2, "--stock": 2}
    words = [str(word) for pair in options.items() for word in pair]
    command = [sys.executable, str(script), "--ini", pytestconfig.getoption("ckan_ini"), "--json", str(told)]
    done = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads(told.read_text())
    assert result["harvest"]["counters"]["added"] == 8
    again = result["again"]
    assert (again["counters"]["unchanged"], again["rows_written"], again["documents_written"]) == (8, {}, 0)
    rows = result["limit"]["rows"]
    assert (rows["package"], rows["resource"], rows["package_tag"], rows["harvest_object"]) == (8, 24, 32, 8)
    assert set(result["ratios"]) >= {"again / harvest", "harvest / stock", "harvest / limit"}
    assert all(ratio > 0 for ratio in result["ratios"].values())
    for name in ("harvest", "again"):
        assert {"postgres", "valkey", "solr", "simulator", "gather", "fetch-1"} <= set(
            result[name]["peak_mb"]
        )
    assert result["simulator"]["products_per_second"] > 0
    assert "harvest / limit" in done.stdout
