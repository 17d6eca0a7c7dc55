"""Where CKAN's own indexing and search meet ours."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckan.lib.search.common import SearchIndexError, SearchQueryError
from ckan.plugins import PluginImplementations, toolkit

from ..config import eo_properties
from ..eo.downloads import ACCESS
from ..eo.errors import BadValue, nearest, shown
from ..eo.parameters import PAGING, query_from_parameters
from ..interfaces import IProductIndex
from ..package import COLLECTION_TYPE, PRODUCT_TYPE
from . import fields, index, query
from .catalogue import core
from .parameters import asked_rows
from .solr import SolrError
from .titles import collections, group_titles

log = logging.getLogger(__name__)

# facets of CKAN that stay on the search page
KEPT_FACETS = ("tags", "res_format", "license_id")

_PREFIX = "ext_"
# what package_search has parameters of its own for
_CKANS = frozenset(f"{_PREFIX}{name}" for name in ("q", *PAGING))
_OUR_FIELD = re.compile(r"(?<![\w\\.])((?:eo|guf)_\w+)\s*:")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
# a field of ours with one value or a range of two
_VALUED = re.compile(r"(?<![\w\\.])(eo_\w+)\s*:\s*(?:[\[{]\s*(\S+)\s+TO\s+([^\s\]}]+)|([^\s()\[{]+))")


def complete_document(document: dict[str, Any]) -> dict[str, Any]:
    """The search document of a dataset with our typed fields, as far as the core knows them."""
    try:
        schema = core()
    except SolrError as error:
        raise SearchIndexError(str(error)) from error
    topics, properties = _inherited_topics(document), eo_properties()
    if document.get("type") == PRODUCT_TYPE:
        document = index.product_document(document, properties, schema.fields, topics)
    else:
        document = index.other_document(document, properties, schema.fields)
        if not schema.copies_ngrams:
            document = index.with_ngrams(document)
    add_fields_of_others({document["id"]: document})
    return document


def add_fields_of_others(documents: Mapping[str, dict[str, Any]]) -> None:
    """Add what other plugins know of datasets to their documents, by id; topics come on top of others."""
    for answer in _fields_of_others(list(documents)):
        for package_id, found in answer.items():
            document = documents.get(package_id, {})
            topics = {*document.get(fields.TOPIC, ()), *found.get(fields.TOPIC, ())}
            document.update(found)
            if fields.TOPIC in found:
                document[fields.TOPIC] = sorted(topics)


def complete_search(parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a `package_search` with place, time and EO properties (`ext_...`) as filters, without
    collections unless these are asked for. SearchQueryError names what cannot be understood."""
    found = _filters(parameters.get("extras") or {})
    asked = [str(parameters.get("q") or ""), str(parameters.get("fq") or ""), *_list(parameters)]
    _check_fields([*found, *asked])
    if not any("dataset_type:" in part for part in asked):
        found.append(f"-dataset_type:({COLLECTION_TYPE} OR harvest)")
    parameters["fq_list"] = [*_list(parameters), *found]
    first = query.fit_order(str((parameters.get("extras") or {}).get(f"{_PREFIX}fit_first") or "").lower())
    if first:
        parameters["sort"] = ", ".join(filter(None, (first, str(parameters.get("sort") or ""))))
    return parameters


def name_facets(results: dict[str, Any]) -> dict[str, Any]:
    """The answer of a `package_search` with readable names in our facets."""
    facets = results.get("search_facets") or {}
    by_group = [facets.get(name, {}).get("items", ()) for name in (fields.PROVIDER, fields.TOPIC)]
    groups = [item["name"] for items in by_group for item in items]
    named: dict[str, Mapping[str, str]] = {fields.ACCESS: _access_titles()}
    if groups:
        named[fields.PROVIDER] = named[fields.TOPIC] = group_titles(groups)
    if facets.get(fields.COLLECTION, {}).get("items"):
        named[fields.COLLECTION] = {name: found.title for name, found in collections().items()}
    for name, titles in named.items():
        for item in facets.get(name, {}).get("items", ()):
            item["display_name"] = titles.get(item["name"]) or item["name"]
    return results


def facet_titles() -> dict[str, str]:
    """Our facets, in the order of the page."""
    _ = toolkit._
    return {
        fields.COLLECTION: _("Collections"),
        **{row.solr: _(row.label) for row in eo_properties().facets()},
        fields.PROVIDER: _("Providers"),
        fields.TOPIC: _("Topics"),
        fields.ACCESS: _("Access"),
    }


def _access_titles() -> dict[str, str]:
    _ = toolkit._
    return dict(zip(ACCESS, (_("Online"), _("Offline"), _("Sign-in needed")), strict=True))


def _list(parameters: Mapping[str, Any]) -> list[str]:
    value = parameters.get("fq_list") or []
    return [value] if isinstance(value, str) else list(value)


def _filters(extras: Any) -> list[str]:
    if not isinstance(extras, Mapping):
        raise SearchQueryError(
            f"extras: {shown(extras)} is not allowed; expected an object; in an address write ext_bbox=..."
        )
    ours = {
        name.removeprefix(_PREFIX): value if isinstance(value, list) else str(value)
        for name, value in extras.items()
        if name.startswith(_PREFIX) and value not in (None, "") and name not in _CKANS
    }
    properties = eo_properties()
    try:
        asked = query_from_parameters(ours, asked_rows(properties))
        found = query.filters(asked, properties)
    except BadValue as error:
        raise SearchQueryError(f"{_PREFIX}{str(error).removeprefix(_PREFIX)}") from error
    for name, value, refused in (
        ("latest", asked.latest, asked.latest),
        ("time_relation", asked.time_relation, any("{!" in part for part in found)),
    ):
        if refused:
            raise SearchQueryError(
                f"{_PREFIX}{name}: {shown(value)} cannot be asked of package_search; product_search knows it"
            )
    return found


def _check_fields(parts: Iterable[str]) -> None:
    """Refuse fields of ours that the core lacks, or that nobody has: it would find nothing, silently."""
    plain = [_QUOTED.sub('""', part) for part in parts]
    asked = {name for part in plain for name in _OUR_FIELD.findall(part)}
    if not asked:
        return
    known = fields.field_names(eo_properties())
    for name in sorted(asked - known):
        near = nearest(name, known)
        raise SearchQueryError(f"{name}: no such field" + (f", did you mean {near}?" if near else ""))
    _check_numbers(plain)
    try:
        missing = sorted(asked - core().fields)
    except SolrError as error:
        raise SearchQueryError(str(error)) from error
    if missing:
        raise SearchQueryError(
            f"search by place, time and EO properties needs fields the Solr core does not have "
            f"({', '.join(missing)}); the operator can add them with: ckan nextgeoss solr apply"
        )


def _check_numbers(parts: Iterable[str]) -> None:
    """Refuse what is no number where numbers are compared."""
    numeric = {row.solr for row in eo_properties().values() if row.type in ("number", "integer")}
    for name, *values in (found for part in parts for found in _VALUED.findall(part)):
        for value in values if name in numeric else ():
            if value not in ("", "*") and not _NUMBER.fullmatch(value.replace("\\", "")):
                raise SearchQueryError(str(BadValue(value, name, "a number, or a range such as [0 TO 20]")))


def _inherited_topics(document: Mapping[str, Any]) -> tuple[str, ...]:
    name = document.get("extras_collection_id")
    found = collections().get(str(name)) if name and document.get("type") == PRODUCT_TYPE else None
    return found.topics if found else ()


def tell_gone(ids: list[str]) -> None:
    """Tell plugins that these datasets are gone."""
    for plugin in PluginImplementations(IProductIndex) if ids else ():
        try:
            plugin.forget(ids)
        except Exception:
            # a plugin that fails must not keep datasets from being taken out of the index
            log.exception("%s could not forget %s", plugin.name, ", ".join(ids[:5]))


def _fields_of_others(ids: list[str]) -> Iterator[Mapping[str, Mapping[str, Any]]]:
    for plugin in PluginImplementations(IProductIndex):
        try:
            yield plugin.add_fields(ids)
        except Exception:
            # a plugin that fails must not keep datasets from being found
            log.exception("%s could not add its fields to %s", plugin.name, ", ".join(ids[:5]))
