"""What people are told when something is wrong with a harvest: as a mail, and as JSON for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from .progress import Progress, summary
from .report import ErrorClass, FailedSlice

_SHOWN = 20
_WIDTH = 300


@dataclass(frozen=True, slots=True)
class About:
    """The source that a notice is about; `url` is the page to look at."""

    name: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: `event` is harvest_errors or source_silent, `facts` are JSON values."""

    event: str
    subject: str
    lines: tuple[str, ...]
    facts: dict[str, Any] = field(default_factory=dict[str, Any])

    def body(self) -> str:
        """The text of a mail."""
        return "\n".join(self.lines) + "\n"

    def document(self) -> dict[str, Any]:
        """The body of a webhook; `text` is what chat programs show."""
        text = "\n".join((self.subject, *self.lines))
        return {"event": self.event, "text": text, "subject": self.subject, **self.facts}


def run_notice(
    about: About,
    job_id: str,
    ended: str,
    message: str,
    progress: Progress,
    errors: Iterable[ErrorClass],
    failed: Iterable[FailedSlice],
) -> Notice:
    """What is told of a run that failed or had errors; `ended` is its result, `message` what it says."""
    classes, slices = list(errors), list(failed)
    lines = [f"The harvest of {about.title} ended: {ended}.", *([message] if message else []), about.url, ""]
    lines += [f"{name}: {value}" for name, value in summary(progress)]
    lines += ["", "Errors by class:"] if classes else []
    lines += [
        f"  {one.count} x {one.text}\n      such as: {one.example[:_WIDTH]}" for one in classes[:_SHOWN]
    ]
    lines += ["", "Slices that were not read to their end:"] if slices else []
    lines += [f"  {one.key}: {one.reason[:_WIDTH] or 'stopped'}" for one in slices[:_SHOWN]]
    lines += [f"  and {len(slices) - _SHOWN} more"] if len(slices) > _SHOWN else []
    lines += ["", f"They go on with: ckan nextgeoss harvest resume {job_id}"] if slices else []
    facts: dict[str, Any] = {
        "source": {"name": about.name, "title": about.title},
        "job": {"id": job_id, "url": about.url, "result": ended, "message": message},
        "progress": asdict(progress),
        "errors": [asdict(one) for one in classes[:_SHOWN]],
        "failed_slices": [asdict(one) for one in slices[:_SHOWN]],
    }
    number = progress.errored + progress.failed
    words = f"{number} errors" if number != 1 else "1 error"
    return Notice("harvest_errors", f"Harvest of {about.title}: {ended}, {words}", tuple(lines), facts)


def silence_notice(about: About, days: int, since: datetime) -> Notice:
    """What is told of a source without a new product for `days` days; `since` is when the last one came."""
    last = f"{since:%Y-%m-%d %H:%M} UTC"
    lines = (f"{about.title} brought no new product for {days} days; the last one came {last}.", about.url)
    facts = {
        "source": {"name": about.name, "title": about.title, "url": about.url},
        "days": days,
        "since": f"{since:%Y-%m-%dT%H:%M:%SZ}",
    }
    return Notice("source_silent", f"Harvest of {about.title}: nothing new for {days} days", lines, facts)
