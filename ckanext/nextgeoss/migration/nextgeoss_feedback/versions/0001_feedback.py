"""Feedback: items and their targets, moderation, summaries, reactions, follows, persons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

revision = "0001_feedback"
down_revision = None
branch_labels = None
depends_on = None

ITEM, TARGET = "nextgeoss_feedback_item", "nextgeoss_feedback_target"
MODERATION, SUMMARY = "nextgeoss_feedback_moderation", "nextgeoss_feedback_summary"
REACTION, FOLLOW = "nextgeoss_feedback_reaction", "nextgeoss_feedback_follow"
PERSON = "nextgeoss_feedback_person"
TEXTS = sa.ARRAY(sa.UnicodeText)


def upgrade() -> None:
    """Make the seven tables."""
    _items()
    _targets()
    _moderation()
    _summaries()
    _reactions()
    _follows()
    _persons()


def downgrade() -> None:
    """Drop them."""
    for table in (PERSON, FOLLOW, REACTION, SUMMARY, MODERATION, TARGET, ITEM):
        op.drop_table(table)


def _key(name: str, type_: sa.types.TypeEngine[object] | type = sa.UnicodeText) -> sa.Column[object]:
    return sa.Column(name, type_, primary_key=True)


def _must(name: str, type_: sa.types.TypeEngine[object] | type = sa.UnicodeText, default: str | None = None):
    return sa.Column(name, type_, nullable=False, server_default=default)


def _may(name: str, type_: sa.types.TypeEngine[object] | type = sa.UnicodeText) -> sa.Column[object]:
    return sa.Column(name, type_)


def _items() -> None:
    op.create_table(
        ITEM,
        _key("id"),
        *(_must(name) for name in ("code_space", "source", "state", "contact_role", "author_name")),
        *(_may(name) for name in ("source_code", "motivation", "user_id", "organization_id")),
        *(_may(name) for name in ("root_id", "reply_to_id", "locale", "accepted_id")),
        *(_may(name, sa.SmallInteger) for name in ("rating", "expertise_level")),
        _must("depth", sa.SmallInteger, "0"),
        _must("spam_score", sa.Float, "0"),
        _must("content_hash"),
        *(_must(name, sa.DateTime) for name in ("created", "modified")),
        *(_may(name, sa.DateTime) for name in ("published", "deleted", "issue_closed")),
        _must("version", sa.Integer, "1"),
        _must("edited", sa.Boolean, "false"),
        *(_must(name, TEXTS, "{}") for name in ("aspects", "tags", "domains")),
        *(_must(name, sa.Integer, "0") for name in ("votes_up", "votes_down", "flags")),
        *(_may(f"issue_{name}") for name in ("state", "severity", "assignee_id", "duplicate_of")),
        *(_may(name, sa.Float) for name in ("west", "south", "east", "north")),
        _must("words", TSVECTOR),
        _must("parts", JSONB),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=f"{ITEM}_rating"),
        sa.CheckConstraint("expertise_level BETWEEN 1 AND 5", name=f"{ITEM}_expertise"),
    )
    for name in ("user_id", "root_id", "reply_to_id", "content_hash"):
        op.create_index(f"ix_{ITEM}_{name}", ITEM, [name])
    given = sa.text("source_code IS NOT NULL")
    op.create_index(
        f"{ITEM}_source", ITEM, ["source", "code_space", "source_code"], unique=True, postgresql_where=given
    )
    op.create_index(f"{ITEM}_words", ITEM, ["words"], postgresql_using="gin")
    op.create_index(f"{ITEM}_published", ITEM, ["state", "published"])
    issues = sa.text("issue_state IS NOT NULL")
    op.create_index(f"{ITEM}_issues", ITEM, ["issue_state", "issue_severity"], postgresql_where=issues)
    waiting = sa.text("state = 'pending' OR flags > 0")
    op.create_index(f"{ITEM}_waiting", ITEM, ["state", "created"], postgresql_where=waiting)


def _targets() -> None:
    op.create_table(
        TARGET,
        _key("item_id"),
        _key("position", sa.SmallInteger),
        *(_must(name) for name in ("role", "kind", "code", "code_space", "title")),
        *(_may(name) for name in ("package_id", "resource_id", "owner_org", "rater")),
        *(_must(name, sa.Boolean, "false") for name in ("private", "own")),
    )
    op.create_index(f"ix_{TARGET}_owner_org", TARGET, ["owner_org"])
    op.create_index(f"{TARGET}_package", TARGET, ["package_id", "role"])
    op.create_index(f"{TARGET}_code", TARGET, ["code", "code_space"])
    rated = sa.text("rater IS NOT NULL")
    op.create_index(f"{TARGET}_rater", TARGET, ["package_id", "rater"], unique=True, postgresql_where=rated)


def _moderation() -> None:
    op.create_table(
        MODERATION,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        *(_must(name) for name in ("item_id", "action", "to_state", "reason")),
        *(_may(name) for name in ("actor_id", "from_state")),
        _must("note", default=""),
        _must("at", sa.DateTime),
    )
    op.create_index(f"{MODERATION}_item", MODERATION, ["item_id", "at"])


def _summaries() -> None:
    op.create_table(
        SUMMARY,
        _key("package_id"),
        *(_must(name, sa.Integer, "0") for name in ("items", "ratings", "rating_sum")),
        _may("latest", sa.DateTime),
        _must("counts", JSONB, "{}"),
        _must("modified", sa.DateTime),
    )
    op.create_index(
        f"{SUMMARY}_rated",
        SUMMARY,
        ["package_id"],
        postgresql_include=["ratings", "rating_sum"],
        postgresql_where=sa.text("ratings > 0"),
    )


def _reactions() -> None:
    op.create_table(
        REACTION,
        *(_key(name) for name in ("item_id", "kind", "user_id")),
        _may("value", sa.SmallInteger),
        *(_may(name) for name in ("reason", "note")),
        _must("created", sa.DateTime),
        _may("resolved", sa.DateTime),
        _may("upheld", sa.Boolean),
    )
    op.create_index(f"ix_{REACTION}_user_id", REACTION, ["user_id"])


def _follows() -> None:
    op.create_table(
        FOLLOW,
        *(_key(name) for name in ("user_id", "subject_type", "subject_id")),
        _must("mode"),
        _must("created", sa.DateTime),
    )
    op.create_index(f"{FOLLOW}_subject", FOLLOW, ["subject_type", "subject_id"])


def _persons() -> None:
    op.create_table(
        PERSON,
        _key("user_id"),
        _must("profile", JSONB, "{}"),
        *(_may(name, sa.DateTime) for name in ("consent", "blocked", "blocked_until", "digested")),
        _must("trust", sa.Integer, "0"),
        *(_may(name) for name in ("blocked_by", "blocked_reason")),
    )
