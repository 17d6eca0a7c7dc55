"""The form of feedback: from its fields to the parts of an item and back, and from places in parts, as errors
name them, to fields."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from .form_fields import BY_NAME, FIELDS, GROUPS, Field, Group, Json, Path, Pick, path_of
from .measures import MEASURES

# a tick, not a text: the usage was one that the data is fit for
FIT = "fit"
# what the form has besides fields of parts; the actions know it
SEVERITY = "severity"
NAMES = frozenset((*BY_NAME, FIT, SEVERITY))
# the parts that a form may change
ROOTS = tuple(dict.fromkeys(str(field.path[0]) for field in FIELDS))

_FIT = "fitnessForPurpose"
_ASPECT: Path = ("usage", 0, "report_aspect")
_REPORT: Path = ("additional_quality", 0, "report", 0)


def from_parts(parts: Mapping[str, Any]) -> dict[str, str]:
    """The fields of the form for an item, those that have something in them."""
    found: dict[str, str] = {}
    for field in FIELDS:
        value = _get(parts, field.path)
        if value not in (None, "", []):
            found[field.name] = field.spelling.write(value)
    if _FIT in (_get(parts, _ASPECT) or ()):
        found[FIT] = "yes"
    return {name: text for name, text in found.items() if text}


def to_parts(fields: Mapping[str, str], base: Mapping[str, Any] | None = None) -> Json:
    """The parts that the fields of a form say, on top of the parts that were there before: what nobody
    changed stays as it is, also what the form does not show. Nothing is checked."""
    parts: Json = copy.deepcopy(dict(base or {}))
    before = from_parts(parts)
    now = completed(fields, before)
    for group in GROUPS:
        _set_group(parts, group, before, now)
    _set_aspects(parts, before, now)
    _name_measure(parts, before, now)
    return parts


def completed(fields: Mapping[str, str], before: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """The fields that have something in them, with what need not be said; chosen values that mean nothing on
    their own are left out, unless they stood there `before`."""
    found = {name: text for name in NAMES if (text := str(fields.get(name) or "").strip())}
    found = {name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in found.items()}
    if found.get("motivation") == "question" and found.get("abstract"):
        found.setdefault("comment", found["abstract"])
    if found.get("publication_doi"):
        found.setdefault("publication_title", f"doi:{found['publication_doi']}")
    for group in GROUPS[1:]:
        mine = [field for field in FIELDS if field.group == group.name]
        if not any(field.name in found for field in mine if not field.weak):
            for field in mine:
                if found.get(field.name) != before.get(field.name):
                    found.pop(field.name, None)
    return found


def missing(fields: Mapping[str, str]) -> list[str]:
    """The names of fields that must be filled beside those that are."""
    found = completed(fields)
    lacking = [
        choice[0]
        for group in GROUPS
        for choice in group.needed
        if group.name in filled(found) and not any(name in found for name in choice)
    ]
    if (FIT in found or "used_from" in found) and "specific_usage" not in found:
        lacking.append("specific_usage")
    if "used_until" in found and "used_from" not in found:
        lacking.append("used_from")
    if "event_end" in found and "event_begin" not in found:
        lacking.append("event_begin")
    if "quality_unit" in found and "quality_value" not in found:
        lacking.append("quality_value")
    return lacking


def filled(fields: Mapping[str, str]) -> set[str]:
    """The names of the groups in which something is filled."""
    names = {BY_NAME[name].group for name in completed(fields) if name in BY_NAME}
    return names | ({"usage"} if fields.get(FIT) else set())


def by_field(errors: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Errors by the name of the field that they are about; those of no field under ""."""
    found: dict[str, list[str]] = {}
    for place, reasons in errors.items():
        found.setdefault(field_at(place), []).extend(reasons)
    return found


def field_at(place: str) -> str:
    """The name of the field that holds what is at a place; "" when none does."""
    if place in NAMES:
        return place
    path = path_of(place)
    if path[:3] == _ASPECT:
        return FIT
    depth, best = 0, ""
    for field in FIELDS:
        shared = _shared(path, field.path)
        if shared > depth:
            depth, best = shared, field.name
    return best


def _shared(path: Path, other: Path) -> int:
    """How many steps two paths have in common from the beginning."""
    number = 0
    for one, two in zip(path, other, strict=False):
        if one != two and not (isinstance(one, int) and isinstance(two, (int, Pick))):
            break
        number += 1
    return number


def _set_group(parts: Json, group: Group, before: Mapping[str, str], now: Mapping[str, str]) -> None:
    mine = [field for field in FIELDS if field.group == group.name]
    changed = [field for field in mine if before.get(field.name, "") != now.get(field.name, "")]
    if not changed:
        return
    had = any(field.name in before for field in mine)
    within = [each for each in FIELDS if each.path[: len(group.root)] == group.root]
    if group.root and not any(field.name in now for field in within):
        _drop(parts, group.root)
        return
    for field in changed:
        _set(parts, field, now.get(field.name, ""))
    if not had:
        for path, value in group.constants:
            if _get(parts, path) is None:
                _put(parts, path, value)


def _set(parts: Json, field: Field, text: str) -> None:
    if text:
        _put(parts, field.path, field.spelling.read(text))
        for path, value in field.beside:
            if _get(parts, path) is None:
                _put(parts, path, value)
        return
    for path, value in field.beside:
        if _get(parts, path) == value:
            _drop(parts, path)
    _drop(parts, field.path)


def _set_aspects(parts: Json, before: Mapping[str, str], now: Mapping[str, str]) -> None:
    """The aspects of a usage report are what is told in it."""
    old, new = _aspects(before), _aspects(now)
    if old == new:
        return
    aspects = [each for each in _get(parts, _ASPECT) or [] if each not in old - new]
    aspects += [each for each in sorted(new - old) if each not in aspects]
    _drop(parts, _ASPECT)
    if aspects:
        _put(parts, _ASPECT, aspects)


def _aspects(fields: Mapping[str, str]) -> set[str]:
    told_by = {
        "usage": ("specific_usage",),
        _FIT: (FIT,),
        "limitation": ("limitation",),
        "problem": ("known_problem",),
        "alternative": ("work_around", "alternative_url"),
    }
    return {aspect for aspect, names in told_by.items() if any(name in fields for name in names)}


def _name_measure(parts: Json, before: Mapping[str, str], now: Mapping[str, str]) -> None:
    name = now.get("quality_measure", "")
    if "quality" not in filled(now) or name == before.get("quality_measure", ""):
        return
    known = MEASURES.get(name)
    _put(parts, (*_REPORT, "aspect"), known.aspect if known else "UsabilityElement")
    if known:
        _put(parts, (*_REPORT, "measure", "name_of_measure"), [known.title])


def _get(parts: Any, path: Path) -> Any:
    found = parts
    for step in path:
        if isinstance(step, str):
            found = found.get(step) if isinstance(found, Mapping) else None
            continue
        if not isinstance(found, list):
            return None
        at = step.among(found) if isinstance(step, Pick) else step
        found = found[at] if at is not None and at < len(found) else None
    return found


def _put(parts: Any, path: Path, value: Any) -> None:
    """Set a value, making what is not there on the way to it."""
    found = parts
    for at, step in enumerate(path[:-1]):
        following = path[at + 1]
        empty: Any = {} if isinstance(following, str) else []
        if isinstance(step, str):
            if not isinstance(found.get(step), (dict, list)):
                found[step] = empty
            found = found[step]
        else:
            found = _entry(found, step, empty)
    last = path[-1]
    if isinstance(last, str):
        found[last] = copy.deepcopy(value)
        return
    position = last.among(found) if isinstance(last, Pick) else last
    if position is not None and position < len(found):
        found[position] = value
    else:
        found.append(value)


def _entry(found: list[Any], step: int | Pick, empty: Any) -> Any:
    at = step.among(found) if isinstance(step, Pick) else step
    if at is None or at >= len(found):
        found.append(step.new() if isinstance(step, Pick) else empty)
        at = len(found) - 1
    return found[at]


def _drop(parts: Any, path: Path) -> None:
    """Take a value away, and what is empty without it."""
    way: list[tuple[Any, Any]] = []
    found: Any = parts
    for step in path:
        if isinstance(found, list):
            at: Any = step.among(found) if isinstance(step, Pick) else step
            if not isinstance(at, int) or at >= len(found):
                return
        elif isinstance(found, dict) and step in found:
            at = step
        else:
            return
        way.append((found, at))
        found = found[at]
    for number, (holder, at) in enumerate(reversed(way)):
        if number and holder[at] not in ({}, []) and not _is_bare(holder[at], path[len(way) - number]):
            return
        del holder[at]


def _is_bare(part: Any, step: Any) -> bool:
    """Whether nothing but what a part was picked by is left of it."""
    return (
        isinstance(step, str)
        and isinstance(part, dict)
        and set(part) <= {"type", "code_space"}
        and bool(part)
    )
