"""Feedback as others read it: feeds, RDF, tables; nothing of persons in any of them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from lxml import etree
from pyshacl import validate
from rdflib import RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef

from ckanext.nextgeoss.feedback.exports import atom, guf, jsonld, nimmbus, table
from ckanext.nextgeoss.feedback.exports.entries import Entry, Page, entries_of, entry_of
from ckanext.nextgeoss.feedback.guf import FeedbackItem
from ckanext.nextgeoss.feedback.parts import fields_of, read, write
from ckanext.nextgeoss.feedback.quality.as_iso import report_of

from .feedback_strategies import complete_item, items
from .test_feedback_parts import item

# of rdflib itself, while it reads JSON-LD
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

BASE = "https://hub.example"
ID, ANSWER = "1b4e28ba-2fa1-41d2-883f-0016d3cca427", "2b4e28ba-2fa1-41d2-883f-0016d3cca427"
NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "thr": "http://purl.org/syndication/thread/1.0",
    "os": "http://a9.com/-/spec/opensearch/1.1/",
    "georss": "http://www.georss.org/georss",
}
SCHEMA, OA = Namespace("https://schema.org/"), Namespace("http://www.w3.org/ns/oa#")
DQV, DUV = Namespace("http://www.w3.org/ns/dqv#"), Namespace("http://www.w3.org/ns/duv#")
DCT = Namespace("http://purl.org/dc/terms/")


def shown(parts: dict[str, Any], **said: Any) -> dict[str, Any]:
    """An item as `feedback_show` gives it."""
    known = {
        "id": ID,
        "state": "published",
        "created": "2026-01-01T00:00:00Z",
        "modified": "2026-01-03T00:00:00Z",
        "published": "2026-01-02T00:00:00Z",
        "author": {"id": "u", "name": "ada", "display_name": "Ada", "is_provider": False},
        "reply_to": None,
        "replies": 1,
        "accepted_answer": None,
        "votes": {"up": 3, "down": 1, "mine": 0},
        "issue": {"state": "open", "severity": "major"},
        "datasets": [{"id": "d", "name": "a-scene", "title": "A scene", "role": "primary"}],
    }
    return {**parts, **known, **said}


def summary(**said: Any) -> dict[str, Any]:
    """A summary as the actions show it."""
    plain = ("items", "comments", "usages", "citations", "qualities", "lineages", "events")
    known = {"ratings": 2, "average": 4.5, "minimum_possible": 1, "maximum_possible": 5}
    return {**dict.fromkeys(plain, 1), **known, "histogram": {"5": 1, "4": 1}, **said}


def answer(**said: Any) -> dict[str, Any]:
    """An answer to the item."""
    comment = {"comment": "Yes", "motivation": "answer"}
    parts = item(rating=None, user_comment=comment, item_is_reply_to=[{"code": ID}])
    return shown(parts, id=ANSWER, reply_to=ID, replies=0, issue=None, **said)


def page(*documents: dict[str, Any], **said: Any) -> Page:
    """A page of items on a dataset."""
    entries = entries_of(documents or [shown(item()), answer()], BASE)
    known: dict[str, Any] = {
        "title": "Feedback on A scene",
        "address": f"{BASE}/dataset/a-scene/feedback",
        "base": BASE,
        "total": 7,
        "offset": 2,
        "limit": 2,
        "self_address": f"{BASE}/dataset/a-scene/feedback.atom?offset=2",
        "next": f"{BASE}/dataset/a-scene/feedback.atom?offset=4",
        "subject": "A scene",
        "code": "S2A_1",
        "code_space": "x",
        "summary": summary(),
    }
    return Page(entries, **{**known, **said})


def entry(**said: Any) -> Entry:
    return entry_of(shown(item(**said)), BASE)


def feed(of: Page) -> etree._Element:
    return etree.fromstring(atom.write(of))


def texts(element: etree._Element, path: str) -> list[str]:
    return [str(each) for each in element.xpath(path, namespaces=NAMES)]


def test_a_feed_has_pages_and_threads() -> None:
    found = feed(page())
    assert texts(found, "os:totalResults/text()|os:startIndex/text()|os:itemsPerPage/text()") == [
        "7",
        "3",
        "2",
    ]
    assert texts(found, "a:link/@rel") == ["alternate", "self", "next"]
    assert texts(found, "a:subtitle/text()") == ["4.50 of 5 in 2 ratings"]
    assert texts(found, "a:entry/a:id/text()") == [f"urn:uuid:{ID}", f"urn:uuid:{ANSWER}"]
    assert texts(found, "a:entry[2]/thr:in-reply-to/@ref") == [f"urn:uuid:{ID}"]
    assert texts(found, "a:entry[2]/thr:in-reply-to/@href") == [f"{BASE}/feedback/{ID}"]
    assert texts(found, "a:entry[1]/a:link[@rel='replies']/@thr:count") == ["1"]
    assert texts(found, "a:entry[1]/a:link[@rel='via']/@href") == [f"{BASE}/dataset/a-scene"]


def test_an_entry_has_what_a_reader_of_feeds_needs() -> None:
    usage = {"report_aspect": ["usage"], "usage_description": [{"specific_usage": "Rice & <b>corn</b>"}]}
    found = feed(page(shown(item(usage=[usage], tag=["flood"]))))
    (told,) = found.xpath("a:entry", namespaces=NAMES)
    assert [
        len(told.xpath(f"a:{name}", namespaces=NAMES)) for name in ("id", "title", "updated", "author")
    ] == [1] * 4
    assert texts(told, "a:category/@term") == ["researchEndUser", "5", "usage", "flood"]
    assert "Rice & <b>corn</b>" in texts(told, "a:content[@type='text']/text()")[0]


def test_a_place_is_told_in_georss() -> None:
    box = {"west_bound_longitude": -6.5, "east_bound_longitude": -6.25, "south_bound_latitude": 36.75,
           "north_bound_latitude": 37}  # fmt: skip
    target = item()["target"][0] | {"scope": {"level": "dataset", "extent": [{"geographic_element": [box]}]}}
    assert texts(feed(page(shown(item(target=[target])))), "//georss:box/text()") == ["36.75 -6.5 37 -6.25"]
    assert "POLYGON((-6.5 36.75, " in table.write(page(shown(item(target=[target])))).decode()


def graph(of: Page) -> Graph:
    return Graph().parse(data=jsonld.write(of).decode(), format="json-ld")


def test_a_rating_is_a_review_of_the_dataset() -> None:
    found, me, scene = graph(page()), URIRef(f"{BASE}/feedback/{ID}"), URIRef(f"{BASE}/dataset/a-scene")
    kinds = {SCHEMA.Review, OA.Annotation, DQV.UserQualityFeedback, DUV.RatingFeedback}
    assert set(found.objects(me, RDF.type)) == kinds
    assert found.value(me, SCHEMA.itemReviewed) == scene == found.value(me, OA.hasTarget)
    rating = found.value(me, SCHEMA.reviewRating)
    assert found.value(rating, SCHEMA.ratingValue) == Literal(5)
    assert {DQV.qualityAssessment, OA.assessing} <= set(found.objects(me, OA.motivatedBy))
    assert me in set(found.objects(scene, DUV.hasFeedback))
    assert found.value(found.value(me, DUV.hasRating), SKOS.notation) == Literal("5")
    total = found.value(scene, SCHEMA.aggregateRating)
    assert found.value(total, SCHEMA.ratingCount) == Literal(2)
    assert float(found.value(total, SCHEMA.ratingValue)) == 4.5
    (measured,) = found.objects(scene, DQV.hasQualityMeasurement)
    assert found.value(measured, DQV.computedOn) == scene
    assert found.value(measured, DQV.isMeasurementOf) == URIRef(f"{BASE}/feedback/metric/user-rating")


def test_a_question_has_its_accepted_answer() -> None:
    asked = shown(item(rating=None, user_comment={"comment": "Is it?", "motivation": "question"}),
                  accepted_answer=ANSWER)  # fmt: skip
    found, me, other = graph(page(asked, answer())), f"{BASE}/feedback/{ID}", f"{BASE}/feedback/{ANSWER}"
    assert SCHEMA.Question in set(found.objects(URIRef(me), RDF.type))
    assert found.value(URIRef(me), SCHEMA.acceptedAnswer) == URIRef(other)
    assert SCHEMA.Answer in set(found.objects(URIRef(other), RDF.type))
    assert found.value(URIRef(other), SCHEMA.parentItem) == URIRef(me)


SHAPES = Graph().parse(Path(__file__).with_name("feedback_shapes.ttl"))


def misshapen(found: Graph) -> str:
    """What is not as the vocabularies want it."""
    good, _, told = validate(found, shacl_graph=SHAPES)
    return "" if good else told


def test_an_item_with_all_elements_is_well_shaped() -> None:
    found = graph(page(shown(complete_item())))
    assert misshapen(found) == ""
    assert list(found.subjects(RDF.type, DUV.Usage)) and list(found.subjects(RDF.type, DUV.UsageTool))
    assert list(found.subjects(RDF.type, DQV.QualityMeasurement))
    assert list(found.subjects(RDF.type, OA.SpecificResource))
    assert misshapen(graph(page())) == ""


def test_questions_and_what_checks_found_are_well_shaped() -> None:
    asked = shown(item(rating=None, user_comment={"comment": "Is it?", "motivation": "question"}),
                  accepted_answer=ANSWER)  # fmt: skip
    checks = report_of("dataset", {"license": [0.0, ["no license"]]}, [], "2026-01-01T00:00:00Z", "dataset")
    found = graph(page(asked, answer(), checks=checks))
    assert misshapen(found) == ""
    assert len(list(found.subjects(DQV.value, Literal("false", datatype=XSD.boolean)))) == 1
    assert misshapen(graph(page(asked))) == ""  # the accepted answer is on another page


# a document that is wrong in one place: what is taken out or put in, and the term that is missed there
WRONG = {
    "a review of nothing": (SCHEMA.Review, SCHEMA.itemReviewed, None),
    "a review without a rating": (SCHEMA.Review, SCHEMA.reviewRating, None),
    "an author that is text": (SCHEMA.Review, SCHEMA.author, Literal("Ada")),
    "seven stars of five": (SCHEMA.Rating, SCHEMA.ratingValue, Literal(7)),
    "a rating without its scale": (SCHEMA.Rating, SCHEMA.bestRating, None),
    "a mean of no ratings": (SCHEMA.AggregateRating, SCHEMA.ratingCount, Literal(0)),
    "a date in words": (SCHEMA.Answer, SCHEMA.dateCreated, Literal("yesterday")),
    "a motivation of nobody": (OA.Annotation, OA.motivatedBy, OA.guessing),
    "an annotation of nothing": (OA.Annotation, OA.hasTarget, None),
    "a body without text": (OA.TextualBody, RDF.value, None),
    "a measurement without a value": (DQV.QualityMeasurement, DQV.value, None),
    "a measurement of nothing": (DQV.QualityMeasurement, DQV.computedOn, None),
    "a metric without a type": (DQV.Metric, DQV.expectedDataType, None),
    "a rating that is no opinion": (DUV.RatingFeedback, DUV.hasRating, Literal(5)),
    "a usage of nothing": (DUV.Usage, DUV.refersTo, None),
    "a tool without a name": (DUV.UsageTool, DCT.title, None),
    "a dataset without a name": (SCHEMA.Dataset, SCHEMA.name, None),
    "a selector without a place": (OA.Selector, URIRef("http://www.opengis.net/ont/geosparql#asWKT"), None),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_shapes_refuse_what_is_wrong(name: str) -> None:
    kind, term, instead = WRONG[name]
    found = graph(page(shown(complete_item()), answer()))
    node = next(iter(sorted(found.subjects(RDF.type, kind))))
    assert found.value(node, term, any=True) is not None
    found.remove((node, term, None))
    if instead is not None:
        found.add((node, term, instead))
    assert str(term) in misshapen(found) or term.n3(found.namespace_manager) in misshapen(found)


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(items)
def test_random_items_can_be_read_in_all_formats(told: dict[str, Any]) -> None:
    found = page(shown(told))
    assert misshapen(graph(found)) == ""
    assert texts(feed(found), "a:entry/a:title/text()") == [found.entries[0].item.abstract]
    rows = list(csv.DictReader(io.StringIO(table.write(found).decode())))
    assert [row["id"] for row in rows] == [ID]
    etree.fromstring(guf.write(found))


def test_a_table_has_a_line_an_item_and_no_formulas() -> None:
    told = shown(item(abstract='=HYPERLINK("x")', tag=["a", "b"], user_comment={"comment": "@x\nsaid"}))
    (row,) = csv.DictReader(io.StringIO(table.write(page(told)).decode()))
    assert row["abstract"] == '\'=HYPERLINK("x")' and row["comment"] == "'@x\nsaid"
    assert (row["rating"], row["tag"], row["target_code"]) == ("5", "a; b", "S2A_1")
    assert "Ada" not in ",".join(row.values())


def planted(value: Any) -> Any:
    """JSON with an e-mail address in each free text."""
    if isinstance(value, list):
        return [planted(each) for each in value]
    if isinstance(value, dict):
        return {name: planted(each) for name, each in value.items()}
    if value == "eng":
        return "eng ada.lovelace@plant.example end"
    if isinstance(value, str) and value.startswith("https://example.org"):
        return "https://example.org/a?to=ada%40plant.example&from=bob@plant.example"
    return value


WRITERS = {
    "guf": guf.write,
    "guf item": lambda page: guf.write_entry(page.entries[0]),
    "atom": atom.write,
    "jsonld": jsonld.write,
    "csv": table.write,
    "nimmbus enumerate": lambda page: nimmbus.enumerate_answer(page, "eng", full=True),
    "nimmbus retrieve": lambda page: nimmbus.retrieve_answer(page.entries[0], BASE, "eng"),
    "nimmbus summary": nimmbus.summary_answer,
}


@pytest.mark.parametrize("name", WRITERS)
def test_no_e_mail_address_is_in_any_output(name: str) -> None:
    told = planted({**complete_item(), "locale": [], "item_identifier": {"code": "1"}})
    told["usage"][0]["usage_description"][0]["reproducible_usage"]["code"] = "mail(ada@plant.example)"
    assert json.dumps(told).count("plant.example") > 100
    author = {"display_name": "Ada ada@plant.example", "is_provider": True}
    tags = {"by_tag": {"ada@plant.example": 1}, "by_keyword": {"bob@plant.example": 2}}
    datasets = [{"name": "a-scene", "title": "Scene of ada@plant.example", "role": "primary"}]
    found = page(shown(told, author=author, datasets=datasets), summary=summary(**tags))
    written = WRITERS[name](found)
    assert b"plant.example" not in written and b"electronicMailAddress" not in written
    if name != "nimmbus summary":  # which has no words
        assert b"(mail)" in written


def test_what_the_hub_knows_beside_the_parts_does_not_change_them() -> None:
    told = write(read(FeedbackItem, item()))
    assert write(entry().item) == told
    assert {each.name for each in fields_of(FeedbackItem)} & {"id", "state", "votes", "author"} == set()
    assert replace(entry(), author="").author == ""
