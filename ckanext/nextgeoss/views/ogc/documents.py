"""The documents that all our OGC APIs have alike: landing page, conformance, and the API's description."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response

from ... import config
from ...eo.formats import openapi
from ...eo.formats.ogc_api import OgcApi, landing
from ...eo.formats.site import Site
from ...eo.formats.stac_write import Link
from ..addresses import site
from . import sheets
from .answers import Sheet, answer, asked_of, own_links, page, wants_html


def _no_links(here: Site) -> tuple[Link, ...]:
    return ()


def add_common(
    blueprint: Blueprint,
    api: OgcApi,
    described: Callable[[], dict[str, Any]],
    more: Callable[[Site], tuple[Link, ...]] = _no_links,
) -> None:
    """Add them to the blueprint of an API: `described` gives its OpenAPI document, `more` those links of the
    landing page that other APIs have not."""
    root = api.root

    def landing_page() -> Response:
        here = site()
        own = own_links(f"{here.base}{root}", asked_of(), title="This document")
        document = landing(api, here, own, config.site_description(), more(here))
        return answer(document, lambda: sheets.landing(document))

    def conformance() -> Response:
        here = site()
        own = own_links(f"{here.base}{root}/conformance", asked_of(), title="This document")
        document = {"conformsTo": list(api.conformance), "links": list(own)}
        return answer(document, lambda: sheets.conformance(document, api, here))

    def description() -> Response:
        asked_of()
        if wants_html(openapi.OPENAPI):
            return page(openapi.page(described()))
        return answer(described(), lambda: Sheet(title=""), openapi.OPENAPI)

    def manual() -> Response:
        asked_of()
        return page(openapi.page(described()))

    blueprint.add_url_rule(root, "landing", landing_page, strict_slashes=False)
    blueprint.add_url_rule(f"{root}/conformance", "conformance", conformance)
    blueprint.add_url_rule(f"{root}/api", "description", description)
    blueprint.add_url_rule(f"{root}/api.html", "manual", manual)
