"""Keywords and licences of records, which may be those of their collection."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from ckanext.nextgeoss.eo.collection import Collection
from ckanext.nextgeoss.eo.filter import And, Condition, Filter, Listed, Missing, Not, OfOne, Or
from ckanext.nextgeoss.eo.filter_match import matches
from ckanext.nextgeoss.eo.formats.site import Site
from ckanext.nextgeoss.eo.formats.stac_collection_write import write_collection
from ckanext.nextgeoss.eo.held import Held, Holdings
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.search.collection_terms import collection_values
from ckanext.nextgeoss.search.query import filters
from ckanext.nextgeoss.search.records_inherited import of_products
from ckanext.nextgeoss.search.records_query import product_names, records_search

PROPERTIES = load_properties()
COLLECTIONS = (
    Collection(id="both", keywords=("snow", "ice"), license="CC-BY-4.0"),
    Collection(id="address", license="https://l.example/terms"),
    Collection(id="words", keywords=("sea",)),
    Collection(id="neither"),
)
KEYWORDS = ((), (), ("snow",), ("snow", "sea"), ("ice",))
LICENSES = ("", "", "CC-BY-4.0", "MIT", "http://l.example", "other")


def some_leaf(random: Random) -> Filter:
    kind = random.randrange(5)
    if kind == 0:
        return Missing(random.choice(("record_keywords", "record_license")))
    if kind == 1:
        relation = random.choice(("contains", "within", "equals", "overlaps"))
        return Listed("record_keywords", relation, tuple(random.sample(("snow", "ice", "sea"), 2)))
    if kind == 2:
        operator = random.choice(("=", "!=", "<", ">=", "like"))
        return Condition("record_license", operator, random.choice((*LICENSES[2:], "o*")))
    if kind == 3:
        return Condition("record_license", "in", ("other", "MIT"))
    return Condition("cloud_cover", "<", 50.0)


def some_tree(random: Random, depth: int = 3) -> Filter:
    if not depth or random.random() < 0.3:
        return some_leaf(random)
    if random.random() < 0.3:
        return Not(some_tree(random, depth - 1))
    return random.choice((And, Or))(tuple(some_tree(random, depth - 1) for _ in range(2)))


def of_record(about: Collection, own: Mapping[str, Any]) -> dict[str, Any]:
    """What a record says, worked out anew."""
    license_ = own["license_id"] or about.license
    return {
        **own,
        "record_keywords": own["keywords"] or about.keywords,
        "record_license": "other" if "://" in license_ else license_,
    }


@pytest.mark.parametrize("alone", [False, True])
def test_what_is_asked_of_records_is_so_of_their_products(alone: bool):
    """And what is denied is: what neither says is neither so nor otherwise."""
    random, found = Random(7), 0
    for _ in range(4000):
        about, tree = random.choice(COLLECTIONS), some_tree(random)
        own = {
            "collection": about.id,
            "keywords": random.choice(KEYWORDS),
            "license_id": random.choice(LICENSES),
            "cloud_cover": random.choice((None, 10.0, 90.0)),
        }
        asked = of_products(tree, (about,) if alone else COLLECTIONS, alone=alone)
        for each, products in ((tree, asked), (Not(tree), Not(asked))):
            assert matches(products, own) == matches(each, of_record(about, own)), (tree, own)
            found += matches(each, of_record(about, own))
    assert found > 2000


def asked(*collections: Collection, **parameters: str) -> Filter | None:
    names = product_names(PROPERTIES, every=len(collections) != 1)
    alone = tuple(each.id for each in collections) if len(collections) == 1 else ()
    return records_search(parameters, names, PROPERTIES, alone, lambda: collections).query.filter


def test_parameters_ask_the_same_as_filters():
    for name, value, written in (
        ("keywords", "snow", "A_OVERLAPS(keywords, ('snow'))"),
        ("license", "MIT", "license = 'MIT'"),
    ):
        by_name, by_filter = (asked(*COLLECTIONS, **each) for each in ({name: value}, {"filter": written}))
        for about in COLLECTIONS:
            for own in ({"keywords": ("snow",), "license_id": "MIT"}, {"keywords": (), "license_id": ""}):
                values = {"collection": about.id, **own}
                assert by_name and by_filter
                assert matches(by_name, values) == matches(by_filter, values)


def test_collections_are_not_looked_at_for_nothing():
    def never() -> tuple[Collection, ...]:
        raise AssertionError

    names = product_names(PROPERTIES, every=True)
    for parameters in ({}, {"filter": "cloud_cover < 5"}, {"platform": "a"}):
        records_search(parameters, names, PROPERTIES, (), never)


def test_any_number_of_collections_is_one_condition():
    """Of the limit to the size of a filter they take nothing, as it was not the caller who named them."""
    many = tuple(Collection(id=f"c{number}", license="MIT") for number in range(1200))
    names = product_names(PROPERTIES, every=True)
    query = records_search({"license": "MIT"}, names, PROPERTIES, (), lambda: many).query
    assert '"c1199"' in " ".join(filters(query, PROPERTIES))
    assert any(isinstance(each, OfOne) for each in _parts(query.filter))


def _parts(tree: Any) -> list[Any]:
    inner = getattr(tree, "parts", None) or ([tree.part] if isinstance(tree, Not) else [])
    return [tree, *(each for part in inner for each in _parts(part))]


@pytest.mark.parametrize("about", COLLECTIONS, ids=lambda about: about.id)
def test_collections_of_stac_are_found_by_the_licence_they_show(about: Collection):
    held = Held(collection=about, holdings=Holdings(), matched=0)
    shown = write_collection(held, {}, Site("https://hub.example"))["license"]
    assert collection_values(held, {})["license"] == shown
