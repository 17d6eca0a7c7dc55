"""Targets note that their dataset is gone; `ckan nextgeoss feedback rebuild` notes it of those that are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_gone"
down_revision = "0006_sent"
branch_labels = None
depends_on = None

TARGET = "nextgeoss_feedback_target"


def upgrade() -> None:
    """Add the column."""
    op.add_column(TARGET, sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column(TARGET, "gone")
