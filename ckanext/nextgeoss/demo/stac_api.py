"""A STAC API (1.0.0: core, collections, features, item search) over holdings, without any HTTP."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote, urlencode

from ..eo.collection import Collection
from ..eo.errors import BadValue
from ..eo.footprint import Footprint
from ..eo.formats.stac import write_item
from ..eo.product import Product
from ..eo.temporal import ALWAYS, TemporalExtent, format_time, parse_time
from .entries import Entry
from .holdings import MAX_COUNT, Changed, Holdings, Question, box, whole_number

CONFORMANCE = (
    "https://api.stacspec.org/v1.0.0/core",
    "https://api.stacspec.org/v1.0.0/collections",
    "https://api.stacspec.org/v1.0.0/ogcapi-features",
    "https://api.stacspec.org/v1.0.0/item-search",
    "https://api.stacspec.org/v1.0.0/item-search#query",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)
GEOJSON = "application/geo+json"
_USUAL_LIMIT = 10
_TOKEN = re.compile(r"next:(\d{1,9}):([0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of a search by its parameters, as asked."""

    parameters: Mapping[str, Any]
    question: Question
    limit: int
    offset: int
    # tells searches apart, whatever the page
    digest: str


def asked_for(parameters: Mapping[str, Any]) -> Asked:
    """The page that parameters of a GET (texts) or members of a POST body ask; else BadValue."""
    asked = {name: value for name, value in parameters.items() if value not in (None, "", [])}
    same = {name: value for name, value in asked.items() if name not in ("token", "limit")}
    digest = hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:12]
    question = Question(
        collections=_texts(asked.get("collections")),
        ids=_texts(asked.get("ids")),
        time=TemporalExtent.parse(str(asked["datetime"])) if "datetime" in asked else ALWAYS,
        area=_area(asked),
        also=_also(asked),
    )
    return Asked(
        parameters=asked,
        question=question,
        limit=whole_number(asked.get("limit", _USUAL_LIMIT), "limit", 1, MAX_COUNT),
        offset=_offset(asked.get("token"), digest),
        digest=digest,
    )


class StacApi:
    """The documents of a catalogue whose landing page is at `base_url`."""

    def __init__(self, base_url: str, holdings: Holdings):
        self.base_url = base_url
        self.holdings = holdings
        self.collections = holdings.collections
        holdings.prepare(self._written)

    def landing(self) -> dict[str, Any]:
        """The landing page."""
        links = [
            self._link("self", ""),
            self._link("root", ""),
            self._link("conformance", "/conformance"),
            self._link("data", "/collections"),
            self._link("search", "/search", GEOJSON) | {"method": "GET"},
            self._link("search", "/search", GEOJSON) | {"method": "POST"},
        ]
        links += [
            self._link("child", f"/collections/{quote(name, safe='')}") | {"title": collection.title or name}
            for name, collection in self.collections.items()
        ]
        return {
            "type": "Catalog",
            "stac_version": "1.1.0",
            "id": "nextgeoss-demo",
            "title": "NextGEOSS demo catalogue",
            "description": "Made-up products on real orbits and tiles, for demonstration and tests.",
            "conformsTo": list(CONFORMANCE),
            "links": links,
        }

    def conformance(self) -> dict[str, Any]:
        """What the API conforms to."""
        return {"conformsTo": list(CONFORMANCE)}

    def collection_list(self) -> dict[str, Any]:
        """All collections."""
        links = [self._link("self", "/collections"), self._link("root", "")]
        return {"collections": [self.collection(name) for name in self.collections], "links": links}

    def collection(self, name: str) -> dict[str, Any]:
        """One collection; KeyError when there is none of this id."""
        about = self.collections[name]
        path = f"/collections/{quote(name, safe='')}"
        document: dict[str, Any] = {
            "type": "Collection",
            "stac_version": "1.1.0",
            "stac_extensions": [],
            "id": name,
            "title": about.title or name,
            "description": about.description or name,
            "license": "other",
            "extent": self._extent(about),
            "links": [
                self._link("self", path),
                self._link("root", ""),
                self._link("parent", ""),
                self._link("items", f"{path}/items", GEOJSON),
            ],
        }
        if about.license:
            document["links"].append({"rel": "license", "href": about.license})
        if about.keywords:
            document["keywords"] = list(about.keywords)
        if about.providers:
            document["providers"] = [{"name": provider} for provider in about.providers]
        if about.doi:
            document["sci:doi"] = about.doi
            document["stac_extensions"] = ["https://stac-extensions.github.io/scientific/v1.0.0/schema.json"]
        summaries = {"platform": about.platforms, "instruments": about.instruments}
        document["summaries"] = {key: list(values) for key, values in summaries.items() if values}
        return document

    def item(self, entry: Entry) -> bytes:
        """The item of an entry, as JSON."""
        return entry.made(self._written)

    def search(self, asked: Asked, path: str = "/search", *, post: bool = False) -> bytes:
        """A page of the items that match, as JSON; the next link repeats the question with a token."""
        matching = self.holdings.matching(asked.question)
        page = matching[asked.offset : asked.offset + asked.limit]
        links: list[dict[str, Any]] = [self._link("root", "")]
        if asked.offset + len(page) < len(matching):
            links.append(self._next(asked, asked.offset + len(page), path, post))
        counts = f'"numberMatched":{len(matching)},"numberReturned":{len(page)}'
        head = b'{"type":"FeatureCollection","features":['
        return (
            head
            + b",".join(self.item(entry) for entry in page)
            + f'],{counts},"links":{json.dumps(links)}}}'.encode()
        )

    def _written(self, product: Product) -> bytes:
        item = write_item(product, base_url=self.base_url)
        return json.dumps(item, separators=(",", ":"), ensure_ascii=False).encode()

    def _next(self, asked: Asked, offset: int, path: str, post: bool) -> dict[str, Any]:
        parameters = {**asked.parameters, "token": f"next:{offset}:{asked.digest}"}
        if post:
            return self._link("next", path, GEOJSON) | {"method": "POST", "body": parameters}
        own = {
            name: value for name, value in parameters.items() if path == "/search" or name != "collections"
        }
        return self._link("next", f"{path}?{urlencode(own)}", GEOJSON) | {"method": "GET"}

    def _extent(self, about: Collection) -> dict[str, Any]:
        time = self.holdings.period(about.id)
        interval = [format_time(end) if end else None for end in (time.start, time.end)]
        box = list(about.footprint.bbox) if about.footprint else [-180, -90, 180, 90]
        return {"spatial": {"bbox": [box]}, "temporal": {"interval": [interval]}}

    def _link(self, rel: str, path: str, media_type: str = "application/json") -> dict[str, Any]:
        return {"rel": rel, "href": self.base_url + path, "type": media_type}


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return tuple(map(str, cast(list[object], value))) if isinstance(value, list) else ()


def _offset(token: object, digest: str) -> int:
    if token is None:
        return 0
    found = _TOKEN.fullmatch(str(token))
    if not found or found[2] != digest:
        raise BadValue(token, "token", "the token of a next link, with the parameters it came with")
    return int(found[1])


def _also(asked: Mapping[str, Any]) -> tuple[Changed, ...]:
    """The condition of the query extension, or of the filter extension: what was updated since a time."""
    said, cql = asked.get("query"), asked.get("filter")
    if said is None and cql is None:
        return ()
    try:
        since = said["updated"]["gte"] if said is not None else _since(cast(Any, cql))
        if said not in (None, {"updated": {"gte": since}}):
            raise KeyError
    except (KeyError, TypeError, ValueError) as error:
        where = "filter" if said is None else "query"
        raise BadValue(cql if said is None else said, where, "updated since a time") from error
    return (Changed(parse_time(since, "updated")),)


def _since(cql: Mapping[str, Any]) -> str:
    named, value = cql["args"]
    if cql["op"] != ">=" or named != {"property": "updated"}:
        raise KeyError
    return value["timestamp"]


def _area(asked: Mapping[str, Any]) -> Footprint | None:
    sides, shape = asked.get("bbox"), asked.get("intersects")
    if sides is not None and shape is not None:
        raise BadValue(shape, "intersects", "either bbox or intersects, not both")
    return box(sides) if sides is not None else Footprint.from_geojson(shape)
