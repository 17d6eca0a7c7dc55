"""Requests of widgets for NiMMbus are understood, and what is wrong with others is told."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from ckanext.nextgeoss.feedback.exports.nimmbus_request import Asked, BadRequest, external_ids, read
from ckanext.nextgeoss.feedback.imports.nimmbus import enumerate_address

ID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
# as the widget puts its requests together
WIDGET = (
    "SERVICE=WPS&REQUEST=EXECUTE&IDENTIFIER=NB_RESOURCE:ENUMERATE&LANGUAGE=eng&STARTINDEX=1&COUNT=100"
    "&FORMAT=text/xml&TYPE=FEEDBACK&TRG_TYPE_1=CITATION&TRG_FLD_1=CODE&TRG_VL_1=S2A_1&TRG_OPR_1=EQ"
    "&TRG_NXS_1=AND&TRG_TYPE_2=CITATION&TRG_FLD_2=NAMESPACE&TRG_VL_2=http://a.example/x&TRG_OPR_2=EQ"
)


def asked(query: str, **more: str) -> Asked:
    return read({**dict(parse_qsl(query)), **more})


def test_the_requests_of_the_widget() -> None:
    first = asked(WIDGET)
    assert (first.operation, first.code, first.code_space) == ("ENUMERATE", "S2A_1", "http://a.example/x")
    assert (first.limit, first.offset, first.full, first.role) == (100, 0, False, "")
    assert asked(WIDGET, TRG_ROLE="primary", CONTENT="full").full
    one = asked(
        f"SERVICE=WPS&REQUEST=EXECUTE&IDENTIFIER=NB_RESOURCE:RETRIEVE&LANGUAGE=cat&RESOURCE={ID}&USER=Anonymous"
    )
    assert (one.operation, one.id, one.language) == ("RETRIEVE", ID, "cat")
    total = asked(WIDGET.replace("ENUMERATE", "SUMMARY"))
    assert (total.operation, total.code) == ("SUMMARY", "S2A_1")


def test_our_own_request_is_one_of_these() -> None:
    address = enumerate_address("https://x.example/cgi", "S2A_1", "http://a.example/x", 101)
    found = asked(address.partition("?")[2])
    assert (found.code, found.code_space, found.offset, found.full) == (
        "S2A_1",
        "http://a.example/x",
        100,
        True,
    )


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"SERVICE": "WMS"}, "SERVICE"),
        ({"REQUEST": "DescribeProcess"}, "REQUEST"),
        ({"IDENTIFIER": "NB_RESOURCE:CREATE"}, "IDENTIFIER"),
        ({"IDENTIFIER": "NB_USER:CREATE"}, "IDENTIFIER"),
        ({"STARTINDEX": "0"}, "STARTINDEX"),
        ({"COUNT": "many"}, "COUNT"),
        ({"TYPE": "POI"}, "TYPE"),
        ({"FORMAT": "text/html"}, "FORMAT"),
        ({"TRG_FLD_1": "TITLE"}, "TRG_FLD_1"),
        ({"TRG_OPR_2": "LIKE"}, "TRG_OPR_2"),
        ({"TRG_ROLE": "all"}, "TRG_ROLE"),
        ({"RSC_FLD_1": "RATING"}, "RSC_FLD_1"),
        ({"IDENTIFIER": "NB_RESOURCE:RETRIEVE", "RESOURCE": "../x"}, "RESOURCE"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, str], where: str) -> None:
    with pytest.raises(BadRequest) as caught:
        asked(WIDGET, **given)
    assert caught.value.where == where


def test_external_ids_have_separators_between_them_and_not_within() -> None:
    text = '{"code":"a,b","codeSpace":"http://x/y"}/{"code":"c"}/' + ID
    assert external_ids(text, "/") == [("a,b", "http://x/y"), ("c", ""), (ID, "")]
    with pytest.raises(BadRequest):
        external_ids('{"codeSpace":"x"}')
