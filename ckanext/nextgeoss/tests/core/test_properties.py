from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadConfiguration, BadValue
from ckanext.nextgeoss.eo.properties import Properties, load_properties
from ckanext.nextgeoss.eo.property import Property
from ckanext.nextgeoss.tests.core.strategies import ROWS, modest, values

SCHEMA: dict[str, Any] = {
    "dataset_fields": [
        {"field_name": "title", "preset": "title"},
        {"field_name": "notes"},
        {
            "field_name": "cloud_cover", "preset": "eo_number", "label": "Cloud cover", "unit": "%",
            "minimum": 0, "maximum": 100, "stac": "eo:cloud_cover", "stac_aliases": ["cloudCover"],
            "opensearch": "eo:cloudCover", "section": "Image",
        },
        {"field_name": "platform", "preset": "eo_text", "facet": True, "aliases": ["satellite"]},
        {"field_name": "orbit", "preset": "eo_integer"},
        {"field_name": "created", "preset": "eo_time"},
        {"field_name": "instruments", "preset": "eo_list"},
        {"field_name": "is_output", "preset": "eo_boolean"},
        {
            "field_name": "orbit_state", "preset": "eo_text",
            "choices": [{"value": "ascending", "label": "Up"}, {"value": "descending", "label": "Down"}],
        },
    ]
}  # fmt: skip
PROPERTIES = Properties.from_schema(SCHEMA)


def test_a_row_is_a_property_and_other_fields_are_none() -> None:
    assert list(PROPERTIES) == [
        "cloud_cover",
        "platform",
        "orbit",
        "created",
        "instruments",
        "is_output",
        "orbit_state",
    ]
    cloud = PROPERTIES["cloud_cover"]
    assert (cloud.type, cloud.unit, cloud.solr, cloud.section) == ("number", "%", "eo_cloud_cover", "Image")
    assert (cloud.minimum, cloud.maximum, cloud.opensearch) == (0, 100, "eo:cloudCover")
    assert PROPERTIES["orbit_state"].choices == ("ascending", "descending")
    assert PROPERTIES["platform"].aliases == ("satellite",)


def test_a_property_is_found_by_its_names_in_stac() -> None:
    for name in ("eo:cloud_cover", "cloudCover", "nextgeoss:cloud_cover"):
        assert PROPERTIES.by_stac(name) is PROPERTIES["cloud_cover"]
    assert PROPERTIES.by_stac("nextgeoss:orbit") is PROPERTIES["orbit"]
    assert PROPERTIES.by_stac("eo:bands") is None


def test_names_of_an_item_are_read_in_the_order_of_the_rows() -> None:
    """Of a row's names the first counts, whatever the order of the item."""
    expected = [
        (name, row.name)
        for row in ROWS.values()
        for name in dict.fromkeys((row.stac, row.own_name, *row.stac_aliases))
    ]
    names = sorted({name for name, _ in expected}, key=lambda name: name[::-1])
    assert [(name, row.name) for name, row in ROWS.readings((*names, "datetime"))] == expected


def test_facets_are_the_rows_that_say_so() -> None:
    assert PROPERTIES.facets() == (PROPERTIES["platform"],)


def test_an_unknown_type_names_the_near_one() -> None:
    with pytest.raises(BadConfiguration, match="x: unknown preset eo_numbr, did you mean eo_number"):
        Properties.from_schema({"dataset_fields": [{"field_name": "x", "preset": "eo_numbr"}]})


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("cloud_cover", "12.5", 12.5), ("cloud_cover", 5, 5.0), ("cloud_cover", -0.0, 0.0),
        ("orbit", "082", 82), ("orbit", 7.0, 7), ("orbit", "-3", -3),
        ("platform", " sentinel-2a ", "sentinel-2a"), ("platform", 8, "8"), ("platform", 0.1, "0.1"),
        ("platform", ["landsat-8"], "landsat-8"), ("platform", "a\0b\ud800", "ab"),
        ("created", "2020-01-01", datetime(2020, 1, 1, tzinfo=timezone.utc)),
        ("instruments", ["msi", "olci"], ("msi", "olci")), ("instruments", "msi, olci", ("msi", "olci")),
        ("instruments", '["a, b", "c"]', ("a, b", "c")), ("instruments", "msi", ("msi",)),
        ("instruments", [1], ("1",)),
        ("is_output", "true", True), ("is_output", False, False), ("is_output", "no", False),
        ("orbit_state", "Descending", "descending"),
    ],
)  # fmt: skip
def test_values_get_the_type_of_their_row(name: str, given: object, expected: object) -> None:
    value = PROPERTIES[name].parse(given)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("name", "given", "allowed"),
    [
        ("cloud_cover", 101, "a number from 0 up to 100"), ("cloud_cover", "-1", "from 0 up to 100"),
        ("cloud_cover", "cloudy", "a number"), ("cloud_cover", "nan", "a number"),
        ("cloud_cover", True, "a number"), ("cloud_cover", None, "a number"),
        ("cloud_cover", 10**400, "a number"),
        ("orbit", 1.5, "a whole number"), ("orbit", 2**63, "64 bits"), ("platform", "", "a text"),
        ("platform", {"a": 1}, "a text"), ("platform", ["a", "b"], "a text"), ("created", "soon", "RFC 3339"),
        ("created", 5, "a time"), ("is_output", "maybe", "true or false"),
        ("orbit_state", "sideways", "one of ascending, descending"), ("instruments", [{"a": 1}], "a text"),
    ],
)  # fmt: skip
def test_a_bad_value_names_the_property_and_what_is_allowed(name: str, given: object, allowed: str) -> None:
    with pytest.raises(BadValue) as caught:
        PROPERTIES[name].parse(given)
    assert str(caught.value).startswith(f"{name}: ")
    assert allowed in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("cloud_cover", 10.0, "10"), ("cloud_cover", 9.93604802923519, "9.93604802923519"), ("orbit", 5, "5"),
        ("instruments", ("a", "é"), '["a", "é"]'), ("is_output", True, "true"),
        ("created", datetime(2020, 1, 1, tzinfo=timezone.utc), "2020-01-01T00:00:00Z"),
    ],
)  # fmt: skip
def test_the_text_of_a_value_is_canonical(name: str, value: Any, text: str) -> None:
    assert PROPERTIES[name].to_text(value) == text


def test_a_stored_text_is_read_although_the_limits_changed() -> None:
    assert PROPERTIES["cloud_cover"].from_text("120") == 120.0
    assert PROPERTIES["orbit_state"].from_text("sideways") == "sideways"


@modest
@given(st.sampled_from(list(ROWS.values())), st.data())
def test_every_value_of_every_row_survives_as_text(row: Property, data: st.DataObject) -> None:
    value = row.parse(data.draw(values(row)))
    assert row.from_text(row.to_text(value)) == value


def test_the_rows_of_the_package_are_read_once_and_named_well() -> None:
    rows = load_properties()
    assert rows is load_properties()
    assert rows["cloud_cover"].stac == "eo:cloud_cover"
    stac_names = [row.stac for row in rows.values()]
    assert len(stac_names) == len(set(stac_names))


def test_spellings_of_one_platform_are_folded_into_one() -> None:
    """Providers write Sentinel-2A, SENTINEL-2A and sentinel 2a; a facet must not show three satellites."""
    rows = load_properties()
    for spelling in ("Sentinel-2A", "SENTINEL-2A", " sentinel  2a"):
        assert rows["platform"].parse(spelling) == "sentinel-2a"
    assert rows["instruments"].parse(["MSI", "msi"]) == ("msi",)
    assert rows["polarizations"].parse(["VV", "vv", "VH"]) == ("VV", "VH")
    assert rows["product_type"].parse("S2MSI2A") == "S2MSI2A"
