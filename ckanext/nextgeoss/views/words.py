"""Values as people read them: names of satellites, numbers with units, times, sizes of files."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from ..eo.footprint import Footprint
from ..eo.product import Value
from ..eo.property import Property
from ..eo.temporal import TemporalExtent

_ABBREVIATED = ("instruments", "instrument_mode", "polarizations", "processing_level", "product_type")
_NAMED = ("platform", "constellation", "mission")
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
# words that are not written like names
_WRITTEN = {"msi": "MSI", "terra": "Terra", "aqua": "Aqua", "proba-v": "PROBA-V", "modis": "MODIS"}


def readable(row: Property, value: str) -> str:
    """A code of a provider as people write it: "sentinel-2a" is Sentinel-2A, "c-sar" is C-SAR."""
    if value.lower() in _WRITTEN:
        return _WRITTEN[value.lower()]
    if row.choices:
        return value if len(value) <= 2 else value.replace("_", " ").capitalize()
    if value != value.lower():
        return value
    if row.name in _ABBREVIATED:
        return value.upper() if len(value) <= 8 else value
    return _name(value) if row.name in _NAMED else value


def value_text(row: Property, value: Value) -> str:
    """A value without its unit; "yes" and "no" are left to the page, which knows the language."""
    if isinstance(value, tuple):
        return ", ".join(readable(row, item) for item in value)
    if isinstance(value, datetime):
        return f"{time_text(value)} UTC"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    return readable(row, value) if isinstance(value, str) else str(value)


def number_text(number: float) -> str:
    """A number with at most six digits that count, never in powers of ten unless it is tiny or huge."""
    return (
        f"{number:.6g}" if abs(number) < 1e6 else f"{number:,.6g}" if abs(number) >= 1e15 else f"{number:.0f}"
    )


def time_text(time: datetime) -> str:
    """A time in UTC, to the second: 2024-05-01 10:20:21."""
    return time.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def extent_text(time: TemporalExtent) -> str:
    """An interval in UTC without saying anything twice; an open end is an ellipsis; "" for none."""
    if not time:
        return ""
    if time.start is None or time.end is None:
        start, end = (time_text(end) if end else "…" for end in (time.start, time.end))
        return f"{start} – {end} UTC"
    start, end = time_text(time.start), time_text(time.end)
    if start == end:
        return f"{start} UTC"
    same_day = start[:10] == end[:10]
    return f"{start} – {end[11:] if same_day else end} UTC"


def days_text(time: TemporalExtent) -> str:
    """An interval to the day, as collections have it."""
    start, end = (moment.date().isoformat() if moment else "…" for moment in (time.start, time.end))
    return (start if start == end else f"{start} – {end}") if time else ""


def size_text(size: int | None) -> str:
    """Bytes in the greatest unit that keeps the number above 1, in powers of 1000; "" when not known."""
    if size is None:
        return ""
    amount, power = float(size), 0
    while amount >= 999.5 and power < len(_UNITS) - 1:
        amount, power = amount / 1000, power + 1
    return f"{amount:.3g} {_UNITS[power]}" if power else f"{size} B"


def _name(value: str) -> str:
    """Words capitalised, letters that follow a digit too."""
    parts = re.split(r"([-_ ])", value)
    return "".join(part.upper() if re.match(r"\d", part) else part.capitalize() for part in parts)


def box_text(footprint: Footprint | None) -> str:
    """The box of a footprint as text: what the map shows, for those who cannot see it."""
    if footprint is None:
        return ""
    west, south, east, north = footprint.bbox
    ends = (
        _degrees(south, "N", "S"),
        _degrees(north, "N", "S"),
        _degrees(west, "E", "W"),
        _degrees(east, "E", "W"),
    )
    return "{} – {}, {} – {}".format(*ends)


def _degrees(number: float, plus: str, minus: str) -> str:
    return f"{abs(number):.2f}° {plus if number >= 0 else minus}"
