"""The words of feedback that are not the standard's, and the states of an item: which lead to which."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher

from ..eo.errors import BadValue
from . import code_lists

DRAFT, PENDING, PUBLISHED, HIDDEN, DELETED = "draft", "pending", "published", "hidden", "deleted"
STATES = (DRAFT, PENDING, PUBLISHED, HIDDEN, DELETED)
# where an item comes from
LOCAL = "local"
SOURCES = (LOCAL, "api", "xml", "nimmbus")
# what a target is
DATASET, COLLECTION, RESOURCE, EXTERNAL = "dataset", "collection", "resource", "external"
KINDS = (DATASET, COLLECTION, RESOURCE, EXTERNAL)
PRIMARY = "primary"
# how bad an issue is, the worst last, and how far it is
SEVERITIES = tuple(map(str, code_lists.SEVERITIES.values))
USUAL_SEVERITY = "minor"
OPEN = "open"
ISSUE_STATES = tuple(map(str, code_lists.ISSUE_STATES.values))
OPEN_ISSUES = ISSUE_STATES[:3]
FLAG_REASONS = ("spam", "offensive", "personal_data", "wrong", "off_topic", "other")
FOLLOWED = ("dataset", "thread", "organization")
# pairs of words that are compared in their order after an edit
_MOST_PAIRS = 250_000
# when items of people who are not trusted wait for a moderator
POLICIES = ("never", "first_posts", "always")
# datasets that an item may be about
MOST_TARGETS = 20
# answers to answers to answers go on at this depth
MOST_DEPTH = 5

# what a moderator can do: from which states it leads to which
MODERATION: Mapping[str, tuple[tuple[str, ...], str]] = {
    "approve": ((PENDING, HIDDEN), PUBLISHED),
    "reject": ((PENDING,), HIDDEN),
    "hide": ((PENDING, PUBLISHED), HIDDEN),
    "restore": ((HIDDEN,), PUBLISHED),
}


def moderated(state: str, action: str) -> str:
    """The state to which an action of a moderator leads; BadValue when it leads nowhere from this one."""
    if action not in MODERATION:
        raise BadValue(action, "action", "one of " + ", ".join(MODERATION))
    begins, end = MODERATION[action]
    if state not in begins:
        raise BadValue(action, "action", f"for an item that is {state}: {_possible(state)}")
    return end


def first_state(policy: str, *, trusted: bool, spam: bool) -> str:
    """The state of an item that is sent, by the policy of the site."""
    if spam or policy == "always":
        return PUBLISHED if trusted and not spam else PENDING
    return PENDING if policy == "first_posts" and not trusted else PUBLISHED


def edited_state(state: str, policy: str, *, trusted: bool, spam: bool, changed: float, most: float) -> str:
    """The state of an item after its author has edited it; `changed` is how much of its words is new (0 to
    1), of which `most` is let through. What a moderator has hidden goes to a moderator again."""
    if state == HIDDEN:
        return PENDING
    if state != PUBLISHED:
        return state
    new = first_state(policy, trusted=trusted, spam=spam)
    return new if spam or changed > most else PUBLISHED


def changed_share(before: str, after: str) -> float:
    """How much of a text is not as it was: 0 for nothing, 1 for everything."""
    if before == after:
        return 0.0
    old, new = before.split(), after.split()
    words = SequenceMatcher(None, old, new, autojunk=False)
    # whether words stand in the same order takes the square of their number, and hours for thousands
    return 1.0 - (words.ratio() if len(old) * len(new) <= _MOST_PAIRS else words.quick_ratio())


def _possible(state: str) -> str:
    names = [name for name, (begins, _) in MODERATION.items() if state in begins]
    return "one of " + ", ".join(names) if names else "nothing"
