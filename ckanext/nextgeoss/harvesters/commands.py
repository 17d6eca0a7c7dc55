"""Commands of the harvester that need the catalogue: `ckan nextgeoss harvest ...`."""

from __future__ import annotations

import logging
import signal
from threading import Event

import click
from ckan import model
from ckan.plugins import toolkit

from .closing import end_runs
from .repair import repair
from .withdrawing import withdraw_deleted

log = logging.getLogger(__name__)


@click.group(short_help="Harvesting of products")
def harvest() -> None:
    """Harvesting of products."""


@harvest.command(short_help="Start due harvests and close finished ones, again and again")
@click.option("--every", default=30.0, show_default=True, help="Seconds between two rounds.")
@click.option("--rounds", default=0, help="End after so many rounds; 0: never.")
def scheduler(every: float, rounds: int) -> None:
    """Call `harvest_jobs_run` every few seconds until told to stop (SIGTERM, SIGINT)."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    done = 0
    while not stop.is_set():
        run_jobs(every)
        done += 1
        if done == rounds or stop.wait(every):
            return


def run_jobs(every: float = 30.0) -> None:
    """One round of those that come every so many seconds; a failure is logged, and the next round may do
    better."""
    try:
        repair()
        withdraw_deleted(every / 2)
        user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        toolkit.get_action("harvest_jobs_run")({"user": user, "ignore_auth": True}, {})
        end_runs()
    except Exception:
        log.exception("A round of the harvest scheduler failed")
        model.Session.rollback()
    finally:
        model.Session.remove()
