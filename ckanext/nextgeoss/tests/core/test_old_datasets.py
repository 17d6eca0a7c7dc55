"""Datasets of the original hub, read as products."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadRecord
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.harvesters.old_datasets import OldDataset, read_old_dataset, unpacked
from ckanext.nextgeoss.tests.old_datasets import FAMILIES, L1C, SQUARE, packed, spread


def read(dataset: dict[str, Any]) -> OldDataset:
    return read_old_dataset({"name": "a-name", **dataset}, load_properties())


def test_a_sentinel_product() -> None:
    old = read(FAMILIES["esa"])
    product = old.product
    assert (product.id, product.collection, product.title) == (L1C, "sentinel-2-l1c", "")
    assert product.time.isoformat() == "2018-05-01T10:10:21.026Z"
    assert product.footprint and product.footprint.bbox == (10, 40, 11, 41)
    values = dict(product.properties)
    assert values["platform"] == "sentinel-2a" and values["instruments"] == ("msi",)
    assert values["cloud_cover"] == 12.5 and values["relative_orbit"] == 22
    assert values["orbit_state"] == "descending" and values["processing_level"] == "L1C"
    assert values["file_name"] == f"{L1C}.SAFE" and "description" not in values
    assert [(asset.key, *asset.roles) for asset in product.assets] == [
        ("scihub_product", "data"),
        ("scihub_manifest", "metadata"),
        ("scihub_thumbnail", "thumbnail"),
    ]
    assert {"uuid", "size", "scihub_product_url"} == set(old.left_out) and not old.others
    assert not product.problems


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_a_collection_and_a_time(family: str) -> None:
    product = read(FAMILIES[family]).product
    assert product.collection and product.time.start and product.id


def test_old_collections_are_those_of_today() -> None:
    found = {family: read(dataset).product.collection for family, dataset in FAMILIES.items()}
    assert found["cmems"] == "global-analysis-forecast-phy-001-024"
    assert found["vito"] == "terrascope-s2-toc-v2"
    assert found["probav"] == "proba-v-s1-toc-1km"
    assert found["modis"] == "modis-terra-mod13q1", "what was processed anew is another collection"


def test_extras_without_a_row_stay_as_they_are() -> None:
    assert read(FAMILIES["ebas"]).others == {
        "Data definition": "EBAS_1.1",
        "File creation": "2019-02-01",
        "Matrix": "air",
    }
    ebas = read(FAMILIES["ebas"]).product
    assert ebas.properties["data_originator"] == "Anna Nilsen" and ebas.properties["lowest_location"] == 219
    assert ebas.title == "Ozone at Birkenes II" and ebas.properties["description"] == "Hourly ozone."
    assert read(FAMILIES["eywa"]).others["Mean temperature of the week"] == "27.5"


def test_the_output_of_a_pilot() -> None:
    values = read(FAMILIES["pilot"]).product.properties
    assert values["is_output"] is True and values["purpose"] == "Planning"
    assert values["use_limitation"] == "For research" and values["processing_lineage"]


def test_what_cannot_be_read_is_noted() -> None:
    old = read(FAMILIES["eywa"])
    assert [problem.where for problem in old.product.problems] == ["spatial"]
    dataset = {"extras": spread(identifier="x", collection_id="c", cloud_cover="many", spatial=SQUARE)}
    assert [problem.where for problem in read(dataset).product.problems] == ["cloud_cover"]


def test_an_end_before_the_start_leaves_the_start() -> None:
    times = {"timerange_start": "2018-01-02", "timerange_end": "2018-01-01"}
    product = read({"extras": spread(identifier="x", collection_id="c", **times)}).product
    assert product.time.start and product.time.end is None and product.problems


def test_a_login_in_an_address_goes() -> None:
    old = read(FAMILIES["cmems"])
    assert [asset.href for asset in old.product.assets] == ["ftp://nrt.example/a.nc"]
    assert "pa55word" not in str(old)


def test_keys_of_resources_are_distinct() -> None:
    resources = [{"url": f"https://x.example/{number}", "name": "Product"} for number in (1, 2, 3)]
    product = read({"extras": spread(identifier="x", collection_id="c"), "resources": resources}).product
    assert [asset.key for asset in product.assets] == ["Product", "Product-2", "Product-3"]


def test_without_a_collection_it_is_no_product() -> None:
    with pytest.raises(BadRecord, match="no collection"):
        read({"extras": packed(identifier="x")})


def test_without_an_identifier_the_name_counts() -> None:
    assert read({"extras": packed(collection_id="c")}).product.id == "a-name"


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch /tmp/nextgeoss-was-here')",
        "[{'key': 'a', 'value': (lambda: 1)()}]",
        "[" * 100_000,
        "[{'key': 'a'}, 3, None, {'value': 'b'}]",
        "{'key': 'a', 'value': 'b'}",
        "",
        "\x00",
    ],
)
def test_packed_extras_are_data_and_never_run(text: str) -> None:
    assert unpacked({"dataset_extra": text, "b": "c"}) == {"b": "c"}


def test_own_extras_are_stronger_than_packed_ones() -> None:
    text = str([{"key": "a", "value": "packed"}, {"key": "b", "value": "packed"}])
    assert unpacked({"a": "own", "dataset_extra": text}) == {"a": "own", "b": "packed"}


def test_lists_as_python_writes_them() -> None:
    dataset = {"extras": spread(identifier="x", collection_id="c", PolarisationChannels="['VV', 'VH']")}
    assert read(dataset).product.properties["polarizations"] == ("VV", "VH")
