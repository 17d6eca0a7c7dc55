"""Answers in the form of DHuS: what they say is read from them again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.dhus import DHUS
from ckanext.nextgeoss.eo.formats.dhus_write import DhusSearch, write_atom, write_json
from ckanext.nextgeoss.eo.formats.feed import read_page
from ckanext.nextgeoss.eo.formats.gml import read_gml_text
from ckanext.nextgeoss.eo.formats.gml2_write import write_gml2
from ckanext.nextgeoss.eo.formats.odata2 import ODATA2
from ckanext.nextgeoss.eo.formats.odata2_write import write_entity
from ckanext.nextgeoss.eo.formats.site import Site
from ckanext.nextgeoss.eo.page import Entry, Page
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.eo.xml import parse_xml
from ckanext.nextgeoss.tests.core.strategies import footprints, modest, products

SITE = Site("https://hub.example")
NOW = datetime(2024, 3, 31, 12, 30, tzinfo=timezone.utc)
UUID = "6f0c9d1e-2a34-4b56-8c78-9d0e1f2a3b4c"
ENTRY = Entry(uuid=UUID, name="s2", created=NOW, modified=NOW)
SEARCH = DhusSearch(address="https://hub.example/dhus/search", words="a b", start=10, rows=10, updated=NOW)
# told by the hub itself, or of satellites in words of its own
OWN = {"ingested", "platform", "platform_serial", "constellation", "platform_international_designator"}
SCENE = Product(
    id="S2A_MSIL1C_20240331T100021_N0510_R122_T33UWP_20240331T120000",
    collection="sentinel-2-l1c",
    footprint=Footprint.from_bbox(15, 48, 16, 49),
    time=TemporalExtent.parse("2024-03-31T10:00:21.024Z/2024-03-31T10:00:22Z"),
    properties={
        "platform": "sentinel-2a",
        "instruments": ("msi",),
        "orbit_state": "descending",
        "processing_level": "L1C",
        "cloud_cover": 12.5,
        "relative_orbit": 122,
        "polarizations": ("VV", "VH"),
    },
    assets=(
        Asset(key="s3", href="s3://bucket/a", roles=("data",)),
        Asset(
            key="product",
            href="https://data.example/a.zip",
            roles=("data",),
            size=714_060_123,
            checksum="md5:d41d8cd98f00b204e9800998ecf8427e",
            media_type="application/zip",
        ),
        Asset(key="thumbnail", href="https://data.example/a.jpg", roles=("thumbnail",)),
    ),
)


def page_of(*found: Product, total: int = 35) -> Page:
    return Page(found, total, entries=tuple(replace(ENTRY, name=product.id) for product in found))


def told(page: Page) -> list[dict[str, str]]:
    """What the entries of JSON say, by name."""
    entries: list[dict[str, Any]] = write_json(page, SEARCH, SITE)["feed"]["entry"]
    kinds = ("str", "int", "date", "double", "long", "bool")
    return [{x["name"]: x["content"] for kind in kinds for x in entry.get(kind, ())} for entry in entries]


@modest
@given(st.lists(products(), max_size=3))
def test_what_is_told_is_read_again(found: list[Product]) -> None:
    """As JSON and as Atom; files are those of the hub, one of each kind."""
    page = page_of(*found)
    for document in (write_json(page, SEARCH, SITE), parse_xml(write_atom(page, SEARCH, SITE))):
        read = read_page(DHUS, document, "")
        assert (read.total, bool(read.next)) == (35, bool(found))
        for product, again in zip(found, read.products, strict=True):
            assert not again.problems
            for name in ("id", "collection", "title", "footprint", "time"):
                assert getattr(again, name) == getattr(product, name), name
            for name in {*product.properties, *again.properties} - OWN:
                assert again.properties[name] == product.properties[name]
            assert again.properties["ingested"] == NOW


def test_a_name_that_dhus_has_for_something_else_is_ours_with_a_prefix() -> None:
    product = Product(id="x", collection="y", properties={"timeliness": "PT3H", "timeliness_category": "NRT"})
    (said,) = told(page_of(product))
    assert (said["nextgeoss:timeliness"], said["timeliness"]) == ("PT3H", "NRT")


def test_a_scene_is_told_in_words_of_dhus() -> None:
    (said,) = told(page_of(SCENE))
    assert said["platformname"] == "Sentinel-2"
    assert said["platformserialidentifier"] == "Sentinel-2A"
    assert (said["orbitdirection"], said["processinglevel"]) == ("DESCENDING", "Level-1C")
    assert (said["cloudcoverpercentage"], said["relativeorbitnumber"]) == ("12.5", "122")
    assert said["polarisationmode"] == "VV VH"
    assert said["size"] == "714.060123 MB"
    assert (said["uuid"], said["ingestiondate"]) == (UUID, "2024-03-31T12:30:00Z")
    assert said["beginposition"] == "2024-03-31T10:00:21.024Z"
    read = read_page(DHUS, write_json(page_of(SCENE), SEARCH, SITE), "").products[0]
    own = f"https://hub.example/dhus/odata/v1/Products('{UUID}')"
    assert {asset.href: asset.roles for asset in read.assets} == {
        f"{own}/$value": ("data",),
        f"{own}/": ("metadata",),
        f"{own}/Products('Quicklook')/$value": ("overview",),
    }
    assert read.assets[0].size == 714_060_123
    assert read.properties["platform"] == "sentinel-2a"


def test_a_satellite_of_another_kind_is_told_by_its_name() -> None:
    product = replace(SCENE, properties={"platform": "landsat-8"})
    assert told(page_of(product))[0]["platformname"] == "landsat-8"
    assert "platformserialidentifier" not in told(page_of(product))[0]


def test_a_product_without_files_has_no_link_to_one() -> None:
    product = replace(SCENE, assets=SCENE.assets[:1])
    entry = write_json(page_of(product), SEARCH, SITE)["feed"]["entry"][0]
    assert [link["rel"] for link in entry["link"]] == ["alternative"]
    assert "size" not in told(page_of(product))[0]


def test_pages_lead_to_each_other() -> None:
    links = write_json(page_of(SCENE), replace(SEARCH, order="beginposition asc"), SITE)["feed"]["link"]
    found = {link["rel"]: parse_qs(urlsplit(link["href"]).query) for link in links}
    starts = {relation: asked["start"] for relation, asked in found.items() if relation != "search"}
    assert starts == {"self": ["10"], "first": ["0"], "previous": ["0"], "next": ["20"], "last": ["30"]}
    assert found["next"] | {"start": []} == {
        "q": ["a b"], "rows": ["10"], "orderby": ["beginposition asc"], "format": ["json"], "start": [],
    }  # fmt: skip


def test_a_count_has_no_pages() -> None:
    links = write_json(Page((), 35), replace(SEARCH, start=0, rows=0), SITE)["feed"]["link"]
    assert [link["rel"] for link in links] == ["self", "first", "search"]


@modest
@given(footprints())
def test_areas_are_told_in_gml_2(area: Footprint) -> None:
    assert read_gml_text(write_gml2(area), "") == Footprint.from_geojson(area.geojson)


def test_an_entity_is_read_again() -> None:
    entity = write_entity(SCENE, ENTRY, SITE, with_attributes=True)
    again = read_page(ODATA2, entity, "").products[0]
    assert not again.problems
    assert (again.id, again.footprint, again.time) == (SCENE.id, SCENE.footprint, SCENE.time)
    for name in ("platform", "instruments", "cloud_cover", "relative_orbit", "orbit_state"):
        assert again.properties[name] == SCENE.properties[name]
    data = again.assets[0]
    assert data.href == f"https://hub.example/dhus/odata/v1/Products('{UUID}')/$value"
    assert (data.size, data.checksum) == (714_060_123, "md5:d41d8cd98f00b204e9800998ecf8427e")


@modest
@given(products())
def test_an_entity_has_all_members_that_clients_read(product: Product) -> None:
    entity = write_entity(product, ENTRY, SITE)["d"]
    assert (entity["Id"], entity["Name"]) == (UUID, product.id)
    assert entity["ContentLength"].isdigit()
    assert entity["Checksum"]["Algorithm"]
    assert entity["CreationDate"] == entity["IngestionDate"] == "/Date(1711888200000)/"
    assert "results" not in entity["Attributes"]
    assert ODATA2.product(entity, collection=product.collection).id == product.id
