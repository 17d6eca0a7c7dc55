"""DCAT documents of ckanext-dcat: those of all our datasets are there, and tell how users rate them."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from ckan.plugins import toolkit
from ckan.tests.helpers import call_action
from rdflib import Graph, Literal, Namespace
from rdflib.namespace import DCAT, DCTERMS, RDF, XSD

from ckanext.nextgeoss.feedback import dcat
from ckanext.nextgeoss.tests.feedback import Hub, make_hub, new_user
from ckanext.nextgeoss.tests.harvesting import index_waiting

# ckanext-dcat builds on a class that rdflib is going to rename
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
DQV, SCHEMA = Namespace("http://www.w3.org/ns/dqv#"), Namespace("https://schema.org/")
BOX = {"type": "Polygon", "coordinates": [[[1, 43], [2, 43], [2, 44], [1, 44], [1, 43]]]}


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


def product(hub: Hub, **more: Any) -> dict[str, Any]:
    return hub.product(f"c_{uuid4().hex[:8]}", f"P_{uuid4().hex}", spatial=json.dumps(BOX), **more)


def read(app: Any, address: str, **more: Any) -> Graph:
    return Graph().parse(data=app.get(address, **more).body, format="turtle")


def test_a_product_tells_its_mean_and_how_many_rated_it(hub: Hub, app: Any) -> None:
    data = product(hub)
    for stars in (2, 5):
        hub.review(new_user(), data, stars)
    graph = read(app, f"/dataset/{data['name']}.ttl")
    (thing,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert graph.value(thing, DCTERMS.title) == Literal(data["title"])
    total = graph.value(thing, SCHEMA.aggregateRating)
    assert graph.value(total, SCHEMA.ratingValue).toPython() == 3.5
    assert graph.value(total, SCHEMA.ratingCount).toPython() == 2
    (measured,) = graph.objects(thing, DQV.hasQualityMeasurement)
    assert graph.value(measured, DQV.computedOn) == thing
    assert graph.value(measured, DQV.value) == Literal("3.5", datatype=XSD.double)


def test_what_nobody_rated_says_nothing(hub: Hub, app: Any) -> None:
    for data in (product(hub), hub.dataset()):
        graph = read(app, f"/dataset/{data['name']}.ttl")
        assert list(graph.subjects(RDF.type, DCAT.Dataset))
        assert not list(graph.subject_objects(SCHEMA.aggregateRating))
        assert not list(graph.subject_objects(DQV.hasQualityMeasurement))


def test_the_catalogue_tells_it_of_all_datasets_of_a_page(hub: Hub, app: Any) -> None:
    rated, other = product(hub), product(hub)
    hub.review(new_user(), rated, 4)
    index_waiting()
    graph = read(app, f"/catalog.ttl?fq=%2Bowner_org:{hub.organization['id']}")
    by_id = {str(code): thing for thing, code in graph.subject_objects(DCTERMS.identifier)}
    found = {code: graph.value(thing, SCHEMA.aggregateRating) for code, thing in by_id.items()}
    shown = [
        next(found[code] for code in found if each["id"] in code or each["identifier"] in code)
        for each in (rated, other)
    ]
    assert shown[0] is not None and shown[1] is None


def test_a_private_dataset_has_none(hub: Hub, app: Any) -> None:
    data = hub.dataset(private=True)
    assert app.get(f"/dataset/{data['name']}.ttl", expect_errors=True).status_code in (403, 404)


def test_schemas_that_are_none_are_still_not_found() -> None:
    assert call_action("scheming_dataset_schema_show", type="dataset") == {}
    with pytest.raises(toolkit.ObjectNotFound):
        call_action("scheming_dataset_schema_show", type="no_such_type")
    assert call_action("scheming_dataset_schema_show", type="eo_product")["dataset_type"] == "eo_product"


@pytest.mark.parametrize("said", ["", "euro_dcat_ap_3"])
def test_who_names_no_other_profiles_has_ours(said: str) -> None:
    config = {dcat.OPTION: said}
    dcat.offer(config)
    assert config[dcat.OPTION] == "euro_dcat_ap_3 nextgeoss_feedback"


def test_a_site_that_names_its_profiles_keeps_them() -> None:
    config = {dcat.OPTION: "schemaorg"}
    dcat.offer(config)
    assert config[dcat.OPTION] == "schemaorg"
