"""Template helpers; `__all__` lists those that templates may call."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from babel.dates import format_date
from babel.numbers import format_decimal
from ckan.plugins import toolkit

from .search.titles import collections

__all__: list[str] = [
    "nextgeoss_built", "nextgeoss_collection", "nextgeoss_date", "nextgeoss_field", "nextgeoss_measured",
    "nextgeoss_number",
]  # fmt: skip


def nextgeoss_built(path: str) -> str:
    """The address of a file under `public/`, with its version, so that it may be cached for long."""
    return toolkit.h.url_for_static(f"/{path}") + f"?v={_version(path)}"


def nextgeoss_collection(id: str) -> str:
    """The title of a collection by its id or an alias; the id when it is not known."""
    found = collections().get(id)
    return (found.title if found else "") or id


def nextgeoss_field(name: str) -> str:
    """What a field of the search form is called."""
    _ = toolkit._
    titles = {
        "q": _("Words"), "ext_bbox": _("Area"), "bbox": _("Area"), "geometry": _("Area"), "start": _("From"),
        "end": _("Until"), "cloud_cover_max": _("Cloud cover at most"), "sort": _("Order"), "page": _("Page"),
    }  # fmt: skip
    return titles.get(name, name)


def nextgeoss_number(number: float, places: int = 0) -> str:
    """A number as the reader's language writes it, with this many decimal places."""
    pattern = f"#,##0.{'0' * places}" if places else None
    return format_decimal(number, format=pattern, locale=_locale())


def nextgeoss_measured(number: float) -> str:
    """A measured number as the reader's language writes it, with the six digits that count."""
    return format_decimal(Decimal(f"{number:g}"), locale=_locale(), decimal_quantization=False)


def nextgeoss_date(text: str | None) -> str:
    """The day of a date or time as the reader's language writes it; a month or a year stays as it is."""
    try:
        return format_date(date.fromisoformat((text or "")[:10]), format="long", locale=_locale())
    except ValueError:
        return text or ""


def _locale() -> str:
    return str(toolkit.h.lang()).replace("-", "_")


@cache
def _version(path: str) -> str:
    return hashlib.sha256(files("ckanext.nextgeoss").joinpath(f"public/{path}").read_bytes()).hexdigest()[:12]
