"""The HTTP client of harvests: with the options of this site, and in company of all its workers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from ckan.lib.redis import connect_to_redis
from redis import ConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from .. import config
from ..addresses import FTP, WEB, host_and_port
from ..http import HttpClient
from ..manners.answers import SharedAnswers
from ..manners.hosts import LimitsOf, limits_by_host
from ..manners.latencies import SharedLatencies
from ..manners.shared import SharedHosts
from .provider import Provider

# seconds to wait for Valkey, which is beside us or of no use
_PATIENCE = 2.0


def http_client(
    provider: Provider, while_waiting: Callable[[], None] = lambda: None, source_id: str = ""
) -> HttpClient:
    """A client to ask this provider, as it is asked by its source.

    `while_waiting` is called every few seconds while an answer or a turn is waited for; what it raises ends
    the request. With the id of the source it is measured how long requests take."""
    return HttpClient(
        user_agent=config.user_agent(),
        allowed_private_hosts=config.allowed_private_hosts(),
        hosts=_hosts(config.site_id()),
        host_limits=_limits_of(provider),
        answers=SharedAnswers(_valkey(), _prefix(config.site_id())),
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
def _hosts(site_id: str) -> SharedHosts:
    return SharedHosts(_valkey(), _prefix(site_id))


@cache
def _latencies(site_id: str) -> SharedLatencies:
    return SharedLatencies(_valkey(), _prefix(site_id))


def _prefix(site_id: str) -> str:
    """Of keys in Valkey, which several sites may share."""
    return f"nextgeoss:{site_id}"


@cache
def _valkey() -> Redis:
    """Valkey as CKAN is told it, but nobody waits for it: CKAN's own connections may do so for ever."""
    pool: Any = connect_to_redis().connection_pool
    said = pool.connection_kwargs | {
        "socket_timeout": _PATIENCE,
        "socket_connect_timeout": _PATIENCE,
        "retry": Retry(NoBackoff(), 0),
        "decode_responses": False,
    }
    return Redis(connection_pool=ConnectionPool(connection_class=pool.connection_class, **said))
