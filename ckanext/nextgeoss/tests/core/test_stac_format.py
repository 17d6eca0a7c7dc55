from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.errors import BadRecord
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.stac import read_collection, read_item, read_page, write_item, write_page
from ckanext.nextgeoss.eo.page import Page
from ckanext.nextgeoss.eo.product import Problem, Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent, parse_time
from ckanext.nextgeoss.tests.core.strategies import modest, products

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}


def item(**members: Any) -> dict[str, Any]:
    """A small item; `properties` and `assets` are added to its own."""
    properties = {"datetime": "2020-01-01T10:00:00Z"} | members.pop("properties", {})
    base = {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": "S2A",
        "collection": "sentinel-2-l2a",
        "links": [],
    }
    return base | {"geometry": SQUARE, "properties": properties, "assets": {}} | members


# --- both ways


@modest
@given(products())
def test_a_product_survives_as_an_item(product: Product) -> None:
    written = json.loads(json.dumps(write_item(product)))
    read = read_item(written)
    assert read == product
    assert read.content_hash() == product.content_hash()
    assert read.problems == ()


@modest
@given(
    st.lists(products(), max_size=3),
    st.none() | st.integers(0, 10**9),
    st.sampled_from(["", "https://x/?p=2"]),
)
def test_a_page_survives_as_an_item_collection(
    found: list[Product], total: int | None, following: str
) -> None:
    page = Page(tuple(found), total, following)
    assert read_page(write_page(page)) == page


# --- what is written


def test_an_item_says_exactly_the_extensions_it_uses() -> None:
    product = Product(
        id="a",
        collection="c",
        properties={"cloud_cover": 5.0, "platform": "sentinel-2a", "relative_orbit": 8},
        assets=(Asset(key="x", href="https://x.example/x", size=3),),
    )
    extensions = write_item(product)["stac_extensions"]
    assert [address.split("github.io/")[1].split("/")[0] for address in extensions] == ["eo", "file", "sat"]
    assert write_item(Product(id="a", collection="c"))["stac_extensions"] == []


def test_values_that_stac_does_not_allow_go_by_our_own_names() -> None:
    product = Product(
        id="a",
        collection="c",
        time=TemporalExtent.parse("2020-01-01T10:00:00Z"),
        properties={
            "absolute_orbit": 0,
            "grid_code": "not a code",
            "timeliness_category": "NRT",
            "is_output": True,
        },
    )
    written = write_item(product)
    assert {name for name in written["properties"] if ":" in name} == {
        "nextgeoss:absolute_orbit",
        "nextgeoss:grid_code",
        "nextgeoss:timeliness_category",
        "nextgeoss:is_output",
    }
    assert read_item(written) == product


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-01-01T10:00:00Z", {"datetime": "2020-01-01T10:00:00Z"}),
        (
            "2020-01-01T10:00:00Z/2020-01-02T10:00:00Z",
            {
                "datetime": "2020-01-01T10:00:00Z",
                "start_datetime": "2020-01-01T10:00:00Z",
                "end_datetime": "2020-01-02T10:00:00Z",
            },
        ),
        (
            "2020-01-01T10:00:00Z/..",
            {"datetime": "2020-01-01T10:00:00Z", "nextgeoss:time": "2020-01-01T10:00:00Z/.."},
        ),
        (
            "../..",
            {
                "datetime": None,
                "start_datetime": "0001-01-01T00:00:00Z",
                "end_datetime": "9999-12-31T23:59:59Z",
                "nextgeoss:time": "../..",
            },
        ),
    ],
)
def test_how_times_are_written(text: str, expected: dict[str, Any]) -> None:
    product = Product(id="a", collection="c", time=TemporalExtent.parse(text))
    assert write_item(product)["properties"] == expected


def test_a_footprint_across_the_antimeridian_has_west_over_east() -> None:
    product = Product(id="a", collection="c", footprint=Footprint.from_bbox(170, -10, -170, 10))
    assert write_item(product)["bbox"] == [170, -10, -170, 10]
    assert "bbox" not in write_item(Product(id="a", collection="c"))


def test_links_lead_below_the_base() -> None:
    written = write_item(Product(id="a/b", collection="c d"), base_url="https://hub.example/stac/")
    assert {link["rel"]: link["href"] for link in written["links"]} == {
        "self": "https://hub.example/stac/collections/c%20d/items/a%2Fb",
        "parent": "https://hub.example/stac/collections/c%20d",
        "collection": "https://hub.example/stac/collections/c%20d",
        "root": "https://hub.example/stac",
    }


# --- what is read


def test_an_item_of_today() -> None:
    product = read_item(
        item(
            properties={
                "title": "A tile",
                "eo:cloud_cover": 12.5,
                "proj:code": "EPSG:32631",
                "processing:software": {"Sen2Cor": "2.11", "plain": ""},
                "instruments": ["msi"],
                "s2:unknown": 5,
                "created": "2020-01-02T00:00:00.5Z",
            },
            assets={
                "B04": {
                    "href": "https://x.example/B04.tif",
                    "type": "image/tiff; application=geotiff",
                    "roles": ["data", "reflectance"],
                    "title": "Red",
                    "file:size": 5,
                    "file:checksum": "d50110" + "0" * 32,
                }
            },
        )
    )
    assert product == Product(
        id="S2A",
        collection="sentinel-2-l2a",
        title="A tile",
        footprint=Footprint.from_bbox(0, 0, 1, 1),
        time=TemporalExtent.parse("2020-01-01T10:00:00Z"),
        properties={
            "cloud_cover": 12.5,
            "proj_code": "EPSG:32631",
            "processing_software": ("Sen2Cor 2.11", "plain"),
            "instruments": ("msi",),
            "created": parse_time("2020-01-02T00:00:00.5Z"),
        },
        assets=(
            Asset(
                key="B04",
                href="https://x.example/B04.tif",
                roles=("data", "reflectance"),
                title="Red",
                media_type="image/tiff; application=geotiff",
                size=5,
                checksum="md5:" + "0" * 32,
            ),
        ),
    )
    assert product.problems == ()


@pytest.mark.parametrize(
    ("old", "expected"),
    [
        ({"eo:platform": "landsat-8"}, {"platform": "landsat-8"}),
        ({"eo:instrument": "OLI_TIRS"}, {"instruments": ("oli_tirs",)}),
        ({"eo:epsg": 32631}, {"proj_code": "EPSG:32631"}),
        ({"proj:epsg": 4326}, {"proj_code": "EPSG:4326"}),
        ({"proj:epsg": None}, {}),
        ({"proj:epsg": 4326, "proj:code": "EPSG:32631"}, {"proj_code": "EPSG:32631"}),
        ({"eo:sun_azimuth": -41.5, "eo:off_nadir": 0}, {"sun_azimuth": 318.5, "off_nadir": 0.0}),
        ({"sar:polarization": ["VV", "vh"]}, {"polarizations": ("VV", "VH")}),
        ({"sar:product_type": "GRD"}, {"product_type": "GRD"}),
        ({"sar:resolution": [20, 22]}, {"resolution_range": 20.0, "resolution_azimuth": 22.0}),
        ({"sar:pass_direction": "DESCENDING"}, {"orbit_state": "descending"}),
        ({"platform": "a", "eo:platform": "b"}, {"platform": "a"}),
        ({"eo:cloud_cover": None, "cloudCover": 3}, {"cloud_cover": 3.0}),
        ({"providers": [{"name": "ESA", "roles": ["producer"]}]}, {"providers": ("ESA",)}),
    ],
)
def test_old_and_other_names(old: dict[str, Any], expected: dict[str, Any]) -> None:
    product = read_item(item(properties=old))
    assert product.properties == expected
    assert product.problems == ()


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({"datetime": None, "start_datetime": "2020-01-01T00:00:00Z", "end_datetime": "2020-12-31T00:00:00Z"},
         "2020-01-01T00:00:00Z/2020-12-31T00:00:00Z"),
        ({"datetime": "2020-01-01T15:00:00Z", "start_datetime": "2020-01-01T00:00:00Z",
          "end_datetime": "2020-01-01T00:00:10Z"}, "2020-01-01T00:00:00Z/2020-01-01T00:00:10Z"),
        ({"start_datetime": None, "end_datetime": None}, "2020-01-01T10:00:00Z"),
        ({"dtr:start_datetime": "2020-01-01T00:00:00Z", "dtr:end_datetime": "2020-01-02T00:00:00Z"},
         "2020-01-01T00:00:00Z/2020-01-02T00:00:00Z"),
        ({"datetime": None}, "../.."),
    ],
)  # fmt: skip
def test_the_pair_of_times_is_preferred(times: dict[str, Any], expected: str) -> None:
    assert read_item(item(properties=times)).time.isoformat() == expected


@pytest.mark.parametrize(
    ("asset", "roles"),
    [
        ({"type": "image/tiff"}, ("data",)),
        ({"type": "application/xml"}, ("metadata",)),
        ({"type": "image/png", "roles": None}, ("data",)),
        ({"roles": []}, ()),
        ({"roles": ["overview", "visual"]}, ("overview", "visual")),
        ({"roles": "thumbnail"}, ("thumbnail",)),
    ],
)
def test_roles_are_guessed_only_when_missing(asset: dict[str, Any], roles: tuple[str, ...]) -> None:
    (found,) = read_item(item(assets={"B04": {"href": "https://x.example/B04"} | asset})).assets
    assert found.roles == roles


@pytest.mark.parametrize(
    ("key", "role"), [("Thumbnail", "thumbnail"), ("quicklook", "overview"), ("MTL.xml", "metadata")]
)
def test_roles_are_guessed_by_key(key: str, role: str) -> None:
    (found,) = read_item(item(assets={key: {"href": "https://x.example/x"}})).assets
    assert found.roles == (role,)


def test_addresses_of_assets() -> None:
    """Relative ones are those of the item, and what a browser can open is preferred to an object store's."""
    product = read_item(
        item(
            links=[{"rel": "self", "href": "https://x.example/items/a.json"}],
            assets={
                "a": {"href": "./a.tif"},
                "b": {"href": "s3://bucket/b", "alternate": {"https": {"href": "https://x.example/b"}}},
                "c": {"href": "s3://bucket/c", "alternate": {"other": {"href": "s3://other/c"}}},
            },
        )
    )
    assert read_item(item(assets={"a": {"href": "a.tif"}})).assets[0].href == "a.tif"
    base = {"rel": "self", "href": "http://[bad"}
    assert read_item(item(links=[base], assets={"a": {"href": "a.tif"}})).assets[0].href == "a.tif"
    hrefs = [asset.href for asset in product.assets]
    assert hrefs == ["https://x.example/items/a.tif", "https://x.example/b", "s3://bucket/c"]


def test_what_is_wrong_is_noted_and_the_product_kept() -> None:
    product = read_item(
        item(
            geometry={"type": "Polygon", "coordinates": [[[0, 0], [0, 95], [1, 1], [0, 0]]]},
            bbox=[0, 0, 1, 1],
            properties={
                "datetime": "2015-01-08T22:57:31ZZ", "eo:cloud_cover": 120, "platform": "a",
                "sat:relative_orbit": "x",
            },
            assets={
                "a": {"type": "image/png"}, "b": {"href": "https://x.example/b", "file:size": "many"},
                "c": {"href": "https://x.example/c", "file:size": -1}, "d": 5,
            },
        )
    )  # fmt: skip
    assert product.footprint == Footprint.from_bbox(0, 0, 1, 1)
    assert product.properties == {"platform": "a"}
    assert [asset.key for asset in product.assets] == ["b", "c"]
    noted = {problem.where: problem.reason for problem in product.problems}
    assert set(noted) == {
        "geometry", "datetime", "properties.eo:cloud_cover", "properties.sat:relative_orbit", "assets.a.href",
        "assets.b.file:size",
    }  # fmt: skip
    assert noted["properties.eo:cloud_cover"] == "120.0 is not allowed; expected a number from 0 up to 100"
    assert noted["assets.a.href"] == "none given (and 1 more assets)"
    assert noted["geometry"] == "the bbox is taken instead"


def test_a_repaired_geometry_is_noted() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    assert read_item(item(geometry=bow)).problems == (Problem("geometry", "self-crossing ring repaired"),)


@pytest.mark.parametrize("geometry", [None, {}, [], {"type": "Polygon", "coordinates": []}])
def test_no_geometry_is_a_normal_case(geometry: object) -> None:
    product = read_item(item(geometry=geometry))
    assert product.footprint is None
    assert product.problems == ()


@pytest.mark.parametrize(
    ("members", "collection"),
    [
        ({"collection": "c"}, "c"),
        ({"collection": None, "properties": {"collection": "landsat-8-l1"}}, "landsat-8-l1"),
        ({"collection": None, "properties": {"c:id": "sentinel-2-l1c"}}, "sentinel-2-l1c"),
        (
            {
                "collection": None,
                "links": [{"rel": "collection", "href": "https://x.example/v1/collections/s%202/?a=1"}],
            },
            "s 2",
        ),
        ({"collection": None}, "given"),
    ],
)
def test_the_collection_of_an_item(members: dict[str, Any], collection: str) -> None:
    assert read_item(item(**members), collection="given").collection == collection


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (item(id=None), "record 7: no id"),
        (item(id="  "), "record 7: no id"),
        (item(collection=None), "record 7: item S2A names no collection"),
        ("text", "record 7: not a STAC item but str"),
        (None, "record 7: not a STAC item but NoneType"),
    ],
)
def test_without_id_or_collection_it_is_an_error_of_the_record(record: Any, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        read_item(record, position=7)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
members = st.sampled_from(["geometry", "bbox", "properties", "assets", "links", "collection", "stac_version"])
fields = st.sampled_from(
    ["datetime", "start_datetime", "eo:cloud_cover", "instruments", "proj:epsg", "eo:sun_azimuth",
     "sci:publications",      "processing:software", "sar:resolution",
     "title", "providers", "created", "nextgeoss:time"]
)  # fmt: skip
asset_fields = st.sampled_from(["href", "type", "roles", "title", "file:size", "file:checksum", "alternate"])


@modest
@given(
    st.dictionaries(members, json_values),
    st.dictionaries(fields, json_values),
    st.dictionaries(asset_fields, json_values),
)
def test_no_nonsense_breaks_it(
    wrong: dict[str, Any], properties: dict[str, Any], asset: dict[str, Any]
) -> None:
    """Whatever JSON an item holds, it is read with problems noted, or is a BadRecord."""
    record = item(properties=properties, assets={"a": asset}) | wrong
    try:
        product = read_item(record)
    except BadRecord:
        assert not isinstance(record["collection"], str) or not record["collection"].strip()
        return
    assert read_item(write_item(product)) == product


# --- collections


def test_a_collection() -> None:
    collection = read_collection(
        {
            "stac_version": "1.1.0", "type": "Collection", "id": "s2", "title": "Sentinel-2",
            "description": "Tiles.", "keywords": ["msi", "msi", "esa"], "license": "other",
            "links": [{"rel": "license", "href": "https://x.example/licence"}],
            "providers": [{"name": "ESA"}, {"name": "AWS"}, {}],
            "extent": {
                "spatial": {"bbox": [[-180, -84, 180, 84], [0, 0, 1, 1]]},
                "temporal": {"interval": [["2015-06-23T00:00:00Z", None]]},
            },
            "summaries": {
                "platform": ["sentinel-2a", "sentinel-2b"], "instruments": ["msi"],
                "eo:cloud_cover": {"minimum": 0},
            },
            "sci:doi": "10.5270/S2", "sci:citation": "ESA",
            "assets": {"thumbnail": {"href": "https://x.example/t.png", "roles": ["thumbnail"]}},
        }
    )  # fmt: skip
    assert (collection.id, collection.title, collection.description) == ("s2", "Sentinel-2", "Tiles.")
    assert (collection.keywords, collection.license) == (("msi", "esa"), "https://x.example/licence")
    assert (collection.doi, collection.citation) == ("10.5270/S2", "ESA")
    assert (collection.platforms, collection.instruments) == (("sentinel-2a", "sentinel-2b"), ("msi",))
    assert collection.providers == ("ESA", "AWS")
    assert collection.footprint == Footprint.from_bbox(-180, -84, 180, 84)
    assert collection.time.isoformat() == "2015-06-23T00:00:00Z/.."
    assert collection.thumbnail == "https://x.example/t.png"


def test_an_old_or_broken_collection() -> None:
    old = {
        "id": "l8",
        "extent": {"spatial": [-180, -90, 180, 90]},
        "properties": {"eo:platform": "landsat-8"},
    }
    assert read_collection(old).platforms == ("landsat-8",)
    broken = {
        "id": "x",
        "extent": {"spatial": {"bbox": [[1]]}, "temporal": {"interval": [["a", "b"]]}},
        "links": 5,
    }
    assert read_collection(broken).footprint is None
    with pytest.raises(BadRecord, match="collection without id"):
        read_collection({})
