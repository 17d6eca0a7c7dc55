"""What docs/apis.md says of foreign clients works as it stands there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from ckanext.nextgeoss.eo.query import Condition, parse_bbox
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.tests.shared import ROOT

from .conftest import HELD, ServedHub

COLLECTION, ADDRESS = "sentinel-2-l1c", "http://127.0.0.1:5000"
SECTION = (ROOT / "docs" / "apis.md").read_text("utf-8").partition("## Use it from ...")[2]
EXAMPLES = dict(re.findall(r"^\*\*([\w-]+)\*\*[^\n]*\n\n```python\n(.*?)^```", SECTION, re.M | re.S))
COMMANDS = re.findall(r"^```sh\n(.*?)^```", SECTION, re.M | re.S)
CLEAR = (Condition("cloud_cover", "<=", 40.0),)
BOX, TIMES = parse_bbox("-10,30,20,60"), TemporalExtent.of("2024-01-01", "2025-06-30")
# the first number that each writes is how many there are of these
ASKED = {
    "pystac-client": {"footprint": BOX, "time": TIMES, "conditions": CLEAR},
    "eodag": {"footprint": BOX, "time": TIMES},
    "OWSLib": {"footprint": BOX, "conditions": CLEAR},
    "terracatalogueclient": {"footprint": BOX, "conditions": CLEAR},
    "sentinelsat": {"footprint": BOX, "conditions": CLEAR},
    "feedparser": {"footprint": BOX},
}


def here(text: str, hub: ServedHub) -> str:
    """An example for this hub, in whose collections the same stands under other names."""
    return text.replace(ADDRESS, hub.address).replace(COLLECTION, hub.collection(COLLECTION))


def test_all_examples_are_known() -> None:
    assert set(EXAMPLES) == set(ASKED)
    assert len(COMMANDS) == 2


@pytest.mark.parametrize("name", ASKED)
def test_an_example(served_hub: ServedHub, clients: Path, eodag: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "example.py").write_text(here(EXAMPLES[name], served_hub), "utf-8")
    programs = eodag if name == "eodag" else clients
    options = {"EODAG_CFG_DIR": str(tmp_path), "EODAG_EXT_COLLECTIONS_CFG_URI": ""}
    lines = served_hub.run(programs / "python", tmp_path / "example.py", **options).splitlines()
    expected = served_hub.ids(collections=[served_hub.collection(COLLECTION)], **ASKED[name])
    assert lines[0] == str(len(expected))
    assert len(lines) == 1 + min(len(expected), 20)
    assert len(expected) > 3


def test_commands(served_hub: ServedHub, clients: Path, tmp_path: Path) -> None:
    expected = served_hub.ids(collections=[served_hub.collection(COLLECTION)], footprint=BOX, time=TIMES)
    search, gdal = (here(text, served_hub) for text in COMMANDS)
    path = f"{clients}:/usr/bin:/bin"
    told = served_hub.run("sh", "-ec", search, PATH=path)
    assert told.split()[0] == str(len(expected))
    if not shutil.which("ogrinfo") or not shutil.which("curl"):
        pytest.skip("ogrinfo of GDAL, or curl, is not installed")
    told = served_hub.run("sh", "-ec", f"cd {tmp_path}\n{gdal}")
    assert f"Feature Count: {min(50, HELD[COLLECTION])}" in told
