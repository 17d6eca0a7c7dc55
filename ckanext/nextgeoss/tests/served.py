"""A hub of tests that answers at an address of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import make_server


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Where a WSGI application answers meanwhile."""
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _whole(app: Any) -> Callable[[Any, Any], list[bytes]]:
    """The same application, whose answers are closed before they are sent.

    werkzeug does not close an answer whose reader goes away, as browsers do when they leave a page; the file
    in it then lives until it is collected, which is an error of whatever test runs at that time.
    """

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        parts = app(environ, start_response)
        try:
            return list(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answer
