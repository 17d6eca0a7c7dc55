"""What the author of an item should look at again, though it is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckan import model
from ckan.plugins import toolkit

from .. import config, said, spam
from ..extents import AREA_BEYOND, AREA_OUTSIDE, TIME_OUTSIDE, DataExtent, strange_places
from ..model import Target

Json = dict[str, Any]


def warnings(whole: Mapping[str, Any], targets: Sequence[Target]) -> dict[str, list[str]]:
    """Texts by the place of the part that they are about, as errors are told: places and times that are not
    those of the data, and under "" what will have a moderator look at it."""
    found = outside(whole, targets)
    reasons = spam.judge(said.comment(dict(whole)), config.spam_rules()).reasons
    return {"": list(reasons), **found} if reasons else found


def outside(whole: Mapping[str, Any], targets: Sequence[Target]) -> dict[str, list[str]]:
    """The warnings on places and times that are not those of the data."""
    if not whole.get("significant_event") and not any(each.get("scope") for each in whole["target"]):
        return {}
    found: dict[str, list[str]] = {}
    for place, kind in strange_places(whole, [_extent(each) for each in targets]):
        found.setdefault(place, []).append(_text(kind))
    return found


def with_warnings(document: Json, found: dict[str, list[str]]) -> Json:
    """The document of an item that was written, with `warnings` where there are some."""
    return document | {"warnings": found} if found else document


def _extent(target: Target) -> DataExtent:
    package = model.Package.get(target.package_id) if target.package_id else None
    return DataExtent.of(package.extras or {}) if package else DataExtent()


def _text(kind: str) -> str:
    _ = toolkit._
    return {
        AREA_OUTSIDE: _("This area is outside the area of the data."),
        AREA_BEYOND: _("This area reaches beyond the area of the data."),
        TIME_OUTSIDE: _("This time is outside the time of the data."),
    }[kind]
