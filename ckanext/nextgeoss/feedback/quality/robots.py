"""What a host lets robots do: robots.txt as RFC 9309 reads it, and the delay that many hosts ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

# RFC 9309, 2.5: at least so much is read
MOST_BYTES = 500 * 1024
# seconds between two requests that a host may ask for
LONGEST_DELAY = 30.0
_MOST_RULES = 5000


@dataclass(frozen=True, slots=True)
class Rule:
    """A path, `*` and `$` in it as patterns, that may be asked or not."""

    path: str
    allows: bool

    def fits(self, path: str) -> bool:
        """Whether it is about a path."""
        first, *others = self.path.removesuffix("$").split("*")
        if not path.startswith(first):
            return False
        place = len(first)
        if not self.path.endswith("$"):
            return _found_in_order(others, path, place) is not None
        if not others:
            return place == len(path)
        found = _found_in_order(others[:-1], path, place)
        return found is not None and path.endswith(others[-1]) and len(path) - len(others[-1]) >= found


@dataclass(frozen=True, slots=True)
class Robots:
    """What one robot may ask of a host."""

    rules: tuple[Rule, ...] = ()
    # seconds between two requests
    delay: float = 0.0

    def allows(self, url: str) -> bool:
        """Whether an address of the host may be asked: the longest rule counts, of two the one that lets."""
        parts = urlsplit(url)
        path = _normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        found = [rule for rule in self.rules if rule.fits(path)]
        return not found or max(found, key=lambda rule: (len(rule.path), rule.allows)).allows


EVERYTHING = Robots()
NOTHING = Robots((Rule("/", False),))


def _found_in_order(parts: list[str], path: str, place: int) -> int | None:
    """Where the last of the parts ends when all are found one after the other; no pattern, whose cost a host
    could choose."""
    for part in parts:
        found = path.find(part, place)
        if found < 0:
            return None
        place = found + len(part)
    return place


@dataclass(slots=True)
class _Group:
    agents: set[str] = field(default_factory=set[str])
    rules: list[Rule] = field(default_factory=list[Rule])
    delay: float = 0.0


def read_robots(text: str, robot: str) -> Robots:
    """What a robots.txt says to a robot of this product name, such as `ckanext-nextgeoss`: the groups that
    name it, else those for all."""
    groups = list(_groups(text))
    name = robot.lower()
    mine = [group for group in groups if any(agent and name.startswith(agent) for agent in group.agents)]
    mine = mine or [group for group in groups if "*" in group.agents]
    rules = tuple(rule for group in mine for rule in group.rules)
    return Robots(rules[:_MOST_RULES], max((group.delay for group in mine), default=0.0))


def _groups(text: str) -> Iterator[_Group]:
    group, begun = _Group(), False
    for line in text.removeprefix("\ufeff").splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon:
            continue
        if name == "user-agent":
            if begun:  # a rule has stood between: this is another group
                yield group
                group, begun = _Group(), False
            group.agents.add(value.lower())
        elif name in ("allow", "disallow", "crawl-delay"):
            begun = True
            if name == "crawl-delay":
                group.delay = _delay(value)
            elif value:  # an empty one forbids nothing
                group.rules.append(Rule(_normal(value), name == "allow"))
    yield group


def _delay(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return min(seconds, LONGEST_DELAY) if seconds > 0 else 0.0


def _normal(path: str) -> str:
    """A path as all spell it: what need not be encoded is not."""
    return quote(
        unquote(path, errors="surrogateescape"), safe="/*$?&=:;,@!'()+~-._%", errors="surrogateescape"
    )
