"""A hub at work: its servers and workers, and harvests that are measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import redis
from _command import Result, fail, say
from _hub import STOCK, Hub, until
from _processes import running, servers
from _simulated import Provider
from _stock import PLUGINS, install
from _watch import Watch

from ckanext.nextgeoss.stack.programs import CKAN

HERE = Path(__file__).resolve().parent
SERVERS = ("postgres", "valkey", "solr")
# what a source's configuration calls our writers
BULK, CLASSIC = "auto", "classic"


class Site:
    """The servers of an ini."""

    def __init__(self, ini: Path, folder: Path, workers: int):
        self.hub = Hub(ini)
        self.ini = ini
        self.folder = folder
        self.workers = workers
        if reason := in_ckan(ini, "obstacle"):
            fail(f"the bulk writer is not used here: {reason}")

    @contextmanager
    def at_work(self, provider: Provider) -> Iterator[Workers]:
        """Our workers, for harvests of a provider."""
        ini = self._with(provider.url, f"ours-{urllib.parse.urlsplit(provider.url).port}")
        with ExitStack() as stack:
            found: dict[str, psutil.Process] = {}
            for name, words in self._programs().items():
                command = [*CKAN[1:], "-c", str(ini), *words.split()]
                found[name] = stack.enter_context(running(command, self.folder / f"{name}.log"))
            until(lambda: self._waiting() >= self.workers + 1, lambda: 0, list(found.values()))
            yield Workers(self, ini, provider, found)

    @contextmanager
    def stock_at_work(self, provider: Provider) -> Iterator[StockWorkers]:
        """The gather and the fetch consumer of a stock site."""
        environment = install(self.folder)
        ini = self._with(provider.url, "stock", f"ckan.plugins = {PLUGINS}")
        with ExitStack() as stack:
            found = {
                name: stack.enter_context(
                    running(
                        [*CKAN[1:], "-c", str(ini), "harvester", f"{name}-consumer"],
                        self.folder / f"stock-{name}.log",
                        environment,
                    )
                )
                for name in ("gather", "fetch")
            }
            until(lambda: self._waiting() >= 2, lambda: 0, list(found.values()))
            yield StockWorkers(self, ini, provider, found, environment)

    def _programs(self) -> dict[str, str]:
        fetchers = {f"fetch-{n}": "harvester fetch-consumer" for n in range(1, self.workers + 1)}
        return {"gather": "harvester gather-consumer", **fetchers, "indexer": "nextgeoss index run"}

    def _waiting(self) -> int:
        """How many consumers wait for something to do."""
        clients = redis.from_url(self.hub.options["ckan.redis.url"]).client_list()
        return sum(client["cmd"] in ("blpop", "brpop") for client in clients)

    def _with(self, url: str, name: str, *lines: str) -> Path:
        """The configuration with other lines, in which this provider may be asked."""
        host = urllib.parse.urlsplit(url).netloc
        said = [f"use = config:{self.ini}", f"ckanext.nextgeoss.http.allowed_private_hosts = {host}", *lines]
        ini = self.folder / f"{name}.ini"
        ini.write_text("\n".join(["[app:main]", *said, ""]))
        return ini


class _Programs:
    """Programs that harvest a provider while they run, and the servers they use."""

    def __init__(self, site: Site, ini: Path, provider: Provider, programs: Mapping[str, psutil.Process]):
        self._site, self._ini, self._provider = site, ini, provider
        self.processes = {**servers(site.ini), "simulator": provider.process, **programs}


class Workers(_Programs):
    """Our workers."""

    def harvest(self, products: int, writer: str = BULK, complete: bool = True) -> Result:
        """The first harvest of a new source, until all is searchable that it wrote; with `complete` a slice
        that fails ends the benchmark."""
        task = ("harvest", self._provider.url, writer)
        return self._measured(task, products, complete)

    def again(self, source: str, products: int, complete: bool = True) -> Result:
        """One more harvest of a source, and what it wrote."""
        hub = self._site.hub
        in_ckan(self._ini, "close", source)
        time.sleep(2)  # nothing that came before is of the same second
        rows, now, began = hub.count(), hub.now(), time.time()
        found = self._measured(("again", source), products, complete)
        found["rows_written"] = hub.written_since(now, rows)
        found["documents_written"] = hub.indexed_since(began)
        return found

    def _measured(self, task: Sequence[str], products: int, complete: bool) -> Result:
        hub = self._site.hub
        watched = [process for name, process in self.processes.items() if name not in SERVERS]
        with Watch(self.processes) as watch:
            source = in_ckan(self._ini, *task)
            job = hub.job(source)
            until(lambda: hub.finished(job), lambda: hub.counters(job), watched)
            problems, ended = hub.problems(job), hub.ended(job)
            if complete and problems:
                fail(f"the harvest failed: {problems[0]}")
            everything = hub.packages()
            if hub.searchable() < everything:
                until(lambda: hub.searchable() >= everything, hub.searchable, watched)
                ended = time.time()
            seconds = ended - hub.began(job)
        return {
            "source": source,
            "products": products,
            "seconds": round(seconds, 2),
            "rate": round(products / seconds, 2),
            "cpu_ms_per_product": watch.cpu_ms(products),
            "peak_mb": watch.peak_mb(),
            "memory": watch.series(),
            "counters": hub.counters(job),
            "problems": problems[:20],
        }


class StockWorkers(_Programs):
    """The consumers of a stock site."""

    def __init__(
        self,
        site: Site,
        ini: Path,
        provider: Provider,
        programs: Mapping[str, psutil.Process],
        environment: Mapping[str, str],
    ):
        super().__init__(site, ini, provider, programs)
        self._environment = environment

    def harvest(self, products: int) -> Result:
        """A harvest, until all its products are searchable."""
        hub, present = self._site.hub, self._site.hub.searchable()
        with Watch(self.processes) as watch:
            source = in_ckan(self._ini, "stock", self._provider.url, environment=self._environment)
            job = hub.job(source)
            until(lambda: hub.objects_left(job) == 0, lambda: hub.objects_left(job), [])
            until(lambda: hub.searchable(STOCK) >= hub.packages(STOCK), lambda: hub.searchable(STOCK), [])
            seconds = time.time() - hub.began(job)
        return {
            "products": products,
            "present": present,
            "seconds": round(seconds, 2),
            "rate": round(products / seconds, 2),
            "cpu_ms_per_product": watch.cpu_ms(products),
            "peak_mb": watch.peak_mb(),
        }


def in_ckan(ini: Path, *words: str, environment: Mapping[str, str] | None = None) -> Any:
    """Run a task of _in_ckan.py; its result."""
    command = [sys.executable, str(HERE / "_in_ckan.py"), str(ini), *words]
    environment = {**os.environ, **(environment or {})}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        fail(f"{' '.join(words)}: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def told(name: str, found: Mapping[str, Any]) -> None:
    """Say a rate as soon as it is known."""
    say(f"{name}: {found['rate']:g} products/s ({found['products']} in {found['seconds']:g} s)")
