"""What pystac writes is kept, and read back by pystac-client as it was."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from ckan.tests import factories
from ckan.tests.helpers import call_action

from .conftest import ServedHub


def test_an_item_of_pystac(served_hub: ServedHub, clients: Path):
    user = factories.UserWithToken(image_url="")
    organization = factories.Organization(image_url="", users=[{"name": user["name"], "capacity": "editor"}])
    collection = f"pystac-{uuid4().hex[:8]}"
    call_action(
        "package_create", {"user": user["name"]}, type="eo_collection", name=collection, title=collection,
        collection_id=collection, owner_org=organization["id"],
    )  # fmt: skip
    said = served_hub.script(clients, "pystac_writer", served_hub.address, collection, user["token"])
    assert said == {"statuses": [201, 204, 204], "same": True, "changed": 3, "left": 0}
