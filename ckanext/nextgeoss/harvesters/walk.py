"""The way through a catalogue that is a tree: what lies beneath, then the next page, then what is beside."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from ..http import Request
from .pagination import request_from_text, request_to_text
from .protocols import Answer

# nodes above the present one that are remembered; others are asked again
_REMEMBERED = 64
# no catalogue is so deep: there is a circle of ever new addresses
_DEEPEST = 32


class _Ways:
    """From a node: the requests for what lies beneath it, as texts with their places, and its next page."""

    def __init__(self, children: tuple[Request, ...], following: Request | None, about: str) -> None:
        texts = [request_to_text(replace(child, about=child.about or about, above=())) for child in children]
        self.names = list(dict.fromkeys(texts))
        self._places = {name: place for place, name in enumerate(self.names)}
        self.following = following

    def after(self, name: str) -> int:
        """The place after that of a name; the first one after no name."""
        return self._places.get(name, -1) + 1


class Walk:
    """Where to go from each answer. How one came is in the request itself, as parent and child at each level:
    a stored request leads on through the rest of the tree, however many nodes there are."""

    def __init__(self, read: Callable[[Request], Answer]) -> None:
        self._read = read
        self._ways: OrderedDict[str, _Ways] = OrderedDict()
        self._gone_to: set[int] = set()

    def after(self, request: Request, answer: Answer) -> Request | None:
        """The request that follows, once `answer` to `request` is read; None at the end of the tree."""
        node = request_to_text(replace(request, above=()))
        above = request.above
        ways = _Ways(answer.children, answer.next, request.about)
        self._remember(node, ways)
        taken = ""
        while True:
            if child := self._child(node, ways, taken, above):
                return child
            if ways.following is not None:
                return replace(ways.following, above=above)
            if not above:
                return None
            (node, taken), above = above[-1], above[:-1]
            ways = self._ways_of(node, request.about)

    def _child(
        self,
        node: str,
        ways: _Ways,
        taken: str,
        above: tuple[tuple[str, str], ...],
    ) -> Request | None:
        """What lies beneath a node after the one that was taken last; what was gone to before is left out,
        and so is everything below the greatest depth."""
        if len(above) >= _DEEPEST:
            return None
        on_the_way = {parent for parent, _ in above} | {node}
        for name in islice(ways.names, ways.after(taken), None):
            if name not in on_the_way and hash(name) not in self._gone_to:
                self._gone_to.add(hash(name))
                return replace(request_from_text(name), above=(*above, (node, name)))
        return None

    def _ways_of(self, node: str, about: str) -> _Ways:
        if found := self._ways.get(node):
            return found
        answer = self._read(request_from_text(node))
        ways = _Ways(answer.children, answer.next, about)
        self._remember(node, ways)
        return ways

    def _remember(self, node: str, ways: _Ways) -> None:
        if not ways.names and ways.following is None:
            return
        self._ways[node] = ways
        while len(self._ways) > _REMEMBERED:
            self._ways.popitem(last=False)
