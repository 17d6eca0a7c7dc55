"""Our own catalogue: the same question as to any remote one, answered by Solr for the user who asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import orjson
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.query import solr_literal
from ckan.plugins import plugin_loaded

from .. import config
from ..eo.collection import load_registry
from ..eo.errors import BadValue
from ..eo.forms import ORIGINAL, bare, written
from ..eo.held import Holdings
from ..eo.page import Page
from ..eo.product import Product
from ..eo.properties import Properties
from ..eo.query import Query
from ..package import PRODUCT_TYPE
from ..remembering import remembered_for
from .boost import boost_function
from .domains import Domain, domains_request, occurring_request, read_domains, read_occurring
from .fields import COLLECTION, EDITION, IDENTIFIER, SCENE, START
from .holdings import holdings_request, read_holdings
from .index import FEEDBACK, entry_of, readable_product
from .other_forms import forms_request
from .query import NOT_KEPT, UNIQUE_KEY, any_of, collection_names, quoted, solr_parameters
from .schema import Core, read_core
from .solr import SolrClient, SolrError
from .terms import counted

MOST_SOURCES = 1000
_MOST_EDITIONS = 50
_TOO_COMPLEX = "Determinizing "


@dataclass(frozen=True, slots=True)
class Edition:
    """A dataset whose product is one edition of a scene."""

    id: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products one user may see. `labels` are CKAN's permission labels; None sees all (sysadmins)."""

    client: SolrClient
    site_id: str
    properties: Properties = field(compare=False)
    labels: tuple[str, ...] | None = ()

    def search(self, query: Query, also: Sequence[str] = ()) -> Page:
        """The page of products a query asks for, with the exact number of all; BadValue when none can. `also`
        are filters in Solr's syntax, of which no part was typed by a user."""
        properties = self.properties
        parameters = solr_parameters(query, properties, site_boost() if query.words else "")
        parameters["fl"] = shown_fields()
        parameters["fq"] = [*parameters["fq"], *also]
        try:
            answer = self.select(parameters)
        except SolrError as error:
            if query.cursor and "cursorMark" in error.reason:
                raise BadValue(query.cursor, "cursor", "what the page before said as next") from error
            raise
        page, cursor = self._page(answer), answer.get("nextCursorMark", "")
        more = cursor != (query.cursor or "*") and len(page.products) == query.limit
        return replace(
            page,
            next=cursor if more else "",
            facets={name: _counts(answer, counted(name, properties).solr) for name in query.facets},
        )

    def named(self, names: Sequence[str], collection: str = "", limit: int = 1000) -> Page:
        """The products whose dataset has one of these ids or names, or that are called so by their provider,
        however they are packed; of one collection if it is given."""
        variants = {variant for name in names for variant in (name, *written(bare(name)))}
        either = (("id", names), ("name", names), (IDENTIFIER, variants))
        filters = [NOT_KEPT + " OR ".join(any_of(field, values) for field, values in either)]
        if collection:
            filters.append(any_of(COLLECTION, collection_names((collection,), load_registry())))
        sort = f"{START} desc, {UNIQUE_KEY} asc"
        asked = {"q": "*:*", "fq": filters, "sort": sort, "rows": limit, "fl": shown_fields()}
        return self._page(self.select(asked))

    def scan(self, query: Query, page: int = 1000) -> Iterator[Page]:
        """All that a query finds, page after page, in memory of one page; its limit is how many at most."""
        left, cursor = query.limit, ""
        while left > 0:
            found = self.search(replace(query, limit=min(left, page), offset=0, cursor=cursor))
            yield found
            left -= len(found.products)
            cursor = found.next
            if not cursor:
                return

    def domains(self, collection: str = "") -> dict[str, Domain]:
        """What the products of a collection, or of all, have of each property, by its name; remembered for a
        minute."""
        return _domains(self, collection)

    def occurring(self, query: Query) -> tuple[str, ...]:
        """The names of the properties that products have which a query finds, in the order of the schema."""
        asked = solr_parameters(replace(query, cursor="", facets=()), self.properties)
        return read_occurring(self.select(asked | occurring_request(self.properties)), self.properties)

    def select(self, parameters: Mapping[str, Any], dataset_type: str = PRODUCT_TYPE) -> dict[str, Any]:
        """The answer of /select, narrowed to the datasets of a type that the user may see."""
        filters = [*parameters.get("fq", ()), *self._limits(dataset_type)]
        try:
            return self.client.select({**parameters, "fq": filters})
        except SolrError as error:
            if _TOO_COMPLEX in error.reason:
                raise BadValue("a pattern", "filter", "fewer letters that stand for any other") from error
            raise

    def editions(self, collection: str, identifier: str) -> list[Edition]:
        """All editions of a product's scene that the user may see, the latest first; none where its
        collection does not tell editions apart."""
        own = load_registry().edition(collection, identifier)
        if own is None:
            return []
        answer = self.select(
            {
                "q": "*:*",
                "fq": [any_of(SCENE, [own.scene])],
                "sort": f"{EDITION} desc, {UNIQUE_KEY} asc",
                "fl": ["id,name,title"],
                "rows": _MOST_EDITIONS,
            }
        )
        found = answer["response"]["docs"]
        return [Edition(each["id"], each["name"], each.get("title") or each["name"]) for each in found]

    def other_forms(self, product: Product, uuid: str) -> list[dict[str, Any]]:
        """Name, title, organization and eo_collection of the datasets that are other forms of a
        product; `uuid` is the id of its own dataset."""
        row = self.properties.get(ORIGINAL)
        if row is None:
            return []
        return self.select(forms_request(product, row.solr, uuid))["response"]["docs"]

    def newest_of(self, source_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Name, title and eo_start of the newest product of each harvest source that has some."""
        field = "harvest_source_id"
        request = {
            "q": "*:*",
            "fq": [any_of(field, source_ids)],
            "fl": f"name,title,{START}",
            "group": "true",
            "group.field": field,
            "group.limit": 1,
            "group.sort": f"{START} desc, {UNIQUE_KEY} asc",
            "rows": MOST_SOURCES,
        }
        groups = self.select(request)["grouped"][field]["groups"]
        return {group["groupValue"]: group["doclist"]["docs"][0] for group in groups}

    def holdings(self, collection: str = "", query: Query | None = None) -> dict[str, Holdings]:
        """Number, time and area of the products of each collection, or of one, by collection id; of those
        products only that a query finds."""
        asked = solr_parameters(query, self.properties) if query else {}
        if collection:
            asked["fq"] = [*asked.get("fq", ()), f"{COLLECTION}:{quoted(collection)}"]
        return read_holdings(self.select(holdings_request(asked)))

    def _page(self, answer: Mapping[str, Any]) -> Page:
        """The products of an answer, and how many there are in all."""
        found = answer["response"]
        datasets = [orjson.loads(document["validated_data_dict"]) for document in found["docs"]]
        products = tuple(readable_product(dataset, self.properties) for dataset in datasets)
        entries = tuple(map(entry_of, datasets, products, found["docs"]))
        return Page(products, found["numFound"], entries=entries)

    def _limits(self, dataset_type: str) -> Iterable[str]:
        yield f"site_id:{solr_literal(self.site_id)}"
        yield "state:active"
        yield f"dataset_type:{dataset_type}"
        if self.labels is not None:
            yield f"permission_labels:({' OR '.join(solr_literal(label) for label in self.labels or ('-',))})"


def catalogue_for(user: Any, *, sees_all: bool = False) -> Catalogue:
    """The catalogue as `user` may see it (a CKAN user object or None); `sees_all` for sysadmins."""
    labels = None if sees_all else tuple(get_permission_labels().get_user_dataset_labels(user))
    return Catalogue(client(), config.site_id(), config.eo_properties(), labels)


def client() -> SolrClient:
    """The client of the configured core, one a process."""
    return _client(config.solr_url(), config.solr_login(), config.solr_timeout_seconds())


def shown_fields() -> str:
    """The fields of a document that a product or collection, and what is known of it, are made of; what users
    say where that plugin is on, though documents may still tell of it where it was."""
    said = FEEDBACK.values() if plugin_loaded("nextgeoss_feedback") else ()
    return ",".join(("validated_data_dict", *said))


@remembered_for(60)
def core() -> Core:
    """What the configured core knows of our fields, asked once a minute."""
    return read_core(client())


def site_boost() -> str:
    """The function of Solr that the score of words is multiplied with; "" unless the site wants one."""
    rating, metadata = config.search_boost()
    return boost_function(rating, metadata, core().fields) if rating or metadata else ""


@cache
def _client(url: str, login: tuple[str, str] | None, timeout: int) -> SolrClient:
    return SolrClient(url, login, timeout)


@remembered_for(60, most=256)
def _domains(catalogue: Catalogue, collection: str) -> dict[str, Domain]:
    filters = [f"{COLLECTION}:{quoted(collection)}"] if collection else []
    asked = domains_request(catalogue.properties, filters)
    return read_domains(catalogue.select(asked), catalogue.properties)


def _counts(answer: dict[str, Any], field: str) -> tuple[tuple[str, int], ...]:
    flat = answer["facet_counts"]["facet_fields"][field]
    return tuple(zip(flat[::2], flat[1::2], strict=True))
