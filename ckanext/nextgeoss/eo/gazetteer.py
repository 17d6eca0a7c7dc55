"""Places by name: countries, their regions, seas, lakes and cities; of GeoNames and of an extract of Natural
Earth."""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from .circle import circle
from .footprint import Footprint
from .places import load_gazetteer

# metres round a city, where nobody says how many
DEFAULT_RADIUS_M = 10_000.0
# the best known first
KINDS = ("country", "continent", "world region", "region", "sea", "lake", "city")
_UNIT = 0.01
# letters that are no other letter with an accent
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_LONGEST_NAME = 200
# so many times more people must live in a city for another name of it to count like its own
_OTHER_NAME = 10


@dataclass(frozen=True, slots=True)
class Place:
    """A place with a name; `kind` is one of KINDS, `country` the code of ISO 3166-1 or "", `region` the code
    that GeoNames gives the region in that country or "", `people` its inhabitants or 0."""

    name: str
    kind: str
    country: str
    region: str
    people: int
    _where: str

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude of a city; None of what has an area."""
        if self.kind != "city":
            return None
        lon, lat = self._where.split()
        return float(lon), float(lat)

    def area(self, radius_m: float | None = None) -> Footprint:
        """Where it is: the circle of a city, the outline of all else, to some kilometres. A radius that is
        given is that of the circle round a city; it does not make other places larger."""
        if point := self.point:
            return circle(*point, DEFAULT_RADIUS_M if radius_m is None else radius_m)
        return _outline(self._where)


def area_of_name(name: str, radius_m: float | None = None) -> Footprint | None:
    """The area of the place that a name means, as `Place.area`; None when no place is known by it."""
    place = find(name)
    return place.area(radius_m) if place else None


def find(name: str) -> Place | None:
    """The best known place of a name: a country before a region, a sea and a city, the city with the most
    inhabitants; capitals, accents, blanks and hyphens do not matter. "Paris, TX" and "Paris France" tell the
    country or region, too."""
    return _found(" ".join(name[:_LONGEST_NAME].split()))


def folded(name: str) -> str:
    """A name as it is compared: letters and digits alone, small, without accents."""
    letters = unicodedata.normalize("NFKD", name.casefold()).translate(_LETTERS)
    return "".join(c for c in letters if c.isalnum())


@lru_cache(maxsize=1024)
def _found(name: str) -> Place | None:
    if places := _called(name):
        return places[0]
    for part, within in _splits(name):
        inside = _within(within)
        for place in _called(part):
            if (
                place.region in inside
                or place.country in inside
                or f"{place.country}.{place.region}" in inside
            ):
                return place
    return None


def _splits(name: str) -> Iterator[tuple[str, str]]:
    """A name and where that is: what a comma parts, or the last words."""
    if "," in name:
        part, _, within = name.partition(",")
        yield part, within.rpartition(",")[2]
        yield part, within
        return
    words = name.split()
    for count in range(1, min(4, len(words))):
        yield " ".join(words[:-count]), " ".join(words[-count:])


def _within(name: str) -> set[str]:
    """The codes by which a place tells that it is there."""
    codes = {name.strip().upper()} if name.strip() else set[str]()
    for place in _called(name):
        if place.kind == "country":
            codes.add(place.country)
        elif place.kind == "region":
            codes.add(f"{place.country}.{place.region}")
    return codes


def _called(name: str) -> list[Place]:
    """All places of this very name, the best known first."""
    key = folded(name)
    if not key:
        return []
    found: list[tuple[int, float, Place]] = []
    rows, wanted, start = _rows(), f"|{key}|".encode(), 0
    # the text is searched as it is: all lines as objects would take ten times the memory
    while (at := rows.find(wanted, start)) >= 0:
        end = rows.index(b"\n", at)
        kind, called, country, region, people, where = rows[at:end].decode().split("\t")[1:]
        place = Place(called, kind, country, region, int(people), where)
        is_own = rows[at - 1 : at] in (b"", b"\n")
        found.append((KINDS.index(kind), -place.people / (1 if is_own else _OTHER_NAME), place))
        start = end
    return [place for *_, place in sorted(found, key=lambda each: each[:2])]


@cache
def _rows() -> bytes:
    """The lines of public/geo/gazetteer.tsv.gz, which frontend/gazetteer/build.py writes; read once."""
    shipped = files("ckanext.nextgeoss").joinpath("public/geo/gazetteer.tsv.gz")
    return gzip.decompress(shipped.read_bytes())


@lru_cache(maxsize=64)
def _outline(where: str) -> Footprint:
    """The area of numbers, or of a name of schemas/places.json."""
    numbers = where.split()
    if not numbers[0].lstrip("-").isdigit():
        return load_gazetteer().area(where)
    values = [int(number) * _UNIT for number in numbers]
    ring = list(zip(values[::2], values[1::2], strict=True))
    found = Footprint.from_geojson({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    assert found is not None
    return found
