"""Reading ahead in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ckanext.nextgeoss.harvesters.ahead import Ahead, NotWanted, Unwanted


def taken(pages: Ahead[int]) -> list[int]:
    """All that comes until the end."""
    found: list[int] = []
    while not pages.at_end:
        if (item := pages.take(5)) is not None:
            found.append(item)
    return found


def test_items_come_in_order_and_end():
    with Ahead(iter(range(1, 20)), 3, Unwanted()) as pages:
        assert taken(pages) == list(range(1, 20))
        assert pages.take(5) is None
        pages.raise_error()


def test_an_error_comes_after_the_items_before_it():
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("broken")

    with Ahead(items(), 1, Unwanted()) as pages:
        assert taken(pages) == [1, 2]
        with pytest.raises(ValueError, match="broken"):
            pages.raise_error()


def test_no_more_is_made_than_there_is_room_for_and_what_is_not_wanted_is_not_made():
    made: list[int] = []
    full, closed = threading.Event(), threading.Event()

    def items() -> Iterator[int]:
        try:
            for number in range(1, 1000):
                made.append(number)
                if number == 4:
                    full.set()
                yield number
        finally:
            closed.set()

    with Ahead(items(), 2, Unwanted()) as pages:
        assert pages.take(5) == 1
        assert full.wait(5)
        assert made == [1, 2, 3, 4]  # one taken, two kept, one in hand
    assert closed.wait(5)
    assert made == [1, 2, 3, 4]


def test_waiting_ends_without_an_item():
    go = threading.Event()

    def items() -> Iterator[int]:
        go.wait(5)
        yield 1

    with Ahead(items(), 1, Unwanted()) as pages:
        assert pages.take(0) is None
        assert pages.take(0.01) is None
        assert not pages.at_end
        go.set()
        assert taken(pages) == [1]


def test_whoever_waits_in_the_thread_is_told_that_nobody_wants_it():
    unwanted = Unwanted()
    unwanted.check()
    with Ahead(iter([1]), 1, unwanted) as pages:
        assert taken(pages) == [1]
    with pytest.raises(NotWanted):
        unwanted.check()
