"""Items as rows: how they are written, found and read as the standard has them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...eo.errors import BadValue
from ...eo.temporal import format_time
from ..model import Follow, Item, Moderation, Notice, Reaction, Target, utc_now
from ..moderation_model import Version
from ..rules import ORCID
from ..said import columns, comment, has_issue, words
from ..spam import content_hash
from ..states import DELETED, DRAFT, LOCAL, OPEN, PRIMARY, PUBLISHED, USUAL_SEVERITY
from .counting import counted
from .targets import set_raters
from .visible import Caller, is_any, is_moderated, is_visible

Parts = Mapping[str, Any]
# what the row of an item says of itself, and no part repeats
_OF_ROW = ("item_identifier", "date_info", "item_is_reply_to")
ANSWER, RESPONSE, ACCEPTED = "answer", "response", "acceptedAnswer"
# what an answer becomes by what somebody else does
STANDINGS = (RESPONSE, ACCEPTED, "moderation")
# for an author who does not show his name
NOBODY = "Anonymous"
_RATER = "nextgeoss_feedback_target_rater"


class RatedAlready(BadValue):
    """A second rating of one dataset by one user."""

    def __init__(self, rating: object):
        super().__init__(rating, "rating", "one rating of a dataset by one user; change the one you gave")


def new_id() -> str:
    """An id for an item."""
    return str(uuid4())


def find(session: Session, item_id: str, *, lock: bool = False) -> Item | None:
    """The item of this id as the database holds it now; with `lock` nobody else changes it before the
    transaction ends."""
    asked = sa.select(Item).where(Item.id == item_id).execution_options(populate_existing=True)
    return session.scalar(asked.with_for_update() if lock else asked)


def sees(session: Session, caller: Caller, item_id: str) -> bool:
    """Whether the caller may see the item."""
    return bool(session.scalar(sa.select(Item.id).where(Item.id == item_id, is_visible(caller))))


def fill(item: Item, parts: Parts) -> None:
    """Have the row of an item say what its parts do."""
    for name, value in columns(parts).items():
        setattr(item, name, value)
    item.content_hash = content_hash(comment(parts))
    item.words = sa.func.to_tsvector("simple", words(parts))
    item.parts = kept(parts) if item.source == LOCAL else dict(parts)
    if has_issue(parts) and not item.root_id:
        item.issue_state = item.issue_state or OPEN
        item.issue_severity = item.issue_severity or USUAL_SEVERITY
    else:
        item.issue_state = item.issue_severity = None


def kept(parts: Parts) -> dict[str, Any]:
    """The parts without what the row says: who and when, and which item is answered."""
    found = {name: part for name, part in parts.items() if name not in _OF_ROW}
    contact = {name: part for name, part in found["contact"].items() if name != "user_details"}
    return {**found, "contact": contact}


def complete(item: Item, *, orcid: str = "") -> dict[str, Any]:
    """All parts of an item, as guf.FeedbackItem reads them; `orcid` is of an author who shows it."""
    said = item.parts.get("contact") or {}
    contact = _contact(item)
    if orcid:
        contact["external_user_id"] = [{"code": orcid, "code_space": ORCID}]
    return {**_of_row(item), **item.parts, "contact": {**contact, **said}}


def complete_given(item: Item, given: Parts) -> dict[str, Any]:
    """The parts that are given for an item of our own, with what its row says in place of what they say."""
    contact = given.get("contact")
    if isinstance(contact, Mapping):
        contact = {**contact, **_contact(item)}
    return {**given, **_of_row(item), "contact": contact}


def _of_row(item: Item) -> dict[str, Any]:
    own: dict[str, Any] = {
        "item_identifier": {"code": item.source_code or item.id, "code_space": item.code_space},
        "date_info": dates(item.created, item.modified if item.edited else None),
    }
    if item.reply_to_id:
        own["item_is_reply_to"] = [{"code": item.reply_to_id, "code_space": item.code_space}]
    return own


def _contact(item: Item) -> dict[str, Any]:
    name = item.author_name or NOBODY
    return {"user_details": {"role": "user", "party": [{"name": name}]}}


def dates(created: datetime, edited: datetime | None) -> list[dict[str, str]]:
    """The dates of an item as the standard has them."""
    found = [{"date": time_text(created), "date_type": "creation"}]
    return found if edited is None else [*found, {"date": time_text(edited), "date_type": "revision"}]


def time_text(time: datetime) -> str:
    """A time of a row, which is in UTC, as parts have it."""
    return format_time(time.replace(tzinfo=timezone.utc))


def add(session: Session, item: Item, targets: Sequence[Target]) -> None:
    """Keep a new item with its targets; RatedAlready when its author has rated one of the datasets."""
    set_raters(item, targets)
    with counted(session, [item.id]):
        session.add(item)
        session.add_all(targets)
        flush(session, item)


def flush(session: Session, item: Item) -> None:
    """Send an item to the database; RatedAlready when its author has rated the same dataset already, after
    which the transaction is good for nothing else."""
    try:
        session.flush()
    except IntegrityError as error:
        if _RATER not in str(error.orig):
            raise
        session.rollback()
        raise RatedAlready(item.rating) from error


def set_state(
    session: Session,
    item: Item,
    state: str,
    action: str,
    *,
    actor_id: str | None,
    reason: str = "",
    note: str = "",
) -> None:
    """Change the state of an item, and write down who did so and why; to be called within `counted`."""
    log(session, item, state, action, actor_id=actor_id, reason=reason, note=note)
    if state != PUBLISHED:
        reopen_question(session, item)
    item.state = state
    now = utc_now()
    if state == "published" and item.published is None:
        item.published = now
    item.deleted = now if state == "deleted" else None
    if state == DELETED:
        item.sent_as = None  # what is sent again is another one


def log(
    session: Session,
    item: Item,
    state: str,
    action: str,
    *,
    actor_id: str | None,
    reason: str = "",
    note: str = "",
    first: bool = False,
) -> None:
    """Write down that an item comes into a state."""
    session.add(
        Moderation(
            item_id=item.id, actor_id=actor_id, action=action, from_state=None if first else item.state,
            to_state=state, reason=reason, note=note, at=utc_now(),
        )
    )  # fmt: skip


def purge(session: Session, item: Item) -> None:
    """Take an item out of the database, with all that hangs on it but the log of its states; what answers it
    goes with it."""
    below = sa.select(sa.literal(item.id, sa.UnicodeText).label("id")).cte(recursive=True)
    below = below.union(sa.select(Item.id).join(below, Item.reply_to_id == below.c.id))
    ids = sorted({*session.scalars(sa.select(below.c.id)), *session.scalars(_thread(item))})
    with counted(session, ids):
        for table in (Reaction, Target, Notice, Version):
            session.execute(sa.delete(table).where(table.item_id.in_(ids)))
        session.execute(sa.delete(Item).where(Item.id.in_(ids)))
        threads = sa.delete(Follow).where(Follow.subject_type == "thread", Follow.subject_id.in_(ids))
        session.execute(threads)
        accepted = sa.update(Item).where(Item.accepted_id.in_(ids)).values(accepted_id=None)
        session.execute(accepted)
        session.expire_all()


def _thread(item: Item) -> sa.Select[tuple[str]]:
    return sa.select(Item.id).where(Item.root_id == item.id)


def outdated(session: Session, before: datetime) -> list[str]:
    """Items that were deleted before that time, and drafts that were last changed before it."""
    old = sa.or_(
        sa.and_(Item.state == DELETED, Item.deleted < before),
        sa.and_(Item.state == DRAFT, Item.modified < before),
    )
    return list(session.scalars(sa.select(Item.id).where(old).order_by(Item.id)))


def sent_before(session: Session, item: Item, since: datetime) -> int:
    """How often the same words were sent since then in other items, by anybody."""
    asked = sa.select(sa.func.count()).where(
        Item.content_hash == item.content_hash, Item.id != item.id, Item.created >= since
    )
    return session.scalar(asked) or 0


def moderates(session: Session, caller: Caller, item_id: str) -> bool:
    """Whether the caller moderates feedback on what the item is about."""
    return bool(session.scalar(sa.select(Item.id).where(Item.id == item_id, is_moderated(caller))))


def package_ids(session: Session, item_id: str) -> list[str]:
    """The datasets that an item is about in the first place."""
    asked = sa.select(Target.package_id).where(
        Target.item_id == item_id, Target.role == PRIMARY, Target.package_id.is_not(None)
    )
    return [package_id for package_id in session.scalars(asked.distinct()) if package_id]


def with_questions(session: Session, item_ids: Collection[str]) -> list[str]:
    """These items and the questions to which they are accepted answers: what is changed together when the
    items go, to be locked together."""
    asked = sa.select(Item.root_id).where(is_any(Item.id, item_ids), Item.motivation == ACCEPTED)
    return sorted({*item_ids, *(root for root in session.scalars(asked) if root)})


def reopen_question(session: Session, answer: Item) -> None:
    """Have a question wait for an answer again when the one that was accepted is not shown any more; to be
    called within `counted`."""
    if answer.root_id and answer.motivation == ACCEPTED:
        set_motivation(answer, RESPONSE if answer.organization_id else ANSWER)
        question = find(session, answer.root_id)
        if question is not None and question.accepted_id == answer.id:
            with counted(session, [question.id]):
                question.accepted_id = None


def set_motivation(item: Item, motivation: str) -> None:
    """Have an answer be of another kind."""
    if comment := item.parts.get("user_comment"):
        item.parts = {**item.parts, "user_comment": {**comment, "motivation": motivation}}
        item.motivation = motivation
