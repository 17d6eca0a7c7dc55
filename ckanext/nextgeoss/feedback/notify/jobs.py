"""Has a background job of CKAN's send mails when something happens. What the queue loses is sent with the
next round of the scheduler: the notices are in the database."""

from __future__ import annotations

import logging
from typing import Any

from ckan import model
from ckan.plugins import toolkit

from ..logic import signals
from ..states import PENDING
from .sending import can_send, send_news

log = logging.getLogger(__name__)


def send() -> None:
    """The job."""
    try:
        send_news()
    finally:
        model.Session.remove()


def enqueue(sender: Any, **_: Any) -> None:
    """Have mails sent soon; the action that calls it has done its work and does not fail by this."""
    if not can_send():
        return
    try:
        toolkit.enqueue_job(send, title="mails on feedback")
    except Exception as error:
        # whatever is wrong with the queue: the scheduler sends the mails
        log.warning("No job for mails on feedback could be put in the queue: %s", type(error).__name__)


def created(sender: Any, *, state: str = "", **_: Any) -> None:
    """Have it told when an item waits for a moderator; of one that is published another signal comes."""
    if state == PENDING:
        enqueue(sender)


def subscriptions() -> dict[Any, list[Any]]:
    """On which signals a job is put in the queue."""
    heard = (signals.published, signals.moderated, signals.flagged, signals.issue_changed, signals.accepted)
    return {signals.created: [created], **{signal: [enqueue] for signal in heard}}
