"""The database tells what is to be done: dead workers, an emptied queue and impatient code lose nothing."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from ckan import model
from ckan.lib.search.common import SearchIndexError
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource
from sqlalchemy.exc import OperationalError

from ckanext.nextgeoss.harvesters import gathering, runs, slices
from ckanext.nextgeoss.harvesters.commands.scheduler import run_jobs
from ckanext.nextgeoss.harvesters.importing import MOST_ATTEMPTS, lease_name
from ckanext.nextgeoss.harvesters.lease import lease
from ckanext.nextgeoss.harvesters.model import Offer, Slice
from ckanext.nextgeoss.harvesters.repair import repair
from ckanext.nextgeoss.tests.harvesting import (
    Hub,
    act,
    datasets,
    errors,
    index_waiting,
    stats,
    work_off_queues,
)

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_queues")


@pytest.fixture()
def clean_queues(with_plugins: None) -> None:
    queue.purge_queues()


@pytest.fixture()
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "cut", lambda *a, **more: slices.plan(*a, **more | {"target": 8}))


def gathered(source: dict[str, Any]) -> str:
    """A job whose slices wait in the queue."""
    job = runs.start(source["id"])
    gather()
    return job


def gather() -> None:
    """Do what the gather consumer does."""
    consumer = queue.get_gather_consumer()
    while (message := consumer.basic_get(""))[2] is not None:
        queue.gather_callback(consumer, *message[:2], message[2])


def waiting(routing_key: str) -> list[str]:
    """The ids that wait in a queue."""
    found = queue.get_connection().lrange(routing_key, 0, -1)
    return [each for message in found for each in json.loads(message).values()]


def open_objects(job: str) -> list[Any]:
    """The harvest objects of a job's slices, as they are now."""
    model.Session.expire_all()
    return HarvestObject.filter(harvest_job_id=job).filter(HarvestObject.guid.like("slice:%")).all()


def ended(job: str) -> dict[str, Any]:
    """The job, once the workers have done what waits; nobody has closed it by hand."""
    work_off_queues()
    model.Session.expire_all()
    assert HarvestJob.get(job).status == "Finished"
    return act("harvest_job_show", id=job)


def lost(*_: Any) -> None:
    """What the driver of the database says when PostgreSQL ends a connection."""
    raise OperationalError("SELECT 1", {}, Exception("server closed the connection\nunexpectedly"))


def test_a_job_ends_with_its_last_slice(hub: Hub, small_slices: None):
    with hub.provider(hub.products(20)) as (provider, _):
        job = runs.start(hub.source(provider)["id"])
        assert stats(ended(job)) == (20, 0, 0, 0)
    assert (runs.run_of(job).result, runs.run_of(job).message) == ("complete", "")


def test_an_emptied_queue_is_filled_again_from_the_database(hub: Hub, small_slices: None):
    with hub.provider(hub.products(20)) as (provider, _):
        job = runs.start(hub.source(provider)["id"])
        queue.get_connection().flushdb()
        repair()
        assert job in waiting(queue.get_gather_routing_key())
        gather()
        planned = sorted(kept.id for kept in open_objects(job))
        assert len(planned) > 2
        queue.get_connection().flushdb()
        repair()
        sent = waiting(queue.get_fetch_routing_key())
        assert set(planned) <= set(sent)
        repair()
        assert waiting(queue.get_fetch_routing_key()) == sent
        assert stats(ended(job)) == (20, 0, 0, 0)


def test_a_slice_of_a_dead_worker_is_sent_again_at_once_however_often_it_was_delivered(hub: Hub):
    with hub.provider(hub.products(3)) as (provider, _):
        job = gathered(hub.source(provider))
        (kept,) = open_objects(job)
        kept.state, kept.retry_times = "IMPORT", 4
        kept.save()
        model.Session.query(Slice).filter_by(id=kept.id).update({"state": "running"})
        model.Session.commit()
        queue.get_connection().flushdb()
        run_jobs()
        (kept,) = open_objects(job)
        assert (kept.state, kept.retry_times) == ("WAITING", 0)
        assert model.Session.query(Slice.state).filter_by(id=kept.id).scalar() == "waiting"
        assert kept.id in waiting(queue.get_fetch_routing_key())
        assert stats(ended(job)) == (3, 0, 0, 0)


def test_a_slice_that_somebody_holds_is_left_alone(hub: Hub):
    with hub.provider(hub.products(3)) as (provider, _):
        job = gathered(hub.source(provider))
        (kept,) = open_objects(job)
        queue.purge_queues()
        kept.state = "IMPORT"
        kept.save()
        with lease(model.Session(), lease_name(kept.id), lambda: True):
            repair()
        assert open_objects(job)[0].state == "IMPORT"
        assert kept.id not in waiting(queue.get_fetch_routing_key())


def test_an_object_that_stock_code_has_given_up_is_taken_again(hub: Hub):
    with hub.provider(hub.products(3)) as (provider, _):
        job = gathered(hub.source(provider))
        (kept,) = open_objects(job)
        kept.retry_times = 4
        kept.save()
        work_off_queues()
        assert open_objects(job)[0].state == "ERROR"
        repair()
        assert stats(ended(job)) == (3, 0, 0, 0)


def test_new_jobs_are_sent_and_jobs_whose_gathering_died_gathered_again(hub: Hub):
    with hub.provider(hub.products(2)) as (provider, _):
        source = hub.source(provider)
        new = act("harvest_job_create", source_id=source["id"], run=False)["id"]
        repair()
        assert new in waiting(queue.get_gather_routing_key())
        assert HarvestJob.get(new).status == "Running"
        assert stats(ended(new)) == (2, 0, 0, 0)
        job = runs.start(source["id"])
        queue.purge_queues()
        kept: Any = HarvestJob.get(job)
        kept.gather_started = kept.gather_finished = kept.created  # as ckanext-harvest does on Ctrl-C
        kept.save()
        run_jobs()
        assert job in waiting(queue.get_gather_routing_key())
        assert stats(ended(job)) == (0, 0, 2, 0)


def test_a_slice_that_its_workers_die_of_is_given_up(hub: Hub):
    with hub.provider(hub.products(2)) as (provider, _):
        job = gathered(hub.source(provider))
        model.Session.query(Slice).filter_by(job_id=job).update({"attempts": MOST_ATTEMPTS})
        model.Session.commit()
        assert "20 workers have died of it" in errors(ended(job))[0]
    assert runs.run_of(job).result == "incomplete"


def test_a_job_that_stock_code_has_timed_out_leaves_no_open_slice(hub: Hub, small_slices: None):
    with hub.provider(hub.products(20)) as (provider, _):
        job = gathered(hub.source(provider))
        kept: Any = HarvestJob.get(job)
        kept.status = "Finished"
        kept.save()
        repair()
    states = {state for (state,) in model.Session.query(Slice.state).filter_by(job_id=job)}
    assert (states, {kept.state for kept in open_objects(job)}) == ({"stopped"}, {"ERROR"})
    assert runs.run_of(job).result == "incomplete"


def test_aborting_stops_all_slices(hub: Hub, small_slices: None):
    with hub.provider(hub.products(20)) as (provider, _):
        source = hub.source(provider)
        job = gathered(source)
        shown = act("harvest_job_abort", id=source["name"])
        assert (shown["id"], shown["status"]) == (job, "Finished")
        work_off_queues()
    states = {state for (state,) in model.Session.query(Slice.state).filter_by(job_id=job)}
    assert (states, {kept.state for kept in open_objects(job)}) == ({"stopped"}, {"ERROR"})
    assert datasets(hub.collection) == []


def test_what_a_deleted_source_offered_goes_with_it(hub: Hub):
    offered = hub.products(3)
    with hub.provider(offered) as (provider, _), hub.provider(offered[:1], "two") as (other, _):
        source, second = hub.source(provider), hub.source(other)
        for each in (source, second):
            ended(runs.start(each["id"]))
        act("harvest_source_delete", id=source["id"])
        index_waiting()
    assert [d["identifier"] for d in datasets(hub.collection)] == [offered[0].id]
    assert model.Session.query(Offer).filter_by(source_id=source["id"]).count() == 0


def test_a_source_without_a_dataset_does_not_stop_the_others(hub: Hub, caplog: pytest.LogCaptureFixture):
    with hub.provider(hub.products(2)) as (provider, _):
        good, bad = hub.source(provider), hub.source(provider)
        jobs = [gathered(good), gathered(bad)]
    act("dataset_purge", id=bad["id"])
    ours = model.Session.query(Slice).filter(Slice.job_id.in_(jobs))  # their last workers died
    carriers = model.Session.query(HarvestObject).filter(HarvestObject.harvest_job_id.in_(jobs))
    ours.update({"state": "done"})
    carriers.update({"state": "COMPLETE"})
    model.Session.commit()
    run_jobs()
    assert [HarvestJob.get(job).status for job in jobs] == ["Finished", "Finished"]
    assert not HarvestSource.get(bad["id"]).active
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert told.count(f"Harvest source {bad['id']} has no dataset any more: it is made inactive") == 1


def test_a_database_that_is_away_is_one_line_of_a_round(
    with_plugins: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setitem(run_jobs.__globals__, "retire", lost)
    run_jobs()
    (told,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert told.exc_info is None
    assert "\n" not in told.getMessage()
    assert "the database is gone" in told.getMessage()


def test_a_gathering_that_the_database_has_ended_is_done_again(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    """Also when ckanext-harvest has closed the job meanwhile, of which nothing was planned."""
    with hub.provider(hub.products(2)) as (provider, _):
        with monkeypatch.context() as patched:
            patched.setattr(gathering, "put_collections", lost)
            job = gathered(hub.source(provider))
        act("harvest_jobs_run")
        assert HarvestJob.get(job).status == "Finished"
        for _ in range(2):
            run_jobs()
        assert stats(ended(job)) == (2, 0, 0, 0)


def test_a_gathering_does_not_need_solr(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    def gone(*_: Any) -> None:
        raise SearchIndexError("Could not connect to Solr")

    with hub.provider(hub.products(2)) as (provider, _):
        source = hub.source(provider)
        with monkeypatch.context() as patched:
            patched.setattr("ckan.lib.search.index.make_connection", gone)
            job = gathered(source)
        assert stats(ended(job)) == (2, 0, 0, 0)
        found = act("package_search", fq=f"+dataset_type:eo_collection +collection_id:{hub.collection}")
        assert found["count"] == 1
