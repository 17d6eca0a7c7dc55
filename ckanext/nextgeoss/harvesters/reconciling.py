"""Reconciling: what a provider has no more is withdrawn, when everything it has was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckan import model

from ..eo.errors import BadValue, NextGEOSSError
from ..eo.footprint import Footprint
from ..eo.temporal import TemporalExtent
from . import steps
from .lease import Lease
from .ledger import doubtful_slices, unread_slices
from .model import Run, Slice, job_counters
from .offered import count_offered, unseen_offers
from .writer import Writer

KEY = "reconcile"
_BATCH = 500


class Unsure(NextGEOSSError):
    """Nothing is withdrawn, since it is not certain that it is gone, or it is too much."""


def reconcile(piece: Slice, run: Run, writer: Writer, lease: Lease, ratio: float) -> None:
    """Withdraw what the source offered and this run has not met, of what the run asked for; Unsure says why
    not.

    More than the share `ratio` of all that the source offers goes only when the run has the option
    `confirm_deletions`."""
    session = model.Session()
    if limit := (run.asked or {}).get("limit"):
        raise Unsure(f"at most {limit} products were asked for: nothing is withdrawn")
    if unread := unread_slices(session, run.job_id, piece.id):
        raise Unsure(
            f"{unread} slices were not read to their end: what is gone cannot be told, nothing is withdrawn"
        )
    if not run.options.get("confirm_deletions"):
        _check_certain(run)
        _check_share(run, ratio)
    for ids in _batches(gone(run.asked or {}, run.source_id, run.job_id), _BATCH):
        lease.check()
        if not steps.is_running(session, run.job_id):
            return
        writer.withdraw(ids)


def _check_certain(run: Run) -> None:
    session = model.Session()
    found = job_counters(session, [run.job_id])[run.job_id]
    if found.errored:
        words = f"{found.errored} records could not be read or written and may be what seems gone"
    elif number := doubtful_slices(session, run.job_id):
        words = f"of {number} slices the provider's count went down, or was more than what came"
    else:
        return
    raise Unsure(f"{words}: nothing is withdrawn unless the run confirms deletions")


def _check_share(run: Run, ratio: float) -> None:
    number = sum(1 for _ in gone(run.asked or {}, run.source_id, run.job_id))
    if reason := too_many(number, run.source_id, ratio):
        raise Unsure(reason)


def too_many(number: int, source_id: str, ratio: float) -> str:
    """Why so many products of a source are not withdrawn; "" when they are."""
    offered = count_offered(model.Session(), source_id)
    if number <= ratio * offered:
        return ""
    return (
        f"{number} of {offered} products ({100 * number / offered:.1f} %) are not offered any more; "
        f"more than {100 * ratio:g} % are not withdrawn unless the run confirms deletions"
    )


def gone(asked: Mapping[str, Any], source_id: str, job_id: str = "") -> Iterator[str]:
    """The ids of datasets that a source offers, a run has asked for and this job has not met; those of all
    jobs without one."""
    after = ""
    while rows := unseen_offers(model.Session(), source_id, job_id, after):
        for package_id, extras in rows:
            if _was_asked(asked, extras or {}):
                yield package_id
        after = rows[-1][0]


def _was_asked(asked: Mapping[str, Any], extras: Mapping[str, str]) -> bool:
    """Whether a dataset is among what a run asks for; in doubt it is not."""
    if asked.get("collections") and extras.get("collection_id") not in asked["collections"]:
        return False
    try:
        own = TemporalExtent.of(extras.get("timerange_start"), extras.get("timerange_end"))
        time = TemporalExtent.parse(asked["time"])
        if time and not (own and own.intersects(time)):
            return False
        if not asked.get("bbox"):
            return True
        footprint = Footprint.from_geojson(extras.get("spatial"))
        return footprint is not None and footprint.intersects(Footprint.from_bbox(*asked["bbox"]))
    except BadValue:
        return False


def _batches(ids: Iterator[str], size: int) -> Iterator[list[str]]:
    batch: list[str] = []
    for each in ids:
        batch.append(each)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
