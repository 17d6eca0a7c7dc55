"""Tables of quality: what checks found of each dataset, the runs that did so, and what is known of links.
Nothing here is a foreign key into CKAN's tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ..model import Base


def _score() -> Mapped[int | None]:
    return mapped_column(sa.SmallInteger)


class Quality(Base):
    """What was found of a dataset, one row each: a million datasets have a million rows."""

    __tablename__ = "nextgeoss_feedback_quality"

    package_id: Mapped[str] = mapped_column(primary_key=True)
    # VERSION of checks.py
    version: Mapped[int] = mapped_column(sa.SmallInteger)
    # one of KINDS in record.py
    kind: Mapped[str]
    checked: Mapped[datetime]
    # `metadata_modified` of what was looked at; None: to be looked at again
    modified: Mapped[datetime | None]
    score: Mapped[int | None] = _score()
    findability: Mapped[int | None] = _score()
    accessibility: Mapped[int | None] = _score()
    interoperability: Mapped[int | None] = _score()
    reusability: Mapped[int | None] = _score()
    context: Mapped[int | None] = _score()
    # checks that are not passed: {id: [value, found]}
    failed: Mapped[dict[str, Any]]
    # checks of its kind that do not apply
    skipped: Mapped[list[str]]
    # equal for datasets that are the same product (duplicates.py); None for those that are not public
    same_key: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)
    same_scene: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)


class QualityRun(Base):
    """A run through the catalogue, which goes on where it was broken off."""

    __tablename__ = "nextgeoss_feedback_quality_run"

    id: Mapped[str] = mapped_column(primary_key=True)
    # records or links
    kind: Mapped[str]
    started: Mapped[datetime]
    finished: Mapped[datetime | None]
    # the last dataset that was seen to
    cursor: Mapped[str] = mapped_column(default="", server_default="")
    # datasets checked, or links looked at
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    # of a run of records: figures by organization (reports.py)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")

    __table_args__ = (sa.Index("nextgeoss_feedback_quality_run_kind", "kind", "started"),)


class QualityLink(Base):
    """An address and how it answered (links.py)."""

    __tablename__ = "nextgeoss_feedback_quality_link"

    # SHA-256 of the address: addresses are longer than an index allows
    key: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str]
    state: Mapped[str]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    checked: Mapped[datetime | None]
    due: Mapped[datetime | None] = mapped_column(index=True)
    # the rest of a Link, as JSON
    known: Mapped[dict[str, Any]]

    __table_args__ = (
        sa.Index(
            "nextgeoss_feedback_quality_link_broken",
            "failures",
            postgresql_where=sa.text("state = 'broken'"),
        ),
    )
