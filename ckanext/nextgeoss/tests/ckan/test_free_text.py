"""What a STAC API finds by expressions of free text is what they say of the words of each product."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.tests.free_text_expressions import finds, some_expression, things, written
from ckanext.nextgeoss.tests.indexed import indexed

SEED = 20261130
PRODUCTS, EXPRESSIONS = 400, 300
COLLECTION = f"words-{uuid4().hex[:8]}"


@pytest.fixture(scope="module")
def titles(plugins: None) -> Iterator[dict[str, tuple[str, ...]]]:
    """The words of products by their identifiers."""
    own = {f"P{number}": found for number, found in enumerate(things(Random(SEED), PRODUCTS))}
    with indexed(
        Product(id=name, collection=COLLECTION, title=" ".join(words)) for name, words in own.items()
    ):
        yield own


def test_random_expressions_find_what_they_say(app: Any, titles: dict[str, tuple[str, ...]]) -> None:
    random = Random(SEED + 1)
    some = 0
    for _ in range(EXPRESSIONS):
        asked = some_expression(random)
        answer = app.post(
            "/stac/search", json={"q": written(asked), "collections": [COLLECTION], "limit": 1000}
        )
        found = {item["id"] for item in answer.json["features"]}
        assert found == {name for name, words in titles.items() if finds(asked, words)}, written(asked)
        some += 0 < len(found) < PRODUCTS
    assert some > EXPRESSIONS // 2
