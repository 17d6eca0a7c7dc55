"""A provider of products, as its file describes it (provider_files.py)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from ..eo.collection import load_registry
from ..eo.errors import BadConfiguration
from .declared import Number
from .enriching import Enrich

LIVE, RETIRED = "live", "retired"
# regular expressions on the names of files, see eo/file_names.py
Patterns: TypeAlias = tuple[str, ...]
# how long a product lasts, such as day or 8 days
Period: TypeAlias = str
# what the products of a static STAC catalogue are
ITEMS, COLLECTIONS = "items", "collections"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionRule:
    """How a provider calls one of our collections, and which of its products belong to it."""

    # the provider's own ids of it
    ids: tuple[str, ...]
    # regular expression on the product's id or the provider's collection id
    pattern: str = ""
    # by the provider's names: values of which its products have one, where its own ids tell too little
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    # what its products are where their records do not say, as the provider's own `defaults`, before these
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Volatile:
    """What changes although the product does not; it is not in the product's hash."""

    # query parameters taken off the addresses of assets, in any case, each with those that go along with it
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    # names of rows of schemas/eo_product.yaml
    properties: tuple[str, ...] = ()
    # keys of assets
    assets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLimits:
    """How a provider's host is asked at most, where its file says so; 0 is no bound, None what the site's
    options say."""

    requests_per_second: float | None = None
    requests_at_once: int | None = None

    def given(self) -> Mapping[str, float]:
        """What the file says, by its name."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One endpoint of a provider; its fields are the keys of the YAML file, `id` is the file's name."""

    id: str
    title: str
    # name of the CKAN organization that its products belong to
    organization: str
    # address of the service: the landing page for STAC
    url: str
    # block of profiles.yaml
    profile: str
    # module in protocols/
    protocol: str
    # by our collection id
    collections: Mapping[str, CollectionRule] = field(default_factory=dict[str, CollectionRule])
    description: str = ""
    homepage: str = ""
    # how the provider wants to be named
    attribution: str = ""
    # kind of login and references to its secrets, see auth.py; empty: none
    auth: Mapping[str, str] = field(default_factory=dict[str, str])
    # how its host is asked at most
    limits: AskedLimits = field(default_factory=AskedLimits)
    # address of a search with holes for parameters by their qualified names (OpenSearch 1.1, 5.4): whole, or
    # what is appended to `url`
    template: str = ""
    # where in a JSON answer things are, see protocols/json_rest.py: `entries`, `total`, `next`, `after`
    layout: Mapping[str, str] = field(default_factory=dict[str, str])
    # where its OpenSearch description document is, which has the template then: whole, or what is appended to
    # `url`
    description_document: str = ""
    # query parameters of each search that are always the same
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    # how parts of a query are written into the hole {searchTerms}, see protocols/template.py
    clauses: Mapping[str, str] = field(default_factory=dict[str, str])
    # values of holes that are filled only when products are counted
    counting: Mapping[str, str] = field(default_factory=dict[str, str])
    # number of the first product or page
    first: Number = 1
    # the last product that can be reached by its number; 0: all can
    reach: Number = 0
    # of search requests: GET or POST
    method: str = "POST"
    # products of one answer
    page_size: int = 100
    # whether answers tell how many products match in all
    counts: bool = False
    # whether searches can be sorted
    sorts: bool = False
    # how a STAC search asks for what has changed since a time: `query` or `filter` (the extension) with the
    # name of the property; a template has a hole for it. Empty: it cannot be asked
    changes: Mapping[str, str] = field(default_factory=dict[str, str])
    # which offer of one product wins: the lowest
    rank: int = 100
    volatile: Volatile = field(default_factory=Volatile)
    # attributes of its records that are of no use here, `*` for anything; only reports speak of them
    ignored: tuple[str, ...] = ()
    # by the name of what is read: paths in the native record or URL templates, the first that answers
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    # what products are where their records do not say: properties, title, start, end, geometry
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    # what its sources add to products, unless they say otherwise
    enrich: Enrich = field(default_factory=Enrich)
    # of catalogues that list files: which files are products, and what their paths below the folder of a
    # collection tell; nothing: every file is one
    files: Patterns = ()
    # which folders there are gone into; with dates, only those that may have what is asked. Nothing: all
    folders: Patterns = ()
    # how long a product lasts whose name tells only its beginning; empty: as long as what its name tells
    period: Period = ""
    # the format of records that the listed files are; empty: the files are the products
    records: str = ""
    # whether it offers, besides the collections that the file names, those that the provider describes
    # itself; without any in the file it does
    discovers: bool = False
    # of a static STAC catalogue: `items`, or `collections` where those without items are products too
    products: str = ITEMS
    # `retired` when its service is gone: a harvest is refused then, what was harvested is read as before
    status: str = LIVE
    # id of the provider that has its products today
    replaced_by: str = ""

    def check_alive(self) -> None:
        """BadConfiguration when the service is gone."""
        if self.status == RETIRED:
            instead = f"; its products are at {self.replaced_by} today" if self.replaced_by else ""
            raise BadConfiguration(f"the provider {self.id} is retired{instead}")

    @property
    def offers_others(self) -> bool:
        """Whether collections are offered that the file does not name."""
        return self.discovers or not self.collections

    def canonical(self, native: str, product_id: str = "") -> str:
        """Our id of a collection that the provider calls `native`: by this file, else by the registry."""
        for ours, rule in self.collections.items():
            if rule.pattern and any(re.fullmatch(rule.pattern, text) for text in (product_id, native)):
                return ours
        for ours, rule in self.collections.items():
            if not rule.pattern and native in rule.ids:
                return ours
        known = load_registry().canonical(native)
        return known.id if known else native

    def rule(self, collection: str) -> CollectionRule:
        """How the provider calls our collection; one that is not in the file is asked by the name given."""
        if rule := self.collections.get(collection):
            return rule
        known = load_registry().canonical(collection)
        rule = self.collections.get(known.id) if known else None
        return rule or CollectionRule(ids=(collection,))

    def native(self, collection: str) -> tuple[str, ...]:
        """The provider's ids of our collection."""
        return self.rule(collection).ids
