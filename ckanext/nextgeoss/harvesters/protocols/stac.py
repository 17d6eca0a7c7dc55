"""STAC API of versions 0.6 to 1.1: item search, collections, and the kinds of documents that hold items."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from urllib.parse import unquote

from ...addresses import redact
from ...eo.collection import Collection
from ...eo.errors import BadAnswer, BadConfiguration, BadRecord, BadValue
from ...eo.footprint import Footprint
from ...eo.formats.loose_json import array, link, mapping, text, whole_number
from ...eo.formats.stac import SILENT, read_collection, read_item
from ...eo.formats.stac_vocabulary import VOCABULARY
from ...eo.formats.vocabulary import attributes
from ...eo.properties import load_properties
from ...eo.query import Condition, Query
from ...eo.temporal import format_time
from ...http import Request, Response
from ..provider import Provider
from . import ASKABLE, CHANGES, Answer, CollectionsAnswer, Record
from .json_answer import decoded, reported_error
from .records import read_records
from .stac_paging import following

_COLLECTION = re.compile(r"/collections/([^/]+)")
_ASSET = re.compile(r"^assets/[^/]+")
ACCEPT = {"Accept": "application/geo+json, application/json"}


class StacProtocol:
    """STAC item search; holds nothing."""

    one_collection = False
    needs_collection = False
    describes_each = False
    tells_deletions = False

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The search for the first page, by the method that the provider names."""
        _check_askable(query, provider)
        return _search_request(provider, _search_body(provider, query) | {"limit": provider.page_size})

    def asks(self, provider: Provider) -> frozenset[str]:
        """Everything; what has changed where the provider file says how."""
        return ASKABLE if provider.changes else ASKABLE - {CHANGES}

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """The search for one product, whose answer tells the total where the provider tells it."""
        if not provider.counts:
            return None
        _check_askable(query, provider)
        return _search_request(provider, _search_body(provider, query) | {"limit": 1})

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The items of a search, of an item collection, or a single item."""
        document = decoded(response)
        asked = request or assumed_request(provider, response, mapping(document))
        collection = _named_collection(provider, mapping(document), asked)
        answer = self.items(provider, document, redact(response.url), collection, asked.about)
        return replace(answer, next=following(mapping(document), asked, response.headers))

    def items(self, provider: Provider, document: Any, source: str, collection: str, asked: str) -> Answer:
        """The items of a document; `collection` is that of items which name none, as the provider calls it,
        and `asked` our id of that of items which name one that we do not know."""
        answer = read_records(
            provider,
            _features(document, source),
            lambda item, position: read_item(item, position=position, collection=collection, silent=SILENT),
            asked=asked,
        )
        return replace(answer, total=_total(mapping(document)))

    def attributes(self, provider: Provider, record: Record) -> Iterator[tuple[str, Any, str]]:
        """The members of an item, by the names of STAC; those of all assets together."""
        for path, value in attributes(record.native):
            general = _ASSET.sub("assets/*", path)
            yield general, value, VOCABULARY.target(general)

    def collections_request(self, provider: Provider) -> Request | None:
        """The request for `/collections`."""
        address = f"{provider.url.rstrip('/')}/collections"
        return Request(url=address, headers=ACCEPT, params=dict(provider.parameters))

    def read_collections(
        self, provider: Provider, response: Response, request: Request | None = None
    ) -> CollectionsAnswer:
        """The collections of `/collections`, or one collection."""
        document = decoded(response)
        about = mapping(document)
        entries = cast(Any, document) if isinstance(document, list) else about.get("collections")
        if not isinstance(entries, list):
            if is_collection(about) and text(about.get("id")):
                return CollectionsAnswer((read_collection(about),))
            raise BadAnswer(_what_it_is(document), redact(response.url))
        asked = request or assumed_request(provider, response, about)
        found = tuple(described(cast(list[Any], entries)))
        return CollectionsAnswer(found, following(about, asked, response.headers))


def described(entries: list[Any]) -> Iterator[Collection]:
    """The collections of a list of descriptions; what has no id cannot be asked for, and is left out."""
    for entry in entries:
        with suppress(BadRecord):
            yield read_collection(mapping(entry))


def is_collection(about: Mapping[str, Any]) -> bool:
    """Whether a document describes a collection; before 1.0 its type was not said."""
    return about.get("type") == "Collection" or ("extent" in about and "id" in about)


# --- asking


def _check_askable(query: Query, provider: Provider) -> None:
    """BadValue for what item search cannot ask, since a wider answer would pass for the right one."""
    if any(not provider.changes or _changed_since(condition) is None for condition in query.conditions):
        raise BadValue(query.conditions, "conditions", "nothing: a STAC item search cannot ask it")
    for name in ("words", "facets", "offset", "cursor"):
        if value := getattr(query, name):
            raise BadValue(value, name, "nothing: a STAC item search cannot ask it")
    if query.footprint and query.relation != "intersects":
        raise BadValue(query.relation, "relation", "intersects, the only one of a STAC item search")


def _search_body(provider: Provider, query: Query) -> dict[str, Any]:
    """The members of a search but `limit` (STAC API 1.0.0, item search, query parameters and fields)."""
    body: dict[str, Any] = {}
    if query.collections:
        names = [name for collection in query.collections for name in provider.native(collection)]
        body["collections"] = list(dict.fromkeys(names))
    if query.ids:
        body["ids"] = list(query.ids)
    if query.footprint:
        body |= _area(query.footprint)
    if query.time:
        body["datetime"] = query.time.isoformat()
    for condition in query.conditions:
        body |= _changes(provider, condition)
    if query.sort and provider.sorts:
        body["sortby"] = [{"field": _sort_field(name), "direction": way} for name, way in query.sort]
    return body


def _changed_since(condition: Condition) -> datetime | None:
    """The time since when changes are asked for; None for another condition."""
    is_since = (condition.property, condition.operator) == ("updated", ">=")
    return condition.value if is_since and isinstance(condition.value, datetime) else None


def _changes(provider: Provider, condition: Condition) -> dict[str, Any]:
    """The members that ask for changes, by the extension that the provider has (STAC API query, OGC CQL2)."""
    since = _changed_since(condition)
    if since is None:
        return {}
    time = format_time(since)
    if name := provider.changes.get("query"):
        return {"query": {name: {"gte": time}}}
    if name := provider.changes.get("filter"):
        if provider.method != "POST":
            return {"filter-lang": "cql2-text", "filter": f"{name} >= TIMESTAMP('{time}')"}
        said = {"op": ">=", "args": [{"property": name}, {"timestamp": time}]}
        return {"filter-lang": "cql2-json", "filter": said}
    raise BadConfiguration(f"{provider.id}: changes: expected query or filter with the name of a property")


def _area(footprint: Footprint) -> dict[str, Any]:
    box = footprint.bbox
    if footprint == Footprint.from_bbox(*box):
        return {"bbox": list(box)}
    return {"intersects": footprint.geojson}


def _sort_field(name: str) -> str:
    own = {
        "id": "id",
        "collection": "collection",
        "start": "properties.datetime",
        "time": "properties.datetime",
    }
    row = load_properties().get(name)
    return own.get(name) or f"properties.{row.stac if row else name}"


def _search_request(provider: Provider, body: dict[str, Any]) -> Request:
    url = f"{provider.url.rstrip('/')}/search"
    fixed = dict(provider.parameters)
    if provider.method == "POST":
        return Request(url=url, method="POST", headers=ACCEPT, params=fixed, body=body)
    asked = {name: _parameter(name, value) for name, value in body.items()}
    return Request(url=url, headers=ACCEPT, params=fixed | asked)


def _parameter(name: str, value: Any) -> str:
    if name == "sortby":
        return ",".join(("-" if key["direction"] == "desc" else "+") + key["field"] for key in value)
    if isinstance(value, list):
        return ",".join(str(item) for item in cast(list[Any], value))
    return json.dumps(value, separators=(",", ":")) if isinstance(value, dict) else str(value)


# --- reading


def _features(document: Any, source: str) -> list[Any]:
    """The items of an answer; BadAnswer says what it is when it is none of the kinds that hold items."""
    if isinstance(document, list):
        items = cast(list[Any], document)
        if not all(_is_item(item) for item in items):
            raise BadAnswer("an array of something else than items", source)
        return items
    if _is_item(document):
        return [document]
    features = mapping(document).get("features")
    if not isinstance(features, list):
        raise BadAnswer(_what_it_is(document), source)
    if not features and (words := _error_beside(mapping(document))):
        raise BadAnswer(f"an error inside an item collection: {words}", source)
    return cast(list[Any], features)


def _is_item(document: Any) -> bool:
    about = mapping(document)
    return about.get("type") == "Feature" or ("geometry" in about and "properties" in about)


def _error_beside(about: Mapping[str, Any]) -> str:
    says = {
        name: about[name] for name in ("error", "errors", "code", "detail", "exception") if about.get(name)
    }
    return reported_error({**about, **says}) if says else ""


def _what_it_is(document: Any) -> str:
    """One line about a document that holds no items."""
    if not isinstance(document, dict):
        return f"not a STAC answer but a JSON {type(document).__name__}"
    about = mapping(document)
    kind, name = text(about.get("type")), text(about.get("id"))
    if isinstance(found := about.get("collections"), list):
        return f"a list of {len(cast(list[Any], found))} collections, not products"
    if kind == "Collection" or ("extent" in about and "license" in about):
        return f"the description of the collection {name}, not products"
    if kind == "Catalog" or "conformsTo" in about:
        return f"the landing page of the catalogue {name}, not products"
    if "$schema" in about:
        return "a JSON schema, not products"
    if "features" in about or kind == "FeatureCollection":
        return f"an item collection without an array of features{_with_error(about)}"
    # what is described has a title and a state, as an error may
    is_described = any(name in about for name in ("abstract", "extent"))
    if not is_described and (words := reported_error(about)):
        return f"the provider answered with an error: {words}"
    return f"not a STAC answer; its members are: {', '.join(sorted(about)[:10]) or 'none'}"


def _with_error(about: Mapping[str, Any]) -> str:
    words = reported_error(about)
    return f": {words}" if words else ""


def assumed_request(provider: Provider, response: Response, about: Mapping[str, Any]) -> Request:
    """What was probably asked for a saved answer: the base of relative links."""
    web = [url for url in (response.url, link(about, "self")) if url.startswith(("http://", "https://"))]
    return Request(url=[*web, f"{provider.url.rstrip('/')}/search"][0], headers=ACCEPT)


def _named_collection(provider: Provider, about: Mapping[str, Any], request: Request) -> str:
    """The collection whose items were asked, for items that do not name it themselves."""
    if request.about:
        return provider.native(request.about)[0]
    for address in (link(about, "collection"), link(about, "self"), request.url):
        if found := _COLLECTION.search(address.partition("?")[0]):
            return unquote(found[1])
    asked = array(mapping(request.body).get("collections"))
    return text(asked[0]) if len(asked) == 1 else ""


def _total(about: Mapping[str, Any]) -> int | None:
    """How many match in all: STAC API 1.0 numberMatched, 0.9 context or search:metadata, sat-api meta."""
    places = (
        about.get("numberMatched"),
        mapping(about.get("context")).get("matched"),
        mapping(about.get("search:metadata")).get("matched"),
        mapping(about.get("meta")).get("found"),
        about.get("numMatched"),
    )
    return next((found for value in places if (found := whole_number(value)) is not None), None)
