"""The indexer: what the outbox wishes is in the index, whatever happens on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins.core import load_all, unload_all
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss import config
from ckanext.nextgeoss.search.catalogue import client
from ckanext.nextgeoss.search.documents import Documents
from ckanext.nextgeoss.search.indexer import Indexer
from ckanext.nextgeoss.search.model import Outbox
from ckanext.nextgeoss.search.outbox import enqueue
from ckanext.nextgeoss.search.sending import Sender, unique_key

BOX = {"type": "Polygon", "coordinates": [[[1, 43], [2, 43], [2, 44], [1, 44], [1, 43]]]}


@pytest.fixture(scope="module", autouse=True)
def plugins() -> Iterator[None]:
    load_all()
    yield
    unload_all()


@pytest.fixture(autouse=True)
def outbox() -> Iterator[None]:
    """Nothing waits before and after a test."""
    for _ in (1, 2):
        model.Session.execute(sa.delete(Outbox))
        model.Session.commit()
        if _ == 1:
            yield


@pytest.fixture(scope="module")
def user(plugins: None) -> str:
    return factories.Sysadmin()["name"]


@pytest.fixture(scope="module")
def organization(plugins: None) -> str:
    return factories.Organization()["id"]


@pytest.fixture()
def product(user: str, organization: str) -> dict[str, Any]:
    """A product that CKAN has indexed."""
    return call_action(
        "package_create", {"user": user}, type="eo_product", identifier=f"P_{uuid4().hex}", title="First",
        collection_id="c", owner_org=organization, spatial=json.dumps(BOX), cloud_cover=5,
    )  # fmt: skip


def wish(*ids: str) -> None:
    enqueue(model.Session(), ids)
    model.Session.commit()


def index(sender: Sender | None = None) -> Indexer:
    """Fulfil what waits."""
    sender = sender or Sender(client(), config.site_id())
    indexer = Indexer(model.meta.engine, sender, Documents())
    indexer.run(once=True)
    return indexer


def indexed(package_id: str) -> dict[str, Any] | None:
    """The document of a dataset as Solr has it."""
    asked = {"q": f"index_id:{unique_key(package_id, config.site_id())}", "fl": "*"}
    found = client().select(asked)["response"]["docs"]
    return found[0] if found else None


def change(package_id: str, **columns: Any) -> None:
    """Change a dataset without CKAN knowing."""
    package = model.Package.get(package_id)
    for name, value in columns.items():
        setattr(package, name, value)
    model.Session.commit()


def waiting() -> list[tuple[str, str | None]]:
    return [tuple(row) for row in model.Session.execute(sa.select(Outbox.package_id, Outbox.error))]


def test_what_the_database_holds_is_indexed(product: dict[str, Any], user: str, organization: str) -> None:
    other = call_action(
        "package_create", {"user": user}, name=uuid4().hex, title="First", owner_org=organization
    )
    for dataset in (product, other):
        change(dataset["id"], title="Second")
    wish(product["id"], other["id"], product["id"])
    assert index().done == 2
    for dataset in (product, other):
        assert indexed(dataset["id"])["title"] == "Second"  # type: ignore[index]
    assert waiting() == []


def test_datasets_that_are_gone_leave_the_index(
    product: dict[str, Any], user: str, organization: str
) -> None:
    change(product["id"], state="deleted")
    wish(product["id"], "never-was")
    index()
    assert indexed(product["id"]) is None
    assert waiting() == []
