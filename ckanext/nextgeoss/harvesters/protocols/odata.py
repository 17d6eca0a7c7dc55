"""OData 4 as the Copernicus catalogues speak it (documentation.dataspace.copernicus.eu, OData API)."""

from __future__ import annotations

import re
from typing import Any

from ...eo.errors import BadAnswer
from ...eo.formats.feed import Feed
from ...eo.formats.loose_json import mapping, text
from ...http import Request
from ..pagination import parameter, whole_parameter, with_parameter
from ..provider import Provider
from .opensearch import OpenSearchProtocol
from .template import START_INDEX, TERMS, ClauseLanguage, Template

_LATER = re.compile(r" and ContentDate/Start ge [^ ]+$")


def _doubled(text: str) -> str:
    return text.replace("'", "''")


class ODataProtocol(OpenSearchProtocol):
    """OData searches, in the order of acquisition: where counting on has its limit, the search goes on from
    the time of the last product."""

    language = ClauseLanguage(" and ", " or ", "true", _doubled)

    def following(self, provider: Provider, feed: Feed, asked: Request) -> Request | None:
        """The next link; where a full page has none, which is so at the limit, the search is counted on."""
        if feed.next and not feed.entries:
            raise BadAnswer("an empty page that leads on to another", provider.id)
        is_full = len(feed.entries) >= provider.page_size
        if not feed.entries or not (feed.next or is_full):
            return None
        template = Template.of(provider)
        skipped = (whole_parameter(asked, template.parameter(START_INDEX)) or 0) + len(feed.entries)
        if provider.reach and skipped + provider.page_size > provider.reach:
            return _later(provider, template, feed.entries[-1], asked)
        return super().following(provider, feed, asked)


def _later(provider: Provider, template: Template, last: Any, asked: Request) -> Request:
    """The same search for what was acquired when the last product was, or later; the writer knows those again
    that come twice."""
    start = text(mapping(mapping(last).get("ContentDate")).get("Start"))
    name = template.parameter(TERMS)
    terms = parameter(asked, name) or ""
    later = f"{_LATER.sub('', terms)} and ContentDate/Start ge {start}"
    if not start or later == terms:
        reason = f"more than {provider.reach} products that cannot be told apart by time"
        raise BadAnswer(f"{reason}: ask for a smaller area", provider.id)
    again = with_parameter(asked, name, later)
    return with_parameter(again, template.parameter(START_INDEX), str(provider.first))
