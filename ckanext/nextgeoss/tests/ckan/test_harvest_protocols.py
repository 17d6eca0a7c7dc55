"""One catalogue harvested by each protocol of its provider, and by two at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import permutations
from typing import Any
from urllib.parse import urlsplit

import pytest
from ckan import model

from ckanext.nextgeoss.eo.product import Product, product_uuid
from ckanext.nextgeoss.harvesters.model import Offer
from ckanext.nextgeoss.package import product_from_dataset
from ckanext.nextgeoss.tests.ckan.test_harvest_cli import Operator
from ckanext.nextgeoss.tests.harvesting import Hub, act, clear, datasets, index_waiting, run, stats

# those that ask for changes only have tests of their own
PROTOCOLS = ("stac", "atom", "geojson", "odata")

pytestmark = pytest.mark.usefixtures("with_plugins")

# of the record, the source or the time of the harvest, not of the product
_OTHERS = ("metadata_created", "metadata_modified", "organization", "owner_org", "creator_user_id", "groups")
_OF_RESOURCES = ("id", "created", "metadata_modified", "last_modified", "provider")


def told(dataset: dict[str, Any]) -> dict[str, Any]:
    """What a dataset tells of its product."""
    said = {name: value for name, value in dataset.items() if name not in _OTHERS}
    said["resources"] = [
        {name: value for name, value in resource.items() if name not in _OF_RESOURCES}
        for resource in said["resources"]
    ]
    said["extras"] = [each for each in said.get("extras", ()) if not each["key"].startswith("harvest_")]
    return said


def shown(hub: Hub, products: list[Product]) -> list[dict[str, Any]]:
    """The products' datasets."""
    return [act("package_show", id=product_uuid(hub.collection, product.id)) for product in products]


def offers(uuid: str) -> set[str]:
    """The providers that offer a dataset."""
    rows = model.Session.query(Offer.provider_id).filter_by(package_id=uuid)
    return {provider for (provider,) in rows}


@contextmanager
def providers(hub: Hub, products: list[Product], *protocols: str) -> Iterator[list[str]]:
    """Providers of one simulator, one for each protocol."""
    with hub.provider(products) as (_, simulator):
        found: list[str] = []
        for rank, protocol in enumerate(protocols):
            found.append(f"{hub.tag}_{protocol.replace('-', '_')}")
            hub.describe(
                found[-1], simulator.url, [hub.collection], page_size=2, rank=100 + rank, protocol=protocol
            )
        yield found


def test_the_same_datasets_by_each_protocol(hub: Hub):
    """Member by member, whatever the provider speaks."""
    products = hub.products(5)
    found: dict[str, list[dict[str, Any]]] = {}
    with providers(hub, products, *PROTOCOLS) as names:
        for protocol, provider in zip(PROTOCOLS, names, strict=True):
            source = hub.source(provider, mode="full")
            assert stats(run(source)) == (5, 0, 0, 0), protocol
            assert stats(run(source)) == (0, 0, 5, 0), protocol
            found[protocol] = [told(dataset) for dataset in shown(hub, products)]
            clear(source)
            assert datasets(hub.collection) == []
    for protocol in PROTOCOLS:
        assert found[protocol] == found["stac"], protocol
    for dataset, product in zip(found["stac"], products, strict=True):
        assert product_from_dataset(dataset).properties.items() >= product.properties.items()
        assert len(dataset["resources"]) == len(product.assets)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_by_the_command(hub: Hub, protocol: str):
    """`ckan harvester run-test`, as operators type it."""
    products = hub.products(3)
    with hub.provider(products, page_size=2, protocol=protocol) as (provider, simulator):
        operator = Operator(hub.folder, urlsplit(simulator.url).netloc)
        name = operator.create_source(hub, provider, simulator.url)
        operator.ckan("harvester", "run-test", name)
        index_waiting()
        assert [dataset["identifier"] for dataset in datasets(hub.collection)] == [p.id for p in products]
        (job,) = act("harvest_job_list", source_id=act("package_show", id=name)["id"])
    assert stats(job) == (3, 0, 0, 0)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_time_area_and_limit_of_a_source(hub: Hub, protocol: str):
    products = hub.products(20)
    times = sorted(product.time.start for product in products if product.time.start)
    middle = times[len(times) // 2]
    wanted = {p.id for p in products if p.time.end and p.time.end >= middle}
    with hub.provider(products, page_size=6, protocol=protocol) as (provider, _):
        run(hub.source(provider, start=middle.isoformat()))
        assert {dataset["identifier"] for dataset in datasets(hub.collection)} == wanted
        assert sum(stats(run(hub.source(provider, limit=7)))) == 7


@pytest.mark.parametrize("order", [*permutations(("stac", "odata")), *permutations(("atom", "geojson"))])
def test_two_sources_make_one_dataset_with_two_offers(hub: Hub, order: tuple[str, str]):
    """With the resources of both, the better offer's first, whichever was harvested first."""
    products = hub.products(3)
    with providers(hub, products, *sorted(order)) as names:
        by = dict(zip(sorted(order), names, strict=True))
        sources = {protocol: hub.source(by[protocol], mode="full") for protocol in order}
        assert stats(run(sources[order[0]])) == (3, 0, 0, 0)
        assert sum(stats(run(sources[order[1]]))[:2]) == 3
        for dataset, product in zip(shown(hub, products), products, strict=True):
            assert offers(dataset["id"]) == set(names)
            said = [(each["provider"], each["key"]) for each in dataset["resources"]]
            keys = sorted(asset.key for asset in product.assets)
            assert said == [(name, key) for name in names for key in keys]
            assert dataset["organization"]["name"] == names[0].replace("_", "-")
        assert len(datasets(hub.collection)) == 3
        assert [stats(run(source)) for source in sources.values()] == [(0, 0, 3, 0)] * 2


@pytest.mark.parametrize("cleared", [0, 1])
def test_after_clearing_one_source_the_other_brings_its_own_back(hub: Hub, cleared: int):
    """With nothing left of the source that was cleared, whose record is gone."""
    products = hub.products(2)
    with providers(hub, products, "stac", "odata") as names:
        sources = [hub.source(name, mode="full") for name in names]
        for source in sources:
            run(source)
        clear(sources[cleared])
        left = 1 - cleared
        run(sources[left])
        for dataset, product in zip(shown(hub, products), products, strict=True):
            assert {each["provider"] for each in dataset["resources"]} == {names[left]}
            assert len(dataset["resources"]) == len(product.assets)
        assert stats(run(sources[left])) == (0, 0, 2, 0)
        assert sum(stats(run(sources[cleared]))[:2]) == 2
        for dataset in shown(hub, products):
            assert {each["provider"] for each in dataset["resources"]} == set(names)


@pytest.mark.parametrize("cleared", [0, 1])
def test_clearing_one_source_leaves_what_the_other_offers(hub: Hub, cleared: int):
    """Its datasets stay and are found, without what the cleared one said; what it alone offered is gone."""
    products = hub.products(3)
    with providers(hub, products[:2], "stac", "odata") as names:
        sources = [hub.source(name, mode="full") for name in names]
        for source in sources:
            run(source)
        with hub.provider(products[2:], name="more") as (more, _):
            own = hub.source(more)
            run(own)
            clear(own)
        clear(sources[cleared])
        left = names[1 - cleared]
        found = datasets(hub.collection)
        assert [dataset["identifier"] for dataset in found] == [p.id for p in products[:2]]
        for dataset in found:
            assert offers(dataset["id"]) == {left}
            assert {each["provider"] for each in dataset["resources"]} == {left}
            assert dataset["organization"]["name"] == left.replace("_", "-")
        assert act("harvest_source_show_status", id=sources[cleared]["id"])["total_datasets"] == 0
        assert act("harvest_source_show_status", id=sources[1 - cleared]["id"])["total_datasets"] == 2
        assert stats(run(sources[1 - cleared])) == (0, 0, 2, 0)
        clear(sources[1 - cleared])
        assert datasets(hub.collection) == []
