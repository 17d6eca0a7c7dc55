"""Jobs: queues, reports, errors, and workers that die."""

from __future__ import annotations

from typing import Any

import pytest
from ckan import model
from ckan.tests import factories
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

from ckanext.nextgeoss.harvesters import slice_run
from ckanext.nextgeoss.harvesters.gathering import gather
from ckanext.nextgeoss.harvesters.model import Slice
from ckanext.nextgeoss.harvesters.slice_run import SliceRun
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, errors, run, stats, work_off_queues

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_queues")


@pytest.fixture()
def clean_queues(with_plugins: None) -> None:
    queue.purge_queues()


def start(source: dict[str, Any]) -> dict[str, Any]:
    """A job that waits in the gather queue."""
    return act("harvest_job_create", source_id=source["id"], run=True)


def shown(job: dict[str, Any]) -> dict[str, Any]:
    """The job after a round of the scheduler."""
    act("harvest_jobs_run", source_id=job["source_id"])
    return act("harvest_job_show", id=job["id"])


def slice_of(job: dict[str, Any]) -> Slice:
    """The only slice of a job, as it is in the database now."""
    model.Session.expire_all()
    return model.Session.query(Slice).filter_by(job_id=job["id"]).one()


def page_by_page(monkeypatch: pytest.MonkeyPatch, write: Any) -> None:
    """Write each page by itself, by this function."""
    monkeypatch.setattr(slice_run, "BATCH", 1)
    monkeypatch.setattr(SliceRun, "_write", write)


def deliver(slice_id: str) -> None:
    """Send a slice to the fetch consumer, as the scheduler does with what is overdue."""
    queue.get_fetch_publisher().send({"harvest_object_id": slice_id})
    work_off_queues()


def test_queue_workers_harvest_and_the_report_speaks_of_products(hub: Hub, app: Any):
    with hub.provider(hub.products(4), page_size=3) as (provider, _):
        source = hub.source(provider)
        first = start(source)
        work_off_queues()
        assert stats(shown(first)) == (4, 0, 0, 0)
        again = start(source)
        work_off_queues()
    job = shown(again)
    assert (job["status"], stats(job)) == ("Finished", (0, 0, 4, 0))
    listed = act("harvest_job_list", source_id=source["id"])
    assert [stats(job) for job in listed] == [(0, 0, 4, 0), (4, 0, 0, 0)]
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    for page in (f"/harvest/{source['name']}/job/{job['id']}", f"/harvest/admin/{source['name']}"):
        text = " ".join(app.get(page, headers=headers, status=200).body.split())
        assert '<span class="badge" data-diff="not modified"> 4 not modified </span>' in text
    assert app.get(f"/harvest/{source['name']}", status=200)


def test_gathering_twice_adds_nothing(hub: Hub):
    with hub.provider(hub.products(4)) as (provider, _):
        job = HarvestJob.get(act("harvest_job_create", source_id=hub.source(provider)["id"], run=False)["id"])
        assert gather(job) == gather(job)
    assert HarvestObject.filter(harvest_job_id=job.id).count() == 1


def test_a_slice_delivered_again_is_done_already(hub: Hub):
    with hub.provider(hub.products(3)) as (provider, simulator):
        job = start(hub.source(provider))
        work_off_queues()
        asked = len(simulator.requests)
        deliver(slice_of(job).id)
        assert len(simulator.requests) == asked
    assert stats(shown(job)) == (3, 0, 0, 0)


def test_a_killed_worker_leaves_a_slice_that_goes_on_where_it_was(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    write = SliceRun._write
    batches: list[int] = []

    def dying(self: SliceRun, batch: Any, hands_over: bool) -> None:
        batches.append(len(batch))
        if len(batches) == 2:
            first = self.terms.offer(batch[0].products[0], batch[0].records[0].text())
            self.writer.write([first])
            raise KeyboardInterrupt
        write(self, batch, hands_over)

    with hub.provider(hub.products(10), page_size=3) as (provider, simulator):
        job = start(hub.source(provider))
        page_by_page(monkeypatch, dying)
        with pytest.raises(KeyboardInterrupt):
            work_off_queues()
        model.Session.rollback()
        left = slice_of(job)
        assert (left.state, left.seen, left.added) == ("running", 3, 4)
        simulator.requests.clear()
        deliver(left.id)
        assert len([r for r in simulator.requests if "/search" in r]) == 3
    done = slice_of(job)
    assert (done.state, done.seen, done.added, done.unchanged) == ("done", 10, 10, 0)
    assert stats(shown(job)) == (10, 0, 0, 0)
    assert len(datasets(hub.collection)) == 10


def test_each_page_tells_the_queue_that_the_slice_is_worked_on(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    connection = queue.get_connection()
    write = SliceRun._write
    met: list[tuple[Any, int]] = []

    def watching(self: SliceRun, batch: Any, hands_over: bool) -> None:
        kept = HarvestObject.get(key.rpartition(":")[2])
        met.append((connection.get(key), kept.retry_times))
        write(self, batch, hands_over)

    with hub.provider(hub.products(4), page_size=2) as (provider, _):
        job = start(hub.source(provider))
        consumer = queue.get_gather_consumer()
        message = consumer.basic_get("")
        queue.gather_callback(consumer, *message[:2], message[2])
        key = f"{queue.get_fetch_routing_key()}:{slice_of(job).id}"
        connection.set(key, "2020-01-01 00:00:00.0")
        page_by_page(monkeypatch, watching)
        work_off_queues()
    assert met[0] == ("2020-01-01 00:00:00.0", 1)
    assert met[1][0] != met[0][0]
    assert met[1][1] == 0
    assert connection.get(key) is None


def test_a_job_that_was_aborted_ends_at_the_next_page(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    write = SliceRun._write

    def aborting(self: SliceRun, batch: Any, hands_over: bool) -> None:
        act("harvest_job_abort", id=job["id"])
        write(self, batch, hands_over)

    with hub.provider(hub.products(6), page_size=2) as (provider, _):
        job = start(hub.source(provider))
        page_by_page(monkeypatch, aborting)
        work_off_queues()
    assert (slice_of(job).state, slice_of(job).seen) == ("stopped", 2)
    assert HarvestObject.get(slice_of(job).id).state == "ERROR"


def test_records_that_are_no_products_are_reported_and_the_others_kept(hub: Hub):
    with hub.provider(hub.products(5)) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("nameless", skip=1)
        job = run(source)
        assert stats(job) == (2, 0, 0, 3)
        assert all("id" in message for message in errors(job))
        guids = {kept["guid"] for kept in act("harvest_job_report", id=job["id"])["object_errors"].values()}
        assert {guid.rpartition("#")[2] for guid in guids} == {"1", "3", "5"}
        assert stats(run(source)) == (3, 0, 2, 0)


def test_an_answer_that_is_none_ends_the_slice_with_words_for_people(hub: Hub):
    with hub.provider(hub.products(6), page_size=2) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("html", skip=2)
        job = run(source)
        told = errors(job)
        assert len(told) == 1
        for part in (
            source["name"],
            f"slice:{hub.collection}/",
            simulator.url,
            "HTML (Maintenance) instead of JSON",
        ):
            assert part in told[0]
        assert job["status"] == "Finished"
        assert stats(job) == (2, 0, 0, 1)
        assert stats(run(source)) == (4, 0, 2, 0)


def test_a_provider_that_is_down_ends_the_job_with_an_error(hub: Hub):
    with hub.provider(hub.products(1)) as (provider, simulator):
        source, url = hub.source(provider), simulator.url
    job = run(source)
    assert (job["status"], stats(job)) == ("Finished", (0, 0, 0, 1))
    assert f"{url}/collections: no connection" in errors(job)[0]
    assert source["name"] in errors(job)[0]


def test_a_private_address_is_asked_only_when_it_is_allowed(hub: Hub):
    with hub.provider(hub.products(1)) as (provider, simulator):
        source = hub.source(provider)
        hub.forbid()
        assert "has a private address" in errors(run(source))[0]
        assert not simulator.requests


def test_other_sources_of_the_site_keep_their_stock_statistics(hub: Hub):
    with hub.provider(hub.products(2)) as (provider, _):
        ours = start(hub.source(provider))
    theirs = HarvestSource(url=f"http://{hub.tag}.example", type="other")
    theirs.save()
    job = act("harvest_job_create", source_id=theirs.id, run=False)
    HarvestObject(guid="x", job=HarvestJob.get(job["id"]), report_status="added").save()
    listed = {found["id"]: found for found in act("harvest_job_list")}
    assert listed[job["id"]]["stats"]["added"] == 1
    assert listed[ours["id"]]["stats"]["added"] == 0
    assert act("harvest_job_show", id=job["id"])["stats"]["added"] == 1
    assert act("harvest_source_show_status", id=theirs.id)["last_job"]["stats"]["added"] == 1
