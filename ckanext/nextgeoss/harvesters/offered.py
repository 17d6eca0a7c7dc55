"""What sources offer, told from the offers in the database: whole sets of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from .model import Offer

packages = sa.table("package", sa.column("id"), sa.column("state"), sa.column("extras", JSONB))


def count_offered(session: Session, source_id: str) -> int:
    """Number of datasets that a source offers, without what people hold back."""
    query = sa.select(sa.func.count()).where(Offer.source_id == source_id, Offer.suppressed.is_(False))
    return session.scalar(query) or 0


def unseen_offers(
    session: Session, source_id: str, job_id: str, after: str, most: int = 1000
) -> Sequence[sa.Row[tuple[str, Mapping[str, str] | None]]]:
    """Datasets that a source offers and a job has not met, with their extras; the first ones whose id comes
    behind `after`. What people hold back is left out."""
    query = (
        sa.select(Offer.package_id, packages.c.extras)
        .select_from(Offer.__table__.outerjoin(packages, packages.c.id == Offer.package_id))
        .where(
            Offer.source_id == source_id,
            Offer.last_run != job_id,
            Offer.suppressed.is_(False),
            Offer.package_id > after,
        )
    )
    return session.execute(query.order_by(Offer.package_id).limit(most)).all()


def deleted_sources(session: Session) -> list[str]:
    """The sources that offer something although their dataset is deleted or gone."""
    is_there = sa.exists().where(packages.c.id == Offer.source_id, packages.c.state != "deleted")
    query = sa.select(Offer.source_id).where(Offer.suppressed.is_(False), ~is_there)
    return list(session.scalars(query.distinct()))


def offered_packages(session: Session, source_id: str, most: int) -> list[str]:
    """Some of the datasets that a source offers, but those that people hold back."""
    query = sa.select(Offer.package_id).where(Offer.source_id == source_id, Offer.suppressed.is_(False))
    return list(session.scalars(query.limit(most)))


def offered_among(session: Session, source_id: str, package_ids: Collection[str]) -> list[str]:
    """Those of these datasets that a source offers, but those that people hold back."""
    query = sa.select(Offer.package_id).where(
        Offer.source_id == source_id, Offer.suppressed.is_(False), Offer.package_id.in_(package_ids)
    )
    return sorted(session.scalars(query)) if package_ids else []
