"""A harvest from a provider that fails now and then, against one from the same provider in good health.

`./nextgeoss bench faults [--rate 0.05] [--kinds 429,503,reset] [--seed 1] [--rounds 5]`

Whether a request fails follows from the seed and the request. What passes is waited for; a slice that ends
with an error is left to the next round, a harvest of the same source."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from _command import Result, arguments, finish, rate_of, ratio, say
from _simulated import Provider, provider
from _site import Site, Workers, told

KINDS = "429,500,502,503,slow,reset"
_OTHERS = 5_000_000  # where the numbers of the products of the second harvest begin


def measure(chosen: Namespace, folder: Path) -> Result:
    """Both harvests."""
    site = Site(chosen.ini, folder, chosen.workers)
    with provider(chosen.products, folder) as some, site.at_work(some) as workers:
        good = workers.harvest(chosen.products)
        told("without faults", good)
    with provider(chosen.products, folder, _OTHERS) as some, site.at_work(some) as workers:
        some.faults(
            rate=chosen.rate, seed=chosen.seed, kinds=chosen.kinds.split(","), retry_after="1", seconds=1.0
        )
        bad = _rounds(site, workers, some, chosen)
        told("with faults", bad)
    result: Result = {"benchmark": "faults", "products": chosen.products}
    result |= {"workers": chosen.workers, "rate": chosen.rate, "kinds": chosen.kinds, "seed": chosen.seed}
    result |= {"without": good, "with": bad}
    return result | {"ratios": {"with faults / without": ratio(bad["rate"], good["rate"])}}


def _rounds(site: Site, workers: Workers, some: Provider, chosen: Namespace) -> Result:
    """Harvests of one source until nothing is missing; the sum of them."""
    everything = site.hub.searchable() + chosen.products
    found = workers.harvest(chosen.products, complete=False)
    rounds = [_round(found)]
    while found["problems"] and len(rounds) < chosen.rounds:
        say(f"round {len(rounds)}: {len(found['problems'])} slices failed: {found['problems'][0]}")
        found = workers.again(found["source"], chosen.products, complete=False)
        rounds.append(_round(found))
    seconds = sum(each["seconds"] for each in rounds)
    return {
        "products": chosen.products,
        "seconds": round(seconds, 2),
        "rate": round(chosen.products / seconds, 2),
        "rounds": rounds,
        "missing": everything - site.hub.searchable(),
        "faults_done": some.faults()["done"],
    }


def _round(found: Mapping[str, Any]) -> Result:
    return {name: found[name] for name in ("seconds", "counters", "problems")}


def report(result: Mapping[str, Any]) -> str:
    """What people read."""
    bad = result["with"]
    lines = [f"{name:<8} faults  {rate_of(result[name])}" for name in ("without", "with")]
    lines.append(f"faults: {bad['faults_done']}")
    for number, each in enumerate(bad["rounds"], 1):
        told = "; ".join(each["problems"][:3]) or "none"
        lines.append(f"round {number}: {each['counters']}; slices that failed: {told}")
    lines.append(f"missing in the end: {bad['missing']}")
    return "\n".join([*lines, f"ratios  {result['ratios']}"])


def main() -> None:
    """Measure and tell."""
    parser = arguments(__doc__, 2000)
    parser.add_argument("--rate", type=float, default=0.05, help="share of requests that fail (default 0.05)")
    parser.add_argument("--kinds", default=KINDS, help=f"how, see the simulator (default {KINDS})")
    parser.add_argument("--seed", type=int, default=1, help="which requests (default 1)")
    parser.add_argument("--rounds", type=int, default=5, help="at most so many harvests (default 5)")
    chosen = parser.parse_args()
    finish(chosen, lambda folder: measure(chosen, folder), report)


if __name__ == "__main__":
    main()
