"""Buckets of S3 and its sisters (ListObjectsV2 and its first version), as folders by their prefixes."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from ...eo.listing import Listing
from ...http import Request
from ..provider import Provider
from .listing import ListingProtocol
from .tree import below

_WAYS_ON = ("continuation-token", "start-after", "marker")


class BucketProtocol(ListingProtocol):
    """Listings of keys, a page at a time; a prefix is a folder."""

    def folder_request(self, provider: Provider, address: str, about: str) -> Request:
        """The request for the keys and prefixes right below a prefix."""
        prefix = below(provider, address) or ""
        fragment = urlsplit(address).fragment
        bucket = f"{provider.url.rstrip('/')}/" + (f"#{fragment}" if fragment else "")
        size = (
            {} if "comp" in provider.parameters else {"list-type": "2", "max-keys": str(provider.page_size)}
        )
        params = {**size, **provider.parameters, "delimiter": "/", "prefix": prefix}
        said = {name: value for name, value in params.items() if value}
        return Request(url=bucket, params=said, about=about)

    def page_after(self, provider: Provider, listing: Listing, asked: Request) -> Request | None:
        """The request for the keys that follow."""
        if listing.next is None:
            return None
        params = {name: value for name, value in asked.params.items() if name not in _WAYS_ON}
        return replace(asked, params={**params, **listing.next}, above=())
