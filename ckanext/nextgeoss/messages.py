"""Requests and answers as our own code knows them; how they travel is said in http.py and transport.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .addresses import hidden, redact

# headers that are never a secret: they may follow a redirect to another host
HARMLESS = frozenset({"accept", "accept-language", "content-type", "user-agent"})


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """What to ask; `body` is a JSON value, `form` is sent as a form instead."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Any = None
    form: Mapping[str, str] = field(default_factory=dict[str, str])
    # what the asker wants to know of it later; not sent
    about: str = ""
    # in a catalogue that is a tree, from the root: each request that led here, and which of those beneath it
    # was taken (harvesters/walk.py); not sent
    above: tuple[tuple[str, str], ...] = ()
    # a GET whose answer may be kept, to ask the next time only whether it has changed
    keep: bool = False
    # so many bytes of the answer are enough, no more are read; 0: all
    first_bytes: int = 0
    # values in it that no message may show, nor a redirect to another host take along
    secrets: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """Its address as messages show it."""
        return hidden(redact(self.url), self.secrets)

    def __repr__(self) -> str:
        return f"Request({self.method} {self.shown})"


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """What was answered; names of headers are in lower case, `url` is the one that answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def __repr__(self) -> str:
        return f"Response({self.status} {redact(self.url)}, {len(self.body)} bytes)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one request: seconds, bytes after decompression, and how often it is tried."""

    connect: float = 10.0
    read: float = 60.0
    # of one attempt, its redirects included
    total: float = 300.0
    max_bytes: int = 100 * 1024 * 1024
    attempts: int = 4
    # first pause before a retry, doubled each time; and the longest pause a provider may ask for
    pause: float = 1.0
    longest_pause: float = 120.0
    # of waiting until a host may be asked, since others ask it too
    turn: float = 300.0
