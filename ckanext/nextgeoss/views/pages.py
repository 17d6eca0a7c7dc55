"""The pages for people: search, product, collections; one context each, no queries in templates."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ckan import model
from ckan.lib.search import SearchError, SearchQueryError
from ckan.plugins import plugin_loaded, toolkit
from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from .. import config
from ..eo.forms import ORIGINAL
from ..eo.product import Product
from ..package import COLLECTION_TYPE, PRODUCT_TYPE
from ..search.catalogue import Edition, core, site_boost
from ..search.collection_orders import ORDERS, TITLE
from ..search.fields import MAX_TEXT
from ..search.moved import moved_to
from ..search.query import fit_order
from ..search.solr import SolrError
from ..search.words import WORDS_IN, terms
from . import search_page
from .caller import catalogue_of_caller, context
from .collection_page import collection_page, entry
from .forms import ROWS, SORTS, facet_fields, known_sorts
from .product_page import product_page
from .search_page import Chip, SearchPage
from .search_state import Asked, State, read_state

log = logging.getLogger(__name__)

blueprint = Blueprint("nextgeoss_pages", __name__)

_MOST_VALUES = 50
# how many filters are tried without when nothing was found
_MOST_TRIED = 6


@blueprint.get("/dataset/")
def search() -> tuple[str, int]:
    """Datasets of all types by words, place, time and EO properties."""
    state, path = State.of(request.args.items(multi=True)), toolkit.url_for("nextgeoss_pages.search")
    page, status = _search_page(state, path)
    return toolkit.render("nextgeoss/search.html", {"page": page}), status


@blueprint.get("/dataset/<id>")
def product(id: str) -> Any:
    """The page of a product; datasets of other types have CKAN's own."""
    kind, state = _type_of(id)
    if (not kind or state == "deleted") and (new := moved_to(model.Session(), id)):
        return _moved("product", id=_shown("package_show", new)["name"])
    if kind == COLLECTION_TYPE:
        return _moved("collection", id=id)
    if kind != PRODUCT_TYPE:
        return _ckan_page("dataset.read", package_type="dataset", id=id)
    dataset = _shown("package_show", id)
    if id != dataset["name"]:
        return _moved("product", id=dataset["name"])
    page = product_page(
        dataset,
        config.eo_properties(),
        _editions(dataset),
        may_edit=_may_edit(dataset),
        other_forms=_other_forms,
    )
    return toolkit.render("nextgeoss/product.html", {"page": page})


@blueprint.get("/collection")
def collections() -> str:
    """All collections, with what the catalogue holds of each."""
    known, titles = known_sorts(_known()), search_page.sort_titles()
    sorts = {name: titles[name] for name in ORDERS if name in known}
    sort, domain = request.args.get("sort", ""), request.args.get("fit_first", "").strip().lower()
    is_told = len(sorts) > 1  # by what users say, where the plugin of feedback is on
    asked = {
        "sort": sort if sort in sorts else TITLE,
        "fit_first": domain[:MAX_TEXT] if is_told else "",
    }
    found = toolkit.get_action("collection_list")(context(), asked)
    domains = sorted({*found["fit_for"], *filter(None, [asked["fit_first"]])}) if is_told else []
    page = {
        "entries": [entry(dataset) for dataset in found["results"]],
        "sorts": sorts if is_told else {}, "asked": asked, "domains": domains,
    }  # fmt: skip
    return toolkit.render("nextgeoss/collections.html", page)


@blueprint.get("/collection/<id>")
def collection(id: str) -> Any:
    """The page of a collection."""
    dataset = _shown("collection_show", id)
    if id != dataset["name"]:
        return _moved("collection", id=dataset["name"])
    page = collection_page(dataset, config.eo_properties(), may_edit=_may_edit(dataset))
    return toolkit.render("nextgeoss/collection.html", {"page": page})


@blueprint.get(f"/{PRODUCT_TYPE}/<id>")
def ckan_product(id: str) -> Response:
    """CKAN's own address of a product."""
    return _moved("product", id=id)


@blueprint.get(f"/{PRODUCT_TYPE}/")
def ckan_products() -> Response:
    """CKAN's own address of the list of products."""
    return redirect(
        State.of(request.args.items(multi=True)).url(toolkit.url_for("nextgeoss_pages.search")), 301
    )


@blueprint.get(f"/{COLLECTION_TYPE}/<id>")
def ckan_collection(id: str) -> Response:
    """CKAN's own address of a collection."""
    return _moved("collection", id=id)


@blueprint.get(f"/{COLLECTION_TYPE}/")
def ckan_collections() -> Response:
    """CKAN's own address of the list of collections."""
    return _moved("collections")


def _search_page(state: State, path: str) -> tuple[SearchPage, int]:
    """The page and its HTTP status: 400 for a search that cannot be understood, 503 when Solr is away."""
    properties = config.eo_properties()
    page = SearchPage(state=state, asked=Asked(), path=path)
    try:
        known = _known()
        page = replace(
            page, asked=read_state(state, properties, known_sorts(known)), orders=known_sorts(known)
        )
        fields = facet_fields(properties, known)
        answer = {} if page.asked.errors else _answer(page.asked, fields.values())
    except SearchQueryError as error:
        return replace(page, failure=str(error)), 400
    except (SearchError, SolrError):
        return replace(page, failure=toolkit._("The search is not available at the moment.")), 503
    facets = search_page.facets(state, path, fields, answer.get("search_facets", {}), properties)
    chips = search_page.chips(state, path, facets, properties)
    if page.asked.errors:
        return replace(page, chips=chips), 400
    found = search_page.results(answer["results"], properties)
    if not answer["count"]:
        chips = tuple(_without(chip) for chip in chips[:_MOST_TRIED]) + chips[_MOST_TRIED:]
    return replace(page, count=answer["count"], facets=facets, chips=chips, **found), 200


def _known() -> set[str]:
    """The fields that a search can have: those of feedback where its plugin is on."""
    there = plugin_loaded("nextgeoss_feedback")
    return {name for name in core().fields if there or not name.startswith("guf_")}


def _answer(asked: Asked, facets: Iterable[str], rows: int = ROWS) -> dict[str, Any]:
    found = terms(asked.query.words)
    boost = site_boost() if found else ""
    search = {
        "q": found or "*:*",
        # all words must be found, whatever CKAN thinks of long searches
        **({"defType": "edismax", "qf": WORDS_IN, "mm": "100%"} if found else {}),
        **({"boost": boost} if boost else {}),
        "fq_list": [*asked.filters, *asked.plain],
        "sort": ", ".join(filter(None, (fit_order(asked.query.fit_first), SORTS[asked.sort]))),
        "rows": rows,
        "start": (asked.page - 1) * ROWS,
        "facet.field": list(facets),
        "facet.limit": _MOST_VALUES,
        "include_private": toolkit.config["ckan.search.default_include_private"],
    }
    return toolkit.get_action("package_search")(context(), search)


def _without(chip: Chip) -> Chip:
    """The chip with the number that would be found without it."""
    asked = read_state(chip.state, config.eo_properties())
    return replace(chip, count=_answer(asked, (), rows=0)["count"])


def _editions(dataset: dict[str, Any]) -> list[Edition]:
    """The editions of a product's scene that the caller may see; none when Solr is away."""
    try:
        return catalogue_of_caller().editions(dataset["collection_id"], dataset["identifier"])
    except SolrError:
        return []


def _other_forms(product: Product, uuid: str) -> list[dict[str, Any]]:
    """What the caller may see of other forms of a product; nothing while Solr is away or lacks our fields."""
    try:
        if config.eo_properties()[ORIGINAL].solr not in core().fields:
            return []
        return catalogue_of_caller().other_forms(product, uuid)
    except SolrError as error:
        log.warning("Other forms of a product could not be looked for: %s", error)
        return []


def _type_of(id: str) -> tuple[str, str]:
    """Type and state of the dataset of this id or name; empty when there is none."""
    package = model.Package
    query = model.Session.query(package.type, package.state)
    row = query.filter((package.name == id) | (package.id == id)).first()
    return (row[0], row[1]) if row else ("", "")


def _shown(action: str, id: str) -> dict[str, Any]:
    """What the caller may see of a dataset; else the same answer as for one that does not exist."""
    try:
        return toolkit.get_action(action)(context(), {"id": id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return toolkit.abort(404, toolkit._("Dataset not found or you have no permission to view it"))


def _may_edit(dataset: dict[str, Any]) -> bool:
    try:
        return toolkit.check_access("package_update", context(), {"id": dataset["id"]})
    except toolkit.NotAuthorized:
        return False


def _moved(view: str, **parts: str) -> Response:
    return redirect(toolkit.url_for(f"nextgeoss_pages.{view}", **parts), 301)


def _ckan_page(endpoint: str, **parts: str) -> Any:
    """CKAN's page, told that it was asked for by its own rule: its tabs look there for what is open."""
    request.url_rule = next(current_app.url_map.iter_rules(endpoint))
    return current_app.view_functions[endpoint](**parts)
