"""The page that tells which APIs there are, with a search as code for each."""

from __future__ import annotations

from ckan.plugins import toolkit
from flask import Blueprint, request

from .. import config
from .addresses import site
from .programs import links, programs
from .search_state import Asked, State, read_state

blueprint = Blueprint("nextgeoss_apis", __name__)


@blueprint.get("/apis", strict_slashes=False)
def apis() -> tuple[str, int]:
    """The APIs, and the search that the parameters ask, which are those of the search page."""
    state, asked = _search()
    said = {
        "site": site(),
        "errors": asked.errors,
        "state": state,
        "search_url": state.url(toolkit.url_for("nextgeoss_pages.search")),
        "programs": programs(asked, state),
        "links": links(asked, state),
    }
    return toolkit.render("nextgeoss/apis.html", said), 400 if asked.errors else 200


@blueprint.get("/apis/panel")
def panel() -> tuple[str, int]:
    """The same search as code and as addresses, to be put into another page."""
    state, asked = _search()
    said = {"programs": programs(asked, state), "links": links(asked, state), "open": True}
    return toolkit.render("nextgeoss/programs.html", said), 400 if asked.errors else 200


def _search() -> tuple[State, Asked]:
    """The search that the parameters ask, and how it is understood."""
    state = State.of(request.args.items(multi=True))
    return state, read_state(state, config.eo_properties())
