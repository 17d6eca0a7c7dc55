"""Fixtures of tests that need the servers."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ckan.plugins import toolkit

from ckanext.nextgeoss import rates
from ckanext.nextgeoss.tests.asking import asker
from ckanext.nextgeoss.tests.harvesting import Hub
from ckanext.nextgeoss.tests.loaded import load_plugins


@pytest.fixture(scope="module", autouse=True)
def ckan_is_loaded() -> None:
    """All tests here have the plugins, asked for or not."""
    load_plugins()


@pytest.fixture(autouse=True)
def loggers() -> None:
    """Our loggers speak: CKAN silences those it does not know each time it reads its configuration, which
    commands do that tests run in this process."""
    for name, logger in logging.root.manager.loggerDict.items():
        if name.startswith("ckanext.nextgeoss") and isinstance(logger, logging.Logger):
            logger.disabled = False


@pytest.fixture()
def same_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """The minute and the hour in which it is counted how often somebody asks do not end meanwhile."""
    monkeypatch.setattr(rates, "time", SimpleNamespace(time=lambda: 1_800_000_010.0))


@pytest.fixture()
def hub(with_plugins: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Simulated providers of this test's own."""
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.harvest.provider_folders", [str(tmp_path)])
    return Hub(tmp_path, lambda name, value: monkeypatch.setitem(toolkit.config, name, value))


@pytest.fixture()
def ask(app: Any, hub: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Asks for pages as people of the hub of feedback that a module has."""
    return asker(app, hub, monkeypatch)
