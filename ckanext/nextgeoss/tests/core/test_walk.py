"""Catalogues that are trees, walked in order, from any place on, whatever is broken in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.harvesters import remote
from ckanext.nextgeoss.harvesters.pagination import request_from_text, request_to_text
from ckanext.nextgeoss.harvesters.protocols import Answer, Record
from ckanext.nextgeoss.harvesters.provider_files import profile_provider
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import RemoteError, Request, Response

# products, what lies beneath, and the next page of each node
Node = tuple[str, str, str]
TREE: Mapping[str, Node] = {
    "root": ("", "a b", "root2"),
    "root2": ("", "c", ""),
    "a": ("1", "aa ab", ""),
    "aa": ("2 3", "", "aa2"),
    "aa2": ("4", "", ""),
    "ab": ("", "", ""),
    "b": ("5", "", ""),
    "c": ("6", "", ""),
}


class _Tree:
    """A protocol whose answers are the nodes of a tree."""

    one_collection = False
    needs_collection = False

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self.nodes = nodes

    def asks(self, _: Any) -> frozenset[str]:
        return frozenset()

    def first_request(self, *_: Any) -> Request:
        return Request(url="root")

    def read(self, _: Any, response: Response, request: Request) -> Answer:
        if response.url not in self.nodes:
            raise BadAnswer("not a node", response.url)
        products, children, following = self.nodes[response.url]
        found = tuple(Product(id=name, collection="c") for name in products.split())
        return Answer(
            found,
            tuple(Record(product.id, n) for n, product in enumerate(found)),
            next=Request(url=following) if following else None,
            children=tuple(Request(url=child) for child in children.split()),
        )


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a catalogue of nodes, and the list of what it was asked."""

    def make(nodes: Mapping[str, Node]) -> tuple[RemoteCatalogue, list[str]]:
        asked: list[str] = []

        def send(request: Request) -> Response:
            asked.append(request.url)
            if request.url == "missing":
                raise RemoteError("404 Not Found", 404)
            return Response(200, {}, b"", request.url)

        monkeypatch.setattr(remote, "protocol", lambda _: _Tree(nodes))
        return RemoteCatalogue(replace(profile_provider("stac"), url="https://x.example"), send), asked

    return make


def _ids(answers: list[Answer]) -> str:
    return " ".join(product.id for answer in answers for product in answer.products)


def test_everything_in_order(walked: Any):
    """Each node once: what is beneath before the next page, the next page before what is beside."""
    catalogue, asked = walked(TREE)
    assert _ids(list(catalogue.pages(Query()))) == "1 2 3 4 5 6"
    assert asked == ["root", "a", "aa", "aa2", "ab", "b", "root2", "c"]


def test_from_any_place_on(walked: Any):
    """The stored request of each page leads through the rest, and stays small."""
    catalogue, _ = walked(TREE)
    answers = list(catalogue.pages(Query()))
    for number, answer in enumerate(answers[:-1]):
        text = request_to_text(answer.next)
        again, _ = walked(TREE)
        rest = list(again.pages(Query(), request_from_text(text)))
        assert _ids(rest) == _ids(answers[number + 1 :])
        assert len(text) < 400


def test_many_beneath_one(walked: Any):
    """A thousand leaves: each is asked once, and the stored request does not grow with them."""
    leaves = [f"leaf{n}" for n in range(1000)]
    catalogue, asked = walked(
        {"root": ("", " ".join(leaves), "")} | {leaf: (leaf, "", "") for leaf in leaves}
    )
    answers = list(catalogue.pages(Query()))
    assert _ids(answers) == " ".join(leaves)
    assert asked == ["root", *leaves]
    assert max(len(request_to_text(answer.next)) for answer in answers[:-1]) < 400


def test_circles(walked: Any):
    """Links to where one was lead nowhere, also through nodes that are linked twice."""
    catalogue, asked = walked({"root": ("", "a b", ""), "a": ("1", "root b a", ""), "b": ("2", "a", "")})
    assert _ids(list(catalogue.pages(Query()))) == "1 2"
    assert asked == ["root", "a", "b"]


def test_no_bottom(walked: Any):
    """Ever new nodes beneath ever new ones: it ends."""

    class Endless(dict[str, Node]):
        def __contains__(self, _: object) -> bool:
            return True

        def __missing__(self, name: str) -> Node:
            return ("", f"{name}x", "")

    catalogue, asked = walked(Endless())
    assert _ids(list(catalogue.pages(Query()))) == ""
    assert len(asked) < 40


def test_broken_nodes(walked: Any):
    """What is missing or broken below the root is refused with the reason, and the rest is read."""
    catalogue, _ = walked({"root": ("", "a missing broken b", ""), "a": ("1", "", ""), "b": ("2", "", "")})
    answers = list(catalogue.pages(Query()))
    assert _ids(answers) == "1 2"
    assert [bad.reason for answer in answers for bad in answer.refused] == [
        "404 Not Found", "broken: not a node",
    ]  # fmt: skip


def test_a_broken_root_is_no_empty_catalogue(walked: Any):
    catalogue, _ = walked({})
    with pytest.raises(BadAnswer, match="not a node"):
        list(catalogue.pages(Query()))


def test_limit(walked: Any):
    """It ends with the product that was wanted last."""
    catalogue, asked = walked(TREE)
    assert _ids(list(catalogue.pages(Query(), limit=2))) == "1 2"
    assert asked == ["root", "a", "aa"]
