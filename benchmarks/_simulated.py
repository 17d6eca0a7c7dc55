"""The simulated provider of benchmarks, in a process of its own; and what it can serve."""

from __future__ import annotations

import http.client
import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from _hub import until
from _processes import cpu_seconds, running

PAGE = 200  # products, as our provider file asks


@dataclass(frozen=True)
class Provider:
    """A running simulator."""

    url: str
    process: psutil.Process

    def faults(self, **said: Any) -> dict[str, Any]:
        """Let it fail at random, see the simulator's own page; without arguments what it has done."""
        data = json.dumps(said).encode() if said else None
        with urllib.request.urlopen(
            urllib.request.Request(f"{self.url}/_faults", data=data), timeout=30
        ) as answer:
            return json.load(answer)

    def served(self, seconds: float = 3.0) -> dict[str, float]:
        """How fast it serves pages to one client that does nothing with them."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc)
        body: Any = {"limit": PAGE}
        pages, products, size = 0, 0, 0
        cpu, began = cpu_seconds(self.process), time.monotonic()
        while body and time.monotonic() - began < seconds:
            connection.request("POST", "/search", json.dumps(body))
            text = connection.getresponse().read()
            page_end = json.loads(b"{" + text[text.rindex(b'"numberMatched"') :])
            body = next((link["body"] for link in page_end["links"] if link["rel"] == "next"), None)
            pages, products, size = pages + 1, products + page_end["numberReturned"], size + len(text)
        spent, cpu = time.monotonic() - began, cpu_seconds(self.process) - cpu
        connection.close()
        return {
            "pages_per_second": round(pages / spent, 1),
            "products_per_second": round(products / spent),
            "cpu_ms_per_product": round(cpu * 1000 / products, 3),
            "bytes_per_product": round(size / products),
        }


@contextmanager
def provider(products: int, folder: Path, first: int = 0) -> Iterator[Provider]:
    """A simulator of a series of `products`, from number `first`."""
    log = folder / f"simulator-{first}.log"
    command = ["-m", "ckanext.nextgeoss.demo.simulator", "--series", str(products), "--first", str(first)]
    with running(command, log) as process:
        until(lambda: log.read_text().startswith("http"), lambda: 0, [process])
        yield Provider(log.read_text().split()[0], process)
