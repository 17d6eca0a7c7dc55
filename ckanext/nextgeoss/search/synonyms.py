"""What else a text of a search may be called: spellings of satellites, and schemas/synonyms.yaml."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from ..eo.fast_yaml import load_yaml
from ..eo.spellings import platform

# letters and digits apart, as the fields of texts are read
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_SENTINEL = re.compile(r"sentinel-(\d[a-dp]?)")
_LANDSAT = re.compile(r"landsat-(\d)")
# before the number of a Landsat in the identifiers of its products
_LANDSAT_LETTERS = {"4": "lt", "5": "lt", "7": "le", "8": "lc", "9": "lc"}


def synonyms(text: str) -> tuple[str, ...]:
    """Other texts that mean the same as a word or a few; none for most."""
    key = _key(text)
    names = _satellite(key) or _groups().get(key, ())
    return tuple(name for name in names if _key(name) != key)


def is_satellite(text: str) -> bool:
    """Whether a text names one satellite or series, whatever its spelling."""
    return bool(_satellite(_key(text)))


@cache
def longest() -> int:
    """Words of the longest text that has synonyms."""
    return max(len(name.split()) for names in _groups().values() for name in names)


def _key(text: str) -> tuple[str, ...]:
    return tuple(_PARTS.findall(text.casefold()))


def _satellite(key: tuple[str, ...]) -> tuple[str, ...]:
    """The spellings of a satellite or a series; none of what is neither."""
    # L1 to L4 are levels of processing
    if not 2 <= len(key) <= 3 or (key[0] == "l" and key[1] < "5"):
        return ()
    name = platform("".join(key))
    if found := _SENTINEL.fullmatch(name):
        return (f"sentinel {found[1]}", f"s{found[1]}")
    if found := _LANDSAT.fullmatch(name):
        number, letters = found[1], _LANDSAT_LETTERS.get(found[1])
        short = (f"l{number}",) if number >= "5" else ()
        return (f"landsat {number}", *short, *([f"{letters}0{number}"] if letters else ()))
    return ()


@cache
def _groups() -> dict[tuple[str, ...], tuple[str, ...]]:
    """The groups of the shipped file by the key of each of their texts."""
    text = files("ckanext.nextgeoss").joinpath("schemas/synonyms.yaml").read_text("utf-8")
    return {_key(name): tuple(names) for names in load_yaml(text) for name in names}
