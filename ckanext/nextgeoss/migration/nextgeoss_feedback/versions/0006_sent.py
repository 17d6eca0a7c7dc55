"""What tells the sending of an item from all others, so that what is sent twice makes one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_sent"
down_revision = "0005_bursts"
branch_labels = None
depends_on = None

ITEM, INDEX = "nextgeoss_feedback_item", "nextgeoss_feedback_item_sent"


def upgrade() -> None:
    """Add the column."""
    op.add_column(ITEM, sa.Column("sent_as", sa.UnicodeText))
    given = sa.text("sent_as IS NOT NULL")
    op.create_index(INDEX, ITEM, ["sent_as"], unique=True, postgresql_where=given)


def downgrade() -> None:
    """Drop it."""
    op.drop_index(INDEX, ITEM)
    op.drop_column(ITEM, "sent_as")
