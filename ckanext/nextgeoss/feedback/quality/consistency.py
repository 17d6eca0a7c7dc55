"""Checks of whether what a record says can be: values, places and times that fit together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from ...eo.asset import parse_checksum, parse_media_type
from ...eo.errors import BadValue
from ...eo.temporal import format_time
from .findings import GOOD, LONGEST_FOUND, MOST_FOUND, Finding, both, share
from .record import Record

_DAY = timedelta(days=1)
# what machines write where they do not know a time
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FORECASTS = ("bulletin_time", "forecast_time", "field_time")
# degrees by which a footprint may stick out of its collection's box
_EDGE = 0.5
_WORLD = 0.95 * 360 * 180


def values(record: Record) -> Finding | None:
    """Values of properties that are in their domain: limits, code lists, types."""
    bad = [f"{problem.where}: {problem.reason}"[:LONGEST_FOUND] for problem in record.product.problems]
    known = len(record.product.properties)
    if not bad:
        return GOOD if known else None
    return Finding(known / (known + len(bad)), tuple(bad[:MOST_FOUND]))


def media_types(record: Record) -> Finding | None:
    """Media types that are some."""
    given = [asset for asset in record.product.assets if asset.media_type]
    return share(given, lambda asset: _reads(parse_media_type, asset.media_type), lambda asset: asset.key)


def checksum_form(record: Record) -> Finding | None:
    """Checksums that can be checked."""
    given = [asset for asset in record.product.assets if asset.checksum]
    return share(given, lambda asset: _reads(parse_checksum, asset.checksum), lambda asset: asset.key)


def source_schema(record: Record) -> Finding | None:
    """A record of ISO, where the dataset was harvested from one, that keeps to its schema."""
    if record.source_faults is None:
        return None
    return Finding(0.0, record.source_faults) if record.source_faults else GOOD


def geometry(record: Record) -> Finding | None:
    """A footprint that is one: closed, not crossing itself, within the world."""
    return both(not record.geometry_fault, record.geometry_fault) if record.has_geometry else None


def within_collection_area(record: Record) -> Finding | None:
    """A footprint where its collection says that its products are."""
    of_collection = record.collection.footprint if record.collection else None
    if record.product.footprint is None or of_collection is None or record.geometry_fault:
        return None
    west, south, east, north = of_collection.bbox
    east += 360 if west > east else 0
    if (east - west) * (north - south) > _WORLD:
        return None
    box = record.product.footprint.bbox
    if any(_is_within(placed, (west, south, east, north)) for placed in _turns(box)):
        return GOOD
    return Finding(0.0, (", ".join(f"{degrees:g}" for degrees in box),))


def within_collection_time(record: Record) -> Finding | None:
    """A time when its collection says that it has products."""
    whole = record.collection.time if record.collection else None
    start, end = record.product.time.start, record.product.time.end
    if not whole or not (start or end):
        return None
    first, last = start or end, end or start
    assert first and last
    early = whole.start is not None and first < whole.start - _DAY
    late = whole.end is not None and last > whole.end + _DAY
    return both(not early and not late, record.product.time.isoformat())


def chronology(record: Record) -> Finding | None:
    """Times in order: start, end, processing, publication; none in the future, none that is a placeholder."""
    if not record.product.time and not record.time_fault:
        return None
    found = tuple(_disorder(record))
    return Finding(0.0, found) if found else GOOD


def duplicates(record: Record) -> Finding:
    """No other dataset that is the same product."""
    return Finding(0.0, record.twins[:MOST_FOUND]) if record.twins else GOOD


def gaps(record: Record) -> Finding | None:
    """No long pause in a series of products."""
    if record.gaps is None:
        return None
    longest = sorted(record.gaps.gaps, key=lambda gap: -gap.days)[:MOST_FOUND]
    return Finding(record.gaps.coverage, tuple(f"{gap.first}/{gap.last}" for gap in longest))


def freshness(record: Record) -> Finding | None:
    """Products that still come, in a collection that says no end."""
    if record.gaps is None or record.product.time.end is not None:
        return None
    return both(not record.gaps.is_late(record.now.date()), str(record.gaps.last))


def _disorder(record: Record) -> Iterator[str]:
    if record.time_fault:
        yield record.time_fault
    start, end = record.product.time.start, record.product.time.end
    said = record.product.properties
    if _EPOCH in (start, end):
        yield format_time(_EPOCH)
    is_forecast = any(name in said for name in _FORECASTS)
    if start and start > record.now + _DAY and not is_forecast:
        yield f"timerange_start {format_time(start)}"
    for name, earliest in (("processing_datetime", start), ("published", start)):
        time = said.get(name)
        if isinstance(time, datetime) and earliest and time < earliest and not is_forecast:
            yield f"{name} {format_time(time)}"


def _reads(parse: object, text: str) -> bool:
    assert callable(parse)
    try:
        parse(text)
    except BadValue:
        return False
    return True


def _turns(box: tuple[float, float, float, float]) -> Iterator[tuple[float, float, float, float]]:
    """A box, and the same once round the world to each side."""
    west, south, east, north = box
    east += 360 if west > east else 0
    for turn in (0, 360, -360):
        yield west + turn, south, east + turn, north


def _is_within(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return (
        inner[0] >= outer[0] - _EDGE
        and inner[1] >= outer[1] - _EDGE
        and inner[2] <= outer[2] + _EDGE
        and inner[3] <= outer[3] + _EDGE
    )
