"""Buckets of S3 and its sisters (ListObjectsV2 and its first version), as folders by their prefixes."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from ...eo.listing import Listing
from ...http import Request
from ..provider import Provider
from .listing import ListingProtocol, files_of
from .tree import below, patterns_of

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

    def whole(self, provider: Provider, listing: Listing) -> Listing:
        """The page without the files of its last product where files of it may follow on the next page, which
        then begins with that product. Azure cannot be asked so."""
        patterns = patterns_of(provider.files, provider.period)
        if not listing.next or not patterns.has_keys or "comp" in provider.parameters:
            return listing
        pairs = list(files_of(provider, listing))
        keys = [patterns.groups(path).get("key", path) for path, _ in pairs]
        first = keys.index(keys[-1]) if keys else 0
        if not first:  # a product of more files than a page has: it is split
            return listing
        last = below(provider, pairs[first - 1][1].href) or ""
        folders = [each for each in listing.folders if (below(provider, each) or "") < last]
        way = "marker" if "marker" in listing.next else "start-after"
        return replace(
            listing, files=tuple(file for _, file in pairs[:first]), folders=tuple(folders), next={way: last}
        )

    def page_after(self, provider: Provider, listing: Listing, asked: Request) -> Request | None:
        """The request for the keys that follow."""
        if listing.next is None:
            return None
        params = {name: value for name, value in asked.params.items() if name not in _WAYS_ON}
        return replace(asked, params={**params, **listing.next}, above=())
