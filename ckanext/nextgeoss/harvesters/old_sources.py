"""Harvest sources of the original hub: what their configurations mean today, by old_sources.yaml."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from ..eo.collection import load_registry
from ..eo.errors import BadConfiguration, BadValue, shown
from ..eo.fast_yaml import load_yaml
from ..eo.footprint import Footprint
from ..eo.temporal import TemporalExtent
from .provider import RETIRED, Provider
from .secret import is_reference
from .source import FULL

_RAW = "sentinel-1-raw"
# of dates: none
_OPEN = ("", "*", "NOW", "TODAY", "NOW-1DAY")

FindProvider = Callable[[str], Provider]


@dataclass(frozen=True, slots=True)
class Note:
    """What became of one key of an old configuration; `warning` when it has no meaning today."""

    key: str
    text: str
    warning: bool = False


@dataclass(slots=True)
class Translation:
    """What an old source becomes: the configuration of a new one, or why there is none."""

    provider: str = ""
    # of the new source; empty when none takes its place
    config: dict[str, Any] = field(default_factory=dict)
    # names of groups
    topics: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    # why nothing takes its place, or what of it is gone
    told: list[str] = field(default_factory=list)
    # why it cannot be said here what takes its place
    problem: str = ""

    def note(self, key: str, text: str, warning: bool = False) -> None:
        """Say what became of a key."""
        self.notes.append(Note(key, text, warning))


@cache
def old_rules() -> Mapping[str, Any]:
    """The content of old_sources.yaml."""
    text = files("ckanext.nextgeoss").joinpath("harvesters/old_sources.yaml").read_text("utf-8")
    return load_yaml(text)


def old_types() -> Mapping[str, Any]:
    """The types of harvest sources of the original hub."""
    return old_rules()["types"]


def old_keys() -> frozenset[str]:
    """All keys that configurations of the original hub had."""
    rules = old_rules()
    found = {*rules["meanings"], *rules["ignored"]}
    for each in old_types().values():
        found |= set(each.get("ignored", ()))
        choices = [each.get("by"), each.get("collections")]
        found |= {choice["key"] for choice in choices if isinstance(choice, dict)}
    return frozenset(found)


def translate(source_type: str, text: str | None, find: FindProvider, today: date) -> Translation:
    """What a source of this old type with this configuration (JSON) is today; `find` gives providers."""
    rules, found = old_types()[source_type], Translation()
    said = _mapping(text, found)
    if reason := rules.get("none"):
        found.told.append(reason)
    chosen = _chosen(rules, said)
    provider = _provider(chosen, find, found)
    limits = _Limits(found, provider, today)
    keys = old_rules()
    ignored = {**keys["ignored"], **rules.get("ignored", {})}
    wanted = rules.get("collections")
    by = wanted["key"] if isinstance(wanted, dict) else ""
    for key, value in said.items():
        meaning = keys["meanings"].get(key)
        if key == by:
            continue
        if key == (rules.get("by") or {}).get("key"):
            found.note(key, f"{shown(value)} is served by {chosen.get('provider') or chosen.get('retired')}")
        elif meaning:
            getattr(limits, meaning)(key, value)
        elif key in ignored:
            found.note(key, f"has no meaning today: {ignored[key]}", warning=True)
        else:
            found.note(key, "has no meaning today: no harvester of the original hub knew it", warning=True)
    if wanted:
        _collections(wanted, said, found, provider)
    if provider is None:
        found.config = {}
    elif found.provider:
        _without_raw(found, provider, said)
        found.config = {"provider": provider.id, **found.config}
    return found


def _mapping(text: str | None, found: Translation) -> dict[str, Any]:
    try:
        said: object = json.loads(text or "{}")
    except ValueError:
        said = None
    if not isinstance(said, dict):
        found.note("config", "is no JSON object and says nothing", warning=True)
        return {}
    return {str(key): value for key, value in said.items()}


def _chosen(rules: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, str]:
    by = rules.get("by") or {}
    return by["values"].get(str(said.get(by["key"])), rules) if by else rules


def _provider(chosen: Mapping[str, str], find: FindProvider, found: Translation) -> Provider | None:
    """The provider that takes the place; None when nothing does."""
    if old := chosen.get("retired"):
        instead = f", replaced by {chosen['provider']}" if chosen.get("provider") else ": nothing replaces it"
        found.told.append(f"the provider {old} is retired{instead}")
    name = chosen.get("provider")
    if not name:
        return None
    try:
        provider = find(name)
    except BadConfiguration as error:
        found.problem = f"its successor {name} cannot be used here: {str(error).partition(';')[0]}"
        return None
    if provider.status == RETIRED:
        found.told.append(f"the provider {name} is retired: nothing replaces it")
        return None
    found.provider = name
    return provider


@dataclass(slots=True)
class _Limits:
    """The meanings of old keys, each a method."""

    found: Translation
    given: Provider | None
    today: date

    def start(self, key: str, value: Any) -> None:
        self._time(key, "start", value)

    def end(self, key: str, value: Any) -> None:
        self._time(key, "end", value)

    def _time(self, key: str, name: str, value: Any) -> None:
        word = str(value or "").strip()
        if word.upper() == "YESTERDAY":
            day = (self.today - timedelta(days=1)).isoformat()
            self.found.config[name] = day
            self.found.note(key, f"{name} {day}; each run asks only what is new since the last one")
            return
        if word.upper() in _OPEN:
            self.found.note(key, f"{shown(value)} is no limit")
            return
        try:
            TemporalExtent.of(word, None)
        except BadValue as error:
            self.found.note(key, f"cannot be used: {error.reason}", warning=True)
            return
        self.found.config[name] = word
        self.found.note(key, f"{name} {word}")

    def area(self, key: str, value: Any) -> None:
        try:
            footprint = Footprint.from_wkt(str(value))
        except BadValue as error:
            self.found.note(key, f"cannot be used: {error.reason}", warning=True)
            return
        if footprint is None:
            self.found.note(key, "is empty and no limit")
            return
        self.found.config["bbox"] = list(footprint.bbox)
        box = ", ".join(f"{number:g}" for number in footprint.bbox)
        self.found.note(key, f"bbox {box}: the box of the polygon is asked for")

    def private(self, key: str, value: Any) -> None:
        if value is True:
            self.found.config["private_products"] = True
        self.found.note(key, f"private_products {str(value is True).lower()}")

    def full(self, key: str, value: Any) -> None:
        if value is True:
            self.found.config["mode"] = FULL
        self.found.note(key, f"mode {FULL}" if value is True else "changes are asked for, as ever")

    def topics(self, key: str, value: Any) -> None:
        groups = value if isinstance(value, list) else [value]
        names = [str(group.get("name") or "") if isinstance(group, dict) else str(group) for group in groups]
        self.found.topics += [name for name in names if name]
        self.found.note(key, f"topics of the source: {', '.join(self.found.topics) or 'none'}")

    def no_raw(self, key: str, value: Any) -> None:
        self.found.note(key, f"without {_RAW}" if value is True else "raw data is taken, too")

    def secret(self, key: str, value: Any) -> None:
        references = self.given.auth.values() if self.given else ()
        names = [name for name in references if is_reference(str(name))]
        if names:
            text = f"a secret, not copied: workers look for it at {', '.join(names)}"
        elif self.given:
            text = f"a secret, not copied: {self.given.id} is asked without a login"
        else:
            text = "a secret, not copied"
        self.found.note(key, text)


def _collections(wanted: Any, said: Mapping[str, Any], found: Translation, provider: Provider | None) -> None:
    """Fill in the collections that the old source was limited to, as the provider knows them."""
    key, names = "collections", list[str]()
    if isinstance(wanted, list):
        names = wanted
    else:
        key = wanted["key"]
        if key not in said:
            return
        value = str(said[key])
        names = wanted.get("values", {}).get(value) or [value]
    if provider is None:
        found.note(key, f"collections {', '.join(names)}")
        return
    taken = list(dict.fromkeys(ours for name in names for ours in _known(name, provider)))
    missing = [name for name in names if not any(_known(name, provider))]
    if missing:
        found.note(key, f"{provider.id} has no collection {', '.join(missing)}", warning=True)
    if taken:
        found.config["collections"] = taken
        anew = [name for name in taken if name not in _canonical(names)]
        text = f", which supersedes {', '.join(names)}" if anew else ""
        found.note(key, f"collections {', '.join(taken)}{text}")
    elif provider.collections:
        found.told.append(f"{provider.id} has nothing of what it took")
        found.provider, found.config = "", {}


def _canonical(names: list[str]) -> list[str]:
    registry = load_registry()
    return [known.id if (known := registry.canonical(name)) else name for name in names]


def _known(name: str, provider: Provider) -> Iterator[str]:
    """The provider's collections that are this one, or else hold its products anew."""
    (ours,) = _canonical([name])
    if ours in provider.collections or not provider.collections:
        yield ours  # of one that lists none nobody knows
        return
    registry = load_registry()
    for candidate in provider.collections:
        known = registry.canonical(candidate)
        if known and ours in known.supersedes:
            yield candidate


def _without_raw(found: Translation, provider: Provider, said: Mapping[str, Any]) -> None:
    if said.get("skip_raw") is True and "collections" not in found.config:
        found.config["collections"] = [name for name in provider.collections if name != _RAW]
