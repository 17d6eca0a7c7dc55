"""Where this site answers, as answers tell it."""

from __future__ import annotations

from ckan.plugins import toolkit

from ..eo.formats.site import Site


def site() -> Site:
    """The address and the title that the configuration gives the site."""
    root = (toolkit.config.get("ckan.root_path") or "").replace("/{{LANG}}", "").rstrip("/")
    title = toolkit.config.get("ckan.site_title") or Site.title
    return Site(toolkit.config["ckan.site_url"].rstrip("/") + root, title)
