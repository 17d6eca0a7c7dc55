"""The page of a harvest job in a browser: it keeps itself up to date, with and without JavaScript."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestJob

from ckanext.nextgeoss.harvesters.gathering import gather
from ckanext.nextgeoss.harvesters.model import Slice, utc_now
from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.harvesting import Hub, act, run


@pytest.fixture()
def hub(catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.harvest.provider_folders", [str(tmp_path)])
    return Hub(tmp_path, lambda name, value: monkeypatch.setitem(toolkit.config, name, value))


def running(hub: Hub) -> tuple[dict[str, Any], str]:
    """A source, and its running job, 1200 of 5000 products seen in a minute."""
    with hub.provider(hub.products(3)) as (provider, _):
        source = hub.source(provider)
        job = HarvestJob.get(act("harvest_job_create", source_id=source["id"], run=False)["id"])
        job.status = "Running"
        job.save()
        gather(job)
    began = utc_now() - timedelta(minutes=1)
    note(job.id, state="running", seen=1200, added=1180, errored=20, total=5000, requests=14, started=began)
    return source, job.id


def note(job_id: str, **values: Any) -> None:
    model.Session.query(Slice).filter_by(job_id=job_id).update(values)
    model.Session.commit()


def open_job(visit: Any, catalogue: Catalogue, source: dict[str, Any], job_id: str) -> Any:
    visit.page.set_extra_http_headers({"Authorization": catalogue.token})
    page = visit.open(f"/harvest/{source['name']}/job/{job_id}")
    if folder := os.environ.get("NEXTGEOSS_SCREENSHOTS"):
        width = page.viewport_size["width"]
        state = os.environ["PYTEST_CURRENT_TEST"].partition("::")[2].partition("[")[0].partition(" ")[0]
        page.screenshot(path=f"{folder}/{state}-{width}.png", full_page=True)
    return page


def fits(page: Any, width: int) -> bool:
    """Whether all of the report is within the window; CKAN's own page around it is a little wider."""
    job = page.locator(".eo-job")
    box = job.bounding_box()
    return box["x"] + box["width"] <= width and job.evaluate("job => job.scrollWidth <= job.clientWidth")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_running_job_is_kept_up_to_date(
    width: int, hub: Hub, catalogue: Catalogue, visit: Callable[..., Any]
):
    source, job_id = running(hub)
    shown = visit(width)
    page = open_job(shown, catalogue, source, job_id)
    assert "1,200 of 5,000" in page.inner_text("#eo-job")
    bar = page.locator("#eo-job progress")
    assert bar.get_attribute("value") == "0.240"
    assert bar.bounding_box()["width"] > 150
    assert fits(page, width)
    note(job_id, seen=3000)
    page.wait_for_function("document.getElementById('eo-job').innerText.includes('3,000 of 5,000')")
    note(job_id, seen=5000, state="done", finished=utc_now())
    job = HarvestJob.get(job_id)
    job.status = "Finished"
    job.save()
    page.wait_for_selector("#eo-job:not([data-eo-refresh])")
    assert not page.locator("#eo-job progress").count()
    assert "No errors for this job" in page.inner_text(".eo-job")
    assert (shown.complaints, shown.other_hosts) == ([], set())


def test_without_javascript_the_page_asks_for_itself_again(
    hub: Hub, catalogue: Catalogue, visit: Callable[..., Any]
):
    source, job_id = running(hub)
    page = open_job(visit(javascript=False), catalogue, source, job_id)
    assert "1,200 of 5,000" in page.inner_text("#eo-job")
    assert page.locator("meta[http-equiv=refresh]").get_attribute("content") == "15"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_failed_job_tells_what_failed(
    width: int, hub: Hub, catalogue: Catalogue, visit: Callable[..., Any]
):
    with hub.provider(hub.products(6), page_size=2) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("nameless", skip=1)
        simulator.fail("html", skip=1)
        job = run(source)
    shown = visit(width)
    page = open_job(shown, catalogue, source, job["id"])
    told = page.inner_text("#eo-job")
    assert "Errors by class" in told
    assert "HTML (Maintenance) instead of JSON" in told
    assert f"ckan nextgeoss harvest resume {job['id']}" in told
    assert fits(page, width)
    assert (shown.complaints, shown.other_hosts) == ([], set())


@pytest.mark.parametrize("width", [1280, 390])
def test_a_finished_job(width: int, hub: Hub, catalogue: Catalogue, visit: Callable[..., Any]):
    with hub.provider(hub.products(6)) as (provider, _):
        source = hub.source(provider)
        job = run(source)
    page = open_job(visit(width), catalogue, source, job["id"])
    assert "1 of 1 done" in page.inner_text("#eo-job")
    assert "6 added" in page.inner_text(".eo-job")
