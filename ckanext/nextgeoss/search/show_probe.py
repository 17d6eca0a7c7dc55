"""Products of no catalogue, by which CKAN's schemas and what we have compiled of them are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ..eo.properties import Properties
from .rows import COLUMNS
from .shown import Dataset, License, Show, Shown, plain_resource

_TEXTS = {
    "text": "word",
    "integer": "7",
    "number": "1.5",
    "time": "2024-05-01T10:00:00.5Z",
    "list": '["a", "b"]',
    "boolean": "true",
}
_TIME = datetime(2024, 5, 1, 10, 0, 0, 1000)
_TAGS = [("radar", "tag-1", None), ("sea ice", "tag-2", None)]
_GROUP = {
    "id": "group-1", "name": "ice", "title": "Ice", "description": None, "display_name": "Ice",
    "image_display_url": "", "state": "active", "type": "group",
}  # fmt: skip
_ORGANIZATION = {"id": "organization-1", "name": "agency", "title": "Agency", "state": "active"}


class Probe(NamedTuple):
    """A product as `package_dictize` gives it, and as our compiled schemas show it."""

    dictized: Dataset
    shown: Shown


def probes(show: Show, properties: Properties) -> Iterator[Probe]:
    """A full product, one with what cannot be read, one that has next to nothing."""
    full = {name: _TEXTS[row.type] for name, row in properties.items()}
    full |= {"identifier": "P", "collection_id": "c", "spatial": "{}", "problems": '[{"where": "a"}]'}
    full |= {"other_properties": '{"a":1}'}
    bad = dict.fromkeys(properties, "?") | {"problems": "?", "mine": "other", "spatial": ""}
    columns = dict.fromkeys(COLUMNS["package"], "text")
    resource = dict.fromkeys(COLUMNS["resource"], "text") | {"size": 5, "position": 0, "extras": None}
    resource |= dict.fromkeys(("created", "last_modified", "metadata_modified", "cache_last_updated"), _TIME)
    asset = resource | {
        "url": " a.example/x ", "format": "geotiff", "position": 1,
        "extras": '{"roles": "[\\"data\\"]", "key": "k", "provider": "p", "mine": 1}',
    }  # fmt: skip
    bare = dict.fromkeys(resource) | {"id": "r", "url": "https://a.example", "position": 2}
    yield _probe(show, columns, full, [resource, asset, bare], License("Title", "https://l.example", True))
    yield _probe(show, columns | {"title": " A "}, bad, [bare | {"extras": '{"roles": "?"}'}], License("x"))
    yield _probe(show, dict.fromkeys(columns), {}, [], License(None))


def _probe(
    show: Show,
    columns: Mapping[str, Any],
    extras: dict[str, str],
    resources: list[dict[str, Any]],
    license: License,
) -> Probe:
    # names as the database has them, so that CKAN's validators find nothing to say
    needed = {"id": "package-1", "name": "package-1", "type": "eo_product", "state": "active"}
    times = {"metadata_created": _TIME, "metadata_modified": _TIME}
    package = {**columns, **needed, **times, "private": False, "extras": extras}
    groups = [dict(_GROUP)] if resources else []
    tags = _TAGS if resources else []
    shown = show.show(
        package, resources, tags, [shown_group(group) for group in groups], _ORGANIZATION, license
    )
    dictized = {key: value for key, value in package.items() if key != "plugin_data"}
    dictized |= {name: time.isoformat() for name, time in times.items()}
    if dictized["title"]:
        dictized["title"] = dictized["title"].strip()
    dictized |= {
        "extras": [{"key": key, "value": text} for key, text in extras.items()],
        "resources": [plain_resource(resource) for resource in resources],
        "tags": [
            {"id": i, "name": name, "vocabulary_id": v, "state": "active", "display_name": name}
            for name, i, v in tags
        ],
        "groups": groups,
        "organization": dict(_ORGANIZATION),
        "num_resources": len(resources),
        "num_tags": len(tags),
        "isopen": license.is_open,
        "license_title": license.title,
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }
    if license.url is not None:
        dictized["license_url"] = license.url
    return Probe(dictized, shown)


def shown_group(group: Mapping[str, Any]) -> Dataset:
    """What CKAN's schemas leave of the dictionary of a dataset's group."""
    names = ("description", "display_name", "id", "image_display_url", "name", "title")
    return {name: group[name] for name in names if group.get(name) is not None}
