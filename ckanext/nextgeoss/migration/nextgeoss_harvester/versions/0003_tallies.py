"""What sources have brought in all, whatever is cleared away; and which runs people were told of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_tallies"
down_revision = "0002_runs"
branch_labels = None
depends_on = None

COUNTED = ("seen", "added", "updated", "unchanged", "deleted", "errored", "requests", "bytes")


def upgrade() -> None:
    """Make the table of tallies and a column of runs."""
    op.create_table(
        "nextgeoss_tally",
        sa.Column("source_id", sa.UnicodeText, primary_key=True),
        *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in COUNTED),
        sa.Column("last_added", sa.DateTime),
        sa.Column("silence_told", sa.DateTime),
    )
    op.add_column("nextgeoss_run", sa.Column("told", sa.DateTime))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("nextgeoss_run", "told")
    op.drop_table("nextgeoss_tally")
