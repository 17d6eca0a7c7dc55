"""How an answer of a STAC API leads to the next one: by a link, in the document or its headers, or, before
1.0, by a token or a page number beside the items."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...eo.formats.loose_json import array, mapping, text, whole_number
from ...http import Request
from ..pagination import NextLink, with_parameter

# one link of a header (RFC 8288), with what follows its address until the next one
_LINK = re.compile(r"<([^<>]*)>([^<>]*)")
_NEXT = re.compile(r";\s*rel\s*=\s*\"?next\"?\s*(?:[;,]|$)", re.I)


def following(about: Mapping[str, Any], asked: Request, headers: Mapping[str, str]) -> Request | None:
    """The request for what follows an answer; None at the end."""
    if "links" in about:
        found = NextLink().next(_links(about["links"]), asked)
        return found or _by_token(about, asked)
    return _by_header(asked, headers) or _by_token(about, asked) or _by_page(about, asked)


def _links(said: Any) -> list[Any]:
    """Links as a list; the first versions had them by their relation."""
    if isinstance(said, dict):
        return [{"rel": rel, **mapping(link)} for rel, link in mapping(said).items()]
    return array(said)


def _by_header(asked: Request, headers: Mapping[str, str]) -> Request | None:
    for address, parameters in _LINK.findall(headers.get("link", "")):
        if _NEXT.search(parameters):
            return NextLink().next([{"rel": "next", "href": address}], asked)
    return None


def _by_token(about: Mapping[str, Any], asked: Request) -> Request | None:
    """STAC API 0.8 and 0.9: a token in `search:metadata` or `context`, given back as `next`."""
    for place in ("search:metadata", "context"):
        if token := text(mapping(about.get(place)).get("next")):
            return _with(asked, "next", token)
    return None


def _by_page(about: Mapping[str, Any], asked: Request) -> Request | None:
    """sat-api before it had links: the number of the page, from 1."""
    meta = mapping(about.get("meta"))
    page, limit, found = (whole_number(meta.get(name)) for name in ("page", "limit", "found"))
    if not page or not limit or found is None or page * limit >= found:
        return None
    return _with(asked, "page", str(page + 1))


def _with(asked: Request, name: str, value: str) -> Request:
    if asked.method == "POST":
        return replace(asked, body={**mapping(asked.body), name: value})
    return with_parameter(asked, name, value)
