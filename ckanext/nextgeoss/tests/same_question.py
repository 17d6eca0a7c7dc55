"""One question in the words of each API, and the identifiers that it answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import uuid4

from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.temporal import TemporalExtent, format_time
from ckanext.nextgeoss.tests.cql2_texts import as_text

COLLECTION = f"same-{uuid4().hex[:8]}"
ROWS = load_properties()


@dataclass(frozen=True)
class Question:
    """What is asked; `bbox` goes before `area`."""

    bbox: tuple[float, float, float, float] | None = None
    area: Footprint | None = None
    time: TemporalExtent | None = None
    cloud: tuple[float, float] | None = None
    platform: str = ""
    words: str = ""
    keyword: str = ""
    license: str = ""
    # a name and a direction
    sort: tuple[str, str] = ("start", "desc")

    @property
    def place(self) -> Footprint | None:
        return Footprint.from_bbox(*self.bbox) if self.bbox else self.area

    def finds(self, product: Product) -> bool:
        """Whether a product meets every part."""
        place, cloud = self.place, product.properties.get("cloud_cover")
        return all(
            (
                place is None or (product.footprint is not None and product.footprint.intersects(place)),
                self.time is None or (bool(product.time) and product.time.intersects(self.time)),
                self.cloud is None or (isinstance(cloud, float) and self.cloud[0] <= cloud <= self.cloud[1]),
                not self.platform or product.properties.get("platform") == self.platform,
                not self.keyword or self.keyword in _texts(product.properties.get("keywords")),
                not self.license or product.properties.get("license_id") == self.license,
                not self.words or set(self.words.split()) <= set(product.title.split()),
            )
        )


def _texts(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _ends(time: TemporalExtent) -> tuple[str, str]:
    return tuple(format_time(end) if end else "" for end in (time.start, time.end))  # type: ignore[return-value]


def _box(question: Question) -> str:
    return ",".join(map(str, question.bbox or ()))


def opensearch(app: Any, question: Question) -> list[str] | None:
    asked: dict[str, Any] = {"parentIdentifier": COLLECTION, "count": 1000, "clientId": "test"}
    if question.bbox:
        asked["bbox"] = _box(question)
    elif question.area:
        asked["geometry"] = question.area.wkt
    if question.time:
        asked["start"], asked["end"] = _ends(question.time)
    if question.cloud:
        asked["cloudCover"] = "[{:g},{:g}]".format(*question.cloud)
    if question.platform:
        asked["platform"] = question.platform
    if question.words:
        asked["q"] = question.words
    if question.license:
        return None
    if question.keyword:
        asked["keyword"] = question.keyword
    path = {"start": "time:start", "cloud_cover": "eo:cloudCover"}[question.sort[0]]
    asked["sortKeys"] = f"{path},,{int(question.sort[1] == 'asc')}"
    answer = app.get("/opensearch/search.json", query_string=asked)
    assert answer.status_code == 200, answer.text
    assert answer.json["totalResults"] == len(answer.json["features"])
    return [feature["properties"]["identifier"] for feature in answer.json["features"]]


def _stac(question: Question) -> dict[str, Any]:
    asked: dict[str, Any] = {"collections": [COLLECTION], "limit": 1000}
    if question.bbox:
        asked["bbox"] = list(question.bbox)
    elif question.area:
        asked["intersects"] = question.area.geojson
    if question.time:
        asked["datetime"] = "/".join(end or ".." for end in _ends(question.time))
    query: dict[str, Any] = {}
    if question.cloud:
        query["eo:cloud_cover"] = {"gte": question.cloud[0], "lte": question.cloud[1]}
    if question.platform:
        query["platform"] = {"eq": question.platform}
    if question.keyword:
        query["keywords"] = {"in": [question.keyword]}
    if question.license:
        query["license"] = {"eq": question.license}
    if query:
        asked["query"] = query
    if question.words:
        asked["q"] = [question.words.split()[-1]]
    field = {"start": "properties.datetime", "cloud_cover": "properties.eo:cloud_cover"}[question.sort[0]]
    asked["sortby"] = [{"field": field, "direction": question.sort[1]}]
    return asked


def _items(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    assert answer.json["numberMatched"] == answer.json["numberReturned"] == len(answer.json["features"])
    return [item["id"] for item in answer.json["features"]]


def stac_post(app: Any, question: Question) -> list[str]:
    return _items(app.post("/stac/search", json=_stac(question)))


def stac_get(app: Any, question: Question) -> list[str]:
    return _stac_get(app, _stac(question))


def _stac_get(app: Any, asked: dict[str, Any]) -> list[str]:
    for name in ("collections", "bbox", "q"):
        if name in asked:
            asked[name] = ",".join(map(str, asked[name]))
    for name in ("intersects", "query"):
        if name in asked:
            asked[name] = json.dumps(asked[name])
    sort = asked["sortby"][0]
    asked["sortby"] = ("-" if sort["direction"] == "desc" else "+") + sort["field"]
    return _items(app.get("/stac/search", query_string=asked))


def _conditions(question: Question, cloud: str, license_: str, box: bool) -> list[dict[str, Any]]:
    """What is asked of place, where it is no `box`, and of properties, by their names, in CQL2 JSON."""
    found: list[dict[str, Any]] = []
    if question.area and not question.bbox:
        found.append({"op": "s_intersects", "args": [{"property": "geometry"}, question.area.geojson]})
    if question.bbox and not box:
        found.append(
            {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": list(question.bbox)}]}
        )
    if question.cloud:
        found.append({"op": "between", "args": [{"property": cloud}, *question.cloud]})
    if question.platform:
        # filters compare what products say; spellings are for people
        spelled = ROWS["platform"].from_text(question.platform)
        found.append({"op": "=", "args": [{"property": "platform"}, spelled]})
    if question.keyword:
        found.append({"op": "a_contains", "args": [{"property": "keywords"}, [question.keyword]]})
    if question.license:
        found.append({"op": "=", "args": [{"property": license_}, question.license]})
    return found


def _filter(parts: list[dict[str, Any]], *, text: bool) -> dict[str, Any]:
    """The parameters of a filter in CQL2 Text or JSON."""
    if not parts:
        return {}
    whole = parts[0] if len(parts) == 1 else {"op": "and", "args": parts}
    said = as_text(whole, Random(1)) if text else json.dumps(whole)
    return {"filter": said, "filter-lang": "cql2-text" if text else "cql2-json"}


def _all_as_filter(question: Question, *, text: bool) -> dict[str, Any]:
    """A search of STAC that says in CQL2 all but words and order."""
    asked = {
        name: value
        for name, value in _stac(question).items()
        if name in ("collections", "limit", "q", "sortby")
    }
    parts = _conditions(question, "eo:cloud_cover", "license", box=False)
    if question.time:
        ends = [end or ".." for end in _ends(question.time)]
        parts.append({"op": "t_intersects", "args": [{"property": "datetime"}, {"interval": ends}]})
    return asked | _filter(parts, text=text)


def stac_filter_text(app: Any, question: Question) -> list[str]:
    return _stac_get(app, _all_as_filter(question, text=True))


def stac_filter_json(app: Any, question: Question) -> list[str]:
    asked = _all_as_filter(question, text=False)
    if "filter" in asked:
        asked["filter"] = json.loads(asked["filter"])
    return _items(app.post("/stac/search", json=asked))


def _ogc(question: Question) -> dict[str, Any]:
    name, direction = question.sort
    asked: dict[str, Any] = {"limit": 1000, "sortby": ("-" if direction == "desc" else "") + name}
    if question.bbox:
        asked["bbox"] = _box(question)
    if question.time:
        asked["datetime"] = "/".join(end or ".." for end in _ends(question.time))
    return asked


def _features(app: Any, question: Question, *, text: bool) -> list[str] | None:
    if question.words:
        return None
    asked = _ogc(question) | _filter(_conditions(question, "cloud_cover", "license_id", box=True), text=text)
    return _items(app.get(f"/features/collections/{COLLECTION}/items", query_string=asked))


def features_text(app: Any, question: Question) -> list[str] | None:
    return _features(app, question, text=True)


def features_json(app: Any, question: Question) -> list[str] | None:
    return _features(app, question, text=False)


def features_properties(app: Any, question: Question) -> list[str] | None:
    """The texts as parameters of their own."""
    if question.words or question.area or question.cloud:
        return None
    said = {"platform": question.platform, "keywords": question.keyword, "license_id": question.license}
    asked = _ogc(question) | {name: value for name, value in said.items() if value}
    return _items(app.get(f"/features/collections/{COLLECTION}/items", query_string=asked))


def records(app: Any, question: Question) -> list[str] | None:
    """Words stand side by side there."""
    asked = _ogc(question) | ({"q": question.words} if question.words else {})
    asked |= _filter(_conditions(question, "cloud_cover", "license", box=True), text=True)
    return _items(app.get(f"/records/collections/{COLLECTION}/items", query_string=asked))


def records_of_all(app: Any, question: Question) -> list[str] | None:
    """The same among all products, where identifiers are those of datasets; texts as parameters."""
    if question.area or question.cloud:
        return None
    said = {
        "q": question.words, "platform": question.platform, "keywords": question.keyword,
        "license": question.license, "collection": COLLECTION,
    }  # fmt: skip
    asked = _ogc(question) | {name: value for name, value in said.items() if value}
    answer = app.get("/records/collections/products/items", query_string=asked)
    assert answer.status_code == 200, answer.text
    return [each["properties"]["externalIds"][0]["value"] for each in answer.json["features"]]


def _plain(question: Question) -> dict[str, Any]:
    asked: dict[str, Any] = {"collection": COLLECTION}
    if question.bbox:
        asked["bbox"] = _box(question)
    elif question.area:
        asked["geometry"] = question.area.wkt
    if question.time:
        asked |= {name: end for name, end in zip(("start", "end"), _ends(question.time), strict=True) if end}
    if question.cloud:
        asked["cloud_cover"] = "{:g}..{:g}".format(*question.cloud)
    said = {"platform": question.platform, "keywords": question.keyword, "license_id": question.license}
    return asked | {name: value for name, value in said.items() if value}


def action(app: Any, question: Question) -> list[str]:
    asked = _plain(question) | {"limit": 1000, "sort": " ".join(question.sort)}
    if question.words:
        asked["q"] = question.words
    answer = app.post("/api/3/action/product_search", json=asked)
    assert answer.status_code == 200, answer.text
    result = answer.json["result"]
    assert result["count"] == len(result["results"])
    return [product["id"] for product in result["results"]]


def ckan(app: Any, question: Question) -> list[str]:
    field = {"start": "eo_start", "cloud_cover": "eo_cloud_cover"}[question.sort[0]]
    asked = {
        "rows": 1000,
        "sort": f"{field} {question.sort[1]}, index_id asc",
        "q": question.words,
        "extras": {f"ext_{name}": value for name, value in _plain(question).items()},
    }
    answer = app.post("/api/3/action/package_search", json=asked)
    assert answer.status_code == 200, answer.text
    result = answer.json["result"]
    assert result["count"] == len(result["results"])
    return [dataset["identifier"] for dataset in result["results"]]


# None for what cannot be asked there
APIS: Mapping[str, Callable[[Any, Question], list[str] | None]] = {
    "opensearch": opensearch,
    "stac_get": stac_get,
    "stac_post": stac_post,
    "stac_filter_text": stac_filter_text,
    "stac_filter_json": stac_filter_json,
    "features_text": features_text,
    "features_json": features_json,
    "features_properties": features_properties,
    "records": records,
    "records_of_all": records_of_all,
    "action": action,
    "ckan": ckan,
}
