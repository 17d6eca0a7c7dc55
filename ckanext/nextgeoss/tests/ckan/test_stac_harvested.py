"""A hub harvested from a hub: our STAC protocol, pointed at our STAC API, gives the same products back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from ckanext.nextgeoss.demo import catalogue as demo
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import ALWAYS, TemporalExtent, parse_time
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import Request, Response
from ckanext.nextgeoss.resources import by_use
from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.indexed import indexed

TAG = f"hub-{uuid4().hex[:8]}"


def held() -> Iterator[Product]:
    """Products of all missions; some without place, without time, with an open end."""
    times = {3: ALWAYS, 4: TemporalExtent(parse_time("2024-01-01"), None)}
    for number, product in enumerate(demo.products(60)):
        assets = tuple(
            replace(asset, href=f"https://data.example{asset.href}") for asset in by_use(product.assets)
        )
        own = replace(product, collection=f"{TAG}-{product.collection}", assets=assets)
        own = replace(own, time=times.get(number, own.time))
        yield replace(own, footprint=None) if number == 5 else own


def own(product: Product) -> Product:
    """A product without what the first hub adds: when it came there."""
    added = ("created", "updated")
    return replace(product, properties={k: v for k, v in product.properties.items() if k not in added})


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_same_products_come_back(site: Any, catalogue: Catalogue, method: str):
    sent: list[str] = []

    def send(request: Request) -> Response:
        address = urlsplit(request.url)
        sent.append(request.method)
        answer = site.flask_app.test_client().open(
            address.path, method=request.method, json=request.body,
            query_string=dict(request.params) or address.query, headers=dict(request.headers),
        )  # fmt: skip
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Response(answer.status_code, headers, answer.get_data(), request.url)

    products = {product.id: product for product in held()}
    with indexed(products.values()):
        provider = provider_from_mapping(
            "hub",
            {
                "title": "A hub", "organization": "hub", "url": "http://test.ckan.net/stac",
                "profile": "stac",
                "method": method, "page_size": 7, "counts": True, "changes": {"query": "updated"},
                "collections": sorted({product.collection for product in products.values()}),
            },
            "hub.yaml",
        )  # fmt: skip
        query = Query(collections=tuple(provider.collections))
        pages = list(RemoteCatalogue(provider, send).pages(query))
        described = {each.id for each in RemoteCatalogue(provider, send).collections()}
    found = {product.id: product for page in pages for product in page.products}
    assert sum(len(page.products) for page in pages) == len(found) == len(products)
    assert method in sent
    assert not [problem for product in found.values() for problem in product.problems]
    for name, product in products.items():
        assert own(found[name]) == own(product)
    assert set(provider.collections) <= described
