"""Slices: batches of pages, handing over, counts that do not agree, and what a provider's faults end in."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestObject

from ckanext.nextgeoss.harvesters import runs, slice_run
from ckanext.nextgeoss.harvesters.model import Slice
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, errors, run, stats, work_off_queues

pytestmark = pytest.mark.usefixtures("with_plugins")


def pieces(job: str) -> list[Slice]:
    """The slices of a job, by key."""
    return model.Session.query(Slice).filter_by(job_id=job).order_by(Slice.key).populate_existing().all()


def test_pages_are_written_together(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    write, batches = slice_run.SliceRun._write, []

    def counting(self: slice_run.SliceRun, batch: list[object], hands_over: bool) -> None:
        batches.append(len(batch))
        write(self, batch, hands_over)

    monkeypatch.setattr(slice_run.SliceRun, "_write", counting)
    monkeypatch.setattr(slice_run, "BATCH_SECONDS", 600)  # however long the pages take to come
    with hub.provider(hub.products(20), page_size=2) as (provider, _):
        job = run(hub.source(provider))
    assert stats(job) == (20, 0, 0, 0)
    assert (sum(batches), len(batches)) == (10, 1)


def test_a_long_slice_hands_over_to_another_of_the_same_job(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(slice_run, "BATCH", 1)
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.harvest.hand_over_seconds", -1)
    with hub.provider(hub.products(10), page_size=4) as (provider, simulator):
        job = runs.start(hub.source(provider)["id"])
        work_off_queues()
        searches = [request for request in simulator.requests if "/search" in request]
    found = pieces(job)
    assert [piece.key for piece in found] == [f"{hub.collection}/../..{part}" for part in ("", "~2", "~3")]
    assert [(piece.state, piece.seen) for piece in found] == [("done", 4), ("done", 4), ("done", 2)]
    assert [piece.successor for piece in found] == [found[1].id, found[2].id, None]
    assert len(searches) >= 1 + 3  # pages that were read ahead are read again
    shown = act("harvest_job_show", id=job)
    assert (shown["status"], stats(shown), errors(shown)) == ("Finished", (10, 0, 0, 0), [])
    assert runs.run_of(job).result == "complete"


def test_fewer_products_than_the_provider_counts_are_reported(hub: Hub):
    with hub.provider(hub.products(9), page_size=3) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("shifted-on", skip=1)
        job = run(source)
        (told,) = errors(job)
        for part in (
            source["name"],
            provider,
            f"slice:{hub.collection}/",
            "counts 9 products here, but 8 came",
        ):
            assert part in told
        assert (stats(job), runs.run_of(job["id"]).result) == ((8, 0, 0, 0), "incomplete")
        assert HarvestObject.get(pieces(job["id"])[0].id).state == "COMPLETE"
        assert stats(run(source)) == (1, 0, 8, 0)


def test_products_that_come_twice_do_not_hide_those_that_do_not_come(hub: Hub):
    with hub.provider(hub.products(9), page_size=3) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("shifted-back", skip=1)
        job = run(source)
    assert (stats(job), errors(job)) == ((9, 0, 0, 0), [])
    assert pieces(job["id"])[0].seen == 9


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("truncated", "JSON that is cut short"),
        ("html", "HTML (Maintenance) instead of JSON"),
        ("empty", "an empty answer instead of JSON"),
        ("error-inside", "query failed"),
        ("self-link", "the next link leads to a page that was read before"),
        ("empty-page", "an empty page, though"),
        ("no-list", "without an array of features"),
    ],
)
def test_a_fault_names_provider_slice_request_and_reason_and_the_rest_is_complete(
    hub: Hub, kind: str, words: str
):
    offered = hub.products(12)
    with hub.provider(offered, page_size=3) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail(kind, skip=2)
        job = run(source)
        (told,) = errors(job)
        for part in (source["name"], provider, f"slice:{hub.collection}/", f"{simulator.url}/search", words):
            assert part in told
        assert job["status"] == "Finished"
        (failed,) = pieces(job["id"])
        assert (failed.state, failed.seen, failed.error) == ("failed", stats(job)[0], told)
        assert failed.error_class == "BadAnswer"
        assert runs.resume(job["id"]) == 1
        work_off_queues()
        shown = act("harvest_job_show", id=job["id"])
    assert (stats(shown), errors(shown)) == ((12, 0, 0, 0), [])
    assert len(datasets(hub.collection)) == 12
