"""The scheduler has quality checked as often as it is told, a piece at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from ckan import model
from ckan.plugins import get_plugin, toolkit

from ckanext.nextgeoss.feedback.quality import schedule
from ckanext.nextgeoss.feedback.quality.around import locked
from ckanext.nextgeoss.feedback.quality.asking import Asker, RobotsFile
from ckanext.nextgeoss.feedback.quality.link_runs import LINKS
from ckanext.nextgeoss.feedback.quality.model import QualityRun
from ckanext.nextgeoss.feedback.quality.runs import RECORDS
from ckanext.nextgeoss.feedback.quality.schedule import check_a_while
from ckanext.nextgeoss.http import HttpClient
from ckanext.nextgeoss.tests.quality import OnlyOurs, Provider, engine, forget_runs, row
from ckanext.nextgeoss.tests.quality import run as run_now

_OPTION = "ckanext.nextgeoss.feedback.quality."
DAY = timedelta(hours=24)
# enough for all that the tests have left in the database
LONG = 600.0


@pytest.fixture()
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    forget_runs()
    schedule._rest.clear()
    run_now()  # what others have left
    forget_runs()
    told(monkeypatch, check_interval=24, links_per_run=0)
    return Provider()


def told(monkeypatch: pytest.MonkeyPatch, **options: int) -> None:
    for name, value in options.items():
        monkeypatch.setitem(toolkit.config, _OPTION + name, value)


def nobody() -> Callable[[], Any]:
    """Askers that ask no host."""
    return lambda: OnlyOurs(Asker(HttpClient(), RobotsFile("x")), "http://10.0.0.1/")


def runs(kind: str = RECORDS) -> list[QualityRun]:
    model.Session.expire_all()
    query = model.Session.query(QualityRun).filter_by(kind=kind).order_by(QualityRun.started)
    return query.populate_existing().all()


def later(by: timedelta) -> Callable[[], datetime]:
    return lambda: datetime.now(timezone.utc) + by


def test_nothing_is_checked_unless_told(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, check_interval=0)
    assert check_a_while(LONG) == (0, 0) and runs() == []
    assert get_plugin("nextgeoss_feedback").chores()["checking quality"][1] is check_a_while


def test_a_run_an_interval_of_what_has_changed(provider: Provider) -> None:
    first, second = provider.add(), provider.add()
    assert check_a_while(LONG)[1] >= 2
    checked = row(first).checked
    assert row(second).score and [bool(each.finished) for each in runs()] == [True]
    provider.act("package_patch", provider.admin, id=second, notes="Another text of the second one")
    assert check_a_while(LONG, now=later(DAY / 2)) == (0, 0)
    assert len(runs()) == 1
    check_a_while(LONG, now=later(DAY + timedelta(minutes=1)))
    assert len(runs()) == 2
    assert row(first).checked == checked < row(second).checked


def test_a_run_by_command_counts(provider: Provider) -> None:
    provider.add()
    run_now()
    assert check_a_while(LONG) == (0, 0) and len(runs()) == 1


def test_the_next_piece_goes_on(provider: Provider) -> None:
    added = provider.add()
    check_a_while(0.0)
    (begun,) = runs()
    assert begun.finished is None
    check_a_while(LONG)
    (ended,) = runs()
    assert ended.id == begun.id and ended.finished and row(added).score
    with locked(engine()):
        assert check_a_while(LONG, now=later(2 * DAY)) == (0, 0)


def test_so_many_links_an_interval(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        provider.add()
    told(monkeypatch, links_per_run=3)
    assert check_a_while(LONG, make_asker=nobody)[0] == 3
    assert check_a_while(LONG, make_asker=nobody)[0] == 0
    assert sum(each.done for each in runs(LINKS)) == 3
    told(monkeypatch, links_per_run=100_000)
    assert check_a_while(LONG, make_asker=nobody)[0] >= 2
    assert check_a_while(LONG, make_asker=nobody)[0] == 0 and len(runs(LINKS)) == 2, "all were looked at"
    check_a_while(LONG, make_asker=nobody, now=later(DAY + timedelta(minutes=1)))
    assert len(runs(LINKS)) == 3
