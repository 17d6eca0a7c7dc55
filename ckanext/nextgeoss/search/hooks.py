"""Where CKAN's own indexing and search meet ours."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from . import fields

# facets of CKAN that stay on the search page
KEPT_FACETS = ("tags", "res_format", "license_id")


def complete_document(document: dict[str, Any]) -> dict[str, Any]:
    """The search document of a dataset with our typed fields."""
    return document


def complete_search(parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a `package_search` with ours made into filters."""
    return parameters


def name_facets(results: dict[str, Any]) -> dict[str, Any]:
    """The answer of a `package_search` with readable names in our facets."""
    return results


def facet_titles() -> dict[str, str]:
    """Our facets, in the order of the page."""
    _ = toolkit._
    return {
        fields.COLLECTION: _("Collections"),
        "eo_platform": _("Platforms"),
        "eo_product_type": _("Product types"),
        "eo_processing_level": _("Processing levels"),
        fields.PROVIDER: _("Providers"),
        fields.TOPIC: _("Topics"),
        fields.ACCESS: _("Access"),
    }
