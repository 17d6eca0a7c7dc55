"""`ckan nextgeoss feedback ...`, as operators type them, as the document says, and wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from ckan.plugins import get_plugin, toolkit
from click.testing import CliRunner, Result

from ckanext.nextgeoss.feedback import commands
from ckanext.nextgeoss.tests.core.local_server import serve
from ckanext.nextgeoss.tests.feedback import Hub, make_hub, new_user
from ckanext.nextgeoss.tests.mail_server import mail_server

DOCUMENT = Path(__file__).parents[4] / "docs" / "feedback.md"
COMMAND = re.compile(r"^ckan -c \S+ nextgeoss feedback (.*)$", re.MULTILINE)
NIMMBUS = Path(__file__).parents[1] / "nimmbus_answers" / "enumerate_full.xml"
PREFIX = "ckanext.nextgeoss."


@pytest.fixture()
def hub(with_plugins: None) -> Hub:
    return make_hub()


@pytest.fixture()
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a NiMMbus of ours; mails go to a server of ours, too."""
    answer = NIMMBUS.read_bytes()
    with serve({"/cgi": lambda handler: handler.answer(answer)}) as server, mail_server() as (mails, _):
        for name, value in (("http.allowed_private_hosts", server.host),
                            ("feedback.import_hosts", "127.0.0.1")):  # fmt: skip
            monkeypatch.setitem(toolkit.config, f"{PREFIX}{name}", value)
        monkeypatch.setitem(toolkit.config, "smtp.server", mails)
        monkeypatch.setitem(toolkit.config, "smtp.mail_from", "hub@example.org")
        yield f"{server.url}/cgi"


def feedback(*words: str, code: int = 0) -> Result:
    """What a command prints; it ends with this exit code, and never by an exception that is not told."""
    done = CliRunner().invoke(commands.feedback, words, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def test_commands_of_the_document_work(
    hub: Hub, service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    get_plugin("nextgeoss_feedback").get_commands()  # type: ignore[union-attr] # which adds those of mails
    data = hub.dataset()
    hub.review(new_user(), data)
    lines = [line.split("#")[0].split() for line in COMMAND.findall(DOCUMENT.read_text("utf-8"))]
    assert {line[0] for line in lines} == set(commands.feedback.commands)
    for words in lines:
        if words[0] == "import":  # what other tests have left is not theirs to keep
            for name in ("feedback.xml", "older.xml"):
                feedback("export", name, "--dataset", data["id"])
        more = ["--url", service, "--dry-run"] if words[0] == "import-nimmbus" else []
        feedback(*(data["name"] if word == "DATASET" else word for word in words), *more)
    assert data["title"] in (tmp_path / "record.xml").read_text("utf-8")
    assert (tmp_path / "table.csv").read_text("utf-8").startswith("id,address,published")


def told(*words: str, code: int = 1) -> str:
    """The one line that tells what cannot be done."""
    (line,) = [line for line in feedback(*words, code=code).output.splitlines() if line.startswith("Error: ")]
    return line


def test_what_cannot_be_done_is_one_line(hub: Hub) -> None:
    name = hub.dataset()["name"]
    assert "'nobody-has-this'" in told("rebuild", "nobody-has-this")
    assert "nobody-has-this" in told("export", "-", "--dataset", "nobody-has-this")
    assert "--dataset" in told("export", "-", "--format", "iso", code=2)
    assert "--days" in told("purge", "--days", "-1", code=2)
    asked = ("import-nimmbus", name, "--code-space", "x", "--url")
    assert "--url http://elsewhere.example:" in told(*asked, "http://elsewhere.example")
    assert "there is no dataset" in told("import-nimmbus", "nobody", "--code-space", "x").lower()


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_so(hub: Hub, tmp_path: Path) -> None:
    data = hub.dataset()
    hub.review(new_user(), data)
    names = ("empty.xml", "broken.xml", "good.xml")
    empty, broken, good = (str(tmp_path / name) for name in names)
    Path(empty).write_text("")
    Path(broken).write_text("<x")
    feedback("export", good, "--dataset", data["name"])
    output = feedback("import", empty, broken, good, code=1).output
    assert f"{empty}:\n  the file is empty\n" in output
    assert f"{broken}:\n  not well-formed XML" in output
    assert "  0 created, 0 updated, 1 unchanged, 0 failed\n" in output.partition(f"{good}:\n")[2]
    assert "2 could not be kept" in output and "None" not in output


def test_an_item_that_cannot_be_kept_is_told_by_the_exit_code(hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "item.json"
    file.write_text('{"rating": {"score": 3}, "nonsense": 1}')
    output = feedback("import", str(file), code=1).output
    assert "'nonsense' is not kept" in output and "1 failed" in output


def test_what_was_said_of_a_dataset_that_is_gone_is_counted(hub: Hub) -> None:
    data = hub.dataset()
    hub.review(new_user(), data)
    assert "right" in feedback("rebuild", data["name"]).output
    toolkit.get_action("dataset_purge")({"user": hub.sysadmin}, {"id": data["id"]})
    feedback("rebuild", data["id"])
    assert "no feedback" in told("rebuild", str(uuid4()))


def test_an_export_says_how_to_go_on(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MOST", 1)
    data = hub.dataset()
    for _ in range(2):
        hub.review(new_user(), data)
    said = "there are 2 items; go on with --offset 1"
    assert said in feedback("export", "-", "--dataset", data["id"]).stderr
    assert "there are" not in feedback("export", "-", "--dataset", data["id"], "--offset", "1").stderr
