"""Who asks for a change: only an API token tells."""

from __future__ import annotations

from ckan import model
from ckan.lib import api_token
from ckan.plugins import toolkit
from flask import request
from werkzeug.exceptions import Unauthorized


def user_of_token() -> model.User:
    """The user whose API token the request carries; Unauthorized for all else. A session of a browser is
    not enough: pages of other sites could use it, as our APIs do not ask for the token of a form."""
    header = toolkit.config["apitoken_header_name"]
    token = request.headers.get(header, "")
    user = api_token.get_user_from_token(token, update_access_time=False) if token else None
    # the caller is who CKAN says he is, too: what he may see is told by that
    if user is None or not user.is_active or toolkit.current_user.id != user.id:
        raise Unauthorized(
            f"changes need an API token in the header {header}; being signed in by a browser is not enough"
        )
    return user
