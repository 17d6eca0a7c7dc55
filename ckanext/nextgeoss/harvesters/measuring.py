"""Takes the measures of the site; what many processes ask in the same seconds is taken once."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from redis import RedisError

from .. import config
from ..search.model import Outbox
from .metrics import Measures, text
from .model import utc_now
from .source import SOURCE_TYPE
from .tally import brought, offered

log = logging.getLogger(__name__)

T = TypeVar("T")

# seconds for which an answer is given again; counting products costs an index of all offers
SECONDS = 10
PRODUCTS_SECONDS = 300

_JOBS = """
    SELECT count(*) FROM harvest_job JOIN harvest_source ON harvest_source.id = source_id
    WHERE status = 'Running' AND harvest_source.type = :type
"""


def metrics_text() -> bytes:
    """The metrics of this site in the text format of Prometheus, at most SECONDS old."""
    return _remembered("metrics", SECONDS, lambda: text(take_measures()).decode()).encode()


def take_measures() -> Measures:
    """The measures as they are now, but for the number of products, which is at most PRODUCTS_SECONDS old."""
    session = model.Session()
    waiting, oldest, refused = session.execute(
        sa.select(
            sa.func.count().filter(Outbox.error.is_(None)),
            sa.func.min(Outbox.queued).filter(Outbox.error.is_(None)),
            sa.func.count(Outbox.error),
        )
    ).one()
    names = _source_names()
    return Measures(
        brought=_named(brought(session), names),
        offered=_named(_remembered("products", PRODUCTS_SECONDS, lambda: offered(session)), names),
        jobs_running=session.scalar(sa.text(_JOBS), {"type": SOURCE_TYPE}) or 0,
        outbox_waiting=waiting,
        outbox_oldest_seconds=(utc_now() - oldest).total_seconds() if oldest else 0.0,
        outbox_refused=refused,
    )


def _named(values: Mapping[str, T], names: Mapping[str, str]) -> dict[str, T]:
    """The values by name of their source; those of sources that are not there any more by its id."""
    return {names.get(source_id, source_id): value for source_id, value in values.items()}


def _source_names() -> dict[str, str]:
    query = "SELECT package.id, name FROM package JOIN harvest_source ON harvest_source.id = package.id"
    return {row[0]: row[1] for row in model.Session.execute(sa.text(query))}


def _remembered(name: str, seconds: int, take: Callable[[], T]) -> T:
    """What `take` gives, a JSON value, or what it gave any process of this site in the last seconds: counters
    that are asked of one process after another never go back. Without Valkey it is taken each time."""
    key = f"nextgeoss:{config.site_id()}:{name}"
    try:
        redis: Any = connect_to_redis()
        if (kept := redis.get(key)) is not None:
            return cast(T, json.loads(kept))
        value = take()
        redis.set(key, json.dumps(value), ex=seconds)
        return value
    except RedisError as error:
        log.warning("Metrics cannot be remembered: %s", error)
        return take()
