"""What was sent before: the same that comes again makes no second item."""

from __future__ import annotations

import hashlib
import hmac

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..model import Item


def mark(key: str, who: str, what: str, once: str) -> str:
    """What is kept of the word that tells one sending of somebody from all others; the word cannot be read
    from it."""
    return hmac.new(key.encode(), "\n".join((who, what, once)).encode(), hashlib.sha256).hexdigest()


def sent_already(session: Session, sent_as: str) -> str | None:
    """The id of the item that was made of this sending. While another transaction makes it, it is waited for;
    when there is none, nobody else makes it before this transaction ends."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sent_as, 0))))
    return session.scalar(sa.select(Item.id).where(Item.sent_as == sent_as))
