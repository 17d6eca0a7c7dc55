"""Our OGC API Features as an OpenAPI 3.0 document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..property import Property
from . import openapi
from .ogc_openapi import (
    BOTH,
    F,
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
from .openapi import path_parameter
from .site import Site
from .stac_write import GEOJSON, HTML, JSON


def document(site: Site, names: Sequence[str], rows: Mapping[str, Property]) -> dict[str, Any]:
    """What is served at `/features`; `names` are the parameters of items, `rows` properties among them."""
    asked = {name: row_parameter(name, row, "features") for name, row in rows.items()}
    return openapi.document(
        f"{site.base}/features",
        paths(_paths(names)),
        title=f"{site.title}: OGC API Features",
        description="Products of Earth observation as features, in collections.",
        components={"schemas": _schemas(), "parameters": parameters(common_parameters()) | asked},
    )


def _paths(of_items: Sequence[str]) -> Iterator[Told]:
    named = (path_parameter("collectionId", "the collection"),)
    one = (*named, path_parameter("featureId", "the feature"))
    within, items = "/collections/{collectionId}", "featureCollectionGeoJSON"
    kinds = (GEOJSON, JSON, HTML)
    yield from common_paths()
    yield "/collections", "collections", "Collections.", "collections", F, (), BOTH
    yield within, "collection", "One collection.", "collection", F, named, BOTH
    yield f"{within}/items", "items", "Features of a collection.", items, ("f", *of_items), named, kinds
    yield (
        f"{within}/items/{{featureId}}",
        "feature",
        "One feature.",
        "featureGeoJSON",
        ("f", "crs"),
        one,
        kinds,
    )
    yield from schema_paths(within, named, "features")


def _schemas() -> dict[str, Any]:
    required = ("type", "geometry", "properties", "links")
    return {
        **common_schemas(),
        **collections_schemas("collection", "collections"),
        **items_schemas("featureGeoJSON", "featureCollectionGeoJSON", required),
    }
