"""`nextgeoss provider`: lines of JSON, one line for what is wrong, and exit codes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ckanext.nextgeoss.harvesters.cli import provider
from ckanext.nextgeoss.harvesters.provider_files import provider_ids

SAMPLES = Path(__file__).parents[1] / "samples"
PAGE = str(SAMPLES / "earth_search" / "page.json")


def _run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(provider, arguments, input=stdin)


def _lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_list():
    """Each provider is a line."""
    result = _run("list")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == list(provider_ids())


def test_show():
    """What the file says with what its profile adds."""
    result = _run("show", "earth_search")
    assert result.exit_code == 0
    assert "url: https://earth-search.aws.element84.com/v1" in result.stdout
    assert "page_size: 200" in result.stdout


@pytest.mark.parametrize("arguments", [("show", "earthsearch"), ("read", "earthsearch", PAGE)])
def test_unknown_provider(arguments: tuple[str, ...]):
    """One line names the nearest; no stack trace."""
    result = _run(*arguments)
    assert result.exit_code == 1
    assert result.stderr == "Error: no provider 'earthsearch', did you mean earth_search?\n"


def test_read():
    """A line a product, then the summary."""
    result = _run("read", "earth_search", PAGE)
    assert result.exit_code == 0
    *products, last = _lines(result)
    assert len(products) == 3
    wanted = {"id", "collection", "start", "end", "geometry", "properties", "assets", "problems"}
    assert all(wanted <= set(product) for product in products)
    assert products[0]["properties"]["cloud_cover"] == 4.318
    assert products[0]["assets"][0]["roles"] == ["data", "reflectance"]
    summary = last["summary"]
    assert (summary["products"], summary["total"], summary["refused"]) == (3, 7, [])
    assert summary["next"]["method"] == "POST"
    assert summary["next"]["body"]["limit"] == 3
    assert result.stderr == f"{PAGE}: 3 products; total 7; more follow\n"


def test_read_by_profile():
    """Only the profile's rules: the provider's own names stay where the registry does not know them."""
    result = _run("read", "--profile", "stac", PAGE, PAGE)
    assert result.exit_code == 0
    assert [next(iter(line)) for line in _lines(result)] == [*["id"] * 3, "summary"] * 2
    assert "did you mean stac" in _run("read", "--profile", "stack", PAGE).stderr


def test_read_standard_input():
    """`-` is what is piped in."""
    assert _run("read", "earth_search", "-", stdin=Path(PAGE).read_bytes()).exit_code == 0


def test_read_by_a_file_of_ones_own(tmp_path: Path):
    """A provider file that is being written need not be installed."""
    own = tmp_path / "mine.yaml"
    own.write_text("title: M\norganization: m\nurl: https://m.example\nprofile: stac\n")
    assert _run("read", str(own), PAGE).exit_code == 0
    own.write_text("title: M\norganisation: m\nurl: https://m.example\nprofile: stac\n")
    result = _run("read", str(own), PAGE)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "did you mean organization?" in result.stderr


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ('{"type": "FeatureCollection", "features": []}', 0, "0 products; total not told; the end"),
        (
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "a"}]}',
            1,
            "record 0 refused",
        ),
        (
            '{"code": "NotFound", "description": "gone"}',
            1,
            "the provider answered with an error: NotFound: gone",
        ),
        ("<html><title>Login</title></html>", 1, "HTML (Login) instead of JSON"),
        ('{"collections": []}', 1, "a list of 0 collections, not products"),
        ("", 1, "an empty answer instead of JSON"),
    ],
)
def test_exit_code(tmp_path: Path, body: str, code: int, words: str):
    """0 for products or a valid empty answer, else 1, with the reason in the summary and in a line."""
    file = tmp_path / "answer.json"
    file.write_text(body)
    result = _run("read", "--profile", "stac", str(file))
    assert result.exit_code == code
    assert words in result.stderr
    summary = _lines(result)[-1]["summary"]
    assert summary["products"] == 0
    assert bool(summary["error"] or summary["refused"]) == bool(code)


def test_one_bad_file_among_good_ones(tmp_path: Path):
    """All are read, the exit code tells that one was none."""
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    result = _run("read", "earth_search", PAGE, str(bad), PAGE)
    assert result.exit_code == 1
    assert [line["summary"]["products"] for line in _lines(result) if "summary" in line] == [3, 0, 3]


def test_missing_file():
    """A file that is not there is one line."""
    result = _run("read", "earth_search", "absent.json")
    assert (result.exit_code, result.stderr) == (1, "Error: absent.json: No such file or directory\n")
    assert _run("read", "earth_search").exit_code == 2


def test_document():
    """What a sample's expected.json holds."""
    result = _run("read", "earth_search", "--document", PAGE)
    assert json.loads(result.stdout) == json.loads(
        (SAMPLES / "earth_search" / "expected.json").read_text("utf-8")
    )


def test_as_people_call_it():
    """The command is there, and needs neither CKAN nor a configuration."""
    command = [sys.executable, "-m", "ckanext.nextgeoss.stack.cli", "provider", "read", "earth_search", PAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 4), done.stderr


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """A copy of a sample."""
    folder = tmp_path / "earth_search"
    folder.mkdir()
    (folder / "page.json").write_bytes(Path(PAGE).read_bytes())
    return tmp_path


def test_accept(samples: Path):
    """expected.json is written, and the next time there is nothing to write."""
    first = _run("accept", "--samples", str(samples), "earth_search")
    assert first.exit_code == 0, first.stderr
    assert first.stdout == (
        f"earth_search: 3 products; total 7; more follow; written to {samples}/earth_search/expected.json\n"
    )
    written = (samples / "earth_search" / "expected.json").read_text("utf-8")
    assert written == (SAMPLES / "earth_search" / "expected.json").read_text("utf-8")
    again = _run("accept", "--samples", str(samples), "earth_search")
    assert again.stdout == "earth_search: 3 products; total 7; more follow; as before\n"


def test_accept_all(tmp_path: Path):
    """Without an ID all are written: what is committed is what is read."""
    copy = shutil.copytree(SAMPLES, tmp_path / "samples")
    result = _run("accept", "--samples", str(copy))
    assert result.exit_code == 0
    assert all(line.endswith("; as before") for line in result.stdout.splitlines()), result.stdout


def test_accept_without_a_sample(samples: Path):
    """One line says where it is to be, and which file could not be read."""
    result = _run("accept", "--samples", str(samples), "cdse_stac")
    assert (result.exit_code, result.stdout) == (1, "")
    assert (
        result.stderr == f"Error: {samples}/cdse_stac: no sample; save an answer as page.json or page.xml\n"
    )
    (samples / "earth_search" / "page.json").write_text("<html></html>")
    result = _run("accept", "--samples", str(samples), "earth_search")
    assert "page.json: HTML instead of JSON" in result.stderr
    assert not (samples / "earth_search" / "expected.json").exists()


def test_attributes():
    """A line an attribute, with what it is read as and an example; the counts last."""
    result = _run("attributes", "earth_search", PAGE)
    assert result.exit_code == 0
    lines = {line.split()[2]: line.split()[:2] for line in result.stdout.splitlines()}
    assert lines["properties/eo:cloud_cover"] == ["2", "cloud_cover"]
    assert lines["stac_version"] == ["3", "ignored"]
    assert lines["assets/*/href"] == ["3", "assets"]
    assert "unknown" not in result.stdout
    assert re.fullmatch(
        r"3 records; \d+ attributes: \d+ mapped, \d+ ignored on purpose, 0 unknown\n", result.stderr
    )


def test_attributes_that_nobody_reads(tmp_path: Path):
    """They are told, so that they can be mapped in the provider file, or ignored there on purpose."""
    page = json.loads(Path(PAGE).read_bytes())
    page["features"][0]["properties"] |= {"acme:haze": 3, "acme:mood": "good"}
    file = tmp_path / "page.json"
    file.write_text(json.dumps(page))
    result = _run("attributes", "earth_search", str(file))
    assert re.search(r"1\s+unknown\s+properties/acme:haze = 3", result.stdout)
    own = tmp_path / "mine.yaml"
    said = "title: M\norganization: m\nurl: https://m.example\nprofile: stac\n"
    own.write_text(
        said + "fields: {cloud_cover: 'properties/acme:haze'}\n"
        "ignored: ['properties/acme:*', 'properties/earthsearch:*']\n"
    )
    result = _run("attributes", str(own), str(file))
    assert re.search(r"cloud_cover\s+properties/acme:haze", result.stdout)
    assert re.search(r"ignored\s+properties/acme:mood", result.stdout)
    assert ", 0 unknown" in result.stderr


def test_attributes_of_what_is_no_answer(tmp_path: Path):
    """It is said, and the exit code tells."""
    bad = tmp_path / "bad.json"
    bad.write_text("<html></html>")
    result = _run("attributes", "earth_search", str(bad))
    assert result.exit_code == 1
    assert "HTML instead of JSON" in result.stderr
