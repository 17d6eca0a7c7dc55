"""The classic writer: several sources of one product, what cannot be written, and records read again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.activity.model import Activity
from ckanext.harvest.model import HarvestObject

from ckanext.nextgeoss.eo.product import Product, product_uuid
from ckanext.nextgeoss.harvesters.model import Offer
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, errors, run, stats

pytestmark = pytest.mark.usefixtures("with_plugins")

# what says when and by whom it was written, and differs from run to run
PASSING = ("metadata_modified", "metadata_created", "created", "harvest_object_id", "harvest_source_id",
           "harvest_source_title")  # fmt: skip


def lasting(dataset: Any) -> Any:
    """A dataset without what is passing."""
    if isinstance(dataset, dict):
        return {key: lasting(value) for key, value in dataset.items() if key not in PASSING}
    if isinstance(dataset, list):
        kept = [item for item in dataset if not isinstance(item, dict) or item.get("key") not in PASSING]
        return [lasting(item) for item in kept]
    return dataset


def test_two_sources_make_one_dataset_whatever_their_order(hub: Hub):
    (product,) = hub.products(1)
    said = {"good": (product, 100), "better": (replace(product, title="Said by the better"), 50)}
    uuid = product_uuid(hub.collection, product.id)
    made = []
    for order in (("good", "better"), ("better", "good")):
        for name in order:
            with hub.provider([said[name][0]], name, rank=said[name][1]) as (provider, _):
                assert sum(stats(run(hub.source(provider)))[:2]) == 1
        made.append(lasting(act("package_show", id=uuid)))
        act("dataset_purge", id=uuid)
        model.Session.query(Offer).filter_by(package_id=uuid).delete()
        model.Session.commit()
    assert made[0] == made[1]
    assert made[0]["title"] == "Said by the better"
    assert made[0]["organization"]["name"] == f"{hub.tag}-better"
    by = [resource["provider"] for resource in made[0]["resources"]]
    assert by == [f"{hub.tag}_better"] * len(product.assets) + [f"{hub.tag}_good"] * len(product.assets)
    current = HarvestObject.filter(package_id=uuid, current=True).all()
    assert len({kept.harvest_source_id for kept in current}) == len(current)


def test_each_of_two_sources_finds_its_offer_unchanged(hub: Hub):
    offered = hub.products(2)
    with hub.provider(offered, "first") as (first, _), hub.provider(offered, "second") as (second, _):
        sources = [hub.source(first), hub.source(second)]
        assert [stats(run(source)) for source in sources] == [(2, 0, 0, 0), (0, 2, 0, 0)]
        assert [stats(run(source)) for source in sources] == [(0, 0, 2, 0)] * 2
    assert [act("harvest_source_show_status", id=s["id"])["total_datasets"] for s in sources] == [2, 2]
    current = HarvestObject.filter(package_id=product_uuid(hub.collection, offered[0].id), current=True)
    assert sorted(kept.harvest_source_id for kept in current) == sorted(source["id"] for source in sources)


def test_a_private_source_has_products_of_its_own(hub: Hub):
    offered = hub.products(1)
    with hub.provider(offered) as (provider, _):
        run(hub.source(provider))
        private = hub.source(provider, private=True)
        assert stats(run(private)) == (1, 0, 0, 0)
    found = datasets(hub.collection)
    assert sorted(dataset["private"] for dataset in found) == [False, True]
    own = next(dataset for dataset in found if dataset["private"])
    assert own["owner_org"] == hub.organization()
    assert own["id"] == product_uuid(hub.collection, offered[0].id, hub.organization())


def test_a_dataset_of_people_is_not_taken_over(hub: Hub):
    offered = hub.products(2)
    uuid = product_uuid(hub.collection, offered[0].id)
    with hub.provider(offered) as (provider, _):
        factories.Dataset(id=uuid, title="Mine", owner_org=hub.organization())
        job = run(hub.source(provider))
    assert stats(job) == (1, 0, 0, 1)
    assert "belongs to its editors" in errors(job)[0]
    assert act("package_show", id=uuid)["title"] == "Mine"


def test_two_records_that_claim_to_be_one_product_are_reported_the_same_way_each_time(hub: Hub):
    offered = hub.products(1)
    twice = [offered[0], replace(offered[0], title="another")]
    with hub.provider(twice, page_size=1) as (provider, _):
        source = hub.source(provider)
        first = run(source)
        assert stats(first) == (1, 0, 0, 1)
        assert errors(first) == ["another record of this source claims to be the same product"]
        assert stats(run(source)) == (0, 0, 1, 1)


def test_a_name_that_is_taken_is_no_obstacle(hub: Hub):
    (product,) = hub.products(1)
    # an identifier that is unique in the world is the name, unless somebody has taken it
    product = replace(product, collection="sentinel-1-raw", id=f"S1A_{hub.tag}")
    factories.Dataset(name=f"s1a_{hub.tag}", owner_org=hub.organization())
    with hub.provider([product]) as (provider, _):
        assert stats(run(hub.source(provider, collections=["sentinel-1-raw"]))) == (1, 0, 0, 0)
    uuid = product_uuid("sentinel-1-raw", product.id)
    assert act("package_show", id=uuid)["name"] == f"s1a_{hub.tag}-{uuid[:8]}"


def too_long(product: Product) -> Product:
    """A product whose title no index of PostgreSQL takes: rows of B-trees end at 2 700 bytes."""
    digits = "".join(hashlib.sha512(bytes([n])).hexdigest() for n in range(80))
    return replace(product, title=digits)


def test_a_product_that_cannot_be_stored_is_reported_and_the_others_are_written(hub: Hub):
    offered = hub.products(3)
    with hub.provider([offered[0], too_long(offered[1]), offered[2]]) as (provider, _):
        source = hub.source(provider)
        job = run(source)
        assert stats(job) == (2, 0, 0, 1)
        (report,) = act("harvest_job_report", id=job["id"])["object_errors"].values()
        assert report["guid"] == f"{hub.collection}/{offered[1].id}"
        assert report["original_url"].endswith(f"/items/{offered[1].id}")
        assert "index row" in report["errors"][0]["message"]
        assert stats(run(source)) == (0, 0, 2, 1)


def test_no_activities_are_written_for_products(hub: Hub):
    with hub.provider(hub.products(1)) as (provider, _):
        run(hub.source(provider))
    (dataset,) = datasets(hub.collection)
    other = factories.Dataset(owner_org=hub.organization())
    activities = model.Session.query(Activity.object_id)
    written = activities.filter(Activity.object_id.in_([dataset["id"], other["id"]])).all()
    assert [row[0] for row in written] == [other["id"]]


# ckanext-harvest itself calls Query.get()
@pytest.mark.filterwarnings("ignore:The Query.get")
def test_stored_records_are_read_again_without_the_network(hub: Hub):
    with hub.provider(hub.products(2)) as (provider, _):
        source = hub.source(provider)
        run(source)
    found = datasets(hub.collection)
    kept = HarvestObject.filter(package_id=found[0]["id"], current=True).one()
    record = json.loads(kept.content)
    record["properties"]["title"] = "As a better mapping reads it"
    kept.content = json.dumps(record)
    kept.save()
    before = HarvestObject.filter(harvest_source_id=source["id"]).count()
    assert act("harvest_objects_import", source_id=source["id"]) == 2
    after = datasets(hub.collection)
    assert after[0]["title"] == "As a better mapping reads it"
    assert after[1]["metadata_modified"] == found[1]["metadata_modified"]
    assert HarvestObject.filter(harvest_source_id=source["id"]).count() == before


def test_records_cleared_with_the_history_come_back_with_the_next_harvest(hub: Hub):
    with hub.provider(hub.products(2)) as (provider, _):
        source = hub.source(provider)
        run(source)
        act("harvest_source_job_history_clear", id=source["id"])
        assert HarvestObject.filter(harvest_source_id=source["id"]).count() == 0
        assert stats(run(source)) == (0, 2, 0, 0)
        assert stats(run(source)) == (0, 0, 2, 0)
    for dataset in datasets(hub.collection):
        assert HarvestObject.filter(package_id=dataset["id"], current=True).count() == 1


def test_a_source_can_be_cleared_and_harvested_again(hub: Hub):
    with hub.provider(hub.products(2)) as (provider, _):
        source = hub.source(provider)
        run(source)
        act("harvest_source_clear", id=source["id"])
        assert datasets(hub.collection) == []
        assert stats(run(source)) == (2, 0, 0, 0)


def test_the_record_of_a_private_product_is_shown_to_those_who_may_see_the_product(hub: Hub):
    member, stranger = factories.User(), factories.User()
    act("member_create", id=hub.organization(), object=member["id"], object_type="user", capacity="member")
    with hub.provider(hub.products(1)) as (provider, _):
        run(hub.source(provider, private=True))
        run(hub.source(provider))
    found = {dataset["private"]: dataset["id"] for dataset in datasets(hub.collection)}

    def record(user: str, private: bool) -> str:
        context = {"user": user, "ignore_auth": False}
        return call_action("harvest_object_show", context, dataset_id=found[private])["content"]

    for user in (member["name"], stranger["name"], ""):
        assert hub.tag in record(user, private=False)
    assert hub.tag in record(member["name"], private=True)
    for user in (stranger["name"], ""):
        with pytest.raises(toolkit.NotAuthorized):
            record(user, private=True)


def test_the_record_of_no_product_is_shown_to_the_editors_of_its_source(hub: Hub):
    offered = hub.products(1)
    with hub.provider([too_long(offered[0])]) as (provider, _):
        job = run(hub.source(provider))
    (failed,) = act("harvest_job_report", id=job["id"])["object_errors"]
    assert hub.tag in act("harvest_object_show", id=failed)["content"]
    with pytest.raises(toolkit.NotAuthorized):
        call_action("harvest_object_show", {"user": "", "ignore_auth": False}, id=failed)
