"""The products of holdings as an OData 4 entity set, without any HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from ..eo.errors import BadValue, nearest
from ..eo.formats.odata_write import write_page, write_product
from ..eo.page import Page
from ..eo.product import Product
from .holdings import MAX_COUNT, Holdings, Question, whole_number
from .odata_filter import question

OPTIONS = ("$filter", "$orderby", "$top", "$skip", "$count", "$expand")
REACH = 10_000  # the largest $skip
_USUAL_TOP, _LARGEST = 20, 10**9
_EXPANDABLE = ("Attributes", "Assets")
_ORDER = "ContentDate/Start asc"


class BeyondReach(BadValue):
    """A number of products to skip that this service does not count to."""


class ODataApi:
    """The entity set `Products` below `base_url`."""

    def __init__(self, base_url: str, holdings: Holdings):
        self._base_url = base_url
        self._holdings = holdings

    def products(self, path: str, options: Mapping[str, str]) -> bytes:
        """A page of the products that match; BadValue for what cannot be asked."""
        asked, write = _question(options), _Entity(_expanded(options.get("$expand", "")))
        skip, top = _page(options)
        found = self._holdings.matching(asked)
        page = found[skip : skip + top]
        following = urlencode({**options, "$skip": skip + len(page)})
        more = f"{self._base_url}{path}?{following}" if skip + len(page) < len(found) else ""
        total = len(found) if _flag(options.get("$count", "false")) else None
        head = write_page(Page((), total))
        del head["value"]
        tail = f',"@odata.nextLink":{json.dumps(more)}' if more else ""
        entities = b",".join(entry.made(write) for entry in page)
        return json.dumps(head).encode()[:-1] + b',"value":[' + entities + b"]" + tail.encode() + b"}"


@dataclass(frozen=True, slots=True)
class _Entity:
    """Writes a product; what is not expanded is left out."""

    expanded: frozenset[str]

    def __call__(self, product: Product) -> bytes:
        entity = write_product(product)
        said = {
            name: value for name, value in entity.items() if name not in _EXPANDABLE or name in self.expanded
        }
        return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()


def _question(options: Mapping[str, str]) -> Question:
    for name in options:
        if name not in OPTIONS:
            near = nearest(name, OPTIONS)
            raise BadValue(name, name, f"{near}, perhaps" if near else f"one of {', '.join(OPTIONS)}")
    if options.get("$orderby", _ORDER) != _ORDER:
        raise BadValue(options["$orderby"], "$orderby", _ORDER)
    asked = question(options.get("$filter", ""))
    return Question(
        asked.collections, asked.ids, asked.time, asked.area, asked.also, oldest_first="$orderby" in options
    )


def _page(options: Mapping[str, str]) -> tuple[int, int]:
    """How many products to skip, and how many to give."""
    skip = whole_number(options.get("$skip", 0), "$skip", 0, _LARGEST)
    if skip > REACH:
        raise BeyondReach(skip, "$skip", f"a number up to {REACH}")
    return skip, whole_number(options.get("$top", _USUAL_TOP), "$top", 1, MAX_COUNT)


def _expanded(said: str) -> frozenset[str]:
    names = [name.strip() for name in said.split(",")] if said else []
    for name in names:
        if name not in _EXPANDABLE:
            raise BadValue(name, "$expand", " or ".join(_EXPANDABLE))
    return frozenset(names)


def _flag(said: str) -> bool:
    if said.lower() not in ("true", "false"):
        raise BadValue(said, "$count", "true or false")
    return said.lower() == "true"
