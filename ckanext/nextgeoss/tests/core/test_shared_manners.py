"""Manners that all workers share, in a Valkey of the test's own: processes that ask, are killed, lose it."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from redis import Redis

from ckanext.nextgeoss.http import HostBusy, HttpClient, Limits, RemoteError, Request
from ckanext.nextgeoss.manners.hosts import Hosts, Turn
from ckanext.nextgeoss.manners.shared import SharedHosts
from ckanext.nextgeoss.manners.state import HostLimits, HostState, Outcome, Wait, Why
from ckanext.nextgeoss.tests.core.local_server import Handler, serve
from ckanext.nextgeoss.tests.core.local_valkey import Valkey
from ckanext.nextgeoss.tests.hosts_contract import HostsContract

HOST = "api.example.org:443"


@pytest.fixture()
def hosts(connection: Redis) -> Hosts:
    return SharedHosts(connection, "nextgeoss:test")


class TestSharedHosts(HostsContract):
    """The keeper of all workers. Its clock is that of Valkey: what it keeps is made older instead, so that
    nothing depends on how fast a machine is."""

    @pytest.fixture()
    def passes(self, connection: Redis) -> Callable[[float], None]:
        return lambda seconds: _make_older(connection, seconds)


def _make_older(connection: Any, seconds: float) -> None:
    """Shift the times of all states, as if this time had gone by."""
    for key in connection.keys("*"):
        state = HostState.from_text(connection.get(key).decode())
        older = replace(
            state,
            next=state.next - seconds,
            wish=state.wish - seconds,
            closed=state.closed and state.closed - seconds,
            turns={name: end - seconds for name, end in state.turns.items()},
        )
        connection.set(key, older.to_text(), keepttl=True)


def test_keys_are_the_sites_own_and_end(hosts: Hosts, connection: Redis):
    """Named as documented, and gone when nobody asks the host any more."""
    hosts.leave(HostsContract.go(hosts, HostLimits(), HOST), HostLimits(), Outcome(well=True))
    assert connection.keys("*") == [b"nextgeoss:test:host:api.example.org:443"]
    assert 0 < connection.pttl("nextgeoss:test:host:api.example.org:443") <= 660_000


# --- processes

WORKER = """
import sys, time
from redis import Redis
from ckanext.nextgeoss.http import HttpClient, Limits, Request, HttpError
from ckanext.nextgeoss.manners.shared import SharedHosts
from ckanext.nextgeoss.manners.state import HostLimits
port, host, requests, limits = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), eval(sys.argv[4])
client = HttpClient(
    allowed_private_hosts=[host], limits=Limits(attempts=1),
    hosts=SharedHosts(Redis(port=port), "nextgeoss:test"), host_limits=lambda _: limits,
)
print(time.monotonic(), flush=True)
for _ in range(requests):
    try:
        client.send(Request(f"http://{host}/"))
    except HttpError as error:
        print(type(error).__name__, flush=True)
"""


def _worker(valkey: Valkey, host: str, requests: int, limits: HostLimits) -> subprocess.Popen[str]:
    arguments = [str(valkey.port), host, str(requests), repr(limits)]
    return subprocess.Popen([sys.executable, "-c", WORKER, *arguments], stdout=subprocess.PIPE, text=True)


def _told(worker: subprocess.Popen[str]) -> tuple[float, list[str]]:
    """When a worker began, by the clock of the machine, and the errors that it had, once it has ended."""
    began, *errors = worker.communicate(timeout=300)[0].split()
    assert worker.returncode == 0
    return float(began), errors


def _said(worker: subprocess.Popen[str]) -> list[str]:
    """The errors that a worker had, once it has ended."""
    return _told(worker)[1]


def test_processes_share_the_rate_of_a_host(valkey: Valkey):
    """Together they start no request sooner after another than one alone would."""
    times: list[float] = []

    def answer(handler: Handler) -> None:
        times.append(time.monotonic())
        handler.answer(b"ok")

    with serve({"/": answer}) as web:
        workers = [_worker(valkey, web.host, 4, HostLimits(requests_per_second=5)) for _ in range(2)]
        (first, none), (second, nor_here) = [_told(worker) for worker in workers]
    assert (len(times), none, nor_here) == (8, [], [])
    # the first turn was taken after this, however long its request was on its way; clocks tell microseconds
    assert times[-1] - min(first, second) >= 7 / 5 - 0.001


def test_processes_share_the_number_at_once(valkey: Valkey):
    """Whoever they are, no more are under way than allowed."""
    under_way, most = [0], [0]

    def slow(handler: Handler) -> None:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        time.sleep(0.05)
        under_way[0] -= 1
        handler.answer(b"ok")

    with serve({"/": slow}) as web:
        workers = [_worker(valkey, web.host, 4, HostLimits(requests_at_once=1)) for _ in range(3)]
        assert [_said(worker) for worker in workers] == [[], [], []]
    assert (most[0], len(web.calls)) == (1, 12)


def test_processes_share_a_host_that_is_closed(valkey: Valkey, connection: Redis):
    """One finds that it is down, the others do not ask it."""
    limits = HostLimits(failures_in_a_row=3, closed_seconds=400)  # longer than anybody waits
    with serve({"/": lambda h: h.answer(b"", 503)}) as web:
        first = _worker(valkey, web.host, 3, limits)
        assert _said(first) == ["RemoteError"] * 3
        second = _worker(valkey, web.host, 5, limits)
        assert _said(second) == ["HostBusy"] * 5
        assert len(web.calls) == 3
        # emptied, nobody knows of it: it is asked, and closed again
        connection.flushall()
        third = _worker(valkey, web.host, 4, limits)
        assert _said(third) == ["RemoteError"] * 3 + ["HostBusy"]


def test_the_turn_of_a_killed_process_comes_back(valkey: Valkey, hosts: Hosts):
    """When its lease ends: nobody could tell that the request had ended."""
    limits = HostLimits(requests_at_once=1)
    code = f"""
import os, signal
from redis import Redis
from ckanext.nextgeoss.manners.shared import SharedHosts
from ckanext.nextgeoss.manners.state import HostLimits
SharedHosts(Redis(port={valkey.port}), "nextgeoss:test").enter("{HOST}", HostLimits(requests_at_once=1), 3.0)
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    wait = HostsContract.stay(hosts, limits, HOST)
    assert wait.why is Why.FULL
    end = time.monotonic() + 120
    while isinstance(hosts.enter(HOST, limits, 60), Wait):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_many_at_once_from_threads(valkey: Valkey):
    """However many take turns at the same moment, none is counted twice or lost."""
    from concurrent.futures import ThreadPoolExecutor

    limits, turns = HostLimits(requests_at_once=5), 40
    keepers = [SharedHosts(valkey.connect(), "nextgeoss:test") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: keepers[n % 8].enter(HOST, limits, 60), range(turns)))
    taken = [turn for turn in found if isinstance(turn, Turn)]
    assert len(taken) == 5
    assert all(turn.shared for turn in taken)


# --- without Valkey


def test_emptied_in_between(hosts: Hosts, connection: Redis):
    """What is given back after that is not missed."""
    limits = HostLimits(requests_at_once=1)
    turn = HostsContract.go(hosts, limits, HOST)
    connection.flushall()
    connection.script_flush()
    HostsContract.go(hosts, limits, HOST)
    hosts.leave(turn, limits, Outcome(well=True))
    assert HostsContract.stay(hosts, limits, HOST).why is Why.FULL


def test_a_process_goes_on_alone_when_valkey_is_gone(valkey: Valkey, caplog: pytest.LogCaptureFixture):
    """Within the same limits, with one line in the log; and together again when it is back."""
    now = [0.0]
    hosts = SharedHosts(valkey.connect(), "nextgeoss:test", lambda: now[0])
    limits = HostLimits(requests_at_once=1, failures_in_a_row=1, closed_seconds=1)
    caplog.set_level(logging.INFO)
    before = HostsContract.go(hosts, limits, HOST)
    valkey.stop()
    hosts.leave(before, limits, Outcome(well=True))
    alone = HostsContract.go(hosts, limits, HOST)
    assert HostsContract.stay(hosts, limits, HOST).why is Why.FULL
    hosts.leave(alone, limits, Outcome(well=False, reason="no connection"))
    assert HostsContract.stay(hosts, limits, HOST).why is Why.CLOSED
    now[0] += 6
    HostsContract.go(hosts, limits, HOST)
    assert [line for line in caplog.messages if "this process bounds its requests alone" in line] == (
        caplog.messages[:1]
    )
    assert len(caplog.messages) == 1
    valkey.start()
    now[0] += 6
    assert HostsContract.go(hosts, limits, HOST).shared
    assert "Valkey answers again" in caplog.messages[-1]


def test_a_valkey_that_hangs_is_not_waited_for(valkey: Valkey):
    """A request goes out all the same."""
    hosts = SharedHosts(valkey.connect(seconds=0.2), "nextgeoss:test")
    with serve({"/": lambda h: h.answer(b"ok")}) as web:
        client = HttpClient(allowed_private_hosts=[web.host], hosts=hosts)
        valkey.hang(True)
        try:
            assert [client.send(Request(web.url)).body for _ in range(5)] == [b"ok"] * 5
        finally:
            valkey.hang(False)


def test_a_state_nobody_can_read_is_written_anew(hosts: Hosts, connection: Redis):
    """Whatever stands under the key."""
    connection.set(f"nextgeoss:test:host:{HOST}", b"\xff no state")
    limits = HostLimits(requests_at_once=1)
    HostsContract.go(hosts, limits, HOST)
    assert HostsContract.stay(hosts, limits, HOST).why is Why.FULL


def test_a_wish_reaches_clients_of_other_processes(valkey: Valkey):
    """What one was told by Retry-After, the next knows before it asks."""
    with serve({"/": lambda h: h.answer(b"", 429, Retry_After="500")}) as web:
        clients = [
            HttpClient(
                allowed_private_hosts=[web.host],
                limits=Limits(attempts=1),
                hosts=SharedHosts(valkey.connect(), "nextgeoss:test"),
            )
            for _ in range(2)
        ]
        began = time.monotonic()
        with pytest.raises(RemoteError):
            clients[0].send(Request(web.url))
        with pytest.raises(HostBusy, match=r"it asked \(Retry-After\) for \d+ seconds of peace") as caught:
            clients[1].send(Request(web.url))
        gone = time.monotonic() - began
    assert 500 - gone - 0.001 <= caught.value.seconds <= 500
    assert len(web.calls) == 1
