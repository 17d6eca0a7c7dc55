from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.product import Problem, Product, dataset_name, product_uuid
from ckanext.nextgeoss.tests.core.strategies import identifiers, modest

PRODUCT = Product(id="S2A", collection="sentinel-2-l2a", properties={"platform": "sentinel-2a", "gsd": 10.0})


def test_a_product_is_frozen_through_and_through() -> None:
    with pytest.raises(FrozenInstanceError):
        PRODUCT.id = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        PRODUCT.properties["gsd"] = 20.0  # type: ignore[index]


def test_later_changes_of_the_given_mapping_do_not_reach_it() -> None:
    given_: dict[str, Any] = {"gsd": 10.0}
    product = Product(id="a", collection="b", properties=given_)
    given_["gsd"] = 20.0
    assert product.properties == {"gsd": 10.0}


def test_problems_are_no_part_of_what_a_product_is() -> None:
    noted = replace(PRODUCT, problems=(Problem("geometry", "none"),))
    assert noted == PRODUCT
    assert noted.content_hash() == PRODUCT.content_hash()


def test_the_id_is_known_from_collection_and_key() -> None:
    """Datasets keep their ids for good: this value must never change."""
    assert product_uuid("sentinel-2-l2a", "S2A_X") == "9c08311b-9cb6-5a01-9d7c-ad330cccb29d"
    assert UUID(product_uuid("c", "k")).version == 5


def test_different_products_have_different_ids() -> None:
    ids = {
        product_uuid("a", "b"),
        product_uuid("b", "a"),
        product_uuid("a", "b", "org"),
        product_uuid("ab", ""),
    }
    assert len(ids) == 4


@pytest.mark.parametrize(
    ("identifier", "unique", "name"),
    [
        ("S2A_MSIL2A_20200101", False, "s2a_msil2a_20200101-01234567"),
        ("S2A_MSIL2A_20200101", True, "s2a_msil2a_20200101"),
        ("lower-case", True, "lower-case"),
        ("MixedCase", True, "mixedcase-01234567"),
        ("urn:ogc:def:X:V101", True, "urn-ogc-def-x-v101-01234567"),
        ("é", False, "01234567"),
        ("A", True, "a-01234567"),
        ("x" * 150, True, "x" * 91 + "-01234567"),
    ],
)
def test_names_of_datasets(identifier: str, unique: bool, name: str) -> None:
    assert dataset_name(identifier, "01234567-89ab-cdef-0123-456789abcdef", unique) == name


@modest
@given(st.text(max_size=150) | identifiers, st.booleans())
def test_every_name_is_one_ckan_allows(identifier: str, unique: bool) -> None:
    name = dataset_name(identifier, product_uuid("c", identifier), unique)
    assert 2 <= len(name) <= 100
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
