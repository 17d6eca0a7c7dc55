"""A second site beside that of the tests: a copy of its database as it is now, and an empty core."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit
from sqlalchemy import Engine

NAME = "twin"


class Twin:
    """The second site; what runs within `at_work` has nothing of the first."""

    def __init__(self, engine: Engine, solr_url: str):
        self._engine, self._solr_url = engine, solr_url

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let CKAN, in this process, be the second site."""
        first, solr_url = _engine(), toolkit.config["solr_url"]
        model.init_model(self._engine)
        toolkit.config["solr_url"] = self._solr_url
        try:
            yield
        finally:
            model.init_model(first)
            toolkit.config["solr_url"] = solr_url


@contextmanager
def twin() -> Iterator[Twin]:
    """A second site, which is gone afterwards."""
    first = _engine()
    model.Session.remove()
    first.dispose()  # a database is copied that nobody is connected to
    name = first.url.database
    _on_server(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
        f"DROP DATABASE IF EXISTS {NAME}",
        f'CREATE DATABASE {NAME} TEMPLATE "{name}"',
    )
    second = sa.create_engine(first.url.set(database=NAME))
    try:
        with _core() as solr_url:
            yield Twin(second, solr_url)
    finally:
        second.dispose()
        _on_server(f"DROP DATABASE {NAME}")


def _engine() -> Engine:
    assert model.meta.engine is not None
    return model.meta.engine


def _on_server(*statements: str) -> None:
    server = sa.create_engine(_engine().url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    server.dispose()


@contextmanager
def _core() -> Iterator[str]:
    """The address of a core that is set up like the site's own and empty; both are on this machine."""
    node, _, name = toolkit.config["solr_url"].rstrip("/").rpartition("/")
    own = Path(_ask(node, action="STATUS", core=name)["status"][name]["instanceDir"])
    folder = own.with_name(NAME)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(own / "conf", folder / "conf")
    owner = own.stat()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    _ask(node, action="CREATE", name=NAME, instanceDir=str(folder))
    try:
        yield f"{node}/{NAME}"
    finally:
        _ask(node, action="UNLOAD", core=NAME, deleteInstanceDir="true")


def _ask(node: str, **parameters: str) -> dict[str, Any]:
    with urlopen(f"{node}/admin/cores?{urlencode({**parameters, 'wt': 'json'})}", timeout=60) as answer:
        return json.load(answer)
