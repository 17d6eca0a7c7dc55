"""How a provider's answer leads to the next one; small classes that know requests, not providers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from ..addresses import redact
from ..eo.errors import BadAnswer, shown
from ..eo.formats.loose_json import array, mapping, text
from ..http import Request


class NextLink:
    """Follows a link `rel=next` as given: method, address, body, merge, headers (STAC API, item search)."""

    def next(self, links: object, request: Request) -> Request | None:
        """The request that the first such link among `links` asks for; None at the end."""
        for entry in array(links):
            link = mapping(entry)
            if text(link.get("rel")).lower() == "next":
                return self._request(link, request)
        return None

    def _request(self, link: Mapping[str, Any], request: Request) -> Request:
        method = (text(link.get("method")) or ("GET" if link.get("body") is None else "POST")).upper()
        if method not in ("GET", "POST"):
            raise BadAnswer(
                f"the next link asks for the method {method}; expected GET or POST", redact(request.url)
            )
        address = _address(text(link.get("href")), request)
        return Request(
            url=address,
            method=method,
            headers={**request.headers, **_headers(link.get("headers"))},
            body=_body(link, request.body) if method == "POST" else None,
            about=request.about,
        )


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts products or pages in a query parameter, for answers without a next link."""

    # the parameter, and the one that says how many products a page has
    parameter: str
    size_parameter: str
    # number of the first product or page
    first: int
    counts_pages: bool

    def next(self, request: Request, received: int, total: int | None) -> Request | None:
        """The request for what follows `received` products; None at the end, which an answer that tells no
        total reaches with an empty page: a short one may be all that a server likes to give at once."""
        number = self.number(request)
        if not received or number is None:
            return None
        size = whole_parameter(request, self.size_parameter) or received
        seen = (number - self.first) * (size if self.counts_pages else 1) + received
        if total is not None and seen >= total:
            return None
        return with_parameter(request, self.parameter, str(number + (1 if self.counts_pages else received)))

    def number(self, request: Request) -> int | None:
        """The number that a request asks for; None when it is no number."""
        is_told = parameter(request, self.parameter) is not None
        return whole_parameter(request, self.parameter) if is_told else self.first


def parameter(request: Request, name: str) -> str | None:
    """The value of a query parameter of a request, wherever it stands."""
    if name in request.params:
        return request.params[name]
    return dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True)).get(name)


def whole_parameter(request: Request, name: str) -> int | None:
    """The value of a query parameter that is a whole number; None for any other, and without one."""
    said = parameter(request, name)
    return int(said) if said and said.isascii() and said.isdecimal() else None


def with_parameter(request: Request, name: str, value: str) -> Request:
    """The request with another value of a query parameter."""
    parts = urlsplit(request.url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if any(each == name for each, _ in pairs):
        query = urlencode([(each, value if each == name else said) for each, said in pairs])
        return replace(request, url=urlunsplit(parts._replace(query=query)))
    return replace(request, params={**request.params, name: value})


def same_host(one: Request, other: Request) -> bool:
    """Whether two requests go to the same host."""
    return urlsplit(one.url).hostname == urlsplit(other.url).hostname


class NoRepeats:
    """Remembers which requests were sent, since some servers give a next link that leads in a circle."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def is_new(self, request: Request) -> bool:
        """Whether this request was not sent before; it is remembered."""
        key = hash(request_to_text(request))
        if key in self._seen:
            return False
        self._seen.add(key)
        return True


def request_to_text(request: Request) -> str:
    """A request as JSON, to go on from later; logins are added when it is sent and are not in it."""
    said = {name: value for name, value in asdict(request).items() if value}
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def request_from_text(said: str) -> Request:
    """The request of such a text."""
    read = json.loads(said)
    above = tuple((parent, taken) for parent, taken in read.get("above", ()))
    return Request(**read | {"above": above})


def _address(href: str, request: Request) -> str:
    """The web address of a link in the answer to a request."""
    try:
        address = urljoin(request.url, href)
        if urlsplit(address).scheme in ("http", "https"):
            return address
    except ValueError:  # brackets that are no IPv6 address
        pass
    said = f"the next link has the address {shown(href)}; expected one of the web"
    raise BadAnswer(said, redact(request.url))


def _body(link: Mapping[str, Any], first: Any) -> Any:
    """The link's body, added to the first one where it says `merge`; without any, the first one again."""
    if link.get("body") is None:
        return {} if first is None else first
    return mapping(first) | mapping(link["body"]) if link.get("merge") is True else link["body"]


def _headers(said: object) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in mapping(said).items():
        values = cast(Sequence[Any], value) if isinstance(value, list) else [value]
        headers[name] = ", ".join(text(item) for item in values)
    return headers
