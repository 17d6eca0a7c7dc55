"""Our own addresses, as answers in all formats give them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

OSDD_TYPE = "application/opensearchdescription+xml"


@lru_cache(maxsize=1024)  # an answer has the same few many times
def quoted(text: str) -> str:
    """A text as one part of an address."""
    return quote(text, safe="")


@dataclass(frozen=True, slots=True)
class Site:
    """A catalogue at an address (`base`, without a slash at its end) under a title."""

    base: str
    title: str = "NextGEOSS DataHub"

    def dataset(self, name: str) -> str:
        """The page of a product, by the name of its dataset."""
        return f"{self.base}/dataset/{quoted(name)}"

    def feedback(self, name: str, suffix: str = "atom") -> str:
        """What users say of a dataset, by its name, in the format of the suffix."""
        return f"{self.dataset(name)}/feedback.{suffix}"

    def collection(self, name: str) -> str:
        """The page of a collection, by its identifier."""
        return f"{self.base}/collection/{quoted(name)}"

    def quicklook(self, uuid: str) -> str:
        """The picture of a product, by the id of its dataset."""
        return f"{self.base}/quicklook/{quoted(uuid)}"

    def product(self, collection: str, identifier: str, suffix: str = "atom") -> str:
        """The OpenSearch request that finds this product alone, in the format of the suffix; workflows in use
        take what follows `identifier=` for the name of the product."""
        return f"{self.products(collection, suffix)}&identifier={quoted(identifier)}"

    def products(self, collection: str, suffix: str = "atom") -> str:
        """The OpenSearch request for the products of a collection, in the format of the suffix."""
        named = quoted(collection)
        return f"{self.base}/opensearch/search.{suffix}?parentIdentifier={named}"

    def series(self, collection: str = "", suffix: str = "atom") -> str:
        """The OpenSearch request for a collection alone, without an identifier for all of them."""
        named = f"?uid={quoted(collection)}" if collection else ""
        return f"{self.base}/opensearch/collection_search.{suffix}{named}"

    def description(self, osdd: str = "collection") -> str:
        """The OpenSearch description document of how to search collections (`collection`), products of all
        collections (`dataset`), or those of a collection (its identifier)."""
        return f"{self.base}/opensearch/description.xml?osdd={quoted(osdd)}"

    def stac_collection(self, collection: str) -> str:
        """The STAC collection."""
        return f"{self.base}/stac/collections/{quoted(collection)}"

    def stac_extension(self) -> str:
        """The schema of our own STAC extension, which tells what users say of a product."""
        return f"{self.base}/stac/extensions/guf/v1.0.0/schema.json"

    def stac_shelf(self, collection: str, period: str = "", cursor: str = "") -> str:
        """The STAC catalogue of the products of a collection in a period, or of all."""
        asked = "&".join(
            f"{name}={quote(value, safe='')}"
            for name, value in (("period", period), ("token", cursor))
            if value
        )
        return f"{self.base}/stac/browse/{quote(collection, safe='')}" + (f"?{asked}" if asked else "")

    def stac_item(self, collection: str, identifier: str) -> str:
        """The STAC item of a product."""
        return f"{self.stac_collection(collection)}/items/{quoted(identifier)}"

    def dhus_product(self, uuid: str) -> str:
        """The product in the OData of DHuS, by the id of its dataset; `/$value` behind it is its file."""
        return f"{self.base}/dhus/odata/v1/Products('{quoted(uuid)}')"
