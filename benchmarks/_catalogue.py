"""The demo catalogue at a provider, for comparisons with other catalogues.

As a program: `_catalogue.py N` serves N products of it, all with an area, which others insist on, and without
faults."""

from __future__ import annotations

import http.client
import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from _hub import until
from _processes import running
from _simulated import Provider

from ckanext.nextgeoss.demo import catalogue
from ckanext.nextgeoss.demo.simulator import Simulator
from ckanext.nextgeoss.eo.product import Product

PAGE = 1000  # items in a request
_WITHOUT_AREA = 100  # more than any catalogue has


def products(number: int) -> Iterator[Product]:
    """The first `number` products with an area."""
    made = catalogue.products(min(number + _WITHOUT_AREA, catalogue.LIMIT))
    return islice((product for product in made if product.footprint), number)


@contextmanager
def provider(number: int, folder: Path) -> Iterator[Provider]:
    """A simulator of so many products of the demo catalogue."""
    log = folder / "catalogue.log"
    with running([str(Path(__file__).resolve()), str(number)], log) as process:
        until(lambda: log.read_text().startswith("http"), lambda: 0, [process])
        yield Provider(log.read_text().split()[0], process)


def copy_items(url: str, folder: Path) -> tuple[Path, Path]:
    """Write collections and items as the provider serves them, one a line; their files."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    files = folder / "collections.ndjson", folder / "items.ndjson"
    connection.request("GET", "/collections")
    found = json.load(connection.getresponse())["collections"]
    files[0].write_text("".join(json.dumps(collection) + "\n" for collection in found))
    body: Any = {"limit": PAGE}
    with files[1].open("w") as lines:
        while body:
            connection.request("POST", "/search", json.dumps(body))
            page = json.load(connection.getresponse())
            lines.writelines(json.dumps(item) + "\n" for item in page["features"])
            body = next((link["body"] for link in page["links"] if link["rel"] == "next"), None)
    connection.close()
    return files


def main() -> None:
    """Serve until TERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Simulator(products(int(sys.argv[1]))) as simulator:
        print(simulator.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
