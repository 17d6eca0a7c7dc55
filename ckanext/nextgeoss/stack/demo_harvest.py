"""Watch the first harvest from the console."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from .errors import StackError
from .hub import Hub
from .processes import Patience, cpu_seconds
from .supervision import UP

PRODUCTS = "SELECT count(*) FROM package WHERE type = 'eo_product' AND state = 'active'"
JOB = (
    "SELECT id, gather_finished IS NOT NULL, status = 'Finished' FROM harvest_job "
    "WHERE source_id = %s ORDER BY created DESC LIMIT 1"
)
OPEN_OBJECTS = (
    "SELECT count(*) FROM harvest_object WHERE harvest_job_id = %s AND state NOT IN ('COMPLETE', 'ERROR')"
)
ERRORS = (
    "SELECT message FROM harvest_gather_error WHERE harvest_job_id = %s "
    "UNION ALL SELECT e.message FROM harvest_object_error e "
    "JOIN harvest_object o ON o.id = e.harvest_object_id WHERE o.harvest_job_id = %s"
)
WAITING = "SELECT count(*) FROM nextgeoss_outbox WHERE error IS NULL"
# seconds after which searches see what the indexer has done last
SHOWN_AFTER = 3.0
# seconds for which no worker does anything before it is said that the harvest does not move
PATIENCE = 180.0
WORKERS = ("gather", "fetch-")


def watch(hub: Hub, source: str, expected: int | None, tell: Callable[[str], None]) -> None:
    """Show a progress bar until the last job of `source` is done, however long that takes; StackError when a
    worker has ended, or all of them do nothing any more."""
    from tqdm import tqdm

    patience = Patience(PATIENCE)
    pause = 0.2 if sys.stderr.isatty() else 10  # a log file is not to be filled with bars
    with tqdm(None, "harvesting the demo catalogue", expected, unit="product", mininterval=pause) as bar:
        while not (job := _job(hub, source))[1]:
            found = hub.query(PRODUCTS)[0][0]
            bar.update(found - bar.n)
            if patience.ends((found, _worked(hub.supervisor.states()))):
                raise StackError(
                    "the demo harvest does not move; see `nextgeoss logs gather` and `logs fetch-1`"
                )
            time.sleep(0.5)
        bar.update(hub.query(PRODUCTS)[0][0] - bar.n)
        harvested = bar.n
    _wait_for_index(hub, tell)
    for (message,) in hub.query(ERRORS, job[0], job[0])[:5]:
        tell(f"harvest error: {message}")
    if not harvested:
        raise StackError(
            "the demo harvest brought no product; see `nextgeoss logs gather` and `logs fetch-1`"
        )


def _worked(states: Mapping[str, Mapping[str, Any]]) -> int:
    """Whole seconds that the workers of harvests have worked; StackError when one of them was given up."""
    workers = {name: state for name, state in states.items() if name.startswith(WORKERS)}
    for name, state in workers.items():
        if state["statename"] not in UP:
            raise StackError(f"the harvest worker {name} has ended; see `nextgeoss logs {name}`")
    return int(sum(cpu_seconds(state["pid"]) for state in workers.values()))


def _wait_for_index(hub: Hub, tell: Callable[[str], None]) -> None:
    """Until all that was harvested is found, as long as the indexer gets on with it."""
    patience = Patience(60)
    while waiting := hub.query(WAITING)[0][0]:
        if patience.ends(waiting) or not hub.supervisor.alive("indexer"):
            tell(f"{waiting} products cannot be found yet; see `nextgeoss logs indexer`")
            return
        time.sleep(0.5)
    time.sleep(SHOWN_AFTER)


def _job(hub: Hub, source: str) -> tuple[str, bool]:
    """The last job of `source`, and whether all of its work is done."""
    rows = hub.query(JOB, source)
    if not rows:
        return "", False
    job, gathered, finished = rows[0]
    return job, finished or (gathered and not hub.query(OPEN_OBJECTS, job)[0][0])


def unfinished_source(hub: Hub) -> str:
    """The demo source when its first harvest was interrupted, else ''."""
    rows = hub.query("SELECT id FROM harvest_source WHERE active AND url = %s", hub.simulator_url)
    return rows[0][0] if rows and not _job(hub, rows[0][0])[1] else ""
