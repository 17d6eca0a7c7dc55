"""The page of a job: progress, errors by class, slices that failed; and the report it is made of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ckan import model
from ckan.tests import factories
from ckanext.harvest.model import HarvestJob, HarvestSource

from ckanext.nextgeoss.harvesters.classic import ClassicWriter
from ckanext.nextgeoss.harvesters.gathering import gather
from ckanext.nextgeoss.harvesters.job_page import nextgeoss_job
from ckanext.nextgeoss.harvesters.model import Slice, utc_now
from ckanext.nextgeoss.harvesters.offers import Terms
from ckanext.nextgeoss.harvesters.report import error_classes, failed_slices, job_progress
from ckanext.nextgeoss.tests.harvesting import Hub, act, run

pytestmark = pytest.mark.usefixtures("with_plugins")


def page(app: Any, source: dict[str, Any], job_id: str) -> str:
    """The page of a job as a sysadmin sees it, blanks collapsed."""
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    path = f"/harvest/{source['name']}/job/{job_id}"
    return " ".join(app.get(path, headers=headers, status=200).body.split())


def half_way(hub: Hub, provider: str) -> tuple[dict[str, Any], str]:
    """A source, and its job that is running since 10 min with one slice, 30 of 120 products seen."""
    source = hub.source(provider)
    job = act("harvest_job_create", source_id=source["id"], run=False)
    row = HarvestJob.get(job["id"])
    row.status = "Running"
    row.save()
    gather(row)
    values = {"state": "running", "seen": 30, "added": 28, "errored": 2, "total": 120, "requests": 4}
    began = utc_now() - timedelta(minutes=10)
    model.Session.query(Slice).filter_by(job_id=job["id"]).update({**values, "started": began})
    model.Session.commit()
    return source, job["id"]


def test_a_running_job_shows_how_far_it_is(hub: Hub, app: Any):
    with hub.provider(hub.products(3)) as (provider, _):
        source, job_id = half_way(hub, provider)
    text = page(app, source, job_id)
    assert '<section id="eo-job" data-eo-refresh="5"' in text
    assert '<progress class="eo-job-bar" max="1" value="0.250"' in text
    assert "<dt>Products seen</dt> <dd>30 of 120</dd>" in text
    assert "<dt>Slices</dt> <dd>0 of 1 done</dd>" in text
    assert "<dt>Added</dt><dd>28</dd>" in text
    assert "<dt>Errors</dt><dd>2</dd>" in text
    assert "Running, 30 min" in text or "Running, 31 min" in text, "three times ten, and what the test takes"
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in text
    found = job_progress(model.Session(), job_id)
    assert 0.045 < found.rate <= 0.05, "30 in ten minutes, and what the test takes"


def test_a_finished_job_stays_as_it_is_and_tells_no_more_than_there_is(hub: Hub, app: Any):
    with hub.provider(hub.products(3)) as (provider, _):
        source = hub.source(provider)
        job = run(source)
    text = page(app, source, job["id"])
    assert "data-eo-refresh" not in text
    assert "http-equiv" not in text.replace('http-equiv="Content-Type"', "")
    assert "<dt>Products seen</dt> <dd>3</dd>" in text
    assert "No errors for this job" in text
    assert "Errors by class" not in text


def test_errors_are_counted_by_class_with_an_example(hub: Hub, app: Any):
    with hub.provider(hub.products(6), page_size=2) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("nameless", skip=1)
        simulator.fail("html")
        job = run(source)
    classes = error_classes(model.Session(), job["id"])
    failed = failed_slices(model.Session(), job["id"])
    assert sum(found.count for found in classes) == job["stats"]["errored"]
    assert [slice.state for slice in failed] == ["failed"]
    assert "HTML (Maintenance) instead of JSON" in failed[0].reason
    assert [found.text for found in classes if "HTML" in found.text] == [
        "…: HTML (Maintenance) instead of JSON"
    ]
    text = page(app, source, job["id"])
    assert "Errors by class" in text
    assert "Slices that were not read to their end" in text
    assert f"ckan nextgeoss harvest resume {job['id']}" in text
    assert "Error Report" in text


def test_messages_that_differ_in_names_and_numbers_are_one_class(hub: Hub):
    with hub.provider(hub.products(1)) as (provider, _):
        job = run(hub.source(provider))
    writer = ClassicWriter(Terms(source_id=job["source_id"], provider_id="", owner_org=""), job["id"], "")
    for number in range(3):
        writer.refuse(
            f"a#{number}", f"cloud_cover: 'x{number}' is no number, in https://a.example/{number}: no"
        )
    writer.refuse("b#1", "something else")
    first, second = error_classes(model.Session(), job["id"])
    assert (first.count, first.text) == (3, "cloud_cover: … is no number, in …: no")
    assert first.example.startswith("cloud_cover: 'x0' is no number")
    assert (second.count, second.text) == (1, "something else")


def test_the_report_of_a_job_with_many_errors_is_short_and_says_so(hub: Hub):
    with hub.provider(hub.products(1)) as (provider, _):
        source = hub.source(provider)
        job = run(source)
    writer = ClassicWriter(Terms(source_id=source["id"], provider_id="", owner_org=""), job["id"], "")
    native = '{"links": [{"rel": "self", "href": "https://provider.example/item"}]}'
    for number in range(3):
        writer.refuse(f"a#{number}", "wrong", native)
    told = act("harvest_job_report", id=job["id"], limit=2)
    assert (len(told["object_errors"]), told["left_off"]) == (2, True)
    kept = next(iter(told["object_errors"].values()))
    assert kept["original_url"] == "https://provider.example/item"
    assert kept["errors"] == [{"message": "wrong", "line": None, "type": "Import"}]
    assert act("harvest_job_report", id=job["id"])["left_off"] is False


def test_jobs_of_other_sources_are_as_they_always_were(hub: Hub):
    theirs = HarvestSource(url=f"http://{hub.tag}.example", type="other")
    theirs.save()
    job = act("harvest_job_create", source_id=theirs.id, run=False)
    assert nextgeoss_job(job) is None
    assert act("harvest_job_report", id=job["id"]) == {"gather_errors": [], "object_errors": {}}
