"""How often one client may ask in a while, counted for all processes."""

from __future__ import annotations

import hashlib
import time

from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

_MINUTE = 60


def seconds_to_wait(what: str, client: str, most: int, *, uncounted: int = 0, every: int = _MINUTE) -> int:
    """For how many seconds a client that asks for `what` must wait, `most` times in `every` so many seconds
    being allowed; 0 when it may go on. `uncounted` is the answer while nothing can be counted."""
    now = int(time.time())
    key = f"nextgeoss:{what}:{hashlib.sha256(client.encode()).hexdigest()}:{now // every}"
    try:
        pipeline = connect_to_redis().pipeline()
        pipeline.incr(key)
        pipeline.expire(key, 2 * every)
        asked = pipeline.execute()[0]
    except RedisError:
        return uncounted
    return 0 if asked <= most else every - now % every
