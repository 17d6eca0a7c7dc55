"""Runs: started, cancelled and gone on with, whatever the queue remembers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan import model
from ckan.tests import factories
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObject

from ckanext.nextgeoss.eo.errors import BadConfiguration
from ckanext.nextgeoss.harvesters import runs
from ckanext.nextgeoss.harvesters.activities import HARVESTED
from ckanext.nextgeoss.harvesters.model import Slice
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, errors, run, stats, work_off_queues

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_queues")


@pytest.fixture()
def clean_queues(with_plugins: None) -> None:
    queue.purge_queues()


def shown(job_id: str) -> dict[str, Any]:
    """The job after a round of the scheduler."""
    act("harvest_jobs_run")
    return act("harvest_job_show", id=job_id)


def waiting_jobs() -> list[str]:
    """The ids in the gather queue."""
    found = queue.get_connection().lrange(queue.get_gather_routing_key(), 0, -1)
    return [json.loads(message)["harvest_job_id"] for message in found]


def test_a_run_is_started_with_its_mode_and_options(hub: Hub):
    with hub.provider(hub.products(3)) as (provider, _):
        source = hub.source(provider, mode="reconcile")
        first = runs.start(source["id"])
        assert waiting_jobs() == [first]
        work_off_queues()
        assert stats(shown(first))[0] == 3
        second = runs.start(source["id"], mode="full", options={"note": "again"}, queue=False)
        assert waiting_jobs() == []
    assert runs.run_of(first).mode == "reconcile"
    kept = runs.run_of(second)
    assert (kept.mode, kept.options["note"], kept.source_id) == ("full", "again", source["id"])
    assert HarvestJob.get(second).status == "Running"


def test_a_job_of_stock_code_gets_a_run_of_the_mode_that_the_source_names(hub: Hub):
    with hub.provider(hub.products(1)) as (provider, _):
        job = run(hub.source(provider, mode="full"))
        other = run(hub.source(provider))
    assert runs.run_of(job["id"]).mode == "full"
    assert runs.run_of(other["id"]).mode == "update"


def test_what_cannot_be_started_is_told_in_one_line(hub: Hub):
    with hub.provider(hub.products(1)) as (provider, _):
        source = hub.source(provider)
    first = runs.start(source["id"], queue=False)
    with pytest.raises(runs.NotPossible, match=f"its job {first} has not ended yet"):
        runs.start(source["id"])
    with pytest.raises(BadConfiguration, match=r"mode: 'reconcil' .* did you mean reconcile"):
        runs.start(source["id"], mode="reconcil")
    with pytest.raises(runs.NotPossible, match="'nobody' is not the id of a source"):
        runs.start("nobody")
    with pytest.raises(runs.NotPossible, match="'nobody' is not the id of a job"):
        runs.resume("nobody")


def test_a_cancelled_job_goes_on_where_it_was(hub: Hub):
    with hub.provider(hub.products(4)) as (provider, _):
        source = hub.source(provider)
        job = runs.start(source["id"])
        consumer = queue.get_gather_consumer()
        message = consumer.basic_get("")
        queue.gather_callback(consumer, *message[:2], message[2])
        runs.cancel(job)
        assert HarvestJob.get(job).status == "Finished"
        assert (runs.run_of(job).result, model.Session.query(Slice.state).filter_by(job_id=job).scalar()) == (
            "cancelled",
            "stopped",
        )
        work_off_queues()
        assert datasets(hub.collection) == []
        assert runs.resume(job) == 1
        assert HarvestObject.filter(harvest_job_id=job).one().state == "WAITING"
        work_off_queues()
        assert stats(shown(job))[0] == 4
    with pytest.raises(runs.NotPossible, match="all its slices are done"):
        runs.resume(job)


def test_a_gathering_that_failed_is_tried_again(hub: Hub):
    with hub.provider(hub.products(2)) as (provider, _):
        source = hub.source(provider)
    job = runs.start(source["id"])
    work_off_queues()
    assert "no connection" in errors(shown(job))[0]
    with hub.provider(hub.products(2)):
        assert runs.resume(job) == 0
        work_off_queues()
    assert stats(shown(job)) == (2, 0, 0, 0)
    assert errors(shown(job)) == []


def test_a_source_may_want_a_line_in_the_activity_streams_for_each_run(hub: Hub, app: Any):
    """Of runs that changed something; it says what, and leads to the job."""
    maker = factories.SysadminWithToken()  # streams show nothing of the site's own user
    with hub.provider(hub.products(3)) as (provider, _):
        source, quiet = hub.source(provider, mode="full", activities="summary"), hub.source(provider)
        for each in (source, quiet):
            model.Package.get(each["id"]).creator_user_id = maker["id"]
        model.Session.commit()
        jobs = [run(each) for each in (source, source, quiet)]
    streams = [act("package_activity_list", id=each["id"], limit=9) for each in (source, quiet)]
    lines = [[line for line in stream if line["activity_type"] == HARVESTED] for stream in streams]
    ((line,), none) = lines
    assert none == []
    assert line["data"]["harvest"] == {
        "added": 3, "updated": 0, "deleted": 0, "errored": 0, "job": jobs[0]["id"]
    }  # fmt: skip
    page = app.get(f"/dataset/activity/{source['id']}", headers={"Authorization": maker["token"]}).body
    assert "was harvested" in page
    assert "3 new, 0 changed, 0 withdrawn, 0 errors" in page
    assert f"/harvest/{source['name']}/job/{jobs[0]['id']}" in page
