"""`harvest run` in a process of its own: interrupted, gone on with, and in company of workers."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from ckan import model
from ckanext.harvest import queue

from ckanext.nextgeoss.harvesters import hints, runs
from ckanext.nextgeoss.harvesters.commands.scheduler import run_jobs
from ckanext.nextgeoss.harvesters.model import Slice
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, index_waiting, stats, work_off_queues
from ckanext.nextgeoss.tests.operators import Operator

pytestmark = pytest.mark.usefixtures("with_plugins")


def wait_for(found: Callable[[], Any]) -> Any:
    """What is found once it is there; fails after five minutes, for programs start slowly at times."""
    until = time.monotonic() + 300
    while time.monotonic() < until:
        model.Session.rollback()
        if value := found():
            return value
        time.sleep(0.1)
    raise AssertionError("it did not come about")


def slices(source: dict[str, Any]) -> list[Slice]:
    model.Session.expire_all()
    return model.Session.query(Slice).filter_by(source_id=source["id"]).all()


def read_terminal(ours: int) -> str:
    """All that is written to a terminal; it holds some kilobytes, who writes more waits for a reader."""
    found = b""
    with os.fdopen(ours, "rb", buffering=0) as screen:
        try:
            while part := screen.read(4096):
                found += part
        except OSError:  # nobody has it open any more
            pass
    return found.decode()


def test_ctrl_c_ends_at_the_next_page_and_says_how_to_go_on(hub: Hub):
    with hub.provider(hub.products(6), page_size=2) as (provider, simulator):
        operator = Operator(hub.folder, urlsplit(simulator.url).netloc)
        source = hub.source(provider)
        simulator.fail("slow", skip=2, seconds=8)
        process = operator.begin("nextgeoss", "harvest", "run", source["name"])
        wait_for(lambda: sum("/search" in request for request in list(simulator.requests)) > 2)
        process.send_signal(signal.SIGINT)
        output, told = process.communicate(timeout=300)
        assert process.returncode == 130, output + told
        (job,) = act("harvest_job_list", source_id=source["id"])
        assert job["status"] == "Finished"
        assert "ending after this page" in told
        assert f"go on with: ckan nextgeoss harvest resume {job['id']}" in output
        assert [piece.state for piece in slices(source)] == ["stopped"]
        index_waiting()
        assert len(datasets(hub.collection)) < 6
        gone_on = operator.ckan("nextgeoss", "harvest", "resume", source["name"])
    assert "1 of 1 done" in gone_on
    index_waiting()
    assert len(datasets(hub.collection)) == 6
    assert runs.run_of(job["id"]).result == "complete"


def test_workers_take_slices_too_and_nobody_does_one_twice(hub: Hub):
    queue.purge_queues()
    others = [f"{hub.tag}-{name}" for name in ("a", "b", "c")]

    products = [
        replace(p, id=f"{p.id}_{name[-1]}", collection=name) for name in others for p in hub.products(4)
    ]
    with hub.provider(products, page_size=2) as (provider, simulator):
        operator = Operator(hub.folder, urlsplit(simulator.url).netloc)
        source = hub.source(provider)
        process = operator.begin("nextgeoss", "harvest", "run", source["name"])
        wait_for(lambda: slices(source))
        hints.send_slices([piece.id for piece in slices(source)])
        work_off_queues()
        output, told = process.communicate(timeout=300)
    assert process.returncode == 0, output + told
    run_jobs()  # a round of the scheduler
    (job,) = act("harvest_job_list", source_id=source["id"])
    assert (job["status"], stats(job)) == ("Finished", (12, 0, 0, 0))
    assert [(piece.state, piece.seen, piece.added) for piece in slices(source)] == [("done", 4, 4)] * 3


def test_on_a_terminal_the_progress_is_one_line(hub: Hub):
    with hub.provider(hub.products(3)) as (provider, simulator):
        operator = Operator(hub.folder, urlsplit(simulator.url).netloc)
        ours, its = os.openpty()
        simulator.fail("slow", skip=1, seconds=5)
        process = operator.begin("nextgeoss", "harvest", "run", hub.source(provider)["name"], stderr=its)
        os.close(its)
        with ThreadPoolExecutor(1) as reader:
            reading = reader.submit(read_terminal, ours)
            try:
                output, _ = process.communicate(timeout=300)
            finally:
                process.kill()
            shown = reading.result()
    assert process.returncode == 0, output + shown
    assert "\r[------------------------] 0/3 products, 0/1 slices, 0.0/s" in shown, "the plan tells the total"
    assert "\r[########################] 3/3 products, 1/1 slices" in shown
