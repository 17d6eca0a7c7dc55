"""What items said before they were changed; broken links, the worst first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004_versions"
down_revision = "0003_notices"
branch_labels = None
depends_on = None

VERSION = "nextgeoss_feedback_version"
LINK = "nextgeoss_feedback_quality_link"


def upgrade() -> None:
    """Make the table; of what was changed before nothing is known."""
    op.create_table(
        VERSION,
        sa.Column("item_id", sa.UnicodeText, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False, index=True),
        sa.Column("parts", JSONB, nullable=False),
    )
    broken = sa.text("state = 'broken'")
    op.create_index(f"{LINK}_broken", LINK, ["failures"], postgresql_where=broken)


def downgrade() -> None:
    """Drop both."""
    op.drop_index(f"{LINK}_broken", LINK)
    op.drop_table(VERSION)
