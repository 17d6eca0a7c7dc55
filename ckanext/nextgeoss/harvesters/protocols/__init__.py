"""The languages of providers: Query -> Request, Response -> products and the next Request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, runtime_checkable

from ...eo import fast_json
from ...eo.collection import Collection
from ...eo.errors import BadConfiguration, BadRecord, nearest
from ...eo.product import Product
from ...eo.query import Query
from ...http import Request, Response
from ..provider import Provider

# parts of a query; what has changed since a time is a condition on `updated`
COLLECTIONS, TIME, AREA, IDS, CHANGES = "collections", "time", "area", "ids", "changes"
ASKABLE = frozenset({COLLECTIONS, TIME, AREA, IDS, CHANGES})


@dataclass(frozen=True, slots=True)
class Record:
    """A record as the provider gave it (a JSON value, or the text of an XML element), and its position in the
    answer from 0."""

    native: Any
    position: int

    def text(self) -> str:
        """The record as text, of which the same protocol reads it again."""
        if isinstance(self.native, str):
            return self.native
        return fast_json.dumps(self.native)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one answer brought: products with their records side by side, and how to go on."""

    products: tuple[Product, ...]
    records: tuple[Record, ...]
    # records that cannot become products
    refused: tuple[BadRecord, ...] = ()
    # None: the end
    next: Request | None = None
    # in a catalogue that is a tree: the requests for what lies beneath
    children: tuple[Request, ...] = ()
    # identifiers of products that the provider says it has no more
    gone: tuple[str, ...] = ()
    # how many match in all; None: not told
    total: int | None = None
    # what had to be mended to read the answer
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionsAnswer:
    """Collections by the provider's own ids, and how to go on."""

    collections: tuple[Collection, ...]
    next: Request | None = None
    # in a catalogue that is a tree: the requests for what lies beneath
    children: tuple[Request, ...] = ()


class ProviderProtocol(Protocol):
    """What each module in this folder gives; readers raise BadAnswer for what is not an answer."""

    # whether a search asks one collection at a time
    one_collection: bool
    # whether nothing can be asked without one
    needs_collection: bool
    # whether each collection is described by a document of its own
    describes_each: bool
    # whether answers tell what the provider has no more (`Answer.gone`)
    tells_deletions: bool

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The request for the first page; BadValue when the protocol cannot ask a part of the query."""
        ...

    def asks(self, provider: Provider) -> frozenset[str]:
        """Which parts of a query searches can ask, of ASKABLE; the rest is picked from what comes."""
        ...

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """The cheapest request whose answer tells a total; None when the provider tells none."""
        ...

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The products of an answer; `request` is what was asked, when that is known."""
        ...

    def attributes(self, provider: Provider, record: Record) -> Iterator[tuple[str, Any, str]]:
        """Path and value of each attribute of a record, and what it is read as: a row of
        schemas/eo_product.yaml, a part of the product or IGNORED (eo/formats/vocabulary.py), or nothing."""
        ...

    def collections_request(self, provider: Provider) -> Request | None:
        """The request for the provider's collections; None when it does not describe them."""
        ...

    def read_collections(
        self, provider: Provider, response: Response, request: Request | None = None
    ) -> CollectionsAnswer:
        """The collections of an answer."""
        ...


@runtime_checkable
class Fetches(Protocol):
    """A protocol one of whose answers takes several requests, such as a part of a file by its index."""

    def fetch(self, request: Request, send: Callable[[Request], Response]) -> Response:
        """The answer that is read."""
        ...

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The products of an answer."""
        ...


@cache
def protocol(name: str) -> ProviderProtocol:
    """The protocol of this name; BadConfiguration names the nearest."""
    from .bucket import BucketProtocol
    from .ckan import CkanProtocol
    from .cmr import CmrProtocol
    from .csw import CswProtocol
    from .dcat import DcatProtocol
    from .geonetwork import GeoNetworkProtocol
    from .json_rest import JsonProtocol
    from .listing import ListingProtocol
    from .oai_pmh import OaiPmhProtocol
    from .odata import ODataProtocol
    from .odata2 import OData2Protocol
    from .ogc_features import OgcFeaturesProtocol
    from .opensearch import OpenSearchProtocol
    from .stac import StacProtocol
    from .stac_file import StacFileProtocol
    from .stac_items import StacItemsProtocol
    from .stac_static import StacStaticProtocol
    from .thredds import ThreddsProtocol
    from .wfs import WfsProtocol

    known: Mapping[str, type[ProviderProtocol]] = {
        "bucket": BucketProtocol,
        "ckan": CkanProtocol,
        "cmr": CmrProtocol,
        "csw": CswProtocol,
        "dcat": DcatProtocol,
        "geonetwork": GeoNetworkProtocol,
        "json": JsonProtocol,
        "listing": ListingProtocol,
        "oai_pmh": OaiPmhProtocol,
        "odata": ODataProtocol,
        "odata2": OData2Protocol,
        "ogc_features": OgcFeaturesProtocol,
        "opensearch": OpenSearchProtocol,
        "stac": StacProtocol,
        "stac_file": StacFileProtocol,
        "stac_items": StacItemsProtocol,
        "stac_static": StacStaticProtocol,
        "thredds": ThreddsProtocol,
        "wfs": WfsProtocol,
    }
    if name not in known:
        near = nearest(name, known)
        raise BadConfiguration(
            f"no protocol {name!r}; {f'did you mean {near}?' if near else ', '.join(known)}"
        )
    return known[name]()
