"""What is known of an address: how it answered, how often in a row it did not, and when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# how one look at an address ends
WORKS, LOGIN, FAILED, LATER, ROBOTS, REFUSED = "works", "login", "failed", "later", "robots", "refused"
# what an address is after some looks; FAILING is not called broken yet
UNKNOWN, FAILING, BROKEN = "unknown", "failing", "broken"
STATES = (UNKNOWN, WORKS, LOGIN, FAILING, BROKEN, ROBOTS, REFUSED)
# seconds that nobody likes to wait for the first bytes
SLOW = 5.0
# looks that are remembered
HISTORY = 10
# what a host may ask for, in seconds; and the least pause that it gets
_LONGEST_WAIT = 7 * 86400
_SHORTEST_WAIT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """When an address is looked at again, and when it is called broken."""

    # failures in a row, each after a pause of its own
    failures: int = 3
    pauses: Sequence[timedelta] = (
        timedelta(hours=1),
        timedelta(days=1),
        timedelta(days=3),
        timedelta(days=7),
        timedelta(days=30),
    )
    again: timedelta = timedelta(days=30)
    # for a host that does not say how long it wants to be left alone
    later: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of one look; `format` is what the first bytes are, "" when that is not known."""

    outcome: str
    status: int | None = None
    # why it is no success, for people
    reason: str = ""
    # until the first bytes were there
    seconds: float = 0.0
    media_type: str = ""
    # bytes of the whole file
    size: int | None = None
    format: str = ""
    # where redirects led, when they led elsewhere
    moved_to: str = ""
    # seconds for which the host wants to be left alone
    wait: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A look that is remembered."""

    at: datetime
    outcome: str
    status: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address; the last answer is that of the last success. Times are as the asker's clock gives them."""

    url: str
    state: str = UNKNOWN
    # in a row
    failures: int = 0
    checked: datetime | None = None
    due: datetime | None = None
    reason: str = ""
    status: int | None = None
    seconds: float = 0.0
    media_type: str = ""
    size: int | None = None
    format: str = ""
    moved_to: str = ""
    # the newest last
    history: tuple[Seen, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether something can be said of it."""
        return self.state not in (UNKNOWN, ROBOTS)

    @property
    def is_usable(self) -> bool:
        """Whether one gets there as far as is known, with a login perhaps; one failure says nothing yet."""
        return self.state in (WORKS, LOGIN, FAILING)


def after(link: Link, look: Look, now: datetime, policy: Policy) -> Link:
    """What is known of an address after one more look."""
    seen = Seen(at=now, outcome=look.outcome, status=look.status, reason=look.reason)
    link = replace(link, checked=now, history=(*link.history, seen)[-HISTORY:], reason=look.reason)
    if look.outcome == LATER:
        wish = policy.later if look.wait is None else timedelta(seconds=min(look.wait, _LONGEST_WAIT))
        return replace(link, due=now + max(wish, _SHORTEST_WAIT))
    if look.outcome == FAILED:
        failures = link.failures + 1
        pause = policy.pauses[min(failures, len(policy.pauses)) - 1]
        state = BROKEN if failures >= policy.failures else FAILING
        return replace(link, state=state, failures=failures, status=look.status, due=now + pause)
    link = replace(link, state=look.outcome, failures=0, status=look.status, due=now + policy.again)
    if look.outcome != WORKS:
        return link
    return replace(
        link,
        seconds=look.seconds,
        media_type=look.media_type,
        size=look.size,
        format=look.format,
        moved_to=look.moved_to,
    )
