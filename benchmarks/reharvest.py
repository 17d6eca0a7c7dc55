"""The same harvest again, with nothing changed: how much quicker, and that it writes nothing.

`./nextgeoss bench reharvest [--products N]`"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from _command import Result, arguments, finish, per_product, rate_of, ratio
from _simulated import provider
from _site import Site, told


def measure(chosen: Namespace, folder: Path) -> Result:
    """Both harvests."""
    site = Site(chosen.ini, folder, chosen.workers)
    with provider(chosen.products, folder) as some, site.at_work(some) as workers:
        first = workers.harvest(chosen.products)
        told("harvest", first)
        again = workers.again(first["source"], chosen.products)
        told("again", again)
    result: Result = {"benchmark": "reharvest", "products": chosen.products}
    result |= {"workers": chosen.workers, "harvest": first, "again": again}
    return result | {"ratios": {"again / harvest": ratio(again["rate"], first["rate"])}}


def report(result: Mapping[str, Any]) -> str:
    """What people read."""
    again = result["again"]
    lines = [f"{name:<10} {rate_of(result[name])}" for name in ("harvest", "again")]
    lines.append(f"not modified  {again['counters']['unchanged']} of {result['products']}")
    lines.append(f"rows written  {per_product(again['rows_written']) or 'none'}")
    lines.append(f"documents written  {again['documents_written']}")
    lines.append(f"CPU ms per product  {per_product(again['cpu_ms_per_product'])}")
    return "\n".join([*lines, f"ratios     {per_product(result['ratios'])}"])


def main() -> None:
    """Measure and tell."""
    chosen = arguments(__doc__, 2000).parse_args()
    finish(chosen, lambda folder: measure(chosen, folder), report)


if __name__ == "__main__":
    main()
