"""Holdings of as many products as wanted, each made when it is asked for: for benchmarks.

A product follows from its number alone. Some hundred products of the demo are patterns; the others are their
like at later times, as the same tile is seen again and again. Texts of a pattern are made once, and
for a product its identifier and times are put in."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar, overload

from ..eo.footprint import Footprint
from ..eo.product import Product, Value
from ..eo.temporal import TemporalExtent, format_time, parse_time
from . import catalogue
from .entries import Entry, absolute
from .holdings import Question
from .missions import landsat, sentinel1, sentinel2
from .satellites import FIRST, LAST

LIMIT = 10_000_000
PATTERNS = 700
# what the products are made of: 20 properties, which give 4 tags, and 3 files
PROPERTIES = (
    "platform", "instruments", "product_type", "processing_level", "sensor_type", "instrument_mode",
    "absolute_orbit", "relative_orbit", "orbit_state", "cloud_cover", "gsd", "sun_azimuth", "sun_elevation",
    "tile_id", "proj_code", "wrs_path", "wrs_row", "scene_id", "polarizations", "incidence_angle",
    "center_frequency", "processing_version", "processing_datetime", "created", "updated", "published",
    "timeliness", "frequency_band", "orbit_cycle", "anx_datetime",
)  # fmt: skip
HOW_MANY = 20
FILES = ("data", "metadata", "thumbnail")
_COLLECTIONS = (*sentinel1.COLLECTIONS, *sentinel2.COLLECTIONS, *landsat.COLLECTIONS)
_TIME = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"
_MILLISECOND = timedelta(milliseconds=1)
_T = TypeVar("_T")
_Make = Callable[[Product], Any]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A product that others are like; `texts` are what was made of it, by maker, cut where they differ."""

    product: Product
    start: datetime
    texts: dict[_Make, list[bytes | timedelta | None]]

    def prepare(self, make: Callable[[Product], bytes]) -> None:
        """Make the text, cut at its identifier (None) and at its times (how long after the start)."""
        name = self.product.id.encode()
        parts: list[bytes | timedelta | None] = []
        for part in re.split(rb"(%s|%s)" % (re.escape(name), _TIME), make(self.product)):
            is_time = re.fullmatch(_TIME, part)
            apart = parse_time(part.decode(), "time") - self.start if is_time else part
            parts.append(None if part == name else apart)
        self.texts[make] = parts


class Series:
    """`count` products of Sentinel-1, Sentinel-2 and Landsat, at equal distances in time.

    Their names end with their numbers, from `first`: series of other numbers have other products."""

    def __init__(self, base_url: str, count: int, first: int = 0):
        if not 1 <= count <= LIMIT:
            raise ValueError(f"{count} products: a series has 1 to {LIMIT}")
        self.count = count
        self._first = first
        self._step = max(1, (LAST - FIRST) // _MILLISECOND // count) * _MILLISECOND
        self._patterns = [_pattern(product, base_url) for product in islice(_models(), min(count, PATTERNS))]
        present = {pattern.product.collection for pattern in self._patterns}
        self.collections = {about.id: about for about in _COLLECTIONS if about.id in present}

    def matching(self, asked: Question) -> Sequence[Entry]:
        """The entries that match, in order."""
        if asked.ids:
            named = {entry.number: entry for name in asked.ids if (entry := self.entry(name))}
            found = [named[number] for number in sorted(named, reverse=not asked.oldest_first)]
            return [entry for entry in found if asked.matches(entry)]
        wanted = [number for number, each in enumerate(self._patterns) if _fits(each.product, asked)]
        first = 0 if asked.time.start is None else -((FIRST - asked.time.start) // self._step)
        last = self.count if asked.time.end is None else (asked.time.end - FIRST) // self._step + 1
        part = _Part(self, wanted, max(0, first), min(self.count, last), asked.oldest_first)
        if asked.also:
            return [entry for entry in part if all(condition(entry) for condition in asked.also)]
        return part

    def entry(self, name: str) -> SeriesEntry | None:
        """The entry of the product with this identifier, whose end is its number."""
        digits = name.rpartition("_")[2]
        number = int(digits[:20]) - self._first if digits.isascii() and digits.isdecimal() else -1
        if not 0 <= number < self.count:
            return None
        found = self.at(number)
        return found if found.id == name else None

    def period(self, collection: str) -> TemporalExtent:
        """From the first start to the last end of a collection's products."""
        part = self.matching(Question(collections=(collection,)))
        return TemporalExtent(part[-1].time.start, part[0].time.end)

    def prepare(self, make: Callable[[Product], bytes]) -> None:
        """Make these texts of the patterns."""
        for pattern in self._patterns:
            pattern.prepare(make)

    def at(self, number: int) -> SeriesEntry:
        """The entry in this place, from 0, the oldest."""
        pattern = self._patterns[number % len(self._patterns)]
        return SeriesEntry(pattern, self._first + number, FIRST + number * self._step)

    @property
    def cycle(self) -> int:
        """After how many products the same pattern comes again."""
        return len(self._patterns)


@dataclass(frozen=True, slots=True)
class SeriesEntry:
    """A product of a series, which is made when something else than a prepared text is asked of it."""

    pattern: _Pattern
    number: int
    start: datetime

    @property
    def id(self) -> str:
        """The identifier of the product."""
        return f"{self.pattern.product.id}_{self.number:07d}"

    @property
    def collection(self) -> str:
        """The collection of the product."""
        return self.pattern.product.collection

    @property
    def time(self) -> TemporalExtent:
        """An instant, so that no product is in two slices."""
        return TemporalExtent(self.start, self.start)

    @property
    def footprint(self) -> Footprint | None:
        """The area of the pattern."""
        return self.pattern.product.footprint

    @property
    def cloud_cover(self) -> float:
        """Percent of clouds, 0 when that is not known."""
        clouds = self.pattern.product.properties.get("cloud_cover")
        return float(clouds) if isinstance(clouds, (int, float)) else 0.0

    @property
    def product(self) -> Product:
        """The product itself."""
        model, later = self.pattern.product, self.start - self.pattern.start
        properties: dict[str, Value] = {
            name: value + later if isinstance(value, datetime) else value
            for name, value in model.properties.items()
        }
        assets = tuple(replace(asset, href=asset.href.replace(model.id, self.id)) for asset in model.assets)
        return replace(model, id=self.id, time=self.time, properties=properties, assets=assets)

    def made(self, make: Callable[[Product], _T]) -> _T:
        """What `make` makes of the product, quickly where it was prepared."""
        parts: Any = self.pattern.texts.get(make)
        if parts is None:
            return make(self.product)
        name = self.id.encode()
        filled: Any = b"".join(
            part if isinstance(part, bytes) else name if part is None else self._later(part) for part in parts
        )
        return filled

    def _later(self, apart: timedelta) -> bytes:
        return format_time(self.start + apart).encode()


class _Part(Sequence[Entry]):
    """The products from number `first` to before `last` of some patterns."""

    def __init__(self, series: Series, wanted: Sequence[int], first: int, last: int, oldest_first: bool):
        self._series = series
        self._wanted = wanted
        self._before = self._older_than(first)
        self._length = max(0, self._older_than(last) - self._before) if last > first else 0
        self._oldest_first = oldest_first

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Entry]:
        return (self._at(index) for index in range(self._length))

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        chosen = range(self._length)[index]
        return self._at(chosen) if isinstance(chosen, int) else [self._at(each) for each in chosen]

    def _at(self, index: int) -> Entry:
        place = self._before + (index if self._oldest_first else self._length - 1 - index)
        rounds, rest = divmod(place, len(self._wanted))
        return self._series.at(rounds * self._series.cycle + self._wanted[rest])

    def _older_than(self, number: int) -> int:
        """How many products of these patterns come before this number."""
        rounds, rest = divmod(number, self._series.cycle)
        return rounds * len(self._wanted) + bisect_left(self._wanted, rest)


def _models() -> Iterator[Product]:
    """Products of the demo whose area is one polygon."""
    known = {collection.id for collection in _COLLECTIONS}
    for product in catalogue.products(4 * PATTERNS):
        area = product.footprint
        if product.collection in known and area and area.geojson["type"] == "Polygon":
            yield product


def _pattern(product: Product, base_url: str) -> _Pattern:
    start = product.time.start
    assert start is not None
    names = [name for name in PROPERTIES if name in product.properties][:HOW_MANY]
    model = replace(
        product,
        title=product.title.partition(",")[0],
        time=TemporalExtent(start, start),
        properties={name: product.properties[name] for name in names},
        assets=tuple(asset for asset in product.assets if asset.key in FILES),
    )
    return _Pattern(absolute(model, base_url), start, {})


def _fits(product: Product, asked: Question) -> bool:
    return (not asked.collections or product.collection in asked.collections) and asked.reaches(
        product.footprint
    )
