"""The outbox: datasets whose search document is to be made again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_search"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "nextgeoss_outbox",
        sa.Column("seq", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("package_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("queued", sa.DateTime, nullable=False, server_default=sa.text("timezone('utc', now())")),
        sa.Column("error", sa.UnicodeText),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("nextgeoss_outbox")
