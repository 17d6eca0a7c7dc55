"""`ckan nextgeoss migrate-datasets`: datasets of the original hub in a real CKAN."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit
from ckan.tests.helpers import call_action
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource
from click.testing import CliRunner

from ckanext.nextgeoss.eo.product import product_uuid
from ckanext.nextgeoss.harvesters import migrating_datasets
from ckanext.nextgeoss.harvesters.commands.migrating import migrate_datasets
from ckanext.nextgeoss.harvesters.invariants import breaches
from ckanext.nextgeoss.harvesters.migrating import MOVED_TO
from ckanext.nextgeoss.harvesters.model import Offer
from ckanext.nextgeoss.tests.harvesting import Hub, act, index_waiting, run
from ckanext.nextgeoss.tests.old_datasets import FAMILIES, L1C

pytestmark = pytest.mark.usefixtures("with_plugins")


@dataclass
class Left:
    """What the original hub left: ids and names by family."""

    tag: str
    owner: str
    topic: str
    ids: dict[str, str]
    names: dict[str, str]

    def shown(self, family: str) -> dict[str, Any]:
        """The dataset as a visitor gets it by its old id."""
        return call_action("package_show", {"user": "", "ignore_auth": False}, id=self.ids[family])


def migrate(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(migrate_datasets, words, catch_exceptions=False)
    assert result.exit_code == code, result.output
    model.Session.remove()
    index_waiting()
    return result.stdout


def make(hub: Hub, family: str, **about: Any) -> dict[str, Any]:
    """A dataset of this family, with an identifier of this test's own."""
    said = {**FAMILIES[family], **about}
    tags = [{"name": name} for name in said.pop("tags", ())]
    extras = [
        {**each, "value": each["value"].replace(L1C, f"{L1C}{hub.tag.upper()}")} for each in said["extras"]
    ]
    extras = [
        {**each, "value": f"{each['value']}-{hub.tag}"} if each["key"] == "identifier" else each
        for each in extras
    ]
    for each in extras:
        if each["key"] == "dataset_extra":
            each["value"] = re.sub(r"('identifier', 'value': '[^']+)'", rf"\1-{hub.tag}'", each["value"])
    name = f"{hub.tag}-{family}-{uuid4().hex[:4]}"
    return act(
        "package_create", type="dataset", name=name, owner_org=hub.organization(), tags=tags,
        **{**said, "extras": extras},
    )  # fmt: skip


@pytest.fixture()
def left(hub: Hub) -> Iterator[Left]:
    """One dataset of each family, the pilot's among a topic, that of EYWA private."""
    forget()
    topic = act("group_create", name=f"{hub.tag}-topic")
    made = {family: make(hub, family, private=family == "eywa") for family in FAMILIES}
    act("member_create", id=topic["id"], object=made["pilot"]["id"], object_type="package", capacity="public")
    yield Left(
        hub.tag, hub.organization(), topic["name"],
        {family: dataset["id"] for family, dataset in made.items()},
        {family: dataset["name"] for family, dataset in made.items()},
    )  # fmt: skip
    forget()


def forget() -> None:
    """Nothing is left of the original hub."""
    model.Session.rollback()
    model.Session.query(model.Package).filter(
        model.Package.type == "dataset",
        model.Package.extras.has_key("dataset_extra") | model.Package.extras.has_key("collection_id"),
    ).update({"state": "deleted"}, synchronize_session=False)
    model.Session.commit()


def states(left: Left) -> set[str]:
    return {model.Package.get(package_id).state for package_id in left.ids.values()}


def test_a_dry_run_counts_and_writes_nothing(left: Left) -> None:
    number = model.Session.query(model.Package).count()
    told = migrate()
    assert told.splitlines()[0] == "10 datasets to move, 0 of products that are there already"
    assert "  sentinel-2-l1c: 1" in told and "  territorial-planning-lisbon: 1" in told
    assert "extras that are no property and stay as they are:" in told and "  Matrix: 1" in told
    assert "nothing is changed without --apply" in told
    assert model.Session.query(model.Package).count() == number
    assert states(left) == {"active"}


def test_datasets_become_products_and_lead_there(
    left: Left, app: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="ckanext.nextgeoss.harvesters.migrating_datasets"):
        told = migrate("--apply")
    assert "one by one" not in caplog.text, "they go by the hundred"
    assert told.startswith("10 datasets moved, 0 of products that are there already")
    assert states(left) == {"deleted"}
    new = left.shown("esa")
    identifier = new["identifier"]
    assert new["id"] == product_uuid("sentinel-2-l1c", identifier, left.owner)
    assert (new["type"], new["collection_id"], new["platform"]) == (
        "eo_product",
        "sentinel-2-l1c",
        "sentinel-2a",
    )
    assert new["name"].startswith("s2a_msil1c_20180501t101021") and new["owner_org"] == left.owner
    assert (new["cloud_cover"], new["instruments"]) == (12.5, ["msi"])
    assert {"msi", "l1c"} <= {tag["name"] for tag in new["tags"]}
    assert [resource["roles"] for resource in new["resources"]] == [["data"], ["metadata"], ["thumbnail"]]
    for old in (left.ids["esa"], left.names["esa"]):
        answer = app.get(f"/dataset/{old}", follow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/dataset/{new['name']}")
    assert app.get(f"/dataset/{new['name']}").status_code == 200
    pilot = left.shown("pilot")
    assert [group["name"] for group in pilot["groups"]] == [left.topic] and pilot["is_output"] is True
    assert "lisbon" in {tag["name"] for tag in pilot["tags"]}
    ebas = left.shown("ebas")
    assert {each["key"]: each["value"] for each in ebas["extras"]}["Data definition"] == "EBAS_1.1"
    assert "pa55word" not in json.dumps(left.shown("cmems"))


def test_they_are_found_by_place_time_and_property(left: Left) -> None:
    migrate("--apply")
    own = f'owner_org:"{left.owner}"'
    found = act(
        "package_search", fq=f"{own} AND eo_cloud_cover:[12 TO 13]", extras={"ext_bbox": "10,40,11,41"}
    )
    assert [each["collection_id"] for each in found["results"]] == ["sentinel-2-l1c"]
    assert act("package_search", fq=f"{own} AND dataset_type:eo_product", rows=0)["count"] == 9
    assert (
        act("package_search", fq=f"{own} AND dataset_type:dataset", rows=0, include_private=True)["count"]
        == 0
    )


def test_collections_are_made(left: Left) -> None:
    migrate("--apply")
    shown = act("collection_show", id="TERRITORIAL_PLANNING_LISBON")
    assert shown["title"] == "Territorial Planning - Lisbon"


def test_private_datasets_stay_private(left: Left, app: Any) -> None:
    migrate("--apply")
    with pytest.raises(toolkit.NotAuthorized):
        left.shown("eywa")
    assert app.get(f"/dataset/{left.ids['eywa']}", follow_redirects=False).status_code == 404
    assert act("package_show", id=left.names["eywa"])["private"] is True


def test_where_batches_cannot_be_written_they_go_one_by_one(
    left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating_datasets, "obstacle", lambda: "a plugin wants to see each dataset")
    assert migrate("--apply").startswith("10 datasets moved")
    assert states(left) == {"deleted"}
    assert [group["name"] for group in left.shown("pilot")["groups"]] == [left.topic]
    assert left.shown("ebas")["extras"] and len(left.shown("esa")["resources"]) == 3


def test_a_second_run_changes_nothing(left: Left) -> None:
    migrate("--apply")
    before = {family: act("package_show", id=left.names[family]) for family in FAMILIES}
    assert migrate("--apply").splitlines() == ["0 datasets moved, 0 of products that are there already"]
    assert {family: act("package_show", id=left.names[family]) for family in FAMILIES} == before


def test_a_run_that_was_stopped_goes_on(left: Left) -> None:
    assert migrate("--apply", "--limit", "4").startswith("4 datasets moved")
    assert states(left) == {"active", "deleted"}
    assert migrate("--apply").startswith("6 datasets moved")
    assert states(left) == {"deleted"}


def test_what_cannot_be_moved_is_told_and_the_rest_is_moved(left: Left, hub: Hub) -> None:
    bad = make(
        hub, "glass", extras=[{"key": "dataset_extra", "value": "[{'key': 'identifier', 'value': 'x'}]"}]
    )
    told = migrate("--apply", code=1)
    assert told.startswith("10 datasets moved")
    assert f"  no collection: it has no extra collection_id: {bad['name']}" in told
    assert model.Package.get(bad["id"]).state == "active"


def test_two_datasets_of_one_product_lead_to_one(left: Left, hub: Hub) -> None:
    again = make(hub, "pilot")
    told = migrate("--apply")
    assert told.startswith("10 datasets moved, 1 of products that are there already")
    shown = call_action("package_show", {"user": "", "ignore_auth": False}, id=again["id"])
    assert shown["id"] == left.shown("pilot")["id"]


def test_ordinary_datasets_are_left_alone(left: Left, hub: Hub) -> None:
    plain = act("package_create", name=f"{hub.tag}-plain", owner_org=hub.organization())
    migrate("--apply")
    assert act("package_show", id=plain["id"])["type"] == "dataset"


def test_what_a_migrated_source_brings_is_its_own_from_then_on(hub: Hub) -> None:
    """The product of an old source is an offer of the new one: the next harvest brings it up to date."""
    forget()
    products = hub.products(2)
    with hub.provider(products) as (provider, _):
        new = hub.source(provider)
        old = hub.source(provider, limit=1)
        package = model.Package.get(old["id"])
        package.extras[MOVED_TO] = new["name"]
        model.Session.commit()
        extras = [
            {"key": "identifier", "value": products[0].id},
            {"key": "collection_id", "value": hub.collection},
            {"key": "timerange_start", "value": "2018-01-01T00:00:00Z"},
        ]
        dataset = act(
            "package_create", name=products[0].id.lower(), owner_org=hub.organization(), extras=extras
        )
        source: Any = model.Session.get(HarvestSource, old["id"])
        job = HarvestJob(source=source, status="Finished")
        record = HarvestObject(guid="x", job=job, package_id=dataset["id"], current=True, state="COMPLETE")
        record.source = source
        model.Session.add_all([job, record])
        model.Session.commit()
        assert migrate("--apply").startswith("1 datasets moved")
        uuid = product_uuid(hub.collection, products[0].id)
        offers = model.Session.query(Offer).filter_by(source_id=new["id"]).all()
        moved = act("package_show", id=dataset["id"])
        assert [offer.package_id for offer in offers] == [moved["id"]] and moved["id"] == uuid
        assert moved["timerange_start"] == "2018-01-01T00:00:00Z"
        with model.meta.engine.connect() as connection:
            assert not [each for each in breaches(connection) if moved["id"] in each.ids]
        done = run(new)
        assert (done["stats"]["added"], done["stats"]["updated"]) == (1, 1)
        assert act("package_show", id=dataset["id"])["timerange_start"] != "2018-01-01T00:00:00Z"
    assert act("package_show", id=dataset["id"])["id"] == uuid


def test_the_table_of_moved_datasets_comes_and_goes(request: pytest.FixtureRequest) -> None:
    """The migration can be taken back."""
    ini = request.config.getoption("ckan_ini")
    model.Session.rollback()

    def tables() -> set[str]:
        with model.meta.engine.connect() as connection:
            return set(sa.inspect(connection).get_table_names())

    for words, there in ((("downgrade", "-v", "0001_search"), False), (("upgrade",), True)):
        ckan = str(Path(sys.executable).with_name("ckan"))
        command = [ckan, "-c", ini, "db", *words, "-p", "nextgeoss"]
        subprocess.run(command, check=True, capture_output=True)
        assert ("nextgeoss_moved" in tables()) is there
