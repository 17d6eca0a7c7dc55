"""Benchmarks from end to end, with a few products: what they measure is there and adds up."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.nextgeoss.tests.harvesting import Hub, index_all

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(autouse=True)
def all_is_searchable(with_plugins: None) -> None:
    """The benchmarks wait until the index holds as many products as the database."""
    index_all()


def test_a_small_harvest_beside_stock_and_the_limit(
    hub: Hub, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    model.Session.remove()
    model.meta.engine.dispose()  # the database is copied, which nobody may be connected to
    options = {"--products": 8, "--warm-up": 2, "--compared": 2, "--stock": 2}
    result, told = run("harvest", options, pytestconfig, tmp_path)
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
    assert "harvest / limit" in told


def test_a_few_searches_beside_the_peer_and_solr(
    hub: Hub, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    options = {"--products": 40, "--clients": "1,2", "--seconds": 0.5, "--raw": 3, "--sample": 2}
    options |= {"--deep": 40, "--scale": 100}
    result, told = run("search", options, pytestconfig, tmp_path)
    searches = {"10", "box + year", "box + year + clouds", "100", "CQL2 text", "CQL2 JSON"}
    assert set(result["cases"]) == {*searches, "by id", "counts of box + year"}
    for case in result["cases"].values():
        assert case["raw"]["requests"] == 3
        for sides in (*case["clients"].values(), {"Solr": case["raw"]}):
            for seen in sides.values():
                assert (seen["refused"], seen["rate"] > 0, seen["p99"] >= seen["p50"] > 0) == ([], True, True)
        assert case["clients"]["1"]["ours"]["cpu_ms"].keys() >= {"web", "solr"}
    assert result["deep"]["items"] >= 40
    assert result["deep"]["twice"] == 0
    assert result["scale"]["products"] >= 100
    assert "by id: p50 beyond Solr's" in told
    if reason := result.get("without_peer"):
        pytest.skip(f"all but the peer: {reason}")
    assert result["differences"]["by id"] == {"compared": 2, "different": 0, "examples": []}
    assert "geometric mean of all" in told


def test_feedback_on_a_few_datasets(hub: Hub, pytestconfig: pytest.Config, tmp_path: Path) -> None:
    options = {"--products": 40, "--items": 120, "--hot": 5, "--asked": 3}
    result, told = run("feedback", options, pytestconfig, tmp_path)
    try:
        assert {"list", "list, hot", "search", "summary", "summaries of a page"} <= set(result["asked"])
        assert all(each["p95"] >= each["p50"] > 0 for each in result["asked"].values())
        assert result["queries of a page"] == 1
        assert result["index"]["ms a dataset"] > 0
        assert result["rebuild"]["summaries"] >= 30
        assert result["compared"]["wrong"] == 0 and result["compared"]["datasets"] >= 30
        assert "statements for a page of 20: 1" in told
    finally:
        for table, column in (("feedback_item", "code_space"), ("feedback_target", "code_space")):
            model.Session.execute(sa.text(f"DELETE FROM nextgeoss_{table} WHERE {column} = 'bench'"))
        for table in ("summary", "quality"):
            statement = f"DELETE FROM nextgeoss_feedback_{table} WHERE package_id LIKE '01000000-%'"
            model.Session.execute(sa.text(statement))
        model.Session.execute(sa.text("DELETE FROM package WHERE name LIKE 'bench-%'"))
        model.Session.commit()


def run(
    name: str, options: Mapping[str, Any], pytestconfig: pytest.Config, folder: Path
) -> tuple[dict[str, Any], str]:
    """A benchmark on the servers of the tests: its result, and what it prints."""
    script = ROOT / "benchmarks" / f"{name}.py"
    if not script.is_file():
        pytest.skip("the benchmarks are not installed with the package")
    file = folder / f"{name}.json"
    words = [str(word) for pair in options.items() for word in pair]
    command = [sys.executable, str(script), "--ini", pytestconfig.getoption("ckan_ini"), "--json", str(file)]
    done = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(file.read_text()), done.stdout
