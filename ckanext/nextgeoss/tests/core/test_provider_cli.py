"""`nextgeoss provider`: lines of JSON, one line for what is wrong, and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ckanext.nextgeoss.harvesters.cli import provider
from ckanext.nextgeoss.harvesters.provider import provider_ids

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
