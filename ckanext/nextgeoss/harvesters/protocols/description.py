"""OpenSearch description documents (OSDD, OpenSearch 1.1 draft 6, 4; Parameter extension; OGC 13-026): which
searches a service offers, their parameters by qualified names whatever the prefixes are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin

from ...eo.errors import BadAnswer
from ...eo.xml import Element, attributes_of, children, descendants, is_element, local_name
from ...http import Response
from ..provider import Provider
from .document import document_of
from .template import BOX, COLLECTION, COUNT, END, GEOMETRY, START, START_INDEX, START_PAGE, TERMS, UID

RESULTS, COLLECTION_SEARCH = "results", "collection"
# media types of answers that we read, the best first
_ANSWERS = (
    "application/geo+json",
    "application/vnd.geo+json",
    "application/atom+xml",
    "application/json",
    "application/rss+xml",
)
_EXTENSION = re.compile(r"https?://a9\.com/-/(?:spec/)?opensearch/extensions/(\w+)/", re.I)
_CORE = re.compile(r"https?://a9\.com/-/(?:spec/)?opensearch/1\.[01]/?$", re.I)
# what a prefix that is declared nowhere stands for in all documents that have it
_USUAL = ("geo", "time", "eo", "sru")
_HOLE = re.compile(r"\{([^{}?]{1,200})(\??)\}")
_FILLED = frozenset({COUNT, START_INDEX, START_PAGE, BOX, GEOMETRY, COLLECTION, UID, START, END, TERMS})
# holes of the specification that have a default
_CONSTANTS = {"language": "*", "inputEncoding": "UTF-8", "outputEncoding": "UTF-8"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may be put into a hole; empty where nothing is said.

    Its `pattern` is for people: a regular expression of somebody else's is not run."""

    options: tuple[str, ...] = ()
    minimum: str = ""
    maximum: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """One way to search: its template, and how products and pages are counted."""

    template: str
    media_type: str
    relations: tuple[str, ...]
    index_offset: int = 1
    page_offset: int = 1
    # by hole
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])

    @property
    def holes(self) -> frozenset[str]:
        """The qualified names of its parameters."""
        return frozenset(name for name, _ in _HOLE.findall(self.template))

    @property
    def unfillable(self) -> tuple[str, ...]:
        """The holes that must be filled and that nobody here knows how to fill."""
        found = (name for name, mark in _HOLE.findall(self.template) if not mark and name not in _FILLED)
        return tuple(dict.fromkeys(found))

    def of(self, provider: Provider) -> Provider:
        """The provider with this search: template, first number, and the page size that is allowed."""
        counted = START_INDEX if START_INDEX in self.holes else START_PAGE
        first = self.index_offset if counted == START_INDEX else self.page_offset
        most = self.parameters.get(COUNT, Parameter()).maximum
        size = min(provider.page_size, int(most)) if most.isdecimal() and int(most) else provider.page_size
        return replace(provider, template=self.template, first=first, page_size=size)


@dataclass(frozen=True, slots=True)
class Description:
    """What a description document offers."""

    searches: tuple[Search, ...]
    source: str

    def results(self) -> Search:
        """The search for products; BadAnswer names what the document has instead."""
        found = self._best(RESULTS)
        if found is None:
            raise BadAnswer(self._why_none(), self.source)
        return found

    def collections(self) -> Search | None:
        """The search for collections; None where there is none."""
        return self._best(COLLECTION_SEARCH)

    def _best(self, relation: str) -> Search | None:
        """That in the best format, and of these the one that can be asked most; the first of equals."""
        usable = [found for found in self._of(relation) if not found.unfillable]
        return min(usable, key=lambda found: (_rank(found), -len(found.holes & _FILLED)), default=None)

    def _of(self, relation: str) -> Iterator[Search]:
        for search in self.searches:
            if relation in search.relations and _rank(search) < len(_ANSWERS):
                yield search

    def _why_none(self) -> str:
        if unusable := next((found for found in self._of(RESULTS) if found.unfillable), None):
            return f"the search template must be given {', '.join(unusable.unfillable)}, which is not known"
        offered = sorted({f"{' '.join(s.relations)} as {s.media_type}" for s in self.searches})
        said = "; ".join(offered)[:300] or "no template at all"
        return (
            f"a description document without a search for products in a format that is read; it has: {said}"
        )


def read_description(response: Response) -> Description:
    """The description in an answer; BadAnswer for anything else."""
    document, _ = document_of(response)
    if not is_element(document) or local_name(document) != "OpenSearchDescription":
        what = local_name(document) if is_element(document) else type(document).__name__
        raise BadAnswer(f"not an OpenSearch description document but {what}", response.url)
    searches = (_search(url, response.url) for url in children(document, "Url"))
    return Description(tuple(found for found in searches if found), response.url)


def _rank(search: Search) -> int:
    kind = search.media_type.partition(";")[0].strip().lower()
    return _ANSWERS.index(kind) if kind in _ANSWERS else len(_ANSWERS)


def _search(url: Element, base: str) -> Search | None:
    about = attributes_of(url)
    template = about.get("template", "").strip()
    if not template:
        return None
    parameters = {name: parameter for name, parameter in _parameters(url) if name}
    return Search(
        template=_absolute(_renamed(template, url), base),
        media_type=about.get("type", ""),
        relations=tuple(about.get("rel", "").lower().split()) or (RESULTS,),
        index_offset=_offset(about, "indexOffset", parameters.get(START_INDEX)),
        page_offset=_offset(about, "pageOffset", parameters.get(START_PAGE)),
        parameters=parameters,
    )


def _absolute(template: str, base: str) -> str:
    try:
        return urljoin(base, template)
    except ValueError as error:
        raise BadAnswer(f"a template that is no address: {template[:100]}", base) from error


def _offset(about: Mapping[str, str], name: str, parameter: Parameter | None) -> int:
    for said in (about.get(name, ""), parameter.minimum if parameter else ""):
        if said.isascii() and said.isdecimal() and len(said) < 5:
            return int(said)
    return 1


def _renamed(template: str, url: Element) -> str:
    """The template with each hole under the name that we know it by; those with a default are filled, and the
    paging and searched words may always be left out."""

    def hole(found: re.Match[str]) -> str:
        name = qualified(found[1].strip(), url)
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        may_be_empty = found[2] or name in (TERMS, START_INDEX, START_PAGE, COUNT)
        return f"{{{name}{'?' if may_be_empty else ''}}}"

    return _HOLE.sub(hole, template)


def qualified(name: str, element: Any) -> str:
    """A name by the namespace of its prefix at an element: `geo:box` for any prefix of the geo extension,
    `count` for those of OpenSearch itself; of other namespaces as it is written."""
    prefix, colon, local = name.rpartition(":")
    if not colon:
        return name
    address = str(element.nsmap.get(prefix) or "")
    if _CORE.match(address):
        return local
    if found := _EXTENSION.match(address):
        return f"{found[1].lower()}:{local}"
    if not address and prefix.lower() in _USUAL:
        return f"{prefix.lower()}:{local}"
    return name


def _parameters(url: Element) -> Iterator[tuple[str, Parameter]]:
    for element in descendants(url, "Parameter"):
        about = attributes_of(element)
        hole = _HOLE.fullmatch(about.get("value", "").strip())
        options = (attributes_of(option).get("value", "") for option in children(element, "Option"))
        yield (
            qualified(hole[1].strip(), element) if hole else "",
            Parameter(
                options=tuple(option for option in options if option),
                minimum=about.get("minInclusive", ""),
                maximum=about.get("maxInclusive", ""),
                pattern=about.get("pattern", ""),
            ),
        )
