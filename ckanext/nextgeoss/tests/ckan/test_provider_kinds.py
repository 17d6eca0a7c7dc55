"""Providers that are retired, and those that cannot be asked all that a source wants."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ckan import model

from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.model import Slice
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, run, stats

pytestmark = pytest.mark.usefixtures("with_plugins")


def test_a_retired_provider_is_refused_with_this_word(hub: Hub):
    """What was harvested stays; a source with an address of its own is asked there."""
    products = hub.products(2)
    with hub.provider(products) as (provider, simulator):
        source = hub.source(provider)
        assert stats(run(source)) == (2, 0, 0, 0)
        file = hub.folder / f"{provider}.yaml"
        file.write_text(
            file.read_text().replace(simulator.url, "https://gone.example")
            + "status: retired\nreplaced_by: earth_search\n"
        )
        job = run(source)
        (error,) = job["gather_error_summary"]
        assert error["message"].endswith(
            f"the provider {provider} is retired; its products are at earth_search today"
        )
        assert len(datasets(hub.collection)) == 2
        elsewhere = hub.source(provider, url=simulator.url)
        assert stats(run(elsewhere)) == (2, 0, 0, 0)


def test_what_cannot_be_asked_is_picked_from_what_comes(hub: Hub):
    """A source of one month, at a provider that knows no times: one slice, and the products of that month."""
    products = [
        replace(
            product, time=TemporalExtent.parse(f"2024-{month:02}-10T00:00:00Z/2024-{month:02}-10T00:01:00Z")
        )
        for month, product in enumerate(hub.products(4), 1)
    ]
    with hub.provider(products, protocol="untimed") as (provider, _):
        source = hub.source(provider, start="2024-02-01", end="2024-03-31")
        assert stats(run(source)) == (2, 0, 0, 0)
        found = [dataset["identifier"] for dataset in datasets(hub.collection)]
        assert found == [product.id for product in products[1:3]]
        again = run(source)
        assert stats(again) == (0, 0, 2, 0)
        slices = model.Session.query(Slice).filter_by(job_id=again["id"]).all()
        assert [piece.key for piece in slices] == [
            f"{hub.collection}/2024-02-01T00:00:00Z/2024-03-31T23:59:59.999999Z"
        ]
        assert act("harvest_source_show_status", id=source["id"])["total_datasets"] == 2
