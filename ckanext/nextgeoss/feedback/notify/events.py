"""What a line of the log of an item means to people, and who is told of it: plain rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..states import DELETED, DRAFT, LOCAL, PENDING, PUBLISHED

# what happened
NEW, ANSWER, RESPONSE, ACCEPTED, ISSUE = "new", "answer", "response", "accepted", "issue"
DECIDED, WAITING, REPORTED, BURST = "decided", "waiting", "reported", "burst"
KINDS = (NEW, ANSWER, RESPONSE, ACCEPTED, ISSUE, DECIDED, WAITING, REPORTED, BURST)
# what everybody may read who is told
OPEN_KINDS = (NEW, ANSWER, RESPONSE, ACCEPTED, ISSUE)
# why somebody is told, the nearest first: he gets one notice of an event, for the nearest reason
WHYS = ("author", "thread", "moderator", "dataset", "organization", "provider")
# how long lies between two mails at least, by the word of the profile; None: no mails
EVERY: Mapping[str, timedelta | None] = {
    "off": None,
    "instant": timedelta(0),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
}
USUAL = "daily"
WEEK = EVERY["weekly"] or timedelta()
# what could not be sent is tried again after so long, twice as long each time, and at last given up
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(days=1)
MOST_TRIES = 12

# what is news though the state stays
_SAID_AT_ONCE = {"issue": ISSUE, "accept": ACCEPTED, "burst": BURST}
# of ratings that wait because of a burst, that one is told once
_SAID_ALREADY = "held"
_DECISIONS = frozenset(("approve", "reject", "hide", "restore", "flagged", "flags_cleared", "delete"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log, and of its item what matters here."""

    action: str
    from_state: str | None
    to_state: str
    actor: str | None
    author: str | None
    source: str
    # whether the item answers another, and whether the provider does
    is_answer: bool = False
    is_response: bool = False
    # whether it was published at any time before
    was_published: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """Ids of the users around an item, by why they would be told."""

    # who wrote the item that is answered, and the first one of the thread
    answered: Collection[str] = ()
    # who wrote in the thread or follows it
    thread: Collection[str] = ()
    # who follows a dataset, an organization
    dataset: Collection[str] = ()
    organization: Collection[str] = ()
    # administrators and editors, and those of them who moderate
    provider: Collection[str] = ()
    moderators: Collection[str] = field(default=())


def kinds(line: Line) -> Iterator[str]:
    """What happened, in the eyes of those who are told."""
    if line.action in _SAID_AT_ONCE:
        yield _SAID_AT_ONCE[line.action]
        return
    if line.from_state == line.to_state:
        return
    if line.to_state == PUBLISHED and not line.was_published and line.source == LOCAL:
        yield RESPONSE if line.is_response else ANSWER if line.is_answer else NEW
    if line.action == "flagged":
        yield REPORTED
    elif line.to_state == PENDING and line.action != _SAID_ALREADY:
        yield WAITING
    if line.action in _DECISIONS and line.from_state != DRAFT:
        yield DECIDED


def told(line: Line, around: People) -> dict[str, tuple[str, str]]:
    """Who is told of a line: kind and reason by user; nobody of his own doing, nor of his own words."""
    found: dict[str, tuple[str, str]] = {}
    for kind in kinds(line):
        for why, users in _audience(kind, line, around):
            for user in users:
                own = user == line.author and kind not in (DECIDED, ISSUE, ACCEPTED, BURST)
                if user and user != line.actor and not own:
                    found.setdefault(user, (kind, why))
    return found


def _audience(kind: str, line: Line, around: People) -> Sequence[tuple[str, Collection[str]]]:
    author = (line.author,) if line.author else ()
    if kind == DECIDED:
        return (("author", author),)
    if kind in (WAITING, REPORTED, BURST):
        return (("moderator", around.moderators),)
    if kind == ACCEPTED:
        return (("author", author), ("thread", around.thread))
    near = {NEW: (), ISSUE: author}.get(kind, around.answered)
    return (
        ("author", near), ("thread", around.thread), ("dataset", around.dataset),
        ("organization", around.organization), ("provider", around.provider),
    )  # fmt: skip


def still_true(kind: str, state: str) -> bool:
    """Whether there is still something to tell of an item that is in this state now."""
    if kind in OPEN_KINDS:
        return state == PUBLISHED
    if kind == WAITING:
        return state == PENDING
    return kind == DECIDED or state not in (DRAFT, DELETED)


def is_due(often: str, last: datetime | None, now: datetime) -> bool:
    """Whether a user who had his last mail then is to get one now."""
    every = EVERY.get(often, EVERY[USUAL])
    return every is not None and (last is None or last + every <= now)


def pause(tries: int) -> timedelta:
    """How long to wait after so many failures."""
    return min(_FIRST_PAUSE * 2 ** min(max(tries - 1, 0), 20), _LONGEST_PAUSE)
