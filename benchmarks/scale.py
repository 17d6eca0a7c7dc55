"""Harvests of growing size: rate, memory of each process over time, size of index and database.

`./nextgeoss bench scale [--sizes 10000,100000,1000000] [--plot FILE.svg] [--samples FILE.csv]`

Each size is added to what is there: the harvest of a million finds 110 000 products in the catalogue."""

from __future__ import annotations

import csv
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from _command import Result, arguments, finish, per_product, rate_of, ratio
from _plot import Curve, plot
from _simulated import provider
from _site import SERVERS, Site, told

BOUND = 300  # megabytes that a process of a harvest may have


def measure(chosen: Namespace, folder: Path) -> Result:
    """One harvest after another."""
    site = Site(chosen.ini, folder, chosen.workers)
    sizes = [int(size) for size in chosen.sizes.split(",")] if chosen.sizes else [chosen.products]
    result: Result = {"benchmark": "scale", "workers": chosen.workers}
    runs: list[Result] = []
    first = 0
    for size in sizes:
        with provider(size, folder, first) as some, site.at_work(some) as workers:
            found = workers.harvest(size)
        told(f"{size}", found)
        found |= {"index_mb": site.hub.index_mb(), "database_mb": site.hub.database_mb()}
        runs.append(found | {"present": first})
        first += size
    rates = {f"{run['products']} / {sizes[0]}": ratio(run["rate"], runs[0]["rate"]) for run in runs[1:]}
    _draw(chosen, runs)
    return result | {"runs": runs, "ratios": rates}


def _draw(chosen: Namespace, runs: list[Result]) -> None:
    """Memory over time of the last run, as a picture and as a table."""
    samples = runs[-1]["memory"]
    names = sorted({name for sample in samples for name in sample["mb"]})
    if chosen.plot:
        curves = [Curve(name, [(each["s"], each["mb"].get(name, 0.0)) for each in samples]) for name in names]
        title = f"Memory during a harvest of {runs[-1]['products']:,} products".replace(",", " ")
        chosen.plot.write_text(plot(title, "seconds", "MB", curves))
    if chosen.samples:
        with chosen.samples.open("w", newline="") as file:
            table = csv.writer(file)
            table.writerow(["seconds", *names])
            table.writerows([each["s"], *(each["mb"].get(name) for name in names)] for each in samples)


def report(result: Mapping[str, Any]) -> str:
    """What people read."""
    lines: list[str] = []
    for run in result["runs"]:
        ours = {name: mb for name, mb in run["peak_mb"].items() if name not in (*SERVERS, "simulator")}
        lines.append(f"{rate_of(run)}, {run['present']} present")
        lines.append(f"  index {run['index_mb']:g} MB, database {run['database_mb']:g} MB")
        lines.append(f"  CPU ms per product  {per_product(run['cpu_ms_per_product'])}")
        lines.append(f"  most memory, MB     {per_product(run['peak_mb'])}")
        lines.append(f"  of ours above {BOUND} MB: {[n for n, mb in ours.items() if mb > BOUND] or 'none'}")
    return "\n".join([*lines, f"ratios     {per_product(result['ratios'])}"])


def main() -> None:
    """Measure and tell."""
    parser = arguments(__doc__, 0)
    parser.add_argument("--sizes", default="10000,100000", help="one harvest each (default 10000,100000)")
    parser.add_argument("--plot", type=Path, help="draw the memory of the last harvest there, as SVG")
    parser.add_argument("--samples", type=Path, help="write the memory of the last harvest there, as CSV")
    chosen = parser.parse_args()
    if chosen.products:
        chosen.sizes = ""
    finish(chosen, lambda folder: measure(chosen, folder), report)


if __name__ == "__main__":
    main()
