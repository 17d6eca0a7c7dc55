"""The built wheel works away from the checkout: nothing that the suite needs is left in the source tree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
PACKAGE = ROOT / "ckanext" / "nextgeoss"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the locked packages and our wheel, which knows nothing of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    _run([*build, "-w", str(folder / "dist"), "."], cwd=_clean_copy(folder / "source"))
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    site = folder / "venv" / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    (wheel,) = (folder / "dist").glob("ckanext_nextgeoss-*.whl")
    _run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)])
    _link_locked_packages(Path(sysconfig.get_path("purelib")), site)
    return folder / "venv" / "bin" / "python"


def _clean_copy(target: Path) -> Path:
    """The committed and new files alone, so that no left-over of an earlier build slips into the wheel."""
    for name in _tracked("."):
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((ROOT / name).read_bytes())
    return target


def _tracked(folder: str) -> list[str]:
    listing = _run(["git", "ls-files", "-co", "--exclude-standard", folder], cwd=ROOT)
    return [name for name in listing.splitlines() if (ROOT / name).is_file()]


def _link_locked_packages(source: Path, target: Path) -> None:
    for entry in source.iterdir():
        if "nextgeoss" in entry.name or entry.name == "ckanext" or (target / entry.name).exists():
            continue
        (target / entry.name).symlink_to(entry)
    for entry in (source / "ckanext").iterdir():
        (target / "ckanext" / entry.name).symlink_to(entry)


def _run(command: list[str], cwd: Path | None = None) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "CKAN_INI"}}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr[-3000:]}"
    return done.stdout


def test_every_file_of_the_package_is_in_the_wheel(installed: Path, tmp_path: Path):
    """Templates, schemas, migrations, YAML, Solr configuration, translations: all but the tests."""
    found = _run(
        [str(installed), "-c", "import ckanext.nextgeoss as n; print(n.__file__)"], cwd=tmp_path
    ).strip()
    home = Path(found).parent
    assert ROOT not in home.parents
    expected = {
        name.removeprefix("ckanext/nextgeoss/")
        for name in _tracked("ckanext/nextgeoss")
        if not name.startswith("ckanext/nextgeoss/tests/")
    }
    missing = sorted(name for name in expected if not (home / name).is_file())
    assert missing == []
    assert not (home / "tests").exists()
    assert (home.parent / "__init__.py").is_symlink(), "the wheel brought a file of the namespace"


def test_providers_are_read_from_the_wheel(installed: Path, tmp_path: Path):
    """The plain command works without the checkout, a server or an ini file."""
    code = "import sys; from ckanext.nextgeoss.stack.cli import main; sys.argv[0] = 'nextgeoss'; main()"
    listing = _run([str(installed), "-c", code, "provider", "list"], cwd=tmp_path)
    assert "earth_search" in listing


def test_ckan_boots_with_the_plugins_of_the_wheel(
    installed: Path, tmp_path: Path, request: pytest.FixtureRequest
):
    """CKAN finds the plugins, their templates and their schemas in the installed package."""
    code = (
        "import json, sys\n"
        "from ckan.cli import load_config\n"
        "from ckan.config.middleware import make_app\n"
        "import ckan.plugins as p, ckanext.nextgeoss as n\n"
        "app = make_app(load_config(sys.argv[1]))\n"
        "from ckanext.scheming.helpers import scheming_dataset_schemas\n"
        "with app._wsgi_app.test_request_context():\n"
        "    types = sorted(scheming_dataset_schemas())\n"
        "print(json.dumps([p.plugin_loaded('nextgeoss'), p.plugin_loaded('nextgeoss_harvester'), types]))\n"
    )
    output = _run([str(installed), "-c", code, request.config.getoption("ckan_ini")], cwd=tmp_path)
    base, harvester, types = json.loads(output.splitlines()[-1])
    assert base and harvester
    assert {"eo_product", "eo_collection"} <= set(types)


def test_no_namespace_file_is_shipped():
    """`ckanext` is a namespace that many distributions share: a file of ours there would hide theirs."""
    assert not (PACKAGE.parent / "__init__.py").exists()
