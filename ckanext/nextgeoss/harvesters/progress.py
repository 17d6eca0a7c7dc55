"""How far a job has come, and how that is told on a console."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_BAR = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The counters of a job's slices, in products, and its slices by what became of them."""

    seen: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    errored: int = 0
    requests: int = 0
    bytes: int = 0
    slices: int = 0
    done: int = 0
    failed: int = 0
    stopped: int = 0
    running: int = 0
    # how many products will be seen; None as long as the provider has not said so for all slices
    total: int | None = None
    # since the first slice was begun; until now, or until the last one ended
    seconds: float = 0.0

    @property
    def waiting(self) -> int:
        """Slices that nobody has begun."""
        return self.slices - self.done - self.failed - self.stopped - self.running

    @property
    def rate(self) -> float:
        """Products seen in a second."""
        return self.seen / self.seconds if self.seconds > 0 else 0.0

    @property
    def share(self) -> float | None:
        """The part that is done, from 0 to 1; by slices where the number of products is not known."""
        if self.total is not None:
            return min(1.0, self.seen / self.total) if self.total else 1.0
        return (self.done + self.failed + self.stopped) / self.slices if self.slices else None

    @property
    def seconds_left(self) -> float | None:
        """How long it will take at this rate; None when that cannot be told."""
        if self.total is None or not self.seen or not self.seconds:
            return None
        return max(0.0, (self.total - self.seen) / self.rate)


def duration(seconds: float) -> str:
    """A time span as people say it: 8 s, 2 min 5 s, 3 h 20 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def line(progress: Progress) -> str:
    """One line with a bar: what is done of all, how fast, and how long it will take."""
    share = progress.share
    filled = round((share or 0.0) * _BAR)
    total = "?" if progress.total is None else str(progress.total)
    parts = [
        f"[{'#' * filled}{'-' * (_BAR - filled)}] {progress.seen}/{total} products",
        f"{progress.done}/{progress.slices} slices",
        f"{progress.rate:.1f}/s",
    ]
    left = progress.seconds_left
    parts += [f"{duration(left)} left"] if left else []
    parts += [f"{progress.errored + progress.failed} errors"] if progress.errored + progress.failed else []
    return ", ".join(parts)


def summary(progress: Progress) -> Iterator[tuple[str, str]]:
    """Name and value of all that is to be said of a job at its end."""
    for name in ("added", "updated", "unchanged", "deleted", "errored"):
        yield ("not modified" if name == "unchanged" else name), str(getattr(progress, name))
    slices = f"{progress.done} of {progress.slices} done"
    slices += f", {progress.failed} failed" if progress.failed else ""
    slices += f", {progress.stopped} stopped" if progress.stopped else ""
    yield "slices", slices
    yield "time", f"{duration(progress.seconds)}, {progress.rate:.1f} products/s"
    yield "asked", f"{progress.requests} requests, {progress.bytes / 1e6:.1f} MB"
