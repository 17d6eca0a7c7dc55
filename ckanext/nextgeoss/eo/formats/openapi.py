"""Documents of OpenAPI 3.0.3 and their page for people: the parts that the documents of all our APIs have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from html import escape
from typing import Any

from .stac_write import JSON

Schema = dict[str, Any]
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
OBJECT: Schema = {"type": "object"}
TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
_STYLE = (
    "body{font:1rem/1.5 sans-serif;margin:2rem auto;max-width:50rem;padding:0 1rem;overflow-wrap:anywhere}"
    "dd{margin-bottom:.5rem}"
)


def document(
    server: str, paths: Mapping[str, Any], *, title: str, description: str, components: Mapping[str, Any]
) -> dict[str, Any]:
    """The document of the API at the address `server`."""
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": "1.0.0", "description": description},
        "servers": [{"url": server}],
        "paths": dict(paths),
        "components": dict(components),
    }


def page(told: Mapping[str, Any]) -> str:
    """The page that shows a document of this module."""
    info, server = told["info"], told["servers"][0]["url"]
    parts = [f"<h1>{escape(info['title'])}</h1><p>{escape(info['description'])}</p>"]
    parts.append(f'<p>Address: <a href="{escape(server)}"><code>{escape(server)}</code></a></p>')
    for path, methods in told["paths"].items():
        for method, described in methods.items():
            parts.append(f"<h2><code>{method.upper()} {escape(path)}</code></h2>")
            parts.append(f"<p>{escape(described['summary'])}</p>")
            rows = [_row(told, parameter) for parameter in described.get("parameters", ())]
            if rows:
                parts.append(f"<dl>{''.join(rows)}</dl>")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def get(
    name: str,
    summary: str,
    schema: str,
    parameters: Iterable[str] = (),
    *,
    own: tuple[Schema, ...] = (),
    media_types: Collection[str] = (JSON,),
    bad: bool = False,
) -> dict[str, Any]:
    """A path with GET: `parameters` are names of components, `own` are told here (those of the path, without
    which there is no 404)."""
    told = operation(name, summary, schema, media_types, bad=bad, may_miss=bool(own))
    named = [*own, *({"$ref": f"#/components/parameters/{each}"} for each in parameters)]
    return {"get": told | ({"parameters": named} if named else {})}


def posted(
    name: str,
    summary: str,
    schema: str,
    asked: str,
    media_types: Collection[str] = (JSON,),
    *,
    may_miss: bool = False,
) -> dict[str, Any]:
    """The operation that is asked by a body of the schema `asked`, or by none."""
    told = operation(name, summary, schema, media_types, bad=True, may_miss=may_miss)
    return told | {"requestBody": {"content": {JSON: {"schema": ref(asked)}}}}


def operation(
    name: str,
    summary: str,
    schema: str,
    media_types: Collection[str],
    *,
    bad: bool,
    may_miss: bool = False,
) -> dict[str, Any]:
    """An operation that answers a schema; a page for people is text."""
    content = {
        media_type: {"schema": TEXT if media_type.startswith("text/") else ref(schema)}
        for media_type in media_types
    }
    problem = {JSON: {"schema": ref("exception")}}
    responses: dict[str, Any] = {"200": {"description": "The answer.", "content": content}}
    if bad:
        responses["400"] = {"description": "A parameter that is not allowed.", "content": problem}
    if may_miss:
        missing = "There is no such thing, or not for the caller."
        responses["404"] = {"description": missing, "content": problem}
    responses["default"] = {"description": "An error.", "content": problem}
    return {"operationId": name, "summary": summary, "responses": responses}


def path_parameter(name: str, what: str) -> Schema:
    """A part of the path: the identifier of `what`."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": f"The identifier of {what}.",
        "schema": TEXT,
    }


def query_parameter(name: str, described: str, schema: Schema, *, listed: bool = False) -> Schema:
    """A parameter that may be left out; one that is `listed` has its values between commas."""
    told = {"name": name, "in": "query", "required": False, "description": described, "schema": schema}
    return told | ({"style": "form", "explode": False} if listed else {})


def ref(name: str) -> Schema:
    """The schema of this name among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def length(count: int) -> Schema:
    """So many members, no more and no fewer."""
    return {"minItems": count, "maxItems": count}


def record(required: tuple[str, ...], **properties: Any) -> Schema:
    """An object with these properties."""
    schema: Schema = {"type": "object", "properties": properties}
    return schema | ({"required": list(required)} if required else {})


def exception_schema() -> Schema:
    """An error as all our APIs tell it."""
    return record(("code", "description"), code=TEXT, description=TEXT)


def _row(told: Mapping[str, Any], parameter: Mapping[str, Any]) -> str:
    name = parameter.get("$ref", "").rpartition("/")[2]
    about = told["components"]["parameters"][name] if name else parameter
    return f"<dt><code>{escape(about['name'])}</code></dt><dd>{escape(about['description'])}</dd>"
