"""From the simulated provider to searchable: our writers, a stock harvester, and the limit of the servers.

`./nextgeoss bench harvest [--products N] [--present N] [--compared N] [--stock N]`

All in one run on the same servers, one after another: our harvest through queue, workers and indexer; the
same again, with nothing to change; the classic writer and a harvester as people write them for
ckanext-harvest, on fewer products, with all the others present; and the rows and documents of our harvest
written again by COPY and posting alone."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import _raw
from _command import Result, arguments, finish, per_product, rate_of, ratio, say
from _simulated import provider
from _site import CLASSIC, Site, in_ckan, told

# where the numbers of the other products begin, which are to be others
_WARM, _PRESENT, _CLASSIC, _STOCK = 9_000_000, 8_000_000, 7_000_000, 6_000_000


def measure(chosen: Namespace, folder: Path) -> Result:
    """All measurements, as they are written to the JSON file."""
    site = Site(chosen.ini, folder, chosen.workers)
    result: Result = {"benchmark": "harvest", "products": chosen.products}
    result |= {"workers": chosen.workers, "present": chosen.present}
    say("warming up")
    with provider(chosen.warm_up, folder, _WARM) as some, site.at_work(some) as workers:
        workers.harvest(chosen.warm_up)
    if chosen.present:
        with provider(chosen.present, folder, _PRESENT) as some, site.at_work(some) as workers:
            told("filling", workers.harvest(chosen.present))
    with provider(chosen.products, folder) as some:
        result["simulator"] = some.served()
        with site.at_work(some) as workers:
            result["harvest"] = workers.harvest(chosen.products)
            told("harvest", result["harvest"])
            result["again"] = workers.again(result["harvest"]["source"], chosen.products)
            told("again", result["again"])
    result["database_mb"], result["index_mb"] = site.hub.database_mb(), site.hub.index_mb()
    if chosen.compared:
        with provider(chosen.compared, folder, _CLASSIC) as some, site.at_work(some) as workers:
            result["classic"] = workers.harvest(chosen.compared, CLASSIC)
            told("classic", result["classic"])
    if chosen.stock:
        with provider(chosen.stock, folder, _STOCK) as some, site.stock_at_work(some) as workers:
            result["stock"] = workers.harvest(chosen.stock)
            told("stock", result["stock"])
    result["limit"] = _limit(site, result["harvest"]["source"], chosen.products, folder)
    told("limit", result["limit"])
    return result | {"ratios": ratios(result)}


def _limit(site: Site, source: str, products: int, folder: Path) -> Result:
    say("writing down rows and documents for the limit")
    kept = folder / "raw"
    kept.mkdir()
    rows = _raw.export_rows(site.hub, source, kept)
    in_ckan(site.ini, "documents", source, str(kept))
    return _raw.measure(site.hub, source, products, kept) | {"rows": rows}


def ratios(result: Mapping[str, Any]) -> dict[str, float]:
    """What counts: rates divided by rates of the same run."""
    rate = result["harvest"]["rate"]
    found = {"again / harvest": ratio(result["again"]["rate"], rate)}
    found |= {f"harvest / {name}": ratio(rate, result[name]["rate"]) for name in _OTHERS if name in result}
    return found


_OTHERS = ("classic", "stock", "limit")


def report(result: Mapping[str, Any]) -> str:
    """What people read."""
    served = result["simulator"]
    lines = [
        f"simulator  {served['products_per_second']} products/s in {served['pages_per_second']:g} pages/s, "
        f"{served['cpu_ms_per_product']:g} CPU ms and {served['bytes_per_product']} bytes a product"
    ]
    for name in ("harvest", "again", *_OTHERS):
        if found := result.get(name):
            lines.append(f"{name:<10} {rate_of(found)}")
            lines.append(f"  CPU ms per product  {per_product(found['cpu_ms_per_product'])}")
            lines.append(f"  most memory, MB     {per_product(found['peak_mb'])}")
    again = result["again"]
    rows = per_product(again["rows_written"]) or "none"
    lines.append(f"again wrote rows: {rows}; documents: {again['documents_written']}")
    lines.append(f"ratios     {per_product(result['ratios'])}")
    return "\n".join(lines)


def main() -> None:
    """Measure and tell."""
    parser = arguments(__doc__, 2000)
    parser.add_argument("--present", type=int, default=0, help="products in the catalogue before (default 0)")
    parser.add_argument("--compared", type=int, default=500, help="products of the classic writer; 0: none")
    parser.add_argument("--stock", type=int, default=200, help="products of the stock harvester; 0: none")
    chosen = parser.parse_args()
    finish(chosen, lambda folder: measure(chosen, folder), report)


if __name__ == "__main__":
    main()
