"""Why a request is not answered, in the forms of OGC."""

from __future__ import annotations

import pytest

from ckanext.nextgeoss.eo.formats.exceptions import exception_object, exception_report
from ckanext.nextgeoss.eo.xml import attributes_of, children, local_name, parse_xml, text_at


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("bbox is no box", "bbox is no box"),
        ("<script>&\"'</script>", "<script>&\"'</script>"),
        ("a\x00\x0bb\ud800", "ab"),
    ],
)
def test_a_report_says_what_and_where_whatever_was_asked(reason: str, told: str) -> None:
    report = parse_xml(exception_report("InvalidParameterValue", reason, 'b"<box>'))
    (exception,) = children(report, "Exception")
    assert report.tag == "{http://www.opengis.net/ows/2.0}ExceptionReport"
    assert attributes_of(exception) == {"exceptionCode": "InvalidParameterValue", "locator": 'b"<box>'}
    assert text_at(exception, "ExceptionText") == "".join(
        each for each in reason if each not in "\x00\x0b\ud800"
    )
    assert local_name(exception[0]) == "ExceptionText"


def test_without_a_place_there_is_no_locator() -> None:
    (exception,) = children(parse_xml(exception_report("NoApplicableCode", "No.")), "Exception")
    assert attributes_of(exception) == {"exceptionCode": "NoApplicableCode"}


def test_json_says_the_same() -> None:
    """ER-03."""
    told = exception_object("InvalidParameterValue", '<b>"no"', "bbox")
    exception = {"exceptionCode": "InvalidParameterValue", "exceptionText": '<b>"no"', "locator": "bbox"}
    assert told == {"type": "Exception", "exceptions": [exception]}
    assert "locator" not in exception_object("NoApplicableCode", "No.")["exceptions"][0]
