"""Servers without a STAC search: the items of one collection after the other (OGC API - Features)."""

from __future__ import annotations

from urllib.parse import quote

from ...eo.errors import BadValue
from ...eo.footprint import Footprint
from ...eo.query import Query
from ...http import Request
from ..provider import Provider
from . import AREA, COLLECTIONS, TIME
from .stac import ACCEPT, StacProtocol


class StacItemsProtocol(StacProtocol):
    """`/collections/<id>/items`, by time and box; what it answers is what a search answers."""

    one_collection = True
    # nothing can be asked without one
    needs_collection = True

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The request for the first items of the one collection that is asked."""
        return _items_request(provider, query, provider.page_size)

    def asks(self, provider: Provider) -> frozenset[str]:
        """A collection, time and area."""
        return frozenset({COLLECTIONS, TIME, AREA})

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """The request for one item, whose answer tells the total where the provider tells it."""
        return _items_request(provider, query, 1) if provider.counts else None


def _items_request(provider: Provider, query: Query, limit: int) -> Request:
    if len(query.collections) != 1:
        raise BadValue(query.collections, "collections", "one: items are asked collection by collection")
    for name in ("conditions", "words", "facets", "offset", "cursor", "ids"):
        if value := getattr(query, name):
            raise BadValue(value, name, "nothing: the items of a collection cannot be asked for it")
    parameters = {**provider.parameters, "limit": str(limit)}
    if query.footprint:
        parameters["bbox"] = ",".join(str(number) for number in _box(query.footprint))
    if query.time:
        parameters["datetime"] = query.time.isoformat()
    native = quote(provider.native(query.collections[0])[0], safe="")
    address = f"{provider.url.rstrip('/')}/collections/{native}/items"
    return Request(url=address, headers=ACCEPT, params=parameters, about=query.collections[0])


def _box(footprint: Footprint) -> tuple[float, float, float, float]:
    if footprint != Footprint.from_bbox(*footprint.bbox):
        raise BadValue(footprint.wkt, "footprint", "a box: no other area can be asked")
    return footprint.bbox
