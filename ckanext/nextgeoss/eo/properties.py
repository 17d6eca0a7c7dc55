"""EO properties: one row of `schemas/eo_product.yaml` each, with its type, limits and names elsewhere."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import count
from operator import itemgetter
from pathlib import Path
from typing import Any, cast

from .errors import BadConfiguration, nearest
from .fast_yaml import load_yaml
from .product import Value
from .property import OWN_PREFIX, TYPES, Property
from .spellings import SPELLINGS

_STORED_TYPES = {"text": str, "number": float, "integer": int, "list": tuple, "boolean": bool}


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


def _bare(name: str) -> str:
    """A name without prefix, case and what joins words: `sliceNumber` is slice_number."""
    return name.rpartition(":")[2].lower().replace("-", "").replace("_", "")


@cache
def _default_properties() -> Properties:
    return _read_properties(files("ckanext.nextgeoss").joinpath("schemas/eo_product.yaml").read_text("utf-8"))


def _read_properties(text: str) -> Properties:
    return Properties.from_schema(load_yaml(text))


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
