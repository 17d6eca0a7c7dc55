"""How hosts are doing that this site asks, as all its workers know it."""

from __future__ import annotations

from functools import cache
from typing import Any

from ckan.lib.redis import connect_to_redis
from redis import ConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from . import config
from .manners.shared import SharedHosts

# seconds to wait for Valkey, which is beside us or of no use
_PATIENCE = 2.0


def site_hosts() -> SharedHosts:
    """What is known of hosts, by all workers of this site."""
    return _hosts(config.site_id())


def valkey_prefix(site_id: str) -> str:
    """Of keys in Valkey, which several sites may share."""
    return f"nextgeoss:{site_id}"


@cache
def valkey() -> Redis:
    """Valkey as CKAN is told it, but nobody waits for it: CKAN's own connections may do so for ever."""
    pool: Any = connect_to_redis().connection_pool
    said = pool.connection_kwargs | {
        "socket_timeout": _PATIENCE,
        "socket_connect_timeout": _PATIENCE,
        "retry": Retry(NoBackoff(), 0),
        "decode_responses": False,
    }
    return Redis(connection_pool=ConnectionPool(connection_class=pool.connection_class, **said))


@cache
def _hosts(site_id: str) -> SharedHosts:
    return SharedHosts(valkey(), valkey_prefix(site_id))
