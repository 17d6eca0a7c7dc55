"""Actions on products: search, show, resolve to links; answered by Solr alone."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from ckan.types import Context

from ..eo.conditions import one_of, values_of
from ..eo.downloads import downloads
from ..eo.errors import BadValue
from ..eo.formats import product_json
from ..eo.formats.stac_aggregation import write_aggregation
from ..eo.page import Page
from ..eo.parameters import texts
from ..search.aggregation import TIMES, TOTAL, aggregate, aggregations, checked_interval, named, offered
from ..search.lookup import Found, find_products
from ..search.parameters import catalogue_query
from . import schema
from .caller import catalogue_of, errors_told

MOST_IDS = 1000
# what CKAN's own clients send along
_CKANS = ("include_private", "include_drafts", "use_default_schema")

_OF_AGGREGATION = ("aggregations", f"{TIMES}_interval")


@toolkit.side_effect_free
def product_search(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the products that all these parameters ask for, with the exact number of them.

    Lists may be given as such, or in an address as text with commas between. All other APIs give the same
    products in the same order.

    :param q: words that must all be found, by what else they are called, too; words between quotes stand
        side by side and are meant as they are
    :param id: identifiers of products, or ids of their datasets (list)
    :param collection: ids or other names of collections (list)
    :param bbox: west, south, east, north in degrees; west may be greater than east, across 180 degrees
    :param geometry: an area as WKT or as a GeoJSON object, longitude first
    :param relation: what the footprint does to the area: intersects, within, contains, disjoint
    :param start: the acquisition is not before this time or date
    :param end: the acquisition is not after this time, or the end of this date
    :param time_relation: what the time does to the one asked for: intersects, within, contains, disjoint,
        equals
    :param access: online, offline, sign-in (list)
    :param provider: names of organizations (list)
    :param topic: names of groups (list)
    :param latest: true for only the latest of several editions of one scene
    :param fit_first: a field of application; what users found fit for it comes first
    :param <property>: its value, several ones (list), or a range low..high; every row of the schema is such a
        parameter, and `title`, `metadata_created`, `metadata_modified`
    :param <property>_min: its least value; for numbers and times
    :param <property>_max: its greatest value
    :param sort: names, each alone, with `-` before or ` desc` after it (list; newest first, or the best match
        for words)
    :param limit: how many at most (20; from 0 up to 1000)
    :param offset: how many to leave out (0; up to 10000, go on by `cursor`)
    :param cursor: `next_cursor` of the answer before; all else as it was
    :param facets: names of which the values are counted (list)
    :returns: `count`; `results`, products as `product_show` gives them; `next_cursor`, null at the end and
        after an `offset`; `facets`, by name a list of `value` and `count`
    """
    toolkit.check_access("product_search", context, data_dict)
    catalogue = catalogue_of(context)
    asked = {name: value for name, value in data_dict.items() if name not in _CKANS}
    with errors_told():
        page = catalogue.search(catalogue_query(asked, catalogue.properties))
    return {
        "count": page.total,
        "results": _results(page),
        "next_cursor": page.next or None,
        "facets": {
            name: [{"value": value, "count": count} for value, count in counts]
            for name, counts in page.facets.items()
        },
    }


@toolkit.side_effect_free
@toolkit.validate_action_data(schema.product_show_schema)
def product_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return one product. One that the caller may not see is not found.

    :param id: id or name of the dataset, or the provider's identifier, with or without packaging (`.SAFE`)
    :param collection: id of the collection; needed where several have a product of this identifier
    :returns: `id` (the provider's identifier), `collection`, `title`, `uuid` and `name` (of the dataset),
        `provider` (name of the organization), `provider_title`, `access` (online, offline, sign-in),
        `private`, `start`, `end` (RFC 3339), `geometry` (GeoJSON), `bbox` (west, south, east, north),
        `properties` (typed, by the names of the schema), `assets` (`key`, `href`, `roles`, `title`,
        `media_type`, `size` in bytes, `checksum` as algorithm:hex, `access`, `provider`),
        `metadata_created`, `metadata_modified`, `feedback` (what users and automatic checks say: `average`,
        `ratings`, `items`, `latest`, `open_issues`, `fit_for`, `publications`, `metadata_score`,
        `metadata_band`); what is not known is null
    """
    toolkit.check_access("product_show", context, data_dict)
    name, collection = data_dict["id"], data_dict.get("collection") or ""
    with errors_told():
        found = find_products(catalogue_of(context), [name], collection)[name]
    if not found:
        raise toolkit.ObjectNotFound(f"there is no product {name}")
    if len(found) > 1:
        ids = ", ".join(entry.uuid for _, entry in found[:5])
        reason = f"{len(found)} products are called {name}; give their collection, or one of the ids {ids}"
        raise toolkit.ValidationError({"id": [reason]})
    return product_json.write(*found[0])


@toolkit.side_effect_free
def product_resolve(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return where the data of many products can be fetched, the best link first.

    :param ids: up to 1000 ids or names of datasets or identifiers of providers, with or without packaging
        (list)
    :param collection: id of the collection that all are in (optional)
    :param roles: roles of the files (list; data)
    :returns: for each id, in order, `asked`, `found` (false for products that do not exist or may not be
        seen), and `products`: those of this name, each with `uuid`, `name`, `id`, `collection`, `access` and
        `links` as the `assets` of `product_show`: data before other files, online before those that ask for
        a sign-in, then in the order that the dataset keeps; none when the product is offline
    """
    toolkit.check_access("product_resolve", context, data_dict)
    with errors_told():
        given = texts({name: value for name, value in data_dict.items() if name not in _CKANS})
        for name in given:
            if name not in ("ids", "collection", "roles"):
                raise BadValue(name, name, "one of ids, collection, roles")
        ids = values_of(given, "ids", apart=True)
        if not 0 < len(ids) <= MOST_IDS:
            raise BadValue(len(ids), "ids", f"from 1 up to {MOST_IDS} ids")
        collection = "".join(values_of(given, "collection")[:1])
        found = find_products(catalogue_of(context), ids, collection)
    roles = values_of(given, "roles", apart=True)
    return [_resolved(name, found[name], roles) for name in ids]


@toolkit.side_effect_free
def product_aggregate(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return counts and ends over all products that the parameters of `product_search` ask for; those about
    the page and its order change nothing.

    :param aggregations: names (list; total_count): `total_count`; `<name>_frequency`, how many products have
        each value, or one in each range or period; `<name>_min` and `<name>_max` of numbers and times. A name
        is that of a property, or collection, provider, topic, access, datetime, end_datetime
    :param datetime_frequency_interval: year, month, week, day, hour, minute or second (optional; one that
        suits the products)
    :returns: `aggregations`, in the order asked for, each with `name`, `data_type`, and `value` or `buckets`
        (`key`, `frequency`, of numbers `from`, included, and `to`, not included) with `overflow`, the number
        of products in none of them
    """
    toolkit.check_access("product_aggregate", context, data_dict)
    catalogue = catalogue_of(context)
    asked = {name: value for name, value in data_dict.items() if name not in _CKANS}
    with errors_told():
        query = catalogue_query(asked, catalogue.properties, _OF_AGGREGATION)
        own = texts({name: asked[name] for name in _OF_AGGREGATION if name in asked})
        names = values_of(own, _OF_AGGREGATION[0], apart=True) or (TOTAL,)
        known = aggregations(catalogue.properties)
        wanted = named(names, known, lambda: offered(catalogue.domains(), catalogue.properties))
        interval = checked_interval(one_of(own, _OF_AGGREGATION[1]))
        found = aggregate(catalogue, query, wanted, interval)
    return {"aggregations": [write_aggregation(each) for each in found]}


def _results(page: Page) -> list[dict[str, Any]]:
    return [product_json.write(*pair) for pair in zip(page.products, page.entries, strict=True)]


def _resolved(asked: str, found: list[Found], roles: tuple[str, ...]) -> dict[str, Any]:
    products = [
        {
            "uuid": entry.uuid,
            "name": entry.name,
            "id": product.id,
            "collection": product.collection,
            "access": entry.access,
            "links": [product_json.write_download(each) for each in downloads(product, entry, roles)],
        }
        for product, entry in found
    ]
    return {"asked": asked, "found": bool(found), "products": products}
