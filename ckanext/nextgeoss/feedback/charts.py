"""Charts as plain figures for a template to draw: bars and a line in a frame of fixed size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 560.0, 150.0
_TOP, _BOTTOM, _LEFT = 18.0, 22.0, 34.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar or a point: what it is called, its value (None: nothing is known), and where it stands."""

    label: str
    value: float | None
    x: float
    y: float
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Chart:
    """Marks, the heights of some values to read them by, and a path through the points that are known."""

    marks: tuple[Mark, ...]
    ticks: tuple[tuple[str, float], ...]
    path: str = ""
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def known(self) -> bool:
        """Whether there is anything to see."""
        return any(mark.value for mark in self.marks)


def bars(values: Sequence[tuple[str, float]], *, most: float = 0) -> Chart:
    """A bar for each value, from zero to the highest, or to `most`."""
    most = most or max((value for _, value in values), default=0) or 1
    step = (WIDTH - _LEFT) / max(len(values), 1)
    width = min(step * 0.7, 60.0)
    marks = []
    for at, (name, value) in enumerate(values):
        y = _height(value, 0, most)
        x = _LEFT + step * at + (step - width) / 2
        marks.append(Mark(name, value, round(x, 2), y, round(width, 2), round(HEIGHT - _BOTTOM - y, 2)))
    return Chart(tuple(marks), _ticks(0, most))


def line(values: Sequence[tuple[str, float | None]], *, low: float, high: float) -> Chart:
    """A line through values from `low` to `high`; it is broken where nothing is known."""
    step = (WIDTH - _LEFT) / max(len(values), 1)
    marks, path, drawing = [], [], False
    for at, (name, value) in enumerate(values):
        x = round(_LEFT + step * (at + 0.5), 2)
        y = _height(low if value is None else value, low, high)
        marks.append(Mark(name, value, x, y))
        if value is not None:
            path.append(f"{'L' if drawing else 'M'}{x} {y}")
        drawing = value is not None
    return Chart(tuple(marks), _ticks(low, high), "".join(path))


def _height(value: float, low: float, high: float) -> float:
    share = (value - low) / ((high - low) or 1)
    return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 2)


def _ticks(low: float, high: float) -> tuple[tuple[str, float], ...]:
    return tuple((f"{value:g}", _height(value, low, high)) for value in (low, high))
