"""What can be fetched of a product, and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .asset import Asset
from .page import Entry
from .product import Product

# "offline": nothing to fetch; "sign-in": in stores that ask for keys
ACCESS = ("online", "offline", "sign-in")
_ONLY_TO_LOOK_AT = frozenset(("thumbnail", "overview", "metadata"))
_OPEN = ("http://", "https://", "ftp://")


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a product that can be fetched; `access` is "online" or "sign-in", `provider` the id of who
    offers it."""

    asset: Asset
    access: str
    provider: str = ""


def access(assets: Iterable[Asset]) -> str:
    """One of ACCESS for a product with these files: it is as near as the nearest of its data."""
    data = [_access(asset) for asset in assets if is_data(asset)]
    if not data:
        return "offline"
    return "online" if "online" in data else "sign-in"


def is_data(asset: Asset) -> bool:
    """Whether a file is data, not only something to look at."""
    return _ONLY_TO_LOOK_AT.isdisjoint(asset.roles)


def downloads(product: Product, entry: Entry | None = None, roles: Iterable[str] = ()) -> list[Download]:
    """The files with one of these roles, or the data: data first, of these what is online, else in the order
    of the product's assets."""
    wanted = frozenset(roles) or frozenset(("data",))
    providers = entry.offered_by if entry and entry.offered_by else ("",) * len(product.assets)
    found = [
        Download(asset, _access(asset), provider)
        for asset, provider in zip(product.assets, providers, strict=True)
        if not wanted.isdisjoint(_roles(asset))
    ]
    return sorted(found, key=lambda each: (not is_data(each.asset), each.access != "online"))


def files(product: Product, entry: Entry | None = None, roles: Iterable[str] = ()) -> list[list[Download]]:
    """The distinct files of what can be downloaded, each with the places it is at, the best first. The same
    product of several providers is many files: those of the first one are taken, and what others have that
    says by its checksum that it is the same."""
    ranked = downloads(product, entry, roles)
    found: list[list[Download]] = []
    by_checksum: dict[str, list[Download]] = {}
    for each in ranked:
        if (each.provider, each.access) == (ranked[0].provider, ranked[0].access):
            found.append([each])
            by_checksum.setdefault(each.asset.checksum, found[-1])
        elif each.asset.checksum in by_checksum and each.asset.checksum:
            by_checksum[each.asset.checksum].append(each)
    return found


def _roles(asset: Asset) -> Iterator[str]:
    yield from asset.roles
    if is_data(asset):
        yield "data"


def _access(asset: Asset) -> str:
    return "online" if asset.href.lower().startswith(_OPEN) else "sign-in"
