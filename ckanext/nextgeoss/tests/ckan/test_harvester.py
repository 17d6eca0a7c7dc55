"""Harvests from a simulated provider, end to end."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from ckan import model
from ckanext.harvest.model import HarvestObject

from ckanext.nextgeoss.eo.product import product_uuid
from ckanext.nextgeoss.harvesters.model import Offer, Slice
from ckanext.nextgeoss.package import collection_uuid, product_from_dataset
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, run, stats

pytestmark = pytest.mark.usefixtures("with_plugins")


def rows(source_id: str) -> dict[str, object]:
    """What the tables hold of a source's products: to compare two moments."""
    objects = HarvestObject.filter(harvest_source_id=source_id).filter(HarvestObject.package_id.isnot(None))
    packages = [kept.package_id for kept in objects]
    dates = model.Session.query(model.Package.id, model.Package.metadata_modified)
    return {
        "objects": sorted(kept.id for kept in objects),
        "packages": sorted(dates.filter(model.Package.id.in_(packages)).all()),
    }


def test_harvested_products_are_found_as_the_provider_has_them(hub: Hub):
    offered = hub.products(5)
    with hub.provider(offered) as (provider, _):
        source = hub.source(provider)
        job = run(source)
        assert job["status"] == "Finished"
        assert stats(job) == (5, 0, 0, 0)
        found = datasets(hub.collection)
        assert [dataset["identifier"] for dataset in found] == [product.id for product in offered]
        for dataset, product in zip(found, offered, strict=True):
            read = product_from_dataset(dataset)
            assert (read.time, read.footprint) == (product.time, product.footprint)
            assert dict(read.properties).items() >= dict(product.properties).items()
            assert {asset.key for asset in read.assets} == {asset.key for asset in product.assets}
            assert dataset["id"] == product_uuid(hub.collection, product.id)
            assert dataset["organization"]["name"] == provider.replace("_", "-")
        status = act("harvest_source_show_status", id=source["id"])
        assert (status["total_datasets"], status["job_count"]) == (5, 1)
        assert status["last_job"]["stats"]["added"] == 5


def test_the_same_harvest_again_changes_nothing(hub: Hub):
    with hub.provider(hub.products(5)) as (provider, _):
        source = hub.source(provider)
        run(source)
        before = rows(source["id"])
        assert stats(run(source)) == (0, 0, 5, 0)
        assert rows(source["id"]) == before


def test_a_changed_product_is_updated_and_only_that(hub: Hub):
    offered = hub.products(5)
    with hub.provider(offered) as (provider, _):
        source = hub.source(provider)
        run(source)
    changed = replace(offered[2], title="Processed once more")
    with hub.provider([*offered[:2], changed, *offered[3:]]) as (provider, _):
        assert stats(run(source)) == (0, 1, 4, 0)
    assert datasets(hub.collection)[2]["title"] == "Processed once more"
    uuid = product_uuid(hub.collection, changed.id)
    kept = HarvestObject.filter(package_id=uuid, harvest_source_id=source["id"]).all()
    assert [o.report_status for o in kept if o.current] == ["updated"]
    assert sum(o.current for o in kept) == 1


def test_a_product_deleted_by_a_person_stays_deleted_until_it_is_restored(hub: Hub):
    offered = hub.products(3)
    with hub.provider(offered) as (provider, _):
        source = hub.source(provider)
        run(source)
        uuid = product_uuid(hub.collection, offered[0].id)
        act("package_delete", id=uuid)
        assert stats(run(source)) == (0, 0, 2, 0)
        assert model.Package.get(uuid).state == "deleted"
        assert model.Session.query(Offer).filter_by(package_id=uuid).one().suppressed
        act("package_patch", id=uuid, state="active")
        assert stats(run(source)) == (0, 0, 3, 0)
        assert not model.Session.query(Offer).filter_by(package_id=uuid).one().suppressed


def test_what_people_put_to_a_product_survives_its_update(hub: Hub):
    offered = hub.products(1)
    topic = act("group_create", name=f"{hub.tag}-topic")
    with hub.provider(offered) as (provider, _):
        source = hub.source(provider)
        run(source)
        uuid = product_uuid(hub.collection, offered[0].id)
        act("package_patch", id=uuid, groups=[{"id": topic["id"]}])
        act("resource_create", package_id=uuid, url="http://example.org/notes", name="My notes")
        before = act("package_show", id=uuid)
    with hub.provider([replace(offered[0], title="New title")]) as (provider, _):
        run(source)
    after = act("package_show", id=uuid)
    assert after["title"] == "New title"
    assert [group["name"] for group in after["groups"]] == [topic["name"]]
    assert [r["id"] for r in after["resources"]] == [r["id"] for r in before["resources"]]
    assert after["resources"][-1]["name"] == "My notes"


def test_collections_are_made_from_what_the_provider_says(hub: Hub):
    with hub.provider(hub.products(1)) as (provider, _):
        run(hub.source(provider))
    dataset = act("package_show", id=collection_uuid(hub.collection))
    assert (dataset["type"], dataset["title"]) == ("eo_collection", f"Collection {hub.collection}")
    assert dataset["organization"]["name"] == provider.replace("_", "-")


def test_time_area_and_limit_of_the_source_are_asked(hub: Hub):
    offered = hub.products(30)
    times = sorted(product.time.start for product in offered if product.time.start)
    middle = times[len(times) // 2]
    wanted = [p for p in offered if p.time.end and p.time.end >= middle]
    with hub.provider(offered, page_size=7) as (provider, _):
        assert stats(run(hub.source(provider, start=middle.isoformat())))[0] == len(wanted)
        few = run(hub.source(provider, limit=3))
        assert sum(stats(few)) == 3


def test_a_big_collection_is_cut_into_slices_and_every_product_comes_once(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
):
    from ckanext.nextgeoss.harvesters import gathering, slices

    monkeypatch.setattr(gathering, "cut", partial(slices.plan, target=8))
    with hub.provider(hub.products(30), page_size=5) as (provider, _):
        job = run(hub.source(provider))
    pieces = model.Session.query(Slice).filter_by(job_id=job["id"]).all()
    assert len(pieces) > 2
    assert {piece.state for piece in pieces} == {"done"}
    assert sum(piece.added for piece in pieces) == 30
    assert len(datasets(hub.collection)) == 30
