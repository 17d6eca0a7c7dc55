"""OpenSearch for Earth observation (OGC 13-026) over holdings, as Atom and as GeoJSON, without any HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from urllib.parse import urlencode

from ..eo.errors import BadValue, nearest
from ..eo.formats import atom_write, eo_geojson
from ..eo.page import Page
from ..eo.product import Product
from ..eo.temporal import TemporalExtent, parse_time
from .entries import Entry
from .forms import ATOM, Form
from .holdings import MAX_COUNT, Changed, Holdings, Question, box, whole_number

PARAMETERS = ("collection", "start", "end", "bbox", "uid", "modified", "startIndex", "count")
_USUAL_COUNT, _LAST_INDEX = 10, 10**9
# of all answers, and of no product: an entry that says the time of its answer says nothing of the product
_UPDATED = datetime(2026, 1, 1, tzinfo=timezone.utc)
_ITEMS = re.compile(rb"(<(?:\w+:)?itemsPerPage>)\d+<")


class OpenSearchApi:
    """The searches below `base_url`; pages are put together of entries that were written before."""

    def __init__(self, base_url: str, holdings: Holdings):
        self._base_url = base_url
        self._holdings = holdings

    def search(self, form: Form, path: str, parameters: Mapping[str, str]) -> bytes:
        """A page of the products that match, in this form; BadValue for what cannot be asked."""
        question = _question(parameters)
        first = whole_number(parameters.get("startIndex", 1), "startIndex", 1, _LAST_INDEX)
        count = whole_number(parameters.get("count", _USUAL_COUNT), "count", 1, MAX_COUNT)
        found = self._holdings.matching(question)
        page = found[first - 1 : first - 1 + count]
        following = first + len(page)
        more = self._address(path, {**parameters, "startIndex": following}) if following <= len(found) else ""
        write = _atom if form is ATOM else _geojson
        return write(Page((), len(found), more), page, self._address(path, parameters), first)

    def _address(self, path: str, parameters: Mapping[str, object]) -> str:
        return f"{self._base_url}{path}{'?' if parameters else ''}{urlencode(parameters)}"


def _question(parameters: Mapping[str, str]) -> Question:
    for name in parameters:
        if name not in PARAMETERS:
            near = nearest(name, PARAMETERS)
            raise BadValue(name, name, f"{near}, perhaps" if near else f"one of {', '.join(PARAMETERS)}")
    return Question(
        collections=_one(parameters.get("collection")),
        ids=_one(parameters.get("uid")),
        time=TemporalExtent.of(parameters.get("start"), parameters.get("end")),
        area=box(parameters["bbox"]) if "bbox" in parameters else None,
        also=_also(parameters.get("modified", "")),
    )


def _also(modified: str) -> tuple[Changed, ...]:
    """The condition of an open interval of modification dates, `[time` (OGC 13-026)."""
    if not modified:
        return ()
    if not modified.startswith("["):
        raise BadValue(modified, "modified", "an open interval, such as [2024-01-01T00:00:00Z")
    return (Changed(parse_time(modified[1:], "modified")),)


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _geojson(envelope: Page, page: Sequence[Entry], address: str, first: int) -> bytes:
    answer = eo_geojson.write_page(envelope, address=address, start=first) | {"itemsPerPage": len(page)}
    del answer["features"]
    features = b",".join(entry.made(_feature) for entry in page)
    return json.dumps(answer).encode()[:-1] + b',"features":[' + features + b"]}"


def _feature(product: Product) -> bytes:
    return json.dumps(eo_geojson.write_product(product), separators=(",", ":"), ensure_ascii=False).encode()


def _atom(envelope: Page, page: Sequence[Entry], address: str, first: int) -> bytes:
    feed = atom_write.write_page(envelope, address=address, start=first, updated=_UPDATED)
    before, end, _ = feed.rpartition(b"</feed>")
    before = _ITEMS.sub(rb"\g<1>%d<" % len(page), before)
    return before + b"\n".join(entry.made(_entry) for entry in page) + b"\n" + end


def _entry(product: Product) -> bytes:
    return atom_write.write_entry(product).encode()
