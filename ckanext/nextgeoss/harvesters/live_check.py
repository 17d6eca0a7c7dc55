"""What a live provider answers to one small search, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..addresses import hidden
from ..eo.errors import NextGEOSSError
from ..eo.product import Product
from ..eo.temporal import format_time
from ..messages import Request
from .attributes import Attribute, attributes_of, coverage_of
from .exchanges import Exchange, Exchanges, asked_for_few, first_pages, first_query
from .protocols import Answer
from .provider import Provider
from .remote import RemoteCatalogue, Send

# products that are asked for
FEW = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a check: lines for people, and whether the provider can be harvested."""

    lines: tuple[str, ...]
    good: bool


def check(provider: Provider, send: Send, collection: str = "") -> Finding:
    """Ask the provider for a few products of a collection (its first, unless said); nothing is written."""
    exchanges, query = Exchanges(send), first_query(provider, collection)
    catalogue = RemoteCatalogue(asked_for_few(provider, FEW), exchanges.send)
    try:
        answers = list(first_pages(catalogue, query))
        total = answers[0].total if answers else 0
        total = catalogue.count(query) if total is None else total
    except NextGEOSSError as error:
        reason = hidden(str(error), exchanges.secrets)
        return Finding((*_asked(provider, exchanges.kept), f"failed: {reason}"), False)
    answer = answers[0] if answers else Answer((), ())
    good = bool(answer.products) or not answer.refused
    lines = (*_asked(provider, exchanges.kept), *_answered(provider, answer, total))
    return Finding(tuple(hidden(line, exchanges.secrets) for line in lines), good)


def _asked(provider: Provider, kept: list[Exchange]) -> Iterator[str]:
    yield f"{provider.id}: {provider.title} ({provider.protocol})"
    for each in kept:
        answer = each.response
        kind = answer.headers.get("content-type", "no content type")
        yield f"asked: {each.request.method} {_shown(each.request)}"
        yield f"answered: {answer.status}, {kind}, {len(answer.body)} bytes after {each.seconds:.2f} s"
    if provider.auth:
        used = any(each.request.secrets for each in kept)
        yield f"login: {provider.auth.get('type', '')}, {'sent' if used else 'not sent'}"
    else:
        yield "login: none"


def _answered(provider: Provider, answer: Answer, total: int | None) -> Iterator[str]:
    yield f"products: {len(answer.products)} read, {len(answer.refused)} refused"
    yield f"total: {'not told' if total is None else total}"
    if newest := _newest(answer.products):
        yield f"newest of them: {newest}"
    yield f"next page: {_next(answer.next)}"
    found = attributes_of(provider, answer.records)
    if found:
        yield f"attributes: {coverage_of(found)}"
    yield from (f"unknown attribute: {path}" for path in _unknown(found))
    problems = Counter(
        (problem.where, problem.reason) for product in answer.products for problem in product.problems
    )
    for (where, reason), number in problems.items():
        yield f"problem: {where}: {reason} ({number} x)"
    yield from (f"refused: record {bad.position}: {bad.reason}" for bad in answer.refused)
    yield from (f"mended: {words}" for words in answer.warnings)


def _newest(products: tuple[Product, ...]) -> str:
    times = [(time, product.id) for product in products if (time := product.time.start or product.time.end)]
    if not times:
        return ""
    time, identifier = max(times)
    return f"{identifier}, {format_time(time)}"


def _next(request: Request | None) -> str:
    return f"{request.method} {_shown(request)}" if request else "none, this is the end"


def _shown(request: Request) -> str:
    """The whole address as it may be shown."""
    query = "&".join(f"{name}={value}" for name, value in request.params.items())
    mark = "&" if "?" in request.url else "?"
    return replace(request, url=f"{request.url}{mark}{query}" if query else request.url).shown


def _unknown(found: list[Attribute]) -> Iterator[str]:
    return (each.path for each in found if each.read_as == "unknown")
