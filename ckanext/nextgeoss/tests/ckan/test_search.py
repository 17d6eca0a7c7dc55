"""`package_search` by place, time and EO properties, whichever way a dataset came in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from ckan.lib.search.common import SearchQueryError
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.search import titles

# a square on its tip, whose bounding box is twice as large
TILTED = {"type": "Polygon", "coordinates": [[[10, 40], [12, 42], [10, 44], [8, 42], [10, 40]]]}
ACROSS = {"type": "MultiPolygon", "coordinates": [
    [[[179, -18], [180, -18], [180, -17], [179, -17], [179, -18]]],
    [[[-180, -18], [-179, -18], [-179, -17], [-180, -17], [-180, -18]]],
]}  # fmt: skip


MADE: dict[str, dict[str, Any]] = {
    "tilted": {
        "spatial": json.dumps(TILTED),
        "cloud_cover": 9.5,
        "timerange_start": "2024-05-01T10:00:00.123Z",
        "timerange_end": "2024-05-01T10:00:15.456Z",
        "platform": "sentinel-2a",
        "instruments": ["msi"],
    },
    "across": {
        "spatial": json.dumps(ACROSS),
        "cloud_cover": 100,
        "timerange_start": "2024-05-03T10:00:00Z",
        "timerange_end": "2024-05-03T10:00:00Z",
        "absolute_orbit": 51234,
    },
    "bare": {"title": "Quiet place"},
}


@dataclass(frozen=True)
class Hub:
    """A collection with a topic, and its products by what they are."""

    user: str
    organization: str
    collection: str
    topic: str
    products: dict[str, str]

    def act(self, action: str, **data: Any) -> Any:
        return call_action(action, {"user": self.user}, **data)

    def found(self, **parameters: Any) -> set[str]:
        """Which of the products a search finds."""
        parameters = {"fq_list": [f'eo_collection:"{self.collection}"'], "rows": 100} | parameters
        answer = call_action("package_search", **parameters)
        by_id = {uuid: name for name, uuid in self.products.items()}
        assert answer["count"] == len(answer["results"])
        return {by_id[dataset["id"]] for dataset in answer["results"]}


def make_hub() -> Hub:
    user = factories.Sysadmin()["name"]
    organization = factories.Organization(title="Agency of Tests")["id"]
    topic = factories.Group(title="Topic of Tests", image_url="")
    collection = f"test-{uuid4().hex[:8]}"
    hub = Hub(user, organization, collection, topic["title"], {})
    hub.act(
        "package_create",
        type="eo_collection",
        name=collection,
        title="Collection of Tests",
        collection_id=collection,
        owner_org=organization,
        groups=[{"name": topic["name"]}],
    )
    titles.collections.cache_clear()
    for name, fields in MADE.items():
        hub.products[name] = hub.act("package_create", **product(hub, f"{collection}_{name}", **fields))["id"]
    return hub


def product(hub: Hub, identifier: str, **fields: Any) -> dict[str, Any]:
    """A product with a file to fetch, and `fields`."""
    return {
        "type": "eo_product",
        "identifier": identifier,
        "title": identifier,
        "collection_id": hub.collection,
        "owner_org": hub.organization,
        "resources": [{"url": "https://data.example/p.zip", "key": "product", "roles": ["data"]}],
        **fields,
    }


@pytest.fixture(scope="module", autouse=True)
def hub(plugins: None) -> Hub:
    return make_hub()


@pytest.mark.parametrize(
    ("extras", "expected"),
    [
        ({}, {"tilted", "across", "bare"}),
        ({"ext_bbox": "9.5,41.5,10.5,42.5"}, {"tilted"}),
        ({"ext_bbox": "8,40,8.5,40.5"}, set()),  # in the bounding box of the tilted one, not in it
        ({"ext_bbox": "170,-20,-170,-10"}, {"across"}),
        ({"ext_bbox": "170,-20,190,-10"}, {"across"}),
        ({"ext_bbox": "-179.5,-20,-170,-10"}, {"across"}),
        ({"ext_bbox": "-180,-90,180,90"}, {"tilted", "across"}),
        ({"ext_bbox": "-180,-90,180,90", "ext_relation": "disjoint"}, set()),
        ({"ext_bbox": "0,30,30,60", "ext_relation": "disjoint"}, {"across"}),
        ({"ext_bbox": "0,30,30,60", "ext_relation": "within"}, {"tilted"}),
        ({"ext_geometry": "POINT(10 42)", "ext_relation": "contains"}, {"tilted"}),
        ({"ext_start": "2024-05-02"}, {"across"}),
        ({"ext_end": "2024-05-01"}, {"tilted"}),
        ({"ext_start": "2024-05-01T10:00:10Z", "ext_end": "2024-05-01T10:00:11Z"}, {"tilted"}),
        ({"ext_start": "2024-05-01T11:00:00Z", "ext_end": "2024-05-02"}, set()),
        ({"ext_cloud_cover_max": "20"}, {"tilted"}),
        ({"ext_cloud_cover": "9..10"}, {"tilted"}),
        ({"ext_absolute_orbit": "51234"}, {"across"}),
        ({"ext_platform": "sentinel-2a", "ext_instruments": "msi"}, {"tilted"}),
        ({"ext_platform": ["sentinel-2a", "sentinel-2b"]}, {"tilted"}),
        ({"ext_access": "online"}, {"tilted", "across", "bare"}),
        ({"ext_access": "offline,sign-in"}, set()),
        ({"ext_provider": "nobody"}, set()),
        ({"ext_title": "Quiet place"}, {"bare"}),
        ({"ext_start": "2024-05-02", "ext_time_relation": "disjoint"}, {"tilted"}),
    ],
)  # fmt: skip
def test_place_time_and_properties(hub: Hub, extras: dict[str, Any], expected: set[str]) -> None:
    assert hub.found(extras=extras) == expected


@pytest.mark.parametrize(
    ("fq", "expected"),
    [
        ("eo_cloud_cover:[0 TO 20]", {"tilted"}),
        ("eo_cloud_cover:[20 TO 100]", {"across"}),
        ("eo_cloud_cover:(9.5 OR 100) -eo_absolute_orbit:51234", {"tilted"}),
        ("eo_cloud_cover:{9.5 TO 100.0}", set()),
        (r"-eo_cloud_cover:[\-5 TO *]", {"bare"}),
        ("eo_start:[2024-05-02T00:00:00Z TO *]", {"across"}),
        ("eo_access:online", {"tilted", "across", "bare"}),
    ],
)
def test_filters_compare_numbers_and_times(hub: Hub, fq: str, expected: set[str]) -> None:
    assert hub.found(fq=fq) == expected


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"extras": {"ext_bbox": "1,2,3"}}, "ext_bbox: '1,2,3' is not allowed; expected four numbers"),
        ({"extras": '{"ext_bbox": "1,2,3,4"}'}, "in an address write ext_bbox"),
        ({"extras": {"ext_bbox": "1,20,3,2"}}, "south not greater than north"),
        ({"extras": {"ext_bbox": "a,b,c,d"}}, "ext_bbox"),
        ({"extras": {"ext_bbox": "nan,0,1,1"}}, "ext_bbox"),
        ({"extras": {"ext_start": "yesterday"}}, "RFC 3339"),
        ({"extras": {"ext_start": "2024-05-02", "ext_end": "2024-05-01"}}, "not before the start"),
        ({"extras": {"ext_cloud_cover_max": "much"}}, "cloud_cover.*a number from 0 up to 100"),
        ({"extras": {"ext_relation": "touches"}}, "one of intersects"),
        ({"extras": {"ext_geometry": "POLYGON((0 0"}}, "ext_geometry"),
        ({"extras": {"ext_access": "never"}}, "ext_access: 'never' .* online, offline, sign-in"),
        ({"extras": {"ext_latest": "true"}}, "ext_latest: .* product_search knows it"),
        (
            {"extras": {"ext_start": "2024-05-02", "ext_time_relation": "within"}},
            "ext_time_relation: 'within' .* product_search knows it",
        ),
        ({"fq": "eo_cloudcover:[0 TO 20]"}, "did you mean eo_cloud_cover"),
        ({"fq": "eo_cloud_cover:clear"}, "eo_cloud_cover: 'clear' is not allowed; expected a number"),
        ({"fq_list": ["state:active eo_cloud_cover:[0 TO many]"]}, "eo_cloud_cover: 'many'"),
        ({"q": "+eo_absolute_orbit:{x TO *]"}, "eo_absolute_orbit: 'x'"),
    ],
)
def test_what_cannot_be_understood_is_named(parameters: dict[str, Any], told: str) -> None:
    with pytest.raises(SearchQueryError, match=told):
        call_action("package_search", **parameters)


def test_bad_box_answers_400(app: Any) -> None:
    answer = app.get("/api/3/action/package_search?ext_bbox=1,2,3", status=400)
    assert "ext_bbox: '1,2,3' is not allowed" in answer.body
    assert "Traceback" not in answer.body


def test_words(hub: Hub) -> None:
    assert hub.found(q="quiet") == {"bare"}
    assert hub.found(q="msi") == {"tilted"}


def test_facets_have_titles(hub: Hub) -> None:
    facets = ["eo_collection", "eo_provider", "eo_topic", "eo_access", "eo_platform"]
    answer = call_action(
        "package_search", fq=f'eo_collection:"{hub.collection}"', rows=0, **{"facet.field": facets}
    )
    shown = {
        name: [(item["display_name"], item["count"]) for item in answer["search_facets"][name]["items"]]
        for name in facets
    }
    assert shown == {
        "eo_collection": [("Collection of Tests", 3)],
        "eo_provider": [("Agency of Tests", 3)],
        "eo_topic": [(hub.topic, 3)],  # inherited from the collection
        "eo_access": [("Online", 3)],
        "eo_platform": [("sentinel-2a", 1)],
    }


def test_collections_and_sources_are_left_out_unless_asked_for(hub: Hub) -> None:
    by_type = {"dataset_type:eo_collection": 1, "dataset_type:eo_product": 0, "": 0}
    for fq, count in by_type.items():
        found = call_action("package_search", q='title:"Collection of Tests"', fq=fq)
        assert (fq, found["count"] >= count, bool(found["count"])) == (fq, True, bool(count))


def test_an_ordinary_dataset_is_found_by_its_extras(hub: Hub) -> None:
    tag = uuid4().hex
    extras = [{"key": "spatial", "value": json.dumps(TILTED)}, {"key": "cloud_cover", "value": "12"}]
    dataset = hub.act(
        "package_create", name=tag, title=f"Ordinary {tag}", owner_org=hub.organization, extras=extras
    )
    for bbox, count in (("9.5,41.5,10.5,42.5", 1), ("8,40,8.5,40.5", 0)):
        filters = f"name:{tag} eo_cloud_cover:[2 TO 20]"
        found = call_action("package_search", fq=filters, extras={"ext_bbox": bbox})
        assert [result["id"] for result in found["results"]] == [dataset["id"]] * count


def test_a_bad_value_is_noted_and_fails_nothing(hub: Hub) -> None:
    tag = uuid4().hex
    told = {"timerange_start": "once", "cloud_cover": "clear", "snow_cover": "5"}
    extras = [{"key": key, "value": value} for key, value in told.items()]
    hub.act("package_create", name=tag, title=f"Unusual {tag}", owner_org=hub.organization, extras=extras)
    found = call_action("package_search", fq=f"name:{tag} eo_snow_cover:5", **{"facet.field": ["eo_problem"]})
    assert found["count"] == 1
    problems = sorted(item["name"] for item in found["search_facets"]["eo_problem"]["items"])
    assert [problem.partition(":")[0] for problem in problems] == ["cloud_cover", "timerange_start"]


def test_updates_and_deletions_are_seen(hub: Hub) -> None:
    uuid = hub.act(
        "package_create", **product(hub, f"U_{uuid4().hex}", collection_id="updates", cloud_cover=1)
    )["id"]
    hub.act("package_patch", id=uuid, cloud_cover=50)
    assert call_action("package_search", fq=f"id:{uuid} eo_cloud_cover:50")["count"] == 1
    assert call_action("package_search", fq=f"id:{uuid} eo_cloud_cover:1")["count"] == 0
    hub.act("package_delete", id=uuid)
    assert call_action("package_search", fq=f"id:{uuid}")["count"] == 0


def test_autocomplete_finds_ordinary_datasets_by_part(hub: Hub) -> None:
    word = uuid4().hex[:10]
    dataset = hub.act("package_create", name=f"a{word}", title=f"Xy{word}zz", owner_org=hub.organization)
    found = call_action("package_autocomplete", q=word[2:8])
    assert dataset["name"] in [item["name"] for item in found]
