"""Round numbers that part a range into about ten."""

from __future__ import annotations

from math import floor, log10

_PARTS = 12
_STEPS = (1, 2, 5, 10)


def edges(low: float, high: float, *, whole: bool = False) -> list[float]:
    """The round numbers between `low` and `high`, at equal distances, at most twelve; `low` alone where there
    is nothing between. `whole` for integers."""
    step, digits = _step((high - low) / _PARTS, whole=whole)
    first = floor(low / step) + 1 if step else 0
    found = [round(number * step, digits) for number in range(first, first + _PARTS + 1)] if step else []
    # numbers far greater than their distance may be the same
    return [number for number in dict.fromkeys(found) if low < number < high] or [low]


def _step(least: float, *, whole: bool) -> tuple[float, int]:
    """The first round number that is not less, and how many decimals it has; 0 for none."""
    if least <= 0:
        return 0, 0
    power = floor(log10(least))
    if whole and power < 0:
        return 1, 0
    step = next(each for each in _STEPS if each * 10.0**power >= least * (1 - 1e-9))
    return step * 10.0**power, max(0, -power)
