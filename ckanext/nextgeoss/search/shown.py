"""What `package_show` gives for a product, made of its rows: CKAN's default schema and ours, compiled.

CKAN validates each dataset twice when it is indexed, by schemas of a hundred fields. What these do to a
stored product is little: drop what is None, lift extras to the top, read numbers and lists. `setwise.py` sees
to it that this module and CKAN's own functions agree before it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit

import orjson

from ..eo.errors import BadValue, NextGEOSSError
from ..eo.properties import Properties
from ..eo.property import Property
from .fields import solr_value
from .index import found_by_value

Dataset: TypeAlias = dict[str, Any]
Convert: TypeAlias = Callable[[str], Any]

_COLUMNS = (
    "author", "author_email", "creator_user_id", "id", "license_id", "maintainer", "maintainer_email", "name",
    "notes", "owner_org", "private", "state", "title", "type", "url", "version",
)  # fmt: skip
_RESOURCE_TIMES = ("created", "last_modified", "metadata_modified", "cache_last_updated")
# what CKAN's default schema leaves out of a resource when it is None
_RESOURCE_OPTIONAL = ("url", "format", "hash", "created", "datastore_active")
_SCHEMES = ("https://", "http://", "s3://", "ftp://")
_REMEMBERED = 5000


class NotCompiled(NextGEOSSError):
    """A schema asks for something that this module does not know."""


class License(NamedTuple):
    """What CKAN's register says of a license."""

    title: str | None
    url: str | None = None
    is_open: bool = False


class Reading(NamedTuple):
    """A stored property: as it is shown, what Solr takes of it, the words it is found by, what is wrong with
    it. A list is shown to one product only: it may be changed."""

    shown: Any
    typed: Any = None
    words: str = ""
    problem: str = ""


@dataclass(slots=True)
class Shown:
    """A product under both schemas, and its properties as they are read; `problem` is what cannot be read."""

    default: Dataset
    custom: Dataset
    readings: dict[str, Reading]
    problem: str = ""


class Show:
    """The two schemas of products. `schema` is ours as ckanext-scheming has it with presets expanded,
    `default_keys` are the fields CKAN's own has, `clean_format` is what that does to formats of resources;
    NotCompiled says what is not known."""

    def __init__(
        self,
        schema: Mapping[str, Any],
        default_keys: Collection[str],
        properties: Properties,
        clean_format: Convert,
    ):
        self._readings: dict[str, dict[str, Reading]] = {name: {} for name in properties}
        self._properties = properties
        self._cleaned: dict[str, Convert] = {"format": _remembering(clean_format), "url": str.strip}
        fields = {field["field_name"]: self._output(field) for field in schema["dataset_fields"]}
        self._columns = {name: output for name, output in fields.items() if name in default_keys}
        self.extras = {name: output for name, output in fields.items() if name not in default_keys}
        of_resources = {field["field_name"]: self._output(field) for field in schema["resource_fields"]}
        self._resource_outputs = {name: output for name, output in of_resources.items() if output}
        self._resource_optional = {*_RESOURCE_OPTIONAL, *of_resources}
        # our schema takes the place of CKAN's for the fields that it names
        self._cleaned_custom = {
            name: clean for name, clean in self._cleaned.items() if name not in of_resources
        }

    def _output(self, field: Mapping[str, Any]) -> Convert | None:
        name, output = field["field_name"], field.get("output_validators") or ""
        if "repeating_subfields" in field:
            raise NotCompiled(f"field {name} has subfields")
        if output == "eo_property_output" and name in self._properties:
            return lambda text: self.read(name, text).shown
        if output == "eo_json_output":
            return _from_json
        if output:
            raise NotCompiled(f"field {name} has the output validators {output}")
        return None

    def read(self, name: str, text: str) -> Reading:
        """A stored property; texts that come often are read once."""
        known = self._readings[name]
        reading = known.get(text)
        if reading is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            reading = known[text] = _read(self._properties[name], text)
        return reading

    def show(
        self,
        package: Mapping[str, Any],
        resources: Sequence[Mapping[str, Any]],
        tags: Iterable[tuple[str, str, str | None]],
        groups: list[Dataset],
        organization: Dataset | None,
        license: License,
        before_resource: Callable[[Dataset], None] | None = None,
    ) -> Shown:
        """A product under both schemas, from its rows and those of its active resources, by position;
        `before_resource` may change a resource before it is shown."""
        extras = package["extras"]
        common = {name: package[name] for name in _COLUMNS}
        title = common["title"] = package["title"].strip() if package["title"] else package["title"]
        common["metadata_created"] = package["metadata_created"].isoformat()
        common["metadata_modified"] = package["metadata_modified"].isoformat()
        common["isopen"], common["license_title"] = license.is_open, license.title
        if license.url is not None:
            common["license_url"] = license.url
        common["organization"] = organization
        common["groups"] = groups
        common["tags"] = [_tag(*tag) for tag in tags]
        common["num_tags"], common["num_resources"] = len(common["tags"]), len(resources)
        common["relationships_as_subject"] = common["relationships_as_object"] = []
        plain = [plain_resource(resource) for resource in resources]
        if before_resource:
            for resource in plain:
                before_resource(resource)
        default = common | {
            "title": title or common["name"],
            "extras": [{"key": key, "value": text} for key, text in extras.items()],
            "resources": [self._default_resource(resource) for resource in plain],
        }
        shown = Shown(default, common, {})
        self._customize(shown, extras)
        shown.custom["resources"] = [self._custom_resource(resource) for resource in plain]
        return shown

    def _customize(self, shown: Shown, extras: Mapping[str, str]) -> None:
        custom, left = shown.custom, []
        for name, output in self._columns.items():
            if custom.get(name) is None:
                custom.pop(name, None)
            elif output:
                custom[name] = self._shown(shown, name, custom[name], output)
        for name, text in extras.items():
            if name not in self.extras:
                left.append({"key": name, "value": text})
            else:
                output = self.extras[name]
                custom[name] = self._shown(shown, name, text, output) if output else text
        if left or not extras:
            custom["extras"] = left

    def _shown(self, shown: Shown, name: str, text: str, output: Convert) -> Any:
        if name not in self._readings:
            return output(text)
        reading = self.read(name, text)
        if reading.typed is not None:
            shown.readings[name] = reading
        elif reading.problem:
            shown.problem = reading.problem
        return list(reading.shown) if isinstance(reading.shown, list) else reading.shown

    def _default_resource(self, resource: Dataset) -> Dataset:
        found = dict(resource)
        for name in _RESOURCE_OPTIONAL:
            if name in found and found[name] is None:
                del found[name]
        self._clean(found, self._cleaned)
        return found

    def _custom_resource(self, resource: Dataset) -> Dataset:
        found = {
            name: value
            for name, value in resource.items()
            if value is not None or name not in self._resource_optional
        }
        self._clean(found, self._cleaned_custom)
        for name, output in self._resource_outputs.items():
            text = found.get(name)
            if isinstance(text, str):
                found[name] = output(text)
        return found

    @staticmethod
    def _clean(resource: Dataset, cleaned: Mapping[str, Convert]) -> None:
        for name, clean in cleaned.items():
            if name in resource:
                resource[name] = clean(resource[name])


def plain_resource(row: Mapping[str, Any]) -> Dataset:
    """A row of `resource` as a dictionary of JSON: its extras among its columns, an address with a scheme."""
    found = dict(row)
    extras = found.pop("extras")
    for name in _RESOURCE_TIMES:
        if isinstance(found[name], datetime):
            found[name] = found[name].isoformat()
    if extras:
        found.update(orjson.loads(extras))
    url = found["url"]
    if url and not url.startswith(_SCHEMES) and not urlsplit(url).scheme:
        found["url"] = "http://" + url.lstrip("/")
    return found


def _tag(name: str, tag_id: str, vocabulary_id: str | None) -> Dataset:
    return {
        "id": tag_id,
        "name": name,
        "vocabulary_id": vocabulary_id,
        "state": "active",
        "display_name": name,
    }


def _read(row: Property, text: str) -> Reading:
    shown = row.shown(text)
    if shown in ("", []):
        return Reading(shown)
    try:
        value = row.parse(shown)
    except (BadValue, TypeError, ValueError) as error:
        return Reading(shown, problem=str(error))
    return Reading(shown, solr_value(value), found_by_value(row, value))


def _from_json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        return text


def _remembering(function: Convert) -> Convert:
    known: dict[str, Any] = {}

    def remembering(text: str) -> Any:
        if text not in known:
            if len(known) >= _REMEMBERED:
                known.clear()
            known[text] = function(text)
        return known[text]

    return remembering
