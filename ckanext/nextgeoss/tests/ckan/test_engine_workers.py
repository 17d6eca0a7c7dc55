"""Real worker processes: killed, beside one another, and with the queue emptied under them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ckan import model
from ckan.plugins import toolkit
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObject

from ckanext.nextgeoss.harvesters import runs
from ckanext.nextgeoss.harvesters.commands.scheduler import run_jobs
from ckanext.nextgeoss.harvesters.importing import lease_name
from ckanext.nextgeoss.harvesters.lease import free
from ckanext.nextgeoss.harvesters.model import Offer, Slice
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, stats, work_off_queues

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_queues")

INI = """\
[app:main]
use = config:{base}
ckanext.nextgeoss.http.allowed_private_hosts = {hosts}
ckanext.nextgeoss.harvest.provider_folders = {folder}
"""
PATIENCE = 300.0


@pytest.fixture()
def clean_queues(with_plugins: None) -> None:
    queue.purge_queues()


@contextmanager
def worker(folder: Path, host: str) -> Iterator[subprocess.Popen[bytes]]:
    """A fetch consumer in a process of its own, with what it says in a file."""
    ini, told = folder / "worker.ini", folder / "worker.log"
    ini.write_text(INI.format(base=toolkit.config["__file__"], hosts=host, folder=folder))
    ckan = Path(sys.executable).with_name("ckan")
    with told.open("wb") as log:
        process = subprocess.Popen(
            [ckan, "-c", ini, "harvester", "fetch-consumer"], stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def until(is_so: Callable[[], Any]) -> None:
    """Wait until it is so."""
    last = time.monotonic() + PATIENCE
    while not is_so():
        model.Session.rollback()
        model.Session.expire_all()
        assert time.monotonic() < last, "nothing happened"
        time.sleep(0.1)


def gathered(source: dict[str, Any]) -> str:
    """A job whose slices wait in the queue."""
    job = runs.start(source["id"])
    consumer = queue.get_gather_consumer()
    while (message := consumer.basic_get(""))[2] is not None:
        queue.gather_callback(consumer, *message[:2], message[2])
    return job


def piece(job: str) -> Slice:
    """The only slice of a job, as it is now."""
    model.Session.rollback()
    return model.Session.query(Slice).filter_by(job_id=job).populate_existing().one()


def slow(simulator: Any, pages: int) -> None:
    """Let the provider take its time for so many pages."""
    simulator.fail("slow", times=pages, seconds=1.0)


def test_what_a_killed_worker_was_reading_is_taken_over_at_once(hub: Hub):
    with hub.provider(hub.products(60), page_size=5) as (provider, simulator):
        host = urlsplit(simulator.url).netloc
        job = gathered(hub.source(provider))
        slow(simulator, 12)
        with worker(hub.folder, host) as process:
            until(lambda: piece(job).seen >= 10)
            assert not free(model.Session(), [lease_name(piece(job).id)])
            process.send_signal(signal.SIGKILL)
            process.wait()
        left = piece(job)
        assert (left.state, HarvestObject.get(left.id).state) == ("running", "IMPORT")
        seen = left.seen
        assert seen == left.added < 60
        simulator.faults.clear()
        simulator.requests.clear()
        run_jobs()
        work_off_queues()
        assert len([r for r in simulator.requests if "/search" in r]) == (60 - seen) // 5
        done = piece(job)
    assert (done.state, done.seen, done.added, done.errored) == ("done", 60, 60, 0)
    assert (HarvestJob.get(job).status, runs.run_of(job).result) == ("Finished", "complete")
    assert len(datasets(hub.collection)) == 60
    assert model.Session.query(Offer).filter_by(source_id=done.source_id).count() == 60


def test_a_slice_delivered_to_two_workers_is_read_once(hub: Hub):
    with hub.provider(hub.products(30), page_size=5) as (provider, simulator):
        host = urlsplit(simulator.url).netloc
        job = gathered(hub.source(provider))
        slow(simulator, 6)
        with worker(hub.folder, host):
            until(lambda: piece(job).state == "running")
            queue.get_fetch_publisher().send({"harvest_object_id": piece(job).id})
            # takes the message unless the other worker has it first, and waits for the lease
            work_off_queues()
            until(lambda: HarvestJob.get(job).status == "Finished")
        searches = [request for request in simulator.requests if "/search" in request]
    assert len(searches) == 6 + 1  # one to count when it was planned
    assert stats(act("harvest_job_show", id=job)) == (30, 0, 0, 0)
    assert HarvestObject.get(piece(job).id).state == "COMPLETE"


def test_a_queue_that_is_emptied_under_a_worker_loses_nothing(hub: Hub):
    with hub.provider(hub.products(30), page_size=5) as (provider, simulator):
        host = urlsplit(simulator.url).netloc
        one, two = hub.source(provider), hub.source(provider)
        job = gathered(one)
        slow(simulator, 6)
        with worker(hub.folder, host):
            until(lambda: piece(job).state == "running")
            other = gathered(two)
            queue.get_connection().flushdb()
            run_jobs()
            until(lambda: HarvestJob.get(job).status == "Finished")
            until(lambda: HarvestJob.get(other).status == "Finished")
    assert stats(act("harvest_job_show", id=job)) == (30, 0, 0, 0)
    assert sum(stats(act("harvest_job_show", id=other))) == 30
    assert piece(job).attempts == 0
