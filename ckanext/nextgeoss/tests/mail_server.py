"""A mail server on loopback for one test, and what it was given."""

from __future__ import annotations

import email
import email.policy
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from threading import Thread
from typing import Any


class _Session(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as it takes to accept a mail."""

    server: Any

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline().decode().strip():
            word = line.partition(" ")[0].upper()
            if word == "DATA":
                self._say("354 go on")
                self.server.mails.append(self._mail())
            self._say("221 bye" if word == "QUIT" else "250 ok")
            if word == "QUIT":
                return

    def _mail(self) -> EmailMessage:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return email.message_from_bytes(b"".join(lines), policy=email.policy.default)  # type: ignore[return-value]

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[tuple[str, list[EmailMessage]]]:
    """`host:port` of the server, and the mails that it has got."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        mails: list[EmailMessage] = []
        server.mails = mails  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}", mails
        server.shutdown()
        thread.join(5)
