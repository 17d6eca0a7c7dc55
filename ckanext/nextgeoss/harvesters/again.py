"""Stored records read once more, without the network: those that are current, or those that a job could not
read. Each is a slice of a job of its own, so that it is seen, cancelled and gone on with like any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model

from ..eo.errors import NextGEOSSError
from . import hints, steps
from .lease import Lease
from .model import DONE, STOPPED, Slice
from .offers import Offered, Terms
from .provider import Provider
from .records import Records, Stored, count_stored, stored_records
from .steps import Step
from .terms import guid_collection, read_native
from .writer import Writer

# options of a run, and members of its slice's query: all current records of the source (true), or those that
# the job of this id could not read
REPLAY, RETRY = "replay", "retry"
_BATCH = 500


def pieces(options: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The slice of a run with such an option, by key and query; none for all other runs."""
    return [(name, {name: options[name]}) for name in (REPLAY, RETRY) if options.get(name)]


def is_again(piece: Slice) -> bool:
    """Whether a slice is of stored records."""
    return bool(piece.query.get(REPLAY) or piece.query.get(RETRY))


def read_again(piece: Slice, provider: Provider, terms: Terms, writer: Writer, lease: Lease) -> str:
    """Read what is left of such a slice, write what has changed; DONE, or STOPPED when the job was ended."""
    session = model.Session()
    which = Records(piece.source_id, piece.job_id, piece.query.get(RETRY, ""))
    total = count_stored(session, which)
    while steps.is_running(session, piece.job_id):
        lease.check()
        records = stored_records(session, which, piece.cursor or "", _BATCH)
        cursor = records[-1].id if len(records) == _BATCH else None
        _write(piece, records, provider, terms, writer, _step(piece, len(records), total, cursor))
        if cursor is None:
            return DONE
    return STOPPED


def _write(
    piece: Slice, records: list[Stored], provider: Provider, terms: Terms, writer: Writer, step: Step
) -> None:
    offered: list[Offered] = []
    for record in records:
        try:
            product = read_native(provider, record.native, guid_collection(record.guid))
        except NextGEOSSError as error:
            writer.refuse(record.guid, getattr(error, "reason", str(error)), record.native)
            continue
        offered.append(terms.offer(product, record.native))
    writer.write(offered, lambda: steps.take_step(model.Session(), piece, step))
    model.Session().refresh(piece)
    hints.refresh(piece.id)


def _step(piece: Slice, seen: int, total: int, cursor: str | None) -> Step:
    return Step(
        seen=seen,
        requests=0,
        bytes=0,
        totals=() if piece.total is not None else (total,),
        cursor=cursor,
        warnings=(),
        hands_over=False,
        where=f"stored records, {piece.key}",
    )
