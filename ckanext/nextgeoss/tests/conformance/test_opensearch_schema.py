"""Description documents and feeds before the schemas of OpenSearch Geo and Time (OGC 10-032), by jing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from ckanext.nextgeoss.search import catalogue as catalogues
from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.feedback import act, fit, new_user
from ckanext.nextgeoss.tests.harvesting import index_waiting
from ckanext.nextgeoss.tests.jing import complaints
from ckanext.nextgeoss.tests.opensearch import OS, Hub
from ckanext.nextgeoss.tests.shared import standards

OGC = "ogc-10-032r8"
FEED_SCHEMAS = tuple(
    f"{OGC}/{name}.rnc" for name in ("schemas/atomgeo", "schemas/atomtime", "tests/result-atom")
)


def handmade(name: str) -> bytes:
    return Path(standards() / "opensearch" / "handmade" / name).read_bytes()


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        (f"{OGC}/schemas/osddgeo.rnc", "osdd"),
        (f"{OGC}/schemas/atomgeo.rnc", "feed"),
    ],
)
def test_the_judge_knows_good_from_bad(schema: str, name: str) -> None:
    assert complaints(schema, [handmade(f"{name}_safe.xml")]) == []
    assert complaints(schema, [handmade(f"{name}_invalid.xml")])


# each asks for parameters by an assert of Schematron, which jing leaves out: the parameters are asked here
DOCUMENT_TESTS = {
    "osd": (),
    "osddgeo": ("{geo:box",),
    "searchbyid": ("{geo:uid",),
    "searchbygeometry": ("{geo:geometry",),
    "searchbypointradius": ("{geo:lat", "{geo:lon", "{geo:radius"),
    "searchbyname": ("{geo:name",),
    "searchbytime": ("{time:start", "{time:end"),
    "spatialrelations": ("{geo:relation",),
    "timerelations": ("{time:relation",),
}


@pytest.fixture(scope="module")
def hub(site: Any, catalogue: Catalogue) -> Hub:
    user, contact = new_user(), {"application_domain": ["ice"]}
    act(
        user, "feedback_create", package_id=catalogue.datasets["north"]["id"], abstract="Sharp", rating=4,
        usage=fit(), contact=contact,
    )  # fmt: skip
    index_waiting()
    catalogues._domains.cache_clear()
    return Hub(site, catalogue)


@pytest.fixture(scope="module")
def documents(hub: Hub) -> list[bytes]:
    names = ("collection", "dataset", hub.catalogue.collection)
    return [hub.get("/opensearch/description.xml", osdd=name).get_data() for name in names]


def test_what_users_say_is_among_what_is_judged(hub: Hub, documents: list[bytes]) -> None:
    assert b"guf:minRating" in documents[1] and b"guf:minRating" in documents[2]
    feed = hub.get("/opensearch/search.atom", parentIdentifier=hub.catalogue.collection).get_data()
    assert b"<guf:feedback" in feed and b"thr:count" in feed


@pytest.mark.parametrize("name", DOCUMENT_TESTS)
def test_documents_pass_the_tests_of_the_standard(documents: list[bytes], name: str) -> None:
    assert complaints(f"{OGC}/tests/result-{name}.rnc", documents) == []
    for document in documents:
        url = etree.fromstring(document).find(f"{OS}Url[@type='application/atom+xml']")
        assert all(hole in url.get("template") for hole in DOCUMENT_TESTS[name])


@pytest.mark.parametrize("name", ["osddgeo", "osddtime"])
def test_documents_are_valid(documents: list[bytes], name: str) -> None:
    assert complaints(f"{OGC}/schemas/{name}.rnc", documents) == []


@pytest.mark.parametrize("schema", FEED_SCHEMAS)
def test_feeds_are_valid(hub: Hub, schema: str) -> None:
    collection = hub.catalogue.collection
    asked = [
        {
            "parentIdentifier": collection,
            "bbox": "-180,-90,180,90",
            "start": "2020-01-01",
            "cloudCover": "[0",
        },
        {"parentIdentifier": collection, "minRating": "3", "fitFirst": "ice", "sortBy": "rating"},
        {"parentIdentifier": collection, "facetLimit": "5", "count": "1", "relative_orbit": "1]"},
        {"q": "nosuchwordanywhere"},
        {"count": "0"},
    ]
    feeds = [hub.get("/opensearch/search.atom", **params).get_data() for params in asked]
    feeds.append(hub.get("/opensearch/collection_search.atom", uid=collection).get_data())
    assert complaints(schema, feeds) == []
