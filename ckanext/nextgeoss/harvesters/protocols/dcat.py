"""DCAT catalogues: RDF/XML, JSON-LD and Turtle, in pages (Hydra, or counted as ckanext-dcat does) or as one
file; each dataset is read as one of CKAN."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from ...addresses import redact
from ...eo.formats.ckan import CKAN
from ...eo.formats.feed import Feed
from ...eo.query import Query
from ...http import Request, Response
from ..dcat_us import is_dcat_us
from ..pagination import Counter
from ..provider import Provider
from . import Answer
from .document import check_no_page
from .feeds import linked
from .json_answer import reported_error
from .opensearch import OpenSearchProtocol
from .records import UNNAMED, read_records
from .template import COUNT, START_PAGE, Template

if TYPE_CHECKING:
    from ..rdf import Catalogue


class DcatProtocol(OpenSearchProtocol):
    """Catalogues as they are published; what a template has no hole for is picked from what comes."""

    formats = (CKAN,)

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The template filled, or the file at the provider's address."""
        if provider.template:
            return super().first_request(provider, query)
        return Request(url=provider.url, params=dict(provider.parameters), about="".join(query.collections))

    def asks(self, provider: Provider) -> frozenset[str]:
        """The parts for which the template has a hole."""
        return super().asks(provider) if provider.template else frozenset()

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """None: catalogues are not counted."""
        return None

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The datasets of a page, or one that was stored."""
        if _is_stored(response.body):
            return super().read(provider, response, request)
        from ..rdf import read_catalogue  # imports CKAN, which other protocols do without

        source = redact(response.url)
        check_no_page(response.body, source)
        page = read_catalogue(response.body, source)
        asked = request or Request(url=response.url if "://" in response.url else provider.url)
        answer = read_records(
            provider,
            page.datasets,
            lambda entry, position: CKAN.product(entry, position=position, collection=asked.about or UNNAMED),
            view=CKAN.view,
            asked=asked.about,
        )
        return replace(answer, next=_next(provider, page, asked, bool(request)), total=page.total)


def _next(provider: Provider, page: Catalogue, asked: Request, was_asked: bool) -> Request | None:
    if page.next:
        return linked(Feed((), next=page.next), asked)
    template = Template.of(provider) if provider.template else None
    name = template.parameter(START_PAGE) if template else ""
    if template is None or not name or page.is_paged or not was_asked:
        return None
    counter = Counter(name, template.parameter(COUNT), provider.first, counts_pages=True)
    return counter.next(asked, len(page.datasets), page.total)


def _is_stored(body: bytes) -> bool:
    """Whether it is a dataset of CKAN in JSON, as records are kept, or an error in JSON; and no RDF."""
    if body.lstrip()[:1] != b"{":
        return False
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if is_dcat_us(document) or any(name in document for name in ("@context", "@graph", "@id")):
        return False
    return CKAN.recognises(document) or bool(reported_error(document))
