"""What suites with servers share: a small catalogue, and the application that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from ckanext.nextgeoss.tests.catalogue import Catalogue

# a busy machine is no fault
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="module")
def catalogue() -> Iterator[Catalogue]:
    """Loads the plugins once: `with_plugins` would do so for each test."""
    from ckan.plugins.core import load_all, unload_all

    from ckanext.nextgeoss.tests.catalogue import make_catalogue

    load_all()
    yield make_catalogue()
    unload_all()


@pytest.fixture(scope="module")
def site(catalogue: Catalogue) -> Any:
    """CKAN's test application with the catalogue in it."""
    from ckan.tests.helpers import _get_test_app

    return _get_test_app()
