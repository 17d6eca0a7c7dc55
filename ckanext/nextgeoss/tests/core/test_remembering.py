"""What a function gave is remembered for a while, and no longer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from ckanext.nextgeoss.remembering import remembered_for


class Clock:
    """Shows what the test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_it_is_made_anew_when_it_is_old(clock: Clock) -> None:
    made: list[str] = []

    @remembered_for(60, clock=clock)
    def value() -> int:
        """What it is."""
        made.append("")
        return len(made)

    assert [value(), value()] == [1, 1]
    clock.now += 59.9
    assert value() == 1
    clock.now += 0.1
    assert [value(), value()] == [2, 2]
    assert value.__doc__ == "What it is."


def test_nothing_is_a_value_too(clock: Clock) -> None:
    made: list[None] = []

    @remembered_for(60, clock=clock)
    def nothing() -> None:
        made.append(None)

    assert nothing() is nothing() is None and len(made) == 1


def test_it_is_forgotten_when_told(clock: Clock) -> None:
    made: list[str] = []

    @remembered_for(60, most=2, clock=clock)
    def value(name: str) -> int:
        made.append(name)
        return len(made)

    assert [value("a"), value("b")] == [1, 2]
    value.cache_clear()
    assert [value("a"), value("b")] == [3, 4]


def test_each_argument_has_its_own_and_the_least_used_goes(clock: Clock) -> None:
    made: list[str] = []

    @remembered_for(60, most=2, clock=clock)
    def value(name: str) -> str:
        made.append(name)
        return name.upper()

    assert [value(name) for name in "abac"] == ["A", "B", "A", "C"]
    assert [value("a"), made] == ["A", ["a", "b", "c"]]
    assert [value("b"), made] == ["B", ["a", "b", "c", "b"]]


def test_its_age_may_be_an_option_that_changes(clock: Clock) -> None:
    made: list[str] = []
    seconds = 10

    @remembered_for(lambda: seconds, clock=clock)
    def value() -> int:
        made.append("")
        return len(made)

    assert value() == 1
    clock.now += 10
    seconds = 0
    assert [value(), value()] == [2, 3], "of no age, it is made each time"
    seconds = 100
    assert value() == 4
    clock.now += 99
    assert value() == 4


def test_what_went_wrong_is_not_remembered(clock: Clock) -> None:
    made: list[str] = []

    @remembered_for(60, clock=clock)
    def value() -> int:
        made.append("")
        if len(made) == 1:
            raise ConnectionError("not yet")
        return len(made)

    with pytest.raises(ConnectionError):
        value()
    assert [value(), value()] == [2, 2]


def test_threads_do_not_wait_for_each_other(clock: Clock) -> None:
    """All are within the function at once: nobody waits behind who asks a server that does not answer."""
    together = Barrier(4, timeout=60)

    @remembered_for(60, most=8, clock=clock)
    def value(number: int) -> int:
        together.wait()
        return number // 4

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(value, range(4))) == [0] * 4
        assert list(threads.map(value, range(4))) == [0] * 4, "remembered: nobody comes to the barrier again"


def test_many_threads_at_once(clock: Clock) -> None:
    @remembered_for(60, most=3, clock=clock)
    def value(number: int) -> int:
        return number * 2

    def ask(number: int) -> int:
        clock.now += 7
        return value(number % 10)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(2000))) == [number % 10 * 2 for number in range(2000)]
