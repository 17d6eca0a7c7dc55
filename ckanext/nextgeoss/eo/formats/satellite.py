"""Which satellite took a product, from what records say in several places."""

from __future__ import annotations

import re

from ..product import Value
from ..spellings import platform, platform_of

_SERIES = re.compile(r"sentinel-\d")
_DESIGNATOR = re.compile(r"\d{4}-\d{3}[A-Z]{1,3}")
_NO_DESIGNATOR = "0000-000A"


def complete_satellite(found: dict[str, Value], identifier: str) -> None:
    """Make of platform and platform_serial, as read, the one satellite; a series named there becomes the
    constellation, an international designator goes to its own row, and a mere SAR gets its name."""
    serial = str(found.get("platform_serial", ""))
    if _DESIGNATOR.fullmatch(serial):
        del found["platform_serial"]
        if serial != _NO_DESIGNATOR:
            found.setdefault("platform_international_designator", serial)
        serial = ""
    short_name = str(found.get("platform", ""))
    whole = platform_of(short_name, serial, identifier)
    if not whole:
        return
    if _SERIES.fullmatch(platform(short_name)) and whole != platform(short_name):
        found.setdefault("constellation", platform(short_name))
    found["platform"] = whole
    if whole.startswith("sentinel-1") and found.get("instruments") == ("sar",):
        found["instruments"] = ("c-sar",)
