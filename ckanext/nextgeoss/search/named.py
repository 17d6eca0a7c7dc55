"""Collections by what they are called: the dataset of a collection's own identifier or of an alias of it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..eo.collection import load_registry
from ..package import COLLECTION_TYPE

_NAMED = sa.text(
    "SELECT id FROM package WHERE type = :type AND state = 'active'"
    " AND extras ->> 'collection_id' = ANY(:names) ORDER BY id LIMIT 1"
)


def collection_named(session: Session, name: str) -> str:
    """The id of the dataset of a collection; empty when there is none."""
    known = load_registry().canonical(name)
    names = [name, known.id, *known.aliases] if known else [name]
    return session.scalar(_NAMED, {"type": COLLECTION_TYPE, "names": names}) or ""
