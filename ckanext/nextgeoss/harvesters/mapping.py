"""What a provider's records say, by the paths of its file; the type of what is read parses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast
from urllib.parse import quote

from ..eo.asset import Asset, parse_checksum, parse_size
from ..eo.errors import BadConfiguration, BadValue, nearest, shown
from ..eo.footprint import Footprint
from ..eo.formats.loose_geometry import read_any_geometry
from ..eo.formats.loose_time import mended_time, read_extent, read_interval, time_text
from ..eo.formats.noted import parsed
from ..eo.forms import ORIGINAL, original_of
from ..eo.product import Problem, Product, Value
from ..eo.properties import Properties, load_properties
from ..eo.temporal import TemporalExtent, format_time
from ..eo.text import clean_text
from .defaults import Defaults
from .provider import Provider, Volatile

# what can be read besides the rows of schemas/eo_product.yaml; the last four are addresses of assets
# (`time` is an interval in one text, `size` and `checksum` are those of the data)
_OWN = ("id", "title", "collection", "start", "end", "time", "geometry", "size", "checksum")
_ASSETS = ("data", "metadata", "thumbnail", "overview")
# of these there is one, so that the first of several is taken
_SINGLE = ("id", "title", "collection", "start", "end", "size", "checksum")
_HOLE = re.compile(r"\{([^{}]+)\}")
# in a URL template: the provider's own address
_SERVICE = "@url"
_EMPTY: tuple[object, ...] = (None, "", [], {})


class ProductMapping:
    """The differences of one provider from its profile, applied to products as the format reads them."""

    def __init__(self, provider: Provider, properties: Properties | None = None):
        self._provider = provider
        self._rows = load_properties() if properties is None else properties
        _check_names(provider.fields, (*_OWN, *_ASSETS, *self._rows), f"{provider.id}: fields")
        self._defaults = Defaults(provider, self._rows)
        _check_names(provider.volatile.properties, tuple(self._rows), f"{provider.id}: volatile.properties")

    def product(self, read: Product, record: Any, asked: str = "") -> Product:
        """The product of a native record, of which the format has `read` what it knows.

        `asked` is our id of the collection that was asked: that of a record which names none of those that
        the provider file knows."""
        problems: list[Problem] = []
        found = {
            name: value for name in self._provider.fields if (value := self._value(name, record)) is not None
        }
        volatile = self._provider.volatile
        named = str(found.get("collection") or read.collection)
        identifier = clean_text(str(found.get("id") or read.id))
        if (original := original_of(identifier)) and ORIGINAL in self._rows:
            found.setdefault(ORIGINAL, original)
        product = replace(
            read,
            id=identifier,
            title=clean_text(str(found.get("title") or read.title)),
            collection=self._collection(named, identifier, asked),
            footprint=_footprint(found.get("geometry"), problems) or read.footprint,
            time=_time(read.time, found, problems),
            properties=self._properties(read.properties, found, problems),
            assets=_unsigned(_assets(read.assets, found, problems), volatile),
            problems=(*read.problems, *problems),
            volatile=(*volatile.properties, *volatile.assets),
        )
        return self._defaults.completed(product)

    def _collection(self, named: str, identifier: str, asked: str) -> str:
        found, known = self._provider.canonical(named, identifier), self._provider.collections
        if not asked or found in known or (asked in known and known[asked].pattern):
            return found  # an identifier that the pattern of the asked one does not fit is of another
        return asked if asked in known else self._provider.canonical(asked)

    def _value(self, name: str, record: Any) -> Any:
        for path in self._provider.fields[name]:
            value = _filled(path, record, self._provider.url) if "{" in path else at(record, path)
            if name in _SINGLE and isinstance(value, list):
                value = next(iter(cast(list[Any], value)), None)
            if value not in _EMPTY:
                return value
        return None

    def _properties(
        self, read: Mapping[str, Value], found: Mapping[str, Any], problems: list[Problem]
    ) -> Mapping[str, Value]:
        if not found:
            return read
        properties = dict(read)
        for name, value in found.items():
            if name not in self._rows:
                continue
            row = self._rows[name]
            try:
                properties[name] = row.parse(mended_time(time_text(value)) if row.type == "time" else value)
            except BadValue as error:
                problems.append(Problem(f"fields.{name}", error.reason))
        return properties


def at(record: Any, path: str) -> Any:
    """What is at a path of member names and array positions, such as `assets/data/href`, or None; the step
    `*` is each of a list, and what they say is a list; `name=value` is the first in a list of which this is
    true."""
    value = record
    before, star, after = path.partition("/*")
    if star:
        return _each(at(record, before), after.removeprefix("/"))
    for step in path.split("/"):
        if isinstance(value, dict):
            value = cast(dict[str, Any], value).get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(cast(list[Any], value)):
            value = cast(list[Any], value)[int(step)]
        elif isinstance(value, list) and "=" in step:
            value = _picked(cast(list[Any], value), *step.split("=", 1))
        else:
            return None
    return value


def _picked(items: list[Any], name: str, wanted: str) -> Any:
    """The first object of a list whose member `name` has this value."""
    objects = [cast(dict[str, Any], item) for item in items if isinstance(item, dict)]
    return next((item for item in objects if str(item.get(name)) == wanted), None)


def _each(found: Any, path: str) -> list[Any]:
    """What is at a path of each item of a list; in one list, whatever lists the path leads through."""
    each = (
        [at(item, path) if path else item for item in cast(list[Any], found)]
        if isinstance(found, list)
        else []
    )
    if "*" in path:
        each = [item for inner in each if isinstance(inner, list) for item in cast(list[Any], inner)]
    return [item for item in each if item not in _EMPTY]


def _filled(template: str, record: Any, url: str) -> str | None:
    """A URL template with what its paths say; None when one of them says nothing."""
    values = {path: at(record, path) for path in _HOLE.findall(template) if path != _SERVICE}
    if any(value in _EMPTY or isinstance(value, (dict, list)) for value in values.values()):
        return None
    quoted = {path: quote(str(value), safe=":") for path, value in values.items()} | {
        _SERVICE: url.rstrip("/")
    }
    return _HOLE.sub(lambda hole: quoted[hole[1]], template)


def _check_names(names: Mapping[str, Any] | tuple[str, ...], known: tuple[str, ...], where: str) -> None:
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f", did you mean {near}?" if near else f"; known: {', '.join(known)}"
            raise BadConfiguration(f"{where}: unknown name {shown(name)}{hint}")


def _footprint(said: Any, problems: list[Problem]) -> Footprint | None:
    try:
        return read_any_geometry(said)
    except BadValue as error:
        problems.append(Problem("fields.geometry", error.reason))
        return None


def _time(read: TemporalExtent, found: Mapping[str, Any], problems: list[Problem]) -> TemporalExtent:
    if "time" in found and "start" not in found:
        said = found["time"]
        if isinstance(said, list):
            ends = [time_text(end) for end in cast(list[Any], said)]
            said = ends[0] if "/" in ends[0] else "/".join(ends[:2])
        return read_interval(time_text(said), "fields.time", problems) or read
    if "start" not in found and "end" not in found:
        return read
    own = {name: format_time(end) for name in ("start", "end") if (end := getattr(read, name))}
    start, end = (time_text(found[name]) if name in found else own.get(name, "") for name in ("start", "end"))
    if "/Date(" not in start + end:  # an interval in both
        start, end = start.partition("/")[0], end.rpartition("/")[2]
    said = read_extent(start, end, "fields.start/end", problems)
    try:
        return TemporalExtent.of(said.start or read.start, said.end or read.end)
    except BadValue:
        return said  # the end that the format read is before the start of the fields


def _assets(read: tuple[Asset, ...], found: Mapping[str, Any], problems: list[Problem]) -> tuple[Asset, ...]:
    """The assets with those that fields name; one of the same key has another address then."""
    addresses = {
        key: href for name in _ASSETS if name in found for key, href in _addresses(name, found[name])
    }
    more = {
        "size": parsed(parse_size, found.get("size"), "fields.size", problems),
        "checksum": parsed(parse_checksum, found.get("checksum"), "fields.checksum", problems),
    }
    known = {asset.key for asset in read}
    moved = [replace(asset, href=addresses[asset.key]) if asset.key in addresses else asset for asset in read]
    added = [
        Asset(key=key, href=href, roles=(key.partition("-")[0],))
        for key, href in addresses.items()
        if key not in known
    ]
    said = {name: value for name, value in more.items() if value is not None}
    return tuple(
        replace(asset, **said) if asset.key == "data" and said else asset for asset in (*moved, *added)
    )


def _addresses(name: str, said: Any) -> list[tuple[str, str]]:
    """The address of an asset, or of several of one kind, by their keys."""
    several = (
        [text for item in cast(list[Any], said) if (text := str(item))]
        if isinstance(said, list)
        else [str(said)]
    )
    return [(name if number == 1 else f"{name}-{number}", href) for number, href in enumerate(several, 1)]


def _unsigned(assets: tuple[Asset, ...], volatile: Volatile) -> tuple[Asset, ...]:
    """The assets without the signatures of their addresses, which expire."""
    return tuple(
        [
            replace(asset, href=without_parameters(asset.href, volatile.parameters))
            if "?" in asset.href
            else asset
            for asset in assets
        ]
    )


def without_parameters(url: str, volatile: Mapping[str, tuple[str, ...]]) -> str:
    """An address without the named query parameters, each of which takes its companions along."""
    before, mark, rest = url.partition("?")
    if not mark:
        return url
    query, hash_mark, fragment = rest.partition("#")
    parts = query.split("&")
    present = {part.partition("=")[0].lower() for part in parts}
    gone = {
        name.lower() for key, others in volatile.items() if key.lower() in present for name in (key, *others)
    }
    kept = [part for part in parts if part.partition("=")[0].lower() not in gone]
    return before + ("?" if kept else "") + "&".join(kept) + hash_mark + fragment
