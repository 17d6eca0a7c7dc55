"""What every keeper of hosts must do, in one process or for all workers."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.nextgeoss.manners.hosts import Hosts, Turn
from ckanext.nextgeoss.manners.state import HostLimits, Outcome, Wait, Why

WELL = Outcome(well=True)
FAILED = Outcome(well=False, reason="no connection")
# seconds within which a machine, however busy, does what a test does before they are over
SOON = 600.0


class HostsContract:
    """Subclasses have a fixture `hosts`, and `passes` that lets time go by."""

    host = "api.example.org:443"

    @staticmethod
    def go(hosts: Hosts, limits: HostLimits, host: str, lease: float = 60) -> Turn:
        """A turn that must be there."""
        turn = hosts.enter(host, limits, lease)
        assert isinstance(turn, Turn)
        return turn

    @staticmethod
    def stay(hosts: Hosts, limits: HostLimits, host: str) -> Wait:
        """A wait that must be told."""
        wait = hosts.enter(host, limits, 60)
        assert isinstance(wait, Wait)
        return wait

    def test_requests_a_second(self, hosts: Hosts, passes: Callable[[float], None]) -> None:
        limits = HostLimits(requests_per_second=1 / SOON)
        self.go(hosts, limits, self.host)
        wait = self.stay(hosts, limits, self.host)
        assert (wait.why, 0 < wait.seconds <= SOON) == (Why.RATE, True)
        self.go(hosts, limits, "other.example.org:443")
        passes(SOON)
        self.go(hosts, limits, self.host)

    def test_requests_at_once(self, hosts: Hosts, passes: Callable[[float], None]) -> None:
        limits = HostLimits(requests_at_once=2)
        first = self.go(hosts, limits, self.host)
        self.go(hosts, limits, self.host, lease=SOON)
        assert self.stay(hosts, limits, self.host).why is Why.FULL
        hosts.leave(first, limits, WELL)
        self.go(hosts, limits, self.host)
        assert self.stay(hosts, limits, self.host).why is Why.FULL
        # a turn that nobody gives back ends by itself
        passes(SOON)
        self.go(hosts, limits, self.host)

    def test_a_host_that_wishes_to_be_left_alone(self, hosts: Hosts, passes: Callable[[float], None]) -> None:
        limits = HostLimits()
        first, second = self.go(hosts, limits, self.host), self.go(hosts, limits, self.host)
        hosts.leave(first, limits, Outcome(well=True, wish=SOON))
        hosts.leave(second, limits, Outcome(well=True, wish=SOON / 10))
        wait = self.stay(hosts, limits, self.host)
        assert (wait.why, SOON / 10 < wait.seconds <= SOON) == (Why.WISH, True)
        passes(SOON)
        self.go(hosts, limits, self.host)

    def test_a_host_that_fails_is_closed_and_tried_by_one(
        self, hosts: Hosts, passes: Callable[[float], None]
    ) -> None:
        limits = HostLimits(failures_in_a_row=3, closed_seconds=SOON)
        for outcome in (FAILED, FAILED, WELL, FAILED, FAILED, Outcome()):
            hosts.leave(self.go(hosts, limits, self.host), limits, outcome)
        hosts.leave(self.go(hosts, limits, self.host), limits, FAILED)
        wait = self.stay(hosts, limits, self.host)
        assert (wait.why, 0 < wait.seconds <= SOON) == (Why.CLOSED, True)
        assert wait.reason == "3 requests in a row failed, the last one: no connection"
        assert wait.was_well
        passes(SOON)
        trial = self.go(hosts, limits, self.host)
        assert self.stay(hosts, limits, self.host).why is Why.TRIAL
        hosts.leave(trial, limits, FAILED)
        wait = self.stay(hosts, limits, self.host)
        assert (wait.why, wait.was_well) == (Why.CLOSED, False)
        passes(SOON)
        # a trial of which nobody hears again is followed by another
        self.go(hosts, limits, self.host, lease=SOON)
        passes(SOON)
        hosts.leave(self.go(hosts, limits, self.host), limits, WELL)
        self.go(hosts, limits, self.host)
        self.go(hosts, limits, self.host)

    def test_what_was_under_way_does_not_close_for_longer(self, hosts: Hosts) -> None:
        limits = HostLimits(failures_in_a_row=1, closed_seconds=100)
        turns = [self.go(hosts, limits, self.host) for _ in range(3)]
        hosts.leave(turns[0], limits, FAILED)
        longer = HostLimits(failures_in_a_row=1, closed_seconds=1000)
        hosts.leave(turns[1], longer, FAILED)
        assert self.stay(hosts, limits, self.host).seconds <= 100
        hosts.leave(turns[2], limits, WELL)
        self.go(hosts, limits, self.host)
