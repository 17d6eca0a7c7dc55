"""The client that looks at links, in company of all workers of the site that ask the same hosts."""

from __future__ import annotations

from collections.abc import Callable

from ... import config
from ...http import HttpClient
from ...manners.hosts import limits_by_host
from ...messages import Limits
from ...site_hosts import site_hosts
from .asking import Asker, RobotsFile, Stopwatch, polite_limits

# a look is quick or it is a failure: there will be others
LIMITS = Limits(
    connect=10.0, read=15.0, total=30.0, max_bytes=1_000_000, attempts=1, longest_pause=10.0, turn=60.0
)


def asker_maker() -> Callable[[], Asker]:
    """Makes askers, one for each thread, with the options of the site; all know the same robots.txt files."""
    name = config.user_agent().split("/")[0].split()[0]
    robots_file = RobotsFile(name)
    private = config.allowed_private_hosts()
    usual = limits_by_host(config.host_limits(), private, {}, "the options of the site")
    agent, hosts = config.user_agent(), site_hosts()

    def make() -> Asker:
        stopwatch = Stopwatch()
        client = HttpClient(
            user_agent=agent,
            allowed_private_hosts=private,
            limits=LIMITS,
            hosts=hosts,
            host_limits=polite_limits(usual, robots_file),
            measured=stopwatch.note,
        )
        return Asker(client, robots_file, stopwatch)

    return make
