"""Reading ahead: the next items are made in a thread while the ones before are worked on."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import Generic, TypeVar

from ..eo.errors import NextGEOSSError

T = TypeVar("T")
_LOOK = 0.5  # seconds after which a full queue is looked at again, for whether anybody still wants its items


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None = None


class NotWanted(NextGEOSSError):
    """Nobody wants any more what is being read."""


class Unwanted(threading.Event):
    """Set when nobody wants any more what a thread reads."""

    def check(self) -> None:
        """NotWanted when it is set; for whoever waits in that thread."""
        if self.is_set():
            raise NotWanted("nobody waits for this answer any more")


class Ahead(Generic[T]):
    """The items of an iterable, made in a thread of its own, at most `room` before they are wanted.

    The thread ends with the block, which sets `unwanted`."""

    def __init__(self, items: Iterable[T], room: int, unwanted: Unwanted):
        self._items = items
        self._queue: Queue[T | _End] = Queue(room)
        self._unwanted = unwanted
        self._thread = threading.Thread(target=self._read, name="reading ahead", daemon=True)
        # when all items have been taken
        self.at_end = False
        self._error: BaseException | None = None

    def __enter__(self) -> Ahead[T]:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._unwanted.set()

    def take(self, seconds: float) -> T | None:
        """The next item; None when there is none within these seconds, or at the end."""
        if self.at_end:
            return None
        try:
            item = self._queue.get(timeout=seconds) if seconds > 0 else self._queue.get_nowait()
        except Empty:
            return None
        if isinstance(item, _End):
            self.at_end, self._error = True, item.error
            return None
        return item

    def raise_error(self) -> None:
        """Raise what ended the items before their time, if anything did."""
        if self._error is not None:
            raise self._error

    def _read(self) -> None:
        error: BaseException | None = None
        try:
            for item in self._items:
                if not self._put(item):
                    break
        except BaseException as caught:
            error = caught
        finally:
            if isinstance(self._items, Iterator):
                getattr(self._items, "close", lambda: None)()
        self._put(_End(error))

    def _put(self, item: T | _End) -> bool:
        """Whether somebody still wants the item."""
        while not self._unwanted.is_set():
            try:
                self._queue.put(item, timeout=_LOOK)
                return True
            except Full:
                continue
        return False
