"""Feedback in XML is judged by the schemas of GUF 1.0 (OGC 15-098r1), and its examples are read."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from ckanext.nextgeoss.eo.xml import parse_xml
from ckanext.nextgeoss.feedback.collection import (
    FeedbackCollection,
    FeedbackResponse,
    FeedbackSummary,
    Pagination,
    summary_of,
)
from ckanext.nextgeoss.feedback.guf import DiscoveredIssue, FeedbackItem, Publication
from ckanext.nextgeoss.feedback.guf_xml.read import Reader
from ckanext.nextgeoss.feedback.guf_xml.write import element_of, to_document, write_item, write_response
from ckanext.nextgeoss.feedback.imports.guf_document import read_document
from ckanext.nextgeoss.feedback.iso import Citation, Identifier
from ckanext.nextgeoss.feedback.parts import Part, read, write
from ckanext.nextgeoss.tests.core.feedback_strategies import complete_item, items
from ckanext.nextgeoss.tests.shared import standards
from ckanext.nextgeoss.tests.xml_schemas import faults

NOW = datetime(2026, 12, 1, tzinfo=timezone.utc)
GUF = "guf-1.0-all.xsd"


def again(document: bytes) -> tuple[dict[str, Any], list[str]]:
    reader = Reader()
    return reader.part(parse_xml(document), FeedbackItem), reader.told


def judged(told: dict[str, Any]) -> None:
    """An item is valid, is read as it was, and is written the same again."""
    item = read(FeedbackItem, told)
    document = write_item(item)
    assert faults(document, GUF) == []
    found, lost = again(document)
    assert lost == []
    assert json.dumps(write(read(FeedbackItem, found)), indent=1) == json.dumps(write(item), indent=1)
    assert write_item(read(FeedbackItem, found)) == document


def test_an_item_with_all_elements() -> None:
    judged(complete_item())


# whole items shrink for minutes
@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(items)
def test_random_items(told: dict[str, Any]) -> None:
    judged(told)


def test_an_item_that_says_little_has_its_gaps_told() -> None:
    told = {**complete_item(), "contact": {"user_details": {"role": "user", "party": [{}]}}}
    told["usage"] = [{"usage_description": [{"user_determined_limitations": "Not in winter"}]}]
    document = write_item(read(FeedbackItem, told))
    assert faults(document, GUF) == []
    assert b'<guf:expertiseLevel gco:nilReason="unknown"/>' in document
    assert b'<mri:specificUsage gco:nilReason="missing"/>' in document
    judged(told)


def shown(**known: Any) -> dict[str, Any]:
    """A summary as the actions show it."""
    plain = ("items", "comments", "usages", "citations", "qualities", "lineages", "events", "ratings")
    empty: dict[str, Any] = {"minimum_possible": 1, "maximum_possible": 5, "average": None}
    return {**dict.fromkeys(plain, 0), **empty, **known}


def test_a_response_with_items_pages_and_summary() -> None:
    said = shown(
        items=2, latest="2026-01-02T03:04:05Z", by_target_role={"primary": 1, "secondary": 1}, ratings=1,
        average=4.0, histogram={"5": 0, "4": 1}, average_expertise=3.0, by_role={"researchEndUser": 2},
        by_expertise={"3": 1}, by_rating_expertise={"4/3": 1}, by_keyword={"Flood risk": 1},
        by_tag={"flood": 2}, comments=1,
    )  # fmt: skip
    target = Citation(title="A scene", identifier=(Identifier(code="S2A_1", code_space="x"),))
    collection = FeedbackCollection(
        target=target,
        item=(read(FeedbackItem, complete_item()),) * 2,
        pagination=Pagination(number_of_feedback_items=20, limit=2, offset=4, count=2),
        summary=summary_of(said, target),
    )
    document = write_response(collection, FeedbackCollection())
    assert faults(document, GUF) == []
    assert faults(write_response(FeedbackCollection(summary=summary_of(shown()))), GUF) == []
    reader = Reader()
    found = reader.part(parse_xml(document), FeedbackResponse)
    assert reader.told == []
    assert read(FeedbackResponse, found) == FeedbackResponse(collection=(collection, FeedbackCollection()))
    assert document.count(b"<guf:GUF_FeedbackItem>") == 2


EXAMPLES = {
    "GLC2000.xml": (4, 3), "GUF_FeedbackItem.xml": (1, 0), "UFC_FeedbackCollection.xml": (1, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_read_and_written_again(name: str) -> None:
    found = read_document((standards() / "guf/examples" / name).read_bytes(), NOW)
    items = [each.item for each in found.items if each.item]
    assert (len(items), sum(len(each.problems) for each in found.items)) == EXAMPLES[name]
    document = write_response(FeedbackCollection(item=tuple(items)))
    assert faults(document, GUF) == []
    assert [each.item for each in read_document(document, NOW).items] == items


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("QCM_Publication", Publication),
        ("QCM_DiscoveredIssue", DiscoveredIssue),
        ("UFS_FeedbackSummary", FeedbackSummary),
    ],
)
def test_examples_of_parts_are_read_whole(name: str, kind: type[Part]) -> None:
    reader = Reader()
    element = parse_xml((standards() / "guf/examples" / f"{name}.xml").read_bytes())
    part = read(kind, reader.part(element, kind))
    assert reader.told == []
    assert faults(to_document(element_of(part)), GUF) == []
    texts = {text.strip() for text in element.itertext() if text.strip()}
    assert texts <= {str(text).strip() for text in element_of(part).itertext()}


def test_what_the_schema_refuses_is_not_taken_for_feedback() -> None:
    found = read_document((standards() / "guf/handmade/guf_invalid.xml").read_bytes(), NOW)
    assert [each.item for each in found.items] == [None]
    assert any("yesterday" in problem for problem in found.items[0].problems)
