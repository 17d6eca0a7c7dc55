"""Answers of the simulated provider, and the ways in which one can go wrong on request."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from math import inf

from .broken import CHANGES
from .forms import JSON, STAC, Form

HUGE = 1024**3  # bytes
_PIECE = 8 * 1024**2  # of which a compressed answer is made


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it goes out."""

    status: int
    body: bytes
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    # seconds before it is sent
    pause: float = 0.0
    # blanks sent behind the body
    padding: int = 0
    # bytes of the body after which the connection is reset, or nothing more comes; None: all are sent
    reset_after: int | None = None
    hang_after: int | None = None
    # of the protocol: how it says that something is wrong; its search answers can be wrong themselves
    form: Form = STAC


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault of the next requests; its fields are the members of a POST to `/_faults`."""

    kind: str
    # how many requests fail
    times: int = 1
    # how many go well before
    skip: int = 0
    # start of the path of the requests meant; empty: the searches of all protocols
    path: str = ""
    # a text in the address or the body of the requests meant; empty: any
    about: str = ""
    # header Retry-After: seconds or an HTTP date; empty: no header
    retry_after: str = ""
    # how long it takes (slow), or how far the provider's clock is ahead (clock)
    seconds: float = 5.0

    def spoil(self, reply: Reply) -> Reply:
        """The answer with this fault."""
        return KINDS[self.kind](self, reply)


Kind = Callable[[Fault, Reply], Reply]


def _error(status: int) -> Kind:
    def failed(fault: Fault, reply: Reply) -> Reply:
        headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        body = reply.form.says(status, f"{HTTPStatus(status).phrase}, on request")
        return Reply(status, body, reply.form.error_type, headers)

    return failed


def _error_inside(fault: Fault, reply: Reply) -> Reply:
    return Reply(200, reply.form.says(500, "query failed"), reply.form.error_type)


def _clock(fault: Fault, reply: Reply) -> Reply:
    """Busy until a time that is told by a clock which is wrong."""
    now = time.time() + fault.seconds
    headers = {"Date": formatdate(now, usegmt=True), "Retry-After": formatdate(now + 1, usegmt=True)}
    return replace(_error(503)(fault, reply), headers=headers)


def _html(fault: Fault, reply: Reply) -> Reply:
    page = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon.</body></html>"
    return Reply(200, page, "text/html; charset=utf-8")


@lru_cache(maxsize=1)
def _compressed() -> bytes:
    """What is a gigabyte when decompressed: a gzip file may have several members."""
    return gzip.compress(bytes(_PIECE), 6) * (HUGE // _PIECE)


def _gzip_bomb(fault: Fault, reply: Reply) -> Reply:
    return replace(reply, body=_compressed(), headers={"Content-Encoding": "gzip"})


def _entity_bomb(fault: Fault, reply: Reply) -> Reply:
    """The billion laughs: each entity is ten times the one before."""
    lines = ['<!ENTITY e0 "ha">']
    lines += [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)]
    text = f'<?xml version="1.0"?>\n<!DOCTYPE feed [{"".join(lines)}]>\n<feed><title>&e9;</title></feed>'
    return Reply(200, text.encode(), reply.form.media_type)


def _changed(kind: str) -> Kind:
    """A kind that changes what a search answer says; other answers are as they are."""

    def changed(fault: Fault, reply: Reply) -> Reply:
        is_search = reply.media_type == reply.form.media_type
        return replace(reply, body=CHANGES[reply.form.name][kind](reply.body)) if is_search else reply

    return changed


KINDS: dict[str, Kind] = {
    "429": _error(429),
    "500": _error(500),
    "502": _error(502),
    "503": _error(503),
    "clock": _clock,
    "slow": lambda fault, reply: replace(reply, pause=fault.seconds),
    "hang": lambda fault, reply: replace(reply, pause=inf),
    "stall": lambda fault, reply: replace(reply, hang_after=len(reply.body) // 2),
    "reset": lambda fault, reply: replace(reply, reset_after=len(reply.body) // 2),
    "truncated": lambda fault, reply: replace(reply, body=reply.body[: len(reply.body) // 2]),
    "empty": lambda fault, reply: replace(reply, body=b""),
    "huge": lambda fault, reply: replace(reply, padding=HUGE),
    "gzip-bomb": _gzip_bomb,
    "entity-bomb": _entity_bomb,
    "html": _html,
    "error-inside": _error_inside,
    **{kind: _changed(kind) for kind in CHANGES[STAC.name]},
}
