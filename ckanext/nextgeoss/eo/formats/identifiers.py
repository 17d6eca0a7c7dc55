"""DOIs and licences, which records name in many ways and places."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DOI = re.compile(r"(?:^|doi\.org/|doi:\s*|doi=)(10\.\d{4,9}/[^\s\"<>;]{1,200})", re.I)
_CC_ADDRESS = re.compile(r"creativecommons\.org/(licenses|publicdomain)/([a-z-]{2,12})(?:/(\d\.\d))?", re.I)
_CC_WORDS = re.compile(r"\bCC[ -]?(BY(?:[ -](?:NC|ND|SA)){0,2}|0|ZERO)(?:[ -]?v?(\d\.\d))?\b", re.I)
_OTHERS = re.compile(r"\b(ODbL-1\.0|OGL-UK-[23]\.0|etalab-2\.0|ODC-By-1\.0|PDDL-1\.0)\b", re.I)
_LONGEST = 20_000


def doi_in(texts: Iterable[str]) -> str:
    """The first DOI in texts, as `10.prefix/suffix`; empty without one."""
    for text in texts:
        if found := _DOI.search(text.strip()[:_LONGEST]):
            return found[1].rstrip(".,)")
    return ""


def licence_in(texts: Iterable[str]) -> str:
    """The SPDX identifier of the first licence that texts name by words or address; empty without one."""
    for text in texts:
        text = text[:_LONGEST]
        if found := _CC_ADDRESS.search(text):
            return _creative_commons(found[2], found[3])
        if found := _CC_WORDS.search(text):
            return _creative_commons(found[1], found[2])
        if found := _OTHERS.search(text):
            return found[1]
    return ""


def _creative_commons(kind: str, version: str | None) -> str:
    kind = kind.upper().replace(" ", "-")
    if kind in ("0", "ZERO"):
        return "CC0-1.0"
    if kind in ("MARK", "PUBLICDOMAIN"):
        return "CC-PDM-1.0"
    return f"CC-{kind}-{version or '4.0'}"
