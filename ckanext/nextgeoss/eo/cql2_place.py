"""The spatial functions of CQL2 that are answered exactly, and its array functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from .asked_shapes import asked_parts
from .cql2_operands import Named, Vocabulary, arguments, bad, items, members, name_of, named, operand
from .errors import BadValue
from .filter import ALWAYS_SO, NEVER_SO, Filter, Listed, Place, all_of, any_part
from .footprint import Footprint

# what the first is to the second, and the second to the first
SPATIAL = {
    "s_intersects": ("intersects", "intersects"),
    "s_within": ("within", "contains"),
    "s_contains": ("contains", "within"),
    "s_disjoint": ("disjoint", "disjoint"),
    "s_equals": ("equals", "equals"),
}
NOT_OFFERED = ("s_touches", "s_crosses", "s_overlaps")
ARRAYS = {
    "a_contains": ("contains", "within"),
    "a_containedby": ("within", "contains"),
    "a_equals": ("equals", "equals"),
    "a_overlaps": ("overlaps", "overlaps"),
}


def spatial(function: str, node: Mapping[str, Any], names: Vocabulary) -> Filter:
    """The filter of one of SPATIAL, of the footprint and a geometry or a BBOX."""
    left, right = arguments(node, 2, 2)
    for shape, own, relation in ((right, left, 0), (left, right, 1)):
        if (asked := name_of(own)) is not None:
            if asked not in names.places:
                raise bad(asked, f"{' or '.join(names.places)}, the area of products")
            return _placed(function, _areas(shape), SPATIAL[function][relation])
    raise bad(node, f"{' or '.join(names.places)}, the area of products, and a geometry")


def _placed(function: str, areas: list[Footprint], relation: str) -> Filter:
    """A relation to a geometry, which may be of areas, lines and points at once."""
    parts = [Place(area, relation) for area in areas]
    if len(parts) == 1:
        return parts[0]
    if relation in ("within", "equals"):
        raise bad(
            function.upper(), "a geometry that is all areas, all lines or all points to be within or equal"
        )
    return any_part(*parts) if relation == "intersects" else all_of(*parts)


def _areas(shape: Any) -> list[Footprint]:
    said = members(shape)
    if set(said) == {"bbox"}:
        return [_box(said["bbox"])]
    if "op" in said or name_of(shape) is not None or not said:
        raise bad(said.get("op", shape), "a geometry or a BBOX of literals")
    return asked_parts(shape, "filter")


def _box(said: object) -> Footprint:
    values = items(said) or []
    numbers = [n for n in values if isinstance(n, (int, float)) and not isinstance(n, bool)]
    if len(numbers) != len(values) or len(values) not in (4, 6):
        raise bad(said, "a BBOX of four or six numbers: west,south,east,north")
    half = len(numbers) // 2
    west, south, east, north = *numbers[:2], *numbers[half : half + 2]
    if not -90 <= south <= north <= 90:
        raise bad(said, "a BBOX of latitudes from -90 to 90, the southern one first")
    try:
        return Footprint.from_bbox(west, south, east, north)
    except (BadValue, OverflowError) as error:
        raise bad(said, error.allowed if isinstance(error, BadValue) else "degrees") from error


def arrays(function: str, node: Mapping[str, Any], names: Vocabulary) -> Filter:
    """The filter of one of ARRAYS, of a property that is a list and of an array of texts, taken as sets."""
    sides = [_array(each, names) for each in arguments(node, 2, 2)]
    left, right = sides
    if isinstance(left, Named):
        if isinstance(right, Named):
            raise bad(right.asked, f"an array of texts to compare {left.asked} with")
        return Listed(left.row.name, ARRAYS[function][0], right)
    if isinstance(right, Named):
        return Listed(right.row.name, ARRAYS[function][1], left)
    one, two = set(left), set(right)
    holds = {"contains": one >= two, "within": one <= two, "equals": one == two, "overlaps": bool(one & two)}
    return ALWAYS_SO if holds[ARRAYS[function][0]] else NEVER_SO


def _array(node: Any, names: Vocabulary) -> Named | tuple[str, ...]:
    if (asked := name_of(node)) is not None:
        found = named(asked, names)
        if found.row.type != "list":
            raise bad(asked, "a property that is a list, for the functions of arrays")
        return found
    if (said := items(node)) is None:
        raise bad(node, "an array of texts")
    values = [operand(each, names) for each in said]
    for value in values:
        if not isinstance(value, str):
            raise bad(value.asked if isinstance(value, Named) else value, "a text in an array of texts")
    return tuple(dict.fromkeys(cast(list[str], values)))
