"""The search of NASA's Common Metadata Repository (cmr.earthdata.nasa.gov/search/site/docs/search/api.html):
granules and collections in UMM JSON, page after page by the header CMR-Search-After."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any, cast
from urllib.parse import urlencode

from ...addresses import redact
from ...eo.errors import BadAnswer, BadRecord, BadValue
from ...eo.footprint import Footprint
from ...eo.formats.asf import ASF
from ...eo.formats.cmr_json import CMR_JSON
from ...eo.formats.loose_json import mapping, whole_number
from ...eo.formats.umm import UMM
from ...eo.formats.umm_collection import read_umm_collection
from ...eo.query import Query
from ...eo.temporal import format_time
from ...http import Request, Response
from ..provider import Provider
from . import ASKABLE, Answer, CollectionsAnswer
from .feeds import FeedProtocol, what_it_is
from .json_answer import decoded

SEARCH_AFTER, HITS = "CMR-Search-After", "CMR-Hits"
_CONCEPT = re.compile(r"C\d+-\w+")
_Pairs = list[tuple[str, str]]
# of collections, whose descriptions are long
_COLLECTIONS_AT_ONCE = 500
_NAMES = {"Point": "point", "LineString": "line", "Polygon": "polygon"}


class CmrProtocol(FeedProtocol):
    """Searches of granules, one collection at a time; collections are named by short name and version
    (`MOD09A1_061`, as CMR-STAC does) or by concept id."""

    one_collection = True
    formats = (UMM, ASF, CMR_JSON)

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The search for the first page, in the order of acquisition."""
        more = [("page_size", str(provider.page_size)), ("sort_key[]", "start_date")]
        return _request(provider, "granules", _asked(provider, query) + more, query)

    def asks(self, provider: Provider) -> frozenset[str]:
        """Everything; changes by `updated_since`."""
        return ASKABLE

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """The search without any granule, whose answer tells the hits."""
        return _request(provider, "granules", [*_asked(provider, query), ("page_size", "0")], query)

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The granules, with the hits and the way on that the headers tell."""
        answer = super().read(provider, response, request)
        hits = whole_number(response.headers.get(HITS.lower()))
        following = _after(request, response) if answer.products or answer.refused else None
        return replace(answer, total=answer.total if hits is None else hits, next=following)

    def collections_request(self, provider: Provider) -> Request | None:
        """The request for the collections of the archive."""
        return _request(provider, "collections", [("page_size", str(_COLLECTIONS_AT_ONCE))], Query())

    def read_collections(
        self, provider: Provider, response: Response, request: Request | None = None
    ) -> CollectionsAnswer:
        """The collections of an answer in UMM JSON."""
        document = decoded(response)
        items = mapping(document).get("items")
        if not isinstance(items, list):
            raise BadAnswer(what_it_is(document), redact(response.url))
        found: list[Any] = []
        for item in cast(list[Any], items):
            try:
                found.append(read_umm_collection(item))
            except BadRecord:
                continue  # what has no name cannot be asked for
        return CollectionsAnswer(tuple(found), _after(request, response) if found else None)


def _request(provider: Provider, what: str, pairs: _Pairs, query: Query) -> Request:
    address = f"{provider.url.rstrip('/')}/{what}.umm_json"
    said = [*provider.parameters.items(), *pairs]
    return Request(url=f"{address}?{urlencode(said)}", about="".join(query.collections))


def _after(asked: Request | None, response: Response) -> Request | None:
    """The same request with the place that the answer gave; None at the end, and of a saved answer, whose
    headers are not known."""
    place = response.headers.get(SEARCH_AFTER.lower(), "").strip()
    if asked is None or not place:
        return None
    return replace(asked, headers={**asked.headers, SEARCH_AFTER: place})


# --- the parts of a query


def _asked(provider: Provider, query: Query) -> _Pairs:
    """The parameters of a query; BadValue for what cannot be asked, since a wider answer would pass for the
    right one."""
    for name in ("words", "facets", "offset", "cursor"):
        if value := getattr(query, name):
            raise BadValue(value, name, "nothing: a search of CMR cannot ask it")
    said = [pair for name in query.collections for pair in _named(provider.native(name))]
    for name in query.collections:
        said += [(f"{key}[]", value) for key, each in provider.rule(name).where.items() for value in each]
    said += [("readable_granule_name[]", identifier) for identifier in query.ids]
    if query.time:
        ends = (format_time(end) if end else "" for end in (query.time.start, query.time.end))
        said.append(("temporal[]", ",".join(ends)))
    if query.footprint:
        if query.relation != "intersects":
            raise BadValue(query.relation, "relation", "intersects, the only one of this search")
        said += _area(query.footprint)
    return said + _changes(query)


def _named(natives: tuple[str, ...]) -> _Pairs:
    """Collections by short names and versions, without any by concept ids: both would have to be true."""
    named = [native for native in natives if not _CONCEPT.fullmatch(native)]
    if not named:
        return [("collection_concept_id[]", native) for native in natives]
    said: _Pairs = []
    for native in named:
        name, _, version = native.rpartition("_")
        said += [("short_name[]", name or native)] + ([("version[]", version)] if name else [])
    return list(dict.fromkeys(said))


def _changes(query: Query) -> _Pairs:
    said: _Pairs = []
    for condition in query.conditions:
        value = condition.value
        if (condition.property, condition.operator) == ("updated", ">=") and isinstance(value, datetime):
            said.append(("updated_since", format_time(value)))
        elif condition.property == "cloud_cover" and (bounds := _bounds(condition.operator, value)):
            said.append(("cloud_cover", bounds))
        else:
            raise BadValue(condition.property, "conditions", "updated and cloud_cover, as CMR can ask them")
    return said


def _bounds(operator: str, value: Any) -> str:
    if operator == "between":
        return ",".join(str(bound) for bound in value)
    return {"<=": f",{value}", ">=": f"{value},"}.get(operator, "")


def _area(footprint: Footprint) -> _Pairs:
    """A box as such, other areas as polygons of which one is enough."""
    box = footprint.bbox
    if footprint.area and footprint == Footprint.from_bbox(*box):
        return [("bounding_box[]", ",".join(str(number) for number in box))]
    said: _Pairs = []
    for kind, coordinates in _parts(footprint.geojson):
        if kind == "Polygon":
            if len(coordinates) > 1:
                raise BadValue(footprint.wkt[:80], "footprint", "an area without holes")
            coordinates = _counter_clockwise(coordinates[0])
        pairs = [coordinates] if kind == "Point" else coordinates
        said.append((f"{_NAMES[kind]}[]", ",".join(f"{x},{y}" for x, y in pairs)))
    kinds = dict.fromkeys(name.removesuffix("[]") for name, _ in said)
    if len(kinds) > 1:
        raise BadValue(footprint.wkt[:80], "footprint", "areas, lines or points, not several kinds")
    return said + ([(f"options[{next(iter(kinds))}][or]", "true")] if len(said) > 1 else [])


def _parts(geometry: Mapping[str, Any]) -> list[tuple[str, Any]]:
    kind = geometry["type"]
    if kind == "GeometryCollection":
        return [part for each in geometry["geometries"] for part in _parts(each)]
    if kind.startswith("Multi"):
        return [(kind.removeprefix("Multi"), part) for part in geometry["coordinates"]]
    return [(kind, geometry["coordinates"])]


def _counter_clockwise(ring: list[Any]) -> list[Any]:
    """A ring as CMR wants it; the other way round it would be all the rest of the world."""
    doubled = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    return ring if doubled > 0 else ring[::-1]
