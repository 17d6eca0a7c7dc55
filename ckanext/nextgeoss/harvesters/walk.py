"""The way through a catalogue that is a tree: what lies beneath, then the next page, then what is beside."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from ..http import Request
from .pagination import request_from_text, request_to_text
from .protocols import Answer

# nodes above the present one that are remembered; others are asked again
_REMEMBERED = 64
# no catalogue is so deep: there is a circle of ever new addresses
_DEEPEST = 32

# of a node: the requests for what lies beneath it, and that for its next page
_Ways = tuple[tuple[Request, ...], Request | None]


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
        children, following = answer.children, answer.next
        above = request.above
        self._remember(node, (children, following))
        taken = ""
        while True:
            if child := self._child(node, children, taken, above, request.about):
                return child
            if following is not None:
                return replace(following, above=above)
            if not above:
                return None
            (node, taken), above = above[-1], above[:-1]
            children, following = self._ways_of(node)

    def _child(
        self,
        node: str,
        children: tuple[Request, ...],
        taken: str,
        above: tuple[tuple[str, str], ...],
        about: str,
    ) -> Request | None:
        """What lies beneath a node after the one that was taken last; what was gone to before is left out,
        and so is everything below the greatest depth."""
        if len(above) >= _DEEPEST:
            return None
        on_the_way = {parent for parent, _ in above} | {node}
        names = [request_to_text(replace(child, about=child.about or about, above=())) for child in children]
        begin = names.index(taken) + 1 if taken in names else 0
        for name in names[begin:]:
            if name not in on_the_way and hash(name) not in self._gone_to:
                self._gone_to.add(hash(name))
                return replace(request_from_text(name), above=(*above, (node, name)))
        return None

    def _ways_of(self, node: str) -> _Ways:
        if node not in self._ways:
            answer = self._read(request_from_text(node))
            self._remember(node, (answer.children, answer.next))
        return self._ways.get(node, ((), None))

    def _remember(self, node: str, ways: _Ways) -> None:
        if ways == ((), None):
            return
        self._ways[node] = ways
        while len(self._ways) > _REMEMBERED:
            self._ways.popitem(last=False)
