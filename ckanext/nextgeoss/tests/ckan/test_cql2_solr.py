"""What Solr finds by filters in CQL2 is what they say of each product, worked out in plain Python."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest

from ckanext.nextgeoss.config import eo_properties, site_id
from ckanext.nextgeoss.eo.cql2 import Vocabulary, read_cql2
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.search.catalogue import Catalogue, client
from ckanext.nextgeoss.search.fields import IDENTIFIER
from ckanext.nextgeoss.search.query import solr_parameters
from ckanext.nextgeoss.search.terms import term
from ckanext.nextgeoss.tests.cql2_filters import WORDS, Thing, says, some_filter, some_time
from ckanext.nextgeoss.tests.indexed import indexed

SEED = 20240502
PRODUCTS, FILTERS = 1500, 900
COLLECTION = f"cql2-{uuid4().hex[:8]}"


def _maybe(random: Random, value: object) -> object:
    return value if random.random() < 0.75 else None


def _product(number: int, random: Random) -> Product:
    start = _maybe(random, some_time(random))
    end = _maybe(random, (start or some_time(random)) + timedelta(hours=random.choice((0, 0, 6, 12))))  # type: ignore[operator]
    values = {
        "mission": _maybe(random, random.choice(WORDS)),
        "orbit_source": _maybe(random, random.choice(WORDS)),
        "keywords": _maybe(random, tuple(random.sample(WORDS, random.choice((1, 1, 2, 3))))),
        "cloud_cover": _maybe(random, random.choice((0.0, 2.5, 10.0, 49.5, 50.0, 99.9))),
        "snow_cover": _maybe(random, random.choice((0.0, 7.0, 10.0, 50.0))),
        "absolute_orbit": _maybe(random, random.choice((0, 1, 2, 7, 20, 50, 51, 2**40))),
        "is_output": _maybe(random, random.random() < 0.5),
        "published": _maybe(random, some_time(random)),
        "expires": _maybe(random, some_time(random)),
    }
    return Product(
        id=f"P{number}",
        collection=COLLECTION,
        time=TemporalExtent(start, end),  # type: ignore[arg-type]
        footprint=_area(random) if random.random() < 0.8 else None,
        properties={name: value for name, value in values.items() if value is not None},  # type: ignore[misc]
    )


def _area(random: Random) -> Footprint:
    west, south = random.uniform(-180, 180), random.choice((random.uniform(-85, 75), -90.0, 70.0))
    east, north = west + random.uniform(0.1, 40), min(90.0, south + random.uniform(0.1, 20))
    return Footprint.from_bbox(west, south, (east + 180) % 360 - 180, north)


def _thing(product: Product) -> Thing:
    area = product.footprint.shape if product.footprint else None
    return Thing(product.id, product.properties, product.time.start, product.time.end, area)


@pytest.fixture(scope="module")
def things() -> Iterator[list[Thing]]:
    random = Random(SEED)
    products = [_product(number, random) for number in range(PRODUCTS)]
    with indexed(products):
        yield [_thing(product) for product in products]


def _found(asked: object) -> set[str]:
    properties = eo_properties()
    names = Vocabulary(row_of=lambda name: term(name, properties))
    query = Query(
        filter=read_cql2(json.dumps(asked), "cql2-json", names), collections=(COLLECTION,), limit=PRODUCTS
    )
    catalogue = Catalogue(client(), site_id(), properties, None)
    answer = catalogue.select(solr_parameters(query, properties) | {"fl": IDENTIFIER})
    return {document[IDENTIFIER] for document in answer["response"]["docs"]}


@pytest.mark.parametrize("part", range(9))
def test_random_filters_find_what_they_say(part: int, things: list[Thing]) -> None:
    random = Random(f"{SEED} {part}")
    wrong: list[str] = []
    some = 0
    for _ in range(FILTERS // 9):
        asked = some_filter(random)
        expected = {thing.id for thing in things if says(asked, thing) is True}
        found = _found(asked)
        some += bool(expected)
        if found != expected:
            wrong.append(f"{json.dumps(asked, ensure_ascii=False)}: {sorted(found ^ expected)[:3]}")
    assert not wrong, f"{len(wrong)} filters:\n" + "\n".join(wrong[:10])
    assert some > FILTERS // 20
