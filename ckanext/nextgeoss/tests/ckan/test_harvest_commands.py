"""`ckan nextgeoss harvest ...`: what people type, what they see, and what is written of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObject
from click.testing import CliRunner, Result

from ckanext.nextgeoss.harvesters import runs
from ckanext.nextgeoss.harvesters.commands import harvest as group
from ckanext.nextgeoss.harvesters.commands.scheduler import Chores
from ckanext.nextgeoss.harvesters.model import Slice
from ckanext.nextgeoss.tests.harvesting import (
    Hub,
    act,
    datasets,
    errors,
    index_waiting,
    stats,
    work_off_queues,
)

pytestmark = pytest.mark.usefixtures("with_plugins")

Harvest = Callable[..., Result]

OPERATING = Path(__file__).parents[4] / "docs" / "operating.md"


@pytest.fixture()
def harvest(with_plugins: None) -> Iterator[Harvest]:
    """Runs `ckan nextgeoss harvest WORDS` in this process; it must end with this exit code."""
    queue.purge_queues()

    def run(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(group, words, catch_exceptions=False)
        assert result.exit_code == code, result.output + result.stderr
        model.Session.remove()
        index_waiting()
        return result

    yield run


def told(result: Result, name: str) -> str:
    """What the summary says under this name."""
    found = re.search(rf"^{name} +(.*)$", result.stdout, re.MULTILINE)
    assert found, result.stdout
    return found[1]


def rows() -> dict[str, int]:
    """How many rows each table has, and the last transaction that wrote any of them."""
    index_waiting()
    model.Session.rollback()
    names = [table.name for table in model.meta.metadata.sorted_tables]
    names += ["nextgeoss_slice", "nextgeoss_run", "nextgeoss_offer", "nextgeoss_tally", "nextgeoss_outbox"]
    counted = {}
    for name in dict.fromkeys(names):
        query = f'SELECT count(*), max(xmin::text::bigint) FROM "{name}"'
        counted[name] = tuple(model.Session.execute(model.sa.text(query)).one())
    model.Session.rollback()
    return counted


def last_job(source: dict[str, Any]) -> dict[str, Any]:
    return act("harvest_job_list", source_id=source["id"])[0]


def test_run_harvests_here_and_sums_up(hub: Hub, harvest: Harvest):
    with hub.provider(hub.products(5), page_size=2) as (provider, _):
        source = hub.source(provider)
        first = harvest("run", source["name"])
        second = harvest("run", source["id"])
    assert (told(first, "added"), told(first, "errored"), told(first, "not modified")) == ("5", "0", "0")
    assert (told(second, "added"), told(second, "not modified")) == ("0", "5")
    assert told(first, "slices") == "1 of 1 done"
    assert re.fullmatch(r"\d+ s, [\d.]+ products/s", told(first, "time"))
    assert re.fullmatch(r"[1-9]\d* requests, [\d.]+ MB", told(first, "asked"))
    assert "[########################] 5/5 products, 1/1 slices" in first.stderr
    assert len(datasets(hub.collection)) == 5
    job = last_job(source)
    assert (job["status"], stats(job)) == ("Finished", (0, 0, 5, 0))
    assert runs.run_of(job["id"]).result == "complete"


def test_run_ends_with_1_when_there_were_errors_and_tells_them_by_class(hub: Hub, harvest: Harvest):
    with hub.provider(hub.products(5)) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("nameless", skip=1)
        result = harvest("run", source["name"], code=1)
    assert told(result, "errored") == "3"
    assert re.search(r"^3 x no id", result.stdout, re.MULTILINE)


def test_what_failed_is_tried_again(hub: Hub, harvest: Harvest):
    with hub.provider(hub.products(6), page_size=2) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("html", skip=2)
        failed = harvest("run", source["name"], code=1)
        job = last_job(source)
        assert "HTML (Maintenance) instead of JSON" in failed.stdout
        assert f"go on with: ckan nextgeoss harvest resume {job['id']}" in failed.stdout
        again = harvest("retry-errors", source["name"])
        assert last_job(source)["id"] == job["id"], "it went on in its own job"
    assert told(again, "slices") == "1 of 1 done"
    assert len(datasets(hub.collection)) == 6
    assert errors(act("harvest_job_show", id=job["id"])) == []


def test_refused_records_are_read_again_without_the_network(hub: Hub, harvest: Harvest):
    with hub.provider(hub.products(5)) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("nameless", skip=1)
        harvest("run", source["name"], code=1)
        asked = len(simulator.requests)
        still = harvest("retry-errors", source["name"], code=1)
        assert told(still, "errored") == "3"
        mend(source["id"], hub)
        mended = harvest("retry-errors", "--job", last_job(source)["id"])
        assert len(simulator.requests) == asked
    assert (told(mended, "added"), told(mended, "errored")) == ("3", "0")
    assert len(datasets(hub.collection)) == 5
    harvest("retry-errors", code=2)


def mend(source_id: str, hub: Hub) -> None:
    """Give the stored records that have no id one, as if the rules had been mended."""
    query = model.Session.query(HarvestObject).filter_by(harvest_source_id=source_id, state="ERROR")
    for number, kept in enumerate(query.filter(HarvestObject.content.isnot(None)).all()):
        kept.content = kept.content.replace("{", f'{{"id":"{hub.tag}_mended_{number % 3}",', 1)
    model.Session.commit()


def test_replay_maps_the_stored_records_again(hub: Hub, harvest: Harvest):
    with hub.provider(hub.products(5)) as (provider, simulator):
        source = hub.source(provider)
        harvest("run", source["name"])
        asked = len(simulator.requests)
        same = harvest("replay", source["name"])
        assert (told(same, "not modified"), told(same, "updated")) == ("5", "0")
        one = (
            model.Session.query(HarvestObject).filter_by(harvest_source_id=source["id"], current=True).first()
        )
        record = json.loads(one.content)
        record["properties"]["eo:cloud_cover"] = 77.5
        one.content = json.dumps(record)
        model.Session.commit()
        changed = harvest("replay", source["name"])
        assert len(simulator.requests) == asked
    assert (told(changed, "updated"), told(changed, "not modified")) == ("1", "4")
    assert told(changed, "slices") == "1 of 1 done"


def test_plan_shows_slices_and_counts_and_writes_nothing(hub: Hub, harvest: Harvest):
    with hub.provider(hub.products(5)) as (provider, _):
        source = hub.source(provider, start="2020-01-01")
        before = rows()
        result = harvest("plan", source["name"])
        limited = harvest("plan", source["name"], "--limit", "3")
        assert rows() == before
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["COLLECTION", "FROM", "TO", "PRODUCTS"]
    assert lines[1].split() == [hub.collection, "2020-01-01T00:00:00Z", "..", "5"]
    assert lines[-1] == "1 slices, 5 products"
    assert limited.stdout.splitlines()[-1] == "1 slices, 3 products"


def test_preview_shows_products_and_what_would_become_of_them(hub: Hub, harvest: Harvest):
    with hub.provider(hub.products(5)) as (provider, simulator):
        source = hub.source(provider)
        before = rows()
        new = harvest("preview", source["name"], "-n", "3")
        assert rows() == before
        harvest("run", source["name"], "--limit", "2")
        known = harvest("preview", source["name"], "-n", "3")
        simulator.fail("nameless")
        refused = harvest("preview", source["name"])
    assert new.stdout.splitlines()[0].startswith("WOULD BE  IDENTIFIER")
    shown = [text.split()[:3] for text in new.stdout.splitlines()[1:]]
    assert [(action, collection) for action, _, collection in shown] == [("new", hub.collection)] * 3
    assert {name for _, name, _ in shown} <= {f"{hub.tag}_{number}" for number in range(5)}
    assert sorted(text.split()[0] for text in known.stdout.splitlines()[1:]) == ["new", "same", "same"]
    assert re.search(r"^refused +no id", refused.stdout, re.MULTILINE)


def test_a_dry_run_decides_about_everything_and_writes_nothing(hub: Hub, harvest: Harvest):
    with hub.provider(hub.products(5), page_size=2) as (provider, simulator):
        source = hub.source(provider)
        before = rows()
        first = harvest("run", source["name"], "--dry-run")
        assert rows() == before
        assert told(first, "added") == "5"
        assert "nothing was written" in first.stdout
        harvest("run", source["name"], "--limit", "2")
        before = rows()
        simulator.fail("nameless", skip=3)
        second = harvest("run", source["name"], "--dry-run", "--mode", "reconcile", code=1)
        assert "\nnot deleted" not in second.stdout
        known = {dataset["identifier"] for dataset in datasets(hub.collection)}
    others = [product for product in hub.products(5) if product.id not in known]
    with hub.provider(others) as (provider, _):
        third = harvest("run", source["name"], "--dry-run", "--mode", "reconcile")
        assert rows() == before
        another = hub.source(provider, mode="reconcile")
        harvest("run", another["name"])
        # a run of some products would not withdraw the others
        assert told(harvest("run", another["name"], "--dry-run", "--limit", "1"), "deleted") == "0"
    assert told(third, "deleted") == "2"
    assert "2 of 2 products (100.0 %) are not offered any more; more than 10 %" in third.stdout
    assert (told(second, "added"), told(second, "not modified"), told(second, "errored")) == ("2", "2", "1")
    assert "1 x no id" in second.stdout


def test_background_leaves_it_to_the_workers(hub: Hub, harvest: Harvest):
    with hub.provider(hub.products(2)) as (provider, _):
        source = hub.source(provider)
        result = harvest("run", source["name"], "--background")
        assert "watch it with: ckan nextgeoss harvest status" in result.stdout
        running = harvest("status")
        assert last_job(source)["id"] in running.stdout
        work_off_queues()
    assert len(datasets(hub.collection)) == 2
    shown = harvest("status", source["name"])
    assert "complete, update, created" in shown.stdout
    assert "2/2 products, 1/1 slices" in shown.stdout


def test_cancel_and_resume(hub: Hub, harvest: Harvest):
    with hub.provider(hub.products(2)) as (provider, _):
        source = hub.source(provider)
        harvest("run", source["name"], "--background")
        ended = harvest("cancel", source["name"])
        assert "it can go on with: ckan nextgeoss harvest resume" in ended.stdout
        harvest("cancel", source["name"], code=1)
        result = harvest("resume", source["name"])
        assert told(result, "added") == "2"
        assert "all its slices are done" in harvest("resume", source["name"], code=1).stderr


def test_a_source_is_found_by_id_name_and_title(hub: Hub, harvest: Harvest):
    with hub.provider(hub.products(1)) as (provider, _):
        source = hub.source(provider)
    act("harvest_source_patch", id=source["id"], title=f"Title of {hub.tag}")
    for said in (source["id"], source["name"], f"title of {hub.tag}"):
        assert "no job yet" in harvest("status", said).stdout
    wrong = harvest("status", source["name"][:-1] + "x", code=1)
    assert f"did you mean {source['name']}?" in wrong.stderr


def test_reconcile_and_a_limit_do_not_go_together(hub: Hub, harvest: Harvest):
    with hub.provider(hub.products(1)) as (provider, _):
        source = hub.source(provider)
    result = harvest("run", source["name"], "--mode", "reconcile", "--limit", "1", code=2)
    assert "would take for gone" in result.stderr


def test_prune_keeps_what_is_current_and_what_was_counted(hub: Hub, harvest: Harvest):
    products = hub.products(4)
    with hub.provider(products, page_size=2) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("nameless", skip=1)
        harvest("run", source["name"], code=1)
        harvest("run", source["name"])
        harvest("run", source["name"])
    (third, second, first) = act("harvest_job_list", source_id=source["id"])
    before = [stats(job) for job in (third, second, first)]
    current = current_records(source["id"])
    result = harvest("prune", "--keep", "1", "--source", source["name"])
    assert re.search(r": \d+ records and 2 slices of 2 jobs deleted", result.stdout)
    assert current_records(source["id"]) == current
    assert [stats(job) for job in act("harvest_job_list", source_id=source["id"])] == before
    slices = model.Session.query(Slice).filter_by(source_id=source["id"])
    assert sorted(one.key for one in slices) == sorted(["pruned", "pruned", f"{hub.collection}/../.."])
    left = model.Session.query(HarvestObject).filter_by(harvest_job_id=first["id"], current=False)
    assert left.count() == 0
    assert "0 records and 0 slices" in harvest("prune", "--keep", "1", "--source", source["name"]).stdout
    assert HarvestJob.get(first["id"]) is not None
    assert len(datasets(hub.collection)) == 4


def test_the_scheduler_prunes_once_a_day_when_it_is_told_to(
    hub: Hub, harvest: Harvest, monkeypatch: pytest.MonkeyPatch
):
    with hub.provider(hub.products(1)) as (provider, _):
        source = hub.source(provider)
        for _ in range(3):
            harvest("run", source["name"])

    def pruned() -> int:
        return model.Session.query(Slice).filter_by(source_id=source["id"], key="pruned").count()

    now = [0.0]
    chores = Chores(lambda: now[0])
    chores.do()
    assert pruned() == 0
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.harvest.keep_jobs", 2)
    chores.do()
    assert pruned() == 1
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.harvest.keep_jobs", 1)
    now[0] = 86_000.0
    chores.do()
    assert pruned() == 1
    now[0] = 87_000.0
    chores.do()
    assert pruned() == 2


def test_the_commands_of_the_document_work_one_after_another(hub: Hub, harvest: Harvest):
    lines = [line.partition("#")[0].split() for line in OPERATING.read_text("utf-8").splitlines()]
    commands = [line[5:] for line in lines if line[:5] == ["ckan", "-c", "ckan.ini", "nextgeoss", "harvest"]]
    assert len(commands) > 10
    with hub.provider(hub.products(3)) as (provider, _):
        source = hub.source(provider)
        for words in commands:
            said = [source["name"] if word == "SOURCE" else word for word in words]
            harvest(*said, code=1 if words[0] == "retry-errors" else 0)  # nothing has failed
    assert len(datasets(hub.collection)) == 3


def current_records(source_id: str) -> set[str]:
    query = model.Session.query(HarvestObject.id).filter_by(harvest_source_id=source_id, current=True)
    return {row[0] for row in query}
