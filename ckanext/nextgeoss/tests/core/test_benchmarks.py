"""Benchmarks tell stages apart by the files on the stack: these must be there."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def sampled() -> ModuleType:
    path = ROOT / "benchmarks" / "_sampled.py"
    if not path.is_file():
        pytest.skip("the benchmarks are not installed with the package")
    spec = importlib.util.spec_from_file_location("nextgeoss_sampled", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_files_of_our_stages_exist(sampled: ModuleType):
    ours = [f"/{path.relative_to(ROOT / 'ckanext')}" for path in (ROOT / "ckanext/nextgeoss").rglob("*.py")]
    for name, parts in sampled.STAGES:
        for part in parts:
            if not part.startswith("/ckan"):
                assert any(part in path for path in ours), f"{name}: no file has {part} in its path"


def test_the_first_stage_on_the_stack_counts(sampled: ModuleType):
    code = {
        name: compile("def run(inner): return inner()", f"/x{part}", "exec")
        for name, part in {"write": "/harvesters/writer.py", "index": "/ckan/lib/search/index.py"}.items()
    }
    spaces: dict[str, dict[str, object]] = {name: {} for name in code}
    for name, compiled in code.items():
        exec(compiled, spaces[name])
    here = lambda: sampled.stage(sys._getframe())  # noqa: E731
    assert here() == "start"
    assert spaces["write"]["run"](here) == "write"  # type: ignore[operator]
    assert spaces["write"]["run"](lambda: spaces["index"]["run"](here)) == "index"  # type: ignore[operator]
