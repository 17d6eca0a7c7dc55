"""STAC names and fields as our queries take them."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.formats.stac_fields import Fields
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.search.query import solr_parameters
from ckanext.nextgeoss.search.stac_members import members_of_get
from ckanext.nextgeoss.search.stac_query import stac_search

ROWS = load_properties()
ITEM = {
    "type": "Feature", "stac_version": "1.1.0", "id": "a", "collection": "c", "geometry": None,
    "properties": {"datetime": "2024-05-01T10:00:00Z", "platform": "x"},
    "assets": {"B04": {"href": "b", "roles": []}, "B05": {"href": "c"}},
}  # fmt: skip


def asked(**members: Any) -> Query:
    return stac_search(members, ROWS).query


def test_created_and_updated_are_what_items_show():
    """The provider's time where there is one, else the catalogue's: in conditions and in the order."""
    query = asked(
        query={"updated": {"gte": "2024-01-01T00:00:00Z"}}, sortby=[{"field": "properties.created"}]
    )
    parameters = solr_parameters(query, ROWS)
    since = "[2024-01-01T00:00:00Z TO *]"
    assert parameters["fq"] == [
        f"(eo_updated:{since}) OR (+(metadata_modified:{since}) -eo_updated:[* TO *])"
    ]
    assert parameters["sort"].startswith("def(eo_created,metadata_created) asc, ")


@pytest.mark.parametrize(
    ("include", "exclude", "left"),
    [
        (["assets.B04.href"], [], {"assets": {"B04": {"href": "b"}}}),
        (["assets"], ["assets.B04"], {"assets": {"B05": {"href": "c"}}}),
        (["properties"], ["properties.platform"], {"properties": {"datetime": "2024-05-01T10:00:00Z"}}),
        (["nothing.there", "properties.no"], [], {"properties": {}}),
        (["id"], ["id", "type"], {}),
    ],
)
def test_fields(include: list[str], exclude: list[str], left: dict[str, Any]):
    """What tells one item from another is always there."""
    told = {name: ITEM[name] for name in ("type", "stac_version", "id", "collection")}
    assert Fields.of(include, exclude).of_item(ITEM) == told | left


def test_get_and_post_ask_the_same():
    by_get = members_of_get(
        {"bbox": "1,2,3,4", "ids": "a,b", "sortby": "-datetime,+id", "q": "red fox,hare", "limit": "5",
         "fields": "id,-geometry", "query": '{"platform":{"in":["x","y"]}}'}
    )  # fmt: skip
    by_post = {
        "bbox": [1, 2, 3, 4], "ids": ["a", "b"], "q": ["red fox", "hare"], "limit": 5,
        "sortby": [{"field": "datetime", "direction": "desc"}, {"field": "id", "direction": "asc"}],
        "fields": {"include": ["id"], "exclude": ["geometry"]}, "query": {"platform": {"in": ["x", "y"]}},
    }  # fmt: skip
    assert stac_search(by_get, ROWS) == stac_search(by_post, ROWS)


def test_within_a_collection_no_other_is_asked_for():
    assert stac_search({"collections": ["a"]}, ROWS, "a").query.collections == ("a",)
    with pytest.raises(BadValue, match="collections"):
        stac_search({"collections": ["b"]}, ROWS, "a")
