"""Records of ISO 19139 as providers send them, and what the schemas say of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.nextgeoss.feedback.quality.findings import LONGEST_FOUND, MOST_FOUND
from ckanext.nextgeoss.feedback.quality.sources import faults_of

SAMPLES = Path(__file__).parents[1] / "samples"
_ISO = "http://www.isotc211.org/2005"
_CODES = "http://example.org/codes"
CONTACT = f"""<gmd:contact><gmd:CI_ResponsibleParty>
    <gmd:organisationName><gco:CharacterString>An agency</gco:CharacterString></gmd:organisationName>
    <gmd:role><gmd:CI_RoleCode codeList="{_CODES}" codeListValue="owner"/></gmd:role>
  </gmd:CI_ResponsibleParty></gmd:contact>"""
DATES = "<gmd:dateStamp><gco:Date>2026-01-01</gco:Date></gmd:dateStamp>"
IDENTIFICATION = f"""<gmd:identificationInfo><gmd:MD_DataIdentification>
    <gmd:citation><gmd:CI_Citation>
      <gmd:title><gmx:Anchor xlink:href="http://example.org/scene">A scene</gmx:Anchor></gmd:title>
      <gmd:date><gmd:CI_Date><gmd:date><gco:Date>2026-01-01</gco:Date></gmd:date>
        <gmd:dateType><gmd:CI_DateTypeCode codeList="{_CODES}" codeListValue="creation"/></gmd:dateType>
      </gmd:CI_Date></gmd:date>
    </gmd:CI_Citation></gmd:citation>
    <gmd:abstract><gco:CharacterString>What it shows</gco:CharacterString></gmd:abstract>
    <gmd:language><gco:CharacterString>eng</gco:CharacterString></gmd:language>
    <gmd:topicCategory><gmd:MD_TopicCategoryCode>environment</gmd:MD_TopicCategoryCode></gmd:topicCategory>
    <gmd:extent><gmd:EX_Extent><gmd:temporalElement><gmd:EX_TemporalExtent><gmd:extent>
      <gml:TimeInstant gml:id="t"><gml:timePosition>2026-01-01</gml:timePosition></gml:TimeInstant>
    </gmd:extent></gmd:EX_TemporalExtent></gmd:temporalElement></gmd:EX_Extent></gmd:extent>
  </gmd:MD_DataIdentification></gmd:identificationInfo>"""


def record(*parts: str, root: str = "gmd:MD_Metadata", gml: str = "http://www.opengis.net/gml/3.2") -> str:
    """A record of these parts."""
    names = {
        **{prefix: f"{_ISO}/{prefix}" for prefix in ("gmd", "gco", "gmi", "gmx")},
        "gml": gml,
        "xlink": "http://www.w3.org/1999/xlink",
    }
    spaces = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in names.items())
    return f"<{root} {spaces}>{''.join(parts or (CONTACT, DATES, IDENTIFICATION))}</{root}>"


def test_a_record_that_keeps_to_the_schema() -> None:
    for gml in ("http://www.opengis.net/gml/3.2", "http://www.opengis.net/gml"):
        assert faults_of(record(gml=gml)) == ()
        assert faults_of(record(DATES, CONTACT, gml=gml))
    wrapped = record().replace("<gmd:MD", "<record><metadata><gmd:MD", 1) + "</metadata></record>"
    assert faults_of(wrapped) == ()


def test_what_the_schema_refuses_is_told_without_namespaces() -> None:
    (fault,) = faults_of(record(DATES, CONTACT, IDENTIFICATION)) or ()
    assert fault.startswith("Element 'dateStamp': This element is not expected. Expected is")
    assert "{" not in fault and len(fault) <= LONGEST_FOUND
    parts = [CONTACT, DATES, *[IDENTIFICATION.replace("gmd:language", "gmd:tongue")] * 30]
    assert 0 < len(faults_of(record(*parts)) or ()) <= MOST_FOUND


def test_records_of_imagery_have_another_schema() -> None:
    assert faults_of(record(root="gmi:MI_Metadata")) == ()
    assert faults_of(record(DATES, root="gmi:MI_Metadata"))


@pytest.mark.parametrize("name", ["plan4all", "ebas_oai", "landsaf_geonetwork"])
def test_records_of_providers_are_judged(name: str) -> None:
    found = faults_of((SAMPLES / name / "page.xml").read_text("utf-8")) or ()
    assert any("topicCategory" in fault for fault in found)


def test_what_is_no_record_of_iso_is_not_judged() -> None:
    assert faults_of('{"type": "Feature", "title": "MD_Metadata"}'.replace("MD_", "")) is None
    assert faults_of("<entry><title>A scene</title></entry>") is None
    assert faults_of("<entry><title>MD_Metadata</title></entry>") is None
    assert faults_of(record(root="gmi:MI_Metadata", gml="http://www.opengis.net/gml")) is None
    assert faults_of("<mdb:MD_Metadata xmlns:mdb='http://standards.iso.org/iso/19115/-3/mdb/2.0'/>") is None


@pytest.mark.parametrize("text", ["<gmd:MD_Metadata", "<!DOCTYPE a [<!ENTITY b 'c'>]><MD_Metadata/>"])
def test_what_cannot_be_read_is_a_fault(text: str) -> None:
    assert len(faults_of(text) or ()) == 1
