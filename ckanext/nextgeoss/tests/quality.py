"""A provider with products of its own for tests of quality, runs over them, and what is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss import config
from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.collection import load_registry
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Product, dataset_name, product_uuid
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.feedback.quality import link_store
from ckanext.nextgeoss.feedback.quality.asking import Asker
from ckanext.nextgeoss.feedback.quality.links import FAILED, ROBOTS, Link, Look, Policy, after
from ckanext.nextgeoss.feedback.quality.model import Quality, QualityRun
from ckanext.nextgeoss.feedback.quality.runs import Checker, Run
from ckanext.nextgeoss.package import dataset_from_product


class Provider:
    """An organization with a collection, and people of each kind."""

    def __init__(self) -> None:
        self.tag = f"q{uuid4().hex[:8]}"
        self.admin = factories.Sysadmin(image_url="")["name"]
        self.editor = factories.User(image_url="")["name"]
        self.stranger = factories.User(image_url="")["name"]
        self.organization: dict[str, Any] = factories.Organization(
            title="Agency of Quality", image_url="", users=[{"name": self.editor, "capacity": "editor"}]
        )
        self.collection = f"{self.tag}-c"
        self.url = f"https://data.example/{self.tag}"
        self.day = 0

    def product(self, **parts: Any) -> Product:
        """A product unlike all others, a day after the one before."""
        self.day += 1
        start = datetime(2024, 1, 1, 10, tzinfo=timezone.utc).replace(day=self.day)
        usual = Product(
            id=f"{self.tag}_{self.day}",
            collection=self.collection,
            footprint=Footprint.from_bbox(10, 50, 11, 51),
            time=TemporalExtent(start, start),
            properties={"platform": f"sat-{self.tag}", "instruments": ("msi",), "product_type": "A"},
            assets=(Asset(key="data", href=f"{self.url}/{self.day}.tif", roles=("data",)),),
        )
        return replace(usual, **parts)

    def add(self, product: Product | None = None, scope: str = "", **changes: Any) -> str:
        """The id of a dataset of a product, made through `package_create`."""
        product = product or self.product()
        uuid = product_uuid(product.collection, product.id, scope or self.organization["id"])
        name = dataset_name(product.id, uuid)
        dataset = dataset_from_product(product, owner_org=self.organization["id"], uuid=uuid, name=name)
        return call_action("package_create", {"user": self.admin}, **dataset | changes)["id"]

    def describe(self, **parts: Any) -> str:
        """The id of the dataset that describes the collection."""
        usual = {
            "title": f"Collection of {self.tag}",
            "collection_id": self.collection,
            "license_id": "CC-BY-4.0",
        }
        return call_action(
            "package_create", {"user": self.admin}, type="eo_collection", name=self.collection,
            owner_org=self.organization["id"], **usual | parts,
        )["id"]  # fmt: skip

    def act(self, action: str, user: str = "", **data: Any) -> Any:
        """What an action answers a user, or a visitor, who may not all."""
        context = {"user": user, "ignore_auth": False}
        if user:
            context["auth_user_obj"] = model.User.get(user)
        return call_action(action, context, **data)


def checker(now: Callable[[], datetime] | None = None) -> Checker:
    """A checker as commands make it."""
    usual = Checker(config.eo_properties(), load_registry())
    return replace(usual, now=now) if now else usual


def run(**parts: Any) -> int:
    """Run all checks; how many datasets were checked."""
    return Run(engine(), checker(), **parts).run()


def engine() -> sa.Engine:
    found = model.meta.engine
    assert found is not None
    return found


def breaks(*urls: str) -> None:
    """These addresses have failed so often that they are called broken."""
    links = [Link(url=url) for url in urls]
    for _ in range(3):
        now, failure = datetime.now(timezone.utc), Look(outcome=FAILED, status=404, reason="answered 404")
        links = [after(link, failure, now, Policy()) for link in links]
    with engine().begin() as connection:
        link_store.write_links(connection, links)


def row(package_id: str) -> Quality:
    """What was found of a dataset."""
    model.Session.expire_all()
    found = model.Session.get(Quality, package_id, populate_existing=True)
    assert found is not None
    return found


def failed(package_id: str) -> Mapping[str, Any]:
    """The checks that a dataset does not pass, with value and places."""
    return row(package_id).failed


def forget_runs() -> None:
    """No run has ever been."""
    model.Session.execute(sa.delete(QualityRun))
    model.Session.commit()


class OnlyOurs:
    """Asks the hosts of a test (or below a path); says of all others that their robots.txt forbids it."""

    def __init__(self, asker: Asker, *prefixes: str) -> None:
        # with what ends the port: 127.0.0.1:4000 is not 127.0.0.1:40001
        self._asker, self._prefixes = asker, tuple(prefix.rstrip("/") + "/" for prefix in prefixes)

    def look(self, url: str) -> Look:
        """What came of looking."""
        if url.startswith(self._prefixes):
            return self._asker.look(url)
        return Look(outcome=ROBOTS)

    def close(self) -> None:
        """Give back the connections."""
        self._asker.close()
