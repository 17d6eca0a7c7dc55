"""Template helpers; `__all__` lists those that templates may call."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from babel.numbers import format_decimal
from ckan.plugins import toolkit

from .search.titles import collections

__all__: list[str] = ["nextgeoss_built", "nextgeoss_collection", "nextgeoss_field", "nextgeoss_number"]


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


def nextgeoss_number(number: int) -> str:
    """A whole number as the reader's language writes it."""
    return format_decimal(number, locale=str(toolkit.h.lang()).replace("-", "_"))


@cache
def _version(path: str) -> str:
    return hashlib.sha256(files("ckanext.nextgeoss").joinpath(f"public/{path}").read_bytes()).hexdigest()[:12]
