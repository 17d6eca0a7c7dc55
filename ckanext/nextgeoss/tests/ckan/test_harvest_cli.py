"""The commands of ckanext-harvest and our scheduler, as operators type them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, index_waiting, stats, work_off_queues
from ckanext.nextgeoss.tests.operators import Operator

pytestmark = pytest.mark.usefixtures("with_plugins")


def test_create_run_test_and_the_scheduler(hub: Hub):
    with hub.provider(hub.products(3)) as (provider, simulator):
        operator = Operator(hub.folder, urlsplit(simulator.url).netloc)
        name = operator.create_source(hub, provider, simulator.url)
        operator.ckan("harvester", "run-test", name)
        index_waiting()
        assert len(datasets(hub.collection)) == 3
        operator.ckan("harvester", "job", name)
        source: dict[str, Any] = act("package_show", id=name)
        work(operator)
        (again, first) = act("harvest_job_list", source_id=source["id"])
    assert (stats(first), stats(again)) == ((3, 0, 0, 0), (0, 0, 3, 0))
    assert again["status"] == "Finished"


def work(operator: Operator) -> None:
    """Consumers of our own process, then a round of the scheduler in one of its own."""
    work_off_queues()
    operator.ckan("nextgeoss", "harvest", "scheduler", "--rounds", "1")
