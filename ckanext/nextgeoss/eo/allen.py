"""The relations of two intervals, as OGC CQL2 (21-065r2, clause 7.8) has them, after Allen."""

from __future__ import annotations

from typing import TypeAlias

# an end of the first interval, a comparison, an end of the second
Compared: TypeAlias = tuple[str, str, str]
START, END = "start", "end"


def _read(text: str) -> tuple[tuple[Compared, ...], ...]:
    """`s<e & e>s | ...`: one of the alternatives must hold with all its parts."""
    ends = {"s": START, "e": END}
    return tuple(
        tuple((ends[part[0]], part[1:-1], ends[part[-1]]) for part in one.split(" & "))
        for one in text.split(" | ")
    )


RELATIONS = {
    "after": _read("s>e"),
    "before": _read("e<s"),
    "contains": _read("s<s & e>e"),
    "disjoint": _read("e<s | s>e"),
    "during": _read("s>s & e<e"),
    "equals": _read("s=s & e=e"),
    "finishedBy": _read("s<s & e=e"),
    "finishes": _read("s>s & e=e"),
    "intersects": _read("s<=e & e>=s"),
    "meets": _read("e=s"),
    "metBy": _read("s=e"),
    "overlappedBy": _read("s>s & s<e & e>e"),
    "overlaps": _read("s<s & e>s & e<e"),
    "startedBy": _read("s=s & e>e"),
    "starts": _read("s=s & e<e"),
}
_PAIRS = {
    "after": "before",
    "contains": "during",
    "finishedBy": "finishes",
    "meets": "metBy",
    "overlappedBy": "overlaps",
    "startedBy": "starts",
}
# what the second is to the first
INVERSE = (
    _PAIRS
    | {second: first for first, second in _PAIRS.items()}
    | {name: name for name in ("disjoint", "equals", "intersects")}
)
