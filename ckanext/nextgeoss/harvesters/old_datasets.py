"""Datasets of the original hub as products: packed extras, old names, resources told by their type."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ..eo.asset import Asset, parse_checksum, parse_media_type, parse_size
from ..eo.collection import load_registry
from ..eo.errors import BadRecord, BadValue
from ..eo.fast_yaml import load_yaml
from ..eo.footprint import Footprint
from ..eo.product import Problem, Product, Value
from ..eo.properties import Properties
from ..eo.spellings import platform_of
from ..eo.temporal import ALWAYS, TemporalExtent
from ..eo.text import clean_text

# the extra that holds all others, as Python writes a list of dictionaries
PACKED = "dataset_extra"
_LONGEST = 5_000_000
_ROLES = (
    ("thumbnail", re.compile("thumbnail|quicklook|preview", re.I)),
    ("metadata", re.compile("manifest|metadata", re.I)),
    ("data", re.compile("product", re.I)),
)


@dataclass(frozen=True, slots=True)
class OldDataset:
    """A dataset of the original hub, read: `others` are its extras that are no property, `left_out` those
    that have no use any more."""

    product: Product
    others: Mapping[str, str]
    left_out: tuple[str, ...]
    collection_title: str = ""
    collection_description: str = ""


def read_old_dataset(dataset: Mapping[str, Any], properties: Properties) -> OldDataset:
    """What a dataset (as `package_show` gives it) says; BadRecord when it is no product."""
    extras = unpacked({extra["key"]: extra["value"] for extra in dataset.get("extras", ())})
    parts = {part: _first(extras, names) for part, names in _rules()["parts"].items()}
    name = str(dataset.get("name") or "")
    if not parts["collection"]:
        raise BadRecord("no collection: it has no extra collection_id", 0, name)
    identifier = clean_text(str(parts["identifier"] or name))
    problems: list[Problem] = []
    values, others, left_out = _properties(extras, properties, problems)
    known = load_registry().canonical(str(parts["collection"]))
    titles = ("", identifier, parts["collection_title"], known.title if known else "")
    title, notes = dataset.get("title") or "", dataset.get("notes") or ""
    if notes and notes not in (parts["collection_description"], title) and "description" in properties:
        values.setdefault("description", notes)
    _tell_platform(values, identifier)
    product = Product(
        id=identifier,
        collection=known.id if known else str(parts["collection"]),
        title="" if title in titles or title == name else title,
        footprint=_footprint(parts["footprint"], problems),
        time=_time(parts["start"], parts["end"], problems),
        properties=values,
        assets=_assets(dataset.get("resources", ()), problems),
        problems=tuple(problems),
    )
    return OldDataset(
        product,
        others,
        left_out,
        str(parts["collection_title"] or ""),
        str(parts["collection_description"] or ""),
    )


def unpacked(extras: Mapping[str, str]) -> dict[str, Any]:
    """All extras by name, those of the packed one too; the packed text is read as data, never run."""
    found: dict[str, Any] = {key: value for key, value in extras.items() if key != PACKED}
    for item in _packed(extras.get(PACKED)):
        if isinstance(item, Mapping) and item.get("key") and item.get("value") not in (None, ""):
            found.setdefault(str(item["key"]), item["value"])
    return found


def _packed(text: Any) -> Sequence[Any]:
    read = _literal(text) if isinstance(text, str) and len(text) <= _LONGEST else None
    return read if isinstance(read, list) else ()


def _literal(text: str) -> Any:
    """What a text says as JSON or as a literal of Python; None when it is neither."""
    for reader in (json.loads, ast.literal_eval):
        try:
            return reader(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
    return None


@cache
def _rules() -> Mapping[str, Any]:
    text = files("ckanext.nextgeoss").joinpath("harvesters/old_datasets.yaml").read_text("utf-8")
    return load_yaml(text)


def _first(extras: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((extras[name] for name in names if extras.get(name) not in (None, "")), "")


def _properties(
    extras: Mapping[str, Any], properties: Properties, problems: list[Problem]
) -> tuple[dict[str, Value], dict[str, str], tuple[str, ...]]:
    """The properties that the extras tell, the extras that are none, and the names of those that go."""
    rules = _rules()
    parts = {name for names in rules["parts"].values() for name in names}
    values, others, left_out = dict[str, Value](), dict[str, str](), list[str]()
    for key in sorted(extras, key=lambda key: key not in rules["preferred"]):
        if key in parts:
            continue
        if key in rules["left_out"] or re.fullmatch(rules["left_out_pattern"], key):
            left_out.append(key)
            continue
        name = rules["names"].get(key, key)
        row = properties.find(name) or properties.find(name.replace(" ", "_"))
        if row is None:
            others[key] = _text(extras[key])
            continue
        if row.name in values:
            continue
        try:
            values[row.name] = row.parse(_listed(extras[key]) if row.type == "list" else extras[key])
        except BadValue as error:
            problems.append(Problem(key, error.reason))
    return values, others, tuple(left_out)


def _listed(value: Any) -> Any:
    """A list, also when it is written as Python writes it."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        read = _literal(value)
        return read if isinstance(read, list) else value
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _tell_platform(values: dict[str, Value], identifier: str) -> None:
    series, serial = str(values.get("constellation", "")), str(values.get("platform_serial", ""))
    if "platform" not in values and (found := platform_of(series, serial, identifier)):
        values["platform"] = found


def _footprint(said: Any, problems: list[Problem]) -> Footprint | None:
    if not said:
        return None
    geometry = _literal(said) if isinstance(said, str) else said
    try:
        return Footprint.from_geojson(geometry) if geometry is not None else Footprint.from_wkt(str(said))
    except BadValue as error:
        problems.append(Problem("spatial", error.reason))
        return None


def _time(start: Any, end: Any, problems: list[Problem]) -> TemporalExtent:
    for one, other in ((start, end), (start, None), (None, end)):
        try:
            return TemporalExtent.of(str(one or ""), str(other or ""))
        except BadValue as error:
            problems.append(Problem("time", error.reason))
    return ALWAYS


def _assets(resources: Iterable[Mapping[str, Any]], problems: list[Problem]) -> tuple[Asset, ...]:
    found: dict[str, Asset] = {}
    for resource in resources:
        asset = _asset(resource, problems)
        if asset is None:
            continue
        key, number = asset.key, 1
        while asset.key in found:
            number += 1
            asset = replace(asset, key=f"{key}-{number}")
        found[asset.key] = asset
    return tuple(found.values())


def _asset(resource: Mapping[str, Any], problems: list[Problem]) -> Asset | None:
    href = _without_login(str(resource.get("url") or "").strip(), problems)
    if not href:
        return None
    name, kind = str(resource.get("name") or ""), str(resource.get("resource_type") or "")
    return Asset(
        key=kind or name or "data",
        href=href,
        title=name,
        roles=(_role(f"{kind} {name}"),),
        media_type=_parsed(parse_media_type, resource.get("mimetype")) or "",
        size=_parsed(parse_size, resource.get("size")),
        checksum=_parsed(parse_checksum, resource.get("hash")) or "",
    )


def _role(words: str) -> str:
    return next((role for role, pattern in _ROLES if pattern.search(words)), "data")


def _parsed(parse: Any, value: Any) -> Any:
    try:
        return parse(value) if value else None
    except BadValue:
        return None


def _without_login(url: str, problems: list[Problem]) -> str:
    """The address without a user and a password in it, as those of FTP servers had."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if "@" not in parts.netloc:
        return url
    problems.append(Problem("resources", "a login stood in the address of a file and was left out"))
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
