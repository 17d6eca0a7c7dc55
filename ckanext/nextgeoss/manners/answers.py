"""Conditional GET (RFC 9110, 13): answers are kept, and one asks the next time whether they have changed."""

from __future__ import annotations

import hashlib
import json
import time
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import urlencode

from redis import Redis
from redis.exceptions import RedisError

from ..addresses import redact
from ..messages import HARMLESS, Request, Response

MAX_BYTES = 1_000_000
MAX_ANSWERS = 200
_DAY = 86400
# what asks whether an answer has changed, by the header of the answer that tells its version
_QUESTIONS = {"etag": "if-none-match", "last-modified": "if-modified-since"}
_KEPT_HEADERS = ("content-type", *_QUESTIONS)


class Answers(Protocol):
    """Keeps answers for all who ask the same."""

    def get(self, key: str) -> Response | None:
        """The answer kept under this key."""
        ...

    def put(self, key: str, response: Response) -> None:
        """Keep an answer, for a while."""
        ...


def key_of(request: Request) -> str:
    """Names all that an answer may depend on; "" for a request whose answer must not be kept: it is not
    marked so, is no GET, or has a login or what may be one."""
    if not request.keep or request.method != "GET" or request.body is not None or request.secrets:
        return ""
    query = urlencode(request.params)
    address = f"{request.url}{'&' if '?' in request.url else '?'}{query}" if query else request.url
    # a parameter that looks like a secret would be shown with its value hidden
    if redact(address) != address or not {name.lower() for name in request.headers} <= HARMLESS:
        return ""
    asked = json.dumps([address, sorted(request.headers.items())])
    return hashlib.sha256(asked.encode()).hexdigest()


def asking_for_changes(request: Request, kept: Response) -> Request:
    """The request, to be answered by 304 when the kept answer is still true."""
    questions = {asks: kept.headers[name] for name, asks in _QUESTIONS.items() if name in kept.headers}
    return replace(request, headers={**request.headers, **questions})


def worth_keeping(response: Response) -> bool:
    """Whether it can be asked later if an answer has changed, and it is small and allowed to be stored."""
    return (
        response.status == 200
        and any(name in response.headers for name in _QUESTIONS)
        and len(response.body) <= MAX_BYTES
        and "no-store" not in response.headers.get("cache-control", "").lower()
        and response.headers.get("vary", "").strip() != "*"
    )


class SharedAnswers:
    """Answers in Valkey, under keys that begin with `prefix`: the last 200 of a day, 1 MB each at most.

    Without Valkey nothing is kept, and everything is asked anew."""

    def __init__(self, connection: Redis, prefix: str) -> None:
        self._connection: Any = connection
        self._prefix = prefix

    def get(self, key: str) -> Response | None:
        """The answer kept under this key."""
        try:
            return _read(self._connection.hgetall(f"{self._prefix}:answer:{key}"))
        except RedisError:
            return None

    def put(self, key: str, response: Response) -> None:
        """Keep an answer; the oldest make room for it."""
        name, names = f"{self._prefix}:answer:{key}", f"{self._prefix}:answers"
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        fields = {"headers": json.dumps(headers), "url": response.url, "body": zlib.compress(response.body)}
        try:
            all_or_none = self._connection.pipeline().hset(name, mapping=fields).expire(name, _DAY)
            *_, count = all_or_none.zadd(names, {name: time.time()}).zcard(names).execute()
            if count > MAX_ANSWERS:
                oldest: list[Any] = self._connection.zpopmin(names, count - MAX_ANSWERS)
                self._connection.delete(*(found[0] for found in oldest))
        except RedisError:
            pass


def _read(kept: Mapping[bytes, bytes]) -> Response | None:
    """The answer of such fields; None when they are not there or are something else."""
    try:
        body = zlib.decompressobj().decompress(kept[b"body"], MAX_BYTES)
        return Response(200, json.loads(kept[b"headers"]), body, kept[b"url"].decode())
    except (KeyError, ValueError, zlib.error):
        return None
