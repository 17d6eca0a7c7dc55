from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.tests.core.strategies import modest, products

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
