"""What is known of a host, and whether it may be asked now: steps without a clock or a place to keep it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import Enum

# a host that asks for more is asked again tomorrow
_LONGEST_WISH = 86400.0
# seconds after which one looks again for what ends at a time that nobody knows
_LOOK_AGAIN = 0.2
# seconds for which failures in a row are remembered
_MEMORY = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLimits:
    """How one host is asked at most; 0 is no bound."""

    requests_per_second: float = 0.0
    requests_at_once: int = 0
    # after so many the host is closed: nobody asks it for a while, then one request tries
    failures_in_a_row: int = 0
    closed_seconds: float = 60.0
    # who says so, for messages
    told_by: str = "the options of the site"


class Why(Enum):
    """Why a host is not asked now."""

    RATE = "rate"
    FULL = "full"
    WISH = "wish"
    CLOSED = "closed"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Wait:
    """A host is not asked now: seconds until it may be, why; and after CLOSED what had gone wrong, and
    whether it was well before (if not, trials have failed)."""

    seconds: float
    why: Why
    reason: str = ""
    was_well: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a request ended: whether the host is well (None: that is not known), what was wrong otherwise, and
    for how many seconds it wishes to be left alone."""

    well: bool | None = None
    reason: str = ""
    wish: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """What is remembered of a host; times are seconds of one clock."""

    # when the next request may start
    next: float = 0.0
    # until when the host wishes to be left alone
    wish: float = 0.0
    # the requests under way, and until when each counts if it is never told that it ended
    turns: Mapping[str, float] = field(default_factory=dict[str, float])
    failures: int = 0
    # until when the host is closed; later, but not 0: until a trial went well
    closed: float = 0.0
    # how often it was closed since it was well
    closings: int = 0
    # the turn of the request that tries
    trial: str = ""
    reason: str = ""

    def to_text(self) -> str:
        """The state as JSON."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> HostState:
        """The state of such a text; one that cannot be read is that of an unknown host."""
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError):
            return cls()

    def lifetime(self, now: float) -> float:
        """Seconds after which it can be forgotten."""
        return max(self.wish, self.closed, *self.turns.values(), now) - now + _MEMORY


def enter(
    state: HostState, now: float, limits: HostLimits, turn: str, lease: float
) -> tuple[HostState, Wait | None]:
    """Let the request `turn` ask the host, for `lease` seconds at most; or say why and how long it waits."""
    turns = {name: end for name, end in state.turns.items() if end > now}
    if state.closed > now:
        reason = f"{state.failures} requests in a row failed, the last one: {state.reason}"
        return state, Wait(state.closed - now, Why.CLOSED, reason, was_well=state.closings == 1)
    if state.wish > now:
        return state, Wait(state.wish - now, Why.WISH)
    if state.closed and state.trial in turns:
        return state, Wait(_LOOK_AGAIN, Why.TRIAL)
    if limits.requests_at_once and len(turns) >= limits.requests_at_once:
        return state, Wait(_LOOK_AGAIN, Why.FULL)
    if limits.requests_per_second and state.next > now:
        return state, Wait(state.next - now, Why.RATE)
    pace = 1 / limits.requests_per_second if limits.requests_per_second else 0.0
    trial = turn if state.closed else ""
    return replace(state, next=now + pace, turns=turns | {turn: now + lease}, trial=trial), None


def leave(state: HostState, now: float, limits: HostLimits, turn: str, outcome: Outcome) -> HostState:
    """The state after the request `turn` has ended."""
    turns = {name: end for name, end in state.turns.items() if end > now and name != turn}
    wish = max(state.wish, now + min(outcome.wish, _LONGEST_WISH)) if outcome.wish else state.wish
    state = replace(state, turns=turns, wish=wish)
    if outcome.well is None:
        return state
    if outcome.well:
        return replace(state, failures=0, closed=0.0, closings=0, trial="", reason="")
    state = replace(state, failures=state.failures + 1, reason=outcome.reason)
    enough = limits.failures_in_a_row and (state.closed or state.failures >= limits.failures_in_a_row)
    # what was under way when the host was closed does not close it for longer
    if enough and state.closed <= now:
        return replace(state, closed=now + limits.closed_seconds, closings=state.closings + 1, trial="")
    return state
