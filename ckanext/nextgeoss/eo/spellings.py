"""One spelling for what providers spell in many ways: platforms, processing levels, and plain names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from .forms import product_name

_SENTINEL = re.compile(r"(?:s|sentinel-?)([1-9])-?([a-dp])?")
_LANDSAT = re.compile(r"(?:l[cemot]?|ls|landsat)-?0?([1-9])")
_PROBA_V = re.compile(r"(?:pv|proba-?v)-?0?1?|proba-vegetation")
_LEVEL = re.compile(r"(?:s\dmsi|(?:processing[ -]?)?level[ -]?|l)?-?(\d)[ -]?([a-z]{0,3})_*", re.I)
_SATELLITE = re.compile(r"sentinel-\d[a-dp]|landsat-\d")
_INSTRUMENTS = {"sar-c-sar": "c-sar", "sar-c": "c-sar", "synthetic-aperture-radar-(c-band)": "c-sar"}
_SAFE_NAME = re.compile(r"S([1-6])([A-DP])_")


def hyphens(text: str) -> str:
    """Lower case with hyphens for blanks, as STAC writes instruments and constellations."""
    return "-".join(text.lower().split())


def instrument(text: str) -> str:
    """An instrument as STAC writes it, such as `msi`; the radar of Sentinel-1 has many names."""
    name = hyphens(text)
    return _INSTRUMENTS.get(name, name)


def platform(text: str) -> str:
    """A satellite as STAC writes it: `sentinel-2a` from S2A, SENTINEL-2A or Sentinel 2A; `landsat-8` from
    LANDSAT_8; others in lower case with hyphens."""
    name = hyphens(text)
    flat = name.replace("_", "-")
    if found := _SENTINEL.fullmatch(flat):
        return f"sentinel-{found[1]}{found[2] or ''}"
    if found := _LANDSAT.fullmatch(flat):
        return f"landsat-{found[1]}"
    return "proba-v" if _PROBA_V.fullmatch(flat) else name


def platform_of(short_name: str, serial: str = "", identifier: str = "") -> str:
    """The satellite that a short name and a serial identifier tell together, such as SENTINEL-2 and A; where
    they tell the series only, the letters at the start of a product's identifier say which one it was."""
    series, unit = platform(short_name), hyphens(serial)
    if re.fullmatch(r"sentinel-\d", series):
        whole = platform(serial)
        if whole.startswith(series) and whole != series:
            return whole
        if re.fullmatch(r"\d?[a-dp]", unit) and unit[:-1] in ("", series[-1]):
            return series + unit[-1]
        found = _SAFE_NAME.match(identifier)
        return series + found[2].lower() if found and found[1] == series[-1] else series
    if series and not series[-1].isdigit() and re.fullmatch(r"0?[1-9]\d?", unit):
        return f"{series}-{int(unit)}"
    return series or (platform(serial) if _SATELLITE.fullmatch(platform(serial)) else "")


def level(text: str) -> str:
    """A processing level as STAC writes it: `L1C` from Level-1C or S2MSI1C, `L1` from LEVEL1; others as they
    are."""
    found = _LEVEL.fullmatch(text.strip())
    return f"L{found[1]}{found[2].upper()}" if found else text


def small_letters(text: str) -> str:
    """Lower case, as fields of application are kept."""
    return " ".join(text.lower().split())


# remembered: thousands of products say the same few words
SPELLINGS: Mapping[str, Callable[[str], str]] = {
    spell.__name__: lru_cache(spell)
    for spell in (hyphens, instrument, platform, level, product_name, small_letters)
}
