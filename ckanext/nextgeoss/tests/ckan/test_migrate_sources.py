"""`ckan nextgeoss harvest migrate-sources`: sources of the original hub in a real CKAN."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from ckan import model
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestJob, HarvestSource
from click.testing import CliRunner

from ckanext.nextgeoss.eo.errors import BadConfiguration
from ckanext.nextgeoss.harvesters import migrating
from ckanext.nextgeoss.harvesters.commands import harvest as group
from ckanext.nextgeoss.harvesters.migrating import MOVED_TO
from ckanext.nextgeoss.tests.harvesting import Hub, act, errors, index_waiting

pytestmark = pytest.mark.usefixtures("with_plugins")

SENTINEL = {
    "source": "esa_scihub", "product_type": "S2MSI1C", "start_date": "YESTERDAY", "update_all": False,
    "datasets_per_job": 100, "aoi": "POLYGON((10 40, 20 40, 20 50, 10 50, 10 40))", "make_private": True,
}  # fmt: skip


@pytest.fixture()
def old(hub: Hub) -> Iterator[Any]:
    """Makes a source as the original hub left it in the database."""
    made: list[str] = []

    def source(source_type: str, config: dict[str, Any], **about: Any) -> str:
        name = f"{hub.tag}-{uuid4().hex[:6]}"
        shown = act(
            "harvest_source_create", name=name, url=f"http://{name}.example/", source_type="nextgeoss",
            owner_org=hub.organization(), config='{"provider": "earth_search"}', **about,
        )  # fmt: skip
        kept: Any = model.Session.get(HarvestSource, shown["id"])
        kept.type, kept.config = source_type, json.dumps(config)
        package = model.Package.get(shown["id"])
        assert package is not None
        package.extras.update(source_type=source_type, config=json.dumps(config))
        model.Session.commit()
        made.append(shown["id"])
        return name

    yield source
    for source_id in made:
        kept: Any = model.Session.get(HarvestSource, source_id)
        kept.type, kept.active = "gone", False
    model.Session.commit()


def migrate(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(group, ["migrate-sources", *words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    model.Session.remove()
    return result.stdout


def shown(name: str) -> dict[str, Any]:
    return act("package_show", id=name)


def test_a_dry_run_tells_everything_and_changes_nothing(old: Any) -> None:
    name = old("esasentinel", SENTINEL)
    before = shown(name)
    told = migrate(name)
    assert f"{name} (type esasentinel): would become {name}-cdse-odata, provider cdse_odata" in told
    assert "  product_type: collections sentinel-2-l1c" in told
    assert "  warning: datasets_per_job: has no meaning today: a run takes all there is" in told
    assert "  aoi: bbox 10, 40, 20, 50: the box of the polygon is asked for" in told
    assert "nothing is changed without --apply" in told
    assert shown(name) == before
    assert model.Package.get(f"{name}-cdse-odata") is None


def test_a_source_is_moved_once(old: Any, hub: Hub) -> None:
    topic = act("group_create", name=f"{hub.tag}-topic")
    name = old("esasentinel", SENTINEL, title="Sentinel-2 of the Alps", frequency="DAILY")
    act("member_create", id=topic["id"], object=shown(name)["id"], object_type="package", capacity="public")
    assert f"becomes {name}-cdse-odata" in migrate(name, "--apply")
    new = shown(f"{name}-cdse-odata")
    source = act("harvest_source_show", id=new["id"])
    assert (new["title"], source["frequency"]) == ("Sentinel-2 of the Alps", "DAILY")
    assert (source["source_type"], new["organization"]["name"]) == ("nextgeoss", hub.tag)
    said = json.loads(source["config"])
    assert said["collections"] == ["sentinel-2-l1c"] and said["private_products"] is True
    members = model.Session.query(model.Member).filter_by(table_id=new["id"], group_id=topic["id"])
    assert members.count() == 1
    gone = shown(name)
    kept: Any = model.Session.get(HarvestSource, gone["id"])
    assert not kept.active and gone["state"] == "active"
    assert f"It is the source {name}-cdse-odata now." in gone["notes"]
    number = model.Session.query(HarvestSource).count()
    assert "was moved before, to" in migrate(name, "--apply")
    assert model.Session.query(HarvestSource).count() == number
    assert shown(name) == gone


def test_secrets_stay_where_they_are(old: Any) -> None:
    name = old("VITO", {"username": "anna", "password": "pa55word", "collection": "SENTINEL_2_TOC_V2"})
    told = migrate(name, "--apply")
    assert "pa55word" not in told and "anna" not in told and "password: a secret, not copied" in told
    new = act("harvest_source_show", id=f"{name}-terrascope")
    assert "pa55word" not in json.dumps(new) and "anna" not in new["config"]
    index_waiting()
    listed = act("package_search", q=f'name:"{name}"', fq="dataset_type:harvest")
    assert listed["count"] == 1
    assert model.Package.get(name).extras[MOVED_TO] == f"{name}-terrascope"


def test_what_is_retired_is_called_so_and_set_inactive(old: Any) -> None:
    name = old("simocean", {"start_date": "*"})
    told = migrate(name, "--apply")
    assert "nothing takes its place, it is set inactive" in told
    assert "the provider simocean is retired: nothing replaces it" in told
    kept: Any = model.Session.get(HarvestSource, model.Package.get(name).id)
    assert not kept.active
    assert "was set inactive before" in migrate(name, "--apply")


def test_one_whose_successor_is_not_here_is_left_alone(old: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> Any:
        raise BadConfiguration(f"no provider {name}")

    name = old("oscar", {})
    monkeypatch.setattr(migrating, "_find_provider", find)
    told = migrate(name, "--apply", code=1)
    assert "cannot be moved: its successor wmo_oscar cannot be used here: no provider wmo_oscar" in told
    kept: Any = model.Session.get(HarvestSource, model.Package.get(name).id)
    assert kept.active and MOVED_TO not in model.Package.get(name).extras


def test_two_sources_that_come_to_the_same_become_one(old: Any) -> None:
    first, second = old("esasentinel", {"source": "esa_scihub"}), old("esasentinel", {"source": "esa_noa"})
    migrate(first, "--apply")
    told = migrate(second, "--apply")
    assert f"the same as {first}-cdse-odata" in told
    assert "the provider dhus_national is retired, replaced by cdse_odata" in told
    assert model.Package.get(second).extras[MOVED_TO] == f"{first}-cdse-odata"


def test_an_inactive_source_stays_inactive(old: Any) -> None:
    name = old("VITO", {"collection": "SENTINEL_2_TOC_V2"})
    kept: Any = model.Session.get(HarvestSource, model.Package.get(name).id)
    kept.active = False
    model.Session.commit()
    migrate(name, "--apply")
    new: Any = model.Session.get(HarvestSource, model.Package.get(f"{name}-terrascope").id)
    assert not new.active


def test_an_unknown_source_is_one_line() -> None:
    result = CliRunner().invoke(group, ["migrate-sources", "nobody"])
    assert result.exit_code == 1
    assert "Error: no harvest source nobody of the original hub" in result.output


def test_the_run_of_an_old_source_says_what_to_do(old: Any, app: Any) -> None:
    name = old("esasentinel", SENTINEL)
    assert app.get(f"/harvest/{name}").status_code == 200
    job = act("harvest_job_create", source_id=shown(name)["id"])
    assert job["status"] == "Finished"
    line = "source type esasentinel is of the original hub: run `ckan nextgeoss harvest migrate-sources`"
    assert errors(job) == [line]
    assert HarvestJob.get(job["id"]).finished is not None


def test_a_new_source_of_an_old_type_is_made_as_of_today(hub: Hub) -> None:
    made = act(
        "harvest_source_create",
        name=f"{hub.tag}-new",
        url=f"http://{hub.tag}.example/",
        owner_org=hub.organization(),
        source_type="VITO",
        config=json.dumps({"collection": "SENTINEL_2_TOC_V2", "timeout": 10}),
    )
    assert made["source_type"] == "nextgeoss"
    assert json.loads(made["config"]) == {"provider": "terrascope", "collections": ["terrascope-s2-toc-v2"]}


def test_one_without_a_successor_is_refused_with_the_reason(hub: Hub) -> None:
    with pytest.raises(toolkit.ValidationError, match="the provider simocean is retired"):
        act(
            "harvest_source_create", name=f"{hub.tag}-new", url="http://catalogue.simocean.pt/",
            owner_org=hub.organization(), source_type="simocean",
        )  # fmt: skip
