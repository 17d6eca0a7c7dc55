"""Collections as harvests make them: of the registry, of the provider's own description, of both."""

from __future__ import annotations

from uuid import uuid4

import pytest
from ckan import model

from ckanext.nextgeoss.eo.collection import Collection
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.collections import put_collections
from ckanext.nextgeoss.harvesters.offers import Terms
from ckanext.nextgeoss.harvesters.terms import organization_id
from ckanext.nextgeoss.tests.harvesting import act

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture()
def terms(with_plugins: None) -> Terms:
    """Of a source that shares no ids, so that no other test meets its collections."""
    owner = organization_id(f"o-{uuid4().hex[:8]}", "Owner")
    model.Session.commit()
    return Terms(source_id="", provider_id="p", owner_org=owner, scope=uuid4().hex)


def test_an_unknown_collection_is_made_of_the_providers_own_description(terms: Terms) -> None:
    name = f"unknown-{uuid4().hex[:8]}"
    said = Collection(
        id=name, title="A collection of theirs", description="What they say.", keywords=("snow", "ice"),
        license="CC-BY-4.0", doi="10.1234/x", citation="They, 2026", platforms=("sentinel-1a",),
        instruments=("c-sar",), providers=("They",), thumbnail="https://x.example/t.png",
        aliases=("THEIRS",), footprint=Footprint.from_bbox(0, 40, 10, 50),
        time=TemporalExtent.of("2020-01-01", ""),
    )  # fmt: skip
    put_collections([name], {name: said}, terms)
    shown = act("package_show", id=name)
    assert (shown["title"], shown["notes"]) == ("A collection of theirs", "What they say.")
    assert {tag["name"] for tag in shown["tags"]} == {"snow", "ice"}
    assert (shown["license_id"], shown["doi"], shown["citation"]) == ("CC-BY-4.0", "10.1234/x", "They, 2026")
    assert (shown["platforms"], shown["instruments"]) == (["sentinel-1a"], ["c-sar"])
    assert (shown["providers"], shown["thumbnail"]) == (["They"], "https://x.example/t.png")
    assert shown["timerange_start"] == "2020-01-01T00:00:00Z" and "Polygon" in shown["spatial"]
    assert shown["aliases"] == ["THEIRS"]


def test_one_that_nobody_describes_has_its_id_for_a_title(terms: Terms) -> None:
    name = f"bare-{uuid4().hex[:8]}"
    put_collections([name], {}, terms)
    assert act("package_show", id=name)["title"] == name


def test_what_a_collection_supersedes_is_told_from_the_registry(terms: Terms) -> None:
    said = Collection(id="modis-13Q1-061", title="Vegetation indices of theirs")
    put_collections(["modis-13Q1-061"], {"modis-13Q1-061": said}, terms)
    found = act("package_search", fq=f"+dataset_type:eo_collection +owner_org:{terms.owner_org}")
    shown = found["results"]
    if not shown:  # another test has made the shared one
        shown = [act("collection_show", id="modis-13Q1-061")]
    assert shown[0]["supersedes"] == ["modis-terra-mod13q1", "modis-aqua-myd13q1"]
