"""What checks look at: a dataset as the catalogue holds it, with what is known around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ...eo.collection import Collection
from ...eo.product import Product
from .gaps import Gaps
from .links import Link

PRODUCT, COLLECTION, DATASET = "product", "collection", "dataset"
KINDS = (PRODUCT, COLLECTION, DATASET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A dataset of one of KINDS. What can be read of it is a Product, whatever its kind: place, time,
    properties, files; what cannot be read is among its problems."""

    id: str
    kind: str
    product: Product
    # when it is looked at
    now: datetime
    title: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    # names of groups, those of its collection included
    topics: tuple[str, ...] = ()
    # its own, or that of its collection
    license: str = ""
    # title of the organization
    publisher: str = ""
    contact: str = ""
    # formats that people gave the files, in the order of the product's assets
    formats: tuple[str, ...] = ()
    # its collection as the catalogue or the registry describes it; of a collection: itself
    collection: Collection | None = None
    # whether the collection has a dataset in the catalogue
    collection_described: bool = False
    # whether a footprint is stored, and what is wrong with it as it is stored
    has_geometry: bool = False
    geometry_fault: str = ""
    # what is wrong with start and end as they are stored
    time_fault: str = ""
    # other public datasets that are the same product
    twins: tuple[str, ...] = ()
    # what the schema refuses in the records of ISO that it was harvested from; None when it is from no such
    source_faults: tuple[str, ...] | None = None
    # of a collection, from the days of its products
    gaps: Gaps | None = None
    # what is known of addresses of its files
    links: Mapping[str, Link] = field(default_factory=dict[str, Link])
