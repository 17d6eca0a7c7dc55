"""Sources that enrich their products, harvested through the engine."""

from __future__ import annotations

from typing import Any

import pytest
from ckan import model
from ckanext.harvest.model import HarvestSource

from ckanext.nextgeoss.harvesters import runs
from ckanext.nextgeoss.harvesters.again import REPLAY
from ckanext.nextgeoss.harvesters.source import FULL, parse_config
from ckanext.nextgeoss.tests.harvesting import Hub, act, clear, datasets, run, stats, work_off_queues

pytestmark = pytest.mark.usefixtures("with_plugins")

WMS = "https://maps.example/wms?BBOX={bbox}&TIME={day}"


def _configure(source: dict[str, Any], folder: Any, **settings: Any) -> None:
    """Give a source another configuration, as its form does."""
    row: Any = HarvestSource.get(source["id"])
    row.config = parse_config(row.config, [folder]).as_json()
    said = parse_config(row.config, [folder])
    row.config = type(said)(provider=said.provider, **settings).as_json()
    model.Session.commit()


@pytest.mark.parametrize("writer", ["auto", "classic"])
def test_places_of_a_source_that_asks_for_them(hub: Hub, writer: str):
    """Found by name and by facet; the same again changes nothing; without `enrich` there are none."""
    with hub.provider(hub.products(4)) as (provider, _):
        plain = hub.source(provider, mode="full", writer=writer)
        assert stats(run(plain)) == (4, 0, 0, 0)
        assert not any(dataset.get("places") for dataset in datasets(hub.collection))
        clear(plain)
        source = hub.source(provider, mode="full", writer=writer, enrich={"places": True, "wms": WMS})
        assert stats(run(source)) == (4, 0, 0, 0)
        assert stats(run(source)) == (0, 0, 4, 0)
        found = datasets(hub.collection)
        assert all(dataset["places"] and dataset["surface"] for dataset in found)
        assert any(each["format"] == "WMS" for dataset in found for each in dataset["resources"])
        place = found[0]["places"][0]
        asked = {"fq": f'eo_collection:"{hub.collection}"', "rows": 0, "facet.field": ["eo_places"]}
        counted = act("package_search", **asked)["search_facets"]["eo_places"]["items"]
        expected = sum(place in dataset["places"] for dataset in found)
        assert {each["name"]: each["count"] for each in counted}[place] == expected
        by_word = act("package_search", q=place, fq=f'eo_collection:"{hub.collection}"')
        assert by_word["count"] >= expected
        clear(source)


def test_other_enrichment_is_written_without_the_network(hub: Hub):
    """By reading the stored records again, and by the next full run."""
    with hub.provider(hub.products(3)) as (provider, _):
        source = hub.source(provider, mode="full")
        run(source)
        _configure(source, hub.folder, mode="full", enrich=parse_config(
            f'{{"provider": "{provider}", "enrich": ["places"]}}', [hub.folder]
        ).enrich)  # fmt: skip
        hub.forbid()
        job = runs.start(source["id"], FULL, {REPLAY: True})
        work_off_queues()
        act("harvest_jobs_run")
        assert stats(act("harvest_job_show", id=job))[:2] == (0, 3)
        assert all(dataset["places"] for dataset in datasets(hub.collection))
        _configure(source, hub.folder, mode="full")
        job = runs.start(source["id"], FULL, {REPLAY: True})
        work_off_queues()
        act("harvest_jobs_run")
        assert stats(act("harvest_job_show", id=job))[:2] == (0, 3)
        assert not any(dataset.get("places") for dataset in datasets(hub.collection))
        clear(source)
