"""What Solr finds by filters in CQL2 is what they say of each product, worked out in plain Python."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from ckanext.nextgeoss.config import eo_properties, site_id
from ckanext.nextgeoss.eo.cql2 import Vocabulary, read_cql2
from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.search.catalogue import Catalogue, client
from ckanext.nextgeoss.search.fields import IDENTIFIER
from ckanext.nextgeoss.search.query import solr_parameters
from ckanext.nextgeoss.search.terms import term
from ckanext.nextgeoss.tests.cql2_filters import LONG, WORDS, some_filter, some_shape, some_time
from ckanext.nextgeoss.tests.cql2_judged import Thing, found_by
from ckanext.nextgeoss.tests.indexed import indexed

SEED = 20240502
PRODUCTS, FILTERS = 2500, 2400
PARTS = 12
# the types of footprints besides boxes
SHAPES = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
COLLECTION = f"cql2-{uuid4().hex[:8]}"


def _maybe(random: Random, value: object) -> object:
    return value if random.random() < 0.75 else None


def _product(number: int, random: Random) -> Product:
    start = _maybe(random, some_time(random))
    end = _maybe(random, (start or some_time(random)) + timedelta(hours=random.choice((0, 0, 6, 12))))  # type: ignore[operator]
    values = {
        "mission": _maybe(random, random.choice((*WORDS, *WORDS, *LONG))),
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


def _area(random: Random) -> Footprint | None:
    if random.random() < 0.6:
        return Footprint.from_geojson(some_shape(random, SHAPES))
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


def _found(asked: object, collection: str = COLLECTION) -> set[str]:
    properties = eo_properties()
    names = Vocabulary(row_of=lambda name: term(name, properties))
    query = Query(
        filter=read_cql2(json.dumps(asked), "cql2-json", names), collections=(collection,), limit=PRODUCTS
    )
    catalogue = Catalogue(client(), site_id(), properties, None)
    answer = catalogue.select(solr_parameters(query, properties) | {"fl": IDENTIFIER})
    return {document[IDENTIFIER] for document in answer["response"]["docs"]}


@pytest.mark.parametrize("part", range(PARTS))
def test_random_filters_find_what_they_say(part: int, things: list[Thing]) -> None:
    random = Random(f"{SEED} {part}")
    wrong: list[str] = []
    some = 0
    for _ in range(FILTERS // PARTS):
        asked = some_filter(random)
        expected = found_by(asked, things)
        found = _found(asked)
        some += bool(expected)
        if found != expected:
            wrong.append(f"{json.dumps(asked, ensure_ascii=False)}: {sorted(found ^ expected)[:3]}")
    assert not wrong, f"{len(wrong)} filters:\n" + "\n".join(wrong[:10])
    assert some > FILTERS // PARTS // 3


# what Solr would read as an open end, as the end of a range or of a text, as a range, an operator, a pattern
NASTY = (
    *(word for word in WORDS if not word.isalnum()),
    *LONG,
    "",
    "*",
    '* TO "x',
    "*] OR *:*",
    "x\\\\",
    '\\"',
    'x\\" TO *] OR *:* OR {"',
    '"} OR *:* OR {"',
)


@pytest.mark.parametrize("text", NASTY, ids=lambda text: repr(text[:20]))
def test_a_text_is_never_read_as_syntax(text: str, things: list[Thing]) -> None:
    name = {"property": "mission"}
    folded = {"op": "casei", "args": [name]}
    own = (name, folded) if len(text) <= 500 else (name,)
    asked = [{"op": op, "args": [each, text]} for op in ("<", "<=", ">", ">=", "=", "<>") for each in own]
    for low, high in ((text, "z"), ("A", text), (text, text)):
        asked.append({"op": "between", "args": [name, low, high]})
    for each in asked:
        assert _found(each) == found_by(each, things), each


def test_what_lies_in_a_border(things: list[Thing]) -> None:
    """OGC's within wants that the insides meet; what a product's own area contains may lie in its border."""
    corner = {"type": "Point", "coordinates": [10, 20]}
    square = {"type": "Polygon", "coordinates": [[[0, 10], [10, 10], [10, 20], [0, 20], [0, 10]]]}
    side = {"type": "LineString", "coordinates": [[10, 12], [10, 18]]}
    inside = {"type": "LineString", "coordinates": [[5, 12], [10, 18]]}
    shapes = {"corner": corner, "square": square, "side": side, "inside": inside}
    collection = f"border-{uuid4().hex[:8]}"
    products = [
        Product(id=name, collection=collection, footprint=Footprint.from_geojson(shape))
        for name, shape in shapes.items()
    ]

    def found(function: str, shape: object) -> set[str]:
        return _found({"op": function, "args": [{"property": "geometry"}, shape]}, collection)

    with indexed(products):
        assert found("s_within", square) == {"square", "inside"}
        assert found("s_within", side) == {"side"}
        assert found("s_within", {"bbox": [0, 10, 10, 20]}) == {"square", "inside"}
        assert found("s_within", {"bbox": [0, 10, 10.5, 20]}) == {"square", "inside", "side"}
        assert found("s_contains", side) == {"square", "side"}
        assert found("s_contains", corner) == {"square", "corner"}


LONG_PATTERNS = (
    "%a" + "_" * 30 + "b%", "%a_b_c_" * 60, "%" * 500, "_" * 500, "%a" * 250, "%s" * 250, "s" * 500,
    "%ss" * 160, "%ab_____________ab%", "ß" * 500, "a" * 501, "é" * 500,
)  # fmt: skip


@pytest.mark.parametrize("fold", ["", "casei", "accenti", "both"])
@pytest.mark.parametrize("pattern", LONG_PATTERNS, ids=lambda text: f"{text[:12]}{len(text)}")
def test_long_patterns_are_answered_or_refused(pattern: str, fold: str, things: list[Thing]) -> None:
    def folded(node: Any) -> Any:
        for op in {"both": ("casei", "accenti"), "": ()}.get(fold, (fold,)):
            node = {"op": op, "args": [node]}
        return node

    for op in ("like", "=", "<", ">="):
        asked = {"op": op, "args": [folded({"property": "mission"}), folded(pattern)]}
        try:
            found = _found(asked)
        except BadValue as error:
            assert error.where == "filter"
        else:
            assert found == found_by(asked, things), asked
