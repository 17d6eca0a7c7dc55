"""What is kept for some time only: deleted items, drafts, what items said before they were changed, and the
log of items that are gone."""

from __future__ import annotations

from datetime import timedelta

from ckan import model

from .. import config
from ..model import utc_now
from ..store import facts, items, versions


def purge(days: int | None = None) -> dict[str, int]:
    """Take out of the database what is older than so many days, or as the options say; how many `items`,
    earlier `versions` and lines of the `log` went. Commits after each item."""
    now, session, number = utc_now(), model.Session(), 0
    before = now - timedelta(days=config.retention_days() if days is None else days)
    for item_id in items.outdated(session, before):
        item = items.find(session, item_id, lock=True)
        if item is not None:  # an answer goes with what it answers
            items.purge(session, item)
            session.commit()
            number += 1
    earlier = versions.drop_old(session, before)
    keep = config.log_days()
    lines = facts.drop_log(session, now - timedelta(days=keep)) if keep else 0
    session.commit()
    return {"items": number, "versions": earlier, "log": lines}
