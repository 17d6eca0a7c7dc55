"""What an OpenSearch answer says besides its products or collections, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

# prefixes of parameters; those of OpenSearch itself (searchTerms, count, startIndex, startPage, language)
# have none
NAMESPACES = {
    "geo": "http://a9.com/-/opensearch/extensions/geo/1.0/",
    "time": "http://a9.com/-/opensearch/extensions/time/1.0/",
    "eo": "http://a9.com/-/opensearch/extensions/eo/1.0/",
    "sru": "http://a9.com/-/opensearch/extensions/sru/2.0/",
    "semantic": "http://a9.com/-/opensearch/extensions/semantic/1.0/",
    "referrer": "http://a9.com/-/opensearch/extensions/referrer/1.0/",
    # of what the standards have no parameter for
    "nextgeoss": "https://github.com/NextGEOSS/atom/1.0",
    # of what users and automatic checks say; entries of Atom tell it by this namespace, too
    "guf": "https://github.com/NextGEOSS/guf/1.0",
}


class FeedLink(NamedTuple):
    """A link of an answer: `first`, `previous`, `next`, `last`, `search` (its description document), `up`,
    `alternate` (the same in another format)."""

    rel: str
    href: str
    type: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class FacetTerm:
    """A value that products found have, how many have it, and the request that finds these alone."""

    value: str
    count: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """The values of one parameter (`name`, such as eo:platform) in the products found."""

    name: str
    title: str
    terms: tuple[FacetTerm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An answer: `address` is its own, `start_index` counts from 1, `items_per_page` is how many it holds;
    `echo` says by qualified names (`geo:box`, `eo:cloudCover`, `searchTerms`) what was asked."""

    title: str
    address: str
    # when it was made
    updated: datetime
    total: int
    start_index: int = 1
    items_per_page: int = 0
    links: tuple[FeedLink, ...] = ()
    echo: Mapping[str, str] = field(default_factory=dict[str, str])
    facets: tuple[Facet, ...] = ()
