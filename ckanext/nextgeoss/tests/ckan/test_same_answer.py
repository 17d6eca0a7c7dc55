"""One question, all APIs, one answer: the products that plain Python finds, in one order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

import pytest

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.tests.ckan.test_search_footprints import questions, shapes
from ckanext.nextgeoss.tests.indexed import indexed, key_of
from ckanext.nextgeoss.tests.same_question import APIS, COLLECTION, Question

SEED = 20261130
FIRST = datetime(2024, 1, 1, tzinfo=timezone.utc)
PLATFORMS = ("alpha-1", "beta 2", 'gamma"3')
KEYWORDS, LICENSES = ("snow", "sea ice", 'quo"ted'), ("CC-BY-4.0", "MIT")
NUMBER = 120


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
        if random.random() < 0.7:
            values["keywords"] = tuple(random.sample(KEYWORDS, 2))
        if random.random() < 0.7:
            values["license_id"] = random.choice(LICENSES)
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


def answer_of(question: Question) -> list[str]:
    """The identifiers that plain Python finds; what lacks the value comes last."""
    name, direction = question.sort
    found = sorted((product for product in holdings() if question.finds(product)), key=key_of)

    def value(product: Product) -> Any:
        return product.time.start if name == "start" else product.properties.get("cloud_cover")

    have = [product for product in found if value(product) is not None]
    lack = [product for product in found if value(product) is None]
    have.sort(key=value, reverse=direction == "desc")
    return [product.id for product in (*have, *lack)]


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
        if random.random() < 0.2:
            parts["keyword"] = random.choice(KEYWORDS)
        if random.random() < 0.2:
            parts["license"] = random.choice(LICENSES)
        parts["sort"] = random.choice(
            (("start", "desc"), ("start", "asc"), ("cloud_cover", "asc"), ("cloud_cover", "desc"))
        )
        yield Question(**parts)


@pytest.mark.parametrize("api", list(APIS))
def test_the_same_question_has_the_same_answer(app: Any, api: str) -> None:
    found = asked = 0
    for question in random_questions():
        expected, answer = answer_of(question), APIS[api](app, question)
        if answer is not None:
            assert answer == expected, question
            asked, found = asked + 1, found + len(expected)
    assert asked > NUMBER // 10
    assert found > 10 * asked, "the questions find something"
