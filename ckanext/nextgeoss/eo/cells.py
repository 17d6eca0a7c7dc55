"""Cells of a fixed grid in which footprints lie: an index finds by them, without looking at a shape, most of
what surely intersects an area, and leaves out most of what surely does not.

The grid has squares of 16, 8, 4 and 2 degrees that begin at 180 W and 90 S, four of one size in each of the
next. A cell is closed: its sides belong to it.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportUnknownParameterType=false

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely

SIDES = (16, 8, 4, 2)
# more names for an area: its border is looked at in a coarser grid
MOST_ASKED = 512

_COLUMNS, _ROWS = tuple(-(-360 // side) for side in SIDES), tuple(-(-180 // side) for side in SIDES)
# a coordinate this near to a side of a cell, in sides, may be on it
_NEAR = 1e-9
_CHILDREN = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Names of cells: whatever has one of `sure` intersects the area; of the rest only what has one of
    `edge` may."""

    sure: tuple[str, ...]
    edge: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Level:
    """Cells of one size: whose they are, columns and rows, and whether they lie inside it; what lies inside
    is told in the largest cells alone."""

    owner: Array
    cells: Array
    inside: Array


def cells_of(shapes: Sequence[Any]) -> list[list[str]]:
    """For each geometry of shapely, in degrees, the names of the cells that it touches, of each size; but of
    those inside it the largest alone."""
    found: list[list[str]] = [[] for _ in shapes]
    for size, level in enumerate(_levels(shapes)):
        numbers = _numbers(level.cells, size).tolist()
        for owner, number, inside in zip(level.owner.tolist(), numbers, level.inside.tolist(), strict=True):
            found[owner].append(_name(size, number, inside))
    return found


def cells_asked(shape: Any) -> Asked | None:
    """The cells by which an index is asked for what intersects an area; None when it is too large."""
    sure: list[str] = []
    finest: Asked | None = None
    for size, level in enumerate(_levels([shape])):
        numbers = _numbers(level.cells, size)
        sure += _names(size, numbers, True) + _names(size, numbers[level.inside], False)
        edge = _names(size, numbers[~level.inside], False)
        if len(sure) + len(edge) > MOST_ASKED:
            break
        finest = Asked(tuple(sure), tuple(edge))
    return finest


def _levels(shapes: Sequence[Any]) -> list[_Level]:
    """From the largest cells to the smallest; only those at a border are looked into."""
    known = np.array(shapes, dtype=object)
    shapely.prepare(known)
    owner, cells = _around(shapely.bounds(known))
    levels: list[_Level] = []
    for size in range(len(SIDES)):
        if size:
            level = levels[-1]
            owner = np.repeat(level.owner[~level.inside], len(_CHILDREN))
            cells = _children(level.cells[~level.inside])
            there = (cells[:, 0] < _COLUMNS[size]) & (cells[:, 1] < _ROWS[size])
            owner, cells = owner[there], cells[there]
        boxes = _squares(size)[_numbers(cells, size)]
        touched = shapely.intersects(known[owner], boxes)
        owner, cells, boxes = owner[touched], cells[touched], boxes[touched]
        levels.append(_Level(owner, cells, shapely.covers(known[owner], boxes)))
    return levels


@cache
def _squares(size: int) -> Array:
    """All cells of a size as geometries, by their numbers."""
    row, column = np.divmod(np.arange(_ROWS[size] * _COLUMNS[size]), _COLUMNS[size])
    west, south = column * SIDES[size] - 180, row * SIDES[size] - 90
    return shapely.box(west, south, west + SIDES[size], south + SIDES[size])


def _around(bounds: Array) -> tuple[Array, Array]:
    """The largest cells that boxes touch: the number of the box, and column and row."""
    low = np.ceil((bounds[:, :2] + (180, 90)) / SIDES[0] - 1 - _NEAR).astype(int)
    high = np.floor((bounds[:, 2:] + (180, 90)) / SIDES[0] + _NEAR).astype(int)
    low, high = np.maximum(low, 0), np.minimum(high, (_COLUMNS[0] - 1, _ROWS[0] - 1))
    width, height = (high - low + 1).T
    owner = np.repeat(np.arange(len(bounds)), width * height)
    turn = np.arange(len(owner)) - np.repeat(np.cumsum(width * height) - width * height, width * height)
    cells = np.stack([turn % width[owner], turn // width[owner]], axis=1)
    return owner, low[owner] + cells


def _children(cells: Array) -> Array:
    return (cells[:, None, :] * 2 + _CHILDREN[None]).reshape(-1, 2)


def _numbers(cells: Array, size: int) -> Array:
    return cells[:, 1] * _COLUMNS[size] + cells[:, 0]


def _names(size: int, numbers: Array, inside: bool) -> list[str]:
    return [_name(size, number, inside) for number in numbers.tolist()]


def _name(size: int, number: int, inside: bool) -> str:
    return f"{SIDES[size]}{'i' if inside else 'b'}{number}"
