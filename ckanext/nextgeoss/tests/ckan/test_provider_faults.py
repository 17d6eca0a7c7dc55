"""Providers that fail in every way there is: what is reported, what is kept, and how the harvest goes on.

`NEXTGEOSS_FAULT_HARVESTS` harvests meet random faults (usually 2; some hundred for a night), from seed
`NEXTGEOSS_FAULT_SEED` on."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from ckan import model
from ckanext.harvest import queue

from ckanext.nextgeoss import http
from ckanext.nextgeoss.demo.faults import Mishaps
from ckanext.nextgeoss.demo.kinds import KINDS
from ckanext.nextgeoss.demo.simulator import Simulator
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.harvesters import runs
from ckanext.nextgeoss.harvesters.model import Slice
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, errors, stats, work_off_queues

pytestmark = pytest.mark.usefixtures("with_plugins", "short_patience")

HARVESTS = int(os.environ.get("NEXTGEOSS_FAULT_HARVESTS", 2))
SEED = int(os.environ.get("NEXTGEOSS_FAULT_SEED", 1))
MOST_BYTES = 2_000_000
# what ends a slice, and the words that say why
REASONS = {
    "429": "answered 429",
    "500": "answered 500",
    "502": "answered 502",
    "503": "answered 503",
    "hang": "no answer in time",
    "stall": "no answer in time",
    "slow": "no answer in time",
    "reset": "broke off|no connection",
    "truncated": "JSON",
    "empty": "an empty answer instead of JSON",
    "huge": f"more than {MOST_BYTES} bytes",
    "gzip-bomb": f"more than {MOST_BYTES} bytes",
    "entity-bomb": "XML.* instead of JSON",
    "html": r"HTML \(Maintenance\) instead of JSON",
    "error-inside": "query failed",
    "no-list": "features",
    "empty-page": "an empty page, though 6 products match",
    "self-link": "read before|came twice",
}
# with a body in XML the words are others
XML_REASONS = {
    "truncated": "cut short|not well-formed",
    "empty": "an empty answer",
    "entity-bomb": "DTD",
    "huge": f"more than {MOST_BYTES} bytes",
    "html": r"HTML \(Maintenance\) instead of",
}
# what leaves the rest of a page whole
HARMLESS = ("repeated", "twins", "nameless", "wrong-types", "shifted-back", "shifted-on")
PASSING = ("429", "500", "502", "503", "clock", "hang", "stall", "slow", "reset")
# what is met by losing patience
SILENT = ("hang", "stall", "slow")


@pytest.fixture()
def short_patience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two attempts, answers of two megabytes; short time-outs where they are what a test is about: elsewhere
    a busy machine is no fault of the provider."""
    queue.purge_queues()
    given = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    read = 1.5 if given.get("kind", "hang") in SILENT else 60
    limits = http.Limits(
        connect=60, read=read, total=2 * read, attempts=2, pause=0.01, longest_pause=3, max_bytes=MOST_BYTES
    )
    monkeypatch.setattr(http, "Limits", lambda: limits)


def two_collections(hub: Hub) -> tuple[list[Product], str]:
    """Six products each of the hub's collection and of another, whose id is given."""
    products, other = hub.products(12), f"{hub.collection}-other"
    return [replace(p, collection=other) if n % 2 else p for n, p in enumerate(products)], other


@contextmanager
def failing(
    hub: Hub, kind: str, protocol: str = "stac", **more: Any
) -> Iterator[tuple[dict[str, Any], Simulator, str]]:
    """A source and its provider, which fails from the second page of the other collection on."""
    products, other = two_collections(hub)
    with hub.provider(products, page_size=2, protocol=protocol) as (provider, simulator):
        simulator.fail(kind, about=other, skip=2, times=999, **more)  # a count and a page go well
        yield hub.source(provider), simulator, other


def harvest(source: dict[str, Any]) -> dict[str, Any]:
    """A job, done by the consumers of the queues."""
    job = act("harvest_job_create", source_id=source["id"], run=True)
    return worked_off(job["id"])


def worked_off(job_id: str) -> dict[str, Any]:
    work_off_queues()
    source_id = act("harvest_job_show", id=job_id)["source_id"]
    act("harvest_jobs_run", source_id=source_id)
    return act("harvest_job_show", id=job_id)


def identifiers(collection: str) -> list[str]:
    return [dataset["identifier"] for dataset in datasets(collection)]


def own(hub: Hub, collection: str) -> list[str]:
    return sorted(product.id for product in two_collections(hub)[0] if product.collection == collection)


def test_all_kinds_are_tested():
    assert sorted({*REASONS, *HARMLESS, *PASSING}) == sorted(KINDS)


def check_report(
    hub: Hub, job: dict[str, Any], other: str, simulator: Simulator, reason: str, kept: int = 2
) -> None:
    """One error, which names provider, slice, request and reason; and nothing is lost beside it, nor what was
    `kept` of the slice before."""
    assert job["status"] == "Finished"
    (told,) = errors(job)
    assert f"{hub.tag}_one" in told
    assert f"slice:{other}/" in told
    assert simulator.url in told
    assert re.search(reason, told), told
    assert "\n" not in told
    assert len(told) < 1500
    assert identifiers(hub.collection) == own(hub, hub.collection)
    assert stats(job) == (6 + kept, 0, 0, 1)
    # no request is repeated for ever: 2 counts, 3 pages of one collection, 1 and the attempts of the other
    assert len(simulator.requests) < 20


def check_resumed(hub: Hub, job: dict[str, Any], other: str, simulator: Simulator) -> None:
    """What was written is not asked again, and in the end everything is there once."""
    simulator.faults.clear()
    simulator.requests.clear()
    assert runs.resume(job["id"]) == 1
    job = worked_off(job["id"])
    assert errors(job) == []
    assert (job["status"], stats(job)) == ("Finished", (12, 0, 0, 0))
    assert len([asked for asked in simulator.requests if "search" in asked]) <= 3
    assert identifiers(other) == own(hub, other)


@pytest.mark.parametrize("kind", REASONS)
def test_what_ends_a_slice_is_reported_and_the_rest_is_complete(hub: Hub, kind: str):
    with failing(hub, kind, seconds=4.0) as (source, simulator, other):
        job = harvest(source)
        good = 4 if kind == "self-link" else 2  # there the page is good whose link is not
        check_report(hub, job, other, simulator, REASONS[kind], good)
        kept = identifiers(other)
        assert len(kept) == good
        check_resumed(hub, job, other, simulator)
        assert {*kept} < {*identifiers(other)}


@pytest.mark.parametrize("kind", XML_REASONS)
def test_the_same_with_xml(hub: Hub, kind: str):
    with failing(hub, kind, protocol="atom") as (source, simulator, other):
        job = harvest(source)
        check_report(hub, job, other, simulator, XML_REASONS[kind])
        check_resumed(hub, job, other, simulator)


@pytest.mark.parametrize("kind", PASSING)
def test_what_passes_is_no_error(hub: Hub, kind: str):
    """Refusals with and without a time to wait, lost connections, and a clock that is an hour wrong."""
    products, other = two_collections(hub)
    with hub.provider(products, page_size=2) as (provider, simulator):
        wait = {"retry_after": "1"} if kind == "429" else {"seconds": 3600 if kind == "clock" else 0.6}
        simulator.fail(kind, about=other, skip=2, **wait)
        job = harvest(hub.source(provider))
    assert errors(job) == []
    assert stats(job) == (12, 0, 0, 0)


def test_a_provider_that_asks_for_too_much_patience(hub: Hub):
    """An hour is not waited for, and the host is left alone for that time: all its slices end, and say so."""
    with failing(hub, "503", retry_after="3600") as (source, simulator, other):
        job = harvest(source)
        last = list(simulator.requests)[-1]
    assert job["status"] == "Finished"
    told = errors(job)
    assert all(f"{hub.tag}_one" in each and "slice:" in each and simulator.url in each for each in told)
    (first,) = (each for each in told if f"slice:{other}/" in each)
    assert "answered 503" in first
    assert all("is not asked until" in each for each in told if each != first)
    assert last == "POST /search"


def test_a_gathering_that_fails_names_provider_request_and_reason(hub: Hub):
    products, _ = two_collections(hub)
    with hub.provider(products) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("html", path="/collections", times=9)
        job = harvest(source)
        (told,) = errors(job)
        for part in (source["name"], f"{simulator.url}/collections", "HTML (Maintenance) instead of JSON"):
            assert part in told
        assert job["status"] == "Finished"
        simulator.faults.clear()
        runs.resume(job["id"])
        assert stats(worked_off(job["id"])) == (12, 0, 0, 0)


@pytest.mark.parametrize("kind", ["repeated", "shifted-back", "wrong-types"])
def test_what_comes_twice_or_with_wrong_values_is_there_once(hub: Hub, kind: str):
    with failing(hub, kind) as (source, _, other):
        job = harvest(source)
    assert stats(job)[0] == 12
    assert stats(job)[3] == 0
    assert identifiers(other) == own(hub, other)


def test_products_without_a_name_are_reported_by_their_place(hub: Hub):
    with failing(hub, "nameless") as (source, simulator, other):
        job = harvest(source)
        assert stats(job) == (10, 0, 0, 2)
        guids = {kept["guid"] for kept in act("harvest_job_report", id=job["id"])["object_errors"].values()}
        assert all(guid.startswith(f"{other}/") for guid in guids)
        assert {guid.rpartition("#")[2] for guid in guids} == {"3", "5"}
        simulator.faults.clear()
        assert stats(harvest(source)) == (2, 0, 10, 0)


def test_two_products_of_one_name_are_a_clash_that_is_told(hub: Hub):
    """The first is kept, the other is named in the report, and the others of the page are there."""
    with failing(hub, "twins") as (source, _, other):
        job = harvest(source)
    assert stats(job)[0] == 10
    told = errors(job)
    assert told
    assert all(other in guid for guid in guids_of_errors(job))
    assert len(identifiers(other)) == 4


def guids_of_errors(job: dict[str, Any]) -> list[str]:
    report = act("harvest_job_report", id=job["id"])
    return [kept["guid"] for kept in report["object_errors"].values()]


def test_a_product_that_paging_has_missed_is_told_by_the_count(hub: Hub):
    """A page that begins too late: the provider says six, five came; the next harvest brings the sixth."""
    products, other = two_collections(hub)
    with hub.provider(products, page_size=2) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("shifted-on", about=other, skip=1)
        job = harvest(source)
        assert stats(job)[0] == 11
        told = " ".join(errors(job))
        for part in (provider, f"slice:{other}/", "5", "6"):
            assert part in told
        assert stats(harvest(source))[:2] == (1, 0)
    assert identifiers(other) == own(hub, other)


@pytest.mark.parametrize("number", range(HARVESTS))
def test_random_faults_of_all_kinds(hub: Hub, number: int):
    """However often it fails: after a run without a fault everything is there, once, and nothing else."""
    protocol = ("stac", "atom", "geojson", "odata")[number % 4]
    products, other = two_collections(hub)
    kinds = [kind for kind in KINDS if kind not in ("twins", "huge", "gzip-bomb")]
    with hub.provider(products, page_size=2, protocol=protocol) as (provider, simulator):
        source = hub.source(provider)
        simulator.faults.at_random(Mishaps(0.15, kinds, SEED + number, retry_after="1", seconds=0.2))
        rounds = [harvest(source) for _ in range(3)]
        assert {job["status"] for job in rounds} == {"Finished"}
        assert all(provider in told for job in rounds for told in errors(job) if "slice:" in told)
        simulator.faults.clear()
        last = harvest(source)
    assert errors(last) == []
    for collection in (hub.collection, other):
        assert identifiers(collection) == own(hub, collection)
    added = sum(stats(job)[0] for job in (*rounds, last))
    assert added == 12, Counter(stats(job) for job in rounds)
    states = {state for (state,) in model.Session.query(Slice.state).filter_by(job_id=last["id"])}
    assert states <= {"done"}  # none, when nothing has changed since
