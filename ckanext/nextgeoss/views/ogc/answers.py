"""Documents of our OGC APIs as answers: JSON for programs, a page for people, with the same links."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from ckan.plugins import toolkit
from flask import Blueprint, Response

from ...eo.formats.stac_write import HTML, JSON, Link, link
from ...search.stac_query import check_names
from ..api import api
from ..elsewhere import answer_below
from ..stac.answers import parameters, told, with_parameters
from .negotiation import FORMATS, PAGED, PARAMETER, asked_format, chosen

_TEMPLATE = "nextgeoss/ogc_page.html"
_IN_HEADER = ("self", "alternate", "next", "prev", "collection", "license")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing of a table: its address and its values, of which the first is the name of the link; `facts`
    and `links` are all that its document says, shown when somebody wants to see them."""

    address: str
    values: Sequence[Any]
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """How many of the things found have which value of a property: `counts` are values, numbers, and the
    addresses of the answers with that value only ("" where that cannot be asked)."""

    label: str
    counts: Sequence[tuple[str, int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A form that seeks words in the things of a table: where it asks, what it asks besides, the words that
    are asked now, and the address of the same answer with facets ("" where it has them)."""

    address: str
    kept: Mapping[str, str]
    words: str
    facets: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a page shows besides the links: `crumbs` are labels and addresses of what is above, `facts` names
    and values as they stand in the document, `sections` more of these under headings, `heads` and `rows` a
    table; `total` of its rows on all pages."""

    title: str
    description: str = ""
    crumbs: Sequence[tuple[str, str]] = ()
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    sections: Sequence[tuple[str, Mapping[str, Any]]] = ()
    facets: Sequence[Facet] = ()
    search: Search | None = None
    heads: Sequence[str] = ()
    rows: Sequence[Row] = ()
    total: int | None = None
    total_label: str = ""


def ogc_api(name: str, root: str) -> Blueprint:
    """A blueprint of an OGC API (views/api.py) below the path `root`: errors are JSON with code and
    description, also where there is nothing or nothing that can be changed; documents are pages too."""
    PAGED.add(name)
    blueprint = api(name, told)
    answer_below(blueprint, root, told)
    return blueprint


def asked_of(known: Collection[str] = ()) -> dict[str, str]:
    """The parameters of the request but `f`; BadValue for one that is not `known`, and for an unknown `f`."""
    asked = parameters()
    check_names(asked, (PARAMETER, *known))
    asked_format()
    asked.pop(PARAMETER, None)
    return asked


def own_links(
    address: str, asked: Mapping[str, str], media_type: str = JSON, title: str = ""
) -> tuple[Link, Link]:
    """The links `self` and `alternate` of a document: JSON and page, of which the one that is answered is
    self."""
    forms = [
        (media_type, with_parameters(address, {**asked, PARAMETER: FORMATS[0]})),
        (HTML, with_parameters(address, {**asked, PARAMETER: FORMATS[1]})),
    ]
    if chosen(media_type) == HTML:
        forms.reverse()
    (own, here), (other, there) = forms
    return link("self", here, own, title), link("alternate", there, other, title)


def answer(
    document: Mapping[str, Any],
    sheet: Callable[[], Sheet],
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
    *,
    links: Sequence[Link] = (),
) -> Response:
    """A document in the form that is wanted, `sheet` makes it a page; its links, or those given where it has
    none, are headers too."""
    wanted = chosen(media_type)
    links = [*document.get("links", links)]
    if wanted == HTML:
        body: str | bytes = toolkit.render(
            _TEMPLATE, {"sheet": sheet(), "links": links, "by_rel": _by_rel(links)}
        )
    else:
        body = orjson.dumps(document)
    kind = f"{HTML}; charset=utf-8" if wanted == HTML else wanted
    response = Response(body, headers=dict(headers or {}), content_type=kind)
    for each in links:
        if each["rel"] in _IN_HEADER and each["href"].isascii():
            response.headers.add("Link", _header(each))
    return response


def page(html: str) -> Response:
    """A page that is made elsewhere."""
    return Response(html, content_type=f"{HTML}; charset=utf-8")


def wants_html(media_type: str = JSON) -> bool:
    """Whether this request is answered by a page."""
    return chosen(media_type) == HTML


def _by_rel(links: Sequence[Link]) -> dict[str, Link]:
    """The first link of each relation."""
    found: dict[str, Link] = {}
    for each in links:
        found.setdefault(each["rel"], each)
    return found


def _header(each: Link) -> str:
    kind = f'; type="{each["type"]}"' if each.get("type") else ""
    return f'<{each["href"]}>; rel="{each["rel"]}"{kind}'
