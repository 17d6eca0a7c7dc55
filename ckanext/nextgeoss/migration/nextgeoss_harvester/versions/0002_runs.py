"""Runs: what a job is to do; slices tell who goes on, what failed, and when they last moved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002_runs"
down_revision = "0001_harvester"
branch_labels = None
depends_on = None

OPEN_SLICES = "nextgeoss_slice_open_idx"


def upgrade() -> None:
    """Make the table of runs, and the new columns of slices."""
    op.create_table(
        "nextgeoss_run",
        sa.Column("job_id", sa.UnicodeText, primary_key=True),
        sa.Column("source_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("mode", sa.UnicodeText, nullable=False),
        sa.Column("options", JSONB, nullable=False, server_default="{}"),
        sa.Column("asked", JSONB),
        sa.Column("since", sa.DateTime),
        sa.Column("created", sa.DateTime, nullable=False, server_default=sa.text("timezone('utc', now())")),
        sa.Column("started", sa.DateTime),
        sa.Column("gathered", sa.DateTime),
        sa.Column("finished", sa.DateTime),
        sa.Column("result", sa.UnicodeText),
        sa.Column("message", sa.UnicodeText),
    )
    op.add_column("nextgeoss_slice", sa.Column("successor", sa.UnicodeText))
    op.add_column("nextgeoss_slice", sa.Column("error_class", sa.UnicodeText))
    op.add_column("nextgeoss_slice", sa.Column("progressed", sa.DateTime))
    op.add_column("nextgeoss_slice", sa.Column("attempts", sa.Integer, nullable=False, server_default="0"))
    op.add_column("nextgeoss_slice", sa.Column("suppressed", sa.Integer, nullable=False, server_default="0"))
    op.create_index(
        OPEN_SLICES,
        "nextgeoss_slice",
        ["job_id"],
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index(OPEN_SLICES, "nextgeoss_slice")
    for name in ("suppressed", "attempts", "progressed", "error_class", "successor"):
        op.drop_column("nextgeoss_slice", name)
    op.drop_table("nextgeoss_run")
