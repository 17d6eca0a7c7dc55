"""What STAC calls things: names of older versions, extensions by prefix, and values in forms of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, cast

VERSION = "1.1.0"
_EXTENSION = "https://stac-extensions.github.io/{}/schema.json"

# prefix, or whole name of an unprefixed field: schema of the extension that a written item follows
EXTENSIONS = {
    name: _EXTENSION.format(schema)
    for name, schema in {
        "eo": "eo/v2.0.0",
        "sar": "sar/v1.3.0",
        "sat": "sat/v1.2.0",
        "view": "view/v1.1.0",
        "proj": "projection/v2.0.0",
        "processing": "processing/v1.2.0",
        "product": "product/v1.0.0",
        "sci": "scientific/v1.0.0",
        "grid": "grid/v1.1.0",
        "file": "file/v2.1.0",
        "published": "timestamps/v1.1.0",
        "expires": "timestamps/v1.1.0",
        "version": "version/v1.2.0",
    }.items()
}

# names of STAC 0.6 to 1.0 that the specification itself has renamed since
RENAMED = {
    "eo:platform": "platform",
    "eo:constellation": "constellation",
    "eo:instrument": "instruments",
    "eo:gsd": "gsd",
    "eo:off_nadir": "view:off_nadir",
    "eo:azimuth": "view:azimuth",
    "eo:incidence_angle": "view:incidence_angle",
    "eo:sun_azimuth": "view:sun_azimuth",
    "eo:sun_elevation": "view:sun_elevation",
    "sar:platform": "platform",
    "sar:constellation": "constellation",
    "sar:instrument": "instruments",
    "sar:polarization": "sar:polarizations",
    "sar:type": "product:type",
    "sar:product_type": "product:type",
    "sar:pass_direction": "sat:orbit_state",
    "sar:absolute_orbit": "sat:absolute_orbit",
    "sar:relative_orbit": "sat:relative_orbit",
    "sar:off_nadir": "view:off_nadir",
    "dtr:start_datetime": "start_datetime",
    "dtr:end_datetime": "end_datetime",
}
# arrays of STAC 0.x that became one field for each member
SPLIT = {
    "sar:resolution": ("sar:resolution_range", "sar:resolution_azimuth"),
    "sar:pixel_spacing": ("sar:pixel_spacing_range", "sar:pixel_spacing_azimuth"),
    "sar:looks": ("sar:looks_range", "sar:looks_azimuth", "sar:looks_equivalent_number"),
}
# members of `statistics`, which the products of the Copernicus EOPF have
STATISTICS = {
    "nodata": "s2:nodata_pixel_percentage",
    "vegetation": "s2:vegetation_percentage",
    "not_vegetated": "s2:not_vegetated_percentage",
    "water": "s2:water_percentage",
    "cloud_shadow": "s2:cloud_shadow_percentage",
    "thin_cirrus": "s2:thin_cirrus_percentage",
}
_AZIMUTHS = ("view:azimuth", "view:sun_azimuth", "view:moon_azimuth")


def upgraded(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties of an item of STAC 0.6 or later by the names of 1.1; a new name that is there wins."""
    result = dict(properties)
    if not RENAMED.keys().isdisjoint(properties):
        for old, new in RENAMED.items():
            if (value := properties.get(old)) is not None:
                result.setdefault(new, value)
    for old, names in SPLIT.items():
        if isinstance(values := properties.get(old), list):
            for name, value in zip(names, cast(list[Any], values), strict=False):
                result.setdefault(name, value)
    if isinstance(statistics := properties.get("statistics"), dict):
        for old, new in STATISTICS.items():
            if (value := cast(dict[str, Any], statistics).get(old)) is not None:
                result.setdefault(new, value)
    epsg = properties.get("proj:epsg") or properties.get("eo:epsg")
    if str(epsg or "").isdecimal() and not properties.get("proj:code"):
        result["proj:code"] = f"EPSG:{epsg}"
    for name in _AZIMUTHS:
        value = result.get(name)
        if isinstance(value, (int, float)) and not 0 <= value <= 360:
            result[name] = round(value % 360, 9)  # Landsat counts from -180 to 180, others beyond 360
    return result


def decoded(name: str, value: Any) -> Any:
    """A value in the form of our rows; what STAC writes as objects becomes a list of texts."""
    if name not in _OBJECTS or _is_plain(value):
        return value
    try:
        return _OBJECTS[name][1](value)
    except (AttributeError, TypeError):
        return value  # not what STAC says: the row will refuse it


def encoded(name: str, value: Any) -> Any:
    """A value in the form STAC wants under this name; None when STAC does not allow it there."""
    if name not in _OBJECTS:
        return value if name not in _ALLOWED or _ALLOWED[name](value) else None
    objects = _OBJECTS[name][0](value)
    return objects if decoded(name, objects) == value else None


# what users and automatic checks say of a product in our catalogue: told in its item by stac_feedback.py, and
# not kept of what we are given, nor are publications that say by CITED_BY that users named them
FEEDBACK_NAMES = (
    "guf:rating", "guf:latest", "guf:open_issues", "guf:fit_for", "guf:metadata_score", "guf:metadata_band",
)  # fmt: skip
CITED_BY = "guf:cited_by"


def extension(name: str) -> str | None:
    """The schema of the extension that defines a field; None for core fields and foreign names."""
    prefix, colon, _ = name.partition(":")
    return EXTENSIONS.get(prefix if colon else name)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(v, str) for v in cast(list[Any], value))
    )


def _matches(pattern: str) -> Callable[[Any], bool]:
    compiled = re.compile(pattern)

    @lru_cache(maxsize=4096)  # thousands of products have the same few
    def matches(value: Any) -> bool:
        return compiled.fullmatch(str(value)) is not None

    return matches


def _software(items: list[str]) -> dict[str, str]:
    parts = [item.rpartition(" ") for item in items]
    return {name or version: version if name else "" for name, _, version in parts}


# whether a text is the name of a digital object
is_doi = _matches(r"10\.[0-9a-zA-Z]{4,}/\S+")

# fields whose published schema allows less than our rows do
_ALLOWED: dict[str, Callable[[Any], bool]] = {
    "grid:code": _matches(r"[A-Z0-9]+-[-_.A-Za-z0-9]+"),
    "sci:doi": is_doi,
    "license": _matches(r"[\w.+-]+"),
    "product:timeliness": _matches(r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?"),
    "gsd": lambda value: value > 0,
    "sar:center_frequency": lambda value: value > 0,
    "sar:bandwidth": lambda value: value > 0,
    "view:moon_elevation": lambda value: value >= 0,
    "sat:absolute_orbit": lambda value: value > 0,
    "sat:relative_orbit": lambda value: value > 0,
    "sat:orbit_cycle": lambda value: value > 0,
}

# fields of objects: list of texts to objects, objects to list of texts
_OBJECTS: dict[str, tuple[Callable[[list[str]], Any], Callable[[Any], list[str]]]] = {
    "processing:software": (
        _software,
        lambda value: [f"{name} {version}".strip() for name, version in value.items()],
    ),
    "sci:publications": (
        lambda items: [{"doi" if is_doi(item) else "citation": item} for item in items],
        lambda value: [e.get("doi") or e.get("citation") for e in value if CITED_BY not in e],
    ),
    "providers": (
        lambda items: [{"name": item} for item in items],
        lambda value: [entry.get("name") for entry in value],
    ),
}

# fields whose value cannot always be written as it is
RESTRICTED = frozenset((*_ALLOWED, *_OBJECTS))
