"""Our actions: collections with what the catalogue holds of them, and those of the modules beside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from ..eo.held import Holdings
from ..eo.temporal import format_time
from ..package import COLLECTION_TYPE, ORDINARY_TYPE
from ..search.catalogue import core
from ..search.collection_orders import collection_order
from ..search.fields import FIT_FOR
from ..search.moved import moved_to
from ..search.named import collection_named
from ..search.query import quoted
from ..search.solr import SolrError
from . import schema
from .caller import catalogue_of
from .products import product_aggregate, product_resolve, product_search, product_show
from .saved_searches import (
    saved_search_check,
    saved_search_create,
    saved_search_delete,
    saved_search_list,
    saved_search_run,
    saved_search_show,
    saved_search_update,
)

__all__ = [
    "collection_list",
    "collection_show",
    "package_show",
    "product_aggregate",
    "product_resolve",
    "product_search",
    "product_show",
    "saved_search_check",
    "saved_search_create",
    "saved_search_delete",
    "saved_search_list",
    "saved_search_run",
    "saved_search_show",
    "saved_search_update",
    "scheming_dataset_schema_show",
]


# fields of application that a list of collections tells of
_MOST_DOMAINS = 50


@toolkit.chained_action
@toolkit.side_effect_free
def package_show(next_action: Any, context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return a dataset; the id and the name that it had before it moved find it, too."""
    old = str(data_dict.get("id") or "")
    try:
        shown = next_action(context, data_dict)
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        new = moved_to(model.Session(), old)
        if not new:
            raise
    else:
        # the old one is deleted, which those who may do everything would see
        is_old = shown.get("state") == "deleted" and shown.get("type") == "dataset"
        new = moved_to(model.Session(), old) if is_old else ""
        if not new:
            return shown
    return next_action(context, {**data_dict, "id": new})


@toolkit.side_effect_free
@toolkit.validate_action_data(schema.collection_list_schema)
def collection_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the collections, each with the number, time and area of its products.

    :param q: words to look for (optional)
    :param owner_org: id or name of the organization that provides them (optional)
    :param sort: title; rating (the best by users first), reviews (the most of them), feedback (what was
        spoken of last first) (title)
    :param fit_first: a field of application: what users found fit for it comes first (optional)
    :param offset: how many to leave out (0)
    :param limit: how many at most (1000)
    :returns: `count`, `fit_for`: the fields of application for which users found any of them fit, and
        `results`: datasets with `product_count`, `products_start`, `products_end` (RFC
        3339) and `products_bbox` (west, south, east, north), the last three None when no product has them
    """
    toolkit.check_access("collection_list", context, data_dict)
    domain = data_dict.get("fit_first", "").strip().lower()
    filters = f"+dataset_type:{COLLECTION_TYPE}"
    if data_dict.get("owner_org"):
        filters += f" +organization:{quoted(_organization_name(data_dict['owner_org']))}"
    search = {
        "q": data_dict.get("q", ""),
        "fq": filters,
        "sort": collection_order(data_dict["sort"], domain),
        "facet.field": _told_of(FIT_FOR),
        "facet.limit": _MOST_DOMAINS,
        "start": data_dict["offset"],
        "rows": data_dict["limit"],
        "include_private": True,
    }
    found = toolkit.get_action("package_search")(toolkit.fresh_context(context), search)
    holdings = catalogue_of(context).holdings()
    results = [_with_holdings(dataset, holdings) for dataset in found["results"]]
    domains = found["search_facets"].get(FIT_FOR, {}).get("items", ())
    return {
        "count": found["count"],
        "fit_for": sorted(each["name"] for each in domains),
        "results": results,
    }


@toolkit.side_effect_free
@toolkit.validate_action_data(schema.collection_show_schema)
def collection_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return one collection with the number, time and area of its products, as `collection_list` gives it.

    :param id: id or name of the dataset, or the collection's own identifier or an alias of it
    """
    package_id = _package_id(data_dict["id"])
    toolkit.check_access("collection_show", context, {"id": package_id})
    dataset = toolkit.get_action("package_show")(toolkit.fresh_context(context), {"id": package_id})
    return _with_holdings(dataset, catalogue_of(context).holdings(dataset["collection_id"]))


def _told_of(field: str) -> list[str]:
    """A field that is counted by, where the index has it."""
    try:
        return [field] if field in core().fields else []
    except SolrError:
        return []  # the search tells that the index does not answer


def _with_holdings(dataset: Mapping[str, Any], holdings: Mapping[str, Holdings]) -> dict[str, Any]:
    held = holdings.get(dataset.get("collection_id", ""), Holdings())
    return {
        **dataset,
        "product_count": held.count,
        "products_start": format_time(held.time.start) if held.time.start else None,
        "products_end": format_time(held.time.end) if held.time.end else None,
        "products_bbox": list(held.bbox) if held.bbox else None,
    }


def _package_id(name: str) -> str:
    """The dataset meant by `name`; NotFound when there is none of type `eo_collection`."""
    package = model.Package.get(name) or model.Package.get(collection_named(model.Session(), name))
    if package is None or package.type != COLLECTION_TYPE:
        raise toolkit.ObjectNotFound(f"{name} is no collection")
    return package.id


def _organization_name(name: str) -> str:
    group = model.Group.get(name)
    return group.name if group else name


@toolkit.chained_action
@toolkit.side_effect_free
def scheming_dataset_schema_show(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Return the schema of a type of datasets; that of ordinary ones, which need none here, is empty then:
    ckanext-dcat asks for it before it writes any dataset, and writes none where it is not found.

    :param type: the type of dataset
    :param expanded: whether presets are filled in (true)
    """
    try:
        return next_action(context, data_dict)
    except toolkit.ObjectNotFound:
        if data_dict.get("type") != ORDINARY_TYPE:
            raise
        return {}
