"""EO properties: one row of `schemas/eo_product.yaml` each, with its type, limits and names elsewhere."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from itertools import count
from operator import itemgetter
from pathlib import Path
from typing import Any, cast

from .errors import BadConfiguration, BadValue, nearest
from .fast_yaml import load_yaml
from .product import Value
from .spellings import SPELLINGS
from .temporal import format_time, parse_time
from .text import clean_text, list_text

TYPES = ("text", "integer", "number", "time", "list", "boolean")
_STORED_TYPES = {"text": str, "number": float, "integer": int, "list": tuple, "boolean": bool}
OWN_PREFIX = "nextgeoss:"
_WHOLE = re.compile(r"[+-]?\d{1,40}")
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """What a row says of one property; `stac` is `nextgeoss:<name>` where STAC has no name for it."""

    name: str
    label: str
    # one of TYPES; a list is of text
    type: str
    # as people write it: %, m, °
    unit: str = ""
    help: str = ""
    stac: str
    # other spellings found in STAC answers
    stac_aliases: tuple[str, ...] = ()
    # names of the same thing in older catalogues, understood by our APIs
    aliases: tuple[str, ...] = ()
    # OGC 13-026 parameter
    opensearch: str = ""
    solr: str
    facet: bool = False
    # heading on the product page
    section: str = ""
    # name of the one spelling of what providers spell in many ways (spellings.py); empty: as it is given
    spelling: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def own_name(self) -> str:
        """The name in STAC items for values that the STAC name does not allow."""
        return OWN_PREFIX + self.name

    def parse(self, value: object) -> Value:
        """The typed value of what a provider or a form says; BadValue when it is not allowed."""
        typed = self._typed(value)
        if isinstance(typed, (int, float)) and not isinstance(typed, bool):
            self._check_range(typed)
        if not self.choices:
            return typed
        if isinstance(typed, tuple):
            return _distinct(self._choice(str(item)) for item in typed)
        return self._choice(str(typed))

    @staticmethod
    def to_text(value: Value) -> str:
        """The one text of a value, as stored: numbers without noise, lists as JSON."""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, tuple):
            return list_text(value)
        if isinstance(value, datetime):
            return format_time(value)
        if isinstance(value, float):
            return repr(plain_number(value))
        return str(value)

    def from_text(self, text: str) -> Value:
        """The value of a stored text; limits are not checked again, they may have changed since."""
        return self._typed(text)

    def shown(self, text: str) -> Any:
        """A stored text as CKAN's answers give it: numbers, lists and booleans as such, texts and times as
        they are stored; so is what cannot be read."""
        if self.type in ("text", "time"):
            return text
        try:
            value = self.from_text(text)
        except BadValue:
            return text
        if isinstance(value, tuple):
            return list(value)
        return plain_number(value) if isinstance(value, float) else value

    def _typed(self, value: object) -> Value:
        typed = _READERS[self.type](self, value)
        if not self.spelling:
            return typed
        spell = SPELLINGS[self.spelling]
        if isinstance(typed, tuple):
            return _distinct(spell(item) for item in typed)
        return spell(typed) if isinstance(typed, str) else typed

    def _bad(self, value: object, allowed: str) -> BadValue:
        return BadValue(value, self.name, allowed)

    def _text(self, value: object) -> str:
        if isinstance(value, str) and (text := clean_text(value)):
            return text
        if isinstance(value, (list, tuple)) and len(items := cast(list[object], value)) == 1:
            value = items[0]
        if isinstance(value, float) and math.isfinite(value):
            value = repr(plain_number(value))
        if (
            isinstance(value, bool)
            or not isinstance(value, (str, int))
            or not (text := clean_text(str(value)))
        ):
            raise self._bad(cast(object, value), "a text")
        return text

    def _number(self, value: object) -> float:
        try:
            number = float(cast(str, value)) if not isinstance(value, bool) else math.nan
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            raise self._bad(value, "a number" + self._limits())
        return number + 0.0  # no negative zero

    def _integer(self, value: object) -> int:
        if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            number = value
        elif (decimal := self._number(value)).is_integer():
            number = int(decimal)
        else:
            raise self._bad(value, "a whole number" + self._limits())
        if not -(2**63) <= number < 2**63:
            raise self._bad(value, "a whole number of 64 bits")
        return number

    def _time(self, value: object) -> datetime:
        if not isinstance(value, (str, datetime)):
            raise self._bad(value, "a time")
        return parse_time(value, self.name)

    def _boolean(self, value: object) -> bool:
        answer = value if isinstance(value, bool) else _BOOLEANS.get(str(value).strip().lower())
        if answer is None:
            raise self._bad(value, "true or false")
        return answer

    def _list(self, value: object) -> tuple[str, ...]:
        if isinstance(value, str):
            # codes hold no blanks: `VV VH` and `VV&VH` are two of them
            value = _items(value, r"[\s,;&/+]+" if self.choices else ",")
        elif not isinstance(value, (list, tuple)):
            value = [value]
        return _distinct(self._text(item) for item in cast(list[object], value) if item not in (None, ""))

    def _choice(self, text: str) -> str:
        if text in self.choices:
            return text
        for choice in self.choices:
            if choice.lower() == text.lower():
                return choice
        raise self._bad(text, "one of " + ", ".join(self.choices))

    def _check_range(self, number: float) -> None:
        too_low = self.minimum is not None and number < self.minimum
        too_high = self.maximum is not None and number > self.maximum
        if too_low or too_high:
            raise self._bad(number, "a number" + self._limits())

    def _limits(self) -> str:
        low = "" if self.minimum is None else f" from {plain_number(self.minimum)}"
        return low + ("" if self.maximum is None else f" up to {plain_number(self.maximum)}")


_READERS: Mapping[str, Callable[[Property, object], Value]] = {
    type_: getattr(Property, f"_{type_}") for type_ in TYPES
}


class Properties(Mapping[str, Property]):
    """All rows by name, and by what others call them."""

    def __init__(self, rows: list[Property]):
        self._rows = {row.name: row for row in rows}
        self._by_stac = {row.own_name: row for row in rows} | {row.stac: row for row in rows}
        self._by_any: dict[str, Property] = {}
        # of each row by its name: the name in STAC, and the one for values that this does not allow
        self.stac_names = {row.name: (row.stac, row.own_name) for row in rows}
        # remembered: products of a collection have the same names, and say the same few words
        self.readings = lru_cache(maxsize=1024)(self._readings_of)
        self.parsed = lru_cache(maxsize=8192, typed=True)(self._parsed)
        self.names = frozenset(self._rows)
        # what a stored value is that needs no reading, by name; times are stored as text, and spellings may
        # have been learnt since
        self.stored_types = {row.name: None if row.spelling else _STORED_TYPES.get(row.type) for row in rows}
        # what can be read by a name, with its place: rows in order, of each the best name first
        self._readings: dict[str, list[tuple[int, Property]]] = {}
        place = count()
        for row in rows:
            for alias in row.stac_aliases:
                self._by_stac.setdefault(alias, row)
            for name in dict.fromkeys((row.stac, row.own_name, *row.stac_aliases)):
                self._readings.setdefault(name, []).append((next(place), row))
        # one's own name is stronger than another's alias
        own = [(name, row) for row in rows for name in (row.name, row.stac, row.opensearch)]
        others = [(name, row) for row in rows for name in (*row.aliases, *row.stac_aliases)]
        for name, row in (*own, *others):
            if name:
                self._by_any.setdefault(_bare(name), row)

    @classmethod
    def from_schema(cls, schema: Mapping[str, Any]) -> Properties:
        """From a ckanext-scheming schema: its `dataset_fields` whose preset is `eo_<type>`."""
        fields = [field for field in schema["dataset_fields"] if _type_of(field) is not None]
        return cls([_row(field) for field in fields])

    def by_stac(self, name: str) -> Property | None:
        """The property a STAC item calls by this name, old spellings included."""
        return self._by_stac.get(name)

    def _readings_of(self, names: tuple[str, ...]) -> list[tuple[str, Property]]:
        """Those of the names by which a STAC item tells a property, each with the property: in the order of
        the rows, where there are several names of a row the better one first."""
        found = [(place, name, row) for name in names for place, row in self._readings.get(name, ())]
        return [(name, row) for _, name, row in sorted(found, key=itemgetter(0))]

    def _parsed(self, name: str, value: Hashable) -> Value:
        """What the property of this name parses of a value."""
        return self._rows[name].parse(value)

    def find(self, name: str) -> Property | None:
        """The property that anybody calls by this name, in any case and with any prefix: our name, or that of
        STAC, OGC 13-026 or an older catalogue."""
        return self._by_any.get(_bare(name))

    def facets(self) -> tuple[Property, ...]:
        """The properties whose values searches count."""
        return tuple(row for row in self._rows.values() if row.facet)

    def __getitem__(self, name: str) -> Property:
        return self._rows[name]

    def __contains__(self, name: object) -> bool:
        return name in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def load_properties(path: str | Path | None = None) -> Properties:
    """The properties of a schema file; of the one in the package when no path is given (read once)."""
    return _default_properties() if path is None else _read_properties(Path(path).read_text("utf-8"))


def plain_number(number: float) -> int | float:
    """A whole number as int, so that it is written without a point."""
    return int(number) if float(number).is_integer() and abs(number) < 1e15 else number


def _bare(name: str) -> str:
    """A name without prefix, case and what joins words: `sliceNumber` is slice_number."""
    return name.rpartition(":")[2].lower().replace("-", "").replace("_", "")


@cache
def _default_properties() -> Properties:
    return _read_properties(files("ckanext.nextgeoss").joinpath("schemas/eo_product.yaml").read_text("utf-8"))


def _read_properties(text: str) -> Properties:
    return Properties.from_schema(load_yaml(text))


def _distinct(items: Iterable[str]) -> tuple[str, ...]:
    """Each text once, in order: what a list says twice (STAC forbids it) it says no louder."""
    return tuple(dict.fromkeys(items))


def _items(text: str, separators: str) -> list[object]:
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            pass
    return [item.strip() for item in re.split(separators, text)]


def _type_of(field: Mapping[str, Any]) -> str | None:
    preset = str(field.get("preset") or "")
    return preset.removeprefix("eo_") if preset.startswith("eo_") else None


def _row(field: Mapping[str, Any]) -> Property:
    name, kind = field["field_name"], _type_of(field) or ""
    if kind not in TYPES:
        near = nearest(kind, TYPES)
        hint = f", did you mean eo_{near}?" if near else ""
        raise BadConfiguration(
            f"{name}: unknown preset {field['preset']}{hint}; known: eo_{', eo_'.join(TYPES)}"
        )
    choices = [_choice_value(choice) for choice in field.get("choices") or ()]
    return Property(
        name=name,
        label=field.get("label") or name,
        type=kind,
        unit=field.get("unit") or "",
        help=field.get("help_text") or "",
        stac=field.get("stac") or OWN_PREFIX + name,
        stac_aliases=tuple(field.get("stac_aliases") or ()),
        aliases=tuple(field.get("aliases") or ()),
        opensearch=field.get("opensearch") or "",
        solr=field.get("solr") or f"eo_{name}",
        facet=bool(field.get("facet")),
        section=field.get("section") or "",
        spelling=_spelling(name, field.get("spelling") or ""),
        minimum=field.get("minimum"),
        maximum=field.get("maximum"),
        choices=tuple(choices),
    )


def _spelling(name: str, spelling: str) -> str:
    if spelling and spelling not in SPELLINGS:
        raise BadConfiguration(f"{name}: unknown spelling {spelling}; known: {', '.join(SPELLINGS)}")
    return spelling


def _choice_value(choice: Any) -> str:
    return str(cast(dict[str, Any], choice)["value"] if isinstance(choice, dict) else choice)
