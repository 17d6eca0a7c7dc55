"""Our own catalogue: the same question as to any remote one, answered by Solr for the user who asks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from time import monotonic
from typing import Any

from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.query import solr_literal

from .. import config
from ..eo.collection import load_registry
from ..eo.errors import BadValue
from ..eo.forms import ORIGINAL
from ..eo.page import Page
from ..eo.product import Product
from ..eo.properties import Properties
from ..eo.query import Query
from ..package import PRODUCT_TYPE
from .fields import COLLECTION, EDITION, SCENE, START
from .holdings import Holdings, holdings_request, read_holdings
from .index import readable_product
from .other_forms import forms_request
from .query import UNIQUE_KEY, any_of, facet_field, quoted, solr_parameters
from .schema import Core, read_core
from .solr import SolrClient, SolrError

MOST_SOURCES = 1000
_REMEMBER_CORE = 60.0
_MOST_EDITIONS = 50
_core: tuple[float, Core | None] = (0.0, None)


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
    properties: Properties
    labels: tuple[str, ...] | None = ()

    def search(self, query: Query) -> Page:
        """The page of products a query asks for, with the exact number of all; BadValue when none can."""
        properties = self.properties
        parameters = solr_parameters(query, properties)
        parameters["fq"] = [*parameters["fq"], *self._limits()]
        parameters["fl"] = "validated_data_dict"
        try:
            answer = self.client.select(parameters)
        except SolrError as error:
            if query.cursor and "cursorMark" in error.reason:
                raise BadValue(query.cursor, "cursor", "what the page before said as next") from error
            raise
        found = answer["response"]
        cursor = answer.get("nextCursorMark", "")
        more = cursor != (query.cursor or "*") and len(found["docs"]) == query.limit
        return Page(
            products=tuple(_product(document, properties) for document in found["docs"]),
            total=found["numFound"],
            next=cursor if more else "",
            facets={name: _counts(answer, facet_field(name, properties)) for name in query.facets},
        )

    def editions(self, collection: str, identifier: str) -> list[Edition]:
        """All editions of a product's scene that the user may see, the latest first; none where its
        collection does not tell editions apart."""
        own = load_registry().edition(collection, identifier)
        if own is None:
            return []
        answer = self.client.select(
            {
                "q": "*:*",
                "fq": [any_of(SCENE, [own.scene]), *self._limits()],
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
        request = forms_request(product, row.solr, uuid)
        request["fq"] = [*request["fq"], *self._limits()]
        return self.client.select(request)["response"]["docs"]

    def newest_of(self, source_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Name, title and eo_start of the newest product of each harvest source that has some."""
        field = "harvest_source_id"
        request = {
            "q": "*:*",
            "fq": [any_of(field, source_ids), *self._limits()],
            "fl": f"name,title,{START}",
            "group": "true",
            "group.field": field,
            "group.limit": 1,
            "group.sort": f"{START} desc, {UNIQUE_KEY} asc",
            "rows": MOST_SOURCES,
        }
        groups = self.client.select(request)["grouped"][field]["groups"]
        return {group["groupValue"]: group["doclist"]["docs"][0] for group in groups}

    def holdings(self, collection: str = "") -> dict[str, Holdings]:
        """Number, time and area of the products of each collection, or of one, by collection id."""
        filters = list(self._limits())
        if collection:
            filters.append(f"{COLLECTION}:{quoted(collection)}")
        return read_holdings(self.client.post("/select", holdings_request(filters)))

    def _limits(self) -> Iterable[str]:
        yield f"site_id:{solr_literal(self.site_id)}"
        yield "state:active"
        yield f"dataset_type:{PRODUCT_TYPE}"
        if self.labels is not None:
            yield f"permission_labels:({' OR '.join(solr_literal(label) for label in self.labels or ('-',))})"


def catalogue_for(user: Any, *, sees_all: bool = False) -> Catalogue:
    """The catalogue as `user` may see it (a CKAN user object or None); `sees_all` for sysadmins."""
    labels = None if sees_all else tuple(get_permission_labels().get_user_dataset_labels(user))
    return Catalogue(client(), config.site_id(), config.eo_properties(), labels)


def client() -> SolrClient:
    """The client of the configured core, one a process."""
    return _client(config.solr_url(), config.solr_login(), config.solr_timeout_seconds())


def core() -> Core:
    """What the configured core knows of our fields, asked once a minute."""
    global _core
    until, found = _core
    if found is None or monotonic() >= until:
        found = read_core(client())
        _core = monotonic() + _REMEMBER_CORE, found
    return found


def forget_core() -> None:
    """Ask the core again when it is next needed."""
    global _core
    _core = (0.0, None)


@cache
def _client(url: str, login: tuple[str, str] | None, timeout: int) -> SolrClient:
    return SolrClient(url, login, timeout)


def _product(document: dict[str, Any], properties: Properties) -> Product:
    return readable_product(json.loads(document["validated_data_dict"]), properties)


def _counts(answer: dict[str, Any], field: str) -> tuple[tuple[str, int], ...]:
    flat = answer["facet_counts"]["facet_fields"][field]
    return tuple(zip(flat[::2], flat[1::2], strict=True))
