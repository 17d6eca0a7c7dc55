"""Transactions of the STAC API are judged by stac-api-validator, with the token of an editor."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from ckanext.nextgeoss.tests.served import served
from ckanext.nextgeoss.tests.venvs import tool_environment

HERE = Path(__file__).parent
# what it wants and does not get, and why
REFUSED = {
    "PUT - eo:cloud_cover value did not match": 'it sends "3.14" and "12.4", texts, which the eo extension '
    "forbids: a number is kept, and told as one",
    "PUT - datetime value did not match": "it sends 06:47:03.048000Z and compares texts: the same time is "
    "told as 06:47:03.048Z",
}


@dataclass(frozen=True)
class Place:
    """Where an editor may make items."""

    address: str
    collection: str
    token: str


@pytest.fixture(scope="module")
def place(plugins: None) -> Iterator[Place]:
    from ckan.plugins import toolkit
    from ckan.tests import factories
    from ckan.tests.helpers import call_action

    from ckanext.nextgeoss.tests.loaded import site_app

    user = factories.UserWithToken(image_url="")
    organization = factories.Organization(image_url="", users=[{"name": user["name"], "capacity": "editor"}])
    name = f"validated-{uuid4().hex[:8]}"
    call_action(
        "package_create", {"user": user["name"]}, type="eo_collection", name=name, title=name,
        collection_id=name, owner_org=organization["id"],
    )  # fmt: skip
    patch = pytest.MonkeyPatch()
    with served(site_app().flask_app) as base:
        patch.setitem(toolkit.config, "ckan.site_url", base)
        yield Place(f"{base}/stac", name, user["token"])
    patch.undo()


def test_class_transaction(place: Place, monkeypatch: pytest.MonkeyPatch):
    """Making, replacing, merging and deleting an item, of which it wants properties kept that nobody knows,
    and 204 for deleting what is not there."""
    from ckan.plugins import toolkit

    monkeypatch.setitem(toolkit.config, "ckan.site_url", place.address.removesuffix("/stac"))
    tools = tool_environment("stac", HERE / "requirements-stac.txt")
    command = [
        tools / "stac-api-validator", "--root-url", place.address, "--conformance", "transaction",
        "--transaction-collection", place.collection, "--headers", f"Authorization:{place.token}",
        "--log-level", "WARN",
    ]  # fmt: skip
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said and not re.search("^Failed", said, re.M), said
    errors = re.search(r"^Errors:\n((?:- .*\n)*)", said, re.M)
    assert errors, said
    found = {line.removeprefix("- ").partition(" : ")[2] for line in errors[1].splitlines()}
    assert found == set(REFUSED), said
