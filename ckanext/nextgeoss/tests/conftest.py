"""What suites with servers share: CKAN with its plugins, and a small catalogue that it shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from ckanext.nextgeoss.tests.catalogue import Catalogue

# a busy machine is no fault
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="module")
def plugins() -> None:
    """The plugins of the configuration are loaded."""
    from ckanext.nextgeoss.tests.loaded import load_plugins

    load_plugins()


@pytest.fixture()
def with_plugins(plugins: None) -> None:
    """As CKAN's fixture of this name, which would load the plugins anew for each test; with a session of the
    database of the test's own."""
    from ckan import model

    from ckanext.nextgeoss.tests.loaded import load_plugins

    load_plugins()
    model.Session.remove()


@pytest.fixture()
def plugins_anew(ckan_config: Any) -> Iterator[None]:
    """The plugins are loaded again, with the options that a fixture before this one has changed."""
    from ckan.plugins.core import load_all, unload_all

    load_all()
    yield
    unload_all()


@pytest.fixture()
def app(plugins: None) -> Any:
    """As CKAN's fixture of this name, which would make an application for each test."""
    from ckanext.nextgeoss.tests.loaded import site_app

    return site_app()


@pytest.fixture(scope="module")
def catalogue(plugins: None) -> Catalogue:
    """A small catalogue of this module."""
    from ckanext.nextgeoss.tests.catalogue import make_catalogue

    return make_catalogue()


@pytest.fixture(scope="module")
def site(catalogue: Catalogue) -> Any:
    """CKAN's test application with the catalogue in it."""
    from ckanext.nextgeoss.tests.loaded import site_app

    return site_app()
