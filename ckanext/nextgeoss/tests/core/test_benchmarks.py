"""What benchmarks are made of: pictures, tables; and that each command starts."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ckanext.nextgeoss.eo.xml import attributes_of, descendants, parse_xml

ROOT = Path(__file__).resolve().parents[4]
BENCHMARKS = ROOT / "benchmarks"


def loaded(name: str) -> ModuleType:
    path = BENCHMARKS / f"{name}.py"
    if not path.is_file():
        pytest.skip("the benchmarks are not installed with the package")
    spec = importlib.util.spec_from_file_location(f"nextgeoss{name}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", sorted(path.stem for path in BENCHMARKS.glob("[!_]*.py")))
def test_each_command_tells_its_arguments(name: str):
    command = [sys.executable, str(BENCHMARKS / f"{name}.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for option in ("--products", "--json", "--ini"):
        assert option in done.stdout


def test_a_picture_has_each_curve_within_its_axes():
    plots = loaded("_plot")
    curves = [
        plots.Curve("fetch-1", [(0.0, 120.0), (10.0, 163.5)]),
        plots.Curve("<solr>", [(0.0, 0.0), (33.0, 812.0)]),
        plots.Curve("nothing seen", []),
    ]
    picture = parse_xml(plots.plot("Memory", "seconds", "MB", curves).encode())
    lines = [attributes_of(line)["points"].split() for line in descendants(picture, "polyline")]
    assert [len(line) for line in lines] == [2, 2, 0]
    for x, y in (map(float, point.split(",")) for line in lines for point in line):
        assert 0 < x < plots.WIDTH
        assert 0 < y < plots.HEIGHT
    words = [text.text for text in descendants(picture, "text")]
    assert {"Memory", "seconds", "MB", "fetch-1", "<solr>", "1000"} <= set(words)


@pytest.mark.parametrize(
    ("largest", "wanted"),
    [
        (1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (812, [0, 200, 400, 600, 800, 1000]),
        (0.07, [0, 0.02, 0.04, 0.06, 0.08]),
    ],
)
def test_ticks_are_round(largest: float, wanted: list[float]):
    assert loaded("_plot").ticks(largest) == wanted


def run(rate: float, products: int = 1000, **more: Any) -> dict[str, Any]:
    """A measured harvest as the benchmarks write it."""
    used = {"cpu_ms_per_product": {"fetch-1": 0.5, "solr": 1.2}, "peak_mb": {"fetch-1": 170, "solr": 900}}
    return {"rate": rate, "products": products, "seconds": products / rate, **used, **more}


def test_tables_of_the_results():
    markdown = loaded("_markdown")
    again = run(3000, rows_written={}, documents_written=0, counters={"unchanged": 1000})
    harvest = {"benchmark": "harvest", "products": 1000, "harvest": run(800), "again": again}
    harvest |= {"stock": run(5, 200), "limit": run(1200)}
    runs = [run(1000, 10_000, index_mb=20, database_mb=70), run(700, 100_000, index_mb=200, database_mb=700)]
    faults = {"benchmark": "faults", "without": run(100)}
    faults["with"] = run(50, faults_done={"503": 4}, rounds=[{}, {}], missing=0)
    lines = markdown.tables([harvest, {"benchmark": "scale", "runs": runs}, faults]).splitlines()
    for line in (
        "| harvest against stock ckanext-harvest | 800/s (1000) | 5/s (200) | 160.00 | 150: reached |",
        "| harvest against COPY and posting alone | 800/s (1000) | 1200/s (1000) | 0.67 | 0.7: missed |",
        "| the same again, against the first | 3000/s (1000) | 800/s (1000) | 3.75 | 3: reached |",
        "| rows the second time wrote | nothing |  |  | nothing |",
        "| 100000 | 700 | 0.70, 0.8: missed | 200 MB | 700 MB | 170 MB, within 300 |",
        "| rate | 50/s (1000) | 100/s (1000) | 0.50 |",
        "| harvests until nothing was missing | 2 | 1 |  |",
    ):
        assert line in lines, line
