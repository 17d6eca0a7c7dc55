"""Looks at processes while something is measured: their processor time and, every second, their memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

import psutil
from _processes import cpu_seconds, megabytes

INTERVAL = 1.0  # seconds between two looks at the memory


class Watch:
    """For the time of a `with` block; afterwards what was seen."""

    def __init__(self, processes: Mapping[str, psutil.Process]):
        self.processes = processes
        # seconds since the start, and megabytes by process
        self.samples: list[tuple[float, dict[str, float]]] = []
        self._cpu: dict[str, float] = {}
        self._spent: dict[str, float] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._cpu = {name: cpu_seconds(process) for name, process in self.processes.items()}
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._spent = {name: cpu_seconds(p) - self._cpu[name] for name, p in self.processes.items()}
        self._done.set()
        self._thread.join()

    def cpu_ms(self, products: int) -> dict[str, float]:
        """Processor time by process, in milliseconds a product."""
        return {name: round(spent * 1000 / products, 3) for name, spent in sorted(self._spent.items())}

    def peak_mb(self) -> dict[str, int]:
        """The most memory that each process was seen with."""
        return {
            name: round(max((sample.get(name, 0.0) for _, sample in self.samples), default=0.0))
            for name in sorted(self.processes)
        }

    def series(self, most: int = 600) -> list[dict[str, Any]]:
        """The samples as JSON values, thinned to at most about so many."""
        step = -(-len(self.samples) // most) if self.samples else 1
        return [{"s": seconds, "mb": sample} for seconds, sample in self.samples[::step]]

    def _look(self) -> None:
        began = time.monotonic()
        while True:
            sample = {name: round(megabytes(process), 1) for name, process in self.processes.items()}
            self.samples.append((round(time.monotonic() - began, 1), sample))
            if self._done.wait(INTERVAL):
                return
