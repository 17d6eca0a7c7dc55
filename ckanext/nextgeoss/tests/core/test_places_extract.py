"""The committed extract of places is what its sources build, and is sound."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ckanext.nextgeoss.tests.shared import ROOT

PLACES = ROOT / "ckanext" / "nextgeoss" / "schemas" / "places.json"
SOURCES = ROOT / "frontend" / "places"
COUNTRIES = ROOT / "frontend" / "node_modules" / "world-atlas" / "countries-50m.json"


def test_a_fresh_build_gives_the_committed_file(tmp_path: Path):
    """Byte by byte, where the package it is made of is there."""
    if not COUNTRIES.is_file():
        pytest.skip("frontend/node_modules is missing: run `npm ci` in frontend/ to compare a fresh build")
    target = tmp_path / "places.json"
    command = [sys.executable, str(SOURCES / "build.py"), str(COUNTRIES), str(target)]
    subprocess.run(command, check=True, timeout=300, cwd=ROOT, stdout=subprocess.DEVNULL)
    assert target.read_bytes() == PLACES.read_bytes()


def test_it_is_small_and_whole():
    """Every name is used and known to the tables, every piece has a kind and a ring."""
    assert PLACES.stat().st_size < 1_500_000
    said = json.loads(PLACES.read_text("utf-8"))
    used = {number for _, numbers, _ in said["pieces"] for number in numbers}
    assert used == set(range(len(said["names"])))
    regions = yaml.safe_load((SOURCES / "regions.yaml").read_text("utf-8"))
    seas = yaml.safe_load((SOURCES / "seas.yaml").read_text("utf-8"))
    countries = {
        name for each in regions.values() for there in each.values() for name in there.values() if name
    }
    assert countries <= set(said["names"])
    assert set(seas["lakes"]) <= set(said["names"])
    assert {about.get("name", name) for name, about in seas["seas"].items()} <= set(said["names"])
    for kind, _, rings in said["pieces"]:
        assert kind in ("land", "sea", "lake")
        assert rings
        assert all(len(ring) >= 6 and len(ring) % 2 == 0 for ring in rings)
