"""OAI-PMH 2.0: the records of a repository or of its sets, those that changed, and those that are gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ...eo.errors import BadValue
from ...eo.formats.catalogue_answers import OAI_PMH
from ...eo.formats.feed import Feed
from ...eo.query import Query
from ...eo.temporal import format_time
from ...http import Request
from ..provider import Provider
from . import CHANGES, COLLECTIONS
from .catalogue import CatalogueProtocol

_VERB, _PREFIX, _TOKEN, _FROM = "verb", "metadataPrefix", "resumptionToken", "from"
_LIST = {_VERB: "ListRecords", _PREFIX: "oai_dc"}
_DAY = "day"


class OaiPmhProtocol(CatalogueProtocol):
    """Lists of records, or of identifiers by which records are then asked one by one (`parameters` with the
    verb ListIdentifiers). A collection that the provider file gives other ids is a set of the repository."""

    one_collection = True
    # what is gone is withdrawn where it is said
    tells_deletions = True
    formats = (OAI_PMH,)

    def asks(self, provider: Provider) -> frozenset[str]:
        """Sets, and what has changed since a time unless the file says that it cannot be asked."""
        rules = provider.collections.items()
        has_sets = bool(rules) and all(rule.ids != (name,) for name, rule in rules)
        told = {COLLECTIONS: has_sets, CHANGES: bool(provider.changes.get(_FROM))}
        return frozenset(part for part, is_asked in told.items() if is_asked)

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The list of all records, of one set, or of those that have changed."""
        params = {**_LIST, **provider.parameters}
        if query.collections:
            params["set"] = provider.native(query.collections[0])[0]
        for condition in query.conditions:
            if (condition.property, condition.operator) != ("updated", ">="):
                raise BadValue(
                    condition.property, "conditions", "since when records have changed, nothing else"
                )
            params[_FROM] = _moment(condition.value, provider.changes.get(_FROM, ""))
        return Request(url=provider.url, params=params, about="".join(query.collections))

    def following(self, provider: Provider, feed: Feed, asked: Request) -> Request | None:
        """The rest of the list, for which the token alone is asked."""
        if not feed.next:
            return None
        verb = asked.params.get(_VERB) or provider.parameters.get(_VERB) or _LIST[_VERB]
        return replace(asked, params={_VERB: verb, _TOKEN: feed.next})

    def beneath(self, provider: Provider, feed: Feed, asked: Request) -> tuple[Request, ...]:
        """The request for each record of a list of identifiers."""
        prefix = provider.parameters.get(_PREFIX, _LIST[_PREFIX])
        return tuple(
            Request(
                url=provider.url,
                params={_VERB: "GetRecord", "identifier": identifier, _PREFIX: prefix},
                about=asked.about,
            )
            for identifier in feed.children
        )


def _moment(value: object, granularity: str) -> str:
    """A time as the repository wants it: a day, or a whole second of UTC."""
    if not isinstance(value, datetime):
        raise BadValue(value, "updated", "a time")
    text = format_time(value.replace(microsecond=0))
    return text[:10] if granularity == _DAY else text
