"""Manners in one process: rate, number at once, wishes of hosts, and hosts that fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.http import HostBusy, HttpClient, Limits, RemoteError, Request, Unreachable
from ckanext.nextgeoss.manners.hosts import Hosts, LocalHosts, limits_by_host
from ckanext.nextgeoss.manners.state import HostLimits, HostState, Outcome, enter, leave
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve
from ckanext.nextgeoss.tests.hosts_contract import HostsContract


class Time:
    """A clock that only goes on when one sleeps by it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture()
def clock() -> Time:
    return Time()


class TestLocalHosts(HostsContract):
    """The keeper of one process, by a clock of the test."""

    @pytest.fixture()
    def hosts(self, clock: Time) -> Hosts:
        return LocalHosts(clock)

    @pytest.fixture()
    def passes(self, clock: Time) -> Callable[[float], None]:
        return clock.sleep


# --- what holds whatever happens

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["enter", "leave", "lose"]),
        st.floats(0, 3),
        st.sampled_from([None, True, False]),
        st.sampled_from([0.0, 0.0, 1.0, 1e9]),
    ),
    max_size=60,
)


@given(STEPS, st.integers(1, 3), st.floats(0.5, 10), st.integers(1, 4))
def test_never_too_many_and_never_too_soon(steps: list, at_once: int, rate: float, failures: int):
    """Whatever ends how and when: the bounds hold, a state survives as text, and every wait ends."""
    limits = HostLimits(requests_at_once=at_once, requests_per_second=rate, failures_in_a_row=failures)
    state, now, under_way, started = HostState(), 1e9, {}, -1e9
    for number, (what, passed, well, wish) in enumerate(steps):
        now += passed
        under_way = {name: end for name, end in under_way.items() if end > now}
        assert HostState.from_text(state.to_text()) == state
        assert state.lifetime(now) > 0
        if what == "enter":
            state, wait = enter(state, now, limits, f"t{number}", 5.0)
            if wait:
                assert 0 < wait.seconds <= 86400 + 60
                continue
            assert now - started >= 1 / rate - 1e-5
            started, under_way[f"t{number}"] = now, now + 5.0
            assert len(under_way) <= at_once
        elif under_way and what == "leave":
            name, _ = under_way.popitem()
            state = leave(state, now, limits, name, Outcome(well=well, reason="bad", wish=wish))


@pytest.mark.parametrize("text", ["", "no", "[]", '{"unknown": 1}', "null"])
def test_a_state_that_cannot_be_read_is_that_of_an_unknown_host(text: str):
    assert HostState.from_text(text) == HostState()


def test_whose_limits_hold():
    """The site's for all; none for hosts of its own network; a provider file's for the provider's host."""
    usual = HostLimits(requests_per_second=5, requests_at_once=4, failures_in_a_row=9)
    special = {"api.example.org:443": {"requests_per_second": 2.0}, "intra:80": {"requests_at_once": 1}}
    limits = limits_by_host(usual, ["Intra", "127.0.0.1:5050"], special, "the provider file x")
    assert limits("else.example.org:443") == usual
    own = limits("api.example.org:443")
    assert (own.requests_per_second, own.requests_at_once, own.told_by) == (2, 4, "the provider file x")
    assert limits("api.example.org:80") == usual
    for host in ("127.0.0.1:5050", "intra:443"):
        free = limits(host)
        assert (free.requests_per_second, free.requests_at_once, free.failures_in_a_row) == (0, 0, 9)
    assert (limits("intra:80").requests_per_second, limits("intra:80").requests_at_once) == (0, 1)


# --- the client


def _client(
    server: LocalServer, hosts: Hosts, limits: HostLimits, clock: Time | None = None, **bounds: float
):
    time_ = {"clock": clock, "sleep": clock.sleep} if clock else {}
    return HttpClient(
        allowed_private_hosts=[server.host],
        limits=Limits(**{"attempts": 1, **bounds}),  # type: ignore[arg-type]
        hosts=hosts,
        host_limits=lambda host: limits,
        **time_,  # type: ignore[arg-type]
    )


def test_a_client_waits_for_its_turn(clock: Time):
    """By the rate, also for the hops of a redirect."""
    routes = {"/": lambda h: h.answer(b"ok"), "/from": lambda h: h.answer(status=302, Location="/")}
    begun = clock.now
    with serve(routes) as server:
        client = _client(server, LocalHosts(clock), HostLimits(requests_per_second=2), clock)
        for _ in range(3):
            client.send(Request(f"{server.url}/"))
        assert clock.now - begun == pytest.approx(1)
        client.send(Request(f"{server.url}/from"))
    assert clock.now - begun == pytest.approx(2)


def test_no_more_at_once_than_allowed():
    """By threads with clients of their own that share what is known of hosts."""
    lock, under_way, most = threading.Lock(), [0], [0]

    def slow(handler: Handler) -> None:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.05)
        with lock:
            under_way[0] -= 1
        handler.answer(b"ok")

    hosts, answers = LocalHosts(), []

    def ask(server: LocalServer) -> None:
        client = _client(server, hosts, HostLimits(requests_at_once=2))
        answers.extend(client.send(Request(server.url)).body for _ in range(2))

    with serve({"/": slow}) as server:
        threads = [threading.Thread(target=ask, args=(server,)) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert (answers, most[0] <= 2) == ([b"ok"] * 10, True)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True])
def test_what_one_is_told_all_wait_for(clock: Time, status: int, as_date: bool):
    """Retry-After, in seconds or as a date, holds for every client that asks this host."""
    first = [True]

    def busy(handler: Handler) -> None:
        if first and first.pop():
            later = formatdate(time.time() + 30, usegmt=True) if as_date else "30"
            handler.answer(b"", status, Retry_After=later)
        else:
            handler.answer(b"ok")

    hosts, begun = LocalHosts(clock), clock.now
    with serve({"/": busy}) as server:
        with pytest.raises(RemoteError):
            _client(server, hosts, HostLimits(), clock).send(Request(server.url))
        assert _client(server, hosts, HostLimits(), clock).send(Request(server.url)).body == b"ok"
    assert clock.now - begun == pytest.approx(30, abs=5)


def test_a_wish_beyond_our_patience_is_told(clock: Time):
    """Nobody waits an hour, nor asks before it is over: the error says who asked for it, and until when."""
    hosts = LocalHosts(clock)
    with serve({"/": lambda h: h.answer(b"", 503, Retry_After="3600")}) as server:
        with pytest.raises(RemoteError):
            _client(server, hosts, HostLimits(), clock).send(Request(server.url))
        with pytest.raises(HostBusy) as caught:
            _client(server, hosts, HostLimits(), clock).send(Request(server.url))
        assert len(server.calls) == 1
    assert str(caught.value).startswith(f"{server.host} is not asked until 2")
    assert "it asked (Retry-After) for 3600 seconds of peace, and 120 are waited at most" in str(caught.value)
    assert (caught.value.host, caught.value.seconds) == (server.host, pytest.approx(3600))


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (HostLimits(requests_at_once=1, told_by="the file x"), "1 requests at once are allowed by the file"),
        (HostLimits(requests_per_second=0.01), "0.01 requests a second are allowed by the options"),
    ],
)  # fmt: skip
def test_no_turn_in_time(clock: Time, limits: HostLimits, told: str):
    """Waiting for a turn ends too, and says whose limit it was."""
    hosts = LocalHosts(clock)
    with serve({"/": lambda h: h.answer(b"ok")}) as server:
        hosts.enter(server.host, limits, 1e6)
        begun = clock.now
        with pytest.raises(HostBusy, match="no turn within 7 seconds: ") as caught:
            _client(server, hosts, limits, clock, turn=7).send(Request(server.url))
    assert (told in str(caught.value), clock.now - begun <= 7) == (True, True)
    assert server.calls == []


def test_a_host_that_is_down_is_left_alone_and_tried_again(clock: Time):
    """Once it is waited for; when it has not come back then, requests fail at once and say why and until
    when. After that one tries, and all go on."""
    hosts, limits = LocalHosts(clock), HostLimits(failures_in_a_row=4, closed_seconds=60)
    down = [True]

    def answer(handler: Handler) -> None:
        if down[0]:
            handler.connection.close()
            handler.close_connection = True
        else:
            handler.answer(b"well")

    with serve({"/": answer}) as server:
        with pytest.raises(Unreachable):
            _client(server, hosts, limits, clock, attempts=3, pause=0).send(Request(server.url))
        begun = clock.now
        with pytest.raises(HostBusy, match="5 requests in a row failed, the last one: no connection"):
            _client(server, hosts, limits, clock, attempts=3, pause=0).send(Request(server.url))
        assert (clock.now - begun, len(server.calls)) == (pytest.approx(60), 5)
        begun = clock.now
        with pytest.raises(HostBusy, match=rf"{server.host} is not asked until 2.* UTC: 5 requests"):
            _client(server, hosts, limits, clock).send(Request(server.url))
        assert (clock.now, len(server.calls)) == (begun, 5)
        down[0] = False
        clock.sleep(60)
        assert _client(server, hosts, limits, clock).send(Request(server.url)).body == b"well"
        assert _client(server, hosts, limits, clock).send(Request(server.url)).body == b"well"


@pytest.mark.parametrize(
    ("status", "closes"), [(502, True), (503, True), (504, True), (500, False), (404, False), (429, False)]
)
def test_which_answers_say_that_a_host_is_not_well(clock: Time, status: int, closes: bool):
    """Those of a gateway or of an overload; any other is that of a host that lives."""
    hosts, limits = LocalHosts(clock), HostLimits(failures_in_a_row=2, closed_seconds=400)
    with serve({"/": lambda h: h.answer(b"", status)}) as server:
        for _ in range(2):
            with pytest.raises(RemoteError):
                _client(server, hosts, limits, clock).send(Request(server.url))
        with pytest.raises(HostBusy if closes else RemoteError):
            _client(server, hosts, limits, clock).send(Request(server.url))


def test_a_turn_is_given_back_whatever_happens():
    """Also when the one who waits has had enough."""

    class Cancelled(Exception):
        pass

    def cancel() -> None:
        raise Cancelled

    hosts, limits = LocalHosts(), HostLimits(requests_at_once=1)
    with serve({"/": lambda h: h.answer(b"x" * 2000)}) as server:
        client = _client(server, hosts, limits, max_bytes=1000)
        for _ in range(2):
            with pytest.raises(Exception, match="more than 1000 bytes"):
                client.send(Request(server.url))
        busy = hosts.enter(server.host, limits, 60)
        impatient = HttpClient(
            allowed_private_hosts=[server.host], hosts=hosts, host_limits=lambda host: limits,
            while_waiting=cancel,
        )  # fmt: skip
        with pytest.raises(Cancelled):
            impatient.send(Request(server.url))
        hosts.leave(busy, limits, Outcome())  # type: ignore[arg-type]
        assert _client(server, hosts, limits).send(Request(server.url)).status == 200


def test_a_short_outage_is_waited_for(clock: Time):
    """The request that finds the host closed for the first time goes well when the host is back by then."""
    hosts, limits = LocalHosts(clock), HostLimits(failures_in_a_row=1, closed_seconds=60)
    answers = iter([503])
    with serve({"/": lambda h: h.answer(b"", next(answers, 200))}) as server:
        with pytest.raises(RemoteError):
            _client(server, hosts, limits, clock, attempts=1).send(Request(server.url))
        begun = clock.now
        assert _client(server, hosts, limits, clock, attempts=1).send(Request(server.url)).status == 200
    assert clock.now - begun == pytest.approx(60)
