"""Tables as a console shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_WIDEST = 60


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table with aligned columns; numbers stand to the right, long texts are cut."""
    cut = [[_short(cell) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(header, *cut, strict=True)]
    to_right = [bool(cut) and all(_is_number(cell) for cell in column) for column in zip(*cut, strict=True)]
    for row in (header, *cut):
        yield "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, to_right or [False] * len(widths), strict=True)
        ).rstrip()


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDEST else line[: _WIDEST - 3] + "..."


def _is_number(text: str) -> bool:
    return text in ("", "?") or text.replace(".", "", 1).isdecimal()
