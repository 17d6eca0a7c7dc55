"""What the commands of all benchmarks have in common: arguments, progress, the JSON file."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Result = dict[str, Any]


def arguments(description: str | None, products: int, of_harvests: bool = True) -> argparse.ArgumentParser:
    """A parser with the arguments of every benchmark, and with those `of_harvests`; `products` is the usual
    number."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ini", type=Path, required=True, help="configuration with servers of its own")
    parser.add_argument("--products", type=int, default=products, help=f"how many (default {products})")
    parser.add_argument("--json", type=Path, help="also write the result there")
    if of_harvests:
        parser.add_argument(
            "--warm-up", type=int, default=300, help="products harvested before anything is measured (300)"
        )
        parser.add_argument("--workers", type=int, default=2, help="fetch consumers (default 2)")
    return parser


def finish(
    chosen: argparse.Namespace, measure: Callable[[Path], Result], report: Callable[[Mapping[str, Any]], str]
) -> None:
    """Measure in a folder that is gone afterwards, print what people read and write the file."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # programs that were started end with us
    with tempfile.TemporaryDirectory(prefix="nextgeoss-bench-") as folder:
        result = measure(Path(folder)) | {"machine": machine()}
    print(report(result))
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1) + "\n")


def say(line: str) -> None:
    """Progress, for people who wait."""
    print(line, file=sys.stderr, flush=True)


def fail(message: str) -> None:
    """End the benchmark with one line."""
    sys.exit(f"bench: {message}")


def machine() -> Result:
    """What the figures depend on."""
    return {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "load_at_the_end": round(os.getloadavg()[0], 1),
    }


def ratio(one: float, other: float) -> float:
    """One divided by another, for people."""
    return round(one / other, 2) if other else 0.0


def rate_of(found: Mapping[str, Any]) -> str:
    """The rate of a harvest, and of what."""
    return f"{found['rate']:g} products/s  ({found['products']} in {found['seconds']:g} s)"


def per_product(values: Mapping[str, float]) -> str:
    """Figures by process in one line."""
    return "  ".join(f"{name} {value:g}" for name, value in values.items())
