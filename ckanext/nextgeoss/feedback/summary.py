"""What the published feedback on a dataset says in figures: every count is exact, whatever the order in which
items come and go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .states import PRIMARY, SEVERITIES

# the best and the worst of ratings
LEAST, MOST = 1, 5
# of the tags, those that are shown
SHOWN_TAGS = 20
_PARTS = ("comments", "usages", "reproducible", "citations", "qualities", "lineages", "events")
# groups of counts that have no values
_PLAIN = ("items", "replies", *_PARTS, "open_questions", "expertise_sum", "experts")
_ROLES = ("primary", "secondary", "supplementary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one published item says of one dataset that is among its targets."""

    published: datetime
    # of the target
    role: str = PRIMARY
    is_reply: bool = False
    motivation: str = ""
    # None when it gives none, or one that does not count
    rating: int | None = None
    expertise_level: int | None = None
    contact_role: str = ""
    tags: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    # what the data is used for, in small letters
    domains: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    # how many it has of each of `comments`, `usages` and so on
    parts: Mapping[str, int] = field(default_factory=dict[str, int])
    # how bad the issue is that it reports and that is open; "" for none
    open_issue: str = ""
    is_open_question: bool = False

    def counts(self) -> Iterator[tuple[str, str, int]]:
        """(group, value, number) of all that it adds to a summary."""
        yield ("replies" if self.is_reply else "items"), "", 1
        if self.motivation:
            yield "by_motivation", self.motivation, 1
        if self.is_reply:
            return
        yield "by_target_role", self.role, 1
        for name in _PARTS:
            yield name, "", self.parts.get(name, 0)
        yield from self._of_author()
        yield from (("by_tag", tag, 1) for tag in set(self.tags))
        yield from (("by_keyword", word, 1) for word in set(self.keywords))
        yield from (("by_aspect", aspect, 1) for aspect in set(self.aspects))
        if self.role == PRIMARY:
            yield from self._of_dataset()

    def _of_author(self) -> Iterator[tuple[str, str, int]]:
        if self.contact_role:
            yield "by_role", self.contact_role, 1
        if self.expertise_level is not None:
            yield "by_expertise", str(self.expertise_level), 1
            yield "expertise_sum", "", self.expertise_level
            yield "experts", "", 1

    def _of_dataset(self) -> Iterator[tuple[str, str, int]]:
        """What only counts for what the item is about in the first place."""
        if self.rating is not None:
            yield "by_rating", str(self.rating), 1
            if self.expertise_level is not None:
                yield "by_rating_expertise", f"{self.rating}/{self.expertise_level}", 1
        for domain in set(self.domains) if self.aspects else ():
            yield "by_domain", domain, 1
            if "fitnessForPurpose" in self.aspects:
                yield "fit_for", domain, 1
            if self.open_issue == SEVERITIES[-1]:
                yield "blocked_for", domain, 1
        if self.open_issue:
            yield "open_issues", self.open_issue, 1
        if self.is_open_question:
            yield "open_questions", "", 1


@dataclass(slots=True)
class Summary:
    """The sum of what items say of a dataset; `latest` is None when no item is there, or when the latest was
    taken away and nobody has looked for the next one."""

    _counts: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    latest: datetime | None = None
    # many ratings came at once, and no moderator has looked at them yet; it is not said by items
    under_review: bool = field(default=False, compare=False)

    @classmethod
    def of(cls, said: Iterable[Said]) -> Summary:
        """The summary of these, by brute force."""
        summary = cls()
        for each in said:
            summary.add(each)
        return summary

    @classmethod
    def read(
        cls,
        counts: Mapping[str, Mapping[str, int]],
        latest: datetime | None = None,
        under_review: bool = False,
    ) -> Summary:
        """The summary of what `write` gave."""
        pairs = {(group, value): n for group, values in counts.items() for value, n in values.items()}
        return cls(Counter(pairs), latest, under_review)

    def write(self) -> dict[str, dict[str, int]]:
        """The counts by group and value; those of no value are under ""."""
        found: dict[str, dict[str, int]] = {}
        for (group, value), number in sorted(self._counts.items()):
            if number:
                found.setdefault(group, {})[value] = number
        return found

    def add(self, said: Said) -> None:
        """An item was published."""
        self._change(said, 1)
        self.latest = max(self.latest or said.published, said.published)

    def take(self, said: Said) -> None:
        """An item is published no more; the latest has to be looked for when it was this one."""
        self._change(said, -1)
        if self.latest is not None and said.published >= self.latest:
            self.latest = None

    def count(self, group: str, value: str = "") -> int:
        """How many there are of a value of a group."""
        return self._counts[group, value]

    def by(self, group: str) -> dict[str, int]:
        """The counts of a group by value, the most first."""
        found = [(value, n) for (name, value), n in self._counts.items() if name == group and n]
        return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))

    @property
    def histogram(self) -> dict[int, int]:
        """How many ratings there are of each kind, the best first."""
        return {stars: self.count("by_rating", str(stars)) for stars in range(MOST, LEAST - 1, -1)}

    @property
    def ratings(self) -> int:
        """How many ratings count."""
        return sum(self.histogram.values())

    @property
    def rating_sum(self) -> int:
        """The sum of the stars."""
        return sum(stars * number for stars, number in self.histogram.items())

    @property
    def average(self) -> float | None:
        """The exact mean of the ratings; None without any."""
        return self.rating_sum / self.ratings if self.ratings else None

    @property
    def expertise(self) -> float | None:
        """The mean of the levels of expertise that authors give themselves."""
        experts = self.count("experts")
        return self.count("expertise_sum") / experts if experts else None

    @property
    def worst_issue(self) -> str:
        """How bad the worst open issue is; "" when none is open."""
        return next((each for each in reversed(SEVERITIES) if self.count("open_issues", each)), "")

    def bayes(self, mean: float | None, weight: float) -> float | None:
        """The mean drawn to that of the site, as if `weight` people had rated `mean`: few ratings do not win
        over many. Where the site has none yet, the mean itself; None without ratings."""
        if mean is None or not self.ratings:
            return self.average
        return (weight * mean + self.rating_sum) / (weight + self.ratings)

    def fit_for(self) -> dict[str, int]:
        """By domain, how many found the data fit for it; not where an open issue blocks its use."""
        return {d: n for d, n in self.by("fit_for").items() if not self.count("blocked_for", d)}

    def _change(self, said: Said, sign: int) -> None:
        for group, value, number in said.counts():
            self._counts[group, value] += sign * number
            if not self._counts[group, value]:
                del self._counts[group, value]


def shown(summary: Summary, *, mean: float | None, weight: float) -> dict[str, Any]:
    """A summary as the actions give it; `mean` is that of all ratings of the site, drawn to with `weight`."""
    plain = {name: summary.count(name) for name in _PLAIN if name not in ("expertise_sum", "experts")}
    return {
        **plain,
        "latest": None if summary.latest is None else f"{summary.latest.isoformat()}Z",
        "by_target_role": {role: summary.count("by_target_role", role) for role in _ROLES},
        "ratings": summary.ratings,
        "average": _rounded(summary.average),
        "under_review": summary.under_review,
        "bayes": _rounded(summary.bayes(mean, weight)),
        "minimum_possible": LEAST,
        "maximum_possible": MOST,
        "histogram": {str(stars): number for stars, number in summary.histogram.items()},
        "average_expertise": _rounded(summary.expertise),
        "by_role": summary.by("by_role"),
        "by_expertise": summary.by("by_expertise"),
        "by_rating_expertise": summary.by("by_rating_expertise"),
        "by_motivation": summary.by("by_motivation"),
        "by_aspect": summary.by("by_aspect"),
        "by_keyword": dict(list(summary.by("by_keyword").items())[:SHOWN_TAGS]),
        "by_tag": dict(list(summary.by("by_tag").items())[:SHOWN_TAGS]),
        "open_issues": {severity: summary.count("open_issues", severity) for severity in SEVERITIES},
        "worst_issue": summary.worst_issue or None,
        "fit_for": [
            {"domain": domain, "fit": fit, "reports": summary.count("by_domain", domain)}
            for domain, fit in summary.fit_for().items()
        ],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
