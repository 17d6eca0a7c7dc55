"""A simulated provider of one's own for each test, and harvests of it through ckanext-harvest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from ckan import model
from ckan.tests.helpers import call_action
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob
from ckanext.harvest.tests import lib

from ckanext.nextgeoss import config
from ckanext.nextgeoss.demo import catalogue
from ckanext.nextgeoss.demo.simulator import Simulator
from ckanext.nextgeoss.eo.collection import Collection
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.package import PRODUCT_TYPE
from ckanext.nextgeoss.search.catalogue import client
from ckanext.nextgeoss.search.compare import Comparison
from ckanext.nextgeoss.search.documents import Documents
from ckanext.nextgeoss.search.indexer import Indexer
from ckanext.nextgeoss.search.outbox import enqueue
from ckanext.nextgeoss.search.sending import Sender
from ckanext.nextgeoss.stack import ports

PROVIDER = """\
title: Provider {name}
organization: {organization}
url: {url}{path}
{profile}
counts: true
page_size: {page_size}
rank: {rank}
collections: [{collections}]
"""
_SEARCH = "collection={eo:parentIdentifier}&start={time:start?}&end={time:end?}&bbox={geo:box?}"
_PAGE = "startIndex={startIndex}&count={count}"
_MODIFIED = "modified={eo:modificationDate?}"
# of the simulator: where it is asked, and the lines of a provider file that say how
PROTOCOLS = {
    "stac": ("", "profile: stac"),
    "stac-query": ("", "profile: stac\nchanges: {query: updated}"),
    "stac-filter": ("", "profile: stac\nchanges: {filter: updated}"),
    "atom": ("/opensearch", f'profile: opensearch\ntemplate: "/search.atom?{_SEARCH}&{_PAGE}"'),
    "atom-modified": (
        "/opensearch",
        f'profile: opensearch\ntemplate: "/search.atom?{_SEARCH}&{_MODIFIED}&{_PAGE}"',
    ),
    "untimed": (
        "/opensearch",
        f'profile: opensearch\ntemplate: "/search.json?collection={{eo:parentIdentifier?}}&{_PAGE}"',
    ),
    "geojson": ("/opensearch", f'profile: opensearch\ntemplate: "/search.json?{_SEARCH}&{_PAGE}"'),
    "odata": ("/odata/v1", "profile: odata\nfields: {data: Assets/0/DownloadLink}"),
}


def act(action: str, /, **data: Any) -> Any:
    """Call an action as the site's own user."""
    user = call_action("get_site_user")["name"]
    return call_action(action, {"user": user}, **data)


class Hub:
    """Simulated providers, files that describe them, and harvest sources that ask them.

    Collections and products are of this hub only, so that nothing else in the catalogue is touched."""

    def __init__(self, folder: Path, set_option: Callable[[str, Any], None]):
        self.tag = f"t{uuid4().hex[:8]}"
        self.collection = f"{self.tag}-s2"
        self.folder = folder
        self._set_option = set_option
        self._hosts: list[str] = []
        self._ports: dict[str, int] = {}

    def products(self, count: int = 5) -> list[Product]:
        """Products of the hub's own collection."""
        found = list(catalogue.products(max(count, 1)))
        return [replace(p, id=f"{self.tag}_{n}", collection=self.collection) for n, p in enumerate(found)]

    @contextmanager
    def provider(
        self,
        products: list[Product],
        name: str = "",
        page_size: int = 50,
        rank: int = 100,
        protocol: str = "stac",
    ) -> Iterator[tuple[str, Simulator]]:
        """The id of a provider with these products, and the simulator that is it."""
        provider_id = f"{self.tag}_{name or 'one'}"
        collections = tuple(
            Collection(id=name, title=f"Collection {name}") for name in self.collections(products)
        )
        # the same again, so that addresses of assets stay; none that the system gives to clients meanwhile
        port = self._ports.setdefault(provider_id, ports.some_free())
        with Simulator(products, collections=collections, port=port) as simulator:
            self.allow(urlsplit(simulator.url).netloc)
            self.describe(
                provider_id,
                simulator.url,
                self.collections(products),
                page_size=page_size,
                rank=rank,
                protocol=protocol,
            )
            yield provider_id, simulator

    @staticmethod
    def collections(products: list[Product]) -> list[str]:
        """The ids of the products' collections."""
        return sorted({product.collection for product in products})

    def describe(
        self,
        provider_id: str,
        url: str,
        collections: list[str],
        page_size: int = 50,
        rank: int = 100,
        protocol: str = "stac",
    ) -> None:
        """Write a provider file for the simulator at this address, asked by one of PROTOCOLS."""
        path, profile = PROTOCOLS[protocol]
        text = PROVIDER.format(
            name=provider_id,
            organization=provider_id.replace("_", "-"),
            url=url,
            path=path,
            profile=profile,
            page_size=page_size,
            rank=rank,
            collections=", ".join(collections),
        )
        (self.folder / f"{provider_id}.yaml").write_text(text)

    def allow(self, host: str) -> None:
        """Let a host with a private address be asked."""
        self._hosts.append(host)
        self._set_option("ckanext.nextgeoss.http.allowed_private_hosts", list(self._hosts))

    def forbid(self) -> None:
        """Let no private address be asked."""
        self._set_option("ckanext.nextgeoss.http.allowed_private_hosts", [])

    def organization(self) -> str:
        """The id of the organization of this hub's sources."""
        found = model.Group.get(self.tag)
        return found.id if found else act("organization_create", name=self.tag)["id"]

    def source(self, provider_id: str, **settings: Any) -> dict[str, Any]:
        """A harvest source of this provider."""
        return act(
            "harvest_source_create",
            name=f"{self.tag}-{uuid4().hex[:6]}",
            url=f"http://{uuid4().hex}.example/",
            source_type="nextgeoss",
            owner_org=self.organization(),
            config=json.dumps({"provider": provider_id, **settings}),
        )


def run(source: dict[str, Any]) -> dict[str, Any]:
    """Run a harvest as `ckan harvester run-test` does; the job as it is shown afterwards."""
    job = act("harvest_job_create", source_id=source["id"], run=False)
    lib.run_harvest_job(HarvestJob.get(job["id"]), queue.get_harvester("nextgeoss"))
    index_waiting()
    return act("harvest_job_show", id=job["id"])


def clear(source: dict[str, Any]) -> None:
    """Clear a source, and let the index hear of it."""
    act("harvest_source_clear", id=source["id"])
    index_waiting()


def index_waiting() -> None:
    """Do what the indexer does, until nothing waits in the outbox."""
    model.Session.commit()
    engine = model.meta.engine
    assert engine is not None
    Indexer(engine, Sender(client(), config.site_id()), Documents()).run(once=True)


def index_all() -> None:
    """Bring all products of the database into the index, also those that tests have written beside it."""
    engine = model.meta.engine
    assert engine is not None
    with engine.connect() as connection:
        found = Comparison(client(), config.site_id(), dataset_type=PRODUCT_TYPE).differences(connection)
        enqueue(model.Session(), [difference.package_id for difference in found])
    index_waiting()


def stats(job: dict[str, Any]) -> tuple[int, int, int, int]:
    """Added, updated, not modified, errored."""
    found = job["stats"]
    return found["added"], found["updated"], found["not modified"], found["errored"]


def datasets(collection: str) -> list[dict[str, Any]]:
    """The product datasets of a collection as they are found by search, by identifier."""
    found = act("package_search", fq=f'eo_collection:"{collection}"', rows=1000, include_private=True)
    return sorted(found["results"], key=lambda dataset: dataset["identifier"])


def work_off_queues() -> None:
    """Do what the gather and fetch consumers do, until nothing waits in their queues."""
    for consumer, callback in (
        (queue.get_gather_consumer(), queue.gather_callback),
        (queue.get_fetch_consumer(), queue.fetch_callback),
    ):
        while (message := consumer.basic_get(""))[2] is not None:
            callback(consumer, message[0], message[1], message[2])
    index_waiting()


def errors(job: dict[str, Any]) -> list[str]:
    """All messages of a job's report."""
    report = act("harvest_job_report", id=job["id"])
    told = [error["message"] for error in report["gather_errors"]]
    return told + [e["message"] for kept in report["object_errors"].values() for e in kept["errors"]]
