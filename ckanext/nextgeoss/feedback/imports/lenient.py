"""Items that others wrote, as far as they can be kept: what the model or a rule refuses is left out."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from ...eo.errors import BadValue, shown
from ..guf import FeedbackItem
from ..parts import Refused, read
from ..rules import check

Path: TypeAlias = tuple[str | int, ...]

_STEP = re.compile(r"([a-z_]+)|\[(\d+)\]")
_MOST = re.compile(r"a list of \d+ to (\d+)")
# of what is wrong with one item; what has more is no feedback
_TRIES = 200


def read_leniently(told: Mapping[str, Any], now: datetime) -> tuple[FeedbackItem | None, tuple[str, ...]]:
    """The item that JSON tells, without what cannot be kept, and what that is; None when nothing is left that
    is feedback. `now` is as in `rules.check`."""
    left = copy.deepcopy(dict(told))
    problems: list[str] = []
    for _ in range(_TRIES):
        try:
            item = read(FeedbackItem, left)
            check(item, now)
        except Refused as refused:
            problem = refused.problems[0]
            problems.append(_line(problem))
            if not _mend(left, problem):
                return None, tuple(problems)
        else:
            return item, tuple(problems)
    return None, (*problems, "and more")


def _line(problem: BadValue) -> str:
    return f"{problem.where}: {shown(problem.value)} is not kept; expected {problem.allowed}"


def _mend(told: dict[str, Any], problem: BadValue) -> bool:
    """Take away what is wrong; False when there is nothing whose absence would help."""
    path: Path = tuple(int(at) if at else name for name, at in _STEP.findall(problem.where))
    value = _at(told, path)
    if isinstance(value, list) and (most := _MOST.search(problem.allowed)) and len(value) > int(most[1]):
        del value[int(most[1]) :]
        return True
    whole = told if problem.where == "feedback" else value
    if isinstance(whole, dict) and isinstance(problem.value, str) and problem.value in whole:
        del whole[problem.value]
        return True
    return _remove(told, path)


def _remove(told: dict[str, Any], path: Path) -> bool:
    """Remove the value at a path, or, where it lacks, what should have had it."""
    while path:
        holder, last = _at(told, path[:-1]), path[-1]
        if isinstance(holder, dict) and holder.get(str(last)) is not None:
            del holder[str(last)]
            return True
        if isinstance(holder, list) and isinstance(last, int) and last < len(holder):
            del holder[last]
            return True
        path = path[:-1]
    return False


def _at(told: Any, path: Sequence[str | int]) -> Any:
    """The value at a path; None when there is none."""
    for step in path:
        if isinstance(told, Mapping) and isinstance(step, str):
            told = told.get(step)
        elif isinstance(told, list) and isinstance(step, int) and step < len(told):
            told = told[step]
        else:
            return None
    return told
