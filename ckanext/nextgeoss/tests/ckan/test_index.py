"""What other plugins and harvest sources add to search documents; our own catalogue reading them back."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from ckan import model
from ckan.lib.search import rebuild
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.model import put_offer
from ckanext.nextgeoss.interfaces import IProductIndex
from ckanext.nextgeoss.package import product_from_dataset
from ckanext.nextgeoss.search.catalogue import Catalogue, catalogue_for

BOX = {"type": "Polygon", "coordinates": [[[1, 43], [2, 43], [2, 44], [1, 44], [1, 43]]]}


@pytest.fixture(scope="module")
def user(plugins: None) -> str:
    return factories.Sysadmin()["name"]


def create(user: str, **fields: Any) -> dict[str, Any]:
    """A new product in the collection `fields` name."""
    given = {
        "type": "eo_product", "identifier": f"P_{uuid4().hex}", "title": "A product",
        "spatial": json.dumps(BOX), "timerange_start": "2024-05-01T10:00:00Z",
        "resources": [{"url": "https://data.example/p.zip", "key": "product", "roles": ["data"]}],
    }  # fmt: skip
    return call_action("package_create", {"user": user}, **(given | fields))


def topics(uuid: str) -> set[str]:
    """The topics under which a dataset is found."""
    answer = call_action("package_search", fq=f"id:{uuid}", rows=0, **{"facet.field": ["eo_topic"]})
    return set(answer["facets"]["eo_topic"])


def test_topics_come_from_the_dataset_and_its_sources(user: str) -> None:
    own, of_source = (factories.Group(image_url="")["name"] for _ in range(2))
    organization = factories.Organization()["id"]
    source = call_action(
        "package_create",
        {"user": user},
        name=uuid4().hex,
        owner_org=organization,
        groups=[{"name": of_source}],
    )
    product = create(user, collection_id="c", owner_org=organization, groups=[{"name": own}])
    assert topics(product["id"]) == {own}
    put_offer(
        model.Session(), package_id=product["id"], source_id=source["id"], provider_id="p", rank=1,
        content_hash="", harvest_object_id="", last_run="", suppressed=False,
    )  # fmt: skip
    model.Session.commit()
    rebuild(product["id"])
    assert topics(product["id"]) == {own, of_source}


def test_another_plugin_that_fails_keeps_nothing_from_being_found(
    user: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from ckan.plugins import PluginImplementations

    plugin = next(iter(PluginImplementations(IProductIndex)))

    def fail(ids: Any) -> Any:
        raise RuntimeError("out of order")

    monkeypatch.setattr(plugin, "add_fields", fail)
    product = create(user, collection_id="c", owner_org=factories.Organization()["id"])
    assert call_action("package_search", fq=f"id:{product['id']}")["count"] == 1
    assert "nextgeoss_harvester could not add its fields" in caplog.text


@pytest.fixture(scope="module")
def holdings(user: str) -> dict[str, Any]:
    """An organization with a member, and a collection of five public products and a private one."""
    member = factories.User()
    organization = factories.Organization(users=[{"name": member["name"], "capacity": "member"}])
    collection = f"holdings-{uuid4().hex[:8]}"
    for cloud in range(5):
        start = f"2024-05-0{cloud + 1}T00:00:00Z"
        create(
            user, collection_id=collection, owner_org=organization["id"], cloud_cover=cloud * 10.5,
            timerange_start=start, timerange_end=start, instruments=["msi"],
            platform=("alpha", "beta")[cloud % 2],
        )  # fmt: skip
    private = create(
        user, collection_id=collection, owner_org=organization["id"], private=True, cloud_cover=99
    )
    return {"collection": collection, "member": model.User.get(member["id"]), "private": private}


def everyone() -> Catalogue:
    return catalogue_for(None)


def test_the_catalogue_gives_products_back(user: str) -> None:
    collection = f"back-{uuid4().hex[:8]}"
    dataset = create(
        user,
        collection_id=collection,
        owner_org=factories.Organization()["id"],
        cloud_cover=5,
        instruments=["msi"],
    )
    (product,) = everyone().search(Query(collections=(collection,))).products
    assert product == product_from_dataset(dataset)
    assert product.properties == {"cloud_cover": 5.0, "instruments": ("msi",)}


def test_pages_by_cursor_meet_every_product_once(holdings: dict[str, Any]) -> None:
    seen: list[str] = []
    cursor = ""
    for _ in range(10):
        query = Query(
            collections=(holdings["collection"],), limit=2, cursor=cursor, sort=(("cloud_cover", "desc"),)
        )
        page = everyone().search(query)
        assert page.total == 5
        seen += [str(product.properties["cloud_cover"]) for product in page.products]
        cursor = page.next
        if not cursor:
            break
    assert seen == ["42.0", "31.5", "21.0", "10.5", "0.0"]


def test_private_products_are_for_members(holdings: dict[str, Any]) -> None:
    query = Query(collections=(holdings["collection"],), conditions=(Condition("cloud_cover", ">", 50.0),))
    assert everyone().search(query).total == 0
    assert catalogue_for(holdings["member"]).search(query).total == 1
    assert catalogue_for(None, sees_all=True).search(query).total == 1
    uuid = holdings["private"]["id"]
    assert everyone().search(Query(ids=(uuid,))).total == 0
    assert catalogue_for(holdings["member"]).search(Query(ids=(uuid,))).total == 1


def test_facets_and_place(holdings: dict[str, Any]) -> None:
    query = Query(
        collections=(holdings["collection"],), facets=("platform", "collection", "access"),
        footprint=Footprint.from_bbox(1.5, 43.5, 1.6, 43.6), limit=0,
    )  # fmt: skip
    page = everyone().search(query)
    assert page.facets == {
        "platform": (("alpha", 3), ("beta", 2)),
        "collection": ((holdings["collection"], 5),),
        "access": (("online", 5),),
    }
    assert (page.total, page.products, page.next) == (5, (), "")


def test_a_cursor_of_nobody_is_a_bad_value() -> None:
    with pytest.raises(BadValue, match="cursor: 'AoE=x' is not allowed"):
        everyone().search(Query(cursor="AoE=x"))


@pytest.mark.parametrize(
    "words",
    ['"', "(", "a AND", "OR", "NOT", "{!lucene}x", '_query_:"x"', "*", "?", "\\", "a/b", "&&", "||", "-",
     "+a", "eo_cloud_cover:[0 TO 1]", "a^2", "x~", "[a TO", "\x00", "\U0001f6f0"],
)  # fmt: skip
def test_no_text_of_a_user_is_an_error(words: str) -> None:
    assert everyone().search(Query(words=words, limit=1)).total is not None


def test_words_are_words_and_no_operators(holdings: dict[str, Any]) -> None:
    def total(words: str) -> int | None:
        return everyone().search(Query(collections=(holdings["collection"],), words=words)).total

    assert total("msi") == 5
    assert total("MSI Alpha") == 3
    assert total("msi NOT alpha") == 0, "all three are words that must be there"
    assert total("eo_cloud_cover:0") == 0


@pytest.mark.parametrize(
    ("start", "end", "relation", "count"),
    [
        ("2024-05-02", "2024-05-03", "intersects", 2),
        ("2024-05-02", "2024-05-03", "within", 2),
        ("2024-05-02", "2024-05-03", "disjoint", 3),
        ("2024-05-02T00:00:00Z", "2024-05-02T00:00:00Z", "contains", 1),
        ("2024-05-04", None, "intersects", 2),
        (None, "2024-05-01", "intersects", 1),
    ],
)
def test_times(
    holdings: dict[str, Any], start: str | None, end: str | None, relation: str, count: int
) -> None:
    query = Query(
        collections=(holdings["collection"],), time=TemporalExtent.of(start, end), time_relation=relation
    )
    assert everyone().search(query).total == count
