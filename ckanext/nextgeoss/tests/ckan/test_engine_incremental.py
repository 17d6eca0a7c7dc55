"""Runs of mode `update` ask for what has changed since the last complete one, where the provider can tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit

from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.harvesters import runs
from ckanext.nextgeoss.harvesters.model import Run
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, run, stats, work_off_queues

pytestmark = pytest.mark.usefixtures("with_plugins")

NOW = datetime.now(timezone.utc).replace(microsecond=0)


def changed(product: Product, when: datetime = NOW) -> Product:
    """The product as its provider has changed it."""
    return replace(product, title="Processed again", properties={**product.properties, "updated": when})


def finished(source: dict[str, Any], mode: str) -> dict[str, Any]:
    """The job of a run of this mode, after the workers."""
    job = runs.start(source["id"], mode=mode)
    work_off_queues()
    return act("harvest_job_show", id=job)


@pytest.mark.parametrize("protocol", ["stac-query", "stac-filter", "atom-modified", "odata"])
def test_only_what_has_changed_is_asked_for(hub: Hub, protocol: str):
    offered = hub.products(10)
    with hub.provider(offered, protocol=protocol) as (provider, _):
        source = hub.source(provider)
        first = run(source)
        assert stats(first)[0] == 10
        assert runs.run_of(first["id"]).result == "complete"
        assert stats(run(source)) == (0, 0, 0, 0)
    with hub.provider([changed(offered[0]), *offered[1:]], protocol=protocol):
        job = run(source)
        assert stats(job) == (0, 1, 0, 0)
        assert stats(finished(source, "full")) == (0, 0, 10, 0)
    since, started = runs.run_of(job["id"]).since, runs.run_of(first["id"]).started
    assert since > started - timedelta(hours=25)
    assert [d["title"] for d in datasets(hub.collection)].count("Processed again") == 1


def test_where_the_provider_cannot_tell_everything_is_asked_and_the_hash_decides(hub: Hub):
    offered = hub.products(4)
    with hub.provider(offered) as (provider, _):
        source = hub.source(provider)
        run(source)
    with hub.provider([changed(offered[0]), *offered[1:]]):
        job = run(source)
    assert (stats(job), runs.run_of(job["id"]).since) == ((0, 1, 3, 0), None)


def test_changes_before_the_last_run_are_asked_for_again_within_the_overlap(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
):
    offered = hub.products(4)
    with hub.provider(offered, protocol="stac-query") as (provider, _):
        source = hub.source(provider)
        run(source)
    late = [changed(offered[0], NOW - timedelta(hours=5)), *offered[1:]]
    with hub.provider(late, protocol="stac-query"):
        monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.harvest.overlap_hours", 1)
        assert stats(run(source)) == (0, 0, 0, 0)
        monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.harvest.overlap_hours", 24)
        assert stats(run(source)) == (0, 1, 0, 0)


def test_refused_records_are_asked_for_again_until_they_prove_to_stay_so(hub: Hub):
    """One that was broken on its way comes with the next run; one that is broken for good is no reason to ask
    for everything for ever."""
    with hub.provider(hub.products(6), protocol="stac-query") as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("nameless", times=99)
        first = run(source)
        refused = stats(first)[3]
        assert refused and runs.run_of(first["id"]).result == "incomplete"
        assert "records were refused that were not before" in runs.run_of(first["id"]).message
        second = run(source)
        assert (stats(second)[3], runs.run_of(second["id"]).result) == (refused, "complete")
        third = run(source)
        assert runs.run_of(third["id"]).since is not None


def test_a_run_that_was_not_complete_or_asked_something_else_is_not_gone_on_from(hub: Hub):
    offered = hub.products(6)
    with hub.provider(offered, page_size=2, protocol="stac-query") as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("html", skip=2)
        broken = run(source)
        assert runs.run_of(broken["id"]).result == "incomplete"
        assert runs.run_of(broken["id"]).message == "of 1 slices 1 failed"
        whole = run(source)
        assert (stats(whole), runs.run_of(whole["id"]).since) == ((4, 0, 2, 0), None)
        for asked in model.Session.query(Run).filter_by(job_id=whole["id"]):
            asked.asked = {**asked.asked, "bbox": [0, 0, 1, 1]}
        model.Session.commit()
        assert runs.run_of(run(source)["id"]).since is None


def test_a_provider_that_refuses_the_question_is_asked_for_everything(hub: Hub):
    with hub.provider(hub.products(3), protocol="stac-query") as (provider, _):
        source = hub.source(provider)
        run(source)
        file = hub.folder / f"{provider}.yaml"
        file.write_text(file.read_text().replace("query: updated", "query: modified"))
        job = run(source)
    assert (stats(job), runs.run_of(job["id"]).since) == ((0, 0, 3, 0), None)
