"""Provider files: one YAML file in providers/, with the defaults of its profile beneath."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

import yaml

from ..eo.errors import BadConfiguration, BadValue, shown
from ..eo.fast_yaml import load_yaml
from ..eo.file_names import NamePatterns
from ..eo.name_dates import check_period
from .declared import PARSERS, Parsers, built, hint, keys_with_values, text, texts
from .enriching import parse_enrich
from .provider import (
    COLLECTIONS,
    ITEMS,
    LIVE,
    RETIRED,
    AskedLimits,
    CollectionRule,
    Provider,
    Volatile,
)  # fmt: skip

_HERE = Path(__file__).parent
PROVIDERS = _HERE / "providers"
_ID = re.compile(r"[a-z][a-z0-9_]*")


def provider_ids(*folders: Path) -> tuple[str, ...]:
    """The ids of all providers, in the shipped folder and in others."""
    found = {path.stem for folder in (PROVIDERS, *folders) for path in folder.glob("*.yaml")}
    return tuple(sorted(found))


def load_provider(provider_id: str, *folders: Path) -> Provider:
    """The provider of this id; BadConfiguration names the nearest id there is."""
    return load_file(provider_file(provider_id, *folders))


def provider_file(provider_id: str, *folders: Path) -> Path:
    """Where the file of a provider is; BadConfiguration names the nearest id there is."""
    for folder in (PROVIDERS, *folders):
        path = folder / f"{provider_id}.yaml"
        if _ID.fullmatch(provider_id) and path.is_file():
            return path
    raise BadConfiguration(f"no provider {shown(provider_id)}{hint(provider_id, provider_ids(*folders))}")


def load_file(path: Path) -> Provider:
    """The provider of a YAML file."""
    where = path.name
    said = _yaml(path)
    if not _ID.fullmatch(path.stem):
        raise BadConfiguration(
            f"{where}: a provider file is named with a-z, 0-9 and _, such as earth_search.yaml"
        )
    return provider_from_mapping(path.stem, said, where)


def _yaml(path: Path) -> object:
    """What a file says, which is read again only when it has changed."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{path.name}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise BadConfiguration(f"{path.name}: not YAML: {' '.join(str(error).split())}") from error


@lru_cache(maxsize=1000)
def _read(path: Path, changed: int) -> object:
    return load_yaml(path.read_text("utf-8"))


def provider_from_mapping(provider_id: str, said: object, where: str) -> Provider:
    """The provider that a mapping as in a YAML file describes; `where` begins the messages."""
    given = _inherited(keys_with_values(said, where), where, (provider_id,))
    profile = text(given.get("profile", ""), f"{where}: profile")
    if given.get("status", LIVE) not in (LIVE, RETIRED):
        raise BadConfiguration(f"{where}: status: {shown(given['status'])} is not one of {LIVE}, {RETIRED}")
    if given.get("products", ITEMS) not in (ITEMS, COLLECTIONS):
        allowed = f"{ITEMS}, {COLLECTIONS}"
        raise BadConfiguration(f"{where}: products: {shown(given['products'])} is not one of {allowed}")
    return built(Provider, _profile(profile, where), given | {"id": provider_id}, where, _PARSERS)


def _inherited(given: dict[str, Any], where: str, heirs: tuple[str, ...]) -> dict[str, Any]:
    """What a file says and, beneath it, what the shipped one says that it is `like`: collections and other
    keys with values are added to those below, or, with no value at all, take one of them away."""
    if "like" not in given:
        return given
    like = text(given["like"], f"{where}: like")
    path = PROVIDERS / f"{like}.yaml"
    if not _ID.fullmatch(like) or not path.is_file():
        raise BadConfiguration(f"{where}: like: no provider {shown(like)}{hint(like, provider_ids())}")
    if like in heirs:
        raise BadConfiguration(f"{where}: like: {shown(like)} is like {heirs[-1]} itself")
    below = _inherited(keys_with_values(_yaml(path), path.name), path.name, (*heirs, like))
    own = {name: value for name, value in given.items() if name != "like"}
    return below | {name: _upon(below.get(name), value) for name, value in own.items()}


def _upon(below: object, value: object) -> Any:
    if not isinstance(below, dict) or not isinstance(value, dict):
        return value
    both = cast(dict[str, Any], below) | cast(dict[str, Any], value)
    return {name: item for name, item in both.items() if item is not None or name not in below}


def profile_provider(name: str) -> Provider:
    """A provider that says nothing of its own: only the profile's rules."""
    about = {"title": name, "organization": name, "url": "", "profile": name}
    return provider_from_mapping(name, about, "profile")


@cache
def profiles() -> Mapping[str, Mapping[str, Any]]:
    """The blocks of profiles.yaml, by name."""
    return load_yaml((_HERE / "profiles.yaml").read_text("utf-8"))


def _profile(name: str, where: str) -> Mapping[str, Any]:
    if name not in profiles():
        raise BadConfiguration(f"{where}: no profile {shown(name)}{hint(name, profiles())}")
    return profiles()[name]


def _collections(value: object, where: str) -> Mapping[str, CollectionRule]:
    """From a list of ids, or from our ids with the provider's: one, several, or `{ids, pattern}`."""
    if isinstance(value, list):
        return {name: CollectionRule(ids=(name,)) for name in texts(cast(object, value), where)}
    rules = keys_with_values(value, where)
    return {name: _rule(name, said, f"{where}.{name}") for name, said in rules.items()}


def _rule(name: str, said: object, where: str) -> CollectionRule:
    if said is None:
        return CollectionRule(ids=(name,))
    if not isinstance(said, dict):
        return CollectionRule(ids=texts(said, where))
    rule = built(CollectionRule, {"ids": name}, keys_with_values(cast(object, said), where), where, _PARSERS)
    try:
        re.compile(rule.pattern)
    except re.error as error:
        raise BadConfiguration(f"{where}: pattern {shown(rule.pattern)}: {error}") from error
    return rule


def _volatile(value: object, where: str) -> Volatile:
    return built(Volatile, {}, keys_with_values(value, where), where, _PARSERS)


def _limits(value: object, where: str) -> AskedLimits:
    return built(AskedLimits, {}, keys_with_values(value, where), where, _PARSERS)


def _patterns(value: object, where: str) -> tuple[str, ...]:
    said = texts(value, where)
    try:
        NamePatterns.of(said)
    except BadValue as error:
        raise BadConfiguration(f"{where}: {error.reason}") from error
    return said


def _period(value: object, where: str) -> str:
    try:
        return check_period(text(value, where), where)
    except BadValue as error:
        raise BadConfiguration(str(error)) from error


_PARSERS: Parsers = {
    **PARSERS,
    "AskedLimits": _limits,
    "float | None": PARSERS["float"],
    "int | None": PARSERS["Number"],
    "Mapping[str, Any]": keys_with_values,
    "Mapping[str, CollectionRule]": _collections,
    "Patterns": _patterns,
    "Period": _period,
    "Volatile": _volatile,
    "Enrich": parse_enrich,
}


def each_provider(*folders: Path) -> Iterator[Provider]:
    """All providers, by id."""
    return (load_provider(provider_id, *folders) for provider_id in provider_ids(*folders))
