"""People are told of harvests that went wrong and of silent sources: by real mails and requests, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestSource

from ckanext.nextgeoss.harvesters.commands.scheduler import Chores
from ckanext.nextgeoss.harvesters.model import Run, Slice, utc_now
from ckanext.nextgeoss.harvesters.notifying import tell_of_runs, tell_of_silence
from ckanext.nextgeoss.harvesters.tally import Tally
from ckanext.nextgeoss.tests.core.local_server import LocalServer, serve
from ckanext.nextgeoss.tests.harvesting import Hub, run
from ckanext.nextgeoss.tests.mail_server import mail_server

pytestmark = pytest.mark.usefixtures("with_plugins")

Mails = list[EmailMessage]


def set_option(patch: pytest.MonkeyPatch, name: str, value: Any) -> None:
    patch.setitem(toolkit.config, name, value)


@pytest.fixture(autouse=True)
def others_are_told(with_plugins: None) -> None:
    """Runs and silences of other tests are not this one's."""
    model.Session.query(Run).update({"told": utc_now()})
    model.Session.query(HarvestSource).update({"active": False})
    model.Session.commit()


@pytest.fixture()
def mails(with_plugins: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mails]:
    with mail_server() as (address, got):
        set_option(monkeypatch, "smtp.server", address)
        set_option(monkeypatch, "smtp.mail_from", "hub@example.org")
        set_option(monkeypatch, "ckanext.nextgeoss.harvest.notify_emails", ["a@example.org", "b@example.org"])
        yield got


@pytest.fixture()
def webhook(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    with serve(
        {"/hook": lambda call: call.answer({}), "/broken": lambda call: call.answer({}, 500)}
    ) as server:
        hub.allow(server.host)
        monkeypatch.setenv("TEST_WEBHOOK", f"{server.url}/hook?token=s3cret")
        set_option(monkeypatch, "ckanext.nextgeoss.harvest.notify_webhook", "env:TEST_WEBHOOK")
        yield server


def ended(hub: Hub, *faults: str, result: str = "complete") -> dict[str, Any]:
    """The job of a harvest that ended, with these faults of the provider."""
    with hub.provider(hub.products(4)) as (provider, simulator):
        source = hub.source(provider)
        for fault in faults:
            simulator.fail(fault, skip=1)
        job = run(source)
    told = {"finished": utc_now(), "result": result, "told": None}
    model.Session.query(Run).filter_by(job_id=job["id"]).update(told)
    model.Session.commit()
    return job | {"source": source}


def test_a_run_with_errors_is_told_once_by_mail_and_webhook(hub: Hub, mails: Mails, webhook: LocalServer):
    job = ended(hub, "nameless")
    assert (tell_of_runs(), tell_of_runs()) == (1, 0)
    assert [mail["To"] for mail in mails] == ["a@example.org", "b@example.org"]
    assert mails[0]["Subject"].startswith(f"Harvest of {job['source']['name']}: with errors, ")
    body = mails[0].get_content()
    assert f"http://test.ckan.net/harvest/{job['source']['name']}/job/{job['id']}" in body
    assert "no id" in body
    (call,) = webhook.calls
    assert (call.method, call.path) == ("POST", "/hook?token=s3cret")
    told = json.loads(call.body)
    assert (told["event"], told["job"]["id"]) == ("harvest_errors", job["id"])
    assert told["progress"]["errored"] == sum(error["count"] for error in told["errors"])
    assert told["source"]["name"] == job["source"]["name"]
    assert told["text"].startswith("Harvest of ")


def test_a_failed_slice_is_told_with_the_command_that_goes_on(hub: Hub, mails: Mails):
    job = ended(hub, "html", result="incomplete")
    assert tell_of_runs() == 1
    body = mails[0].get_content()
    assert f"ckan nextgeoss harvest resume {job['id']}" in body
    assert "HTML (Maintenance) instead of JSON" in body


def test_the_scheduler_tells(hub: Hub, mails: Mails, monkeypatch: pytest.MonkeyPatch):
    set_option(monkeypatch, "ckanext.nextgeoss.harvest.silent_days", 5)
    now = [0.0]
    chores = Chores(lambda: now[0])
    ended(hub, "nameless")
    chores.do()
    told = of_harvests(mails)
    assert [mail["Subject"].partition(":")[2].partition(",")[0] for mail in told[::2]] == [" with errors"]
    silent(hub, 6)
    now[0] = 100.0
    chores.do()
    assert len(of_harvests(mails)) == 2, "silence is looked for once an hour"
    now[0] = 4000.0
    chores.do()
    assert len(of_harvests(mails)) == 4


def of_harvests(mails: Mails) -> Mails:
    """Without those on feedback, which other tests have left to be told."""
    return [mail for mail in mails if "feedback" not in mail["Subject"]]


def test_good_runs_and_those_that_a_person_ended_are_not_told(hub: Hub, mails: Mails):
    ended(hub)
    ended(hub, "nameless", result="cancelled")
    assert tell_of_runs() == 0
    assert mails == []


def test_history_is_not_told_when_notices_are_switched_on(
    hub: Hub, mails: Mails, monkeypatch: pytest.MonkeyPatch
):
    job = ended(hub, "nameless")
    model.Session.query(Run).filter_by(job_id=job["id"]).update({"finished": utc_now() - timedelta(days=2)})
    model.Session.commit()
    assert tell_of_runs() == 0


def test_without_an_address_nothing_is_told_and_nothing_noted(hub: Hub):
    job = ended(hub, "nameless")
    assert tell_of_runs() == 0
    assert model.Session.query(Run.told).filter_by(job_id=job["id"]).scalar() is None


def test_what_cannot_be_sent_is_logged_without_secrets(
    hub: Hub,
    mails: Mails,
    webhook: LocalServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    set_option(monkeypatch, "smtp.server", "127.0.0.1:1")
    monkeypatch.setenv("TEST_WEBHOOK", f"{webhook.url}/broken?token=s3cret")
    ended(hub, "nameless")
    assert (tell_of_runs(), tell_of_runs()) == (1, 0)
    told = "\n".join(record.getMessage() for record in caplog.records if "notifying" in record.name)
    assert "could not be sent to a@example.org" in told
    assert "could not be sent to b@example.org" in told
    assert "could not be sent to the webhook: it answered 500" in told
    assert "s3cret" not in caplog.text


def test_a_webhook_in_the_own_network_is_refused_unless_it_is_allowed(
    hub: Hub, webhook: LocalServer, caplog: pytest.LogCaptureFixture
):
    ended(hub, "nameless")
    hub.forbid()
    assert tell_of_runs() == 1
    assert webhook.calls == []
    assert "could not be sent to the webhook: Refused" in caplog.text


def silent(hub: Hub, days: int, **settings: Any) -> dict[str, Any]:
    """A source whose last new product came so many days ago."""
    with hub.provider(hub.products(1)) as (provider, _):
        source = hub.source(provider, **settings)
        run(source)
    brought(source["id"], days)
    return source


def brought(source_id: str, days: int) -> None:
    then = utc_now() - timedelta(days=days)
    times = {"started": then, "finished": then, "progressed": then}
    model.Session.query(Slice).filter_by(source_id=source_id).update(times)
    model.Session.query(HarvestSource).filter_by(id=source_id).update({"frequency": "DAILY", "created": then})
    model.Session.commit()


def test_a_silent_source_is_told_once_for_each_silence(
    hub: Hub, mails: Mails, webhook: LocalServer, monkeypatch: pytest.MonkeyPatch
):
    set_option(monkeypatch, "ckanext.nextgeoss.harvest.silent_days", 5)
    source = silent(hub, 6)
    assert (tell_of_silence(), tell_of_silence()) == (1, 0)
    assert "brought no new product for 5 days" in mails[0].get_content()
    assert json.loads(webhook.calls[0].body)["event"] == "source_silent"
    brought(source["id"], 0)
    assert tell_of_silence() == 0
    # as if people had been told before it spoke, and it was silent again since
    model.Session.query(Tally).filter_by(source_id=source["id"]).update(
        {"silence_told": utc_now() - timedelta(days=20)}
    )
    brought(source["id"], 6)
    assert (tell_of_silence(), tell_of_silence()) == (1, 0)


def test_a_source_may_say_its_own_number_of_days(hub: Hub, mails: Mails, monkeypatch: pytest.MonkeyPatch):
    set_option(monkeypatch, "ckanext.nextgeoss.harvest.silent_days", 2)
    silent(hub, 6, silent_days=0)
    silent(hub, 6, silent_days=10)
    assert tell_of_silence() == 0
    quiet = silent(hub, 6, silent_days=3)
    model.Session.query(HarvestSource).filter_by(id=quiet["id"]).update({"frequency": "MANUAL"})
    model.Session.commit()
    assert tell_of_silence() == 1


def test_sources_that_are_harvested_by_hand_are_not_silent(
    hub: Hub, mails: Mails, monkeypatch: pytest.MonkeyPatch
):
    set_option(monkeypatch, "ckanext.nextgeoss.harvest.silent_days", 2)
    source = silent(hub, 6)
    model.Session.query(HarvestSource).filter_by(id=source["id"]).update({"frequency": "MANUAL"})
    model.Session.commit()
    assert tell_of_silence() == 0
