"""The indexer: what the outbox wishes is in the index, whatever happens on the way."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR, create_connection, create_server, socket
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss import config
from ckanext.nextgeoss.search import indexer as module
from ckanext.nextgeoss.search.catalogue import client
from ckanext.nextgeoss.search.documents import Documents
from ckanext.nextgeoss.search.indexer import Indexer, IndexerBusy, indexer_lock, is_at_work
from ckanext.nextgeoss.search.model import Outbox
from ckanext.nextgeoss.search.outbox import enqueue, enqueue_waiting, read_waiting
from ckanext.nextgeoss.search.sending import Sender, unique_key
from ckanext.nextgeoss.search.solr import SolrClient, SolrError
from ckanext.nextgeoss.stack import ports

BOX = {"type": "Polygon", "coordinates": [[[1, 43], [2, 43], [2, 44], [1, 44], [1, 43]]]}


@pytest.fixture(autouse=True)
def outbox() -> Iterator[None]:
    """Nothing waits before and after a test."""
    for _ in (1, 2):
        model.Session.execute(sa.delete(Outbox))
        model.Session.commit()
        if _ == 1:
            yield


@pytest.fixture(scope="module")
def user(plugins: None) -> str:
    return factories.Sysadmin()["name"]


@pytest.fixture(scope="module")
def organization(plugins: None) -> str:
    return factories.Organization()["id"]


@pytest.fixture()
def product(user: str, organization: str) -> dict[str, Any]:
    """A product that CKAN has indexed."""
    return call_action(
        "package_create", {"user": user}, type="eo_product", identifier=f"P_{uuid4().hex}", title="First",
        collection_id="c", owner_org=organization, spatial=json.dumps(BOX), cloud_cover=5,
    )  # fmt: skip


def wish(*ids: str) -> None:
    enqueue(model.Session(), ids)
    model.Session.commit()


def index(sender: Sender | None = None) -> Indexer:
    """Fulfil what waits."""
    sender = sender or Sender(client(), config.site_id())
    indexer = Indexer(model.meta.engine, sender, Documents())
    indexer.run(once=True)
    return indexer


def indexed(package_id: str) -> dict[str, Any] | None:
    """The document of a dataset as Solr has it."""
    asked = {"q": f"index_id:{unique_key(package_id, config.site_id())}", "fl": "*"}
    found = client().select(asked)["response"]["docs"]
    return found[0] if found else None


def change(package_id: str, **columns: Any) -> None:
    """Change a dataset without CKAN knowing."""
    package = model.Package.get(package_id)
    for name, value in columns.items():
        setattr(package, name, value)
    model.Session.commit()


CROSSED = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}


def spoil(package_id: str) -> None:
    """Give a product a footprint that Solr refuses, past all validators."""
    package = model.Package.get(package_id)
    assert package
    package.extras = {**package.extras, "spatial": json.dumps(CROSSED)}
    model.Session.commit()


def searchers() -> int:
    """How many searchers Solr has opened on the core since it started."""
    url, _, core = config.solr_url().rpartition("/")
    answer = SolrClient(url).get("/admin/metrics", {"group": "core", "prefix": "SEARCHER.new"})
    return answer["metrics"][f"solr.core.{core}"]["SEARCHER.new"]


def until(done: Callable[[], bool]) -> None:
    """Wait for something that must come."""
    end = monotonic() + 300
    while not done():
        assert monotonic() < end, "it did not come"
        sleep(0.05)


class Pauses(Event):
    """Adds up the seconds that an indexer has wanted to rest."""

    seconds = 0.0

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds += timeout or 0.0
        return super().wait(timeout)


@contextmanager
def working(sender: Sender, stop: Event | None = None) -> Iterator[Indexer]:
    """An indexer at work in a thread of its own, which ends with the block."""
    stop = stop or Event()
    indexer = Indexer(model.meta.engine, sender, Documents(), stop)
    thread = Thread(target=indexer.run)
    thread.start()
    try:
        yield indexer
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


class Gate:
    """A port before the real Solr that can be shut, as if Solr was down, and opened again."""

    def __init__(self) -> None:
        target = urlsplit(config.solr_url())
        self._target = (target.hostname, target.port)
        self._open: list[socket] = []
        self.port = ports.some_free()  # no client is given it while the gate is shut
        self._listener = create_server(("127.0.0.1", self.port))
        self.url = f"http://127.0.0.1:{self.port}{target.path}"
        self._serve()

    def _serve(self) -> None:
        def accept(listener: socket) -> None:
            while True:
                try:
                    near = listener.accept()[0]
                except OSError:
                    return
                far = create_connection(self._target)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    Thread(target=self._pass, args=(one, other), daemon=True).start()

        Thread(target=accept, args=(self._listener,), daemon=True).start()

    @staticmethod
    def _pass(one: socket, other: socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)

    def shut(self) -> None:
        """Refuse connections and cut those there are."""
        for each in (self._listener, *self._open):
            with suppress(OSError):
                each.shutdown(SHUT_RDWR)
            each.close()
        self._open.clear()

    def open(self) -> None:
        """Let requests through again."""
        self._listener = create_server(("127.0.0.1", self.port))
        self._serve()


@pytest.fixture()
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.shut()


def waiting() -> list[tuple[str, str | None]]:
    return [tuple(row) for row in model.Session.execute(sa.select(Outbox.package_id, Outbox.error))]


def test_what_the_database_holds_is_indexed(product: dict[str, Any], user: str, organization: str) -> None:
    other = call_action(
        "package_create", {"user": user}, name=uuid4().hex, title="First", owner_org=organization
    )
    for dataset in (product, other):
        change(dataset["id"], title="Second")
    wish(product["id"], other["id"], product["id"])
    assert index().done == 2
    for dataset in (product, other):
        assert indexed(dataset["id"])["title"] == "Second"  # type: ignore[index]
    assert waiting() == []


def test_datasets_that_are_gone_leave_the_index(
    product: dict[str, Any], user: str, organization: str
) -> None:
    change(product["id"], state="deleted")
    wish(product["id"], "never-was")
    index()
    assert indexed(product["id"]) is None
    assert waiting() == []


def test_a_private_product_is_for_members_alone(product: dict[str, Any], organization: str) -> None:
    change(product["id"], private=True)
    wish(product["id"])
    index()
    label = {"q": f"id:{product['id']}", "fq": f'permission_labels:"member-{organization}"', "rows": 0}
    assert client().select(label)["response"]["numFound"] == 1
    assert client().select(label | {"fq": "permission_labels:public"})["response"]["numFound"] == 0


def test_a_refused_document_is_found_and_the_others_go_in(user: str, organization: str) -> None:
    made = [
        call_action(
            "package_create", {"user": user}, type="eo_product", identifier=f"P_{uuid4().hex}",
            collection_id="c", owner_org=organization, spatial=json.dumps(BOX),
        )["id"]
        for _ in range(5)
    ]  # fmt: skip
    for package_id in made:
        change(package_id, title="Second")
    spoil(made[3])
    wish(*made, made[3])
    index()
    for package_id in made:
        there = indexed(package_id)
        assert there and (there["title"] == "Second") == (package_id != made[3])
    rows = waiting()
    assert [row[0] for row in rows] == [made[3], made[3]]
    assert all(row[1] and "Self-intersection" in row[1] for row in rows)
    with model.meta.engine.connect() as connection:
        found = read_waiting(connection)
    assert (found.datasets, list(found.refused)) == (0, [made[3]])

    package = model.Package.get(made[3])
    package.extras = {**package.extras, "spatial": json.dumps(BOX)}
    wish(made[3])
    index()
    assert waiting() == [], "what was refused before goes with what is done now"
    assert indexed(made[3])["title"] == "Second"  # type: ignore[index]


def test_a_plugin_that_fails_at_one_dataset_stops_no_other(
    product: dict[str, Any], user: str, organization: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.nextgeoss.search import documents

    other = call_action("package_create", {"user": user}, name=uuid4().hex, owner_org=organization)["id"]

    def fail(package_id: str) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(documents, "document_by_ckan", fail)
    change(product["id"], title="Second")
    wish(other, product["id"])
    index()
    assert waiting() == [(other, "RuntimeError: out of order")]
    assert indexed(product["id"])["title"] == "Second"  # type: ignore[index]


def test_solr_is_waited_for(
    product: dict[str, Any], gate: Gate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.2)
    sender = Sender(SolrClient(gate.url), config.site_id())
    gate.shut()
    with pytest.raises(SolrError):
        index(sender)
    with working(sender):
        change(product["id"], title="Second")
        wish(product["id"])
        until(lambda: caplog.text.count("Indexing waits") >= 2)
        assert waiting() == [(product["id"], None)], "nothing is lost, and no document is blamed"
        gate.open()
        until(lambda: indexed(product["id"])["title"] == "Second")  # type: ignore[index]
        until(lambda: waiting() == [])
        gate.shut()
        wish(product["id"])
        until(lambda: caplog.text.count("Indexing waits") >= 4)
        gate.open()
        until(lambda: waiting() == [])


def test_a_database_connection_that_is_cut_is_made_again(
    product: dict[str, Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.2)
    with working(Sender(client(), config.site_id())):
        until(at_work)
        cut = sa.text(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = :c"
        )
        with model.meta.engine.connect() as connection:
            connection.execute(cut, {"c": module.LOCK[0]})
        change(product["id"], title="Second")
        wish(product["id"])
        until(lambda: waiting() == [])
    assert "Indexing waits" in caplog.text
    assert indexed(product["id"])["title"] == "Second"  # type: ignore[index]


def at_work() -> bool:
    with model.meta.engine.connect() as connection:
        return is_at_work(connection)


def test_one_indexer_at_a_time(product: dict[str, Any]) -> None:
    until(lambda: not at_work())
    with indexer_lock(model.meta.engine):
        assert at_work()
        with pytest.raises(IndexerBusy):
            index()
        wish(product["id"])
        with working(Sender(client(), config.site_id())):
            sleep(1.5)
            assert waiting() == [(product["id"], None)], "the second one waits"
    until(lambda: not at_work())
    index()


KILLED = """
import os, signal, sys
from ckan.cli import load_config
from ckan.config.middleware import make_app

app = make_app(load_config(sys.argv[1]))
from ckan import model
from ckanext.nextgeoss import config
from ckanext.nextgeoss.search.catalogue import client
from ckanext.nextgeoss.search.documents import Documents
from ckanext.nextgeoss.search.indexer import Indexer
from ckanext.nextgeoss.search.sending import Sender

class Killed(Sender):
    def send(self, made):
        super().send(made)
        os.kill(os.getpid(), signal.SIGKILL)

with app._wsgi_app.test_request_context():
    Indexer(model.meta.engine, Killed(client(), config.site_id()), Documents()).run()
"""


def test_killed_between_the_answer_and_the_note(
    product: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    change(product["id"], title="Second")
    wish(product["id"])
    command = [sys.executable, "-W", "ignore", "-c", KILLED, str(request.config.getoption("--ckan-ini"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert waiting() == [(product["id"], None)], "rows stay until Solr's answer is noted"
    until(lambda: not at_work())  # a dead indexer holds no lock
    index()
    assert waiting() == []
    asked = {"q": f"id:{product['id']}", "rows": 5}
    (document,) = client().select(asked)["response"]["docs"]
    assert document["title"] == "Second"


def test_searchers_are_opened_at_intervals(
    user: str, organization: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 5)
    made = [
        call_action(
            "package_create", {"user": user}, type="eo_product", identifier=f"P_{uuid4().hex}",
            collection_id="c", owner_org=organization,
        )["id"]
        for _ in range(50)
    ]  # fmt: skip
    index()
    before = searchers()
    wish(*made)
    monkeypatch.setattr(module, "monotonic", lambda: 1000.0)  # or more, on a machine that takes five seconds
    index()
    assert waiting() == []
    # one at the first batch, one when nothing waited any more
    assert 1 <= searchers() - before <= 3
    assert indexed(made[-1])


def test_a_single_wish_is_seen_at_once(product: dict[str, Any]) -> None:
    """After few pauses, however long the work between them takes on this machine."""
    pauses = Pauses()
    with working(Sender(client(), config.site_id()), pauses):
        change(product["id"], title="Second")
        wish(product["id"])
        until(lambda: indexed(product["id"])["title"] == "Second")  # type: ignore[index]
        assert pauses.seconds <= 10


def test_who_waits_and_is_edited_waits_again(product: dict[str, Any], user: str) -> None:
    """An indexer that has read the older state must not have the last word."""
    read, go = Event(), Event()

    class Slow(Sender):
        def send(self, made: Any) -> dict[str, str]:
            read.set()
            assert go.wait(60)
            return super().send(made)

    change(product["id"], title="Older")
    wish(product["id"])
    slow = Thread(target=index, args=(Slow(client(), config.site_id()),))
    slow.start()
    assert read.wait(60)
    call_action("package_patch", {"user": user}, id=product["id"], title="Newer")
    assert len(waiting()) == 2, "the edit is to be indexed after what is on its way"
    go.set()
    slow.join(60)
    assert waiting() == []
    assert indexed(product["id"])["title"] == "Newer"  # type: ignore[index]
    call_action("package_patch", {"user": user}, id=product["id"], title="Newest")
    assert waiting() == [], "who does not wait is indexed by CKAN alone"


@pytest.mark.parametrize("action", ["package_delete", "package_patch"])
def test_deletions_and_edits_of_who_waits_are_noted(product: dict[str, Any], user: str, action: str) -> None:
    wish(product["id"])
    call_action(action, {"user": user}, id=product["name"], title="Second")
    assert [package_id for package_id, _ in waiting()] == [product["id"]] * 2


def test_no_wish_without_the_transaction(product: dict[str, Any]) -> None:
    wish(product["id"])
    enqueue_waiting(model.Session(), product["id"])
    model.Session.rollback()
    assert len(waiting()) == 1
