"""Who sees what of a private product and of a private collection, by every way to ask: one table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.search import catalogue as catalogues
from ckanext.nextgeoss.search import stac_summaries, titles
from ckanext.nextgeoss.tests.catalogue import Catalogue, make_product

# what only the private products have: a platform, a year, and how many of a collection there are
PLATFORM, YEAR = f"secret-{uuid4().hex[:8]}", "1901"
# older than what other tests leave, and what no identifier has in it by chance
DAY = f"{YEAR}-01-01"
OPEN, CLOSED = f"open-{uuid4().hex[:8]}", f"closed-{uuid4().hex[:8]}"
CALLERS = {"anonymous": False, "reader": True, "editor": True, "other": False, "sysadmin": True}


@dataclass(frozen=True)
class People:
    """Tokens by who they are; identifiers of the private products, of the open and the closed collection."""

    tokens: Mapping[str, str]
    names: Mapping[str, str]


@dataclass(frozen=True)
class Way:
    """One question; {private} and {closed} stand for the private products. Who may see these finds all
    of `shown` in the answer, others none; `status` is what others are answered."""

    path: str
    shown: tuple[str, ...]
    asked: Mapping[str, Any] = field(default_factory=dict[str, Any])
    post: bool = False
    status: int = 200


_AGGREGATED = [
    "total_count", "datetime_min", "datetime_frequency", "platform_frequency", "collection_frequency",
]  # fmt: skip
_ACTION = "/api/3/action"
_RECORDS = "/records/collections"
_BOTH = [OPEN, CLOSED]
WAYS = {
    "STAC search, GET": Way(
        "/stac/search", ("{private}", "{closed}", '"numberMatched":3'), {"collections": ",".join(_BOTH)}
    ),
    "STAC search, POST": Way(
        "/stac/search", ("{private}", "{closed}", '"numberMatched":3'), {"collections": _BOTH}, post=True
    ),
    "STAC search by id": Way("/stac/search", ('"numberMatched":1', PLATFORM), {"ids": "{private}"}),
    "STAC search by query": Way(
        "/stac/search", ("{private}",), {"query": {"platform": {"eq": PLATFORM}}}, post=True
    ),
    "STAC items": Way(f"/stac/collections/{OPEN}/items", ("{private}", '"numberMatched":2')),
    "STAC item": Way(f"/stac/collections/{OPEN}/items/{{private}}", (PLATFORM, DAY), status=404),
    "STAC items of a private collection": Way(f"/stac/collections/{CLOSED}/items", ("{closed}",), status=404),
    "STAC collection": Way(f"/stac/collections/{OPEN}", (PLATFORM, DAY)),
    "STAC private collection": Way(f"/stac/collections/{CLOSED}", ("Private of Pages",), status=404),
    "STAC collections": Way("/stac/collections", (CLOSED, PLATFORM, DAY), {"limit": 1000}),
    "STAC children": Way("/stac/children", (CLOSED, PLATFORM)),
    "STAC landing page": Way("/stac", (CLOSED,)),
    "STAC browse": Way(f"/stac/browse/{OPEN}", ("{private}",)),
    "STAC queryables": Way("/stac/queryables", (PLATFORM,)),
    "STAC queryables of a collection": Way(
        f"/stac/collections/{OPEN}/queryables", (PLATFORM, '"maximum":99')
    ),
    "STAC queryables of a private collection": Way(
        f"/stac/collections/{CLOSED}/queryables", (PLATFORM,), status=404
    ),
    "STAC sortables": Way(f"/stac/collections/{OPEN}/sortables", ("view:sun_elevation",)),
    "STAC aggregate": Way(
        "/stac/aggregate",
        (PLATFORM, YEAR, CLOSED, '"value":3'),
        {"collections": _BOTH, "aggregations": _AGGREGATED},
        post=True,
    ),
    "STAC aggregate of a collection": Way(
        f"/stac/collections/{OPEN}/aggregate",
        (PLATFORM, YEAR, '"value":2'),
        {"aggregations": ",".join(_AGGREGATED[:-1])},
    ),
    "STAC aggregate of a private collection": Way(
        f"/stac/collections/{CLOSED}/aggregate", ('"value":1',), {"aggregations": "total_count"}, status=404
    ),
    "STAC aggregations": Way(f"/stac/collections/{OPEN}/aggregations", ("sun_elevation_frequency",)),
    "STAC aggregations of a private collection": Way(
        f"/stac/collections/{CLOSED}/aggregations", ("sun_elevation_frequency",), status=404
    ),
    "OpenSearch": Way("/opensearch/search.json", ("{private}", DAY), {"parentIdentifier": OPEN}),
    "OpenSearch, Atom": Way("/opensearch/search.atom", ("{private}",), {"parentIdentifier": OPEN}),
    "OpenSearch description": Way("/opensearch/description.xml", (PLATFORM,), {"osdd": OPEN}),
    "OpenSearch collections": Way("/opensearch/collection_search.json", (CLOSED, DAY)),
    "DHuS": Way("/dhus/search", (DAY,), {"q": "identifier:{private}"}),
    "product_search": Way(
        f"{_ACTION}/product_search",
        ("{private}", PLATFORM, '"count": 3'),
        {"collection": _BOTH, "facets": ["platform"]},
        post=True,
    ),
    "product_aggregate": Way(
        f"{_ACTION}/product_aggregate",
        (PLATFORM, YEAR, '"value": 3'),
        {"collection": _BOTH, "aggregations": _AGGREGATED},
        post=True,
    ),
    "product_show": Way(f"{_ACTION}/product_show", (PLATFORM, DAY), {"id": "{private}"}, status=404),
    "product_resolve": Way(
        f"{_ACTION}/product_resolve", ('"found": true',), {"ids": ["{private}"]}, post=True
    ),
    "collection_list": Way(f"{_ACTION}/collection_list", (CLOSED, DAY)),
    "collection_show": Way(f"{_ACTION}/collection_show", (DAY, '"product_count": 2'), {"id": OPEN}),
    "package_search": Way(
        f"{_ACTION}/package_search",
        ("{private}", PLATFORM, '"count": 2'),
        {
            "fq": f"eo_collection:{OPEN} dataset_type:eo_product",
            "include_private": "true",
            "facet.field": '["eo_platform"]',
        },
    ),
    "Features": Way(f"/features/collections/{OPEN}/items", ("{private}", '"numberMatched":2', DAY)),
    "Features, one": Way(f"/features/collections/{OPEN}/items/{{private}}", (PLATFORM, DAY), status=404),
    "Features, a property": Way(
        f"/features/collections/{OPEN}/items", ("{private}", '"numberMatched":1'), {"platform": PLATFORM}
    ),
    "Features of a private collection": Way(
        f"/features/collections/{CLOSED}/items", ("{closed}",), status=404
    ),
    "Features, a collection": Way(f"/features/collections/{OPEN}", (DAY,)),
    "Features, a private collection": Way(
        f"/features/collections/{CLOSED}", ("Private of Pages",), status=404
    ),
    "Features, collections": Way("/features/collections", (CLOSED, DAY)),
    "Features, queryables": Way(f"/features/collections/{OPEN}/queryables", (PLATFORM, '"maximum":99')),
    "Features, sortables": Way(f"/features/collections/{OPEN}/sortables", ("sun_elevation",)),
    "Features as a page": Way(f"/features/collections/{OPEN}/items", ("{private}", DAY), {"f": "html"}),
    "Records": Way(f"{_RECORDS}/{OPEN}/items", ("{private}", '"numberMatched":2', DAY)),
    "Records, one": Way(f"{_RECORDS}/{OPEN}/items/{{private}}", (PLATFORM, DAY), status=404),
    "Records, by identifiers of others": Way(
        f"{_RECORDS}/products/items", ('"numberMatched":1', PLATFORM), {"externalIds": "{private}"}
    ),
    "Records, a filter": Way(
        f"{_RECORDS}/products/items", ("{private}",), {"filter": f"platform = '{PLATFORM}'"}
    ),
    "Records, facets": Way(
        f"{_RECORDS}/products/items",
        (f'"value":"{PLATFORM}"', f'"value":"{CLOSED}"'),
        {"facets": "platform,collection", "filter": f"collection IN ('{OPEN}','{CLOSED}')", "limit": "1"},
    ),
    "Records of a private collection": Way(f"{_RECORDS}/{CLOSED}/items", ("{closed}",), status=404),
    "Records, a catalogue": Way(f"{_RECORDS}/{OPEN}", (DAY,)),
    "Records, a private catalogue": Way(f"{_RECORDS}/{CLOSED}", ("Private of Pages",), status=404),
    "Records, catalogues": Way(_RECORDS, (CLOSED, DAY)),
    "Records, queryables": Way(f"{_RECORDS}/{OPEN}/queryables", (PLATFORM, '"maximum":99')),
    "Records, queryables of all": Way(f"{_RECORDS}/products/queryables", (PLATFORM,)),
    "Records, all products": Way(f"{_RECORDS}/products", (DAY,)),
    "Records of collections": Way(
        f"{_RECORDS}/collections/items", (CLOSED, DAY, PLATFORM), {"limit": "1000"}
    ),
    "Records of collections, one": Way(f"{_RECORDS}/collections/items/{OPEN}", (DAY, '"products":2')),
    "Records of collections, a private one": Way(
        f"{_RECORDS}/collections/items/{CLOSED}", ("Private of Pages",), status=404
    ),
    "Records of collections, facets": Way(
        f"{_RECORDS}/collections/items", (f'"value":"{PLATFORM}"',), {"facets": "platform"}
    ),
    "Records as a page": Way(f"{_RECORDS}/{OPEN}/items", ("{private}", PLATFORM), {"f": "html"}),
    "export, CSV": Way("/export/products.csv", ("{private}", PLATFORM), {"collection": OPEN}),
    "export, GeoJSON": Way("/export/products.geojson", ("{private}", PLATFORM), {"collection": OPEN}),
}


@pytest.fixture(scope="module")
def people(site: Any, catalogue: Catalogue) -> People:
    members = {name: factories.UserWithToken(image_url="") for name in ("reader", "editor", "other")}
    for name, role in (("reader", "member"), ("editor", "editor")):
        call_action(
            "organization_member_create", {"user": catalogue.user},
            id=catalogue.organization["id"], username=members[name]["name"], role=role,
        )  # fmt: skip
    factories.Organization(image_url="", users=[{"name": members["other"]["name"], "capacity": "admin"}])
    for name, title, private in ((OPEN, "Open of Pages", False), (CLOSED, "Private of Pages", True)):
        call_action(
            "package_create", {"user": catalogue.user}, type="eo_collection", name=name, title=title,
            collection_id=name, owner_org=catalogue.organization["id"], private=private,
        )  # fmt: skip
    catalogue.add("seen", make_product(OPEN, "north", platform="sentinel-2a", cloud_cover=5.0))
    long_ago = TemporalExtent.parse(f"{DAY}T10:00:00Z/{DAY}T10:00:25Z")
    names: dict[str, str] = {}
    for kind, collection in (("private", OPEN), ("closed", CLOSED)):
        made = make_product(collection, "south", platform=PLATFORM, cloud_cover=99.0, sun_elevation=12.0)
        made = replace(made, time=long_ago)
        catalogue.add(f"hidden {kind}", made, private=True)
        names[kind] = made.id
    titles.collections.cache_clear()
    catalogues._domains.cache_clear()
    stac_summaries.summaries.cache_clear()
    tokens = {name: member["token"] for name, member in members.items()}
    return People({"anonymous": "", "sysadmin": catalogue.token, **tokens}, names)


def asked(site: Any, people: People, caller: str, way: Way) -> Any:
    """The answer to one of them."""
    text = json.dumps({"path": way.path, "asked": way.asked})
    for kind, name in people.names.items():
        text = text.replace(f"{{{kind}}}", name)
    given = json.loads(text)
    headers = {"Authorization": people.tokens[caller]} if people.tokens[caller] else {}
    if way.post:
        return site.post(given["path"], json=given["asked"], headers=headers)
    return site.get(given["path"], query_string=given["asked"], headers=headers)


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("name", WAYS)
def test_what_is_private_is_there_for_those_only_who_may_see_it(
    site: Any, people: People, name: str, caller: str
):
    way, sees = WAYS[name], CALLERS[caller]
    answer = asked(site, people, caller, way)
    assert answer.status_code == (200 if sees else way.status), answer.get_data(as_text=True)[:1000]
    found = answer.get_data(as_text=True)
    for text in way.shown:
        shown = text.format_map(people.names) if text.startswith("{") else text
        assert (shown in found) == sees, (shown, found[:2000])


@pytest.mark.parametrize("caller", [name for name, sees in CALLERS.items() if not sees])
@pytest.mark.parametrize("name", [name for name, way in WAYS.items() if way.status == 404])
def test_what_may_not_be_seen_is_unknown_like_what_does_not_exist(
    site: Any, people: People, name: str, caller: str
):
    way = WAYS[name]
    own = asked(site, people, caller, way)
    absent = "absent-00000000"
    nothing = replace(
        way,
        path=way.path.replace("{private}", absent).replace(CLOSED, absent),
        asked=json.loads(json.dumps(dict(way.asked)).replace("{private}", absent)),
    )
    other = asked(site, people, caller, nothing)
    text = own.get_data(as_text=True).replace(people.names["private"], absent).replace(CLOSED, absent)
    assert (own.status_code, text) == (other.status_code, other.get_data(as_text=True))
