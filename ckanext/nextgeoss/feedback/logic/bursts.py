"""Bursts of ratings: found now and then, told to moderators, held back where the site says so."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from .. import config
from ..model import utc_now
from ..states import PENDING, PUBLISHED
from ..store import bursts, items
from ..store.counting import counted
from ..store.visible import Caller
from . import signals
from .caller import user_of
from .schema import moderation as schema
from .schema.values import validated

log = logging.getLogger(__name__)

# what its author reads of a rating that waits because of many others
WAITS = "many ratings of this dataset came at once, and a moderator looks at them"


def look_for_bursts() -> None:
    """Raise an alarm for each dataset that was rated much more often than usual in the last 24 hours, and
    hold the ratings of open alarms where the site says so. Commits after each dataset."""
    least, session, now = config.burst_ratings(), model.Session(), utc_now()
    if not least:
        return
    for found in bursts.find(session, now, least=least, above=config.burst_score()):
        if bursts.raise_alarm(session, found, now):
            _tell(found)
        session.commit()
    if config.hold_bursts():
        for burst, *_ in list(bursts.open_ones(session)):
            _change(bursts.to_hold(session, burst), PENDING, bursts.HELD, None, WAITS)
            session.commit()


def _tell(found: bursts.Found) -> None:
    """Write it into the log of the newest rating, from which mails to moderators are made."""
    item = items.find(model.Session(), found.item_id, lock=True)
    if item is not None:
        note = f"{found.ratings} ratings in a day, {found.usual:.1f} are usual"
        items.log(model.Session(), item, item.state, "burst", actor_id=None, note=note)
        log.warning("Dataset %s got %s", found.package_id, note)


def _change(ids: Sequence[str], state: str, action: str, actor: str | None, reason: str = "") -> None:
    session = model.Session()
    with counted(session, ids):
        for item_id in ids:
            item = items.find(session, item_id)
            if item is not None:
                items.set_state(session, item, state, action, actor_id=actor, reason=reason)


def shown(caller: Caller) -> list[dict[str, Any]]:
    """The bursts that a moderator is to look at, the strangest first."""
    session = model.Session()
    return [
        {
            "package_id": burst.package_id, "name": name, "title": title, "ratings": burst.ratings,
            "usual": round(burst.usual, 2), "score": round(burst.score, 1),
            "average": round(burst.average, 2), "since": items.time_text(burst.since),
            "found": items.time_text(burst.found), "held": len(bursts.held(session, burst)),
        }
        for burst, name, title in list(bursts.open_ones(session, caller))
    ]  # fmt: skip


def feedback_burst_clear(context: Context, data_dict: dict[str, Any]) -> dict[str, int]:
    """Say that a burst of ratings was looked at: the alarm goes, and what waits because of it is published.
    Ratings that are no good are hidden one by one, before or after.

    :param package_id: id of the dataset
    :returns: `published`: how many ratings had waited
    """
    own = validated(schema.feedback_burst_clear_schema, data_dict, None, context)
    toolkit.check_access("feedback_burst_clear", context, own)
    session, user = model.Session(), user_of(context)
    actor = user.id if user else None
    burst = bursts.clear(session, own["package_id"], actor)
    if burst is None:
        session.rollback()
        raise toolkit.ObjectNotFound(toolkit._("There is no such burst of ratings."))
    ids = bursts.held(session, burst)
    _change(ids, PUBLISHED, "restore", actor)
    session.commit()
    for item_id in ids:
        signals.moderated.send(item_id, action="restore", state=PUBLISHED, reason="")
    return {"published": len(ids)}
