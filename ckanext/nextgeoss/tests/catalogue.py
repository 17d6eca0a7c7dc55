"""A small catalogue for tests of pages: one of each kind of dataset, in a collection of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Problem, Product, Value, dataset_name, product_uuid
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.package import dataset_from_product
from ckanext.nextgeoss.search import titles

# markup and quotes that must never leave the text they are in
HOSTILE = """Evil </script><script>alert("x")</script> & 'title' <img src=x onerror=alert(1)>"""

PLACES = {
    "north": (10.0, 60.0, 11.0, 61.0),
    "south": (10.0, -40.0, 11.0, -39.0),
    "across": (179.5, -18.0, -179.5, -17.0),
    "arctic": (20.0, 85.0, 40.0, 86.0),
}


@dataclass(frozen=True)
class Catalogue:
    """Names of datasets by what they are; `collection` and `organization` are theirs alone."""

    user: str
    token: str
    stranger: str
    organization: dict[str, Any]
    topic: str
    collection: str
    datasets: dict[str, dict[str, Any]]

    def name(self, kind: str) -> str:
        return self.datasets[kind]["name"]

    def add(self, kind: str, product: Product, **changes: Any) -> dict[str, Any]:
        """One more product, made through `package_create`."""
        uuid = product_uuid(product.collection, product.id)
        dataset = dataset_from_product(
            product, owner_org=self.organization["id"], uuid=uuid, name=dataset_name(product.id, uuid)
        )
        self.datasets[kind] = call_action("package_create", {"user": self.user}, **dataset | changes)
        return self.datasets[kind]


def make_product(
    collection: str,
    kind: str,
    *,
    title: str = "",
    assets: Iterable[Asset] = (),
    problems: Iterable[Problem] = (),
    **properties: Value,
) -> Product:
    """A product at the place of that name, or at none."""
    return Product(
        id=f"PRODUCT_{kind.upper()}_{uuid4().hex[:8]}",
        collection=collection,
        title=title,
        footprint=Footprint.from_bbox(*PLACES[kind]) if kind in PLACES else None,
        time=TemporalExtent.parse("2024-05-01T10:00:00Z/2024-05-01T10:00:25Z"),
        properties=properties,
        assets=tuple(assets),
        problems=tuple(problems),
    )


def make_catalogue() -> Catalogue:
    """The catalogue in the present database and index."""
    user = factories.SysadminWithToken(image_url="")
    organization = factories.Organization(title="Agency of Pages", image_url="")
    topic = factories.Group(title="Topic of Pages", image_url="")["name"]
    collection = f"pages-{uuid4().hex[:8]}"
    made = Catalogue(
        user["name"],
        user["token"],
        factories.UserWithToken(image_url="")["token"],
        organization,
        topic,
        collection,
        {},
    )
    made.datasets["collection"] = call_action(
        "package_create", {"user": made.user}, type="eo_collection", name=collection,
        title="Collection of Pages", collection_id=collection, owner_org=organization["id"],
        notes="About **this** collection",
        license_id="CC-BY-4.0", platforms=["sentinel-2a"],
        groups=[{"name": topic}],
    )  # fmt: skip
    titles.collections.cache_clear()  # remembered from before this collection
    data = Asset(
        key="product", href="https://data.example.org/product.zip", roles=("data",),
        media_type="application/zip", size=714060000, checksum="md5:d41d8cd98f00b204e9800998ecf8427e",
    )  # fmt: skip
    band = Asset(key="B04", href="s3://bucket/B04.jp2", roles=("data",), media_type="image/jp2")
    common: dict[str, Value] = {"platform": "sentinel-2a", "instruments": ("msi",), "processing_level": "L2A"}
    made.add("north", make_product(collection, "north", assets=[band, data], cloud_cover=12.5, **common))
    made.add(
        "south", make_product(collection, "south", assets=[data], cloud_cover=80.0, platform="sentinel-2b")
    )
    made.add("across", make_product(collection, "across", cloud_cover=5.0))
    made.add(
        "arctic",
        make_product(collection, "arctic", title=HOSTILE, problems=[Problem("gsd", "'fine' is no number")]),
    )
    made.add("private", make_product(collection, "private"), private=True)
    made.datasets["table"] = call_action(
        "package_create", {"user": made.user}, name=f"table-{uuid4().hex[:8]}",
        title=f"Stations {collection}", owner_org=organization["id"],
        resources=[{"url": "https://data.example.org/a.csv", "format": "CSV"}],
    )  # fmt: skip
    return made
