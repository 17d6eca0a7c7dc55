"""Clients that ask a server again and again on connections that are kept alive.

As a program, which reads a `Load` as JSON and prints what it saw: one process, one loop, sockets and nothing
else, so that it costs the machine little; what it cost is told."""

from __future__ import annotations

import json
import resource
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from _command import fail

_CHUNK = 1 << 18
_ATTEMPTS = 3
_PATIENCE = 120  # seconds


@dataclass(frozen=True)
class Request:
    """What is asked; `path` goes below the address of a server, `kind` is the media type of the body."""

    path: str
    body: str = ""
    kind: str = "application/json"

    def written(self, address: str) -> bytes:
        """The request as it is sent to a server at an address that may have a path."""
        at = urlsplit(address)
        body = self.body.encode()
        head = f"{'POST' if body else 'GET'} {at.path}{self.path} HTTP/1.1\r\nHost: {at.netloc}\r\n"
        head += "User-Agent: nextgeoss-bench\r\nAccept: */*\r\n"
        if body:
            head += f"Content-Type: {self.kind}\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"\r\n" + body


@dataclass(frozen=True)
class Load:
    """Requests to a server at `address`, one after another by each client, for some seconds or until `most`
    have been answered; from the first again when there are not enough."""

    address: str
    clients: int
    seconds: float
    requests: Sequence[Request] = field(default_factory=list[Request])
    most: int = 10**9


def measured(load: Load) -> dict[str, Any]:
    """What the program saw: requests/s, milliseconds at percentiles, errors, its share of a processor."""
    program = [sys.executable, str(Path(__file__).resolve())]
    done = subprocess.run(
        program, input=json.dumps(asdict(load)), capture_output=True, text=True, check=False
    )
    if done.returncode:
        fail(f"{load.address}: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout)


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """The value below which this share of the values is (nearest rank)."""
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]


# --- the program


class _Client:
    """One connection."""

    def __init__(self, address: str):
        at = urlsplit(address)
        self._place = (at.hostname or "", at.port or 80)
        self._connect()

    def _connect(self) -> None:
        self.socket = socket.create_connection(self._place, timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        """Ask; the answer has not begun."""
        self._request, self._attempt = request, 1
        self.began = time.perf_counter()
        self._send()

    def _send(self) -> None:
        self._answer, self._end, self.status = bytearray(), 0, 0
        self.socket.sendall(self._request)

    def read(self, selector: selectors.BaseSelector) -> bool:
        """Take what has come; whether the answer is complete."""
        try:
            part = self.socket.recv(_CHUNK)
        except ConnectionError:
            part = b""
        if not part:
            self._again(selector)
            return False
        self._answer += part
        if not self.status:
            self._read_head()
        if self._end > 0:
            return len(self._answer) >= self._end
        return self._end < 0 and self._answer.endswith(b"0\r\n\r\n")

    def _read_head(self) -> None:
        """Where the answer ends; -1 when the server only tells at the end."""
        length = self._answer.find(b"\r\n\r\n")
        if length < 0:
            return
        head = bytes(self._answer[:length]).lower()
        self.status = int(head[9:12])
        _, found, rest = head.partition(b"\r\ncontent-length:")
        self._end = length + 4 + int(rest.partition(b"\r\n")[0]) if found else -1

    def _again(self, selector: selectors.BaseSelector) -> None:
        """Ask once more on a new connection: the server has closed an idle one."""
        if self._attempt == _ATTEMPTS:
            raise SystemExit(f"no answer to {self._request[:100]!r}")
        self._attempt += 1
        selector.unregister(self.socket)
        self.socket.close()
        self._connect()
        selector.register(self.socket, selectors.EVENT_READ, self)
        self._send()


def run(load: Load) -> dict[str, Any]:
    """Ask and measure, in this process."""
    requests = cycle([request.written(load.address) for request in load.requests])
    taken: list[float] = []
    refused: list[int] = []
    with selectors.DefaultSelector() as selector:
        clients = [_Client(load.address) for _ in range(load.clients)]
        began = ended = time.perf_counter()
        for client in clients:
            selector.register(client.socket, selectors.EVENT_READ, client)
            client.send(next(requests))
        busy, until = len(clients), began + load.seconds
        while busy:
            for client in _ready(selector):
                if not client.read(selector):
                    continue
                ended = time.perf_counter()
                taken.append((ended - client.began) * 1000)
                if client.status != 200:
                    refused.append(client.status)
                if ended < until and len(taken) + busy <= load.most:
                    client.send(next(requests))
                else:
                    busy -= 1
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = ended - began
    return _summary(taken, seconds) | {
        "refused": refused[:10],
        "asked_again": max(0, len(taken) - len(load.requests)),
        "cpu_share": round((used.ru_utime + used.ru_stime) / seconds, 3),
    }


def _ready(selector: selectors.BaseSelector) -> Iterator[_Client]:
    found = selector.select(_PATIENCE)
    if not found:
        raise SystemExit(f"no answer for {_PATIENCE} s")
    return (key.data for key, _ in found)


def _summary(taken: list[float], seconds: float) -> dict[str, Any]:
    taken.sort()
    found = {f"p{share}": round(percentile(taken, share / 100), 2) for share in (50, 95, 99)}
    return {"requests": len(taken), "rate": round(len(taken) / seconds, 1), **found}


def main() -> None:
    """Read a load, print what was seen."""
    given = json.load(sys.stdin)
    load = Load(**given | {"requests": [Request(**request) for request in given["requests"]]})
    print(json.dumps(run(load)))


if __name__ == "__main__":
    main()
