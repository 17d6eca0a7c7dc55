"""The committed map bundle is what its sources build, and says whose work is in it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from ckanext.nextgeoss.tests.shared import ROOT

FRONTEND = ROOT / "frontend"
PUBLIC = ROOT / "ckanext" / "nextgeoss" / "public"
BUILT = ("nextgeoss/map.js", "nextgeoss/mapstyle.css", "nextgeoss/LICENSES.txt", "geo/countries-110m.json")


def test_a_fresh_build_gives_the_committed_files(tmp_path: Path) -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed: the map bundle was not built again")
    if not (FRONTEND / "node_modules").is_dir():
        pytest.skip("frontend/node_modules is missing: run `npm ci` in frontend/ to compare a fresh build")
    subprocess.run([node, "build.mjs", str(tmp_path)], cwd=FRONTEND, check=True, timeout=120)
    different = [name for name in BUILT if (tmp_path / name).read_bytes() != (PUBLIC / name).read_bytes()]
    assert different == []


def test_versions_are_pinned_and_name_no_registry() -> None:
    asked = json.loads((FRONTEND / "package.json").read_text())
    versions = {**asked["dependencies"], **asked["devDependencies"]}
    assert all(version[0].isdigit() for version in versions.values())
    lock = json.loads((FRONTEND / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all("resolved" not in entry and entry["integrity"] for entry in packages.values())
    assert {name: packages[f"node_modules/{name}"]["version"] for name in versions} == versions


@pytest.mark.parametrize("package", ["ol", "proj4", "topojson-client", "world-atlas"])
def test_the_licences_name_each_package_with_its_version(package: str) -> None:
    version = json.loads((FRONTEND / "package-lock.json").read_text())["packages"][f"node_modules/{package}"][
        "version"
    ]
    assert f"{package} {version} (" in (PUBLIC / "nextgeoss" / "LICENSES.txt").read_text()
