"""What a provider file says of products whose records do not."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadConfiguration
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.harvesters.mapping import ProductMapping
from ckanext.nextgeoss.harvesters.provider_files import load_provider, provider_from_mapping

ABOUT = {"title": "X", "organization": "x", "url": "https://x.example", "profile": "stac"}
SAID = {
    "defaults": {"platform": "metop-a", "instruments": ["gome-2"], "geometry": [-180, -90, 180, 90]},
    "collections": {
        "one": {"ids": "1", "defaults": {"processing_level": "L3", "start": "2007-01-01", "title": "Ozone"}},
        "two": "2",
    },
}


def _read(product: Product, **said: Any) -> Product:
    return ProductMapping(provider_from_mapping("x", {**ABOUT, **SAID, **said}, "x")).product(product, {})


def test_of_provider_and_collection():
    """Both fill what is not said; what a record says counts."""
    one = _read(Product(id="p", collection="1", properties={"platform": "metop-b"}))
    assert one.collection == "one"
    assert dict(one.properties) == {
        "platform": "metop-b",
        "instruments": ("gome-2",),
        "processing_level": "L3",
    }
    assert one.title == "Ozone"
    assert one.time.isoformat() == "2007-01-01T00:00:00Z/.."
    assert one.footprint is not None and one.footprint.bbox == (-180, -90, 180, 90)
    two = _read(Product(id="p", collection="2"))
    assert dict(two.properties) == {"platform": "metop-a", "instruments": ("gome-2",)}
    assert not two.time


@pytest.mark.parametrize(
    ("defaults", "words"),
    [
        ({"platfrom": "x"}, "x: defaults: unknown name 'platfrom'; did you mean platform"),
        ({"cloud_cover": "many"}, "x: defaults: .*'many' is not allowed"),
        ({"geometry": [1, 2]}, "x: defaults: .*four numbers"),
        ({"start": "yesterday"}, "x: defaults: .*'yesterday'"),
    ],
)
def test_mistakes_are_named(defaults: dict[str, Any], words: str):
    with pytest.raises(BadConfiguration, match=words):
        _read(Product(id="p", collection="2"), defaults=defaults)


def test_retired():
    """A harvest is refused with this word, and where the products are today."""
    gone = provider_from_mapping("x", {**ABOUT, "status": "retired", "replaced_by": "earth_search"}, "x")
    with pytest.raises(BadConfiguration, match="the provider x is retired; its products are at earth_search"):
        gone.check_alive()
    load_provider("earth_search").check_alive()
    with pytest.raises(BadConfiguration, match="status: 'dead' is not one of live, retired"):
        provider_from_mapping("x", {**ABOUT, "status": "dead"}, "x")
