"""How long requests take: buckets, percentiles, Valkey, and what the HTTP client tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.addresses import HttpError
from ckanext.nextgeoss.http import HttpClient, Limits, Request
from ckanext.nextgeoss.manners.latencies import BOUNDS, Latencies, SharedLatencies
from ckanext.nextgeoss.tests.core.local_server import Handler, serve
from ckanext.nextgeoss.tests.core.local_valkey import Valkey


def test_nothing_measured():
    """No figures rather than zeros."""
    none = Latencies()
    assert (none.requests, none.error_rate, none.percentile(0.5)) == (0, None, None)


@given(st.dictionaries(st.integers(0, len(BOUNDS)), st.integers(1, 1000), min_size=1), st.floats(0, 1))
def test_percentiles_lie_in_their_bucket(counts: dict[int, int], share: float):
    """And never go down when more of the requests are to be within them."""
    found = Latencies(counts)
    seconds = found.percentile(share)
    assert seconds is not None
    assert 0 <= seconds <= BOUNDS[-1]
    assert seconds <= (found.percentile(1) or 0) + 1e-9
    assert seconds >= (found.percentile(0) or 0) - 1e-9


def test_median():
    """Half of the requests within a second, the other half within two."""
    assert Latencies({6: 5, 7: 5}).percentile(0.5) == 1
    assert Latencies({7: 10}).percentile(0.5) == 1.25
    assert Latencies({7: 10}, 1).error_rate == 0.1


def test_what_is_noted_is_read(valkey: Valkey):
    """By name, of all processes; without Valkey nothing, at once."""
    noted = SharedLatencies(valkey.connect(), "nextgeoss:test")
    for seconds, well in ((0.04, True), (0.3, True), (0.3, False), (1000.0, True)):
        noted.note("a", seconds, well)
    SharedLatencies(valkey.connect(), "nextgeoss:test").note("b", 0.3, True)
    found = noted.read(["a", "b"])
    assert (found.counts, found.failed) == ({0: 1, 3: 3, len(BOUNDS): 1}, 1)
    assert noted.read(["a"]).requests == 4
    assert noted.read([]) == noted.read(["c"]) == Latencies()
    valkey.stop()
    noted.note("a", 0.1, True)
    assert noted.read(["a"]) == Latencies()
    valkey.start()


def test_the_client_tells_each_request():
    """Each attempt and each redirect, with whether it went well; not the waiting for a turn."""
    told: list[bool] = []
    statuses = iter((503, 302, 200))

    def answer(handler: Handler) -> None:
        handler.answer(status=next(statuses), location="/a")

    with serve({"/a": answer}) as server:
        client = HttpClient(
            allowed_private_hosts=[server.host],
            limits=Limits(pause=0.01),
            measured=lambda seconds, well: told.append(well),
        )
        assert client.send(Request(f"{server.url}/a")).status == 200
    assert told == [False, True, True]
    client = HttpClient(
        allowed_private_hosts=["127.0.0.1"],
        limits=Limits(attempts=1),
        measured=lambda seconds, well: told.append(well),
    )
    with pytest.raises(HttpError):
        client.send(Request(server.url))
    assert told[3:] == [False]
