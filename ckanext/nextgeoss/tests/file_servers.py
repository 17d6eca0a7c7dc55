"""Servers of folders on loopback: Python's own over HTTP, and one over FTP."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

with warnings.catch_warnings():  # it needs modules that Python 3.12 no longer has
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.servers import FTPServer


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def python_server(folder: Path) -> Iterator[str]:
    """Python's own server of a folder; what it answers is what it really writes."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def ftp_server(folder: Path, *, mlsd: bool = True, password: str = "") -> Iterator[str]:
    """A server of a folder; without `mlsd` it does not know that command."""
    authorizer: Any = DummyAuthorizer()
    if password:
        authorizer.add_user("me", password, str(folder))
    else:
        authorizer.add_anonymous(str(folder))

    class Commands(FTPHandler):
        proto_cmds = {
            name: said for name, said in FTPHandler.proto_cmds.items() if mlsd or name not in ("MLSD", "MLST")
        }
        auth_failed_timeout = 0

    Commands.authorizer = authorizer
    logging.getLogger("pyftpdlib").setLevel(logging.ERROR)
    server = FTPServer(("127.0.0.1", 0), Commands)
    stopping = threading.Event()

    def run() -> None:
        while not stopping.is_set():
            server.serve_forever(timeout=0.05, blocking=False)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.address[1]}"
    finally:
        stopping.set()
        thread.join(5)
        server.close_all()
