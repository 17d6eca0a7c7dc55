"""The repository keeps its own promises: style, types, locks and words."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _tracked() -> list[Path]:
    listing = _run("git", "ls-files")
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("command", ["check", "format --check"])
def test_style(command: str):
    """ruff has nothing to say."""
    done = _run(sys.executable, "-m", "ruff", *command.split(), ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_types():
    """pyright has nothing to say; the plain modules are checked strictly."""
    done = _run(sys.executable, "-m", "pyright")
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_has_hashes_and_no_address(name: str):
    """Each locked package has hashes, and the lock names no index."""
    text = (ROOT / name).read_text()
    packages = re.split(r"\n(?=[a-zA-Z0-9])", re.sub(r"(?m)^#.*\n", "", text))
    without = [p.split("\n")[0] for p in packages if p.strip() and "--hash=sha256:" not in p]
    assert without == []
    assert "://" not in text and "--index" not in text


def test_lock_has_what_the_metadata_names():
    """The versions that the suite is tested with are the locked ones."""
    lock = (ROOT / "requirements.lock").read_text()
    for pin in (
        "ckan==2.12.0",
        "ckanext-harvest==1.6.3",
        "ckanext-spatial==2.3.2",
        "ckanext-scheming==3.1.0",
        "ckanext-dcat==2.4.4",
    ):
        assert f"\n{pin} " in f"\n{lock}", pin


def test_every_module_says_what_it_is_for():
    """A module or public class or function without a docstring leaves its reader guessing."""
    silent = []
    for path in _tracked():
        if path.suffix != ".py" or "tests" in path.parts or "migration" in path.parts:
            continue
        tree = ast.parse(path.read_text())
        if tree.body and not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            public = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):  # type: ignore[arg-type]
                silent.append(f"{path.relative_to(ROOT)}: {node.name}")  # type: ignore[union-attr]
    assert silent == []


def test_documents_name_files_that_are_there():
    """A link, or a path of ours in a document, leads somewhere."""
    missing = []
    for path in _tracked():
        if path.suffix != ".md":
            continue
        text = path.read_text()
        links = [link for link in re.findall(r"\]\(([^)#:]+)\)", text) if not link.startswith("/")]
        missing += [f"{path.name}: {link}" for link in links if not (path.parent / link).exists()]
        folders = "tests|eo|harvesters|schemas|views|stack|demo|search"
        named = re.findall(rf"`((?:{folders})/[\w./-]*\w\.\w+)`", text)
        missing += [f"{path.name}: {n}" for n in named if not (ROOT / "ckanext/nextgeoss" / n).exists()]
    assert missing == []
