"""What granules of NASA's Common Metadata Repository have in common, in whatever format they come."""

from __future__ import annotations

import re
from typing import Any

from ..product import Value
from .links import Link
from .loose_json import array, mapping, text
from .satellite import complete_satellite

# what stands where nothing is known
_NOTHING = re.compile(
    r"(not (provided|applicable|available|specified)|n/?a|null|none|unspecified|unknown)", re.I
)
# a name that is a number of the archive's database
_NUMBERED = re.compile(r"[\w.:-]*:\d+")
_BINARY = {"": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4, "PB": 1024**5}
_DIRECTIONS = {"A": "ascending", "D": "descending"}
_SIDES = {"L": "left", "R": "right"}
_THUMBNAIL = re.compile(r"thumb|low-res", re.I)


def granule_name(unique: str, of_producer: str) -> str:
    """The name of a granule: the one that is unique in its archive, unless that is a mere number."""
    return of_producer if of_producer and (not unique or _NUMBERED.fullmatch(unique)) else unique


def said(value: Any) -> Any:
    """A value without the texts that stand where nothing is known."""
    if isinstance(value, str):
        return "" if _NOTHING.fullmatch(value.strip()) else value
    if isinstance(value, dict):
        return {name: said(item) for name, item in mapping(value).items()}
    return [said(item) for item in array(value)] if isinstance(value, list) else value


def by_name(entries: Any, name: str, value: str) -> dict[str, Any]:
    """The values of entries such as `{Name, Value}` by their names; a list of one as this one."""
    found: dict[str, Any] = {}
    for entry in array(entries):
        about = mapping(entry)
        given = about.get(value)
        if isinstance(given, list) and len(array(given)) == 1:
            given = array(given)[0]
        if key := text(about.get(name)):
            found.setdefault(key, given)
    return found


def polarizations(value: Any) -> Any:
    """`VV+VH` as two; lists as they are."""
    return re.split(r"[+,\s]+", value.strip()) if isinstance(value, str) and value.strip() else value


def of_radar(attributes: dict[str, Any]) -> dict[str, Any]:
    """Additional attributes with what ASF writes in its own way: several polarisations in one text, a letter
    for the side, and numbers below zero where there is none."""
    changed: dict[str, Any] = {}
    for name in ("FRAME_NUMBER", "PATH_NUMBER", "OFF_NADIR_ANGLE"):
        if text(attributes.get(name)).startswith("-"):
            changed[name] = None
    if "POLARIZATION" in attributes:
        changed["POLARIZATION"] = polarizations(attributes["POLARIZATION"])
    side = text(attributes.get("LOOK_DIRECTION")).upper()
    if side in _SIDES:
        changed["LOOK_DIRECTION"] = _SIDES[side]
    return attributes | changed


def direction(letter: Any) -> Any:
    """The direction of flight of the letter that an orbit gives."""
    return _DIRECTIONS.get(text(letter).upper(), letter)


def byte_count(size: Any, unit: str = "MB") -> int | None:
    """Bytes of a size in units of powers of 1024, as the archives count; None for what is no size."""
    try:
        number = float(size)
    except (TypeError, ValueError, OverflowError):
        return None
    factor = _BINARY.get(unit.strip().upper())
    return round(number * factor) if factor and 0 <= number < 1e12 else None


def asset_link(href: str, role: str, *, title: Any = "", media_type: str = "", **more: Any) -> Link:
    """An address with its role; that of a file in a cloud's store is told apart from that for everybody."""
    if role == "overview" and _THUMBNAIL.search(href):
        role = "thumbnail"
    is_stored = href.lower().startswith("s3://")
    return Link(
        href=href,
        roles=(role,),
        title=text(title),
        media_type=media_type if "/" in media_type else "",
        key=f"{role}-s3" if is_stored else "",
        **more,
    )


def completed(found: dict[str, Value], identifier: str) -> dict[str, Value]:
    """The properties with one satellite, and a code of a projection as everywhere."""
    complete_satellite(found, identifier)
    code = str(found.get("proj_code", ""))
    if code and ":" not in code and code.isdecimal():
        found["proj_code"] = f"EPSG:{code}"
    return found
