"""`/metrics`: what the hub does in numbers, for Prometheus; who may see it is an option."""

from __future__ import annotations

import hmac

from ckan.plugins import toolkit
from flask import Blueprint, Response, request

from .. import config
from ..harvesters.auth import MissingSecret, secret
from ..harvesters.measuring import metrics_text
from ..harvesters.metrics import CONTENT_TYPE

blueprint = Blueprint("nextgeoss_metrics", __name__)


@blueprint.get("/metrics")
def metrics() -> Response:
    """The metrics; 404 when they are off, 401 or 403 for those who may not see them."""
    access = config.metrics_access()
    if access == "off":
        return _told(404, "metrics are off")
    if ":" in access and not _has_token(access):
        return _told(401, "the header Authorization: Bearer TOKEN is needed", {"WWW-Authenticate": "Bearer"})
    if access == "sysadmin" and not getattr(toolkit.current_user, "sysadmin", False):
        return _told(403, "only a sysadmin may see metrics: send an API token of one")
    return Response(metrics_text(), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _has_token(reference: str) -> bool:
    """Whether the request has the token that is referred to; nobody has one that is not there."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        wanted = secret(reference)
    except MissingSecret:
        return False
    return kind.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), wanted.encode())


def _told(status: int, words: str, headers: dict[str, str] | None = None) -> Response:
    return Response(f"{words}\n", status, headers, content_type="text/plain; charset=utf-8")
