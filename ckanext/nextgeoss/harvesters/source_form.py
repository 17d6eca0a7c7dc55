"""The form of a harvest source: lists of providers and collections instead of JSON, which stays possible."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from .. import config
from .provider_files import load_provider, provider_ids
from .source import choices

PREFIX = "nextgeoss_"
SIDES = ("west", "south", "east", "north")
# keys of the configuration that have a field of their own
FIELDS = ("provider", "collections", "start", "end", "bbox")


def config_from_form(text: str | None) -> str | None:
    """The configuration with what the fields of a posted form say in place of what the text says."""
    form = _posted()
    if not form.get(f"{PREFIX}provider"):
        return text
    try:
        rest = json.loads(text or "{}")
    except ValueError:
        return text
    if not isinstance(rest, dict):
        return text
    return json.dumps({key: value for key, value in rest.items() if key not in FIELDS} | _fields(form))


def nextgeoss_source_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows: the `providers` there are, the `values` of the fields, and the `rest` as JSON."""
    folders = config.provider_folders()
    providers = {name: load_provider(name, *folders) for name in provider_ids(*folders)}
    stored, form = _stored(data.get("config")), _posted()
    values = _fields(form) if form else {key: stored[key] for key in FIELDS if key in stored}
    rest = {key: value for key, value in stored.items() if key not in values}
    text = json.dumps(rest, indent=2) if rest else ""
    if not stored and data.get("config"):
        text = data["config"]  # what is no JSON is given back to be mended
    return {"providers": choices(providers), "values": _with_sides(values), "rest": text}


def _posted() -> Any:
    """The fields of our form, as they were posted just now; empty when none were."""
    try:
        form = toolkit.request.form
    except RuntimeError:  # no request: a command or a worker
        return {}
    return form if form.get(f"{PREFIX}form") else {}


def _stored(text: Any) -> dict[str, Any]:
    try:
        said = json.loads(text or "{}")
    except (TypeError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _fields(form: Any) -> dict[str, Any]:
    """The keys of a configuration that the posted fields fill."""
    names = ("provider", "start", "end")
    said: dict[str, Any] = {name: form.get(f"{PREFIX}{name}", "").strip() for name in names}
    said["collections"] = form.getlist(f"{PREFIX}collections_{said['provider']}")
    sides = [form.get(f"{PREFIX}{side}", "").strip() for side in SIDES]
    said["bbox"] = sides if any(sides) else ""
    return {key: value for key, value in said.items() if value}


def _with_sides(values: dict[str, Any]) -> dict[str, Any]:
    box = values.get("bbox") or []
    return values | dict(zip(SIDES, box, strict=False))
