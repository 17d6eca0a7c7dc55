"""The search document of a dataset: typed fields in, texts of extras out, bad values noted."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.downloads import access
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Problem, Product
from ckanext.nextgeoss.eo.properties import Properties, load_properties
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.search import fields, index

PROPERTIES = load_properties()
KNOWN = fields.field_names(PROPERTIES)
BOX = {"type": "Polygon", "coordinates": [[[1, 43], [2, 43], [2, 44], [1, 44], [1, 43]]]}
DATASET: dict[str, Any] = {
    "type": "eo_product",
    "name": "s2a-1",
    "title": "Scene",
    "identifier": "S2A_1",
    "collection_id": "sentinel-2-l2a",
    "spatial": json.dumps(BOX),
    "timerange_start": "2024-05-01T10:20:30.123Z",
    "timerange_end": "2024-05-01T10:20:45.9Z",
    "cloud_cover": 9.5,
    "absolute_orbit": 51234,
    "platform": "sentinel-2a",
    "instruments": ["msi"],
    "license_id": "CC-BY-4.0",
    "problems": [{"where": "gsd", "reason": "no number"}],
    "resources": [{"url": "s3://bucket/key", "key": "product", "roles": ["data"], "id": "r"}],
}


def document(dataset: dict[str, Any], **others: Any) -> dict[str, Any]:
    """What CKAN gives to `before_dataset_index`, as far as it matters here."""
    texts = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in dataset.items()
        if key not in ("type", "name", "title", "license_id", "resources")
    }
    plain = {key: dataset[key] for key in ("type", "name", "title", "license_id") if key in dataset}
    extras = {f"extras_{key}": value for key, value in texts.items()}
    return {
        **plain, **texts, **extras, "id": "1", "organization": "esa", "groups": ["fires"],
        "data_dict": "{}", "validated_data_dict": json.dumps(dataset), **others,
    }  # fmt: skip


def test_a_product_gets_typed_fields() -> None:
    found = index.product_document(document(DATASET), PROPERTIES, KNOWN, ["floods"])
    ours = {name: value for name, value in found.items() if name.startswith("eo_")}
    assert ours == {
        "eo_identifier": "S2A_1",
        "eo_collection": "sentinel-2-l2a",
        "eo_footprint": "POLYGON ((1 43, 2 43, 2 44, 1 44, 1 43))",
        "eo_cell": ["placed", "16b195", "8b742", "4b3015", "2b11970", "2b11971", "2b12150", "2b12151"],
        "eo_west": 1.0, "eo_south": 43.0, "eo_east": 2.0, "eo_north": 44.0,
        "eo_time": "[2024-05-01T10:20:30Z TO 2024-05-01T10:20:45Z]",
        "eo_start": "2024-05-01T10:20:30.123Z",
        "eo_end": "2024-05-01T10:20:45.9Z",
        "eo_cloud_cover": 9.5,
        "eo_absolute_orbit": 51234,
        "eo_platform": "sentinel-2a",
        "eo_instruments": ["msi"],
        "eo_license_id": "CC-BY-4.0",
        "eo_provider": "esa",
        "eo_topic": ["fires", "floods"],
        "eo_access": "sign-in",
        "eo_problem": ["gsd: no number"],
    }  # fmt: skip


def test_a_product_loses_what_the_typed_fields_say() -> None:
    more = {"extras_colour": "blue", "colour": "blue", "res_url": ["https://h.example/a.zip"]}
    given = document(DATASET, **more, validated_data_dict=json.dumps(DATASET))
    found = index.product_document(given, PROPERTIES, KNOWN)
    gone = {"spatial", "cloud_cover", "identifier", "collection_id", "timerange_start", "problems"}
    assert not gone & set(found)
    assert not [name for name in found if name.startswith("extras_") or name == "res_url"]
    assert found["colour"] == "blue", "what is not ours stays"
    assert found["license_id"] == "CC-BY-4.0", "a field of CKAN's own stays"
    assert found["data_dict"] == given["data_dict"]
    assert found["validated_data_dict"] == given["validated_data_dict"]
    assert {"S2A_1", "sentinel-2-l2a", "sentinel-2a", "msi", "blue"} <= set(found["text"])


def test_fields_the_core_lacks_are_not_sent() -> None:
    found = index.product_document(document(DATASET), PROPERTIES, {"eo_cloud_cover"})
    assert [name for name in found if name.startswith("eo_")] == ["eo_cloud_cover"]


def test_bad_values_are_noted_and_the_good_ones_kept() -> None:
    bad = {"spatial": "nowhere", "cloud_cover": "clear", "timerange_end": "2024-04-01T00:00:00Z"}
    found = index.product_document(document(DATASET | bad), PROPERTIES, KNOWN)
    noted = sorted(problem.partition(":")[0] for problem in found["eo_problem"])
    assert noted == ["cloud_cover", "gsd", "spatial", "timerange_end"]
    assert "eo_footprint" not in found
    assert found["eo_time"] == "[2024-05-01T10:20:30Z TO *]"
    assert found["eo_absolute_orbit"] == 51234


def test_shapes_that_are_no_values_at_all_fail_nothing() -> None:
    bad = {"resources": [{"name": None}], "problems": "none", "instruments": {"a": 1}, "title": None}
    found = index.product_document(document(DATASET | bad), PROPERTIES, KNOWN)
    assert found["eo_cloud_cover"] == 9.5


def test_any_other_dataset_keeps_its_texts_but_not_its_geometry() -> None:
    given = document(
        {"type": "dataset", "name": "a", "title": "A", "spatial": json.dumps(BOX), "cloud_cover": "5"}
    )
    found = index.other_document(given, PROPERTIES, KNOWN)
    assert found["eo_footprint"] == "POLYGON ((1 43, 2 43, 2 44, 1 44, 1 43))"
    assert (found["eo_cloud_cover"], found["extras_cloud_cover"]) == (5.0, "5")
    assert "spatial" not in found
    assert "extras_spatial" not in found
    assert "eo_access" not in found
    plain = index.other_document(given, PROPERTIES, ())
    assert plain == given, "without our fields a document stays as it is"


def test_access() -> None:
    def asset(href: str, *roles: str) -> Asset:
        return Asset(key="a", href=href, roles=roles)

    assert access([]) == "offline"
    assert access([asset("https://x/t.jpg", "thumbnail")]) == "offline"
    assert access([asset("s3://b/k", "data"), asset("https://x/t.jpg", "thumbnail")]) == "sign-in"
    assert access([asset("s3://b/k", "data"), asset("https://x/p.zip", "data")]) == "online"


def test_texts_longer_than_a_term_are_cut() -> None:
    product = Product(id="i" * 2000, collection="c", properties={"description": "d" * 40000})
    found = fields.solr_fields(product)
    assert (len(found["eo_identifier"]), len(found["eo_description"])) == (1000, 1000)


def test_a_product_across_180_degrees_and_without_an_end() -> None:
    product = Product(
        id="1", collection="c", footprint=Footprint.from_bbox(170, -10, -170, 10),
        time=TemporalExtent(datetime(2024, 5, 1, tzinfo=timezone.utc), None), problems=(Problem("a", "b"),),
    )  # fmt: skip
    found = fields.solr_fields(product)
    assert found["eo_footprint"].startswith("MULTIPOLYGON")
    assert (found["eo_west"], found["eo_east"]) == (-180.0, 180.0)
    assert found["eo_time"] == "[2024-05-01T00:00:00Z TO *]"
    assert "eo_end" not in found


def test_a_new_row_makes_a_field_of_its_type() -> None:
    rows = {
        "dataset_fields": [
            {"field_name": "moisture", "preset": "eo_number"},
            {"field_name": "soils", "preset": "eo_list"},
        ]
    }
    properties = Properties.from_schema(rows)
    made = {a["name"]: a for kind, a in fields.schema_fields(properties) if kind == "field"}
    assert made["eo_moisture"] == {"name": "eo_moisture", "type": "eo_number"}
    assert made["eo_soils"] == {"name": "eo_soils", "type": "eo_text", "multiValued": True}
    product = Product(id="1", collection="c", properties={"moisture": 0.3, "soils": ("clay", "sand")})
    found = fields.solr_fields(product, properties=properties)
    assert (found["eo_moisture"], found["eo_soils"]) == (0.3, ["clay", "sand"])


def test_no_field_is_defined_twice() -> None:
    names = [(kind, attributes["name"]) for kind, attributes in fields.schema_fields()]
    assert len(names) == len(set(names))
