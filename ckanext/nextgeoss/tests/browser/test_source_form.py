"""The form of a harvest source in a browser: the long list of providers can be narrowed."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.tests import factories

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def form(visit: Any) -> Any:
    """The form for a new source, as a sysadmin sees it."""
    seen = visit()
    token = factories.SysadminWithToken()["token"]
    seen.page.set_extra_http_headers({"Authorization": token})
    page = seen.open("/harvest/new")
    page.check('input[name="source_type"][value="nextgeoss"]')
    return page


def _listed(page: Any) -> list[str]:
    return page.locator(".nextgeoss-provider:visible input[type=radio]").evaluate_all(
        "all => all.map(e => e.value)"
    )


def test_words_narrow_the_list(form: Any):
    """By title, address or collection; what is chosen stays, and an empty field shows all again."""
    whole = _listed(form)
    assert {"earth_search", "cdse_stac", "planetary_computer"} <= set(whole)
    form.check('input[value="earth_search"]')
    form.fill("#nextgeoss-provider-filter", "planetary")
    assert _listed(form) == ["earth_search", "planetary_computer"]
    form.press("#nextgeoss-provider-filter", "Enter")
    assert form.url.endswith("/harvest/new")
    form.fill("#nextgeoss-provider-filter", "")
    assert _listed(form) == whole


def test_retired_providers_are_not_offered(form: Any):
    assert "vito_probav" not in _listed(form)
