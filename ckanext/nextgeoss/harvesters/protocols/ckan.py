"""The action API of CKAN: `package_search`, in the order of changes, and `package_show` where that is all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from ...eo.collection import Collection
from ...eo.errors import BadAnswer, BadRecord, NextGEOSSError
from ...eo.formats.ckan import CKAN, Ckan, names_of
from ...eo.formats.feed import Feed, Format, check_named
from ...eo.formats.loose_json import array, mapping, text
from ...eo.product import Product
from ...eo.query import Query
from ...http import Request, Response
from ...package import COLLECTION_TYPE, PRODUCT_TYPE, collection_from_dataset, product_from_dataset
from ..pagination import parameter, whole_parameter, with_parameter
from ..provider import Provider
from . import Answer, CollectionsAnswer
from .document import document_of
from .opensearch import OpenSearchProtocol, backslashed
from .template import COLLECTION, COUNT, START_INDEX, TERMS, ClauseLanguage, Template

_SINCE = re.compile(r" AND metadata_modified:\[[^\]]{1,40} TO \*\]$")
_SHOW = "/api/3/action/package_show"


class HubDatasets(Ckan):
    """Datasets of any CKAN; those of a hub like this one come back as the products that they were made of."""

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of a dataset."""
        about = mapping(entry)
        if about.get("type") != PRODUCT_TYPE or "identifier" not in about:
            return super().product(entry, position=position, collection=collection)
        identifier, series = text(about.get("identifier")), text(about.get("collection_id"))
        check_named("dataset", identifier, series, position)
        try:
            return product_from_dataset(about)
        except (NextGEOSSError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise BadRecord(f"{identifier} cannot be read: {error}", position) from error


class CkanProtocol(OpenSearchProtocol):
    """Searches in the order in which datasets were changed last. Each page begins where the one before it
    ended: by the time of its last dataset, and counted on only among those of the very same time. So what
    changes meanwhile shifts nothing, and no page lies deep."""

    formats = (HubDatasets(),)
    language = ClauseLanguage(" AND ", " OR ", "*:*", backslashed)

    def formats_of(self, provider: Provider) -> tuple[Format, ...]:
        """Datasets only."""
        return self.formats

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The datasets of an answer; of a mere list of names, the requests for each."""
        document, warnings = document_of(response)
        if names := names_of(document):
            about = request.about if request else ""
            url = provider.url.rstrip("/") + _SHOW
            shown = tuple(Request(url=url, params={"id": name}, about=about) for name in names)
            return Answer((), (), children=shown, total=len(names), warnings=warnings)
        failure = mapping(document)
        if failure.get("success") is False:
            raise BadAnswer(f"the provider answered with an error: {_words(failure)}", provider.id)
        return super().read(provider, response, request)

    def following(self, provider: Provider, feed: Feed, asked: Request) -> Request | None:
        """The rest, by the time of the last dataset."""
        template = Template.of(provider)
        index = template.parameter(START_INDEX)
        if not feed.entries or not index or not template.parameter(COUNT):
            return None
        begin, received = whole_parameter(asked, index) or 0, len(feed.entries)
        if feed.total is not None and begin + received >= feed.total:
            return None
        times = [text(mapping(entry).get("metadata_modified")) for entry in feed.entries]
        terms = template.holder(TERMS)
        if not terms or not times[-1] or times[-1] == times[0] or times != sorted(times):
            return with_parameter(asked, index, str(begin + received))
        said = _SINCE.sub("", parameter(asked, terms) or "*:*")
        later = with_parameter(asked, terms, f"{said} AND metadata_modified:[{_zoned(times[-1])} TO *]")
        return with_parameter(later, index, str(times.count(times[-1])))

    def collections_request(self, provider: Provider) -> Request | None:
        """The search for descriptions of collections, at hubs like this one."""
        if COLLECTION not in provider.clauses:
            return None
        described = replace(provider, clauses={"described": f"dataset_type:{COLLECTION_TYPE}"})
        return self.first_request(described, Query())

    def read_collections(
        self, provider: Provider, response: Response, request: Request | None = None
    ) -> CollectionsAnswer:
        """The collections that datasets describe."""
        document, _ = document_of(response)
        entries = array(mapping(mapping(document).get("result")).get("results"))
        found = tuple(kept for entry in entries if (kept := _collection(mapping(entry))))
        following = self.following(provider, CKAN.feed(document, provider.id), request) if request else None
        return CollectionsAnswer(found, following)


def _collection(about: Mapping[str, Any]) -> Collection | None:
    try:
        return collection_from_dataset(about) if text(about.get("collection_id")) else None
    except (NextGEOSSError, LookupError, TypeError, ValueError, AttributeError):
        return None


def _zoned(time: str) -> str:
    return time if time.endswith("Z") or "+" in time else f"{time}Z"


def _words(failure: Mapping[str, Any]) -> str:
    """What an error body says, which lists messages by the parameter that they are about."""
    error = failure.get("error")
    if not isinstance(error, dict):
        return text(error)[:300] or "no reason is given"
    about = cast(dict[str, Any], error)
    kind = text(about.get("__type"))
    said = [f"{name}: {_flat(value)}" for name, value in about.items() if name not in ("__type", "message")]
    words = text(about.get("message")) or "; ".join(said)
    return ": ".join(part for part in (kind, " ".join(words.split())) if part)[:300] or "no reason is given"


def _flat(value: Any) -> str:
    return (
        ", ".join(text(item) for item in cast(list[Any], value)) if isinstance(value, list) else text(value)
    )
