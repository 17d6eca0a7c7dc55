"""Reprocessed versions of a product in the catalogue: the latest only, and what its page tells."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import pytest
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action
from lxml import html

from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.search.catalogue import catalogue_for

pytestmark = pytest.mark.usefixtures("with_plugins")

BASELINES = ("N0400", "N0509", "N0511", "N0600")


@dataclass
class Scene:
    """One scene processed by four baselines, of which the last is private, and a product without editions."""

    datasets: list[dict[str, Any]]
    alone: dict[str, Any]
    token: str

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the datasets."""
        return tuple(each["id"] for each in (*self.datasets, self.alone))


@pytest.fixture()
def scene(with_plugins: None) -> Scene:
    user = factories.Sysadmin()
    owner = factories.Organization()["id"]
    time = f"2024{random.randrange(1, 13):02}{random.randrange(1, 29):02}T{random.randrange(10**5):06}"
    common = {"type": "eo_product", "collection_id": "SENTINEL2_L2A", "owner_org": owner}

    def make(identifier: str, **more: Any) -> dict[str, Any]:
        about = {**common, "identifier": identifier, "title": identifier, **more}
        return call_action("package_create", {"user": user["name"]}, **about)

    # the later ones first: the order of harvesting does not matter
    made = [
        make(
            f"S2A_MSIL2A_{time}_{baseline}_R022_T32TQM_20240601T{number:06}",
            private=baseline == "N0600",
            cloud_cover=10 + number,
        )
        for number, baseline in reversed(list(enumerate(BASELINES)))
    ]
    token = call_action("api_token_create", {"user": user["name"]}, user=user["name"], name="t")["token"]
    return Scene(made[::-1], make(f"S2A_OPER_{time}"), token)


def baselines(query: Query, **seen: Any) -> set[str]:
    page = catalogue_for(None, **seen).search(query)
    found = {product.id.split("_")[3] for product in page.products}
    assert page.total == len(found)
    return found


def test_a_search_can_ask_for_the_latest_only(scene: Scene) -> None:
    ids = tuple(each["id"] for each in scene.datasets)
    assert baselines(Query(ids=ids)) == set(BASELINES[:3])
    assert baselines(Query(ids=ids, latest=True)) == {"N0511"}, "a private one hides none from visitors"
    assert baselines(Query(ids=ids, latest=True), sees_all=True) == {"N0600"}
    everything = catalogue_for(None).search(Query(ids=scene.ids, latest=True))
    assert everything.total == 2, "what has no editions stays"


def test_pages_by_cursor_go_through_the_latest(scene: Scene) -> None:
    first = catalogue_for(None).search(Query(ids=scene.ids, latest=True, limit=1))
    second = catalogue_for(None).search(Query(ids=scene.ids, latest=True, limit=1, cursor=first.next))
    assert first.total == second.total == 2
    assert first.products[0].id != second.products[0].id


def page(app: Any, dataset: dict[str, Any], token: str = "") -> tuple[list[str], list[str]]:
    """The links of a product's page to newer and older editions."""
    headers = {"Authorization": token} if token else {}
    body = html.fromstring(app.get(f"/dataset/{dataset['name']}", headers=headers).body)
    return tuple(body.xpath(f"//p[contains(@class, '{kind}')]/a/@href") for kind in ("eo-newer", "eo-older"))


def test_the_page_of_a_product_leads_to_its_editions(scene: Scene, app: Any) -> None:
    oldest, middle, latest, private = (f"/dataset/{each['name']}" for each in scene.datasets)
    assert page(app, scene.datasets[0]) == ([latest], [])
    assert page(app, scene.datasets[1]) == ([latest], [oldest])
    assert page(app, scene.datasets[2]) == ([], [middle, oldest])
    assert page(app, scene.datasets[2], scene.token) == ([private], [middle, oldest])
    assert page(app, scene.alone) == ([], [])


def test_the_fields_can_be_asked_in_package_search(scene: Scene) -> None:
    name = scene.datasets[0]["identifier"].split("_")
    asked = f'eo_scene:"sentinel-2-l2a/S2A_MSIL2A_{name[2]}_R022_T32TQM"'
    assert toolkit.get_action("package_search")({}, {"fq": asked, "rows": 0})["count"] == 3
