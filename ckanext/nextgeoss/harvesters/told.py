"""What people were told: of which runs, and of the silence of which sources; each at most once."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from .model import Run, utc_now
from .tally import Tally


def take_ended_runs(session: Session, since: datetime) -> list[Run]:
    """The runs that ended after `since` and that nobody has taken yet; commit before telling people."""
    ended = sa.and_(Run.finished > since, Run.told.is_(None))
    taken = sa.update(Run).where(ended).values(told=utc_now()).returning(Run.job_id)
    ids = list(session.scalars(taken.execution_options(synchronize_session=False)))
    return list(session.scalars(sa.select(Run).where(Run.job_id.in_(ids)).order_by(Run.finished)))


def take_silence(session: Session, source_id: str, since: datetime) -> bool:
    """Whether nobody was told that a source is silent `since` then; afterwards somebody was. Commit first."""
    now = utc_now()
    row = insert(Tally).values(source_id=source_id, silence_told=now)
    again = sa.or_(Tally.silence_told.is_(None), Tally.silence_told < since)
    taken = row.on_conflict_do_update(
        index_elements=["source_id"], set_={"silence_told": now}, where=again
    ).returning(Tally.source_id)
    return session.scalar(taken) is not None
