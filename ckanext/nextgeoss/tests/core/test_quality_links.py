"""Looks at links: polite, bounded, never at private addresses; one failure is not the end of a link."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.feedback.quality import links, robots
from ckanext.nextgeoss.feedback.quality.asking import Asker, RobotsFile, Stopwatch, polite_limits
from ckanext.nextgeoss.feedback.quality.links import (
    BROKEN,
    FAILED,
    FAILING,
    LATER,
    LOGIN,
    REFUSED,
    ROBOTS,
    WORKS,
    Link,
    Look,
    Policy,
    after,
)  # fmt: skip
from ckanext.nextgeoss.feedback.quality.magic import ENOUGH
from ckanext.nextgeoss.http import HttpClient, Limits
from ckanext.nextgeoss.manners.hosts import LimitsOf, LocalHosts, no_limits
from ckanext.nextgeoss.manners.state import HostLimits
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve
from ckanext.nextgeoss.tests.core.strategies import modest

NOW = datetime(2026, 11, 30, 9, tzinfo=timezone.utc)
TIFF = b"II*\0" + bytes(5000)
NAME = "ckanext-nextgeoss"


class World:
    """Servers with routes, and askers that may ask them."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.slept: list[float] = []

    def server(
        self, robots_txt: str | Callable[[Handler], None] = "", **routes: Callable[[Handler], None]
    ) -> LocalServer:
        """A server on loopback; names of routes are paths."""
        tell = robots_txt if callable(robots_txt) else lambda h: h.answer(robots_txt.encode())
        found = {f"/{name}": route for name, route in routes.items()} | {"/robots.txt": tell}
        return self._stack.enter_context(serve(found))

    def asker(self, *servers: LocalServer, limits: LimitsOf = no_limits, read: float = 5.0) -> Asker:
        """An asker that may ask these servers, whose pauses take no time."""
        file, stopwatch = RobotsFile(NAME), Stopwatch()
        client = HttpClient(
            allowed_private_hosts=[server.host for server in servers],
            limits=Limits(connect=5, read=read, total=10, attempts=1, longest_pause=10),
            hosts=LocalHosts(self.clock),
            host_limits=polite_limits(limits, file),
            sleep=self.slept.append,
            measured=stopwatch.note,
            clock=self.clock,
        )
        self._stack.callback(client.close)
        return Asker(client, file, stopwatch)

    def clock(self) -> float:
        """The time, with that slept away."""
        return time.monotonic() + sum(self.slept)


@pytest.fixture()
def world() -> Iterator[World]:
    with ExitStack() as stack:
        yield World(stack)


def file_of(body: bytes, **headers: str) -> Callable[[Handler], None]:
    """A file of a server that knows HEAD and ranges."""

    def answer(handler: Handler) -> None:
        if handler.command == "HEAD":
            handler.send_response(200)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            return
        first, last = map(int, handler.headers["Range"].removeprefix("bytes=").split("-"))
        part = body[first : last + 1]
        handler.answer(part, 206, Content_Range=f"bytes 0-{len(part) - 1}/{len(body)}", **headers)

    return answer


Handler.do_HEAD = Handler.do_GET  # type: ignore[attr-defined]


def test_a_file_is_looked_at_by_its_head_and_its_first_bytes(world: World) -> None:
    """Two requests; size, media type and format are those of the file."""
    server = world.server(a=file_of(TIFF, Content_Type="image/tiff"))
    look = world.asker(server).look(f"{server.url}/a")
    assert (look.outcome, look.status, look.format) == (WORKS, 206, "TIFF")
    assert (look.size, look.media_type, look.moved_to) == (len(TIFF), "image/tiff", "")
    assert [(call.method, call.path) for call in server.calls] == [
        ("GET", "/robots.txt"), ("HEAD", "/a"), ("GET", "/a"),
    ]  # fmt: skip
    assert server.calls[-1].headers["range"] == f"bytes=0-{ENOUGH - 1}"


def test_no_more_is_read_of_a_file_than_needed(world: World) -> None:
    """A server that knows no ranges sends a file without end: its first bytes are enough."""
    sent = 0

    def endless(handler: Handler) -> None:
        nonlocal sent
        if handler.command == "HEAD":
            return handler.answer(status=405)
        handler.send_response(200)
        handler.send_header("Content-Length", str(10**12))
        handler.end_headers()
        while sent < 10**9:
            handler.wfile.write(TIFF)
            sent += len(TIFF)
        return None

    server = world.server(a=endless)
    look = world.asker(server).look(f"{server.url}/a")
    assert (look.outcome, look.format, look.size) == (WORKS, "TIFF", 10**12)
    assert sent < 10**8


def test_an_empty_file_works(world: World) -> None:
    def empty(handler: Handler) -> None:
        handler.answer(status=200 if handler.command == "HEAD" else 416, Content_Type="text/csv")

    server = world.server(a=empty)
    look = world.asker(server).look(f"{server.url}/a")
    assert (look.outcome, look.size, look.format) == (WORKS, 0, "")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, FAILED), (410, FAILED), (500, FAILED), (401, LOGIN), (403, LOGIN), (429, LATER), (503, LATER)],
)
def test_what_a_status_means(world: World, status: int, outcome: str) -> None:
    server = world.server(a=lambda h: h.answer(b"no", status))
    look = world.asker(server).look(f"{server.url}/a")
    assert (look.outcome, look.status) == (outcome, status)
    assert str(status) in look.reason


def test_a_host_that_asks_for_peace_gets_it(world: World) -> None:
    """429 with Retry-After: until then no request of any link goes there; no link fails by it."""
    server = world.server(a=lambda h: h.answer(b"", 429, Retry_After="600"), b=file_of(TIFF))
    asker = world.asker(server)
    first = asker.look(f"{server.url}/a")
    asked = len(server.calls)
    second = asker.look(f"{server.url}/b")
    assert (first.outcome, first.wait) == (LATER, 600)
    assert second.outcome == LATER and second.wait and 590 < second.wait <= 600
    assert len(server.calls) == asked


def test_an_answer_that_does_not_come_is_a_failure(world: World) -> None:
    server = world.server(a=lambda h: time.sleep(2))
    look = world.asker(server, read=0.3).look(f"{server.url}/a")
    assert (look.outcome, look.status, look.reason) == (FAILED, None, "no answer in time")


def test_a_host_that_is_not_there_is_a_failure(world: World) -> None:
    with serve({}) as gone:
        pass
    assert world.asker(gone).look(f"{gone.url}/a").outcome == FAILED


def test_redirects_are_followed_and_told(world: World) -> None:
    server = world.server(a=lambda h: h.answer(status=301, Location="/b"), b=file_of(TIFF))
    look = world.asker(server).look(f"{server.url}/a")
    assert (look.outcome, look.moved_to) == (WORKS, f"{server.url}/b")


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/", "http://127.0.0.1:1/", "file:///etc/passwd"]
)
def test_no_redirect_leads_to_a_private_address(world: World, target: str) -> None:
    """Nor to anything but the web."""
    server = world.server(a=lambda h: h.answer(status=302, Location=target))
    assert world.asker(server).look(f"{server.url}/a").outcome == REFUSED


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/a", "http://[::1]/a", "ftp://127.0.0.1/a", "http://u:p@127.0.0.1/", "a"]
)
def test_private_addresses_are_not_asked(world: World, url: str) -> None:
    look = world.asker().look(url)
    assert look.outcome == REFUSED
    assert "u:p" not in look.reason


def test_robots_txt_is_honoured(world: World) -> None:
    """What it forbids is not asked; it is asked once for a host."""
    server = world.server(f"user-agent: {NAME}\ndisallow: /a\n", a=file_of(TIFF), b=file_of(TIFF))
    asker = world.asker(server)
    assert asker.look(f"{server.url}/a").outcome == ROBOTS
    assert asker.look(f"{server.url}/b").outcome == WORKS
    assert [call.path for call in server.calls] == ["/robots.txt", "/b", "/b"]


@pytest.mark.parametrize(("status", "outcome"), [(404, WORKS), (403, WORKS), (500, LATER), (503, LATER)])
def test_a_robots_txt_that_cannot_be_had(world: World, status: int, outcome: str) -> None:
    """Without one all is allowed; while the server errs, nothing is (RFC 9309, 2.3.1)."""
    server = world.server(lambda h: h.answer(b"", status), a=file_of(TIFF))
    assert world.asker(server).look(f"{server.url}/a").outcome == outcome


def test_a_huge_robots_txt_is_cut(world: World) -> None:
    text = "user-agent: *\ndisallow: /a\n" + "# filled\n" * 200_000 + "disallow: /b\n"
    server = world.server(text, a=file_of(TIFF), b=file_of(TIFF))
    asker = world.asker(server)
    assert len(text) > robots.MOST_BYTES
    assert asker.look(f"{server.url}/a").outcome == ROBOTS
    assert asker.look(f"{server.url}/b").outcome == WORKS


def test_a_host_is_asked_as_slowly_as_it_wishes(world: World) -> None:
    """Crawl-delay, or the options of the site where they are slower. Who waits for its turn is not slow."""
    server = world.server("user-agent: *\ncrawl-delay: 25\n", a=file_of(TIFF), b=file_of(TIFF))
    asker = world.asker(server)
    for path in "ab":
        look = asker.look(f"{server.url}/{path}")
        assert look.outcome == WORKS
        assert 0 < look.seconds < 25
    assert sum(world.slept) > 50  # four requests after robots.txt, of which the first need not wait
    file = RobotsFile(NAME)
    slow = polite_limits(lambda host: HostLimits(requests_per_second=0.1), file)
    assert slow(server.host).requests_per_second == 0.1


def test_hosts_are_bounded(world: World) -> None:
    server = world.server(a=file_of(TIFF))
    limits: LimitsOf = lambda host: HostLimits(requests_per_second=0.5)  # noqa: E731
    assert world.asker(server, limits=limits).look(f"{server.url}/a").outcome == WORKS
    assert 3 < sum(world.slept) <= 4


def _looks(*outcomes: str) -> Link:
    link, now = Link(url="https://a.example/"), NOW
    for outcome in outcomes:
        link = after(link, Look(outcome=outcome, status=200, reason=outcome), now, Policy())
        assert link.due is not None and link.due > now
        now = link.due
    return link


def test_a_link_is_broken_after_some_failures_in_a_row() -> None:
    """Not before; a success in between starts again, being put off counts for nothing."""
    assert _looks(FAILED).state == FAILING
    assert _looks(FAILED, FAILED).state == FAILING
    assert _looks(FAILED, FAILED, FAILED).state == BROKEN
    assert _looks(FAILED, FAILED, WORKS, FAILED).state == FAILING
    assert _looks(FAILED, LATER, FAILED, LATER, FAILED).state == BROKEN
    assert _looks(FAILED, FAILED, FAILED, LATER).state == BROKEN
    assert _looks(FAILED, FAILED, FAILED, WORKS).state == WORKS
    assert _looks(LATER).state == links.UNKNOWN
    assert _looks(LOGIN).is_usable and not _looks(REFUSED).is_usable
    assert not _looks(ROBOTS).is_known


def test_pauses_grow() -> None:
    link, pauses = Link(url="https://a.example/"), []
    for _ in range(7):
        link = after(link, Look(outcome=FAILED), NOW, Policy())
        assert link.due
        pauses.append(link.due - NOW)
    assert pauses == sorted(pauses) and pauses[0] == timedelta(hours=1) and pauses[-1] == timedelta(days=30)


def test_a_wish_is_kept_within_reason() -> None:
    link = Link(url="https://a.example/")
    for wait, pause in ((600, 600), (1e9, 7 * 86400), (0, 60), (None, 3600)):
        due = after(link, Look(outcome=LATER, wait=wait), NOW, Policy()).due
        assert due == NOW + timedelta(seconds=pause)


@modest
@given(st.lists(st.sampled_from([WORKS, LOGIN, FAILED, LATER, ROBOTS, REFUSED])))
def test_history_is_bounded_and_true(outcomes: list[str]) -> None:
    link = _looks(*outcomes)
    assert [seen.outcome for seen in link.history] == outcomes[-links.HISTORY :]
    told = [outcome for outcome in outcomes if outcome != LATER]
    in_a_row = next((i for i, outcome in enumerate(reversed(told)) if outcome != FAILED), len(told))
    assert link.failures == in_a_row
    assert (link.state == BROKEN) == (in_a_row >= Policy().failures)


def test_a_failure_does_not_forget_what_was_seen() -> None:
    look = Look(outcome=WORKS, status=200, size=5, format="TIFF", seconds=0.1)
    link = after(Link(url="https://a.example/"), look, NOW, Policy())
    failed = after(link, Look(outcome=FAILED, reason="gone"), NOW, Policy())
    assert (failed.size, failed.format, failed.reason) == (5, "TIFF", "gone")
    assert after(failed, replace(look, size=None), NOW, Policy()).size is None
