"""The queues of ckanext-harvest as what they are here: hints. The database tells what is to be done, and what
a queue has lost is sent again."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ckanext.harvest import queue
from redis import RedisError

log = logging.getLogger(__name__)


def send_jobs(job_ids: Iterable[str]) -> None:
    """Have jobs gathered, those that do not wait in the queue already."""
    _send(queue.get_gather_publisher, queue.get_gather_routing_key(), "harvest_job_id", job_ids)


def send_slices(slice_ids: Iterable[str]) -> None:
    """Have slices read, those that do not wait in the queue already."""
    _send(queue.get_fetch_publisher, queue.get_fetch_routing_key(), "harvest_object_id", slice_ids)


def refresh(slice_id: str) -> None:
    """Tell the queue that a slice is worked on: what is not refreshed for 180 s is sent once more."""
    try:
        connection: Any = queue.get_connection()
        if hasattr(connection, "set"):  # that of RabbitMQ keeps no such keys
            connection.set(f"{queue.get_fetch_routing_key()}:{slice_id}", str(datetime.now()), xx=True)
        connection.close()
    except RedisError as error:
        log.warning("The queue does not answer: %s", error)


def _send(publisher: Any, routing_key: str, name: str, ids: Iterable[str]) -> None:
    wanted = list(ids)
    if not wanted:
        return
    try:
        waiting = _waiting(routing_key, name)
        sender: Any = publisher()
        for each in wanted:
            if each not in waiting:
                sender.send({name: each})
        sender.close()
    except RedisError as error:
        # the scheduler finds in the database what was not sent
        log.warning("The queue does not answer, %d messages are sent later: %s", len(wanted), error)


def _waiting(routing_key: str, name: str) -> set[str]:
    """The ids that wait in a queue; none where it cannot be looked into (RabbitMQ)."""
    connection: Any = queue.get_connection()
    try:
        if not hasattr(connection, "lrange"):
            return set()
        return {json.loads(message).get(name, "") for message in connection.lrange(routing_key, 0, -1)}
    finally:
        connection.close()
