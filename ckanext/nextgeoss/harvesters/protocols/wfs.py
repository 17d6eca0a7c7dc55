"""WFS 2.0, 1.1 and 1.0 by key-value pairs (OGC 09-025r2, 04-094): features in GML or GeoJSON."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from ...eo.errors import BadValue
from ...eo.footprint import Footprint
from ...eo.formats.features import FEATURES
from ...eo.formats.feed import Feed
from ...eo.formats.wfs import WFS
from ...eo.query import Query
from ...http import Request
from ..pagination import Counter, with_parameter
from ..provider import Provider
from . import AREA
from .feeds import linked
from .opensearch import OpenSearchProtocol
from .template import BOX, COUNT, GEOMETRY, START_INDEX, TERMS, ClauseLanguage, Template

_FILTER = (
    '<Filter xmlns="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2">{}</Filter>'
)
_BBOX = (
    '<BBOX><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>{1} {0}</gml:lowerCorner>'
    "<gml:upperCorner>{3} {2}</gml:upperCorner></gml:Envelope></BBOX>"
)
# between the conditions of a filter, until they are wrapped
_MARK = "\n"


def _doubled(text: str) -> str:
    return escape(text.replace("'", "''"))


class WfsProtocol(OpenSearchProtocol):
    """GetFeature by URL template; `clauses` are pieces of a filter (FES 2.0) or of CQL, by the parameter that
    {searchTerms} stands in. A box is asked in the filter, or alone where there is none: both at once is no
    request of WFS."""

    one_collection = True
    formats = (WFS, FEATURES)
    language = ClauseLanguage(_MARK, " OR ", "", _doubled)

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The template filled for the first page."""
        return self._asked(provider, query, super().first_request)

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """The template filled for the hits alone."""
        return self._asked(provider, query, super().count_request) if provider.counts else None

    def asks(self, provider: Provider) -> frozenset[str]:
        """What the template and clauses have holes for, and boxes."""
        return super().asks(provider) | {AREA}

    def following(self, provider: Provider, feed: Feed, asked: Request) -> Request | None:
        """Counted on: links of some servers leave features out. A link without a number is followed, and so
        is one where nothing can be counted."""
        link = linked(feed, asked) if feed.next else None
        template = Template.of(provider)
        name = template.parameter(START_INDEX)
        if link is not None and (not name or _number_in(link) is None):
            return link if feed.entries else None
        if not name:
            return None
        # 1.x tells how many features there are in an answer, not in all
        total = None if _is_old(template) else feed.total
        return Counter(name, template.parameter(COUNT), provider.first, False).next(
            asked, len(feed.entries), total
        )

    def _asked(self, provider: Provider, query: Query, ask: Any) -> Any:
        holes = " ".join((provider.template, *provider.clauses.values()))
        if query.footprint is None or f"{{{GEOMETRY}" in holes or f"{{{BOX}" in holes:
            return _wrapped(provider, ask(provider, query), None)
        box = _box(query.footprint)
        return _wrapped(provider, ask(provider, replace(query, footprint=None)), box)


def _box(footprint: Footprint) -> tuple[float, float, float, float]:
    west, south, east, north = footprint.bbox
    if footprint != Footprint.from_bbox(west, south, east, north) or west > east:
        raise BadValue(footprint.wkt[:80], "footprint", "a box, the only area of this search")
    return west, south, east, north


def _wrapped(provider: Provider, request: Request, box: tuple[float, ...] | None) -> Request:
    """The request with its conditions as one filter, and the box in it or beside it."""
    name = Template.of(provider).parameter(TERMS)
    conditions = [each for each in request.params.get(name, "").split(_MARK) if each]
    is_cql = "cql" in name.lower()
    if box and conditions and not is_cql:
        conditions.append(_BBOX.format(*box))
    elif box and conditions:
        raise BadValue(list(box), "footprint", "nothing besides other conditions: the clauses have no area")
    elif box:
        west, south, east, north = box
        said = (south, west, north, east, "urn:ogc:def:crs:EPSG::4326")
        request = with_parameter(request, "bbox", ",".join(str(part) for part in said))
    if not conditions:
        return request
    if is_cql:
        text = " AND ".join(conditions)
    else:
        text = _FILTER.format(conditions[0] if len(conditions) == 1 else f"<And>{''.join(conditions)}</And>")
    return with_parameter(request, name, text)


def _is_old(template: Template) -> bool:
    return "version=1." in template.text.lower()


def _number_in(link: Request) -> str | None:
    """The number of the first feature in the address of a page, whatever the case of its name."""
    pairs = parse_qsl(urlsplit(link.url).query)
    return next((value for name, value in pairs if name.lower() == "startindex"), None)
