"""Datasets that were called otherwise before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_moved"
down_revision = "0001_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "nextgeoss_moved",
        sa.Column("old", sa.UnicodeText, primary_key=True),
        sa.Column("package_id", sa.UnicodeText, nullable=False, index=True),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("nextgeoss_moved")
