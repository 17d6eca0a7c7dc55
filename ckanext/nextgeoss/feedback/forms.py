"""The form of feedback: from its fields to the parts of an item and back, and from places in parts, as errors
name them, to fields."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from .form_fields import BOXES, BY_NAME, FIELDS, GROUPS, SIDES, Field, Group
from .form_paths import Json, Path, drop, get, path_of, put, shared
from .form_spelling import DOI
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
        value = get(parts, field.path)
        if value not in (None, "", []):
            found[field.name] = field.spelling.write(value)
    if _FIT in (get(parts, _ASPECT) or ()):
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
        found.setdefault("publication_title", f"doi:{DOI.read(found['publication_doi'])}")
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
    if "scope_end" in found and "scope_begin" not in found:
        lacking.append("scope_begin")
    if "quality_unit" in found and "quality_value" not in found:
        lacking.append("quality_value")
    for box in BOXES:  # all four sides or none
        sides = [f"{box}_{side}" for side in SIDES]
        there = [side for side in sides if side in found]
        lacking += [side for side in sides if there and side not in found]
    return lacking


def filled(fields: Mapping[str, str]) -> set[str]:
    """The names of the groups in which something is filled."""
    names = {BY_NAME[name].group for name in completed(fields) if name in BY_NAME}
    return names | ({"usage"} if fields.get(FIT) else set())


def adopted(item: Mapping[str, Any], number: int = 0) -> dict[str, str]:
    """The fields of the form for who does what another did: how the usage of an item is repeated, of the
    first or of another of those that say so, and what it was for."""
    used = [each for report in item.get("usage") or () for each in report.get("usage_description") or ()]
    again = [each for each in used if each.get("reproducible_usage")]
    if number >= len(again):
        return {}
    fields = from_parts({"usage": [{"usage_description": [again[number]]}]})
    names = {field.name for field in FIELDS if field.group == "code"} | {"specific_usage"}
    return {name: text for name, text in fields.items() if name in names}


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
        number = shared(path, field.path)
        if number > depth:
            depth, best = number, field.name
    return best


def _set_group(parts: Json, group: Group, before: Mapping[str, str], now: Mapping[str, str]) -> None:
    mine = [field for field in FIELDS if field.group == group.name]
    changed = [field for field in mine if before.get(field.name, "") != now.get(field.name, "")]
    if not changed:
        return
    had = any(field.name in before for field in mine)
    within = [each for each in FIELDS if each.path[: len(group.root)] == group.root]
    if group.root and not any(field.name in now for field in within):
        drop(parts, group.root)
        return
    for field in changed:
        _set(parts, field, now.get(field.name, ""))
    if not had:
        for path, value in group.constants:
            if get(parts, path) is None:
                put(parts, path, value)


def _set(parts: Json, field: Field, text: str) -> None:
    if text:
        put(parts, field.path, field.spelling.read(text))
        for path, value in field.beside:
            if get(parts, path) is None:
                put(parts, path, value)
        return
    for path, value in field.beside:
        if get(parts, path) == value:
            drop(parts, path)
    drop(parts, field.path)


def _set_aspects(parts: Json, before: Mapping[str, str], now: Mapping[str, str]) -> None:
    """The aspects of a usage report are what is told in it."""
    old, new = _aspects(before), _aspects(now)
    if old == new:
        return
    aspects = [each for each in get(parts, _ASPECT) or [] if each not in old - new]
    aspects += [each for each in sorted(new - old) if each not in aspects]
    drop(parts, _ASPECT)
    if aspects:
        put(parts, _ASPECT, aspects)


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
    put(parts, (*_REPORT, "aspect"), known.aspect if known else "UsabilityElement")
    if known:
        put(parts, (*_REPORT, "measure", "name_of_measure"), [known.title])
