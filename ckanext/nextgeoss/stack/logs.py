"""Show what the programs of a hub have logged."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import click


def programs(folder: Path) -> list[str]:
    """The programs that have a log in `folder`."""
    return sorted(path.stem for path in folder.glob("*.log"))


def show(folder: Path, names: Sequence[str], lines: int, follow: bool) -> None:
    """Print the last `lines` lines of each log, with the program's name when there are several."""
    read: dict[str, int] = {}
    for name in names:
        text = (folder / f"{name}.log").read_text(errors="replace")
        read[name] = len(text.encode())
        _print(name, text.splitlines()[-lines:], len(names) > 1)
    try:
        while follow:
            time.sleep(0.5)
            for name in names:
                read[name] = _print_new(folder, name, read[name], len(names) > 1)
    except KeyboardInterrupt:
        pass


def _print_new(folder: Path, name: str, position: int, named: bool) -> int:
    path = folder / f"{name}.log"
    size = path.stat().st_size if path.exists() else 0
    if size < position:  # the log was turned over
        position = 0
    if size > position:
        with path.open("rb") as file:
            file.seek(position)
            _print(name, file.read(size - position).decode(errors="replace").splitlines(), named)
    return size


def _print(name: str, lines: Sequence[str], named: bool) -> None:
    for line in lines:
        click.echo(f"{name:<12}{line}" if named else line)
