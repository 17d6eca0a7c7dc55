"""`ckan nextgeoss harvest scheduler`: what must be done again and again, by one process of the site."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import click
from ckan import model
from ckan.plugins import PluginImplementations, toolkit

from ... import config
from ...interfaces import IChores
from ...search.alerts import send_alerts
from .. import ledger
from ..closing import end_runs
from ..notifying import tell_of_runs, tell_of_silence
from ..pruning import prune
from ..repair import repair
from ..retiring import retire
from ..sources import all_sources
from ..withdrawing import withdraw_deleted

log = logging.getLogger(__name__)

_HOUR = 3600.0
# a mail may take a while, and so may the search for what is new to it
_ALERTS = 300.0


@click.command(short_help="Start due harvests and close finished ones, again and again")
@click.option("--every", default=30.0, show_default=True, help="Seconds between two rounds.")
@click.option("--rounds", default=0, help="End after so many rounds; 0: never.")
def scheduler(every: float, rounds: int) -> None:
    """Call `harvest_jobs_run` every few seconds until told to stop (SIGTERM, SIGINT)."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    done, chores = 0, Chores()
    while not stop.is_set():
        run_jobs(every)
        chores.do()
        done += 1
        if done == rounds or stop.wait(every):
            return


def run_jobs(every: float = 30.0) -> None:
    """One round of those that come every so many seconds; a failure is logged, and the next round may do
    better."""
    with _tried("A round of the harvest scheduler"):
        retire()
        repair()
        withdraw_deleted(every / 2)
        user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        toolkit.get_action("harvest_jobs_run")({"user": user, "ignore_auth": True}, {})
        end_runs()


class Chores:
    """What the scheduler does besides: tells people what went wrong and what is new, prunes what is old."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._done: dict[str, float] = {}

    def do(self) -> None:
        """Do what is due; what fails is logged, and done again when it is due again."""
        self._do("telling of runs", 0.0, tell_of_runs)
        self._do("telling of silence", _HOUR, tell_of_silence)
        self._do("sending alerts", _ALERTS, send_alerts)
        for plugin in PluginImplementations(IChores):
            for name, (every, chore) in plugin.chores().items():
                self._do(name, every, chore)
        if config.keep_jobs():
            self._do("pruning", 24 * _HOUR, prune_all)

    def _do(self, name: str, every: float, chore: Callable[[], object]) -> None:
        now = self._clock()
        if name in self._done and now - self._done[name] < every:
            return
        self._done[name] = now
        with _tried(f"A chore of the scheduler, {name},"):
            chore()


@contextmanager
def _tried(what: str) -> Iterator[None]:
    """Log what fails; the next time may do better."""
    try:
        yield
    except Exception as error:
        if ledger.is_lost(error):
            log.warning("%s failed, the database is gone: %s", what, str(error).splitlines()[0])
        else:
            log.exception("%s failed", what)
        model.Session.rollback()
    finally:
        model.Session.remove()


def prune_all() -> None:
    """Prune the jobs of all sources, as the option says."""
    for source_id, _ in all_sources():
        prune(source_id, config.keep_jobs())
