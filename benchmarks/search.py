"""Searches of our STAC API beside those of stac-fastapi-pgstac and beside Solr alone, of the same products.

`./nextgeoss bench search [--products N] [--clients 1,4,16] [--workers N] [--scale N] [--deep N]`

All in one run, each case on one side after the other, with exact counts on both. Parameters are random, with
a fixed seed and the same for both sides; the answers to a sample of them are compared. Filters in CQL2 are
asked as text (GET) and as JSON (POST); counts, which the peer does not offer, beside Solr alone. With
`--scale` the index then grows to so many products and box + year is measured again; with `--deep` so many
products are read page by page."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from _agreement import differences
from _catalogue import copy_items, provider
from _command import Result, arguments, fail, finish, say
from _deep import pages_in_turn
from _load import Load, Request, measured
from _multiplied import grow
from _pgstac import CannotCompare, Pgstac, pgstac, versions
from _processes import cpu_seconds, servers, settled
from _questions import BY_ID, COUNTS, SEARCHES, aggregations, items_by_id, names_in, searches
from _search_report import report
from _site import Site, told
from _web import web, written_ini

from ckanext.nextgeoss.stack import ports

HERE = Path(__file__).resolve().parent
STAC = "/stac"
CASES = (*SEARCHES, BY_ID, COUNTS)
# what the peer does not offer
OURS_ALONE = (COUNTS,)
SCALED = "box + year"
_FORM = "application/x-www-form-urlencoded; charset=UTF-8"
_PREPARED = 5000  # requests of a case


@dataclass(frozen=True)
class Side:
    """A STAC API: the address of its landing page, and the processes that answer."""

    address: str
    processes: Mapping[str, psutil.Process]

    def asked(self, clients: int, seconds: float, requests: Sequence[Request]) -> Result:
        """What clients see, and the processor time that an answer costs each process."""
        before = {name: cpu_seconds(process) for name, process in self.processes.items()}
        seen = measured(Load(self.address, clients, seconds, requests))
        spent = {name: cpu_seconds(process) - before[name] for name, process in self.processes.items()}
        return seen | {"cpu_ms": {n: round(s * 1000 / seen["requests"], 2) for n, s in spent.items()}}


class Comparison:
    """One run: what is asked, and our side."""

    def __init__(self, chosen: Namespace, folder: Path):
        self.chosen, self.folder = chosen, folder
        folder.chmod(0o711)  # the peer's database is another user's
        self.site = Site(chosen.ini, folder, workers=2)
        self.port = ports.some_free([])
        self.ini = written_ini(chosen.ini, folder, self.port)
        self.names: list[tuple[str, str]] = []

    @contextmanager
    def ours(self) -> Iterator[Side]:
        """Our side, from when it is started."""
        with web(self.ini, self.port, self.folder, self.chosen.workers) as process:
            found = {"web": process, **servers(self.site.ini)}
            yield Side(f"http://127.0.0.1:{self.port}{STAC}", found)

    def fill(self) -> tuple[Path, Path]:
        """Harvest the products, unless they are there, and write them down for others."""
        number = self.chosen.products
        with provider(number, self.folder) as some:
            files = copy_items(some.url, self.folder)
            self.names = names_in(files[1])
            if not self._there():
                with self.site.at_work(some) as workers:
                    told("harvest", workers.harvest(number))
        return files

    def _there(self) -> bool:
        """Whether a run before has left the products: the newest and the oldest are found."""
        ends = [f'eo_identifier:"{name}"' for _, name in (self.names[0], self.names[-1])]
        found = self.site.hub.solr("select", q=" OR ".join(ends), rows=0)["response"]["numFound"]
        return found == 2 and self.site.hub.searchable() >= len(self.names)

    def requests(self, case: str, seed: object, how_many: int = _PREPARED) -> list[Request]:
        """What is asked in a case."""
        if case == BY_ID:
            return items_by_id(self.names, how_many, seed)
        if case == COUNTS:
            return aggregations(how_many, seed)
        return searches(case, how_many, seed)

    def load(self, side: Side, case: str, clients: int) -> Result:
        """Ask one side: a while to warm up, and then with other parameters."""
        seconds = self.chosen.seconds
        side.asked(clients, seconds / 3, self.requests(case, "warm"))
        return side.asked(clients, seconds, self.requests(case, clients))

    def raw(self, bodies: Sequence[str]) -> Result:
        """Solr alone, asked by one client."""
        solr = self.site.hub.options["solr_url"]
        return measured(Load(solr, 1, 600, [Request("/select", b, _FORM) for b in bodies], most=len(bodies)))

    def asked_of_solr(self) -> dict[str, list[str]]:
        """What our API asks Solr, by case; no answer to it has been seen yet."""
        number = self.chosen.raw
        asked = [request for case in CASES for request in self.requests(case, "raw", number)]
        file = self.folder / "asked.json"
        file.write_text(json.dumps({"path": STAC, "requests": [asdict(request) for request in asked]}))
        command = [sys.executable, str(HERE / "_solr_asked.py"), str(self.ini), str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            fail(f"what Solr is asked: {done.stderr.strip()[-1000:]}")
        bodies = json.loads(done.stdout.strip().splitlines()[-1])
        return {case: bodies[place * number : (place + 1) * number] for place, case in enumerate(CASES)}


def measure(chosen: Namespace, folder: Path) -> Result:
    """All measurements, as they are written to the JSON file."""
    run = Comparison(chosen, folder)
    files = run.fill()
    result: Result = {"benchmark": "search", "products": chosen.products, "workers": chosen.workers}
    with ExitStack() as stack:
        peer = _peer(stack, run, *files, result)
        sides = {"ours": stack.enter_context(run.ours())} | ({"peer": peer} if peer else {})
        if peer:
            both = sides["ours"].address, peer.address
            result["differences"] = differences(*both, run.requests, chosen.sample)
        asked = run.asked_of_solr()
        result["cases"] = {case: _case(run, case, sides, asked[case]) for case in CASES}
    with run.ours() as ours:
        if chosen.deep:
            result["deep"] = pages_in_turn(ours.address, chosen.deep)
        if chosen.scale:
            result["scale"] = _scaled(run, ours)
    return result


def _peer(stack: ExitStack, run: Comparison, collections: Path, items: Path, result: Result) -> Side | None:
    """The filled peer; None when it is not wanted or cannot be had."""
    if run.chosen.no_peer:
        return None
    try:
        peer: Pgstac = stack.enter_context(pgstac(run.folder / "pgstac"))
    except CannotCompare as missing:
        say(f"without the peer: {missing}")
        result["without_peer"] = str(missing)
        return None
    say("filling pgstac")
    peer.fill(collections, items)
    result["peer"] = versions()
    return Side(*stack.enter_context(peer.serving(run.folder, run.chosen.workers)))


def _case(run: Comparison, case: str, sides: Mapping[str, Side], asked_of_solr: Sequence[str]) -> Result:
    found: Result = {"raw": run.raw(asked_of_solr), "clients": {}}
    if case in OURS_ALONE:
        sides = {"ours": sides["ours"]}
    for clients in run.chosen.clients.split(","):
        seen = {name: run.load(side, case, int(clients)) for name, side in sides.items()}
        found["clients"][clients] = seen
        told = (f"{name} {each['rate']:g}/s, p50 {each['p50']:g} ms" for name, each in seen.items())
        say(f"{case}, {clients} clients: {'; '.join(told)}")
    return found


def _scaled(run: Comparison, ours: Side) -> Result:
    """Box + year with the products there are and with many."""
    few = _asked_for_long(run, ours)
    grow(run.site.hub, run.chosen.scale, run.folder / "grown")
    settled(ours.processes["solr"])
    many = _asked_for_long(run, ours)
    there = {"products": run.site.hub.searchable(), "index_mb": run.site.hub.index_mb()}
    return there | {"few": few, "many": many}


def _asked_for_long(run: Comparison, ours: Side) -> Result:
    """Box + year on a hub that has been asked for a while: Solr has read and prepared the footprints that
    lie at the edges of boxes."""
    number = run.site.hub.searchable()
    say(f"{SCALED}: asking {number} products for a while")
    ours.asked(4, 15 * run.chosen.seconds, run.requests(SCALED, "for long", 4 * _PREPARED))
    say(f"{SCALED}: measuring {number} products")
    found = run.load(ours, SCALED, 1)
    say(f"{SCALED}: p50 {found['p50']:g} ms, p95 {found['p95']:g} ms")
    return found


def main() -> None:
    """Measure and tell."""
    parser = arguments(__doc__, 100_000, of_harvests=False)
    parser.add_argument("--workers", type=int, default=1, help="processes of each web server (default 1)")
    parser.add_argument("--clients", default="1,4,16", help="how many at once (default 1,4,16)")
    parser.add_argument("--seconds", type=float, default=6.0, help="of each measurement (default 6)")
    parser.add_argument(
        "--raw", type=int, default=200, help="requests to Solr alone in each case (default 200)"
    )
    parser.add_argument(
        "--sample", type=int, default=40, help="answers that are compared in each case (default 40)"
    )
    parser.add_argument("--no-peer", action="store_true", help="our side and Solr alone")
    parser.add_argument("--scale", type=int, default=0, help="products to grow to; 0: not (default)")
    parser.add_argument("--deep", type=int, default=0, help="products to read page by page; 0: not (default)")
    chosen = parser.parse_args()
    finish(chosen, lambda folder: measure(chosen, folder), report)


if __name__ == "__main__":
    main()
