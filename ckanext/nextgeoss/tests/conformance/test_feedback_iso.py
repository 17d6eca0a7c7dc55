"""Records of datasets with feedback in them are judged by the schemas of ISO 19115-3 and GUF 1.0 and by the
rules of ISO 19115-3, and read again."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree, isoschematron

from ckanext.nextgeoss.eo.xml import parse_xml
from ckanext.nextgeoss.feedback.exports import iso
from ckanext.nextgeoss.feedback.exports.entries import Page
from ckanext.nextgeoss.feedback.exports.guf import collection_of
from ckanext.nextgeoss.feedback.exports.record import record_of
from ckanext.nextgeoss.feedback.guf_xml.read import Reader
from ckanext.nextgeoss.feedback.imports.guf_document import read_document
from ckanext.nextgeoss.feedback.iso import Identifier
from ckanext.nextgeoss.feedback.iso_quality import Quality
from ckanext.nextgeoss.feedback.metadata import Metadata
from ckanext.nextgeoss.feedback.parts import read
from ckanext.nextgeoss.feedback.quality.as_iso import report_of
from ckanext.nextgeoss.tests.core.feedback_strategies import items
from ckanext.nextgeoss.tests.core.test_feedback_exports import BASE, page, shown
from ckanext.nextgeoss.tests.shared import standards
from ckanext.nextgeoss.tests.xml_schemas import faults

NOW = datetime(2026, 12, 1, tzinfo=timezone.utc)
GUF = "guf-1.0-all.xsd"
KNOWN = Identifier(code="S2A_1", code_space="x")
MDB = "http://standards.iso.org/iso/19115/-3/mdb/1.0"
PRODUCT: dict[str, Any] = {
    "id": "5d1c0a3e-8e0a-5a8e-9c61-0d1b8f6f2c11",
    "name": "a-scene",
    "type": "eo_product",
    "title": "A scene & more",
    "notes": "Clouds over <b>Lisbon</b>, told by ada@plant.example",
    "collection_id": "SENTINEL2_L1C",
    "organization": {"name": "esa", "title": "European Space Agency"},
    "maintainer": "Ada",
    "maintainer_email": "ada@plant.example",
    "license_id": "cc-by",
    "license_title": "Creative Commons Attribution",
    "license_url": "https://creativecommons.org/licenses/by/4.0/",
    "metadata_created": "2026-01-01T10:20:30.123456",
    "metadata_modified": "2026-01-02T10:20:30.5",
    "created": "2026-01-01T11:00:00Z",
    "timerange_start": "2026-01-01T10:00:00Z",
    "timerange_end": "2026-01-01T10:00:10Z",
    "spatial": '{"type": "Polygon", "coordinates": [[[-9.5,38.5],[-9,38.5],[-9,39],[-9.5,39],[-9.5,38.5]]]}',
    "processing_level": "L1C",
    "doi": "10.1234/abc",
    "private": False,
    "tags": [{"name": "optical"}, {"name": "land", "display_name": "Land"}],
    "resources": [
        {"name": "B", "url": "https://data.example/b04.tif?a=1&b=2", "format": "GeoTIFF", "size": 1_500_000},
        {"name": "raw", "url": "s3://bucket/raw", "format": "", "size": None},
        {"name": "nothing", "url": "", "format": "ZIP"},
    ],
}  # fmt: skip
CHECKS = report_of(
    "product", {"links": [0.5, ["https://data.example/gone"]], "duplicates": [0.0, ["secret-id"]]},
    ["gaps"], "2026-01-03T00:00:00Z", "dataset",
)  # fmt: skip


def described(dataset: dict[str, Any], checks: Quality | None = CHECKS, *documents: dict[str, Any]) -> Page:
    record = record_of(dataset, KNOWN, BASE, "A hub", checks)
    return page(*documents, record=record)


def texts(document: bytes, path: str) -> list[str]:
    root = etree.fromstring(document)
    names = {prefix: name for prefix, name in root.nsmap.items() if prefix}
    return [str(each).strip() for each in root.xpath(path, namespaces=names)]


def judged(of: Page) -> bytes:
    """The document of a page is valid, and what is read out of it is what was written."""
    document = iso.write(of)
    assert faults(document, GUF) == []
    reader = Reader()
    found = read(Metadata, reader.part(parse_xml(document), Metadata))
    assert reader.told == []
    assert found.user_feedback == (collection_of(of),)
    assert of.record and found == read(Metadata, reader.part(parse_xml(document), Metadata))
    return document


def test_a_record_says_what_a_catalogue_asks_for() -> None:
    document = judged(described(PRODUCT))
    identified = "/pqm:GVQ_Metadata/mdb:identificationInfo/mri:MD_DataIdentification"
    assert texts(document, f"{identified}/mri:citation//cit:title/*/text()") == ["A scene & more"]
    assert texts(document, f"{identified}/mri:citation//mcc:code/*/text()") == ["S2A_1", "10.1234/abc"]
    assert texts(document, f"{identified}/mri:extent//gco:Decimal/text()") == ["-9.5", "-9.0", "38.5", "39.0"]
    assert texts(document, f"{identified}/mri:resourceConstraints//mco:reference//cit:linkage/*/text()") == [
        PRODUCT["license_url"]
    ]
    links = "//mdb:distributionInfo//cit:linkage/*/text()"
    assert texts(document, links) == ["https://data.example/b04.tif?a=1&b=2", "s3://bucket/raw"]
    assert texts(document, "//mrd:transferSize/*/text()") == ["1.5"]
    assert texts(document, "/*/mdb:contact//cit:name/*/text()") == ["European Space Agency"]
    assert texts(document, "/*/mdb:dateInfo//gco:DateTime/text()")[0].startswith("2026-01-01T10:20:30")
    assert b"plant.example" not in document


def test_what_checks_found_is_a_report_on_quality() -> None:
    document = judged(described(PRODUCT))
    failed = "//mdb:dataQualityInfo//mdq:result/mdq:DQ_ConformanceResult[mdq:pass/gco:Boolean='false']"
    assert texts(document, f"{failed}/mdq:explanation/*/text()") == ["https://data.example/gone"]
    assert b"secret-id" not in document
    assert texts(document, "//mdb:dataQualityInfo//gco:Record/text()").count("1.0") > 20
    assert b"dataQualityInfo" not in judged(described(PRODUCT, None))


def test_feedback_is_read_out_of_a_record() -> None:
    of = described(PRODUCT)
    found = read_document(iso.write(of), NOW)
    assert found.problems == ()
    assert [each.item for each in found.items] == [each.item for each in of.entries]
    assert len(found.items) == 2


_LOOSE = st.none() | st.text(max_size=40) | st.sampled_from(["2026-01-01", "2026-13-01T00:00", "x" * 30_000])
_NAMES = (
    "title notes collection_id maintainer author license_id license_title license_url created timerange_start"
    " timerange_end spatial processing_level doi"
)
_FILES = dict.fromkeys(("url", "name", "format"), _LOOSE)
_SIZES = st.none() | st.integers(0, 2**60)
_DATASETS = st.fixed_dictionaries(
    {
        "id": st.uuids().map(str),
        "name": st.from_regex("[a-z0-9_-]{2,20}", fullmatch=True),
        "metadata_created": st.datetimes().map(datetime.isoformat),
    },
    optional={
        **dict.fromkeys(_NAMES.split(), _LOOSE),
        "type": st.sampled_from(["dataset", "eo_product", "eo_collection"]),
        "private": st.booleans(),
        "organization": st.none() | st.fixed_dictionaries({"name": st.just("o"), "title": _LOOSE}),
        "tags": st.lists(st.fixed_dictionaries({"name": st.text(max_size=9)}), max_size=3),
        "resources": st.lists(st.fixed_dictionaries({**_FILES, "size": _SIZES}), max_size=3),
    },
)


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(_DATASETS, items)
def test_random_datasets_with_random_items(dataset: dict[str, Any], told: dict[str, Any]) -> None:
    judged(described(dataset, CHECKS, shown(told)))


def judge_of(name: str) -> isoschematron.Schematron:
    found = standards() / f"iso19115-3/schematron/{name}"
    return isoschematron.Schematron(etree.parse(found), validate_schema=False, store_report=True)


def as_iso(dataset: dict[str, Any]) -> etree._Element:
    """A record under the name in the rules, for which GVQ_Metadata may stand."""
    root = etree.fromstring(iso.write(described(dataset)))
    root.tag = f"{{{MDB}}}MD_Metadata"
    return root


_RULES = [f"19115/-3/{name}/1.0/{name}.sch" for name in ("mdb", "mri", "gex", "cit", "mco", "mrd")]


@pytest.mark.parametrize("name", [*_RULES, "19157/-2/mdq/1.0/mdq.sch"])
def test_rules_beyond_the_schemas(name: str) -> None:
    judge = judge_of(name)
    for dataset in (PRODUCT, PRODUCT | {"type": "eo_collection"}):
        assert judge.validate(as_iso(dataset)), etree.tostring(judge.validation_report).decode()[:3000]


def test_rules_refuse_what_they_should() -> None:
    assert not judge_of(_RULES[1]).validate(as_iso(PRODUCT | {"spatial": ""}))
