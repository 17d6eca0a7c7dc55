"""Feedback of others: what differs is understood, what is lost is told, what is dangerous is refused."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.feedback.addresses import without_addresses
from ckanext.nextgeoss.feedback.guf import FeedbackItem
from ckanext.nextgeoss.feedback.guf_xml.write import write_item
from ckanext.nextgeoss.feedback.imports.found import Document, Imported, code_space_of
from ckanext.nextgeoss.feedback.imports.guf_document import read_document
from ckanext.nextgeoss.feedback.imports.lenient import read_leniently
from ckanext.nextgeoss.feedback.parts import read

from .test_feedback_parts import item

NOW = datetime(2026, 12, 1, tzinfo=timezone.utc)
SAMPLES = Path(__file__).parents[1] / "nimmbus_answers"


def answer(name: str) -> Document:
    """A saved answer of NiMMbus; the people in it are invented."""
    return read_document((SAMPLES / f"{name}.xml").read_bytes(), NOW)


def changed(*changes: tuple[str, str], **said: Any) -> Imported:
    """An item whose XML was changed by somebody."""
    document = write_item(read(FeedbackItem, item(**said))).decode()
    for before, after in changes:
        assert before in document, before
        document = document.replace(before, after)
    return read_document(document.encode(), NOW).items[0]


def test_enumerate_with_content_gives_whole_items() -> None:
    found = answer("enumerate_full")
    assert found.total == 4 and len(found.codes) == 4 and found.named == ()
    first, second, third = found.items
    assert (first.code[:4], first.code_space) == ("A1A1", "https://www.nimmbus.cat/resourceId")
    assert (first.updated, first.author) == ("2018-04-05T06:07:08.9Z", "Núria Ficció")
    assert first.problems == ()
    assert first.parts["user_comment"]["comment"] == "Molt útil a Doñana; write to me: (mail)"
    assert first.parts["contact"] == {
        "user_details": {"role": "user", "party": [{"name": "Núria Ficció"}]},
        "application_domain": ["Wetlands"],
        "expertise_level": 4,
    }
    assert [each["role"] for each in first.parts["target"]] == ["primary", "secondary"]
    assert second.parts["contact_role"] == "commercialDataProducer"
    assert second.updated == "2018-06-01T12:00:00Z"
    assert third.parts["contact_role"] == "researchDataProducer" and "rating" not in third.parts


def test_usage_that_can_be_repeated_is_read_as_nimmbus_writes_it() -> None:
    usage = answer("enumerate_full").items[1].parts["usage"][0]
    assert usage["usage_description"][0]["reproducible_usage"] == {
        "code": '{"style": "ndvi"}',
        "code_linkage": {"linkage": "https://example.org/style.json"},
        "code_media_type": "application/json",
        "platform": "https://github.com/example/browser",
        "version": "6.0",
        "schema": "config-schema.json#/definitions/estil",
    }
    assert usage["usage_description"][0]["usage_date_time"] == [{"begin": "2018-03-01T10:00:00Z"}]
    assert usage["discovered_issue"][0]["expected_fix_date"]["date"] == "2018-12-31"


def test_an_area_of_epsg_is_turned_round() -> None:
    target = answer("enumerate_full").items[1].parts["target"][0]
    box, polygon = target["scope"]["extent"][0]["geographic_element"]
    assert (box["west_bound_longitude"], box["north_bound_latitude"]) == (-6.5, 37)
    assert polygon["polygon"] == ((-6.5, 36.75), (-6.25, 36.75), (-6.25, 37), (-6.5, 36.75))


def test_what_is_lost_is_told_by_item_and_place() -> None:
    _, second, third = answer("enumerate_full").items
    assert second.problems == (
        "usage[0].discovered_issue[0].fixed_resource: only the first of several is kept",
    )
    assert third.problems == (
        "rating: '9' is not kept; expected one of 1, 2, 3, 4, 5",
        "usage[0].report_aspect[0]: 'alternative' is not kept; expected discovered_issue with work_around or "
        "alternative_resource beside it",
    )


def test_entries_without_content_are_named_to_be_retrieved() -> None:
    found = answer("enumerate_short")
    assert found.items == () and [code[:2] for code in found.named] == ["A1"]


def test_retrieve_says_the_rest_beside_the_item() -> None:
    (found,) = answer("retrieve").items
    assert found.updated == "2018-04-09T00:00:00Z"
    assert found.parts["purpose"] == "Per què no"
    assert found.code == answer("enumerate_full").items[0].code


def test_no_address_of_a_person_is_kept() -> None:
    for name in ("enumerate_full", "retrieve"):
        text = repr(answer(name))
        assert "@" not in text and "NFiccio" not in text


def test_an_exception_is_told() -> None:
    with pytest.raises(BadAnswer, match="Resource not found"):
        answer("exception")


@pytest.mark.parametrize(
    "document",
    [
        b"not xml",
        b'<!DOCTYPE a [<!ENTITY x "y">]><guf:GUF_FeedbackItem xmlns:guf="g">&x;</guf:GUF_FeedbackItem>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * 100,
    ],
)
def test_what_is_no_xml_or_has_a_dtd_is_refused(document: bytes) -> None:
    with pytest.raises(BadAnswer):
        read_document(document, NOW)


def test_other_xml_is_no_feedback() -> None:
    assert read_document(b"<html><body/></html>", NOW).problems == ("html has no GUF_FeedbackItem in it",)


def test_items_that_are_elsewhere_are_told() -> None:
    document = (
        b'<c:UFC_FeedbackCollection xmlns:c="x" xmlns:l="http://www.w3.org/1999/xlink">'
        b'<c:item l:href="https://a.example/1"/></c:UFC_FeedbackCollection>'
    )
    assert read_document(document, NOW).problems == ("an item is not here: https://a.example/1",)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ((('codeListValue="5">5<', 'codeListValue="fiveStars">x<'),), ""),
        ((("researchEndUser", "RESEARCHENDUSER"),), ""),
        ((("http://www.opengis.net/guf/1.0/core", "http://www.opengis.net/guf/2.0/core"),), ""),
        ((("<gco:Date>2026-01-01</gco:Date>", "<gco:Date>2026</gco:Date>"),), ""),
        ((("<gco:Date>2026-01-01</gco:Date>", "<gco:DateTime>2026-01-01T00:00:00</gco:DateTime>"),), ""),
        ((("<guf:abstract>", "<guf:secret>x</guf:secret><guf:abstract>"),), "secret: not kept"),
        ((("Clear and sharp", "x" * 501),), "abstract: cut to 500 characters"),
        ((("Clear and sharp", "Clear\u202e and sharp"),), "abstract: control characters are left out"),
        ((("researchEndUser", "king"),), None),
        ((("S2A_1", " "),), None),
        ((("primary", "secondary"),), None),
    ],
)
def test_what_others_write_is_read_as_far_as_it_goes(
    changes: tuple[tuple[str, str], ...], problem: str | None
) -> None:
    found = changed(*changes)
    if problem is None:
        assert found.item is None and found.problems
    else:
        assert found.item is not None
        assert found.problems == ((problem,) if problem else ())


def test_an_item_without_identifier_is_known_by_its_content() -> None:
    cut = ("<gco:CharacterString>1</gco:CharacterString>", "<gco:CharacterString/>")
    first, second = changed(cut), changed(cut)
    assert first.code == second.code and len(first.code) == 64
    assert first.code != changed(cut, abstract="Another").code
    assert first.problems == ("item_identifier.code: there is none; it is known by its content",)


def test_code_spaces_of_nimmbus_are_one() -> None:
    old = ("http://www.opengis.uab.cat/nimmbus/resourceId", "https://www.nimmbus.cat/resourceId/")
    assert {code_space_of(each) for each in old} == {"https://www.nimmbus.cat/resourceId"}
    assert code_space_of(" http://a.example/ ") == "http://a.example/" and code_space_of(None) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["target", "rating", "title", "role", "x"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(
    st.dictionaries(
        st.sampled_from(["target", "rating", "usage", "citation", "contact", "locale", "x"]), JSON, max_size=4
    )
)
def test_any_json_is_mended_or_given_up(broken: dict[str, Any]) -> None:
    found, problems = read_leniently({**item(), **broken}, NOW)
    assert found is not None or problems


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Ask ada.b+c@x-y.example, please", "Ask (mail), please"),
        ("mailto:ada@x.example", "(mail)"),
        ("https://x.example/?to=ada%40y.example", "https://x.example/?to=(mail)"),
        ("ada [at] x [dot] example", "(mail)"),
        ("ada(at)x.example", "(mail)"),
        ("python@3.11 and @ada and a @ b", "python@3.11 and @ada and a @ b"),
        ("at 5.10.2020", "at 5.10.2020"),
    ],
)
def test_addresses_are_taken_out_of_texts(text: str, clean: str) -> None:
    assert without_addresses(text) == clean
