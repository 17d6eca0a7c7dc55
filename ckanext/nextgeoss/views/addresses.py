"""Where this site answers, as answers tell it."""

from __future__ import annotations

from .. import config
from ..eo.formats.site import Site


def site() -> Site:
    """The address and the title that the configuration gives the site."""
    return Site(config.site_base(), config.site_title())
