"""Collections as datasets, with what the catalogue holds of them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from ckan import model
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.eo.collection import load_registry
from ckanext.nextgeoss.eo.product import product_uuid
from ckanext.nextgeoss.package import collection_from_dataset, dataset_from_collection

pytestmark = pytest.mark.usefixtures("with_plugins")

COLLECTION = f"h-{uuid4().hex}"


@pytest.fixture(scope="module")
def editor() -> dict[str, str]:
    """A user and the organization in which he edits."""
    user = factories.User()
    owner = factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
    return {"name": user["name"], "owner": owner["id"]}


def act(user: str, action: str, **data: Any) -> Any:
    """Call an action as `user` ("" for a visitor), rights included."""
    return call_action(action, {"user": user, "ignore_auth": False}, **data)


@pytest.fixture()
def collection(with_plugins: None, editor: dict[str, str]) -> dict[str, Any]:
    """A collection with two public products and a private one, made once."""
    if model.Package.get(COLLECTION):
        return act("", "package_show", id=COLLECTION)
    for number, private in enumerate([False, False, True]):
        act(
            editor["name"], "package_create", type="eo_product", owner_org=editor["owner"], private=private,
            identifier=f"P{number}-{COLLECTION}", collection_id=COLLECTION, title=f"Product {number}",
            timerange_start=f"2024-05-0{number + 1}T10:00:00Z",
            timerange_end=f"2024-05-0{number + 1}T11:00:00Z",
            spatial=box(10 * number, 40, 10 * number + 5, 45),
        )  # fmt: skip
    return act(
        editor["name"], "package_create", type="eo_collection", owner_org=editor["owner"], name=COLLECTION,
        title=f"Collection {COLLECTION}", collection_id=COLLECTION, platforms=["sentinel-2a"],
    )  # fmt: skip


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.parametrize("key", ["id", "name", "collection_id"])
def test_a_collection_shows_number_time_and_area_of_what_a_visitor_may_see(
    collection: dict[str, Any], key: str
) -> None:
    shown = act("", "collection_show", id=collection[key])
    assert shown["platforms"] == ["sentinel-2a"]
    assert shown["product_count"] == 2
    assert shown["products_start"] == "2024-05-01T10:00:00Z"
    assert shown["products_end"] == "2024-05-02T11:00:00Z"
    assert shown["products_bbox"] == [0, 40, 15, 45]


def test_an_editor_sees_his_private_products_counted(
    editor: dict[str, str], collection: dict[str, Any]
) -> None:
    assert act(editor["name"], "collection_show", id=collection["id"])["product_count"] == 3


def test_the_list_has_the_collection_with_its_holdings(collection: dict[str, Any]) -> None:
    listed = act("", "collection_list", q=f'"{COLLECTION}"')
    assert [found["product_count"] for found in listed["results"]] == [2] and listed["count"] == 1
    assert listed["results"][0]["name"] == COLLECTION


def test_a_collection_without_products_counts_none(editor: dict[str, str]) -> None:
    name = f"e-{COLLECTION}"
    about = {"type": "eo_collection", "name": name, "title": "Empty", "collection_id": name}
    act(editor["name"], "package_create", owner_org=editor["owner"], **about)
    shown = act("", "collection_show", id=name)
    assert (shown["product_count"], shown["products_start"], shown["products_bbox"]) == (0, None, None)


def test_an_unknown_collection_is_not_found() -> None:
    with pytest.raises(toolkit.ObjectNotFound, match="nowhere"):
        act("", "collection_show", id="nowhere")


def test_collections_of_the_registry_are_valid_datasets(editor: dict[str, str]) -> None:
    for entry in list(load_registry())[::20]:
        uuid = product_uuid("eo_collection", entry.id, uuid4().hex)
        dataset = dataset_from_collection(entry, owner_org=editor["owner"], uuid=uuid, name=f"r-{uuid}")
        made = call_action("package_create", {"user": editor["name"], "ignore_auth": True}, **dataset)
        assert collection_from_dataset(made).platforms == entry.platforms


def test_collections_are_not_among_the_datasets(collection: dict[str, Any]) -> None:
    assert act("", "package_search", fq=f"name:{COLLECTION}")["count"] == 0
