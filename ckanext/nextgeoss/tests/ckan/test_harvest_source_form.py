"""The form of a harvest source: lists, limits, JSON, and what is said when something is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan.tests import factories
from lxml import html

from ckanext.nextgeoss.tests.harvesting import Hub, act

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture()
def provider(hub: Hub) -> str:
    """A provider with two collections that nobody asks."""
    hub.describe(f"{hub.tag}_one", "https://stac.example/v1", [f"{hub.tag}-a", f"{hub.tag}-b"])
    hub.describe(f"{hub.tag}_two", "https://stac.example/v2", [f"{hub.tag}-c"])
    return f"{hub.tag}_one"


class Browser:
    """A sysadmin at the form."""

    def __init__(self, hub: Hub, app: Any):
        self._app = app
        self._headers = {"Authorization": factories.SysadminWithToken()["token"]}
        self.name = f"{hub.tag}-source"
        self.fields = {
            "url": f"https://{hub.tag}.example/", "title": "A source", "name": self.name,
            "source_type": "nextgeoss", "frequency": "MANUAL", "owner_org": hub.organization(), "config": "",
            "nextgeoss_form": "1", "save": "Save",
        }  # fmt: skip

    def get(self, path: str) -> Any:
        """The page at a path."""
        return html.fromstring(self._app.get(path, headers=self._headers, status=200).body)

    def post(self, path: str = "/harvest/new", **fields: Any) -> Any:
        """The page after the form was sent with these fields."""
        data = self.fields | fields
        return html.fromstring(self._app.post(path, data=data, headers=self._headers).body)

    def stored(self) -> dict[str, Any]:
        """The configuration of the source that was made."""
        return json.loads(act("package_show", id=self.name)["config"])


@pytest.fixture()
def browser(hub: Hub, app: Any, provider: str) -> Browser:
    return Browser(hub, app)


def values(page: Any, name: str, checked: bool = False) -> list[str]:
    """The values of the boxes or buttons of this name."""
    return page.xpath(f"//input[@name='{name}']{'[@checked]' if checked else ''}/@value")


def shown(page: Any, name: str) -> str:
    """What stands in a field."""
    (field,) = page.xpath(f"//*[@name='{name}']")
    return field.text_content().strip() if field.tag == "textarea" else field.get("value")


def test_the_form_lists_providers_and_their_collections(browser: Browser, hub: Hub, provider: str):
    page = browser.get("/harvest/new")
    known = {provider, f"{hub.tag}_two", "earth_search", "planetary_computer", "cdse_stac"}
    assert known <= set(values(page, "nextgeoss_provider"))
    assert values(page, f"nextgeoss_collections_{provider}") == [f"{hub.tag}-a", f"{hub.tag}-b"]
    assert "Sentinel-2 Level-2A" in page.get_element_by_id("nextgeoss-source").text_content()


def test_what_is_chosen_is_stored_and_shown_again(browser: Browser, hub: Hub, provider: str):
    of_one, of_two = f"nextgeoss_collections_{provider}", f"nextgeoss_collections_{hub.tag}_two"
    sides = {"west": "-9.5", "south": "36", "east": "-6", "north": "42"}
    browser.post(
        nextgeoss_provider=provider,
        nextgeoss_start="2024-01-01",
        nextgeoss_end="2024-02-29",
        config='{"limit": 7}',
        **{of_one: [f"{hub.tag}-b"], of_two: [f"{hub.tag}-c"]},
        **{f"nextgeoss_{side}": value for side, value in sides.items()},
    )
    assert browser.stored() == {
        "provider": provider, "collections": [f"{hub.tag}-b"], "start": "2024-01-01", "end": "2024-02-29",
        "bbox": [-9.5, 36.0, -6.0, 42.0], "limit": 7,
    }  # fmt: skip
    page = browser.get(f"/harvest/edit/{browser.name}")
    assert values(page, "nextgeoss_provider", checked=True) == [provider]
    assert values(page, of_one, checked=True) == [f"{hub.tag}-b"]
    assert values(page, of_two, checked=True) == []
    assert (shown(page, "nextgeoss_west"), shown(page, "nextgeoss_end")) == ("-9.5", "2024-02-29")
    assert json.loads(shown(page, "config")) == {"limit": 7}


def test_what_is_cleared_in_the_form_is_gone(browser: Browser, provider: str):
    browser.post(nextgeoss_provider=provider, nextgeoss_start="2024-01-01")
    browser.post(f"/harvest/edit/{browser.name}", nextgeoss_provider=provider)
    assert browser.stored() == {"provider": provider}


def test_json_alone_is_enough(browser: Browser, provider: str):
    browser.post(config=json.dumps({"provider": provider, "start": "2024-01-01"}))
    assert browser.stored() == {"provider": provider, "start": "2024-01-01"}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "provider: must be given"),
        ({"nextgeoss_start": "soon"}, "start: 'soon' is not allowed"),
        ({"nextgeoss_start": "2024-02-01", "nextgeoss_end": "2024-01-01"}, "end: "),
        ({"nextgeoss_west": "1"}, "bbox: "),
        ({"config": "{"}, "not JSON"),
        ({"config": '{\n  "limits": 3\n}'}, "unknown key 'limits'; did you mean limit?"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    browser: Browser, provider: str, fields: dict[str, str], told: str
):
    given = ({"nextgeoss_provider": provider} if fields else {}) | fields
    page = browser.post(**given)
    assert told in page.find_class("error-explanation")[0].text_content()
    assert {name: shown(page, name) for name in fields} == fields
    if fields:
        assert values(page, "nextgeoss_provider", checked=True) == [provider]


def test_a_source_is_found_and_shown(browser: Browser, hub: Hub, provider: str):
    """Its configuration is no part of the search document, where a list would be refused."""
    collections = {f"nextgeoss_collections_{provider}": [f"{hub.tag}-a", f"{hub.tag}-b"]}
    browser.post(nextgeoss_provider=provider, **collections)
    found = act("package_search", fq=f"dataset_type:harvest AND name:{browser.name}")
    assert found["count"] == 1
    assert act("harvest_source_reindex", id=found["results"][0]["id"])
    assert f"/harvest/{browser.name}" in browser.get("/harvest").xpath("//h3//a/@href")
