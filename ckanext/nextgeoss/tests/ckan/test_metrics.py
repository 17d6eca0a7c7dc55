"""`/metrics`: who may see it, that it is right whatever is cleared away, that it is not taken too often."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.exceptions import CkanConfigurationException
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit
from ckan.tests import factories

from ckanext.nextgeoss import config
from ckanext.nextgeoss.harvesters import measuring
from ckanext.nextgeoss.search.outbox import enqueue
from ckanext.nextgeoss.tests.harvesting import Hub, act, run
from ckanext.nextgeoss.tests.prometheus import Samples, samples

pytestmark = pytest.mark.usefixtures("with_plugins")

Scrape = Callable[..., Samples]


def forget() -> None:
    """Let the next scrape take all measures again."""
    connection: Any = connect_to_redis()
    for name in ("metrics", "products"):
        connection.delete(f"nextgeoss:{config.site_id()}:{name}")


@pytest.fixture()
def set_access(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda value: monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.metrics", value)


@pytest.fixture()
def scrape(app: Any, set_access: Callable[[str], None]) -> Scrape:
    """All samples by name and values of labels."""
    set_access("public")

    def asked(fresh: bool = True) -> Samples:
        if fresh:
            forget()
        return samples(app.get("/metrics", status=200).body)

    return asked


def test_a_harvest_is_counted_and_what_is_cleared_stays_counted(hub: Hub, scrape: Scrape):
    with hub.provider(hub.products(4)) as (provider, simulator):
        source = hub.source(provider)
        simulator.fail("nameless", skip=1)
        run(source)
        run(source)
    name = source["name"]
    found = scrape()
    counted = {
        outcome: found["nextgeoss_harvest_products_total", name, outcome] for outcome in ("seen", "added")
    }
    assert counted == {"seen": 8, "added": 4}
    assert found["nextgeoss_harvest_products_total", name, "errored"] >= 1
    assert found["nextgeoss_harvest_requests_total", name] >= 2
    assert found["nextgeoss_harvest_bytes_total", name] > 100
    assert found["nextgeoss_source_products", name] == 4
    assert found["nextgeoss_source_last_added_seconds", name] > 1.7e9
    assert found["nextgeoss_slices", "done"] >= 2
    act("harvest_source_clear", id=source["id"])
    after = scrape()
    for key, value in found.items():
        if key[0].endswith("_total") and key[1] == name:
            assert after[key] == value, key
    assert ("nextgeoss_source_products", name) not in after


def test_the_outbox_and_running_jobs_are_told(hub: Hub, scrape: Scrape):
    before = scrape()
    with hub.provider(hub.products(1)) as (provider, _):
        act("harvest_job_create", source_id=hub.source(provider)["id"], run=True)
    enqueue(model.Session(), ["one-that-is-not-there"])
    model.Session.commit()
    found = scrape()
    assert found["nextgeoss_jobs_running",] == before["nextgeoss_jobs_running",] + 1
    assert found["nextgeoss_outbox_waiting",] >= 1
    assert found["nextgeoss_outbox_oldest_seconds",] >= 0


def test_within_seconds_the_same_is_told_by_all_processes(
    hub: Hub, scrape: Scrape, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(measuring, "SECONDS", 600)  # however long this takes
    before = scrape()
    enqueue(model.Session(), ["another-that-is-not-there"])
    model.Session.commit()
    assert scrape(fresh=False) == before
    assert scrape() != before
    forget()


def test_without_valkey_metrics_are_taken_each_time(scrape: Scrape, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "ckanext.nextgeoss.harvesters.measuring.connect_to_redis",
        lambda: connect_to_redis().from_url("redis://127.0.0.1:1"),
    )
    assert "nextgeoss_jobs_running" in {key[0] for key in scrape(fresh=False)}


def test_who_may_see_them(app: Any, set_access: Callable[[str], None], tmp_path: Path):
    def status(token: str = "") -> int:
        headers = {"Authorization": token} if token else {}
        return app.get("/metrics", headers=headers).status_code

    assert status() == 403, "a sysadmin may by default"
    assert status(factories.UserWithToken()["token"]) == 403
    assert status(factories.SysadminWithToken()["token"]) == 200
    set_access("public")
    assert status() == 200
    set_access("off")
    assert status(factories.SysadminWithToken()["token"]) == 404
    (tmp_path / "token").write_text("s3cret\n")
    set_access(f"file:{tmp_path / 'token'}")
    assert [status(), status("Bearer other"), status("s3cret"), status("Bearer s3cret")] == [
        401,
        401,
        401,
        200,
    ]
    set_access("env:NEXTGEOSS_NO_SUCH_TOKEN")
    assert [status("Bearer "), status("Bearer None")] == [401, 401]


def test_an_access_that_is_none_is_refused_at_start(set_access: Callable[[str], None]):
    set_access("everybody")
    with pytest.raises(
        CkanConfigurationException, match="'everybody' is not allowed; expected off, sysadmin"
    ):
        config.metrics_access()
