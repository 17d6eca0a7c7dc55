"""Our OGC API Records as an OpenAPI 3.0 document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..property import Property
from . import openapi
from .ogc_openapi import (
    BOTH,
    COUNT,
    Told,
    collections_schemas,
    common_parameters,
    common_paths,
    common_schemas,
    items_schemas,
    parameters,
    paths,
    row_parameter,
    schema_paths,
)
from .openapi import OBJECT, TEXT, TEXTS, Schema, path_parameter, record
from .records_api import CATALOG
from .site import Site
from .stac_write import GEOJSON, HTML, JSON


def document(
    site: Site,
    *,
    names: Sequence[str],
    of_collections: Sequence[str],
    of_list: Sequence[str],
    rows: Mapping[str, Property],
    collection_rows: Mapping[str, Property],
    deepest: int,
) -> dict[str, Any]:
    """What is served at `/records`: `names` are the parameters of records of products, `of_collections` those
    of records of collections, `of_list` those of the list of catalogues; `rows` and `collection_rows` are the
    properties among them, `deepest` is the greatest offset."""
    asked = {name: row_parameter(name, row, "records") for name, row in {**rows, **collection_rows}.items()}
    told = parameters(_parameters(deepest))
    return openapi.document(
        f"{site.base}/records",
        paths(_paths(names, of_collections, of_list)),
        title=f"{site.title}: OGC API Records",
        description="Records of products of Earth observation and of their collections, in catalogues.",
        # what records have by themselves goes before properties of the same name
        components={"schemas": _schemas(), "parameters": asked | told},
    )


def _paths(names: Sequence[str], of_collections: Sequence[str], of_list: Sequence[str]) -> Iterator[Told]:
    named, one = (path_parameter("catalogId", "the catalogue"),), path_parameter("recordId", "the record")
    kinds, about = (GEOJSON, JSON, HTML), (CATALOG, JSON, HTML)
    page, record_ = "recordCollectionGeoJSON", "recordGeoJSON"
    profiled, placed = ("f", "profile"), ("f", "profile", "crs")
    within, series = "/collections/{catalogId}", "/collections/collections"
    yield from common_paths()
    yield "/collections", "catalogs", "Catalogues.", "catalogs", ("f", *of_list), (), BOTH
    yield within, "catalog", "One catalogue.", "catalog", profiled, named, about
    yield f"{within}/items", "items", "Records of a catalogue.", page, ("f", *names), named, kinds
    yield f"{within}/items/{{recordId}}", "record", "One record.", record_, placed, (*named, one), kinds
    yield from schema_paths(within, named, "records")
    yield series, "catalogOfCollections", "The catalogue of collections.", "catalog", profiled, (), about
    of_items = ("f", *of_collections)
    yield f"{series}/items", "collectionItems", "Records of collections.", page, of_items, (), kinds
    own = f"{series}/items/{{recordId}}"
    yield own, "collectionRecord", "The record of a collection.", record_, placed, (one,), kinds
    yield from schema_paths(series, (), "records of collections", "OfCollections")


def _parameters(deepest: int) -> dict[str, tuple[str, Schema]]:
    offset: Schema = {"type": "integer", "minimum": 0, "maximum": deepest, "default": 0}
    return common_parameters() | {
        "q": ("Texts of which one is found; the words of a text stand side by side.", TEXTS),
        "type": (
            "Kinds of things that are described: `dataset` for products, `series` for collections.",
            TEXTS,
        ),
        "ids": ("Identifiers of records.", TEXTS),
        "externalIds": (
            "Identifiers that others gave: each as scheme:value, value or scheme. Schemes are the names of "
            "providers, and `doi`.",
            TEXTS,
        ),
        "facets": (
            "Names of /queryables whose values are counted over all records found, or `true` for the usual "
            "ones.",
            TEXTS,
        ),
        "profile": ("Profiles that are wanted; there is one, which the answer links.", TEXTS),
        "offset": ("How many records come before the page; not together with token.", offset),
    }


def _schemas() -> dict[str, Any]:
    order = record(("field", "direction"), field=TEXT, direction={"type": "string", "enum": ["asc", "desc"]})
    kind: Schema = {"type": "string", "enum": ["Collection"]}
    schemas: dict[str, Any] = {
        **common_schemas(),
        **collections_schemas(
            "catalog", "catalogs", type=kind, keywords=TEXTS, license=TEXT,
            defaultSortOrder={"type": "array", "items": order},
        ),
        **items_schemas(
            "recordGeoJSON", "recordCollectionGeoJSON", ("id", "type", "geometry", "properties", "links"),
            time=OBJECT | {"nullable": True}, conformsTo=TEXTS,
        ),
    }  # fmt: skip
    listed = schemas["catalogs"]["properties"]
    listed |= {"recordsArrayName": TEXT, "numberMatched": COUNT, "numberReturned": COUNT}
    schemas["recordCollectionGeoJSON"]["properties"]["facets"] = OBJECT
    return schemas
