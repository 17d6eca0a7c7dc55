"""The part of the OpenAPI document of our STAC API that tells how items and collections are changed."""

from __future__ import annotations

from typing import Any

from .stac_write import GEOJSON, JSON

Schema = dict[str, Any]
_PATCH = "application/merge-patch+json"
_REASONS = {
    "400": "A body that cannot be used; the member is named.",
    "401": "No API token.",
    "403": "The caller may not change this.",
    "404": "There is no such thing, or not for the caller.",
    "409": "It is there already; of a collection that is deleted, it has items.",
    "412": "It has been changed since the ETag in If-Match.",
    "413": "Too large, or more than 1000 items.",
    "415": "A media type that is not read.",
}
_SECURITY = "apiToken"
_DELETE = {
    "item": "Delete the item; without If-Match it is well if there is none in a collection of the caller's.",
    "collection": "Delete the collection.",
}


def security_schemes() -> dict[str, Any]:
    """How callers are known."""
    described = "An API token of CKAN."
    return {_SECURITY: {"type": "apiKey", "in": "header", "name": "Authorization", "description": described}}


def add_transactions(paths: dict[str, Any]) -> None:
    """Add the methods that change something to the paths of what they change."""
    collections, one = "/collections", "/collections/{collectionId}"
    items, item = f"{one}/items", f"{one}/items/{{itemId}}"
    _add(paths, collections, "post", "createCollection", "Make a collection.", "collection", [JSON])
    _add(paths, items, "post", "createItems", "Make an item, or each of an item collection.", "object",
         [GEOJSON, JSON], (_method(),))  # fmt: skip
    for path, what, schema, kinds in (
        (one, "collection", "collection", [JSON]),
        (item, "item", "item", [GEOJSON, JSON]),
    ):
        name, tag = what.capitalize(), (_if_match(),)
        _add(paths, path, "put", f"replace{name}", f"Make the {what} say this.", schema, kinds, tag)
        _add(paths, path, "patch", f"change{name}", f"Merge this into the {what} (RFC 7386).", "object",
             [_PATCH, *kinds], tag)  # fmt: skip
        _add(paths, path, "delete", f"delete{name}", _DELETE[what], "", [], tag)


def _add(
    paths: dict[str, Any], path: str, method: str, name: str, summary: str, schema: str, kinds: list[str],
    parameters: tuple[Schema, ...] = (),
) -> None:  # fmt: skip
    told = paths[path]
    operation: Schema = {
        "operationId": name,
        "summary": summary,
        "security": [{_SECURITY: []}],
        "parameters": [*_of_path(told), *parameters],
        "responses": _responses(method, path),
    }
    if kinds:
        content = {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}} for kind in kinds}
        operation["requestBody"] = {"content": content, "required": True}
    told[method] = operation


def _of_path(told: Schema) -> list[Schema]:
    return [each for each in told["get"].get("parameters", ()) if each.get("in") == "path"]


def _responses(method: str, path: str) -> Schema:
    problem = {JSON: {"schema": {"$ref": "#/components/schemas/exception"}}}
    some = {"content": {JSON: {"schema": {"type": "object"}}, GEOJSON: {"schema": {"type": "object"}}}}
    done: Schema = {"204": {"description": "It is done."}}
    if method == "post":
        location = {"Location": {"schema": {"type": "string"}, "description": "Of the one that was made."}}
        done = {"201": {"description": "What was made.", "headers": location} | some}
        if path.endswith("/items"):
            done["200"] = {"description": "By method=upsert: nothing was new."} | some
    left_out = {"post": ("412",), "delete": ("413", "415")}.get(method, ("409",))
    reasons = {status: why for status, why in _REASONS.items() if status not in left_out}
    told = {status: {"description": why, "content": problem} for status, why in reasons.items()}
    return {**done, **told, "default": {"description": "An error.", "content": problem}}


def _method() -> Schema:
    return {
        "name": "method",
        "in": "query",
        "required": False,
        "description": "upsert: items that are there already are changed.",
        "schema": {"type": "string", "enum": ["insert", "upsert"], "default": "insert"},
    }


def _if_match() -> Schema:
    return {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "The ETag of a GET: changed since, it answers 412.",
        "schema": {"type": "string"},
    }
