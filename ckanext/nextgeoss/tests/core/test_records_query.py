"""What OGC API Records asks, of products and of collections (OGC 20-004r1)."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.nextgeoss.eo.collection import Collection
from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.filter import ALWAYS_SO, NEVER_SO, Condition, Missing, Not, Or
from ckanext.nextgeoss.eo.filter_settled import settled
from ckanext.nextgeoss.eo.held import Held, Holdings
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.search.query import filters
from ckanext.nextgeoss.search.records_collections import (
    collection_names,
    collections_search,
    judged,
    together,
)
from ckanext.nextgeoss.search.records_query import RecordsSearch, product_names, records_search

PROPERTIES = load_properties()


def asked(every: bool = False, **parameters: str) -> RecordsSearch:
    named = {name.replace("_lang", "-lang"): value for name, value in parameters.items()}
    names = product_names(PROPERTIES, every=every)
    return records_search(named, names, PROPERTIES, () if every else ("c",))


def solr(every: bool = False, **parameters: str) -> list[str]:
    """The filters in Solr's syntax but that for the collection."""
    found = filters(asked(every, **parameters).query, PROPERTIES)
    return found if every else found[1:]


def test_settled():
    """What is the same for all is true or false; what may be otherwise stays."""
    open_ = Condition("platform", "=", "a")
    values = {"type": "dataset"}
    assert settled(Condition("type", "=", "dataset"), values) == ALWAYS_SO
    assert settled(Condition("type", "=", "series"), values) == NEVER_SO
    assert settled(Missing("type"), values) == NEVER_SO
    assert settled(Or((open_, Not(Condition("type", "!=", "x")))), values) == Or((open_, Not(ALWAYS_SO)))


@pytest.mark.parametrize(
    ("text", "all_of_them"),
    [
        ("type = 'dataset'", True),
        ("type <> 'dataset'", False),
        ("NOT type IN ('series', 'service')", True),
        ("type LIKE 'data%' AND type IS NOT NULL", True),
    ],
)
def test_the_kind_in_a_filter(text: str, all_of_them: bool):
    """Every record of a product is a dataset, which Solr need not know."""
    found = " ".join(solr(filter=text))
    assert "type" not in found
    assert ("-*:*" in found) != all_of_them


def test_identifiers():
    """Of providers in the catalogue of a collection, of datasets where all products are."""
    assert solr(ids="a,b") == ['eo_identifier:("a" OR "b")'] or solr(ids="a,b") == [
        'eo_identifier:"a" OR eo_identifier:"b"'
    ]
    assert solr(every=True, ids="a") == ['id:"a"']
    assert solr(every=True, filter="id = 'a'") == ['id:"a"']


def test_names_of_records():
    """When a record was made and changed is what the dataset says, whatever providers say."""
    assert solr(filter="created > TIMESTAMP('2024-01-01T00:00:00Z')")[0].startswith("metadata_created:")
    assert asked(sortby="-updated").query.sort == (("metadata_modified", "desc"),)
    assert solr(filter="T_INTERSECTS(time, DATE('2024-01-01'))") == solr(
        filter="T_INTERSECTS(datetime, DATE('2024-01-01'))"
    )


def test_external_identifiers():
    """RC-13: a value, a scheme, or both with a colon between."""
    both = solr(externalIds="esa:S2A_X")[0]
    assert '+(eo_provider:"esa") +(eo_identifier:"S2A_X")' in both
    assert 'eo_doi:"10.5/x"' in solr(externalIds="doi:10.5/x")[0]
    scheme = solr(externalIds="doi")[0]
    assert "eo_doi:[* TO *]" in scheme and 'eo_provider:"doi"' in scheme
    with pytest.raises(BadValue, match="at most 50"):
        asked(externalIds=",".join(map(str, range(51))))


def test_facets():
    assert asked().query.facets == ()
    assert asked(facets="false").query.facets == ()
    assert asked(facets="platform,access").query.facets == ("platform", "access")
    usual = asked(facets="true")
    assert {"type", "platform", "collection", "provider"} <= set(usual.facets)
    assert "type" not in usual.query.facets
    for name in ("cloud_cover", "id", "unheard_of", "created"):
        with pytest.raises(BadValue, match=name):
            asked(facets=name)


def test_offsets():
    assert asked(offset="20").query.offset == 20 and asked(offset="0").by_offset
    assert not asked().by_offset
    for bad in ("-1", "x", "100001", "1.5", ""):
        with pytest.raises(BadValue, match="offset"):
            asked(offset=bad)
    with pytest.raises(BadValue, match="either offset or token"):
        asked(offset="5", token="AoE=")


# --- collections


def held(name: str, count: int = 3, **about: Any) -> Held:
    time = TemporalExtent.parse("2020-01-01T00:00:00Z/2021-01-01T00:00:00Z") if count else TemporalExtent()
    holdings = Holdings(count=count, time=time, bbox=(0, 0, 10, 10) if count else None)
    return Held(collection=Collection(id=name, **about), holdings=holdings, matched=count)


LAND = held("land", title="Land cover of  Europe", keywords=("Forest",), doi="10.5/land", aliases=("LC",))
SEA = held("sea", description="Waves, wind", platforms=("sentinel-3a",), license="https://l.example")
EMPTY = held("empty", count=0)


def found(**parameters: str) -> list[str]:
    search = collections_search(parameters, collection_names())
    return [each.collection.id for each in (LAND, SEA, EMPTY) if search.finds(judged(each, {}))]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["land", "sea", "empty"]),
        ({"q": "land COVER"}, ["land"]),
        ({"q": "cover land"}, []),
        ({"q": "cov"}, []),
        ({"q": "forest,waves"}, ["land", "sea"]),
        ({"ids": "sea,empty"}, ["sea", "empty"]),
        ({"type": "series"}, ["land", "sea", "empty"]),
        ({"type": "dataset"}, []),
        ({"bbox": "9,9,12,12"}, ["land", "sea"]),
        ({"bbox": "20,20,30,30"}, []),
        ({"datetime": "2020-06-01T00:00:00Z/.."}, ["land", "sea"]),
        ({"datetime": "../2019-06-01T00:00:00Z"}, []),
        ({"externalIds": "doi:10.5/land"}, ["land"]),
        ({"externalIds": "doi"}, ["land"]),
        ({"externalIds": "LC,nothing"}, ["land"]),
        ({"externalIds": "land"}, []),
        ({"platform": "sentinel-3a"}, ["sea"]),
        ({"products": "3"}, ["land", "sea"]),
        ({"filter": "products = 0 AND type = 'series'"}, ["empty"]),
        ({"filter": "A_CONTAINS(keywords, ('Forest'))"}, ["land"]),
        ({"license": "other"}, ["sea"]),
        ({"filter": "license IS NULL"}, ["land", "empty"]),
        ({"filter": "T_DURING(time, INTERVAL('2019-01-01','2022-01-01'))"}, ["land", "sea"]),
        ({"filter": "geometry IS NULL"}, ["empty"]),
    ],
)
def test_collections(parameters: dict[str, str], expected: list[str]):
    """RC-11 to RC-15, on what their records say."""
    assert found(**parameters) == expected


def test_what_cannot_be_asked_of_collections():
    for name, value in (("filter", "nothing = 'x'"), ("sortby", "keywords"), ("facets", "products")):
        with pytest.raises(BadValue, match=name):
            found(**{name: value})


def test_facets_of_collections():
    search = collections_search({"facets": "type,platform"}, collection_names())
    counts = search.counted(judged(each, {}) for each in (LAND, SEA))
    assert counts == {"type": (("series", 2),), "platform": (("sentinel-3a", 1),)}


def test_what_collections_hold_together():
    other = held("other", count=4)
    assert together([LAND, other, EMPTY]).count == 7
    assert together([LAND, EMPTY]).bbox == (0, 0, 10, 10)
    assert together([EMPTY]) == Holdings() == together([])
