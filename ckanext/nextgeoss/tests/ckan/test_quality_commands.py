"""`ckan nextgeoss quality run | report`, as operators type them, and as the documents say."""

from __future__ import annotations

import csv
import io
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ckan.plugins import get_plugin
from click.testing import CliRunner, Result

from ckanext.nextgeoss.cli import nextgeoss
from ckanext.nextgeoss.feedback.quality import commands
from ckanext.nextgeoss.feedback.quality.around import locked
from ckanext.nextgeoss.feedback.quality.asking import Asker, RobotsFile
from ckanext.nextgeoss.feedback.quality.check import DIMENSIONS
from ckanext.nextgeoss.feedback.quality.checks import CHECKS
from ckanext.nextgeoss.feedback.quality.client import asker_maker
from ckanext.nextgeoss.http import HttpClient
from ckanext.nextgeoss.tests.quality import OnlyOurs, Provider, engine, forget_runs

DOCUMENT = Path(__file__).parents[4] / "docs" / "quality.md"
COMMAND = re.compile(r"^ckan -c \S+ nextgeoss (quality .*)$", re.MULTILINE)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """The command listens to signals, which is its to do in a process of its own."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture()
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    """No host of the world is asked."""
    forget_runs()

    def maker() -> Any:
        return lambda: OnlyOurs(Asker(HttpClient(), RobotsFile("x")), "http://10.0.0.1/")

    monkeypatch.setattr(commands, "asker_maker", maker)
    return Provider()


def quality(*words: str, code: int = 0) -> Result:
    """What a command prints; it ends with this exit code."""
    done = CliRunner().invoke(commands.quality, words, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def test_run_checks_and_report_tells(provider: Provider) -> None:
    provider.add()
    provider.add(private=True)
    assert "nothing was checked yet" in quality("report").stdout
    told = quality("run").stdout
    assert re.search(r"^\d+ links were looked at$", told, re.MULTILINE)
    assert re.search(r"^\d+ datasets were checked$", told, re.MULTILINE)
    report = quality("report", "--organization", provider.organization["name"]).stdout
    assert re.match(r"1 datasets, score \d+ \((good|sufficient)\)\n", report)
    assert "1 x Licence: Say under which licence" in report
    assert re.search(r"Z: 1 datasets, score \d+$", report, re.MULTILINE)
    assert re.search(r"^\d excellent, \d good, \d sufficient, \d poor$", report, re.MULTILINE)
    assert re.search("^" + ", ".join(rf"{name} [\d.-]+" for name in DIMENSIONS), report, re.MULTILINE)
    assert (
        "2 datasets" in quality("report", "--organization", provider.organization["id"], "--private").stdout
    )


def test_report_writes_a_line_for_each_dataset(provider: Provider) -> None:
    """As CSV; a title that a spreadsheet would take for a formula is none."""
    package_id = provider.add(title="=1+1")
    quality("run", "--links", "0")
    text = quality("report", "--organization", provider.organization["name"], "--csv", "-").stdout
    head, *lines = csv.reader(io.StringIO(text))
    assert head == ["id", "name", "title", "type", "checked", "score", *DIMENSIONS, "failed"]
    assert [(line[0], line[2]) for line in lines] == [(package_id, "'=1+1")]


def test_the_plugin_adds_them() -> None:
    """Under `ckan nextgeoss`, beside our other commands."""
    assert get_plugin("nextgeoss_feedback").get_commands() == []  # type: ignore[union-attr]
    assert nextgeoss.commands["quality"] is commands.quality


def test_options_of_run(provider: Provider) -> None:
    assert "checked" not in quality("run", "--only-links", "--links", "1").stdout
    assert "looked at" not in quality("run", "--links", "0").stdout
    again = quality("run", "--links", "0", "--anew").stdout
    assert int(re.search(r"(\d+) datasets were checked", again)[1]) > 0  # type: ignore[index]


def test_what_cannot_be_done_is_one_line(provider: Provider) -> None:
    assert "nothing to do" in quality("run", "--only-links", "--links", "0", code=2).output
    assert "-5" in quality("run", "--links", "-5", code=2).output
    assert "no organization 'nobody'" in quality("report", "--organization", "nobody", code=1).output
    with locked(engine()):
        assert "another run is at work" in quality("run", "--links", "0", code=1).output


def test_the_site_asks_with_its_options() -> None:
    """Private addresses are refused as in harvests; the robot is called as in its requests."""
    look = asker_maker()().look("http://10.0.0.1/a.tif")
    assert (look.outcome, "private address" in look.reason) == ("refused", True)


def test_commands_of_the_document_work(
    provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = COMMAND.findall(DOCUMENT.read_text())
    assert len(lines) >= 4
    name = provider.organization["name"]
    for line in lines:
        words = line.split("#")[0].replace("esa", name).split()
        quality(*words[1:])
    assert (tmp_path / "quality.csv").read_text().startswith("id,name,title")


def test_the_document_names_all_checks_with_their_weights() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([a-z]*) *\| (\d+) \|", DOCUMENT.read_text(), re.MULTILINE)
    assert rows == [(check.id, check.dimension, str(check.weight)) for check in CHECKS]
