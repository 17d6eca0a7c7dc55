"""The tables of docs/performance.md, from JSON files of benchmarks: `_markdown.py FILE...`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from _search_report import gates, ratio

Result = Mapping[str, Any]
Row = tuple[str, ...]
# what the design asks for
STOCK, LIMIT, AGAIN, LARGE, MEMORY = 150, 0.7, 3, 0.8, 300
_SERVERS = ("postgres", "solr", "valkey", "simulator")


def tables(results: Sequence[Result]) -> str:
    """All tables that these results give, as Markdown."""
    return "\n\n".join(_table(rows) for result in results for rows in _TABLES[result["benchmark"]](result))


def _table(rows: Sequence[Row]) -> str:
    head, *others = rows
    lines = [head, ("---",) * len(head), *others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _harvest(result: Result) -> Iterator[list[Row]]:
    ours, again, limit = result["harvest"], result["again"], result["limit"]
    rows: list[Row] = [("what", "ours", "the other side", "ratio", "at least")]
    for name, least in (("stock", STOCK), ("classic", None), ("limit", LIMIT)):
        if other := result.get(name):
            value = ours["rate"] / other["rate"]
            rows.append((_OTHERS[name], _rate(ours), _rate(other), f"{value:.2f}", _least(value, least)))
    value = again["rate"] / ours["rate"]
    rows.append(
        ("the same again, against the first", _rate(again), _rate(ours), f"{value:.2f}", _least(value, AGAIN))
    )
    wrote = " ".join(f"{name} {count}" for name, count in again["rows_written"].items()) or "nothing"
    rows.append(("rows the second time wrote", wrote, "", "", "nothing"))
    rows.append(("documents the second time wrote", str(again["documents_written"]), "", "", "0"))
    rows.append(
        ("not modified, as reported", str(again["counters"]["unchanged"]), "", "", str(result["products"]))
    )
    yield rows
    yield _processes({"harvest": ours, "again": again, "limit": limit})


def _reharvest(result: Result) -> Iterator[list[Row]]:
    ours, again = result["harvest"], result["again"]
    value = again["rate"] / ours["rate"]
    yield [
        ("what", "again", "first", "ratio", "at least"),
        ("the same harvest again", _rate(again), _rate(ours), f"{value:.2f}", _least(value, AGAIN)),
    ]


def _scale(result: Result) -> Iterator[list[Row]]:
    rows: list[Row] = [("products", "products/s", "of the first", "index", "database", "our largest process")]
    for run in result["runs"]:
        value = run["rate"] / result["runs"][0]["rate"]
        largest = max(mb for name, mb in run["peak_mb"].items() if name not in _SERVERS)
        rows.append(
            (
                f"{run['products']}",
                f"{run['rate']:g}",
                f"{value:.2f}, {_least(value, LARGE)}",
                f"{run['index_mb']:g} MB",
                f"{run['database_mb']:g} MB",
                f"{largest} MB, {'within' if largest <= MEMORY else 'above'} {MEMORY}",
            )
        )
    yield rows
    yield _processes({f"{run['products']}": run for run in result["runs"]})


def _faults(result: Result) -> Iterator[list[Row]]:
    bad, good = result["with"], result["without"]
    done = " ".join(f"{kind} {count}" for kind, count in sorted(bad["faults_done"].items()))
    yield [
        ("what", "with faults", "without", "ratio"),
        ("rate", _rate(bad), _rate(good), f"{bad['rate'] / good['rate']:.2f}"),
        ("harvests until nothing was missing", str(len(bad["rounds"])), "1", ""),
        ("products missing in the end", str(bad["missing"]), "0", ""),
        ("requests that failed", done, "", ""),
    ]


def _search(result: Result) -> Iterator[list[Row]]:
    rows: list[Row] = [("case, clients", "ours", "the peer", "ratio", "p50, p95, p99: ours", "the peer")]
    spent: list[Row] = [("CPU ms a request, 1 client", "ours", "the peer", "Solr alone, p50")]
    for case, found in result["cases"].items():
        for clients, sides in found["clients"].items():
            ours, peer = sides["ours"], sides.get("peer")
            rates = (
                (f"{ours['rate']:g}/s", f"{peer['rate']:g}/s", f"{ratio(sides):.2f}")
                if peer
                else (f"{ours['rate']:g}/s", "", "")
            )
            rows.append((f"{case}, {clients}", *rates, _times(ours), _times(peer)))
        first = next(iter(found["clients"].values()))
        used = [_used(first.get(side)) for side in ("ours", "peer")]
        spent.append((case, *used, f"{found['raw']['p50']:g} ms"))
    yield rows
    yield spent
    yield [
        ("what", "found", "asked", ""),
        *(
            (gate.what, f"{gate.value:.2f}", f"{gate.side} {gate.bound:g}", _verdict(gate.reached))
            for gate in gates(result)
        ),
    ]


def _times(seen: Result | None) -> str:
    return ", ".join(f"{seen[name]:g}" for name in ("p50", "p95", "p99")) + " ms" if seen else ""


def _used(seen: Result | None) -> str:
    return ", ".join(f"{name} {ms:g}" for name, ms in seen["cpu_ms"].items() if ms >= 0.1) if seen else ""


def _processes(runs: Mapping[str, Result]) -> list[Row]:
    """CPU and memory of each process of some runs."""
    names = sorted({name for run in runs.values() for name in run["cpu_ms_per_product"]})
    rows: list[Row] = [("CPU ms a product, most MB", *runs)]
    for name in names:
        cells = [
            f"{run['cpu_ms_per_product'][name]:g}, {run['peak_mb'][name]}"
            if name in run["cpu_ms_per_product"]
            else ""
            for run in runs.values()
        ]
        rows.append((name, *cells))
    return rows


def _rate(found: Result) -> str:
    return f"{found['rate']:g}/s ({found['products']})"


def _least(value: float, least: float | None) -> str:
    if least is None:
        return ""
    return f"{least:g}: {_verdict(value >= least)}"


def _verdict(reached: bool) -> str:
    return "reached" if reached else "missed"


_OTHERS = {
    "stock": "harvest against stock ckanext-harvest",
    "classic": "harvest against our classic writer",
    "limit": "harvest against COPY and posting alone",
}
_TABLES: dict[str, Callable[[Result], Iterator[list[Row]]]] = {
    "harvest": _harvest,
    "reharvest": _reharvest,
    "scale": _scale,
    "faults": _faults,
    "search": _search,
}

if __name__ == "__main__":
    print(tables([json.loads(Path(name).read_text()) for name in sys.argv[1:]]))
