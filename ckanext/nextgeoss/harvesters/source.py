"""What a harvest source asks for: its JSON configuration, checked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from ..eo.collection import load_registry
from ..eo.errors import BadConfiguration, BadValue, nearest, shown
from ..eo.footprint import Footprint
from ..eo.query import Condition, Query
from ..eo.temporal import ALWAYS, TemporalExtent, format_time
from .enriching import Enrich, parse_enrich
from .provider import RETIRED, Provider
from .provider_files import load_provider

SOURCE_TYPE = "nextgeoss"

# of runs: what has changed since the last one where the provider can tell, everything, or everything and then
# withdraw what the provider has no more
UPDATE, FULL, RECONCILE = "update", "full", "reconcile"
MODES = (UPDATE, FULL, RECONCILE)
DELETE_RATIO = 0.1
# how products are written: in batches where that can be, or one by one whatever
AUTO, CLASSIC = "auto", "classic"
WRITERS = (AUTO, CLASSIC)
# what the activity streams of CKAN tell of harvested products
NO_ACTIVITIES, EACH_RUN, EACH_PRODUCT = "none", "summary", "full"
ACTIVITIES = (NO_ACTIVITIES, EACH_RUN, EACH_PRODUCT)

KEYS = (
    "provider", "collections", "start", "end", "bbox", "limit", "url", "private_products",
    "mode", "delete_ratio", "silent_days", "writer", "activities", "enrich",
)  # fmt: skip
# ckanext-harvest shows every key of a configuration as a field of the source: `private` would hide the source
OLD_KEYS = {"private": "private_products"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConfig:
    """A provider and the part of its products that is wanted."""

    provider: Provider
    # our collection ids, or the provider's own of those that its file does not name; empty: all
    collections: tuple[str, ...] = ()
    time: TemporalExtent = ALWAYS
    # west, south, east, north; west > east lies across 180 degrees
    bbox: tuple[float, float, float, float] | None = None
    # products of the whole source; None: all
    limit: int | None = None
    # asked instead of the provider file's address
    url: str = ""
    private: bool = False
    # of runs that nobody gave another one
    mode: str = UPDATE
    # a reconcile run does not withdraw more than this share of what the source offers, unless confirmed
    delete_ratio: float = DELETE_RATIO
    # people are told when no new product came for so many days; 0: never, None: as the site says
    silent_days: int | None = None
    # one of WRITERS
    writer: str = AUTO
    # one of ACTIVITIES
    activities: str = NO_ACTIVITIES
    # what is added to its products; None: as the provider file says
    enrich: Enrich | None = None

    @property
    def shared(self) -> bool:
        """Whether its products have the ids they have everywhere: public, from the provider's own address."""
        return not self.private and not self.url

    def query(self, conditions: tuple[Condition, ...] = ()) -> Query:
        """The products wanted, of which these conditions hold."""
        footprint = Footprint.from_bbox(*self.bbox) if self.bbox else None
        named = () if self.provider.offers_others else tuple(self.provider.collections)
        collections = self.collections or named
        return Query(collections=collections, footprint=footprint, time=self.time, conditions=conditions)

    def as_json(self) -> str:
        """The configuration as it is stored."""
        said: dict[str, Any] = {"provider": self.provider.id}
        said |= {"collections": list(self.collections)} if self.collections else {}
        said |= {"start": _short(self.time.start, "T00:00:00Z")} if self.time.start else {}
        said |= {"end": _short(self.time.end, "T23:59:59.999999Z")} if self.time.end else {}
        said |= {"bbox": list(self.bbox)} if self.bbox else {}
        said |= {"limit": self.limit} if self.limit else {}
        said |= {"url": self.url} if self.url else {}
        said |= {"private_products": True} if self.private else {}
        said |= {"mode": self.mode} if self.mode != UPDATE else {}
        said |= {"delete_ratio": self.delete_ratio} if self.delete_ratio != DELETE_RATIO else {}
        said |= {"silent_days": self.silent_days} if self.silent_days is not None else {}
        said |= {"writer": self.writer} if self.writer != AUTO else {}
        said |= {"activities": self.activities} if self.activities != NO_ACTIVITIES else {}
        said |= {"enrich": self.enrich.as_json()} if self.enrich is not None else {}
        return json.dumps(said, indent=2)


def parse_config(text: str | None, folders: Sequence[Path] = ()) -> SourceConfig:
    """The configuration in a JSON text; BadConfiguration names the key, what was given and what is known.
    Provider files are sought in the shipped folder and in `folders`."""
    said = _mapping(text)
    for key in said:
        if key not in KEYS:
            near = nearest(key, KEYS)
            hint = f"did you mean {near}?" if near else f"known: {', '.join(KEYS)}"
            raise BadConfiguration(f"unknown key {shown(key)}; {hint}")
    provider = _provider(said.get("provider"), folders)
    url = _url(said.get("url"))
    return SourceConfig(
        provider=provider,
        collections=_collections(said.get("collections"), provider),
        time=_time(said.get("start"), said.get("end")),
        bbox=_bbox(said.get("bbox")),
        limit=_limit(said.get("limit")),
        url="" if url == provider.url.rstrip("/") else url,
        private=_flag(said.get("private_products")),
        mode=parse_mode(said.get("mode", UPDATE)),
        delete_ratio=_ratio(said.get("delete_ratio", DELETE_RATIO)),
        silent_days=_days(said.get("silent_days")),
        writer=_one_of(said.get("writer", AUTO), WRITERS, "writer"),
        activities=_one_of(said.get("activities", NO_ACTIVITIES), ACTIVITIES, "activities"),
        enrich=parse_enrich(said["enrich"], "enrich") if "enrich" in said else None,
    )


def parse_mode(value: object) -> str:
    """A mode of runs; BadConfiguration when there is none of this name."""
    return _one_of(value, MODES, "mode", "a mode of a run")


def _one_of(value: object, known: Sequence[str], key: str, what: str = "known") -> str:
    if isinstance(value, str) and value in known:
        return value
    near = nearest(str(value), known)
    hint = f"did you mean {near}?" if near else f"known: {', '.join(known)}"
    raise BadConfiguration(f"{key}: {shown(value)} is not {what}; {hint}")


def _mapping(text: str | None) -> dict[str, Any]:
    try:
        said: object = json.loads(text or "{}")
    except ValueError as error:
        raise BadConfiguration(f"not JSON: {error}") from error
    if not isinstance(said, dict):
        raise BadConfiguration(f'{shown(said)} is not allowed; expected {{"provider": "...", ...}}')
    given = cast(dict[str, Any], said)
    return {
        OLD_KEYS.get(key, key): value
        for key, value in given.items()
        # an empty list of what is added says that nothing is
        if value not in (None, "", []) or (key == "enrich" and value == [])
    }


def _provider(value: object, folders: Sequence[Path]) -> Provider:
    if not isinstance(value, str):
        raise BadConfiguration('provider: must be given, such as {"provider": "earth_search"}')
    try:
        return load_provider(value, *folders)
    except BadConfiguration as error:
        raise BadConfiguration(f"provider: {error}") from error


def _collections(value: object, provider: Provider) -> tuple[str, ...]:
    if value is None:
        return ()
    names: list[object] = cast("list[object]", value) if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(_collection(name, provider) for name in names))


def _collection(name: object, provider: Provider) -> str:
    """Our id of a collection, given as such, as an alias or as the provider calls it."""
    known = provider.collections
    if isinstance(name, str):
        entry = load_registry().canonical(name)
        found = [ours for ours, rule in known.items() if name == ours or name in rule.ids]
        if found or (entry and entry.id in known):
            return found[0] if found else cast(Any, entry).id
        if provider.offers_others:
            return name
    near = nearest(str(name), known)
    hint = f"did you mean {near}?" if near else f"known: {', '.join(known)}"
    raise BadConfiguration(f"collections: {shown(name)} is not a collection of {provider.id}; {hint}")


def _time(start: object, end: object) -> TemporalExtent:
    for key, value in (("start", start), ("end", end)):
        try:
            TemporalExtent.of(str(value or ""), None)
        except BadValue as error:
            raise BadConfiguration(f"{key}: {error.reason}") from error
    try:
        return TemporalExtent.of(str(start or ""), str(end or ""))
    except BadValue as error:
        raise BadConfiguration(f"end: {error.reason}") from error


def _short(time: datetime, of_whole_day: str) -> str:
    """The time as text; only the date where that says the same."""
    return format_time(time).removesuffix(of_whole_day)


def _bbox(value: object) -> tuple[float, float, float, float] | None:
    if value is None:
        return None
    numbers = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    allowed = "four numbers: west, south, east, north in degrees"
    if not isinstance(numbers, list):
        raise BadConfiguration(f"bbox: {shown(value)} is not allowed; expected {allowed}")
    try:
        west, south, east, north = (float(cast(Any, number)) for number in cast("list[object]", numbers))
        Footprint.from_bbox(west, south, east, north)
    except (TypeError, ValueError) as error:
        reason = (
            error.reason
            if isinstance(error, BadValue)
            else f"{shown(value)} is not allowed; expected {allowed}"
        )
        raise BadConfiguration(f"bbox: {reason}") from error
    return west, south, east, north


def _limit(value: object) -> int | None:
    if value is None:
        return None
    try:
        limit = int(cast(Any, value))
    except (TypeError, ValueError):
        limit = 0
    if limit < 1 or isinstance(value, bool):
        raise BadConfiguration(f"limit: {shown(value)} is not allowed; expected a whole number from 1")
    return limit


def _ratio(value: object) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    raise BadConfiguration(f"delete_ratio: {shown(value)} is not allowed; expected a number from 0 to 1")


def _days(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise BadConfiguration(
        f"silent_days: {shown(value)} is not allowed; expected a whole number of days from 0"
    )


def _url(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        raise BadConfiguration(f"url: {shown(value)} is not allowed; expected http://... or https://...")
    return value.rstrip("/")


def _flag(value: object) -> bool:
    if isinstance(value, bool) or value is None:
        return bool(value)
    raise BadConfiguration(f"private_products: {shown(value)} is not allowed; expected true or false")


def choices(providers: Mapping[str, Provider]) -> list[dict[str, Any]]:
    """The providers with their collections, as a form offers them: ids and titles, by title."""
    registry = load_registry()
    found: list[dict[str, Any]] = []
    for provider in sorted(providers.values(), key=lambda each: each.title.lower()):
        titles = {name: registry.canonical(name) for name in provider.collections}
        collections = [
            {"id": name, "title": entry.title if entry and entry.title else name}
            for name, entry in titles.items()
        ]
        found.append(
            {
                "id": provider.id,
                "title": provider.title,
                "url": provider.url,
                "collections": collections,
                "is_retired": provider.status == RETIRED,
            }
        )
    return found
