"""What CKAN's actions accept, refuse and give back of the fields of the EO schema."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.eo.product import product_uuid

pytestmark = pytest.mark.usefixtures("with_plugins")

BOX = {"type": "Polygon", "coordinates": [[[1, 43], [2, 43], [2, 44], [1, 44], [1, 43]]]}


EDITOR = f"editor-{uuid4().hex}"


@pytest.fixture(scope="module")
def owner() -> str:
    """The id of an organization in which EDITOR edits."""
    user = factories.User(name=EDITOR)
    return factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])["id"]


def act(action: str, **data: Any) -> Any:
    """Call an action as EDITOR, rights included."""
    return call_action(action, {"user": EDITOR, "ignore_auth": False}, **data)


def product(owner: str, **fields: Any) -> dict[str, Any]:
    """The least that a product needs, and `fields`."""
    return {
        "type": "eo_product", "identifier": f"S2A_{uuid4().hex}", "collection_id": "test-collection",
        "title": "A product", "owner_org": owner, **fields,
    }  # fmt: skip


def create(owner: str, **fields: Any) -> dict[str, Any]:
    return act("package_create", **product(owner, **fields))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("cloud_cover", 120, "from 0 up to 100"),
        ("cloud_cover", "much", "a number from 0 up to 100"),
        ("cloud_cover", True, "a number"),
        ("absolute_orbit", 12.5, "a whole number"),
        ("spatial", "nowhere", "spatial|footprint|GeoJSON"),
        ("spatial", '{"type": "Polygon", "coordinates": [[["a", "b"]]]}', "number|GeoJSON"),
        ("timerange_start", "last week", "RFC 3339"),
        ("timerange_end", "2024-05-01T10:00:00", "RFC 3339"),
        ("created", "yesterday", "RFC 3339"),
        ("orbit_state", "sideways", "ascending, descending"),
        ("polarizations", ["VV", "XX"], "HH, VV"),
        ("is_output", "perhaps", "true or false"),
        ("identifier", "two\nlines", "control"),
        ("timerange_start", 5, "RFC 3339"),
        ("spatial", 5, "GeoJSON"),
        ("instruments", [{"name": "msi"}], "a text"),
        ("problems", "none", "where and reason"),
    ],
)
def test_a_bad_value_is_an_error_on_its_field(owner: str, field: str, value: Any, words: str) -> None:
    with pytest.raises(toolkit.ValidationError) as caught:
        create(owner, **{field: value})
    assert list(caught.value.error_dict) == [field]
    (message,) = caught.value.error_dict[field]
    assert any(word in message for word in words.split("|")), message


def test_an_end_before_the_start_is_an_error_on_the_end(owner: str) -> None:
    with pytest.raises(toolkit.ValidationError) as caught:
        create(owner, timerange_start="2024-05-02", timerange_end="2024-05-01T10:00:00Z")
    assert list(caught.value.error_dict) == ["timerange_end"]
    assert "2024-05-02T00:00:00Z" in caught.value.error_dict["timerange_end"][0]


def test_a_bad_start_is_told_once(owner: str) -> None:
    with pytest.raises(toolkit.ValidationError) as caught:
        create(owner, timerange_start="soon", timerange_end="2024-05-01")
    assert list(caught.value.error_dict) == ["timerange_start"]


@pytest.mark.parametrize("field", ["identifier", "collection_id"])
def test_a_product_needs_identifier_and_collection(owner: str, field: str) -> None:
    with pytest.raises(toolkit.ValidationError) as caught:
        create(owner, name=f"n-{uuid4().hex}", **{field: " "})
    assert list(caught.value.error_dict) == [field]


FULL = {
    "cloud_cover": "12.50",
    "absolute_orbit": "0042",
    "instruments": ["msi", "olci"],
    "polarizations": "VV, vh",
    "orbit_state": "DESCENDING",
    "created": "2024-05-01T12:00:00.500+02:00",
    "is_output": "yes",
    "timerange_start": "2024-05-01",
    "timerange_end": "2024-05-01",
    "spatial": json.dumps(BOX),
    "license_id": "CC-BY-4.0",
    "description": "  With blanks  ",
    "problems": [{"where": "properties.gsd", "reason": "no number: x"}],
    "resources": [
        {"url": "https://example.org/a.zip", "name": "Product", "key": "product", "roles": ["data"],
         "size": 12, "hash": "md5:d41d8cd98f00b204e9800998ecf8427e", "mimetype": "application/zip"},
    ],
    "tags": [{"name": "sentinel-2"}],
}  # fmt: skip

GIVEN = {
    "cloud_cover": 12.5,
    "absolute_orbit": 42,
    "instruments": ["msi", "olci"],
    "polarizations": ["VV", "VH"],
    "orbit_state": "descending",
    "created": "2024-05-01T10:00:00.5Z",
    "is_output": True,
    "timerange_start": "2024-05-01T00:00:00Z",
    "timerange_end": "2024-05-01T23:59:59.999999Z",
    "license_id": "CC-BY-4.0",
    "description": "With blanks",
    "problems": [{"where": "properties.gsd", "reason": "no number: x"}],
}


def test_values_come_back_typed_and_canonical(owner: str) -> None:
    made = create(owner, **FULL)
    for shown in (made, act("package_show", id=made["id"])):
        assert {name: shown[name] for name in GIVEN} == GIVEN
        assert json.loads(shown["spatial"])["type"] == "Polygon"
        assert shown["resources"][0]["roles"] == ["data"] and shown["resources"][0]["size"] == 12
        assert not shown.get("extras")


def test_updating_with_what_was_shown_changes_nothing(owner: str) -> None:
    shown = act("package_show", id=create(owner, **FULL)["id"])
    stored = _stored(shown["id"])
    again = act("package_update", **json.loads(json.dumps(shown)))
    assert again == shown
    without_computed = {key: value for key, value in shown.items() if key not in ("isopen", "num_tags")}
    assert act("package_update", **without_computed)["metadata_modified"] == shown["metadata_modified"]
    assert _stored(shown["id"]) == stored


def test_an_emptied_field_is_no_longer_stored(owner: str) -> None:
    made = create(owner, **FULL)
    act("package_patch", id=made["id"], cloud_cover="", instruments=[], spatial="")
    assert {"cloud_cover", "instruments", "spatial"}.isdisjoint(_stored(made["id"]))
    assert "orbit_state" in _stored(made["id"])


def test_a_product_made_by_hand_gets_the_id_of_its_collection_identifier_and_organization(owner: str) -> None:
    named = act("organization_show", id=owner)["name"]
    made = create(named, identifier="S2A_Of_My_Own")
    assert made["id"] == product_uuid("test-collection", "S2A_Of_My_Own", owner)
    assert made["name"] == f"s2a_of_my_own-{made['id'][:8]}"
    with pytest.raises(toolkit.ValidationError) as caught:
        create(owner, identifier="S2A_Of_My_Own", name="another-name")
    assert list(caught.value.error_dict) == ["identifier"]


def test_an_ordinary_dataset_keeps_its_own_schema(owner: str) -> None:
    made = act(
        "package_create",
        name=f"d-{uuid4().hex}",
        owner_org=owner,
        extras=[{"key": "cloud_cover", "value": "much"}],
    )
    assert made["type"] == "dataset" and made["extras"] == [{"key": "cloud_cover", "value": "much"}]


def test_a_collection_is_checked_too(owner: str) -> None:
    with pytest.raises(toolkit.ValidationError) as caught:
        act(
            "package_create", type="eo_collection", name=f"c-{uuid4().hex}", owner_org=owner,
            collection_id="c", product_key="(", spatial="x",
        )  # fmt: skip
    assert set(caught.value.error_dict) == {"product_key", "spatial"}


def _stored(package_id: str) -> dict[str, str]:
    from ckan import model

    model.Session.expire_all()
    return dict(model.Package.get(package_id).extras)
