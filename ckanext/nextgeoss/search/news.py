"""What is new to a search since a moment, also when the index lags or is made again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from .outbox import read_waiting

# what Solr was given so long ago is committed, and found
SETTLED = timedelta(seconds=60)
# the longest transaction: what it changes is in the outbox when it ends, under the time when it began
_UNSEEN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to where news are known (naive UTC): products indexed by `indexed`; those changed before `changed`
    were indexed by then, so that a later time of indexing is no news of them."""

    indexed: datetime
    changed: datetime

    def until(self, later: datetime) -> list[str]:
        """The filters of Solr for what is new between this mark and a later moment."""
        return [
            f"indexed_ts:{{{_written(self.indexed)} TO {_written(later)}]",
            f"metadata_modified:[{_written(self.changed)} TO *]",
        ]


def mark(connection: Connection, indexed: datetime) -> Mark:
    """The mark of a moment, which must not be later than now."""
    waiting = read_waiting(connection, 0).oldest
    return Mark(indexed, min(indexed, waiting or indexed) - _UNSEEN)


def _written(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds") + "Z"
