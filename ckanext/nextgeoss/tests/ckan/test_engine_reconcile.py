"""Reconcile runs withdraw what the provider has no more, when that is certain and not too much."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from ckan import model
from ckanext.harvest.model import HarvestObject, HarvestSource

from ckanext.nextgeoss.eo.product import product_uuid
from ckanext.nextgeoss.harvesters import gathering, runs, slices
from ckanext.nextgeoss.harvesters.importing import reimport
from ckanext.nextgeoss.harvesters.model import Offer, Slice
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, errors, run, stats, work_off_queues

pytestmark = pytest.mark.usefixtures("with_plugins")


def reconciled(source: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The job of a reconcile run, after the workers."""
    job = runs.start(source["id"], mode="reconcile", options=options)
    work_off_queues()
    return act("harvest_job_show", id=job)


def found(hub: Hub) -> list[str]:
    """The identifiers of the hub's datasets."""
    return [dataset["identifier"] for dataset in datasets(hub.collection)]


def test_what_the_provider_has_no_more_is_deleted_and_comes_back_with_it(hub: Hub):
    offered = hub.products(20)
    with hub.provider(offered) as (provider, _):
        source = hub.source(provider)
        run(source)
    with hub.provider(offered[1:]):
        job = reconciled(source)
    assert (job["status"], job["stats"]["deleted"], stats(job)) == ("Finished", 1, (0, 0, 19, 0))
    assert found(hub) == sorted(product.id for product in offered[1:])
    gone = product_uuid(hub.collection, offered[0].id)
    assert model.Package.get(gone).state == "deleted"
    with hub.provider(offered):
        assert stats(run(source)) == (1, 0, 19, 0)
    assert len(found(hub)) == 20


def test_what_a_person_has_deleted_stays_so_and_what_others_offer_stays(hub: Hub):
    offered = hub.products(20)
    with hub.provider(offered) as (provider, _), hub.provider(offered[:1], "two") as (other, _):
        source = hub.source(provider)
        run(source)
        run(hub.source(other))
    held = product_uuid(hub.collection, offered[1].id)
    act("package_delete", id=held)
    with hub.provider(offered[1:]):
        job = reconciled(source)
    assert job["stats"]["deleted"] == 0
    assert sum(piece.suppressed for piece in model.Session.query(Slice).filter_by(job_id=job["id"])) == 1
    assert offered[0].id in found(hub)
    assert model.Session.query(Offer).filter_by(source_id=source["id"]).count() == 19
    with hub.provider(offered):
        run(source)
    assert model.Package.get(held).state == "deleted"


def test_too_many_deletions_are_refused_until_they_are_confirmed(hub: Hub):
    offered = hub.products(10)
    with hub.provider(offered) as (provider, _):
        source = hub.source(provider)
        run(source)
    with hub.provider(offered[5:]):
        job = reconciled(source)
        told = "5 of 10 products (50.0 %) are not offered any more; more than 10 % are not withdrawn"
        assert told in errors(job)[0]
        assert told in runs.run_of(job["id"]).message
        assert (job["stats"]["deleted"], len(found(hub))) == (0, 10)
        assert runs.resume(job["id"], {"confirm_deletions": True}) == 1
        work_off_queues()
        done = act("harvest_job_show", id=job["id"])
    assert (done["stats"]["deleted"], done["status"]) == (5, "Finished")
    assert found(hub) == sorted(product.id for product in offered[5:])
    assert errors(done) == []


def test_nothing_is_deleted_when_a_slice_failed(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gathering, "cut", lambda *a, **more: slices.plan(*a, **more | {"target": 8}))
    offered = hub.products(20)
    with hub.provider(offered) as (provider, _):
        source = hub.source(provider)
        run(source)
    with hub.provider(offered[1:]) as (_, simulator):
        simulator.fail("html", skip=len(simulator.requests) + 9)
        job = reconciled(source)
        assert "1 slices were not read to their end" in " ".join(errors(job))
        assert len(found(hub)) == 20
        assert runs.resume(job["id"]) == 2
        work_off_queues()
        assert act("harvest_job_show", id=job["id"])["stats"]["deleted"] == 1


def test_nothing_is_deleted_when_records_could_not_be_read(hub: Hub):
    offered = hub.products(20)
    with hub.provider(offered) as (provider, simulator):
        source = hub.source(provider)
        run(source)
        simulator.fail("nameless", skip=1)
        job = reconciled(source)
    assert "records could not be read or written and may be what seems gone" in " ".join(errors(job))
    assert len(found(hub)) == 20


def test_only_what_the_run_asks_for_is_reconciled(hub: Hub):
    offered = hub.products(20)
    later = [p for p in offered if p.time.start and p.time.start >= sorted(q.time.start for q in offered)[10]]
    with hub.provider(offered) as (provider, _):
        source = hub.source(provider)
        run(source)
        start = min(p.time.start for p in later if p.time.start).isoformat()
        kept: Any = HarvestSource.get(source["id"])
        kept.config = json.dumps({"provider": provider, "start": start})
        kept.save()
    with hub.provider(later[1:]):
        job = reconciled(source)
    assert job["stats"]["deleted"] == 1
    assert len(found(hub)) == 19


def test_a_reconcile_run_that_finds_nothing_at_all_is_refused(hub: Hub):
    offered = hub.products(12)
    with hub.provider(offered) as (provider, _):
        source = hub.source(provider)
        run(source)
    with hub.provider([replace(offered[0], id="other")]):
        job = reconciled(source)
    assert "12 of 13 products" in " ".join(errors(job))
    assert len(found(hub)) == 13
    states = model.Session.query(Slice.key, Slice.state).filter_by(job_id=job["id"]).all()
    assert ("reconcile", "failed") in states


def test_a_limited_run_withdraws_nothing(hub: Hub):
    with hub.provider(hub.products(12)) as (provider, _):
        source = hub.source(provider)
        run(source)
        job = reconciled(source, limit=11, confirm_deletions=True)
    assert "at most 11 products were asked for: nothing is withdrawn" in errors(job)[0]
    assert len(found(hub)) == 12


def test_a_record_that_is_read_again_counts_as_met_when_it_was(hub: Hub):
    with hub.provider(hub.products(1)) as (provider, _):
        source = hub.source(provider)
        run(source)
        job = reconciled(source)
    kept: Any = HarvestObject.filter(harvest_source_id=source["id"], current=True).one()
    assert kept.harvest_job_id != job["id"]
    item = json.loads(kept.content)
    item["properties"]["title"] = "Read again"
    kept.content = json.dumps(item)
    kept.save()
    assert reimport(kept) is True
    model.Session.expire_all()
    assert model.Session.query(Offer.last_run).filter_by(source_id=source["id"]).scalar() == job["id"]
