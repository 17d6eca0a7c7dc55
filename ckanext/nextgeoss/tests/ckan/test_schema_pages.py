"""The forms of products and collections, and what a person sees when a value is wrong."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action
from lxml import html

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture(scope="module")
def editor() -> dict[str, str]:
    """Headers that log an editor in, and the organization in which he edits."""
    user = factories.UserWithToken()
    owner = factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
    return {"name": user["name"], "token": user["token"], "owner": owner["id"]}


def page(app: Any, url: str, editor: dict[str, str], /, **form: str) -> html.HtmlElement:
    """The page at `url`, or what comes back when `form` is sent to it."""
    headers = {"Authorization": editor["token"]}
    answer = app.post(url, headers=headers, data=form) if form else app.get(url, headers=headers)
    assert answer.status_code == 200
    return html.fromstring(answer.body)


def test_the_form_folds_properties_into_sections_with_units_and_limits(
    app: Any, editor: dict[str, str]
) -> None:
    form = page(app, "/eo_product/new", editor)
    sections = [text.strip() for text in form.xpath("//details/summary/text()")]
    assert sections[:3] == ["Acquisition", "Orbit and tile", "Image"]
    (cloud,) = form.xpath("//input[@name='cloud_cover']")
    assert (cloud.get("min"), cloud.get("max"), cloud.get("type")) == ("0", "100", "number")
    assert "Cloud cover (%)" in form.xpath("string(//label[@for='field-cloud_cover'])")
    options = form.xpath("//select[@name='orbit_state']/option/@value")
    assert options == ["", "ascending", "descending", "geostationary", "crossing"]
    assert not form.xpath("//*[@name='problems']")


def test_a_wrong_value_is_said_beside_its_field(app: Any, editor: dict[str, str]) -> None:
    sent = {
        "identifier": "x",
        "collection_id": "c",
        "name": f"n-{uuid4().hex}",
        "title": "x",
        "owner_org": editor["owner"],
        "cloud_cover": "120",
        "save": "",
    }
    (section,) = page(app, "/eo_product/new", editor, **sent).xpath(
        "//details[.//input[@name='cloud_cover']]"
    )
    assert section.get("open") is not None
    assert section.xpath(".//input[@name='cloud_cover']/@value") == ["120"]
    assert "from 0 up to 100" in section.text_content()


def test_editing_by_form_without_a_change_keeps_every_value(app: Any, editor: dict[str, str]) -> None:
    made = call_action(
        "package_create", {"user": editor["name"], "ignore_auth": False}, type="eo_product",
        owner_org=editor["owner"], identifier=f"P{uuid4().hex}", collection_id="c", title="A product",
        cloud_cover=12.5, instruments=["msi", "olci"], publications=["Smith, J.: Clouds", "10.1/x"],
        is_output=True, orbit_state="descending", created="2024-05-01T10:00:00Z", description="Two\r\nlines",
        spatial={"type": "Point", "coordinates": [1, 43]}, timerange_start="2024-05-01",
        problems=[{"where": "gsd", "reason": "no number"}],
    )  # fmt: skip
    form = page(app, f"/eo_product/edit/{made['name']}", editor).forms[-1]
    sent = {name: value for name, value in form.form_values() if name != "delete"} | {"save": ""}
    page(app, f"/eo_product/edit/{made['name']}", editor, **sent)
    shown = call_action("package_show", {"user": editor["name"], "ignore_auth": False}, id=made["id"])
    assert _properties(shown) == _properties(made)


def test_the_page_of_a_product_opens(app: Any, editor: dict[str, str]) -> None:
    made = call_action(
        "package_create", {"user": editor["name"], "ignore_auth": False}, type="eo_product",
        owner_org=editor["owner"], identifier=f"P{uuid4().hex}", collection_id="c", title="A product",
    )  # fmt: skip
    assert "A product" in page(app, f"/dataset/{made['name']}", editor).text_content()


def test_the_form_of_a_collection_opens(app: Any, editor: dict[str, str]) -> None:
    assert page(app, "/eo_collection/new", editor).xpath("//*[@name='product_key']")


def test_the_form_of_a_harvested_product_says_whose_fields_these_are(
    app: Any, editor: dict[str, str]
) -> None:
    made = call_action(
        "package_create", {"user": editor["name"], "ignore_auth": False}, type="eo_product",
        owner_org=editor["owner"], identifier=f"P{uuid4().hex}", collection_id="c",
        resources=[{"url": "https://example.org/a", "key": "a", "provider": "somebody"}],
    )  # fmt: skip
    assert "belong to the provider" in page(app, f"/eo_product/edit/{made['id']}", editor).text_content()
    assert "belong to the provider" not in page(app, "/eo_product/new", editor).text_content()


def _properties(dataset: dict[str, Any]) -> dict[str, Any]:
    changing = {"metadata_modified", "num_tags", "isopen", "resources", "tags", "groups"}
    return {
        key: value for key, value in dataset.items() if key not in changing and value not in (None, "", [])
    }
