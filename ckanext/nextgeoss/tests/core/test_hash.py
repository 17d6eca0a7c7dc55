from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.demo import catalogue
from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.harvesters.provider_files import load_provider
from ckanext.nextgeoss.harvesters.reading import read_answer, sample_pages
from ckanext.nextgeoss.tests.core.strategies import modest, products
from ckanext.nextgeoss.tests.shared import ROOT

PROGRAM = """
from datetime import datetime, timezone
from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent
names = sorted({"cloud_cover", "instruments", "created", "platform", "is_output"}, key=hash)
values = {
    "cloud_cover": 12.5, "instruments": ("msi", "\u00e9"), "platform": "sentinel-2a", "is_output": True,
    "created": datetime(2020, 1, 1, tzinfo=timezone.utc),
}
keys = sorted({"a", "b", "c", "d"}, key=hash)
product = Product(
    id="p", collection="c", title="t", footprint=Footprint.from_bbox(170, -10, -170, 10),
    time=TemporalExtent.parse("2020-01-01/.."), properties={name: values[name] for name in names},
    assets=tuple(Asset(key=key, href="https://x.example/" + key, roles=("data",), size=5) for key in keys),
)
print(product.content_hash())
"""


def test_the_hash_is_the_same_in_every_process() -> None:
    """It is compared with stored ones: a change of this value makes the next harvest update everything."""
    hashes = set()
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
        )
        hashes.add(run.stdout.strip())
    assert hashes == {"32b540394bdb5d0e61a06c8095f572c3da64575a107d00de446ee374194e5a40"}


@modest
@given(products(), st.randoms(use_true_random=False))
def test_the_order_of_properties_and_assets_does_not_matter(product: Product, random: object) -> None:
    names, assets = list(product.properties), list(product.assets)
    random.shuffle(names)  # type: ignore[attr-defined]
    random.shuffle(assets)  # type: ignore[attr-defined]
    shuffled = replace(
        product, properties={name: product.properties[name] for name in names}, assets=tuple(assets)
    )
    assert shuffled.content_hash() == product.content_hash()


@modest
@given(products(), products())
def test_equal_products_and_no_others_have_equal_hashes(one: Product, other: Product) -> None:
    same_assets = set(one.assets) == set(other.assets)
    same = same_assets and replace(one, assets=()) == replace(other, assets=())
    assert (one.content_hash() == other.content_hash()) == same
    assert replace(one, title=one.title + "x").content_hash() != one.content_hash()


def digest(of: list[Product]) -> str:
    return sha256("".join(product.content_hash() for product in of).encode()).hexdigest()[:16]


# of all products in the samples of a provider
SAMPLES = {
    "cdse_odata": "f74fc89908bfcc02",
    "cdse_stac": "e20eae35b652ad47",
    "creodias_resto": "53c2144c12aecb73",
    "dhus_national": "7f8cf445681dc68f",
    "earth_search": "ac817cca7d3b5a15",
    "nasa_cmr": "1ef1f160f2748ff6",
    "nextgeoss_demo": "6cef6e6df29383c9",
    "nextgeoss_demo_atom": "dc8b04adc63d314f",
    "nextgeoss_demo_geojson": "dc8b04adc63d314f",
    "nextgeoss_demo_odata": "dc8b04adc63d314f",
    "planetary_computer": "45041a2d792c27d9",
    "sara": "2d5c26c3fa67c801",
    "terradue": "5e989777273d28c8",
    "terrascope": "c84ed910b19be232",
    "vito_probav": "a8ff1ad86501bcaf",
}


@pytest.mark.parametrize("provider", SAMPLES)
def test_the_hashes_of_samples_stay_what_they_were(provider: str) -> None:
    """A change here means that the next harvest of the provider updates all its products. When a mapping
    really says something else now, the new value belongs here; when only the code changed, it does not."""
    found: list[Product] = []
    for page in sample_pages(ROOT / "ckanext/nextgeoss/tests/samples" / provider):
        answer = read_answer(load_provider(provider), page.read_bytes(), page.name).answer
        found += answer.products if answer else ()
    assert digest(found) == SAMPLES[provider]


def test_the_hashes_of_the_demo_catalogue_stay_what_they_were() -> None:
    assert digest(list(catalogue.products(500))) == "7c2397064503b2b5"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (
            ("a", "a b", "a!", 'a"', "a\\", "é", "a\x7f", "b", "B", ""),
            "9028fe5d3c03a4705b13b4b429a0412c4e2fba5ba903a44c870f0da774581d5c",
        ),
        (("b", "a", "b", "a"), "78f2e1a410bd867219f971a9d93a6652f20aaa8434cfe1d488701943aa36a1fb"),
    ],
    ids=["all different", "some the same"],
)
def test_assets_are_hashed_in_the_order_of_their_json(keys: tuple[str, ...], expected: str) -> None:
    made = [Asset(key=key, href=f"https://x.example/{number}") for number, key in enumerate(keys)]
    for assets in (made, made[::-1]):
        assert Product(id="p", collection="c", assets=tuple(assets)).content_hash() == expected
