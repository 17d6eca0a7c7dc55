"""The simulated provider: `python -m ckanext.nextgeoss.demo.simulator --port N`, on loopback only."""

from __future__ import annotations

import argparse
import json
import signal
import socket
import struct
import sys
import threading
from collections import deque
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ..eo.collection import Collection
from ..eo.product import Product
from . import catalogue
from .answers import Api
from .entries import kept_entries
from .faults import FaultList, fault, mishaps
from .holdings import Holdings
from .kept import KeptHoldings
from .kinds import Fault, Reply
from .series import Series

_HOST = "127.0.0.1"
_KEPT_REQUESTS = 10_000
_MAX_BODY = 1024 * 1024
_BLANKS = b" " * 64 * 1024


class Simulator:
    """A server of products over STAC, OpenSearch and OData, for the time of a `with` block.

    With `series` it has that many products of a series, from number `first`, instead of `products`. `faults`
    are due ones, `requests` the last ones received as "METHOD path?query"."""

    def __init__(
        self,
        products: Iterable[Product] = (),
        *,
        series: int = 0,
        first: int = 0,
        port: int = 0,
        collections: Iterable[Collection] = catalogue.COLLECTIONS,
        with_defects: bool = False,
    ):
        self.faults = FaultList()
        self.requests: deque[str] = deque(maxlen=_KEPT_REQUESTS)
        self._server = _Server((_HOST, port), _Handler)
        self._server.simulator = self
        self.url = f"http://{_HOST}:{self._server.server_address[1]}"
        self.holdings: Holdings = (
            Series(self.url, series, first)
            if series
            else KeptHoldings(kept_entries(products, self.url, with_defects), collections)
        )
        self.api = Api(self.url, self.holdings)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Simulator:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def fail(self, kind: str, **more: Any) -> None:
        """Let coming requests fail, see faults.py; the other members are those of Fault."""
        self.faults.add(fault({"kind": kind, **more}))


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # they are joined when the server is closed
    request_queue_size = 128
    simulator: Simulator

    def __init__(self, *arguments: Any):
        super().__init__(*arguments)
        self.closing = threading.Event()
        self._open: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # a client that hangs up is no error
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """End the connections that clients keep open."""
        self.closing.set()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was faster


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nextgeoss-demo"
    server: _Server  # type: ignore[assignment]

    def do_GET(self) -> None:
        self._handle()

    do_POST = do_DELETE = do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: requests are kept for those who ask."""

    def _handle(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _MAX_BODY))
        parts = urlsplit(self.path)
        path, parameters = unquote(parts.path).rstrip("/"), dict(parse_qsl(parts.query))
        if path == "/_faults":
            self._send(self._control(body))
            return
        simulator = self.server.simulator
        simulator.requests.append(f"{self.command} {self.path}")
        chosen = self._asked_fault(parameters) or simulator.faults.take(path, f"{self.path} {body!r}")
        reply = simulator.api.answer(self.command, path, parameters, body)
        if chosen and (reply.status == 200 or chosen.kind.isdecimal()):
            reply = chosen.spoil(reply)
        self._send(reply)

    def _asked_fault(self, parameters: dict[str, str]) -> Fault | None:
        """The fault that this one request asks for, by parameter or header."""
        kind = parameters.pop("_fault", "") or self.headers.get("X-Demo-Fault", "")
        return fault({"kind": kind}) if kind else None

    def _control(self, body: bytes) -> Reply:
        faults = self.server.simulator.faults
        if self.command == "DELETE":
            faults.clear()
        elif self.command == "POST":
            try:
                said = json.loads(body)
                if "rate" in said:
                    faults.at_random(mishaps(said))
                else:
                    faults.add(fault(said))
            except (ValueError, TypeError, AttributeError) as error:
                return Reply(400, json.dumps({"code": "BadRequest", "description": str(error)}).encode())
        told = {"faults": faults.listing(), "done": dict(faults.done)}
        return Reply(200, json.dumps(told).encode())

    def _send(self, reply: Reply) -> None:
        if reply.pause and self.server.closing.wait(min(reply.pause, threading.TIMEOUT_MAX)):
            return  # nobody waits for it any more
        self.send_response_only(reply.status)
        headers = {"Server": self.version_string(), "Date": self.date_time_string()}
        headers |= {"Content-Type": reply.media_type}
        headers |= {"Content-Length": str(len(reply.body) + reply.padding), **reply.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(reply)

    def _send_body(self, reply: Reply) -> None:
        end = reply.hang_after if reply.reset_after is None else reply.reset_after
        self.wfile.write(reply.body[:end])
        if reply.hang_after is not None:
            self.server.closing.wait()
        elif reply.reset_after is not None:
            self._reset()
        for start in range(0, reply.padding, len(_BLANKS)):
            self.wfile.write(_BLANKS[: reply.padding - start])

    def _reset(self) -> None:
        """End the connection by RST instead of FIN."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


def main() -> None:
    """Serve until TERM or INT."""
    parser = argparse.ArgumentParser(prog="python -m ckanext.nextgeoss.demo.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--products", type=int, default=catalogue.USUAL_COUNT, help="how many")
    parser.add_argument("--series", type=int, default=0, help="so many, made when asked for: for benchmarks")
    parser.add_argument("--first", type=int, default=0, help="number of the first product of a series")
    parser.add_argument("--no-defects", action="store_true", help="all records without fault")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        products = () if chosen.series else catalogue.products(chosen.products)
        more = {"series": chosen.series, "first": chosen.first}
        with Simulator(products, port=chosen.port, with_defects=not chosen.no_defects, **more) as simulator:
            sys.stdout.write(f"{simulator.url}\n")
            sys.stdout.flush()
            threading.Event().wait()
    except (OSError, ValueError) as error:
        sys.exit(f"simulator: {error}")
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
