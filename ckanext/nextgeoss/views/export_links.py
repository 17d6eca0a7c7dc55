"""The exports of what a search page shows."""

from __future__ import annotations

from collections.abc import Container

from ckan.plugins import toolkit

from .forms import ORDERS
from .search_state import Asked, State


def export_links(state: State, asked: Asked) -> tuple[tuple[str, str], ...]:
    """Title and address of each form that the products of a search can be had in; none of a search that only
    CKAN can answer."""
    if asked.plain or asked.errors:
        return ()
    _ = toolkit._
    titles = {
        "csv": _("CSV table"),
        "geojson": _("GeoJSON"),
        "txt": _("List of download links"),
        "meta4": _("Metalink for download programs"),
    }
    same = _same(state, asked, [name for name, _near in asked.ignored])
    url = toolkit.url_for
    return tuple(
        (title, same.url(url("nextgeoss_export.products", form=form))) for form, title in titles.items()
    )


def _same(state: State, asked: Asked, ignored: Container[str]) -> State:
    """What the search asks, as exports understand it."""
    kept = [(name, value) for name, value in state.without("sort").pairs if name not in ignored]
    sort = ",".join(("-" if way == "desc" else "") + name for name, way in ORDERS[asked.sort])
    # newest first, or the best match for words, is what they do of themselves
    usual = "" if state.get("q") else "-start"
    return State.of([*kept, ("sort", sort)] if sort != usual else kept)
