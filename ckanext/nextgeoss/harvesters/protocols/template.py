"""Searches by an address with holes: OpenSearch URL templates, whose parameters have qualified names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qsl, quote, unquote, unquote_plus, urlsplit, urlunsplit

from ...eo.errors import BadConfiguration, BadValue
from ...eo.footprint import Footprint
from ...eo.properties import load_properties
from ...eo.query import Condition, Query
from ...eo.temporal import format_time
from ...http import Request
from ..provider import CollectionRule, Provider
from . import AREA, CHANGES, COLLECTIONS, IDS, TIME

_HOLE = re.compile(r"\{([^{}?]+)(\??)\}")
COUNT, START_INDEX, START_PAGE, TERMS = "count", "startIndex", "startPage", "searchTerms"
BOX, GEOMETRY, COLLECTION, UID = "geo:box", "geo:geometry", "eo:parentIdentifier", "geo:uid"
START, END = "time:start", "time:end"
# when the provider changed a record: as an interval (OGC 13-026), or the time alone since when
CHANGED, CHANGED_SINCE = "eo:modificationDate", "changedSince"
# by part of a query: the holes of which one is enough to ask it
_PARTS = {
    COLLECTIONS: (COLLECTION,),
    TIME: (START, END),
    AREA: (BOX, GEOMETRY),
    IDS: (UID,),
}


@dataclass(frozen=True, slots=True)
class ClauseLanguage:
    """How conditions are joined in {searchTerms}, and how texts are quoted there."""

    conjunction: str
    disjunction: str
    everything: str
    quoted: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Template:
    """A URL template (OpenSearch 1.1 draft 6, 5.4); a parameter of its query is left out when none of its
    optional holes can be filled."""

    text: str

    @classmethod
    def of(cls, provider: Provider) -> Template:
        """The search template of a provider."""
        if not provider.template:
            raise BadConfiguration(f"{provider.id}: template must be given: the address of a search")
        whole = provider.template.startswith(("http://", "https://"))
        return cls(provider.template if whole else provider.url.rstrip("/") + provider.template)

    @property
    def holes(self) -> frozenset[str]:
        """The qualified names of its parameters."""
        return frozenset(name for name, _ in _HOLE.findall(self.text))

    def all_holes(self, clauses: Mapping[str, str]) -> frozenset[str]:
        """The qualified names of its parameters and of those in clauses."""
        return self.holes | {name for clause in clauses.values() for name, _ in _HOLE.findall(clause)}

    def change_hole(self, clauses: Mapping[str, str]) -> str:
        """The hole, here or in a clause, for the time since when there are changes; empty when there is
        none."""
        known = self.all_holes(clauses)
        return next((name for name in (CHANGED_SINCE, CHANGED) if name in known), "")

    def asks(self, clauses: Mapping[str, str]) -> frozenset[str]:
        """The parts of a query that it, or a clause, has a hole for."""
        known = self.all_holes(clauses)
        parts = {part for part, holes in _PARTS.items() if known.intersection(holes)}
        return frozenset(parts | ({CHANGES} if self.change_hole(clauses) else set()))

    def parameter(self, hole: str) -> str:
        """The query parameter that is filled by a hole alone; empty when there is none."""
        alone = ((name, _HOLE.fullmatch(value)) for name, value in self._query())
        return next((name for name, found in alone if found and found[1] == hole), "")

    def holder(self, hole: str) -> str:
        """The query parameter that is filled by a hole, perhaps among other words; empty when there is
        none."""
        held = (
            name for name, value in self._query() if any(found == hole for found, _ in _HOLE.findall(value))
        )
        return next(held, "")

    def value(self, hole: str, address: str) -> str:
        """What stands in the place of a hole in an address that was made of this template; empty when nothing
        does."""
        there = urlsplit(address)
        if name := self.parameter(hole):
            return dict(parse_qsl(there.query)).get(name, "")
        steps = _HOLE.split(urlsplit(self.text).path)  # text, name, mark, text, name, mark, ... text
        pattern = "".join(
            ("(?P<found>.+?)" if part == hole else ".+?") if n % 3 == 1 else re.escape(part)
            for n, part in enumerate(steps)
            if n % 3 < 2
        )
        found = re.fullmatch(pattern.replace("/", "/+"), unquote(there.path)) if hole in steps else None
        return found["found"] if found else ""

    def fill(self, values: Mapping[str, str]) -> Request:
        """The request with these values in the holes; BadValue when one that must be filled is not told."""
        parts = urlsplit(self.text)
        path = _HOLE.sub(lambda hole: quote(_filled(hole, values), safe=""), parts.path)
        params: dict[str, str] = {}
        for name, value in self._query():
            holes = [hole for hole, mark in _HOLE.findall(value) if mark]
            if holes and not any(values.get(hole) for hole in holes):
                continue
            params[name] = _HOLE.sub(lambda hole: _filled(hole, values), value)
        return Request(url=urlunsplit(parts._replace(path=path, query="", fragment="")), params=params)

    def _query(self) -> Iterator[tuple[str, str]]:
        for pair in urlsplit(self.text).query.split("&"):
            name, _, value = pair.partition("=")
            if name:
                yield unquote(name), unquote_plus(value)


def search_request(provider: Provider, query: Query, language: ClauseLanguage, *, counting: bool) -> Request:
    """The request for the first page of a query about one collection, or for its total only; BadValue names
    what of the query the template cannot ask, since a wider answer would pass for the right one."""
    template = Template.of(provider)
    said = _said(query, template, provider)
    rule = provider.rule(query.collections[0]) if query.collections else None
    if rule and rule.where and COLLECTION not in template.holes and COLLECTION not in provider.clauses:
        said.pop(COLLECTION, None)  # its conditions alone tell which one is meant
    if provider.clauses:
        said = _with_terms(said, provider, rule, language, query)
    _check_asked(said, template)
    paging = {COUNT: str(1 if counting else provider.page_size)}
    paging |= {name: str(provider.first) for name in (START_INDEX, START_PAGE)}
    if START_INDEX in template.holes and provider.description_document:
        paging.pop(START_PAGE)  # a described search may count both, and is told one
    request = template.fill(said | paging | (dict(provider.counting) if counting else {}))
    request = replace(request, params={**request.params, **provider.parameters})
    if rule and not provider.clauses:
        request = replace(request, params={**request.params, **_where(rule, provider)})
    return replace(request, about="".join(query.collections))


# --- the values of holes


def _said(query: Query, template: Template, provider: Provider) -> dict[str, str]:
    """What a query says, by qualified names."""
    for name in ("offset", "cursor", "facets"):
        if value := getattr(query, name):
            raise BadValue(value, name, "nothing: an OpenSearch template does not ask it")
    if query.footprint and query.relation != "intersects":
        raise BadValue(query.relation, "relation", "intersects, the only one of this search")
    if len(query.ids) > 1:
        raise BadValue(list(query.ids), "ids", "one: this search asks one product at a time")
    said = {
        TERMS: query.words,
        COLLECTION: "".join(provider.native(query.collections[0])[:1]) if query.collections else "",
        UID: "".join(query.ids),
        START: format_time(query.time.start) if query.time.start else "",
        END: format_time(query.time.end) if query.time.end else "",
    }
    if query.footprint:
        said |= _area(query.footprint, template.all_holes(provider.clauses))
    for condition in query.conditions:
        said |= _since(condition, template.change_hole(provider.clauses)) or _condition(condition)
    return {name: value for name, value in said.items() if value}


def _area(footprint: Footprint, holes: frozenset[str]) -> dict[str, str]:
    box = footprint.bbox
    if BOX in holes and footprint == Footprint.from_bbox(*box):
        return {BOX: ",".join(str(number) for number in box)}
    if GEOMETRY not in holes and BOX in holes:
        raise BadValue(footprint.wkt[:80], "footprint", "a box, the only area of this search")
    return {GEOMETRY: footprint.wkt}


def _since(condition: Condition, hole: str) -> dict[str, str]:
    """The time since when changes are asked for, where that has a hole of its own."""
    value = condition.value
    if (condition.property, condition.operator) != ("updated", ">=") or not isinstance(value, datetime):
        return {}
    return {hole: format_time(value)} if hole == CHANGED_SINCE else {}


def _condition(condition: Condition) -> dict[str, str]:
    """A condition as OGC 13-026 writes it: a value, or a range in brackets."""
    row = load_properties()[condition.property]
    name = row.opensearch or row.own_name
    value = condition.value
    ranges = {"<=": "{}]", ">=": "[{}", "<": "{}[", ">": "]{}", "=": "{}"}
    if condition.operator in ranges and not isinstance(value, tuple):
        return {name: ranges[condition.operator].format(row.to_text(value))}
    if condition.operator == "between" and isinstance(value, tuple):
        low, high = (row.to_text(item) for item in value)
        return {name: f"[{low},{high}]"}
    raise BadValue(condition.operator, condition.property, "one value or a range")


def _check_asked(said: Mapping[str, str], template: Template) -> None:
    for name, value in said.items():
        if name not in template.holes:
            raise BadValue(value, name, "nothing: the template of this provider does not ask it")


def _where(rule: CollectionRule, provider: Provider) -> dict[str, str]:
    """The conditions of a collection as parameters of their own."""
    for name, values in rule.where.items():
        if len(values) != 1:
            raise BadConfiguration(f"{provider.id}: where.{name}: one value can be asked, not {len(values)}")
    return {name: values[0] for name, values in rule.where.items()}


def _filled(hole: re.Match[str], values: Mapping[str, str]) -> str:
    value = values.get(hole[1], "")
    if not value and not hole[2]:
        raise BadValue(value, hole[1], "a value, without which this provider cannot be asked")
    return value


# --- clauses


def _with_terms(
    said: Mapping[str, str],
    provider: Provider,
    rule: CollectionRule | None,
    language: ClauseLanguage,
    query: Query,
) -> dict[str, str]:
    """The values with those that clauses can say put into {searchTerms}.

    A clause is a text with holes, written when all of them are told, so that one without any always is; an
    empty one never is. `where` is written for each condition of a collection, with the holes {name} and
    {value}."""
    rest = dict(said)
    if rule is None:
        rest.pop(COLLECTION, None)
    written: list[str] = []
    for kind, clause in provider.clauses.items():
        if kind == "where":
            written += _where_clauses(clause, rule, language)
            continue
        names = [name for name, _ in _HOLE.findall(clause)]
        if clause and all(said.get(name) for name in names):
            quoted = {name: language.quoted(said[name]) for name in names}
            written.append(_HOLE.sub(lambda hole, quoted=quoted: quoted[hole[1]], clause))
            for name in names:
                rest.pop(name, None)
    return rest | {TERMS: language.conjunction.join(written) or language.everything}


def _where_clauses(clause: str, rule: CollectionRule | None, language: ClauseLanguage) -> list[str]:
    found: list[str] = []
    for name, values in rule.where.items() if rule else ():
        each = [clause.replace("{name}", name).replace("{value}", language.quoted(value)) for value in values]
        found.append(each[0] if len(each) == 1 else f"({language.disjunction.join(each)})")
    return found
