"""Manners of harvests: the site's options, provider files, and what all workers know of a host."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit

from ckanext.nextgeoss.harvesters.client import http_client
from ckanext.nextgeoss.harvesters.provider_files import load_provider
from ckanext.nextgeoss.harvesters.source import parse_config
from ckanext.nextgeoss.harvesters.terms import asked_provider
from ckanext.nextgeoss.http import HostBusy, Request
from ckanext.nextgeoss.manners.shared import SharedHosts
from ckanext.nextgeoss.manners.state import HostLimits, HostState
from ckanext.nextgeoss.tests.core.local_server import Handler, serve
from ckanext.nextgeoss.tests.harvesting import Hub, act, errors, run, stats

pytestmark = pytest.mark.usefixtures("with_plugins")

HTTP = "ckanext.nextgeoss.http"


def kept(host: str) -> HostState:
    """What all workers know of a host."""
    said: Any = connect_to_redis().get(f"nextgeoss:{toolkit.config['ckan.site_id']}:host:{host}")
    return HostState.from_text((said or b"").decode())


def add_limits(hub: Hub, provider: str, limits: str) -> None:
    """Put limits into a provider file."""
    file = hub.folder / f"{provider}.yaml"
    file.write_text(f"{file.read_text()}limits: {limits}\n")


def test_a_harvest_tells_all_workers_what_it_asks(hub: Hub):
    with hub.provider(hub.products(5), page_size=2) as (provider, simulator):
        add_limits(hub, provider, "{requests_per_second: 20, requests_at_once: 2}")
        assert stats(run(hub.source(provider))) == (5, 0, 0, 0)
        state = kept(urlsplit(simulator.url).netloc)
    assert (state.next > 0, state.turns, state.failures) == (True, {}, 0)


def test_what_one_worker_was_told_the_next_keeps_to(hub: Hub):
    """A host that asked for an hour of peace is not asked, and the report says so."""
    with hub.provider(hub.products(1)) as (provider, simulator):
        host = urlsplit(simulator.url).netloc
        with serve({"/": lambda h: h.answer(b"", 429, Retry_After="3600")}) as told:
            hub.allow(told.host)
            client = http_client(load_provider("earth_search"))
            with pytest.raises(Exception, match="429"):
                client.send(Request(told.url))
            with pytest.raises(HostBusy, match="it asked"):
                http_client(load_provider("nasa_cmr")).send(Request(told.url))
            client.close()
        site = toolkit.config["ckan.site_id"]
        connect_to_redis().set(f"nextgeoss:{site}:host:{host}", HostState(wish=9e9).to_text())
        job = run(hub.source(provider))
    assert job["status"] == "Finished"
    (message,) = errors(job)
    assert f"{host} is not asked until" in message
    assert "it asked (Retry-After)" in message


@pytest.mark.usefixtures("hub")
def test_the_options_are_the_limits(monkeypatch: pytest.MonkeyPatch):
    """Of a host that no provider file speaks of; a source with an address of its own has these, too."""
    seen: dict[str, HostLimits] = {}

    def enter(self: SharedHosts, host: str, limits: HostLimits, lease: float) -> None:
        seen[host] = limits
        raise HostBusy("stop", host, 0)

    monkeypatch.setattr(SharedHosts, "enter", enter)
    for name, value in (("requests_per_second", 2.5), ("requests_at_once", 3), ("failures_in_a_row", 7)):
        monkeypatch.setitem(toolkit.config, f"{HTTP}.{name}", value)
    monkeypatch.setitem(toolkit.config, f"{HTTP}.closed_seconds", 9)
    settings = parse_config('{"provider": "earth_search", "url": "https://mirror.example.org/v1"}')
    client = http_client(asked_provider(settings))
    for url in ("https://mirror.example.org/v1/search", "https://earth-search.aws.element84.com/v1"):
        with pytest.raises(HostBusy):
            client.send(Request(url))
    wanted = HostLimits(requests_per_second=2.5, requests_at_once=3, failures_in_a_row=7, closed_seconds=9)
    assert seen == dict.fromkeys(("mirror.example.org:443", "earth-search.aws.element84.com:443"), wanted)


def test_an_option_that_is_no_limit(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    """Is told in the report of the harvest, by its name."""
    monkeypatch.setitem(toolkit.config, f"{HTTP}.requests_per_second", -1)
    with hub.provider(hub.products(1)) as (provider, _):
        (message,) = errors(run(hub.source(provider)))
    assert "ckanext.nextgeoss.http.requests_per_second: -1 is not allowed; expected a number" in message


def test_defaults_as_documented():
    assert (
        toolkit.config[f"{HTTP}.requests_per_second"],
        toolkit.config[f"{HTTP}.requests_at_once"],
        toolkit.config[f"{HTTP}.failures_in_a_row"],
        toolkit.config[f"{HTTP}.closed_seconds"],
    ) == (5, 4, 10, 60)


def test_the_simulator_is_not_slowed(hub: Hub):
    """A host of one's own network has no limits unless its provider file says so."""
    with hub.provider(hub.products(3)) as (provider, simulator):
        run(hub.source(provider))
        state = kept(urlsplit(simulator.url).netloc)
        assert act("package_search", rows=0)["count"] >= 0
    now: Any = connect_to_redis().time()
    assert state.next <= now[0] + now[1] / 1e6


@pytest.mark.parametrize("status", [401, 403])
def test_no_secret_is_in_a_report(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, status: int
):
    """Nor in the log or in a table, of a provider that repeats the key it was sent."""
    caplog.set_level("DEBUG")
    monkeypatch.setenv("M_KEY", "k3y-that-nobody-sees")

    def refuse(handler: Handler) -> None:
        handler.answer(f"not with {handler.path}, {dict(handler.headers)}".encode(), status)

    with serve({"/v1/collections": refuse, "/v1/search": refuse}) as server:
        hub.allow(server.host)
        hub.describe("m_one", f"{server.url}/v1", [hub.collection])
        file = hub.folder / "m_one.yaml"
        file.write_text(f"{file.read_text()}auth: {{type: parameter, parameter: kw, key: 'env:M_KEY'}}\n")
        source = hub.source("m_one")
        job = run(source)
        assert any("kw=k3y-that-nobody-sees" in call.path for call in server.calls)
    (message,) = errors(job)
    assert f"answered {status}" in message
    assert "kw=***" in message
    shown = str([job, act("harvest_job_report", id=job["id"]), act("harvest_source_show", id=source["id"])])
    assert "k3y-that-nobody-sees" not in shown + caplog.text
