"""Records are found by the keywords and the licence they show, those of the product or of its collection:
random filters against an evaluation in plain Python of what the records themselves say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.config import eo_properties, site_id
from ckanext.nextgeoss.eo.filter import Not, OfOne
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.search import titles
from ckanext.nextgeoss.search.catalogue import Catalogue, client
from ckanext.nextgeoss.tests.cql2_filters import WORDS, operation
from ckanext.nextgeoss.tests.cql2_judged import Thing, found_by
from ckanext.nextgeoss.tests.indexed import indexed

SEED = 20261201
PRODUCTS, FILTERS = 160, 150
TAG = f"inherited-{uuid4().hex[:8]}"
# what a collection says of itself; the last one is none of our datasets
ABOUT: dict[str, dict[str, Any]] = {
    f"{TAG}-both": {"tags": [{"name": "snow"}, {"name": "ice"}], "license_id": "CC-BY-4.0"},
    f"{TAG}-address": {"license_id": "https://terms.example/of-use"},
    f"{TAG}-words": {"tags": [{"name": "sea"}]},
    f"{TAG}-nobody": {},
}
KEYWORDS = ("snow", "ice", "sea", *WORDS)
LICENSES = ("CC-BY-4.0", "cc-by-4.0", "MIT", "other", "http://terms.example", "Straße")
CATALOGUES = (f"{TAG}-both", f"{TAG}-address", "products")


def _products(random: Random) -> Iterator[Product]:
    for number in range(PRODUCTS):
        values: dict[str, Any] = {"cloud_cover": float(number % 100)}
        if random.random() < 0.5:
            values["keywords"] = tuple(random.sample(random.choice((KEYWORDS, KEYWORDS[:3])), 2))
        if random.random() < 0.5:
            values["license_id"] = random.choice(LICENSES)
        yield Product(id=f"{TAG}-{number}", collection=random.choice(tuple(ABOUT)), properties=values)


@pytest.fixture(scope="module", autouse=True)
def described(site: Any) -> Iterator[None]:
    user = factories.Sysadmin(image_url="")["name"]
    owner = factories.Organization(image_url="")["id"]
    for name, about in list(ABOUT.items())[:3]:
        call_action(
            "package_create", {"user": user}, type="eo_collection", name=name, title=name,
            collection_id=name, owner_org=owner, **about,
        )  # fmt: skip
    titles.collections.cache_clear()
    with indexed(_products(Random(SEED))):
        yield


def _ask(site: Any, catalog: str, **asked: str) -> dict[str, Any]:
    answer = site.get(f"/records/collections/{catalog}/items", query_string={"limit": 1000, **asked})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def _within(catalog: str, asked: Any) -> Any:
    """What is asked, of the products of this test alone."""
    ours = operation("in", {"property": "collection"}, list(ABOUT))
    return operation("and", ours, asked) if catalog == "products" else asked


def _some_filter(random: Random, depth: int = 2) -> Any:
    if depth and random.random() < 0.5:
        op = random.choice(("and", "or", "not"))
        parts = (_some_filter(random, depth - 1) for _ in range(1 if op == "not" else 2))
        return operation(op, *parts)
    keywords, license_ = {"property": "keywords"}, {"property": "license"}
    kind, text = random.randrange(6), random.choice((*LICENSES, "other", "CC-BY-4.0"))
    if kind == 0:
        return operation("isNull", random.choice((keywords, license_)))
    if kind == 1:
        return operation(random.choice(("=", "<>", "<", ">=")), license_, text)
    if kind == 2:
        return operation("in", license_, random.sample(LICENSES, 3))
    if kind == 3:
        return operation("like", license_, random.choice(("CC%", "%other%", "_I_", "%")))
    if kind == 4:
        return operation("=", operation("casei", license_), operation("casei", text))
    op = random.choice(("a_contains", "a_containedBy", "a_equals", "a_overlaps"))
    return operation(
        op, keywords, random.sample(KEYWORDS[: random.choice((3, 20))], random.choice((1, 2, 3)))
    )


@pytest.mark.parametrize("catalog", CATALOGUES)
def test_records_are_found_by_what_they_show(site: Any, catalog: str) -> None:
    random, found = Random(f"{SEED} {catalog}"), 0
    whole = _ask(site, catalog, **_asked(_within(catalog, True)))
    things = [Thing(each["id"], _listed(each["properties"]), None, None, None) for each in whole["features"]]
    assert len(things) > 20
    assert any("license" not in thing.values for thing in things) == (catalog == "products")
    wrong: list[str] = []
    for _ in range(FILTERS):
        asked = _some_filter(random)
        expected = found_by(asked, things)
        answer = _ask(site, catalog, **_asked(_within(catalog, asked)))
        ids = {each["id"] for each in answer["features"]}
        if ids != expected or answer["numberMatched"] != len(expected):
            wrong.append(f"{json.dumps(asked, ensure_ascii=False)}: {sorted(ids ^ expected)[:3]}")
        found += bool(expected)
    assert not wrong, f"{len(wrong)} filters:\n" + "\n".join(wrong[:10])
    assert found > FILTERS // 3


def _asked(written: Any) -> dict[str, str]:
    return {"filter": json.dumps(written), "filter-lang": "cql2-json"}


def _listed(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(each) if isinstance(each, list) else each for name, each in values.items()}


@pytest.mark.parametrize("catalog", CATALOGUES)
def test_they_are_told_and_are_parameters(site: Any, catalog: str) -> None:
    address = f"/records/collections/{catalog}"
    told = site.get(f"{address}/queryables").json["properties"]
    assert told["keywords"]["type"] == "array" and told["license"]["type"] == "string"
    assert "enum" not in told["license"]
    api = site.get("/records/api").json["components"]["parameters"]
    assert {"keywords", "license"} <= api.keys()
    for name, value in (("keywords", "snow"), ("license", "other")):
        by_name = _ask(site, catalog, **{name: value})
        op = "a_overlaps" if name == "keywords" else "="
        filters = _asked(operation(op, {"property": name}, [value] if name == "keywords" else value))
        by_filter = _ask(site, catalog, **filters)
        assert [each["id"] for each in by_name["features"]] == [each["id"] for each in by_filter["features"]]
        assert by_name["features"]
        for each in by_name["features"]:
            said = each["properties"][name]
            assert value in said if name == "keywords" else value == said


def test_a_thousand_collections_are_one_clause(site: Any) -> None:
    """Which Solr takes, though it takes no more than 1024 clauses, and finds by each of them."""
    catalogue, ours = Catalogue(client(), site_id(), eo_properties(), None), tuple(ABOUT)
    for many in ((*ours, *(f"c{number}" for number in range(3000))), ours[:1]):
        asked = Query(collections=ours, filter=Not(OfOne(many)), limit=0)
        denied = catalogue.search(asked).total
        found = catalogue.search(replace(asked, filter=OfOne(many))).total
        assert (denied == 0) == (len(many) > 1) and (denied or 0) + (found or 0) == PRODUCTS


def test_they_are_not_counted_nor_sorted_by(site: Any) -> None:
    """No field of the index has these values."""
    for asked in ({"facets": "keywords"}, {"sortby": "license"}):
        (said,) = asked.values()
        answer = site.get("/records/collections/products/items", query_string=asked)
        assert answer.status_code == 400 and said in answer.json["description"]


def test_an_address_is_linked(site: Any) -> None:
    """Whether it is that of the product or of its collection."""
    answer = _ask(site, f"{TAG}-address", license="other")
    for record in answer["features"]:
        own = record["properties"].get("license_id", "https://terms.example/of-use")
        links = [each["href"] for each in record["links"] if each["rel"] == "license"]
        assert links == ([own] if "://" in own else [])
    assert {each["properties"].get("license_id") for each in answer["features"]} > {None}


def test_features_and_items_have_those_of_the_product_alone(site: Any) -> None:
    name = f"{TAG}-both"
    everything = site.get(f"/features/collections/{name}/items", query_string={"limit": 1000}).json
    for written, has in (
        ("A_OVERLAPS(keywords, ('snow'))", lambda said: "snow" in said.get("keywords", ())),
        ("license_id = 'CC-BY-4.0'", lambda said: said.get("license_id") == "CC-BY-4.0"),
    ):
        asked = {"limit": 1000, "filter": written}
        found = site.get(f"/features/collections/{name}/items", query_string=asked).json
        expected = {each["id"] for each in everything["features"] if has(each["properties"])}
        assert {each["id"] for each in found["features"]} == expected != set()
        asked = {"limit": 1000, "filter": written.replace("license_id", "license"), "collections": name}
        items = site.get("/stac/search", query_string=asked).json
        assert {each["id"] for each in items["features"]} == expected
    for path in (f"/features/collections/{name}/queryables", f"/stac/collections/{name}/queryables"):
        told = site.get(path).json["properties"]
        assert "keywords" in told and ("license_id" in told or "license" in told)
