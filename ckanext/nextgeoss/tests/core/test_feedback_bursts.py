"""How strange it is that a dataset is rated so often."""

from __future__ import annotations

import pytest

from ckanext.nextgeoss.feedback.bursts import score, usual


@pytest.mark.parametrize(
    ("today", "days", "expected"),
    [
        (10, [0] * 28, 10.0),  # nobody rated it before
        (10, [], 10.0),
        (0, [0] * 28, 0.0),
        (9, [9] * 28, 0.0),
        (15, [9] * 28, 2.0),  # the deviation of chance is the root of the mean
        (24, [0, 20] * 14, 1.4),  # it always comes in waves
    ],
)
def test_deviations_above_what_is_usual(today: int, days: list[int], expected: float) -> None:
    assert score(today, days) == pytest.approx(expected)


def test_more_is_stranger_and_usual_is_the_mean() -> None:
    days = [3, 4, 2, 5] * 7
    found = [score(today, days) for today in range(30)]
    assert found == sorted(found) and len(set(found)) == 30
    assert usual(days) == 3.5
