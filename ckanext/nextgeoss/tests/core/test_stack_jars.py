"""Solr's jars are fetched once and trusted only with the right sum."""

from __future__ import annotations

import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ckanext.nextgeoss.stack import jars
from ckanext.nextgeoss.stack.errors import StackError

CONTENT = b"a jar"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A Maven repository on loopback; gives its folder."""
    folder = tmp_path / "repository"
    (folder / "org" / "x").mkdir(parents=True)
    (folder / "org" / "x" / "x-1.jar").write_bytes(CONTENT)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("NEXTGEOSS_MAVEN_URL", f"http://127.0.0.1:{server.server_port}")
    yield folder
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def wanted() -> list[jars.Jar]:
    """A list of one jar."""
    return [jars.Jar("org/x/x-1.jar", hashlib.sha256(CONTENT).hexdigest())]


def test_a_missing_jar_is_fetched_and_a_present_one_is_not(
    repository: Path, wanted: list[jars.Jar], tmp_path: Path
):
    """What is there with the right sum needs no network."""
    jars.ensure(tmp_path / "jars", wanted, quiet=True)
    assert (tmp_path / "jars" / "x-1.jar").read_bytes() == CONTENT
    (repository / "org" / "x" / "x-1.jar").unlink()
    jars.ensure(tmp_path / "jars", wanted, quiet=True)


def test_a_fetched_jar_with_another_sum_is_refused(repository: Path, wanted: list[jars.Jar], tmp_path: Path):
    """One line names the jar, both sums and the address; nothing is kept."""
    (repository / "org" / "x" / "x-1.jar").write_bytes(b"something else")
    with pytest.raises(
        StackError, match=rf"^x-1.jar has SHA-256 \w+, expected {wanted[0].sha256} \(http.*\)$"
    ):
        jars.ensure(tmp_path / "jars", wanted, quiet=True)
    assert list((tmp_path / "jars").iterdir()) == []


def test_a_changed_jar_is_refused(wanted: list[jars.Jar], tmp_path: Path):
    """A jar that someone changed after it was fetched is not run."""
    (tmp_path / "x-1.jar").write_bytes(b"changed")
    with pytest.raises(StackError, match="delete it and start again"):
        jars.ensure(tmp_path, wanted, quiet=True)


def test_a_jar_that_cannot_be_had_is_one_line(repository: Path, tmp_path: Path):
    """The answer of the repository is in the line."""
    missing = [jars.Jar("org/x/y-1.jar", "0" * 64)]
    with pytest.raises(StackError, match=r"^cannot fetch y-1.jar: http\S+ answers 404$"):
        jars.ensure(tmp_path / "jars", missing, quiet=True)


def test_without_a_network_it_is_one_line(
    wanted: list[jars.Jar], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The line names the jar and the reason."""
    monkeypatch.setenv("NEXTGEOSS_MAVEN_URL", "http://127.0.0.1:9")
    with pytest.raises(StackError, match=r"^cannot fetch x-1.jar from http://127.0.0.1:9/.*refused"):
        jars.ensure(tmp_path, wanted, quiet=True)


def test_a_line_without_a_sum_is_refused(tmp_path: Path):
    """The list is checked too."""
    (tmp_path / "list").write_text("abc  org/x/x-1.jar\n")
    with pytest.raises(StackError, match="line 1 is not"):
        jars.read_list(tmp_path / "list")


def test_the_shipped_list_names_what_must_be_named():
    """The coordinates that were tried are those that are fetched, each file once."""
    listed = jars.read_list()
    names = [jar.name for jar in listed]
    assert len(set(names)) == len(names) > 100
    for coordinate in jars.COORDINATES:
        _, artifact, version = coordinate.split(":")
        assert f"{artifact}-{version}.jar" in names
