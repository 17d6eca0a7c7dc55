"""The commands of ckanext-harvest and our scheduler, as operators type them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ckan.plugins import toolkit

from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, index_waiting, stats, work_off_queues

pytestmark = pytest.mark.usefixtures("with_plugins")

INI = """\
[app:main]
use = config:{base}
ckanext.nextgeoss.http.allowed_private_hosts = {hosts}
ckanext.nextgeoss.harvest.provider_folders = {folder}
"""


class Operator:
    """A person with a shell on the machine of the hub."""

    def __init__(self, folder: Path, hosts: str):
        base = toolkit.config["__file__"]
        self._ini = folder / "operator.ini"
        self._ini.write_text(INI.format(base=base, hosts=hosts, folder=folder))

    def ckan(self, *words: str) -> str:
        """What `ckan ...` prints; it must not fail."""
        ckan = Path(sys.executable).with_name("ckan")
        done = subprocess.run([ckan, "-c", self._ini, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def create_source(self, hub: Hub, provider: str, url: str) -> str:
        """The name of a new source of the hub's own collection, made by the command."""
        config = json.dumps({"provider": provider, "collections": [hub.collection]})
        name, owner = f"{hub.tag}-cli", hub.organization()
        words = ("create", name, url, "nextgeoss", "CLI", "true", owner, "MANUAL", config)
        self.ckan("harvester", "source", *words)
        return name


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
