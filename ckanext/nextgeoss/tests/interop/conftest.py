"""A hub at an address of its own, and foreign clients in environments of theirs that ask it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from ckan.plugins import toolkit

from ckanext.nextgeoss.demo import catalogue as demo
from ckanext.nextgeoss.eo.page import Page
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.tests.served import served
from ckanext.nextgeoss.tests.venvs import tool_environment

HERE = Path(__file__).parent
SCRIPTS = HERE / "scripts"
# how many products of each of these collections of the demo catalogue
HELD = {"sentinel-2-l1c": 63, "sentinel-1-grd": 70, "landsat-c2-l2": 30}
# seconds: a busy machine is no fault
_LONGEST = 600


@dataclass(frozen=True)
class ServedHub:
    """A hub with products in collections of this suite alone, which everybody may see."""

    address: str
    tag: str

    def collection(self, name: str) -> str:
        """The name here of a collection of the demo catalogue."""
        return f"{self.tag}-{name}"

    def find(self, **asked: Any) -> Page:
        """What our own catalogue answers; of all our collections unless some are named."""
        from ckanext.nextgeoss.search.catalogue import catalogue_for

        names = asked.pop("collections", None) or map(self.collection, HELD)
        return catalogue_for(None).search(Query(collections=tuple(names), **{"limit": 1000} | asked))

    def run(self, *command: str | Path, **environment: str) -> str:
        """What a program that asks this hub writes; what it complains of when it fails is the reason of the
        failure. It has a home of its own and asks no proxy."""
        # CKAN's options are those of its file again before each test
        toolkit.config["ckan.site_url"] = self.address
        known = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        with TemporaryDirectory() as home:
            done = subprocess.run(
                [str(part) for part in command],
                capture_output=True,
                text=True,
                timeout=_LONGEST,
                check=False,
                env=known | {"HOME": home, "NO_PROXY": "*", **environment},
            )
        assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
        return done.stdout

    def script(self, programs: Path, name: str, *arguments: str, **environment: str) -> Any:
        """The JSON that a script writes last; a warning in it is a failure."""
        told = self.run(programs / "python", "-W", "error", SCRIPTS / f"{name}.py", *arguments, **environment)
        return json.loads(told.splitlines()[-1])

    def ids(self, **asked: Any) -> list[str]:
        """The identifiers of what it answers, in its order."""
        return [product.id for product in self.find(**asked).products]


@pytest.fixture(scope="package")
def served_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHub]:
    """Harvests some of the demo catalogue."""
    from ckanext.nextgeoss.tests.loaded import load_plugins, site_app

    load_plugins()
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("providers")
    patch.setitem(toolkit.config, "ckanext.nextgeoss.harvest.provider_folders", [str(folder)])
    tag = _harvested(folder, patch)
    with served(site_app().flask_app) as address:
        yield ServedHub(address, tag)
    patch.undo()


def _harvested(folder: Path, patch: pytest.MonkeyPatch) -> str:
    """Harvest the products; what stands before the names of their collections."""
    from ckanext.nextgeoss.tests.harvesting import Hub, run, stats

    hub = Hub(folder, lambda name, value: patch.setitem(toolkit.config, name, value))
    products = list(_products(hub.tag))
    with hub.provider(products) as (provider, _):
        job = run(hub.source(provider))
    assert stats(job) == (len(products), 0, 0, 0)
    return hub.tag


def _products(tag: str) -> Iterator[Product]:
    left = dict(HELD)
    for product in demo.products(1000):
        if left.get(product.collection):
            left[product.collection] -= 1
            yield replace(product, id=f"{product.id}_{tag.upper()}", collection=f"{tag}-{product.collection}")


@pytest.fixture(scope="package")
def environments() -> Iterator[dict[str, Future[Path]]]:
    """The environments of clients, made at the same time."""
    with ThreadPoolExecutor() as pool:
        yield {
            name: pool.submit(tool_environment, name, HERE / f"requirements-{name}.txt")
            for name in ("clients", "eodag")
        }


@pytest.fixture(scope="package")
def clients(environments: dict[str, Future[Path]]) -> Path:
    """The programs of an environment with all clients but eodag."""
    return environments["clients"].result()


@pytest.fixture(scope="package")
def eodag(environments: dict[str, Future[Path]]) -> Path:
    """The programs of an environment with eodag."""
    return environments["eodag"].result()
