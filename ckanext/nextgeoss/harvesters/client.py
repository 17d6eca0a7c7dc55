"""The HTTP client of harvests: with the options of this site, and in company of all its workers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from .. import config
from ..addresses import FTP, WEB, host_and_port
from ..http import HttpClient
from ..manners.answers import SharedAnswers
from ..manners.hosts import LimitsOf, limits_by_host
from ..manners.latencies import SharedLatencies
from ..site_hosts import site_hosts, valkey, valkey_prefix
from .provider import Provider


def http_client(
    provider: Provider, while_waiting: Callable[[], None] = lambda: None, source_id: str = ""
) -> HttpClient:
    """A client to ask this provider, as it is asked by its source.

    `while_waiting` is called every few seconds while an answer or a turn is waited for; what it raises ends
    the request. With the id of the source it is measured how long requests take."""
    return HttpClient(
        user_agent=config.user_agent(),
        allowed_private_hosts=config.allowed_private_hosts(),
        hosts=site_hosts(),
        host_limits=_limits_of(provider),
        answers=SharedAnswers(valkey(), valkey_prefix(config.site_id())),
        while_waiting=while_waiting,
        ftp=True,
        measured=partial(latencies().note, source_id) if source_id else _unmeasured,
    )


def latencies() -> SharedLatencies:
    """How long requests of sources take, by the id of the source."""
    return _latencies(config.site_id())


def _unmeasured(seconds: float, well: bool) -> None:
    pass


def _limits_of(provider: Provider) -> LimitsOf:
    """What the provider file says of its own host, the options of all others."""
    special = {"{}:{}".format(*host_and_port(provider.url, "", {**WEB, **FTP})): provider.limits.given()}
    told_by = f"the provider file {provider.id}"
    return limits_by_host(config.host_limits(), config.allowed_private_hosts(), special, told_by)


@cache
def _latencies(site_id: str) -> SharedLatencies:
    return SharedLatencies(valkey(), valkey_prefix(site_id))
