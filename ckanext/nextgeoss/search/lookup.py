"""Products by what they are called: the ids and names of their datasets, or their providers' identifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from ..eo.errors import BadValue
from ..eo.forms import bare
from ..eo.page import Entry
from ..eo.product import Product
from .catalogue import Catalogue

Found: TypeAlias = tuple[Product, Entry]

_BATCH = 250
# products a batch may have in all: the same identifier may be in many collections
_MOST_FOUND = 5000


def find_products(catalogue: Catalogue, names: Sequence[str], collection: str = "") -> dict[str, list[Found]]:
    """The products that each name means, empty for those unknown or not to be seen: that of the dataset with
    this id, else name, else those called exactly so, else those called so but for their packaging. BadValue
    where too many are meant; newest first."""
    found: dict[str, list[Found]] = {}
    distinct = list(dict.fromkeys(names))
    for start in range(0, len(distinct), _BATCH):
        batch = distinct[start : start + _BATCH]
        page = catalogue.named(batch, collection, _MOST_FOUND)
        if (page.total or 0) > _MOST_FOUND:
            raise BadValue(
                len(batch), "ids", f"ids that mean at most {_MOST_FOUND} products; name a collection"
            )
        found |= _by_name(batch, zip(page.products, page.entries, strict=True))
    return found


def _by_name(names: Iterable[str], products: Iterable[Found]) -> dict[str, list[Found]]:
    called: defaultdict[tuple[int, str], list[Found]] = defaultdict(list)
    for product, entry in products:
        for key in _keys(entry.uuid, entry.name, product.id):
            called[key].append((product, entry))
    return {
        name: next((called[key] for key in _keys(name, name, name) if key in called), []) for name in names
    }


def _keys(uuid: str, name: str, identifier: str) -> Iterator[tuple[int, str]]:
    """What a product is called, the strongest first."""
    yield from enumerate((uuid, name, identifier, bare(identifier)))
