"""What answers in all formats say of a product besides what it is: names, times and words for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone

from ..asset import Asset
from ..page import Entry
from ..product import Product
from .site import Site, quoted

# answers must tell a time; where nothing is known of it
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_PICTURES = ("thumbnail", "overview", "quicklook", "browse")


def urn(collection: str, identifier: str) -> str:
    """A name that a product keeps wherever its catalogue moves to."""
    return f"urn:x-nextgeoss:{quoted(collection)}:{quoted(identifier)}"


def changed(product: Product, entry: Entry | None = None) -> tuple[datetime, bool]:
    """When the product was last changed, and whether its provider says so; else when our catalogue changed
    it, or what comes nearest."""
    updated = product.properties.get("updated")
    if isinstance(updated, datetime):
        return updated, True
    if entry is not None and entry.modified:
        return entry.modified, False
    published = product.properties.get("published")
    known = published if isinstance(published, datetime) else product.time.end or product.time.start
    return known or _EPOCH, False


def appeared(product: Product, entry: Entry | None = None) -> tuple[datetime | None, bool]:
    """When the product was published, and whether its provider says so; else when our catalogue got it."""
    published = product.properties.get("published")
    if isinstance(published, datetime):
        return published, True
    return (entry.created if entry is not None else None), False


def summary(product: Product) -> str:
    """What a product is, in a line: its title or description, platform, time and clouds."""
    said = product.properties
    parts = [str(said.get("description") or product.title or product.id)]
    parts += [str(said[name]) for name in ("platform", "product_type") if name in said]
    if product.time:
        parts.append(product.time.isoformat())
    if "cloud_cover" in said:
        parts.append(f"cloud cover {said['cloud_cover']:g} %")
    return ", ".join(parts)


def picture(assets: Iterable[Asset]) -> Asset | None:
    """The first picture among the files of a product."""
    return next((asset for asset in assets if any(role in _PICTURES for role in asset.roles)), None)


def picture_address(product: Product, entry: Entry | None, site: Site | None) -> str:
    """Where browsers find the picture of a product: the provider's address, or ours where theirs is not of
    the web; empty without a picture."""
    found = picture(product.assets)
    if found is None or found.href.startswith(("http://", "https://")):
        return found.href if found else ""
    return site.quicklook(entry.uuid) if site and entry else ""
