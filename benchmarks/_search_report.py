"""What the search benchmark has found, and whether it is enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import exp, log
from typing import Any, NamedTuple

from _command import per_product
from _questions import BY_ID, SEARCHES

Result = Mapping[str, Any]
# what is asked for: requests/s against the peer's, milliseconds beyond Solr's own, growth of times
SEARCH, ITEM, MEAN = 2.0, 1.0, 3.0
BEYOND_SOLR, BEYOND_SOLR_100 = 8.0, 25.0
SCALE, DEEP = 2.0, 1.5
_LARGE_PAGE = 100
_WORTH_TELLING = 0.05  # milliseconds


class Gate(NamedTuple):
    """Something to be reached: its value, the bound, and whether it is a least or a most."""

    what: str
    value: float
    bound: float
    at_least: bool = True

    @property
    def reached(self) -> bool:
        """Whether the value is on the right side of the bound."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    @property
    def side(self) -> str:
        """Which side of the bound that is."""
        return "at least" if self.at_least else "at most"

    def __str__(self) -> str:
        told = f"{self.what}: {self.value:.2f}, {self.side} {self.bound:g}"
        return f"{'PASS ' if self.reached else 'SHORT'} {told}"


def gates(result: Result) -> list[Gate]:
    """All that this result can decide."""
    return [*_against_the_peer(result), *_against_solr(result), *_of_size(result)]


def _against_the_peer(result: Result) -> Iterator[Gate]:
    every: list[float] = []
    for case, found in result["cases"].items():
        values = {clients: each for clients, sides in found["clients"].items() if (each := ratio(sides))}
        every += values.values()
        if values:
            worst = min(values, key=lambda clients: values[clients])
            least = ITEM if case == BY_ID else SEARCH
            yield Gate(f"{case}: requests/s against the peer ({worst} clients)", values[worst], least)
    if every:
        yield Gate("geometric mean of all", exp(sum(map(log, every)) / len(every)), MEAN)


def _against_solr(result: Result) -> Iterator[Gate]:
    for case, found in result["cases"].items():
        if one := found["clients"].get("1"):
            most = BEYOND_SOLR_100 if case in SEARCHES and SEARCHES[case][1] >= _LARGE_PAGE else BEYOND_SOLR
            beyond = one["ours"]["p50"] - found["raw"]["p50"]
            yield Gate(f"{case}: p50 beyond Solr's {found['raw']['p50']:g} ms", beyond, most, at_least=False)


def _of_size(result: Result) -> Iterator[Gate]:
    if scale := result.get("scale"):
        growth = scale["many"]["p95"] / scale["few"]["p95"]
        yield Gate(f"p95 with {scale['products']} products against before", growth, SCALE, at_least=False)
    if deep := result.get("deep"):
        what = f"time of a page, the last tenth of {deep['pages']} against the first"
        yield Gate(what, deep["ratio"], DEEP, at_least=False)


def ratio(sides: Result) -> float:
    """Our requests/s divided by the peer's; 0 without a peer."""
    return sides["ours"]["rate"] / sides["peer"]["rate"] if "peer" in sides else 0.0


def report(result: Result) -> str:
    """What people read."""
    lines = [
        f"{result['products']} products, {result['workers']} worker(s) of each web server; "
        + (f"peer: {_versions(result)}" if "peer" in result else f"no peer: {result.get('without_peer', '')}")
    ]
    for case, found in result["cases"].items():
        lines.append(f"{case}: Solr alone p50 {found['raw']['p50']:g} ms, p95 {found['raw']['p95']:g}")
        for clients, sides in found["clients"].items():
            lines += [f"  {clients:>2} clients  {name:<5} {_seen(seen)}" for name, seen in sides.items()]
            lines += [f"  {'':<10}  ratio {ratio(sides):.2f}"] if "peer" in sides else []
    lines += [*_compared(result), *_refused(result)]
    return "\n".join([*lines, *map(str, gates(result))])


def _versions(result: Result) -> str:
    return ", ".join(f"{name} {version}" for name, version in result["peer"].items())


def _seen(seen: Result) -> str:
    times = "  ".join(f"{name} {seen[name]:g}" for name in ("p50", "p95", "p99"))
    cost = f"{seen['requests']} requests, load generator {seen['cpu_share']:.0%} of a CPU"
    cpu = per_product({name: ms for name, ms in seen["cpu_ms"].items() if ms >= _WORTH_TELLING})
    return f"{seen['rate']:g}/s  {times} ms  CPU ms: {cpu}  ({cost})"


def _compared(result: Result) -> Iterator[str]:
    for case, found in result.get("differences", {}).items():
        matches = f", {found['matches']} matches in the mean" if "matches" in found else ""
        yield f"{case}: {found['different']} of {found['compared']} answers differ{matches}"
        yield from (f"  {example}" for example in found["examples"])


def _refused(result: Result) -> Iterator[str]:
    for case, found in result["cases"].items():
        for clients, sides in found["clients"].items():
            yield from (
                f"{case}, {clients} clients: {name} refused {s['refused']}"
                for name, s in sides.items()
                if s["refused"]
            )
