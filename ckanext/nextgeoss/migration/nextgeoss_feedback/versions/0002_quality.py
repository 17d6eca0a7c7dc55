"""What checks found, the runs that did so, and what is known of links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002_quality"
down_revision = "0001_feedback"
branch_labels = None
depends_on = None

_SCORES = ("score", "findability", "accessibility", "interoperability", "reusability", "context")
_NOTHING = sa.text("'{}'")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "nextgeoss_feedback_quality",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("version", sa.SmallInteger, nullable=False),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("checked", sa.DateTime, nullable=False),
        sa.Column("modified", sa.DateTime),
        *(sa.Column(name, sa.SmallInteger) for name in _SCORES),
        sa.Column("failed", JSONB, nullable=False),
        sa.Column("skipped", sa.ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("same_key", sa.BigInteger, index=True),
        sa.Column("same_scene", sa.BigInteger, index=True),
    )
    op.create_table(
        "nextgeoss_feedback_quality_run",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("started", sa.DateTime, nullable=False),
        sa.Column("finished", sa.DateTime),
        sa.Column("cursor", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("done", sa.Integer, nullable=False, server_default="0"),
        sa.Column("summary", JSONB, nullable=False, server_default=_NOTHING),
    )
    op.create_index(
        "nextgeoss_feedback_quality_run_kind", "nextgeoss_feedback_quality_run", ["kind", "started"]
    )
    op.create_table(
        "nextgeoss_feedback_quality_link",
        sa.Column("key", sa.UnicodeText, primary_key=True),
        sa.Column("url", sa.UnicodeText, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("checked", sa.DateTime),
        sa.Column("due", sa.DateTime, index=True),
        sa.Column("known", JSONB, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("quality_link", "quality_run", "quality"):
        op.drop_table(f"nextgeoss_feedback_{name}")
