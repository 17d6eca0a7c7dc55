"""Tables of feedback. Nothing here is a foreign key into CKAN's tables: feedback outlives its dataset."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


def utc_now() -> datetime:
    """The time as CKAN stores it: UTC, without saying so."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


class Base(DeclarativeBase):
    """Our own tables; times are naive UTC."""

    type_annotation_map = {
        str: sa.UnicodeText,
        datetime: sa.DateTime,
        dict[str, Any]: JSONB,
        list[str]: ARRAY(sa.UnicodeText),
    }


def _texts() -> Mapped[list[str]]:
    return mapped_column(default=list, server_default="{}")


def _zero() -> Mapped[int]:
    return mapped_column(default=0, server_default="0")


class Item(Base):
    """One piece of feedback: what is asked for as columns, everything as `parts`."""

    __tablename__ = "nextgeoss_feedback_item"

    id: Mapped[str] = mapped_column(primary_key=True)
    # whose ids these are
    code_space: Mapped[str]
    # one of SOURCES in states.py, and the id it has there
    source: Mapped[str]
    source_code: Mapped[str | None]
    # one of STATES in states.py
    state: Mapped[str]
    motivation: Mapped[str | None]
    contact_role: Mapped[str]
    rating: Mapped[int | None] = mapped_column(sa.SmallInteger)
    expertise_level: Mapped[int | None] = mapped_column(sa.SmallInteger)
    # None for visitors, for imported items and for those who had themselves forgotten
    user_id: Mapped[str | None] = mapped_column(index=True)
    # what the author wanted to be called when he wrote
    author_name: Mapped[str]
    # the organization on whose behalf a provider answers
    organization_id: Mapped[str | None]
    # the first item of the thread, and the one that is answered; None for a first one
    root_id: Mapped[str | None] = mapped_column(index=True)
    reply_to_id: Mapped[str | None] = mapped_column(index=True)
    depth: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")
    locale: Mapped[str | None]
    spam_score: Mapped[float] = mapped_column(sa.Float, default=0.0, server_default="0")
    # what tells its sending from all others (see store/sent.py); None when it need not be told, or it is gone
    sent_as: Mapped[str | None]
    # of the words without what does not matter, to find the same again
    content_hash: Mapped[str] = mapped_column(index=True)
    created: Mapped[datetime]
    modified: Mapped[datetime]
    published: Mapped[datetime | None]
    deleted: Mapped[datetime | None]
    # counts edits; who changes an item says which one he has read
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    # whether it was changed after it was published
    edited: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # of usage reports, tags and the author, to filter and to count by
    aspects: Mapped[list[str]] = _texts()
    tags: Mapped[list[str]] = _texts()
    domains: Mapped[list[str]] = _texts()
    votes_up: Mapped[int] = _zero()
    votes_down: Mapped[int] = _zero()
    # reports that nobody has looked at
    flags: Mapped[int] = _zero()
    # of a question: the answer that was accepted
    accepted_id: Mapped[str | None]
    # of an item that reports issues: ISSUE_STATES and SEVERITIES in states.py; None for all others
    issue_state: Mapped[str | None]
    issue_severity: Mapped[str | None]
    issue_assignee_id: Mapped[str | None]
    issue_duplicate_of: Mapped[str | None]
    issue_closed: Mapped[datetime | None]
    # west, south, east, north of what it is about, when it says so; west > east crosses 180 degrees
    west: Mapped[float | None] = mapped_column(sa.Float)
    south: Mapped[float | None] = mapped_column(sa.Float)
    east: Mapped[float | None] = mapped_column(sa.Float)
    north: Mapped[float | None] = mapped_column(sa.Float)
    words: Mapped[Any] = mapped_column(TSVECTOR, deferred=True)
    # what parts.write gives, without what the row says itself
    parts: Mapped[dict[str, Any]]

    __table_args__ = (
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name="nextgeoss_feedback_item_rating"),
        sa.CheckConstraint("expertise_level BETWEEN 1 AND 5", name="nextgeoss_feedback_item_expertise"),
        sa.Index("nextgeoss_feedback_item_source", "source", "code_space", "source_code", unique=True,
                 postgresql_where=sa.text("source_code IS NOT NULL")),
        sa.Index("nextgeoss_feedback_item_sent", "sent_as", unique=True,
                 postgresql_where=sa.text("sent_as IS NOT NULL")),
        sa.Index("nextgeoss_feedback_item_words", "words", postgresql_using="gin"),
        sa.Index("nextgeoss_feedback_item_published", "state", "published"),
        sa.Index(
            "nextgeoss_feedback_item_issues",
            "issue_state", "issue_severity",
            postgresql_where=sa.text("issue_state IS NOT NULL"),
        ),
        sa.Index(
            "nextgeoss_feedback_item_waiting",
            "state", "created",
            postgresql_where=sa.text("state = 'pending' OR flags > 0"),
        ),
        sa.Index(
            "nextgeoss_feedback_item_questions",
            "published",
            postgresql_where=sa.text("motivation = 'question' AND root_id IS NULL AND accepted_id IS NULL"),
        ),
    )  # fmt: skip


class Target(Base):
    """What an item is about: always a code and a code space, and the dataset that these mean now."""

    __tablename__ = "nextgeoss_feedback_target"

    item_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    # primary, secondary or supplementary
    role: Mapped[str]
    # one of KINDS in states.py
    kind: Mapped[str]
    package_id: Mapped[str | None]
    resource_id: Mapped[str | None]
    code: Mapped[str]
    code_space: Mapped[str]
    title: Mapped[str]
    # of the dataset when it was last looked at: who may be told of it when it comes back under another id
    owner_org: Mapped[str | None] = mapped_column(index=True)
    private: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # the dataset was not there any more when it was last looked at; noted of items that are about others, too
    gone: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # the author is of the provider of this dataset
    own: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # who rates the dataset by this item: a user, or the item itself where there is none. None when it does
    # not: no rating, not the primary target, not sent yet, deleted, or there is a newer one of the same user
    rater: Mapped[str | None]

    __table_args__ = (
        sa.Index("nextgeoss_feedback_target_package", "package_id", "role"),
        sa.Index("nextgeoss_feedback_target_code", "code", "code_space"),
        sa.Index(
            "nextgeoss_feedback_target_rater",
            "package_id", "rater",
            unique=True, postgresql_where=sa.text("rater IS NOT NULL"),
        ),
    )  # fmt: skip


class Moderation(Base):
    """One change of the state of an item: who, what, from where to where and why; rows are only added."""

    __tablename__ = "nextgeoss_feedback_moderation"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    item_id: Mapped[str]
    # None for the hub itself and for visitors
    actor_id: Mapped[str | None]
    action: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    # shown to the author
    reason: Mapped[str]
    # for moderators
    note: Mapped[str] = mapped_column(default="", server_default="")
    at: Mapped[datetime]
    # when it was found out who is to be told of it
    told: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("nextgeoss_feedback_moderation_item", "item_id", "at"),
        sa.Index("nextgeoss_feedback_moderation_new", "id", postgresql_where=sa.text("told IS NULL")),
    )


class SummaryRow(Base):
    """What the published items say of a dataset, in figures (see summary.py)."""

    __tablename__ = "nextgeoss_feedback_summary"

    package_id: Mapped[str] = mapped_column(primary_key=True)
    items: Mapped[int] = _zero()
    ratings: Mapped[int] = _zero()
    rating_sum: Mapped[int] = _zero()
    # published last
    latest: Mapped[datetime | None]
    # counts by name and value: what Summary.write gives
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    modified: Mapped[datetime]

    __table_args__ = (
        sa.Index(
            "nextgeoss_feedback_summary_rated",
            "package_id",
            postgresql_include=["ratings", "rating_sum"],
            postgresql_where=sa.text("ratings > 0"),
        ),
    )


class Reaction(Base):
    """A vote on an item, or a report that something is wrong with it."""

    __tablename__ = "nextgeoss_feedback_reaction"

    item_id: Mapped[str] = mapped_column(primary_key=True)
    # vote or flag
    kind: Mapped[str] = mapped_column(primary_key=True)
    # a user, or `visitor:` and a keyed hash that is another one each day
    user_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    # 1 or -1 of a vote
    value: Mapped[int | None] = mapped_column(sa.SmallInteger)
    # of a flag: one of FLAG_REASONS in states.py
    reason: Mapped[str | None]
    note: Mapped[str | None]
    created: Mapped[datetime]
    # when a moderator looked at the flag, and whether he agreed
    resolved: Mapped[datetime | None]
    upheld: Mapped[bool | None]


class Follow(Base):
    """What a user wants to be told of, or wants to hear no more of."""

    __tablename__ = "nextgeoss_feedback_follow"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    # dataset, thread or organization
    subject_type: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(primary_key=True)
    # follow or mute
    mode: Mapped[str]
    created: Mapped[datetime]

    __table_args__ = (sa.Index("nextgeoss_feedback_follow_subject", "subject_type", "subject_id"),)


class Person(Base):
    """A user as an author: what he says of himself, how far he is trusted, whether he is blocked."""

    __tablename__ = "nextgeoss_feedback_person"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    # see logic/people.py
    profile: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    # when he agreed to his feedback being published
    consent: Mapped[datetime | None]
    # items that moderators let through, less those that they took away
    trust: Mapped[int] = _zero()
    blocked: Mapped[datetime | None]
    blocked_by: Mapped[str | None]
    blocked_reason: Mapped[str | None]
    # None: for good
    blocked_until: Mapped[datetime | None]
    # of the last mail with news, and of the last one with questions that nobody has answered
    digested: Mapped[datetime | None]
    reminded: Mapped[datetime | None]


class Notice(Base):
    """What a user is yet to be told by mail (see notify/); the row goes when the mail has gone."""

    __tablename__ = "nextgeoss_feedback_notice"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    user_id: Mapped[str]
    # the row of Moderation that it tells of
    event_id: Mapped[int] = mapped_column(sa.BigInteger)
    item_id: Mapped[str] = mapped_column(index=True)
    # what happened and why he is told: KINDS and WHYS in notify/events.py
    kind: Mapped[str]
    why: Mapped[str]
    created: Mapped[datetime]
    # not before then
    due: Mapped[datetime]
    # how often a mail with it could not be sent
    tries: Mapped[int] = _zero()
    # the mail that it goes with: set before the mail is sent, and part of the id of the mail
    mail: Mapped[str | None]

    __table_args__ = (sa.Index("nextgeoss_feedback_notice_once", "user_id", "event_id", unique=True),)
