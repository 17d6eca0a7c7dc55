"""What users are yet to be told by mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_notices"
down_revision = "0002_quality"
branch_labels = None
depends_on = None

ITEM = "nextgeoss_feedback_item"
MODERATION, PERSON = "nextgeoss_feedback_moderation", "nextgeoss_feedback_person"
NOTICE = "nextgeoss_feedback_notice"


def upgrade() -> None:
    """Make the table, and the columns that say who was told; of what happened before nobody is."""
    op.add_column(MODERATION, sa.Column("told", sa.DateTime))
    op.execute("UPDATE nextgeoss_feedback_moderation SET told = at")
    new = sa.text("told IS NULL")
    op.create_index(f"{MODERATION}_new", MODERATION, ["id"], postgresql_where=new)
    waits = sa.text("motivation = 'question' AND root_id IS NULL AND accepted_id IS NULL")
    op.create_index(f"{ITEM}_questions", ITEM, ["published"], postgresql_where=waits)
    op.add_column(PERSON, sa.Column("reminded", sa.DateTime))
    op.create_table(
        NOTICE,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("user_id", sa.UnicodeText, nullable=False),
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("why", sa.UnicodeText, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("due", sa.DateTime, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("mail", sa.UnicodeText),
    )
    op.create_index(f"{NOTICE}_once", NOTICE, ["user_id", "event_id"], unique=True)


def downgrade() -> None:
    """Drop them."""
    op.drop_table(NOTICE)
    op.drop_column(PERSON, "reminded")
    op.drop_index(f"{ITEM}_questions", ITEM)
    op.drop_index(f"{MODERATION}_new", MODERATION)
    op.drop_column(MODERATION, "told")
