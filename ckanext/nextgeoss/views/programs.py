"""A search as programs and as addresses of our APIs, each with what it cannot say of the search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from .. import config
from ..eo.formats import snippets
from ..eo.formats.features_write import features_collection
from ..eo.formats.record_write import PRODUCTS, records_catalog
from ..eo.formats.site import Site
from ..eo.properties import Properties
from ..eo.query import Query
from ..search.as_action import as_action
from ..search.as_features import as_features
from ..search.as_opensearch import as_opensearch
from ..search.as_records import as_records
from ..search.as_stac import as_stac
from ..search.said import Said, box_of, ends_of
from .addresses import site
from .forms import CKAN_FACETS, ORDERS
from .search_page_titles import part_title
from .search_state import Asked, State

# how many products a program asks for at once
PAGE = 100
_GEOJSON = "application/geo+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A search in one language or library; `unsaid` are names of what it leaves out, `lacks` of what it
    needs and the search does not have: then there is no text."""

    name: str
    title: str
    text: str = ""
    unsaid: tuple[str, ...] = ()
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A search at the address of an API; without an address where it `lacks` something."""

    title: str
    url: str
    unsaid: tuple[str, ...] = ()
    lacks: str = ""


def programs(asked: Asked, state: State) -> tuple[Program, ...]:
    """The search of a page as code, the simplest first; none of one that was not understood."""
    if asked.errors:
        return ()
    query, properties, here = _query(asked), config.eo_properties(), site()
    found = (
        _curl(query, here),
        _requests(query, here),
        _pystac_client(query, properties, here),
        _eodag(query, here),
        _owslib(query, properties, here),
    )
    return tuple(replace(each, unsaid=_titles(each.unsaid, state, properties)) for each in found)


def links(asked: Asked, state: State) -> tuple[Link, ...]:
    """The search of a page at each API: the first products of it."""
    if asked.errors:
        return ()
    query, properties, here = _query(asked), config.eo_properties(), site()
    stac, opensearch = as_stac(query, properties), as_opensearch(query, properties)
    action, searches = as_action(query), f"{here.base}/opensearch/search"
    found = (
        Link("STAC", _address(f"{here.base}/stac/search", _stac_get(stac)), stac.unsaid),
        Link("OpenSearch (Atom)", _address(f"{searches}.atom", opensearch.parameters), opensearch.unsaid),
        Link("OpenSearch (GeoJSON)", _address(f"{searches}.json", opensearch.parameters), opensearch.unsaid),
        Link("RSS", _address(f"{searches}.rss", opensearch.parameters), opensearch.unsaid),
        _ogc_link("OGC API Features", features_collection, as_features(query, properties), query, here),
        _ogc_link("OGC API Records", records_catalog, as_records(query, properties), query, here, PRODUCTS),
        Link("product_search", _address(_action(here), action.parameters), action.unsaid),
    )
    return tuple(replace(each, unsaid=_titles(each.unsaid, state, properties)) for each in found)


def _ogc_link(
    title: str, place: Callable[[Site, str], str], said: Said, query: Query, here: Site, everything: str = ""
) -> Link:
    """A search at an OGC API, which answers one collection at a time, or all at the address `everything`."""
    names = query.collections or ((everything,) if everything else ())
    if len(names) != 1:
        return Link(title, "", lacks="collection")
    return Link(title, _address(f"{place(here, names[0])}/items", said.parameters), said.unsaid)


def _query(asked: Asked) -> Query:
    """What the search page asks, with its order."""
    usual = "relevance" if asked.query.words else "newest"
    return replace(asked.query, sort=() if asked.sort == usual else ORDERS[asked.sort], limit=PAGE)


def _titles(unsaid: Iterable[str], state: State, properties: Properties) -> tuple[str, ...]:
    """What people call the parts that are left out; CKAN's own facets are left out by all."""
    names = [*unsaid, *(name for name, _ in state.pairs if name in CKAN_FACETS)]
    return tuple(dict.fromkeys(part_title(name, properties) for name in names))


def _action(site: Site) -> str:
    return f"{site.base}/api/3/action/product_search"


def _address(base: str, asked: Any) -> str:
    return f"{base}?{urlencode(asked, doseq=True)}"


def _stac_get(said: Said) -> dict[str, str]:
    """The members of a search as parameters of an address."""
    writers: dict[str, Callable[[Any], str]] = {
        "q": ",".join,
        "ids": ",".join,
        "collections": ",".join,
        "bbox": lambda sides: ",".join(map(str, sides)),
        "intersects": snippets.json_text,
        "query": snippets.json_text,
        "filter": snippets.json_text,
        "sortby": lambda keys: ",".join(
            ("-" if key["direction"] == "desc" else "+") + key["field"] for key in keys
        ),
    }
    found = {name: writers.get(name, str)(value) for name, value in said.parameters.items()}
    return found | ({"filter-lang": "cql2-json"} if "filter" in found else {})


def _curl(query: Query, site: Site) -> Program:
    said = as_action(query)
    text = snippets.curl(_action(site), said.parameters)
    return Program(name="curl", title="curl", text=text, unsaid=said.unsaid)


def _requests(query: Query, site: Site) -> Program:
    said = as_action(query)
    text = snippets.requests(_action(site), said.parameters)
    return Program(name="requests", title="Python: requests", text=text, unsaid=said.unsaid)


def _pystac_client(query: Query, properties: Properties, site: Site) -> Program:
    """The client has no argument for words."""
    said = as_stac(query, properties)
    asked = {name: value for name, value in said.parameters.items() if name != "q"} | {"max_items": PAGE}
    unsaid = (*(["q"] if "q" in said.parameters else []), *said.unsaid)
    text = snippets.pystac_client(f"{site.base}/stac", asked)
    return Program(name="pystac-client", title="Python: pystac-client", text=text, unsaid=unsaid)


def _eodag(query: Query, site: Site) -> Program:
    """Collection, place and time; a program for one of its providers can say no more of others' searches."""
    title, place = "Python: eodag", query.footprint
    if len(query.collections) != 1:
        return Program(name="eodag", title=title, lacks="collection")
    start, end = ends_of(query.time)
    box = box_of(place)
    asked: dict[str, Any] = {"start": start, "end": end}
    if box:
        asked["geom"] = dict(zip(("lonmin", "latmin", "lonmax", "latmax"), box, strict=True))
    elif place:
        asked["geom"] = place.wkt
    said = {name: value for name, value in asked.items() if value} | {"limit": PAGE}
    text = snippets.eodag(f"{site.base}/stac", query.collections[0], said)
    return Program(name="eodag", title=title, text=text, unsaid=tuple(_beyond_eodag(query)))


def _beyond_eodag(query: Query) -> Iterator[str]:
    parts = {
        "q": query.words or query.any_words,
        "id": query.ids,
        "relation": query.relation != "intersects",
        "time_relation": query.time_relation != "intersects",
        "latest": query.latest,
        "fit_first": query.fit_first,
        "sort": query.sort,
    }
    yield from (name for name, given in parts.items() if given)
    yield from (condition.property for condition in query.conditions)


def _owslib(query: Query, properties: Properties, site: Site) -> Program:
    """OWSLib gives each parameter one value, and takes the description of the one collection asked for."""
    several = {"id": query.ids, "collection": query.collections}
    several |= {each.property: (1, 2) for each in query.conditions if each.operator == "in"}
    unsaid = [name for name, values in several.items() if len(values) > 1]
    single = replace(
        query,
        ids=() if "id" in unsaid else query.ids,
        collections=(),
        conditions=tuple(each for each in query.conditions if each.operator != "in"),
    )
    said = as_opensearch(single, properties)
    level = query.collections[0] if len(query.collections) == 1 else "dataset"
    values = {name: value if isinstance(value, str) else value[0] for name, value in said.parameters.items()}
    text = snippets.owslib(site.description(level), _GEOJSON, values)
    return Program(name="owslib", title="Python: OWSLib", text=text, unsaid=(*unsaid, *said.unsaid))
