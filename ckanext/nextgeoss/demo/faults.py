"""The ways in which the simulated provider can fail on request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from http import HTTPStatus
from threading import Lock
from typing import Any

from ..eo.errors import BadValue, nearest
from .broken import CHANGES
from .forms import JSON, STAC, Form

# where the searches of the protocols are
SEARCHES = ("/search", "/opensearch/search.", "/odata/v1/Products")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it goes out."""

    status: int
    body: bytes
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    # seconds before it is sent
    pause: float = 0.0
    # bytes of the body after which the connection is reset; None: all are sent
    reset_after: int | None = None
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
    # header Retry-After: seconds or an HTTP date; empty: no header
    retry_after: str = ""
    # of the kind slow
    seconds: float = 5.0

    def spoil(self, reply: Reply) -> Reply:
        """The answer with this fault."""
        return KINDS[self.kind](self, reply)


class FaultList:
    """The faults that are due; safe to use from many threads."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        """Put a fault behind those that are there."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._faults.clear()

    def listing(self) -> list[dict[str, Any]]:
        """What is due, as JSON values."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def take(self, path: str) -> Fault | None:
        """The fault of a request to this path, if any; counts it."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if not path.startswith(fault.path or SEARCHES):
                    continue
                if fault.skip:
                    self._faults[index] = replace(fault, skip=fault.skip - 1)
                    return None
                if fault.times > 1:
                    self._faults[index] = replace(fault, times=fault.times - 1)
                else:
                    del self._faults[index]
                return fault
        return None


_MEMBERS: dict[str, Callable[[Any], Any]] = {
    "kind": str, "times": int, "skip": int, "path": str, "retry_after": str, "seconds": float
}  # fmt: skip


def fault(said: Mapping[str, Any]) -> Fault:
    """The fault that a mapping describes; BadValue says what is wrong with it."""
    for name in said:
        if name not in _MEMBERS:
            raise BadValue(name, "fault", f"the members {', '.join(_MEMBERS)}")
    kind = str(said.get("kind", ""))
    if kind not in KINDS:
        near = nearest(kind, tuple(KINDS))
        raise BadValue(kind, "kind", f"{near}, perhaps" if near else f"one of {', '.join(KINDS)}")
    try:
        return Fault(**{name: _MEMBERS[name](value) for name, value in said.items()})
    except (TypeError, ValueError) as error:
        raise BadValue(dict(said), "fault", "numbers for times, skip and seconds") from error


# --- kinds


def _error(status: int) -> Callable[[Fault, Reply], Reply]:
    def failed(fault: Fault, reply: Reply) -> Reply:
        headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        body = reply.form.says(status, f"{HTTPStatus(status).phrase}, on request")
        return Reply(status, body, reply.form.error_type, headers)

    return failed


def _error_inside(fault: Fault, reply: Reply) -> Reply:
    return Reply(200, reply.form.says(500, "query failed"), reply.form.error_type)


def _html(fault: Fault, reply: Reply) -> Reply:
    page = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon.</body></html>"
    return Reply(200, page, "text/html; charset=utf-8")


def _changed(kind: str) -> Callable[[Fault, Reply], Reply]:
    """A kind that changes what a search answer says; other answers are as they are."""

    def changed(fault: Fault, reply: Reply) -> Reply:
        is_search = reply.media_type == reply.form.media_type
        return replace(reply, body=CHANGES[reply.form.name][kind](reply.body)) if is_search else reply

    return changed


KINDS: dict[str, Callable[[Fault, Reply], Reply]] = {
    "429": _error(429),
    "500": _error(500),
    "502": _error(502),
    "503": _error(503),
    "slow": lambda fault, reply: replace(reply, pause=fault.seconds),
    "reset": lambda fault, reply: replace(reply, reset_after=len(reply.body) // 2),
    "truncated": lambda fault, reply: replace(reply, body=reply.body[: len(reply.body) // 2]),
    "empty": lambda fault, reply: replace(reply, body=b""),
    "html": _html,
    "error-inside": _error_inside,
    **{kind: _changed(kind) for kind in CHANGES[STAC.name]},
}
