"""`/provider/<organization>`: the endpoints of a provider, how they are doing, and their files."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, Response

from ..harvesters.status_page import provider_page, provider_text
from ..search.catalogue import catalogue_for
from ..search.solr import SolrError

log = logging.getLogger(__name__)

blueprint = Blueprint("nextgeoss_providers", __name__)


@blueprint.get("/provider/<id>")
def organization(id: str) -> str:
    """One row for each provider file of an organization."""
    page = provider_page(id, _context(), _newest)
    if page is None:
        toolkit.abort(404, toolkit._("Organization not found"))
    return toolkit.render("nextgeoss_harvest/provider.html", {"page": page})


@blueprint.get("/provider/<id>/<provider_id>.yaml")
def file(id: str, provider_id: str) -> Response:
    """A provider file as it is."""
    text = provider_text(id, provider_id, _context())
    if text is None:
        toolkit.abort(404, toolkit._("Provider file not found"))
    return Response(
        text, content_type="text/plain; charset=utf-8", headers={"X-Content-Type-Options": "nosniff"}
    )


def _newest(source_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The newest product of each source that the caller may see; none while Solr is away."""
    user = toolkit.current_user
    sees_all = bool(getattr(user, "sysadmin", False))
    try:
        return catalogue_for(user if user.is_authenticated else None, sees_all=sees_all).newest_of(source_ids)
    except SolrError as error:
        log.warning("The newest products of a provider could not be looked for: %s", error)
        return {}


def _context() -> Any:
    return {"user": toolkit.current_user.name, "auth_user_obj": toolkit.current_user, "for_view": True}
