"""Curves as an SVG picture, without any library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 900, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 150, 40, 50
# told apart by people who do not see all colours, too (Okabe and Ito)
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999933")


@dataclass(frozen=True)
class Curve:
    """A named line through points."""

    name: str
    points: Sequence[tuple[float, float]]


def plot(title: str, across: str, up: str, curves: Sequence[Curve]) -> str:
    """The picture; both axes begin at zero."""
    points = [point for curve in curves for point in curve.points] or [(1.0, 1.0)]
    widest, highest = max(x for x, _ in points) or 1.0, max(y for _, y in points) or 1.0
    x_ticks, y_ticks = ticks(widest), ticks(highest)
    right, top = max(widest, x_ticks[-1]), max(highest, y_ticks[-1])

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            _LEFT + (WIDTH - _LEFT - _RIGHT) * x / right,
            HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * y / top,
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="24" font-size="16">{escape(title)}</text>',
    ]
    for tick in x_ticks:
        x, y = place(tick, 0)
        parts.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{tick:g}</text>')
    for tick in y_ticks:
        x, y = place(0, tick)
        parts.append(f'<path d="M{x:.1f} {y:.1f}H{WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    parts.append(f'<text x="{(WIDTH - _RIGHT) / 2}" y="{HEIGHT - 10}">{escape(across)}</text>')
    parts.append(f'<text x="{_LEFT - 60}" y="{_TOP - 4}">{escape(up)}</text>')
    for number, curve in enumerate(curves):
        parts += _drawn(curve, number, [place(x, y) for x, y in curve.points])
    return "\n".join([*parts, "</svg>", ""])


def _drawn(curve: Curve, number: int, points: Sequence[tuple[float, float]]) -> Iterator[str]:
    colour = COLOURS[number % len(COLOURS)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
    height = _TOP + 10 + number * 20
    left = WIDTH - _RIGHT + 15
    yield f'<path d="M{left} {height}h20" stroke="{colour}" stroke-width="3"/>'
    yield f'<text x="{left + 28}" y="{height + 4}">{escape(curve.name)}</text>'


def ticks(largest: float) -> list[float]:
    """Round numbers from 0 to just above the largest, some five of them."""
    rough = largest / 5
    power = 10 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [round(step * number, 10) for number in range(ceil(largest / step) + 1)]
