"""Words of a search find what is called otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.search.catalogue import catalogue_for
from ckanext.nextgeoss.tests.catalogue import Catalogue, make_product


@pytest.fixture(scope="module")
def products(catalogue: Catalogue) -> dict[str, str]:
    """More products of the catalogue's collection, which say what they are in one way only."""
    where = catalogue.collection
    made = [
        catalogue.add("eight", make_product(where, "eight", platform="landsat-8")),
        # the letters of S2B, apart
        catalogue.add(
            "letters", make_product(where, "letters", title="Tile S, row 2, band B", platform="sentinel-2a")
        ),
        catalogue.add("index", make_product(where, "index", title="Normalized difference vegetation index")),
        catalogue.add("heat", make_product(where, "heat", title="SST of the gulf")),
    ]
    return {dataset["id"]: kind for kind, dataset in catalogue.datasets.items() if dataset in made} | {
        catalogue.datasets[kind]["id"]: kind for kind in ("north", "south")
    }


S2A, S2B = {"north", "letters"}, {"south"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("S2A", S2A),
        ("Sentinel 2A", S2A),
        ("sentinel-2a", S2A),
        ("SENTINEL2A", S2A),
        ("S2", S2A | S2B),
        ("sentinel-2", S2A | S2B),
        ("Sentinel 2", S2A | S2B),
        ("S2B", S2B),
        ("Sentinel-2B", S2B),
        ("S2C", set[str]()),
        ("S1", set[str]()),
        ("L8", {"eight"}),
        ("Landsat-8", {"eight"}),
        ("LC08", {"eight"}),
        ("L9", set[str]()),
        ("NDVI", {"index"}),
        ("sea surface temperature", {"heat"}),
        ("gulf SST", {"heat"}),
        ("S2A tile", {"letters"}),
        # meant as it is
        ('"S2A"', set[str]()),
        ('"NDVI"', set[str]()),
    ],
)
def test_words_find_synonyms(
    catalogue: Catalogue, products: dict[str, str], text: str, found: set[str]
) -> None:
    page = catalogue_for(None).search(Query(words=text, collections=(catalogue.collection,), limit=50))
    assert {products[entry.uuid] for entry in page.entries if entry.uuid in products} == found
    answer: dict[str, Any] = call_action("product_search", q=text, collection=catalogue.collection, limit=50)
    assert {product["uuid"] for product in answer["results"]} == {entry.uuid for entry in page.entries}
