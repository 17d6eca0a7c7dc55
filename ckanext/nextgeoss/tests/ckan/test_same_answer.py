"""One question, five APIs, one answer: the products that plain Python finds, in one order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from ckan.plugins.core import load_all, unload_all

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent, format_time
from ckanext.nextgeoss.tests.ckan.test_search_footprints import questions, shapes
from ckanext.nextgeoss.tests.indexed import indexed, key_of

SEED = 20261130
COLLECTION = f"same-{uuid4().hex[:8]}"
FIRST = datetime(2024, 1, 1, tzinfo=timezone.utc)
PLATFORMS = ("alpha-1", "beta 2", 'gamma"3')
NUMBER = 120


@pytest.fixture(scope="module", autouse=True)
def plugins() -> Iterator[None]:
    load_all()
    yield
    unload_all()


@dataclass(frozen=True)
class Question:
    """What is asked; `bbox` goes before `area`."""

    bbox: tuple[float, float, float, float] | None = None
    area: Footprint | None = None
    time: TemporalExtent | None = None
    cloud: tuple[float, float] | None = None
    platform: str = ""
    words: str = ""
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
                not self.words or set(self.words.split()) <= set(product.title.split()),
            )
        )

    def answer(self) -> list[str]:
        """The identifiers that plain Python finds; what lacks the value comes last."""
        name, direction = self.sort
        found = sorted((product for product in holdings() if self.finds(product)), key=key_of)

        def value(product: Product) -> Any:
            return product.time.start if name == "start" else product.properties.get("cloud_cover")

        have = [product for product in found if value(product) is not None]
        lack = [product for product in found if value(product) is None]
        have.sort(key=value, reverse=direction == "desc")
        return [product.id for product in (*have, *lack)]


_HOLDINGS: list[Product] = []


def holdings() -> list[Product]:
    """Products of all shapes; some without time, place or cloud cover."""
    if _HOLDINGS:
        return _HOLDINGS
    random = Random(SEED)
    for number, footprint in enumerate(shapes(random)):
        start = FIRST + timedelta(hours=random.randrange(3000), seconds=random.randrange(3600))
        end = random.choice((start, start + timedelta(minutes=random.randrange(600)), None))
        values: dict[str, Any] = {"platform": random.choice(PLATFORMS)}
        if random.random() < 0.8:
            values["cloud_cover"] = float(random.randrange(0, 101, 5))
        _HOLDINGS.append(
            Product(
                id=f"P{number:03}-{COLLECTION}",
                collection=COLLECTION,
                title=f"scene {random.choice(('red', 'green'))} {number:03}",
                footprint=footprint if random.random() < 0.97 else None,
                time=TemporalExtent(start, end) if random.random() < 0.97 else TemporalExtent(),
                properties=values,
                assets=(Asset(key="data", href=f"https://data.example/{number}.zip", roles=("data",)),),
            )
        )
    return _HOLDINGS


@pytest.fixture(scope="module", autouse=True)
def catalogue(plugins: None) -> Iterator[None]:
    with indexed(holdings()):
        yield


def random_questions() -> Iterator[Question]:
    random, places = Random(SEED + 1), list(questions())
    for _ in range(NUMBER):
        parts: dict[str, Any] = {}
        kind = random.random()
        if kind < 0.4:
            west, south = random.uniform(-180, 180), random.uniform(-90, 60)
            width, height = random.choice((3, 30, 200, 350)), random.choice((2, 30))
            east = west + width if west + width <= 180 else west + width - 360
            parts["bbox"] = tuple(round(each, 5) for each in (west, south, east, min(90, south + height)))
        elif kind < 0.8:
            parts["area"] = random.choice(places)
        if random.random() < 0.5:
            start = FIRST + timedelta(hours=random.randrange(3000))
            end = start + timedelta(hours=random.randrange(500))
            parts["time"] = TemporalExtent(*random.choice(((start, end), (start, None), (None, end))))
        if random.random() < 0.3:
            low = random.randrange(0, 60, 5)
            parts["cloud"] = (float(low), float(low + random.randrange(0, 40, 5)))
        if random.random() < 0.3:
            parts["platform"] = random.choice(PLATFORMS)
        if random.random() < 0.2:
            parts["words"] = random.choice(("red", "scene green"))
        parts["sort"] = random.choice(
            (("start", "desc"), ("start", "asc"), ("cloud_cover", "asc"), ("cloud_cover", "desc"))
        )
        yield Question(**parts)


def _ends(time: TemporalExtent) -> tuple[str, str]:
    return tuple(format_time(end) if end else "" for end in (time.start, time.end))  # type: ignore[return-value]


def _box(question: Question) -> str:
    return ",".join(map(str, question.bbox or ()))


def opensearch(app: Any, question: Question) -> list[str]:
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
    asked = _stac(question)
    for name in ("collections", "bbox", "q"):
        if name in asked:
            asked[name] = ",".join(map(str, asked[name]))
    for name in ("intersects", "query"):
        if name in asked:
            asked[name] = json.dumps(asked[name])
    sort = asked["sortby"][0]
    asked["sortby"] = ("-" if sort["direction"] == "desc" else "+") + sort["field"]
    return _items(app.get("/stac/search", query_string=asked))


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
    if question.platform:
        asked["platform"] = question.platform
    return asked


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


APIS: Mapping[str, Callable[[Any, Question], list[str]]] = {
    "opensearch": opensearch,
    "stac_get": stac_get,
    "stac_post": stac_post,
    "action": action,
    "ckan": ckan,
}


@pytest.mark.parametrize("api", list(APIS))
def test_the_same_question_has_the_same_answer(app: Any, api: str) -> None:
    found = 0
    for question in random_questions():
        expected = question.answer()
        assert APIS[api](app, question) == expected, question
        found += len(expected)
    assert found > 10 * NUMBER, "the questions find something"
