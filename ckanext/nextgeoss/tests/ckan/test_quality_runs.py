"""Runs of checks through the catalogue: what is found, what is not done twice, what a kill leaves."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from threading import Barrier, Event
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Problem
from ckanext.nextgeoss.feedback.quality import reading, reports, runs, store
from ckanext.nextgeoss.feedback.quality.around import RunBusy, in_transaction, locked, series_gaps
from ckanext.nextgeoss.feedback.quality.model import Quality, QualityRun
from ckanext.nextgeoss.feedback.quality.runs import Run
from ckanext.nextgeoss.tests.quality import Provider, checker, engine, failed, forget_runs, row, run


@pytest.fixture()
def provider() -> Provider:
    forget_runs()
    return Provider()


def update(package_id: str, **columns: Any) -> None:
    """Change columns of a dataset behind CKAN's back, as a harvest does."""
    model.Session.execute(sa.update(model.Package).where(model.Package.id == package_id).values(columns))
    model.Session.commit()


def test_what_is_wrong_in_the_database_is_found(provider: Provider) -> None:
    """Of products, collections and ordinary datasets, by what their rows say."""
    good, bad = provider.add(), provider.add(provider.product(problems=(Problem("gsd", "no number"),)))
    swapped = {"type": "Polygon", "coordinates": [[[50, 10], [51, 10], [51, 11], [50, 11], [50, 10]]]}
    crossing = provider.add()
    extras = dict(model.Package.get(crossing).extras)
    twisted = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    update(crossing, extras={**extras, "spatial": json.dumps(twisted), "cloud_cover": "300"})
    elsewhere = provider.add(provider.product(footprint=Footprint.from_geojson(swapped)))
    box = json.dumps(Footprint.from_bbox(0, 40, 20, 60).geojson)
    collection = provider.describe(spatial=box, notes="Short.")
    table = call_action(
        "package_create", {"user": provider.admin}, name=f"{provider.tag}-t",
        owner_org=provider.organization["id"],
        title="Table of stations", resources=[{"url": "http://data.example/a.xlsx", "format": "XLSX"}],
    )["id"]  # fmt: skip
    run()
    usual = failed(good)
    assert {"topic", "persistent_identifier", "provenance", "checksums"} <= usual.keys()
    assert usual.keys().isdisjoint({"license", "collection", "place", "period", "publisher", "values"})
    assert failed(bad).keys() - usual.keys() == {"values"}
    assert failed(bad)["values"] == [0.75, ["gsd: no number"]]
    assert failed(crossing).keys() - usual.keys() == {"values", "geometry"}
    assert failed(crossing)["geometry"][1][0].startswith("Self-intersection")
    assert failed(elsewhere).keys() - usual.keys() == {"within_collection_area"}
    assert {"description", "keywords"} <= failed(collection).keys()
    assert {"secure", "open_formats", "license", "contact"} <= failed(table).keys()
    scores = row(good)
    assert scores.kind == "product" and scores.score is not None and 30 < scores.score < 100
    assert row(bad).score <= scores.score
    assert "links" in scores.skipped


def test_only_what_has_changed_is_checked(provider: Provider) -> None:
    """A second run writes nothing; a change, new rules and `anew` have datasets checked."""
    first, second = provider.add(), provider.add()
    run()
    before = row(first).checked, row(second).checked
    collections = run()  # which are checked each time: they depend on their products
    assert (row(first).checked, row(second).checked) == before
    call_action("package_patch", {"user": provider.admin}, id=first, notes="Something else")
    assert run() == collections + 1
    assert row(first).checked > before[0] and row(second).checked == before[1]
    model.Session.execute(sa.update(Quality).where(Quality.package_id == second).values(version=0))
    model.Session.commit()
    assert run() == collections + 1
    assert run(anew=True) >= collections + 2


def test_a_run_goes_on_where_it_was_broken_off(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done before the kill is not done again, and all is done in the end."""
    ids = {provider.add() for _ in range(7)}
    run()
    model.Session.execute(sa.update(Quality).where(Quality.package_id.in_(ids)).values(modified=None))
    model.Session.commit()
    work, batches = Run(engine(), checker(), batch=2), 0

    def killed(connection: Any, found: Any) -> None:
        nonlocal batches
        batches += 1
        write(connection, found)
        if batches == 3:
            raise KeyboardInterrupt  # in the transaction of the third batch

    write = store.write_results
    monkeypatch.setattr(store, "write_results", killed)
    with pytest.raises(KeyboardInterrupt):
        work.run()
    monkeypatch.setattr(store, "write_results", write)
    left = [package_id for package_id in ids if row(package_id).modified is None]
    assert len(left) == 3, "two batches of two were written, the third was not"
    again = Run(engine(), checker(), batch=2)
    again.run()
    assert again.resumed and again.id == work.id
    assert all(row(package_id).modified for package_id in ids)
    model.Session.expire_all()
    assert model.Session.get(QualityRun, work.id).finished is not None  # type: ignore[union-attr]


def test_a_run_that_is_told_to_stop_can_go_on(provider: Provider) -> None:
    ids = [provider.add() for _ in range(4)]
    stop = Event()
    work = Run(engine(), checker(), batch=1, stop=stop)
    work.run(lambda done: stop.set())
    assert sum(model.Session.get(Quality, package_id) is not None for package_id in ids) < 4
    model.Session.rollback()
    run()
    assert all(row(package_id) for package_id in ids)


def test_two_runs_are_not_at_work_at_once(provider: Provider) -> None:
    with locked(engine()), pytest.raises(RunBusy):
        run()
    run()


def test_duplicates_are_found_on_both_sides(provider: Provider) -> None:
    """By key, and by scene under another name; when one goes, the other is no duplicate any more."""
    product = provider.product()
    one, twin = provider.add(product), provider.add(product, scope="other")
    other = replace(product, id=f"{provider.tag}_renamed")
    renamed, lone = provider.add(other), provider.add()
    run()
    assert failed(one)["duplicates"] == [0.0, sorted([twin, renamed])]
    assert failed(twin)["duplicates"] == [0.0, sorted([one, renamed])]
    assert failed(renamed)["duplicates"] == [0.0, sorted([one, twin])]
    assert "duplicates" not in failed(lone)
    call_action("package_delete", {"user": provider.admin}, id=one)
    run()
    assert failed(twin)["duplicates"] == [0.0, [renamed]]
    call_action("package_patch", {"user": provider.admin}, id=renamed, product_type="B")
    run()
    assert "duplicates" not in failed(twin) and "duplicates" not in failed(renamed)
    model.Session.expire_all()
    assert model.Session.get(Quality, one) is None


def test_a_twin_that_comes_later_is_found(provider: Provider) -> None:
    """The one that was checked before is looked at again in the same run."""
    product = provider.product()
    one = provider.add(product)
    run()
    assert "duplicates" not in failed(one)
    twin = provider.add(product, scope="other")
    run()
    assert failed(one)["duplicates"][1] == [twin]
    assert failed(twin)["duplicates"][1] == [one]


def test_a_private_twin_is_told_to_nobody(provider: Provider) -> None:
    """It knows of the public one; the public one does not know of it, before or after it became private."""
    product = provider.product()
    public, secret = provider.add(product), provider.add(product, scope="other", private=True)
    run()
    assert "duplicates" not in failed(public)
    assert failed(secret)["duplicates"][1] == [public]
    call_action("package_patch", {"user": provider.admin}, id=secret, private=False)
    run()
    assert failed(public)["duplicates"][1] == [secret]
    call_action("package_patch", {"user": provider.admin}, id=secret, private=True)
    run()
    assert "duplicates" not in failed(public)


def test_gaps_of_a_collection_are_found(provider: Provider) -> None:
    """Days without products that should have some; private products do not count."""
    collection = provider.describe()
    for day in range(1, 26):
        provider.day = day - 1
        if not 12 <= day <= 18:
            provider.add()
    provider.day = 14
    provider.add(private=True)
    run()
    value, found = failed(collection)["gaps"]
    assert found == ["2024-01-12/2024-01-18"]
    assert value == round(1 - 7 / 25, 4)
    assert failed(collection)["freshness"] == [0.0, ["2024-01-25"]]
    with engine().connect() as connection:
        assert dict(series_gaps(connection))[provider.collection].revisit == 1


def test_figures_count_by_organization_and_by_who_may_read(provider: Provider) -> None:
    """The sum of what was found, as a plain loop over the rows makes it."""
    ids = [provider.add(), provider.add(), provider.add(license_id="CC-BY-4.0")]
    secret = provider.add(private=True)
    run()
    owner = provider.organization["id"]
    with engine().connect() as connection:
        summary = reports.summarize(connection)
        lines = list(reports.lines(connection, owner, reports.PUBLIC, 3))
        table = list(reports.table(connection, organization=owner))
        everything = list(reports.table(connection, organization=owner, private=True))
    public, whole = summary[reports.PUBLIC][owner], summary[reports.ALL][owner]
    assert (public["datasets"], whole["datasets"]) == (3, 4)
    rows = [row(package_id) for package_id in ids]
    assert public["score"] == round(sum(each.score or 0 for each in rows) / 3, 1)
    assert public["dimensions"]["reusability"] == round(sum(each.reusability or 0 for each in rows) / 3, 1)
    assert public["failed"]["license"] == 2 and whole["failed"]["license"] == 3
    assert sum(public["bands"].values()) == 3
    assert summary[reports.PUBLIC][reports.SITE]["datasets"] >= 3
    assert lines[0].startswith(f"3 datasets, score {public['score']:g} (")
    assert {line[0] for line in table[1:]} == set(ids)
    assert {line[0] for line in everything[1:]} == {*ids, secret}
    names = dict(zip(table[0], table[1], strict=True))
    assert names["type"] == "product" and "provenance" in names["failed"].split()


def test_the_trend_is_one_of_runs(provider: Provider) -> None:
    """What was a fault and is mended shows in the next run; runs are not kept for ever."""
    package_id, owner = provider.add(), provider.organization["id"]
    run()
    call_action("package_patch", {"user": provider.admin}, id=package_id, license_id="CC-BY-4.0")
    run()
    with engine().connect() as connection:
        trend = reports.trend(connection, reports.PUBLIC, owner)
    assert [told["failed"].get("license", 0) for _, told in trend] == [1, 0]
    assert trend[0][1]["score"] < trend[1][1]["score"]
    assert trend[0][0] < trend[1][0]


def test_old_runs_are_forgotten(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MOST_RUNS", 2)
    for _ in range(4):
        run()
    model.Session.expire_all()
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(QualityRun)) == 2


def test_datasets_that_are_gone_are_forgotten(provider: Provider) -> None:
    package_id = provider.add()
    run()
    assert row(package_id)
    call_action("dataset_purge", {"user": provider.admin}, id=package_id)
    run()
    model.Session.expire_all()
    assert model.Session.get(Quality, package_id) is None


def test_the_clock_is_the_checkers(provider: Provider) -> None:
    package_id = provider.add()
    before = datetime(2023, 1, 1, tzinfo=timezone.utc)
    Run(engine(), checker(lambda: before)).run()
    assert failed(package_id)["chronology"][1] == ["timerange_start 2024-01-01T10:00:00Z"]
    assert row(package_id).checked == before.replace(tzinfo=None)
    assert runs.BATCH >= 100 and timedelta(0) < timedelta(1)


def test_a_dataset_that_nobody_thought_of_does_not_hold_up_the_others(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, and checked when it can be."""
    strange, good = provider.add(), provider.add()
    make = reading._record

    def broken(package: Any, *others: Any) -> Any:
        if package["id"] == strange:
            raise RuntimeError("unheard of")
        return make(package, *others)

    monkeypatch.setattr(reading, "_record", broken)
    run()
    assert f"Dataset {strange} cannot be checked" in caplog.text
    assert row(good)
    assert model.Session.get(Quality, strange) is None
    monkeypatch.setattr(reading, "_record", make)
    run()
    assert row(strange)


def test_a_transaction_that_lost_a_deadlock_is_done_again(provider: Provider) -> None:
    """Two that write the same rows in another order: both are done in the end."""
    first, second = provider.add(), provider.add()
    run()
    both = Barrier(2)

    def write(order: tuple[str, str], note: int) -> None:
        tries = 0

        def work(connection: sa.Connection) -> None:
            nonlocal tries
            tries += 1
            for package_id in order:
                connection.execute(
                    sa.update(Quality).where(Quality.package_id == package_id).values(version=note)
                )
                if tries == 1 and package_id == order[0]:
                    both.wait(10)

        in_transaction(engine(), work)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write, (first, second), 7), pool.submit(write, (second, first), 8)]:
            done.result(60)
    assert row(first).version == row(second).version
