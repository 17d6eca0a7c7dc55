"""Slices of work, and what each source offers of each product."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001_harvester"
down_revision = None
branch_labels = None
depends_on = None

COUNTERS = ("seen", "added", "updated", "unchanged", "deleted", "errored", "requests")


def upgrade() -> None:
    """Make the two tables."""
    counters = [sa.Column(name, sa.Integer, nullable=False, server_default="0") for name in COUNTERS]
    op.create_table(
        "nextgeoss_slice",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("job_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("source_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("key", sa.UnicodeText, nullable=False),
        sa.Column("query", JSONB, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False, server_default="waiting"),
        sa.Column("cursor", sa.UnicodeText),
        *counters,
        sa.Column("bytes", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("total", sa.Integer),
        sa.Column("started", sa.DateTime),
        sa.Column("finished", sa.DateTime),
        sa.Column("error", sa.UnicodeText),
    )
    op.create_table(
        "nextgeoss_offer",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("source_id", sa.UnicodeText, primary_key=True, index=True),
        sa.Column("provider_id", sa.UnicodeText, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("content_hash", sa.UnicodeText, nullable=False),
        sa.Column("harvest_object_id", sa.UnicodeText, nullable=False),
        sa.Column("last_run", sa.UnicodeText, nullable=False),
        sa.Column("suppressed", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("nextgeoss_offer")
    op.drop_table("nextgeoss_slice")
