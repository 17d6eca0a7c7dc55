"""Charts as plain figures for a template to draw: bars and a line in a frame of fixed size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# about as wide as a chart is on a page, so that letters are as large as elsewhere
WIDTH, HEIGHT = 360.0, 170.0
_TOP, _BOTTOM, _LEFT = 18.0, 38.0, 34.0
# letters of 12 pixels are about so wide; names below a chart stand in two rows when they need to
_LETTER, _ROW = 6.6, 15.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar or a point: what it is called, its value (None: nothing is known), and where it stands."""

    label: str
    value: float | None
    x: float
    y: float
    width: float = 0.0
    height: float = 0.0

    @property
    def middle(self) -> float:
        """Where its name stands."""
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True)
class Chart:
    """Marks, the heights of some values to read them by, names below (text, x, y), and a path through the
    points that are known."""

    marks: tuple[Mark, ...]
    ticks: tuple[tuple[str, float], ...]
    names: tuple[tuple[str, float, float], ...]
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
    return Chart(tuple(marks), _ticks(0, most), _names(marks, step))


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
    return Chart(tuple(marks), _ticks(low, high), _names(marks, step), "".join(path))


def _names(marks: Sequence[Mark], step: float) -> tuple[tuple[str, float, float], ...]:
    """As many names as have room: in one row, else in two, else not all of them."""
    widest = max((len(mark.label) for mark in marks), default=0) * _LETTER + 6
    rows = 1 if widest <= step else 2
    every = max(1, -(-int(widest) // max(int(step * rows), 1)))
    shown = marks[::every]
    return tuple(
        (
            mark.label,
            _within(mark.middle, len(mark.label) * _LETTER),
            HEIGHT - _BOTTOM + _ROW * (1 + at % rows),
        )
        for at, mark in enumerate(shown)
    )


def _within(middle: float, width: float) -> float:
    return round(min(max(middle, width / 2), WIDTH - width / 2), 2)


def _height(value: float, low: float, high: float) -> float:
    share = (value - low) / ((high - low) or 1)
    return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 2)


def _ticks(low: float, high: float) -> tuple[tuple[str, float], ...]:
    return tuple((f"{value:g}", _height(value, low, high)) for value in (low, high))
