"""From the simulated provider to searchable: rate, the share of each stage, CPU of each process.

`./nextgeoss bench harvest [--products N] [--json FILE]` runs it on throw-away servers. The harvest goes
through the queue and two workers, as in a real hub. In the same run: the same harvest once more, which has
nothing to change, and `package_create` of like datasets in a plain loop.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from _processes import cpu_seconds, megabytes, running, servers, settings

HERE = Path(__file__).resolve().parent
STAGES = ("request", "map", "write", "index", "other")
WORKERS = 2
WARM_UP = 30  # products that a fresh Solr has seen before anything is measured
SERVERS = ("postgres", "valkey", "solr")
PATIENCE = 600.0  # seconds without any progress
_COUNTERS = "seen, added, updated, unchanged, errored"


class Hub:
    """The hub under test: the database and Solr of a configuration."""

    def __init__(self, ini: Path):
        self.ini = ini
        self.options = settings(ini)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement gives."""
        connection = psycopg2.connect(self.options["sqlalchemy.url"])
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall()
        finally:
            connection.close()

    def searchable(self) -> int:
        """How many products Solr finds."""
        query = urllib.parse.urlencode({"q": "dataset_type:eo_product", "fq": "+state:active", "rows": 0})
        with urllib.request.urlopen(
            f"{self.options['solr_url']}/select?{query}&wt=json", timeout=60
        ) as answer:
            return json.load(answer)["response"]["numFound"]

    def counters(self, job: str) -> dict[str, int]:
        """What the slices of a job have counted."""
        sums = ", ".join(f"coalesce(sum({name}), 0)::int" for name in _COUNTERS.split(", "))
        (row,) = self.rows(f"SELECT {sums} FROM nextgeoss_slice WHERE job_id = %s", job)
        return dict(zip(_COUNTERS.split(", "), row, strict=True))

    def gathered(self, job: str) -> bool:
        """Whether all slices are planned."""
        return bool(self.rows("SELECT 1 FROM harvest_job WHERE id = %s AND gather_finished IS NOT NULL", job))

    def finished(self, job: str) -> bool:
        """Whether all slices are done; an error of the harvest ends the benchmark."""
        errors = self.rows("SELECT message FROM harvest_gather_error WHERE harvest_job_id = %s", job)
        errors += self.rows("SELECT error FROM nextgeoss_slice WHERE job_id = %s AND state = 'failed'", job)
        if errors:
            sys.exit(f"harvest: {errors[0][0]}")
        left = "SELECT 1 FROM nextgeoss_slice WHERE job_id = %s AND state <> 'done' LIMIT 1"
        return self.gathered(job) and not self.rows(left, job)

    def times(self, job: str) -> tuple[float, float]:
        """When gathering began and the last slice ended, in seconds since 1970."""
        statement = (
            "SELECT extract(epoch FROM gather_started)::float8, extract(epoch FROM max(s.finished))::float8 "
            "FROM harvest_job j JOIN nextgeoss_slice s ON s.job_id = j.id WHERE j.id = %s GROUP BY j.id"
        )
        return self.rows(statement, job)[0]  # type: ignore[return-value]

    def source(self, url: str) -> str:
        """The harvest source of a URL."""
        return self.rows("SELECT id FROM harvest_source WHERE url = %s", url)[0][0]

    def job(self, source: str) -> str:
        """The last job of a source."""
        statement = "SELECT id FROM harvest_job WHERE source_id = %s ORDER BY created DESC LIMIT 1"
        return self.rows(statement, source)[0][0]


def until(done: Callable[[], bool], progress: Callable[[], Any], watched: list[psutil.Process]) -> None:
    """Wait; ends the benchmark when a process has died or nothing moves any more."""
    last, moved = progress(), time.monotonic()
    while not done():
        time.sleep(0.2)
        if dead := [
            process for process in watched if not process.is_running() or process.status() == "zombie"
        ]:
            sys.exit(f"harvest: {' '.join(dead[0].args)} has ended")
        now = progress()
        if now != last:
            last, moved = now, time.monotonic()
        elif time.monotonic() - moved > PATIENCE:
            sys.exit(f"harvest: nothing has moved for {PATIENCE:.0f} s at {last}")


def read_notes(paths: list[Path]) -> dict[str, int]:
    """The samples of all workers by stage."""
    total: dict[str, int] = {}
    for path in paths:
        for name, count in json.loads(path.read_text()).items() if path.exists() else ():
            total[name] = total.get(name, 0) + count
    return total


class Run:
    """A harvest by real workers, from the start of its gathering until its products are searchable."""

    def __init__(self, hub: Hub, processes: Mapping[str, psutil.Process], notes: list[Path], products: int):
        self.hub = hub
        self.processes = processes
        self.notes = notes
        self.products = products

    def measure(self, start: Callable[[], str], everything: int) -> dict[str, Any]:
        """What a harvest takes that `start` starts; it gives the id of the source."""
        cpu, samples = self._cpu(), read_notes(self.notes)
        job = self.hub.job(start())
        seconds = self._wait(job, everything)
        time.sleep(0.5)  # the samplers write four times a second
        spent = {name: after - cpu[name] for name, after in self._cpu().items()}
        stages = {name: read_notes(self.notes).get(name, 0) - samples.get(name, 0) for name in STAGES}
        busy = sum(stages.values()) or 1
        return {
            "seconds": round(seconds, 2),
            "rate": round(self.products / seconds, 2),
            "stages": {name: round(count / busy, 4) for name, count in stages.items()},
            "cpu_ms_per_product": {
                name: round(value * 1000 / self.products, 3) for name, value in sorted(spent.items())
            },
            "memory_mb": {name: round(megabytes(process)) for name, process in self.processes.items()},
            "counters": self.hub.counters(job),
        }

    def _wait(self, job: str, everything: int) -> float:
        """Seconds from the start of gathering until all is done and searchable."""
        hub, watched = self.hub, [p for name, p in self.processes.items() if name not in SERVERS]
        until(lambda: hub.finished(job), lambda: hub.counters(job), watched)
        began, ended = hub.times(job)
        if hub.searchable() < everything:
            until(lambda: hub.searchable() >= everything, hub.searchable, watched)
            ended = time.time()
        return ended - began

    def _cpu(self) -> dict[str, float]:
        return {name: cpu_seconds(process) for name, process in self.processes.items()}


def in_ckan(ini: Path, *words: str) -> str:
    """Run a task of _in_ckan.py and give what it prints last."""
    command = [sys.executable, str(HERE / "_in_ckan.py"), str(ini), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"harvest: {' '.join(words)}: {done.stderr.strip()[-2000:]}")
    return done.stdout.strip().splitlines()[-1]


def benchmark(ini: Path, products: int, compared: int, folder: Path) -> dict[str, Any]:
    """All measurements, as they are written to the JSON file."""
    with ExitStack() as stack:
        simulator_log = folder / "simulator.log"
        command = ["-m", "ckanext.nextgeoss.demo.simulator", "--products", str(products), "--no-defects"]
        simulator = stack.enter_context(running(command, simulator_log))
        until(lambda: simulator_log.read_text().startswith("http"), lambda: 0, [simulator])
        url = simulator_log.read_text().split()[0]
        own = folder / "benchmark.ini"
        own.write_text(_ini(ini, url))
        processes = servers(ini) | {"simulator": simulator}
        notes: list[Path] = []
        for name in ("gather", *(f"fetch-{number}" for number in range(1, WORKERS + 1))):
            notes.append(folder / f"{name}.json")
            words = ["-c", str(own), "harvester", f"{name.partition('-')[0]}-consumer"]
            command = [str(HERE / "_sampled.py"), str(notes[-1]), *words]
            processes[name] = stack.enter_context(running(command, folder / f"{name}.log"))
        until(lambda: read_notes(notes).get("wait", 0) > 0 and all(map(_waits, notes)), lambda: 0, [])
        run, hub = Run(Hub(ini), processes, notes, products), Hub(ini)
        in_ckan(own, "package_create", str(WARM_UP))
        there = hub.searchable()
        _say(f"harvesting {products} products from {url} with {WORKERS} workers")
        first = run.measure(lambda: in_ckan(own, "harvest", url), there + products)
        _say("the same harvest again")
        again = run.measure(lambda: in_ckan(own, "harvest", hub.source(url)), there + products)
    _say(f"package_create of {compared} products in a loop")
    plain = json.loads(in_ckan(own, "package_create", str(compared)))
    plain["rate"] = round(compared / plain["seconds"], 2)
    return {
        "benchmark": "harvest",
        "products": products,
        "workers": WORKERS,
        "machine": _machine(),
        "harvest": first,
        "again": again,
        "package_create": plain,
        "ratios": {
            "harvest / package_create": round(first["rate"] / plain["rate"], 2),
            "again / harvest": round(again["rate"] / first["rate"], 2),
        },
    }


def _waits(notes: Path) -> bool:
    return notes.exists() and "wait" in json.loads(notes.read_text())


def _ini(ini: Path, url: str) -> str:
    host = urllib.parse.urlsplit(url).netloc
    option = f"ckanext.nextgeoss.http.allowed_private_hosts = {host}"
    return f"[app:main]\nuse = config:{ini}\n{option}\n"


def _machine() -> dict[str, Any]:
    load = os.getloadavg()[0]
    return {"cpus": os.cpu_count(), "python": platform.python_version(), "load_at_the_end": round(load, 1)}


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def report(result: Mapping[str, Any]) -> str:
    """What people read."""
    first, again, plain = result["harvest"], result["again"], result["package_create"]
    shares = "  ".join(f"{name} {share:.0%}" for name, share in first["stages"].items())
    cpu = "  ".join(f"{name} {value:g}" for name, value in first["cpu_ms_per_product"].items())
    memory = "  ".join(f"{name} {value}" for name, value in first["memory_mb"].items())
    ratios = "  ".join(f"{name} {value:g}" for name, value in result["ratios"].items())
    return "\n".join(
        (
            f"harvest         {first['rate']:g} products/s  ({result['products']} in {first['seconds']:g} s)",
            f"  of the workers' time   {shares}",
            f"  CPU ms per product     {cpu}",
            f"  memory MB              {memory}",
            f"again           {again['rate']:g} products/s  ({again['counters']['unchanged']} not modified)",
            f"package_create  {plain['rate']:g} products/s  ({plain['products']} in a loop)",
            f"ratios          {ratios}",
        )
    )


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ini", type=Path, required=True, help="configuration with servers of its own")
    parser.add_argument("--products", type=int, default=500)
    parser.add_argument("--compared", type=int, default=200, help="products of the plain loop")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nextgeoss-bench-") as folder:
        result = benchmark(chosen.ini, chosen.products, chosen.compared, Path(folder))
    print(report(result))
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
