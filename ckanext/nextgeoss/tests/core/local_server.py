"""A web server on loopback for one test: paths and what answers them."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Call:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class LocalServer:
    """Where the server listens, and what it was asked."""

    port: int
    calls: list[Call] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"


class Handler(BaseHTTPRequestHandler):
    """Answers by the routes of its server; the first call of a path without a route is a failure."""

    protocol_version = "HTTP/1.1"
    server: Any

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.calls.append(Call(self.command, self.path, headers, body))
        try:
            self.server.routes[self.path.partition("?")[0]](self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has gone, as many tests want it to

    do_POST = do_GET

    def answer(self, body: bytes | object = b"", status: int = 200, **headers: str) -> None:
        """Send an answer; what is not bytes is sent as JSON, `_` in names of headers means `-`."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


Routes = Mapping[str, Callable[[Handler], None]]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    seen: LocalServer
    routes: Routes

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that breaks off is what the test is about


@contextmanager
def serve(routes: Routes, tls: ssl.SSLContext | None = None) -> Iterator[LocalServer]:
    """A server for the time of the block."""
    server = _Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.seen = LocalServer(server.server_address[1])
    server.routes = routes
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
