"""`ckan nextgeoss index status | run | rebuild | check`, as operators type them."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import click
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from click.testing import CliRunner

from ckanext.nextgeoss import config
from ckanext.nextgeoss.search import compare
from ckanext.nextgeoss.search.catalogue import client
from ckanext.nextgeoss.search.commands import index
from ckanext.nextgeoss.search.compare import Comparison, Difference
from ckanext.nextgeoss.search.indexer import indexer_lock
from ckanext.nextgeoss.search.model import Outbox
from ckanext.nextgeoss.search.outbox import enqueue
from ckanext.nextgeoss.search.sending import unique_key
from ckanext.nextgeoss.search.setwise import default_labels
from ckanext.nextgeoss.tests.loaded import site_app


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """The commands listen to signals, which is theirs to do in a process of their own."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture()
def products() -> list[str]:
    """Products that CKAN has indexed; nothing else is different, and nothing waits."""
    user, organization = factories.Sysadmin()["name"], factories.Organization()["id"]
    made = [
        call_action(
            "package_create", {"user": user}, type="eo_product", identifier=f"P_{uuid4().hex}",
            collection_id="c", owner_org=organization,
        )["id"]
        for _ in range(4)
    ]  # fmt: skip
    model.Session.execute(sa.delete(Outbox))
    model.Session.commit()
    run("check", "--repair", "--show", "0")
    run("run", "--once")
    return made


@click.group()
@click.pass_context
def ckan(context: click.Context) -> None:
    """As CKAN's own command, which has read the configuration and made the site."""
    context.meta["flask_app"] = site_app().flask_app


ckan.add_command(index)


def run(*words: str) -> tuple[int, str]:
    """Exit code and output of a command."""
    done = CliRunner().invoke(ckan, ["index", *words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def change(package_id: str, **columns: Any) -> None:
    model.Session.execute(sa.update(model.Package).where(model.Package.id == package_id).values(**columns))
    model.Session.commit()


def title(package_id: str) -> str | None:
    found = client().select({"q": f"id:{package_id}", "fl": "title"})["response"]["docs"]
    return found[0]["title"] if found else None


def spoil(products: list[str]) -> str:
    """Make an index that lacks one, holds an older state of one, shows one to all, and one that never was."""
    missing, stale, shown, _ = products
    ghost = f"ghost-{uuid4().hex}"
    key, site = unique_key(ghost, config.site_id()), config.site_id()
    document = {"index_id": key, "id": ghost, "site_id": site, "entity_type": "package", "state": "active"}
    client().add([document | {"dataset_type": "eo_product", "metadata_modified": "2024-05-01T00:00:00.1Z"}])
    client().delete_keys([unique_key(missing, site)])
    client().show_changes(wait=True)
    change(stale, metadata_modified=sa.func.now(), title="Second")
    change(shown, private=True)
    return ghost


def test_check_finds_what_is_different_and_has_it_mended(products: list[str]) -> None:
    code, output = run("check")
    assert (code, output.splitlines()[-1]) == (0, "index and database agree")
    ghost = spoil(products)
    code, output = run("check")
    assert code == 1
    told = {
        f"missing {products[0]}", f"stale {products[1]}", f"labels {products[2]}", f"ghost {ghost}",
        "1 missing: not in the index", "1 ghost: in the index, but not in the database",
        "1 stale: the index holds an older state", "1 labels: the index lets other people see it",
        "have them indexed again: --repair",
    }  # fmt: skip
    assert told <= set(output.splitlines())
    assert run("check", "--show", "1")[1].count(f"{products[0]}") <= 1

    assert run("check", "--repair")[0] == 1
    assert run("check")[0] == 0, "what waits is no difference"
    assert "4 datasets wait, the oldest for" in run("status")[1]
    assert "4 datasets were indexed" in run("run", "--once")[1]
    assert run("check")[0] == 0
    assert (title(products[1]), title(ghost)) == ("Second", None)


def test_rebuild_makes_all_again_and_never_empties_the_index(
    products: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.nextgeoss.search import rebuild

    monkeypatch.setattr(rebuild, "CHUNK", 50)
    ghost = spoil(products)
    fewest: list[int] = []
    enqueued = rebuild.enqueue

    def watched(session: Any, ids: list[str]) -> None:
        fewest.append(client().select({"q": "*:*", "rows": 0})["response"]["numFound"])
        enqueued(session, ids)

    monkeypatch.setattr(rebuild, "enqueue", watched)
    total = model.Session.query(model.Package).count()
    code, output = run("rebuild")
    assert code == 0
    assert f"{total} of {total} datasets" in output
    assert "1 documents of datasets that are gone were deleted" in output
    assert min(fewest) >= fewest[0] > 3, "there were never fewer documents than before"
    assert title(products[1]) == "Second" and title(ghost) is None and title(products[0])
    assert run("check")[0] == 0


def test_rebuild_goes_on_when_another_indexer_ends_without_its_work(
    products: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.nextgeoss.search import rebuild

    monkeypatch.setattr(rebuild, "CHUNK", 50)
    enqueue(model.Session(), [uuid4().hex for _ in range(60)])
    model.Session.commit()
    tried, ended = Event(), Event()

    def hold() -> None:
        with indexer_lock(model.meta.engine):
            tried.set()
            ended.wait(2)

    holder = Thread(target=hold)
    holder.start()
    assert tried.wait(30)
    code, output = run("rebuild", "--type", "eo_collection")
    holder.join(30)
    assert code == 0, output
    assert model.Session.query(Outbox).filter(Outbox.error.is_(None)).count() == 0


def test_rebuild_of_one_type_leaves_others_alone(products: list[str]) -> None:
    other = call_action(
        "package_create", {"user": factories.Sysadmin()["name"]}, name=uuid4().hex, title="First",
        owner_org=factories.Organization()["id"],
    )["id"]  # fmt: skip
    for package_id in (other, products[0]):
        change(package_id, title="Second")
    assert run("rebuild", "--type", "eo_product")[0] == 0
    assert (title(products[0]), title(other)) == ("Second", "First")


def test_status_tells_who_is_at_work_and_what_was_refused(products: list[str]) -> None:
    assert "no indexer is at work" in run("status")[1]
    enqueue(model.Session(), products[:1])
    model.Session.execute(sa.update(Outbox).values(error="bad footprint"))
    model.Session.commit()
    with indexer_lock(model.meta.engine):
        code, output = run("status")
        assert run("run", "--once") == (1, "Error: another indexer is at work\n")
    assert code == 0
    assert output.splitlines()[-3:] == [
        "0 datasets wait", "an indexer is at work", f"refused {products[0]}: bad footprint",
    ]  # fmt: skip


def test_pages_and_one_by_one_find_the_same(products: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    ghost = spoil(products)
    comparison = Comparison(client(), config.site_id(), labels_of=default_labels)
    wanted = {
        Difference("missing", products[0]), Difference("stale", products[1]),
        Difference("labels", products[2]), Difference("ghost", ghost),
    }  # fmt: skip
    for size in (1, 3, 1000):
        monkeypatch.setattr(compare, "PAGE", size)
        with model.meta.engine.connect() as connection:
            assert set(comparison.differences(connection)) == wanted


def test_status_tells_how_fast_the_indexer_works(products: list[str]) -> None:
    """Seen from outside: by what leaves the outbox meanwhile."""
    enqueue(model.Session(), products * 50)
    model.Session.commit()
    engine, over = model.meta.engine, Event()
    some = sa.delete(Outbox).where(Outbox.seq.in_(sa.select(Outbox.seq).limit(1)))

    def fulfil() -> None:
        while not over.wait(0.05):
            with engine.begin() as connection:
                connection.execute(some)

    with indexer_lock(engine):
        indexer = Thread(target=fulfil)
        indexer.start()
        _, output = run("status")
        over.set()
        indexer.join()
    told = re.search(r"an indexer is at work: (\d+) datasets/s, (\d+) seconds left if no more come", output)
    assert told and int(told[1]) > 0, output
