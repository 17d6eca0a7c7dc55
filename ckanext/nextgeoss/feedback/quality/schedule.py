"""Checks that the scheduler makes by itself: a run each so many hours, a short piece at a time, so that
harvests do not wait for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from threading import Event, Timer

import sqlalchemy as sa
from ckan import model
from sqlalchemy import Engine

from ... import config
from ...eo.collection import load_registry
from .. import config as options
from .around import RunBusy
from .asking import Asker
from .client import asker_maker
from .link_runs import LINKS, LinkRun
from .links import Policy
from .model import QualityRun
from .reading import naive
from .runs import RECORDS, Checker, Run

# seconds of a piece, half for links, half for datasets
PIECE = 10.0
# until when there is nothing to look at; whoever starts again looks once more
_rest: dict[str, datetime] = {}


def check_a_while(
    seconds: float = PIECE,
    *,
    make_asker: Callable[[], Callable[[], Asker]] = asker_maker,
    now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
) -> tuple[int, int]:
    """Go on with the checks that are due, for some seconds; gives how many links were looked at and how many
    datasets the run has checked so far. None are due without the option, or soon after a run by command."""
    every, engine = timedelta(hours=options.check_interval()), model.meta.engine
    if not every or engine is None:
        return 0, 0
    links = datasets = 0
    with suppress(RunBusy):
        links = _look_at_links(engine, every, seconds / 2, make_asker, now)
    with suppress(RunBusy):
        datasets = _check_records(engine, every, seconds / 2, now)
    return links, datasets


def policy() -> Policy:
    """When a link is broken, and when it is looked at again, as the options say."""
    return Policy(failures=options.link_failures(), again=timedelta(days=options.link_days()))


def _look_at_links(
    engine: Engine,
    every: timedelta,
    seconds: float,
    make_asker: Callable[[], Callable[[], Asker]],
    now: Callable[[], datetime],
) -> int:
    """Look at as many links as are left of those of an interval."""
    begun = now()
    if begun < _rest.get(LINKS, begun):
        return 0
    row = QualityRun
    seen = sa.select(sa.func.sum(row.done)).where(row.kind == LINKS, row.started > naive(begun - every))
    with engine.connect() as connection:
        left = options.links_per_run() - (connection.scalar(seen) or 0)
    if left <= 0:
        return 0
    with _for_a_while(seconds) as stop:
        done = LinkRun(engine, make_asker(), most=left, policy=policy(), stop=stop, now=now).run()
        if not stop.is_set() and done < left:
            _rest[LINKS] = begun + every
    return done


def _check_records(engine: Engine, every: timedelta, seconds: float, now: Callable[[], datetime]) -> int:
    row = QualityRun
    last = sa.select(row.started, row.finished).where(row.kind == RECORDS).order_by(row.started.desc())
    with engine.connect() as connection:
        found = connection.execute(last.limit(1)).first()
    if found and found.finished and found.started > naive(now() - every):
        return 0
    with _for_a_while(seconds) as stop:
        return Run(engine, Checker(config.eo_properties(), load_registry(), now), stop=stop).run()


@contextmanager
def _for_a_while(seconds: float) -> Iterator[Event]:
    """Is set when the time is over."""
    stop = Event()
    timer = Timer(seconds, stop.set)
    timer.daemon = True
    if seconds > 0:
        timer.start()
    else:
        stop.set()
    try:
        yield stop
    finally:
        timer.cancel()
