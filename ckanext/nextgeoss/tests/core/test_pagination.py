"""Next links, followed as given."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.harvesters.pagination import NextLink, NoRepeats, request_from_text, request_to_text
from ckanext.nextgeoss.http import Request

ASKED = Request(
    url="https://stac.example.org/search?f=json",
    method="POST",
    headers={"Accept": "application/geo+json"},
    body={"collections": ["a"], "limit": 10},
)


def _next(*links: Any) -> Request | None:
    return NextLink().next(list(links), ASKED)


def test_get():
    """An address alone is asked by GET, without the body."""
    found = _next(
        {"rel": "self", "href": "x"}, {"rel": "next", "href": "https://stac.example.org/search?page=2"}
    )
    assert found == Request(
        url="https://stac.example.org/search?page=2", headers={"Accept": "application/geo+json"}
    )


def test_post_with_a_whole_body():
    """The body takes the place of the first."""
    found = _next(
        {"rel": "next", "method": "POST", "href": "https://stac.example.org/search", "body": {"token": "t"}}
    )
    assert found and (found.method, found.body) == ("POST", {"token": "t"})


def test_post_with_merge():
    """With `merge` the body adds to the first."""
    link = {
        "rel": "next",
        "method": "POST",
        "href": "/search",
        "merge": True,
        "body": {"startIndex": 20, "limit": 20},
    }
    found = _next(link)
    assert found and found.body == {"collections": ["a"], "limit": 20, "startIndex": 20}
    assert found.url == "https://stac.example.org/search"


def test_post_without_body():
    """What was asked is asked again at the new address."""
    found = _next({"rel": "next", "method": "post", "href": "https://stac.example.org/search?token=t"})
    assert found and (found.method, found.body, found.url[-7:]) == ("POST", ASKED.body, "token=t")


def test_body_without_method():
    """A body can only be posted."""
    found = _next({"rel": "next", "href": "", "body": {"page": 2}})
    assert found and (found.method, found.url) == ("POST", ASKED.url)


def test_headers():
    """Headers of the link are sent, several values as one."""
    found = _next({"rel": "next", "href": "?page=2", "headers": {"Search-After": ["a", "b"], "X": "1"}})
    assert found and found.headers == {"Accept": "application/geo+json", "Search-After": "a, b", "X": "1"}
    assert found.url == "https://stac.example.org/search?page=2"


@pytest.mark.parametrize("links", [None, [], {}, "next", [None, 5, {}], [{"rel": "prev", "href": "x"}]])
def test_the_end(links: Any):
    """No next link, or nothing that could be one."""
    assert NextLink().next(links, ASKED) is None


@pytest.mark.parametrize(
    "link",
    [
        {"href": "file:///etc/passwd"},
        {"href": "http://[::1"},
        {"href": "javascript:alert(1)"},
        {"href": "x", "method": "DELETE"},
    ],
)
def test_links_that_are_not_followed(link: dict[str, Any]):
    """Only GET and POST of web addresses."""
    with pytest.raises(BadAnswer, match="next link"):
        _next({"rel": "next"} | link)


def test_repeats():
    """A request is new once, whatever the order of its members."""
    seen = NoRepeats()
    assert seen.is_new(Request(url="u", method="POST", body={"a": 1, "b": 2}))
    assert not seen.is_new(Request(url="u", method="POST", body={"b": 2, "a": 1}))
    assert seen.is_new(Request(url="u", method="POST", body={"a": 1, "b": 3}))


def test_request_as_text():
    """A request can be put down and taken up again."""
    assert request_from_text(request_to_text(ASKED)) == ASKED
    plain = Request(url="https://example.org/?a=1", params={"b": "ä"})
    assert request_from_text(request_to_text(plain)) == plain
