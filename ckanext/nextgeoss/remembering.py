"""What a function gave, remembered for a while by each process."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, ParamSpec, Protocol, TypeVar, cast

from cachetools import TLRUCache, cached

_P = ParamSpec("_P")
_T = TypeVar("_T")
_Given = TypeVar("_Given", covariant=True)


class Remembering(Protocol[_P, _Given]):
    """A function that remembers what it gave."""

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _Given: ...

    def cache_clear(self) -> None:
        """Forget all of it."""
        ...


def remembered_for(
    seconds: float | Callable[[], float], most: int = 1, clock: Callable[[], float] = monotonic
) -> Callable[[Callable[_P, _T]], Remembering[_P, _T]]:
    """Have a function remember what it gave for so many seconds, for `most` different arguments: the least
    used go first. No thread waits for what another one asks; an exception is not remembered."""

    def until(key: Any, value: Any, now: float) -> float:
        return now + (seconds() if callable(seconds) else seconds)

    def remember(function: Callable[_P, _T]) -> Remembering[_P, _T]:
        kept = cached(TLRUCache(most, until, clock), lock=Lock())(function)
        return cast(Remembering[_P, _T], kept)

    return remember
