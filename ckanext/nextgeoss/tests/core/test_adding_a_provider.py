"""docs/adding-a-provider.md, followed to the letter, gives a provider that reads what the service answers."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from ckanext.nextgeoss.harvesters.cli import provider
from ckanext.nextgeoss.harvesters.provider_files import PROVIDERS, load_file
from ckanext.nextgeoss.tests.shared import ROOT, provider_samples

PAGE = (ROOT / "docs" / "adding-a-provider.md").read_text("utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(provider, [str(argument) for argument in arguments])


def test_file_of_the_document():
    """What the page shows is the file that is shipped: no Python belongs to it."""
    assert BLOCKS[0] == (PROVIDERS / "sara.yaml").read_text("utf-8")
    assert not (PROVIDERS / "sara.py").exists()


def test_followed_to_the_letter(tmp_path: Path):
    """The file, written as the page says, reads a recorded answer of the service completely."""
    recorded = provider_samples() / "sara-australia" / "sara_search.json"
    file = tmp_path / "sara.yaml"
    file.write_text(BLOCKS[0])
    read = _run("read", file, recorded)
    assert read.exit_code == 0, read.output
    *products, last = [json.loads(line) for line in read.stdout.splitlines()]
    assert [product["collection"] for product in products] == ["sentinel-2-l1c"] * 2
    assert all(not product["problems"] for product in products)
    assert {product["properties"]["platform"] for product in products} <= {"sentinel-2a", "sentinel-2b"}
    assert all(product["assets"][0]["checksum"].startswith("md5:") for product in products)
    assert (last["summary"]["total"], last["summary"]["refused"]) == (47, [])
    assert ", 0 unknown" in _run("attributes", file, recorded).stderr
    (tmp_path / "sara").mkdir()
    shutil.copy(recorded, tmp_path / "sara" / "page.json")
    accepted = _run("accept", "--samples", tmp_path, "sara")
    assert accepted.exit_code == 0, accepted.output
    assert json.loads((tmp_path / "sara" / "expected.json").read_text("utf-8"))["products"] == products


def test_other_blocks(tmp_path: Path):
    """The pieces that the page shows are keys that a provider file may have."""
    for number, block in enumerate(BLOCKS[1:]):
        file = tmp_path / f"x{number}.yaml"
        file.write_text(f"title: X\norganization: x\nurl: https://x.example\nprofile: opensearch\n{block}")
        assert load_file(file).title == "X"


def test_every_key_is_told():
    """The table has all keys of a provider file, and no others."""
    table = PAGE.partition("| key | meaning |")[2].partition("\n\n")[0]
    told = {
        name
        for row in table.splitlines()
        for name in re.findall(r"`(\w+)`", row.partition("|")[2].partition("|")[0])
    }
    known = set(load_file(PROVIDERS / "sara.yaml").__dataclass_fields__) - {"id", "protocol"}
    assert told == known | {"like"}
