"""Names of the places that a footprint touches, by an extract of Natural Earth and outlines of seas."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .areas import Areas
from .footprint import Footprint

# what a footprint covers
LAND, COAST, SEA, LAKE = "land", "coast", "sea", "lake"


@dataclass(frozen=True, slots=True)
class Places:
    """What a footprint touches: names of countries, regions, continents, seas and lakes in the order of the
    alphabet; and what it covers: land or sea, coast where it is both, and lake."""

    names: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()


class Gazetteer:
    """Pieces of land and sea, each with its kind and names."""

    def __init__(self, text: str) -> None:
        """From the text of schemas/places.json, which frontend/places/build.py writes."""
        said: dict[str, Any] = json.loads(text)
        names: list[str] = said["names"]
        # pieces of one country have the same names: each such set once
        sets: dict[tuple[int, ...], frozenset[str]] = {}
        labels: list[list[int]] = [numbers for _, numbers, _ in said["pieces"]]
        for numbers in labels:
            sets.setdefault(tuple(numbers), frozenset([names[number] for number in numbers]))
        self._kinds: list[str] = [kind for kind, _, _ in said["pieces"]]
        self._names = [sets[tuple(numbers)] for numbers in labels]
        rings: list[list[list[int]]] = [each for _, _, each in said["pieces"]]
        self._areas = Areas(rings, said["unit"])

    def places(self, footprint: Footprint) -> Places:
        """The places that a footprint touches, as near as the outlines are: some kilometres."""
        touched = self._areas.touched(footprint)
        names = {name for number in touched for name in self._names[number]}
        kinds = {self._kinds[number] for number in touched}
        covers = [COAST if {LAND, SEA} <= kinds else "", *sorted(kinds)]
        return Places(tuple(sorted(names)), tuple(kind for kind in covers if kind))

    def area(self, name: str) -> Footprint:
        """All pieces of a name, as one area: some kilometres larger than the place itself."""
        return self._areas.joined(number for number, names in enumerate(self._names) if name in names)


@cache
def load_gazetteer() -> Gazetteer:
    """The shipped one, read once."""
    return Gazetteer(files("ckanext.nextgeoss").joinpath("schemas/places.json").read_text("utf-8"))
