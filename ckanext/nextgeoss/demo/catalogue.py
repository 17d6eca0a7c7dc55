"""The demo catalogue: products of several missions, the same at every call."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import islice

from ..eo.collection import Collection
from ..eo.product import Product
from .missions import auxiliary, landsat, modis, sentinel1, sentinel2, sentinel3, sentinel5p

USUAL_COUNT = 2000
LIMIT = 500_000
COLLECTIONS: tuple[Collection, ...] = (
    *sentinel1.COLLECTIONS,
    *sentinel2.COLLECTIONS,
    *sentinel3.COLLECTIONS,
    *sentinel5p.COLLECTIONS,
    *landsat.COLLECTIONS,
    *modis.COLLECTIONS,
    *auxiliary.COLLECTIONS,
)
# share of each mission in the catalogue
_SHARES = {sentinel2: 0.45, sentinel1: 0.16, landsat: 0.17, sentinel3: 0.10, modis: 0.08, sentinel5p: 0.035}
_AUXILIARY = 5


def products(count: int = USUAL_COUNT) -> Iterator[Product]:
    """`count` products, the missions mixed, none twice; addresses of assets are paths from the server's root.

    A larger catalogue has more places, and more visits of each."""
    if not 1 <= count <= LIMIT:
        raise ValueError(f"{count} products: the demo can make 1 to {LIMIT}")
    return islice(_mixed(count), count)


def _mixed(count: int) -> Iterator[Product]:
    """The missions' products, each mission in steady proportion to its share."""
    visits = max(8, count // 3000)
    sources = {
        mission: mission.products(round(count * share) + 4 if mission is sentinel5p else visits)
        for mission, share in _SHARES.items()
    } | {auxiliary: auxiliary.products(_AUXILIARY)}
    shares = _SHARES | {auxiliary: _AUXILIARY / max(count, 100)}
    queue = [(0.5 / shares[mission], number, mission) for number, mission in enumerate(sources)]
    heapq.heapify(queue)
    while queue:
        due, number, mission = queue[0]
        found = next(sources[mission], None)
        if found is None:
            heapq.heappop(queue)
            continue
        heapq.heapreplace(queue, (due + 1 / shares[mission], number, mission))
        yield found
