"""What deleted sources offered goes: a batch after another while there is time, and on in the next round."""

from __future__ import annotations

import time

from ckan import model

from . import ledger
from .writers import withdrawing_writer

_BATCH = 200


def withdraw_deleted(seconds: float) -> None:
    """Take back, for about so many seconds, what sources offered whose dataset is deleted or gone."""
    until = time.monotonic() + seconds
    session = model.Session()
    for source_id in ledger.deleted_sources(session):
        writer = withdrawing_writer(source_id)
        while batch := ledger.offered_packages(session, source_id, _BATCH):
            writer.withdraw(batch)
            if time.monotonic() > until:
                return
