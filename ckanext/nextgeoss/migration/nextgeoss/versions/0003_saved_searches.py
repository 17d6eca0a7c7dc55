"""Searches that users keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003_saved_searches"
down_revision = "0002_moved"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "nextgeoss_saved_search",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("user_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("name", sa.UnicodeText, nullable=False),
        sa.Column("query", JSONB, nullable=False),
        sa.Column("alert", sa.UnicodeText, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("modified", sa.DateTime, nullable=False),
        sa.Column("looked", sa.DateTime, nullable=False),
        sa.Column("looked_changed", sa.DateTime, nullable=False),
        sa.Column("alerted", sa.DateTime, nullable=False),
        sa.Column("alerted_changed", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("nextgeoss_saved_search")
