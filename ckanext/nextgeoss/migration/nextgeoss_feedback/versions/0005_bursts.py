"""Datasets that were rated much more often than usual."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_bursts"
down_revision = "0004_versions"
branch_labels = None
depends_on = None

BURST = "nextgeoss_feedback_burst"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        BURST,
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("found", sa.DateTime, nullable=False),
        sa.Column("ratings", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Float, nullable=False) for name in ("usual", "score", "average")),
        sa.Column("seen", sa.DateTime),
        sa.Column("seen_by", sa.UnicodeText),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table(BURST)
