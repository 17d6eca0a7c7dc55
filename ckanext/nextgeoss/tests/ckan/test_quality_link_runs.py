"""Runs that look at links of the catalogue, on servers of this test's own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins.core import load_all, unload_all
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.feedback.quality import link_store
from ckanext.nextgeoss.feedback.quality.around import RunBusy, locked
from ckanext.nextgeoss.feedback.quality.asking import Asker, RobotsFile
from ckanext.nextgeoss.feedback.quality.link_runs import LinkRun
from ckanext.nextgeoss.feedback.quality.links import BROKEN, FAILING, REFUSED, WORKS, Link
from ckanext.nextgeoss.feedback.quality.model import QualityLink, QualityRun
from ckanext.nextgeoss.http import HttpClient
from ckanext.nextgeoss.messages import Limits
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve
from ckanext.nextgeoss.tests.quality import OnlyOurs, Provider, engine, failed, forget_runs, row, run

# more links than tests leave in the catalogue
ALL = 1_000_000
TIFF = b"II*\0" + bytes(100)


@pytest.fixture(scope="module", autouse=True)
def plugins() -> Iterator[None]:
    load_all()
    yield
    unload_all()


class World:
    """A provider whose files lie on a server of its own."""

    def __init__(self, stack: ExitStack) -> None:
        forget_runs()
        model.Session.execute(sa.delete(QualityLink))
        model.Session.commit()
        self.provider = Provider()
        self.answers: dict[str, Callable[[Handler], None]] = {}
        self.server: LocalServer = stack.enter_context(serve(_Routes(self.answers)))
        self.now = datetime(2026, 11, 30, 9, tzinfo=timezone.utc)
        self.look()  # at what other tests have left, so that it is known
        forget_runs()

    def add(self, name: str, answer: Callable[[Handler], None], **asset: Any) -> str:
        """The id of a product with one file, which the server answers so."""
        self.answers[f"/{name}"] = answer
        usual = {
            "key": "data",
            "href": f"{self.server.url}/{name}",
            "roles": ("data",),
            "media_type": "image/tiff",
        }
        return self.provider.add(self.provider.product(assets=(Asset(**{**usual, **asset}),)))

    def look(self, most: int = ALL, *, after: timedelta = timedelta(0), **parts: Any) -> int:
        """Look at links, some time later; how many were looked at."""
        self.now += after
        return self.run(most, **parts).run()

    def run(self, most: int = ALL, **parts: Any) -> LinkRun:
        """A run that asks this server alone."""
        return LinkRun(engine(), self.asker, most=most, now=lambda: self.now, **parts)

    def asker(self) -> Any:
        """An asker of one thread."""
        client = HttpClient(
            allowed_private_hosts=[self.server.host], limits=Limits(attempts=1, read=5, longest_pause=1)
        )
        return OnlyOurs(Asker(client, RobotsFile("ckanext-nextgeoss")), self.server.url, "http://10.0.0.1")

    def link(self, name: str) -> Link:
        """What is known of an address of the server."""
        url = name if "://" in name else f"{self.server.url}/{name}"
        with engine().connect() as connection:
            return link_store.known_links(connection, [url])[url]

    def asked(self) -> list[str]:
        """The files of this test that were asked for; others may have left links to this port."""
        return [call.path for call in self.server.calls if call.method == "GET" and call.path in self.answers]


class _Routes(dict[str, Any]):
    """Routes that may be added while the server runs; all others are not there."""

    def __init__(self, answers: dict[str, Callable[[Handler], None]]) -> None:
        super().__init__()
        self.answers = answers

    def __getitem__(self, path: str) -> Callable[[Handler], None]:
        return self.answers.get(path, lambda handler: handler.answer(b"", 404))


Handler.do_HEAD = Handler.do_GET  # type: ignore[attr-defined]


@pytest.fixture()
def world() -> Iterator[World]:
    with ExitStack() as stack:
        yield World(stack)


def good(handler: Handler) -> None:
    """A GeoTIFF."""
    handler.answer(b"" if handler.command == "HEAD" else TIFF, Content_Type="image/tiff")


def gone(handler: Handler) -> None:
    handler.answer(b"", 404)


def test_what_links_say_becomes_part_of_the_score(world: World) -> None:
    """What works, what is another format or size than declared, what is refused."""
    works = world.add("works", good, size=len(TIFF))
    page = world.add("page", lambda h: h.answer(b"<html>Log in", Content_Type="text/html"), size=5)
    hidden = f"http://10.0.0.1/{uuid4()}.tif"
    private = world.add("private", good, href=hidden)
    run()
    assert "links" in row(works).skipped and row(works).accessibility is not None
    assert world.look() == 3
    run()
    assert {"links", "contents", "real_sizes"}.isdisjoint({*failed(works), *row(works).skipped})
    assert failed(page).keys() >= {"contents", "real_sizes", "real_media_types"}
    assert failed(page)["contents"][1] == ["data: HTML"]
    assert "private address" in failed(private)["links"][1][0]
    assert world.link(hidden).state == REFUSED
    assert world.link("works").format == "TIFF"


def test_a_link_is_broken_after_three_looks_and_works_again(world: World) -> None:
    """Datasets are checked again when a link changes, and only then."""
    package_id = world.add("a", gone)
    run()
    states = []
    for pause in (timedelta(0), timedelta(hours=2), timedelta(days=2)):
        world.look(after=pause)
        run()
        states.append((world.link("a").state, "links" in failed(package_id)))
    assert states == [(FAILING, False), (FAILING, False), (BROKEN, True)]
    assert len(world.link("a").history) == 3
    assert world.look(after=timedelta(hours=1)) == 0, "not before it is due"
    world.answers["/a"] = good
    world.look(after=timedelta(days=4))
    run()
    assert world.link("a").state == WORKS and "links" not in failed(package_id)
    checked = row(package_id).checked
    world.look(after=timedelta(days=31))
    run()
    assert row(package_id).checked == checked, "nothing is new"


def test_no_more_links_are_looked_at_than_allowed(world: World) -> None:
    """The next run goes on where this one ended; the address of two datasets is asked once."""
    for number in range(5):
        world.add(f"f{number}", good)
    shared = f"{world.server.url}/f0"
    world.add("f0", good, href=shared)
    while len(set(world.asked())) < 5:  # others have links, too
        assert 0 < world.look(2) <= 2
    assert sorted(world.asked()) == [f"/f{number}" for number in range(5)]
    world.look()
    assert len(world.asked()) == 5


def test_hosts_are_asked_side_by_side_and_each_in_turn(world: World) -> None:
    """A host never has two requests of a run at once."""
    busy, most = 0, 0

    def slow(handler: Handler) -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        Event().wait(0.02)
        busy -= 1
        good(handler)

    for number in range(6):
        world.add(f"f{number}", slow)
    world.look()
    assert len(set(world.asked())) == 6 and most == 1


def test_two_runs_are_not_at_work_at_once(world: World) -> None:
    with locked(engine(), 1), pytest.raises(RunBusy):
        world.look()


def test_what_a_server_says_can_be_kept(world: World) -> None:
    """A reason with what PostgreSQL holds in no JSON, and one without end."""
    world.add("a", lambda h: h.answer(b"no \0 good " + b"x" * 10_000, 404))
    world.look()
    link = world.link("a")
    assert link.state == FAILING and "no  good xx" in link.reason


def test_links_that_nobody_has_any_more_are_forgotten(world: World) -> None:
    package_id = world.add("a", good)
    world.look()
    assert world.link("a").state == WORKS
    call_action("dataset_purge", {"user": world.provider.admin}, id=package_id)
    world.look()
    with pytest.raises(KeyError):
        world.link("a")


def test_a_run_that_is_told_to_stop_ends(world: World) -> None:
    for number in range(3):
        world.add(f"f{number}", good)
    stop = Event()
    stop.set()
    assert world.look(stop=stop) == 0
    model.Session.expire_all()
    assert world.look() >= 3


_LOOK_AND_DIE = """
import os, sys
import sqlalchemy as sa
from ckanext.nextgeoss.feedback.quality import link_store
from ckanext.nextgeoss.feedback.quality.asking import Asker, RobotsFile
from ckanext.nextgeoss.feedback.quality.link_runs import LinkRun
from ckanext.nextgeoss.http import HttpClient
from ckanext.nextgeoss.tests.quality import OnlyOurs
url, server = sys.argv[1:]
engine = sa.create_engine(url)
files = [f"{server}/f{number:02}" for number in range(30)]
def make():
    return OnlyOurs(Asker(HttpClient(allowed_private_hosts=[server[7:]]), RobotsFile("x")), server)
def tell(done):
    with engine.connect() as connection:
        if len(link_store.known_links(connection, files)) >= 10:
            os.kill(os.getpid(), 9)
LinkRun(engine, make, most=1_000_000).run(tell)
"""


def test_kill_9_loses_nothing(world: World) -> None:
    """Another process is killed in the middle. The next one goes on with its run, as its lock is free, and
    asks nothing again that is known."""

    def slow(handler: Handler) -> None:
        Event().wait(0.01)
        good(handler)

    for number in range(30):
        world.add(f"f{number:02}", slow)
    url = engine().url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _LOOK_AND_DIE, url, world.server.url]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == -9, done.stderr.decode()
    model.Session.rollback()
    left = model.Session.scalars(sa.select(QualityRun.id).where(QualityRun.finished.is_(None))).all()
    assert len(left) == 1
    files = [f"{world.server.url}/f{number:02}" for number in range(30)]
    with engine().connect() as connection:
        known = link_store.known_links(connection, files)
    assert 10 <= len(known) < 30
    before = len(world.asked())
    world.now = datetime.now(timezone.utc)
    again = world.run()
    again.run()
    assert [again.id] == left
    assert sorted(f"{world.server.url}{path}" for path in world.asked()[before:]) == sorted(
        set(files) - known.keys()
    )
