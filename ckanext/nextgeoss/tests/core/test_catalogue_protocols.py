"""CSW, OAI-PMH and GeoNetwork against servers on loopback: page after page, changes, deletions, faults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer, BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.pagination import request_from_text, request_to_text
from ckanext.nextgeoss.harvesters.protocols import AREA, CHANGES, COLLECTIONS, TIME, Answer
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.harvesters.slices import changed_since
from ckanext.nextgeoss.http import HttpClient, Limits, RemoteError
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve

SINCE = datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=timezone.utc)


def _catalogue(server: LocalServer, profile: str, **said: Any) -> RemoteCatalogue:
    about: dict[str, Any] = {
        "title": "X", "organization": "x", "profile": profile, "collections": {"ours": {"pattern": ".*"}},
        "url": f"{server.url}/cat",
    }  # fmt: skip
    if profile != "oai_pmh":
        about["page_size"] = 2
    client = HttpClient(allowed_private_hosts=[server.host], limits=Limits(attempts=1, pause=0))
    return RemoteCatalogue(provider_from_mapping("x", about | said, "x"), client.send)


def _asked(handler: Handler) -> dict[str, str]:
    query = urlsplit(handler.server.seen.calls[-1].path).query
    return {name: values[0] for name, values in parse_qs(query).items()}


def _all_asked(server: LocalServer) -> list[dict[str, str]]:
    return [
        {name: values[0] for name, values in parse_qs(urlsplit(call.path).query).items()}
        for call in server.calls
    ]


def _ids(pages: list[Answer]) -> list[str]:
    return [product.id for page in pages for product in page.products]


# --- CSW


def _iso(number: int) -> str:
    return (
        "<gmd:MD_Metadata xmlns:gmd='urn:gmd' xmlns:gco='urn:gco'>"
        f"<gmd:fileIdentifier><gco:CharacterString>r{number}</gco:CharacterString></gmd:fileIdentifier>"
        "</gmd:MD_Metadata>"
    )


def _results(numbers: range, total: int, following: object, version: str = "2.0.2") -> bytes:
    return (
        f"<csw:GetRecordsResponse xmlns:csw='http://www.opengis.net/cat/csw/{version}'>"
        f"<csw:SearchResults numberOfRecordsMatched='{total}' numberOfRecordsReturned='{len(numbers)}'"
        + (f" nextRecord='{following}'>" if following is not None else ">")
        + "".join(map(_iso, numbers))
        + "</csw:SearchResults></csw:GetRecordsResponse>"
    ).encode()


def _csw(
    total: int = 5, following: Callable[[int, int], object] = lambda end, total: 0 if end > total else end
) -> Callable[[Handler], None]:
    """So many records, two a page; `following` says the number of the next page's first."""

    def answer(handler: Handler) -> None:
        asked = _asked(handler)
        begin, most = int(asked["startPosition"]), int(asked["maxRecords"])
        end = min(begin + most, total + 1)
        numbers = range(0) if asked.get("resultType") == "hits" else range(begin, end)
        handler.answer(_results(numbers, total, following(end, total), asked["version"]))

    return answer


@pytest.mark.parametrize(
    "following",
    [
        lambda end, total: 0 if end > total else end,
        lambda end, total: end,  # one more than there are at the end
        lambda end, total: None,
    ],
)
@pytest.mark.parametrize("version", ["2.0.2", "3.0.0"])
def test_csw_page_after_page(following: Callable[[int, int], object], version: str):
    """Each record once, whatever the last page says of the next one, and from any page on."""
    with serve({"/cat": _csw(5, following)}) as server:
        catalogue = _catalogue(server, "csw", parameters={"version": version})
        pages = list(catalogue.pages(Query(collections=("ours",))))
        start = request_from_text(request_to_text(pages[0].next)) if pages[0].next else None
        rest = _ids(list(catalogue.pages(Query(collections=("ours",)), start)))
    assert [len(page.products) for page in pages] == [2, 2, 1]
    assert _ids(pages) == ["r1", "r2", "r3", "r4", "r5"]
    assert rest == ["r3", "r4", "r5"]
    assert {page.total for page in pages} == {5}
    assert all(asked["version"] == version for asked in _all_asked(server))


def test_csw_asks_for_results():
    """The standard's own choice would be to count them; without a condition none is hinted at."""
    with serve({"/cat": _csw()}) as server:
        list(_catalogue(server, "csw").pages(Query()))
    (first, *_) = _all_asked(server)
    assert first["resultType"] == "results"
    assert first["outputSchema"] == "http://www.isotc211.org/2005/gmd"
    assert (first["startPosition"], first["maxRecords"], first["elementSetName"]) == ("1", "2", "full")
    assert not any(name.startswith("constraint") for name in first)


def test_csw_conditions():
    """Collection, time, area and changes as CQL, with quotes doubled; what has no clause is not asked."""
    clauses = {
        "eo:parentIdentifier": "ParentIdentifier = '{eo:parentIdentifier}'",
        "time:start": "TempExtent_end >= '{time:start}'",
        "time:end": "TempExtent_begin <= '{time:end}'",
        "geo:box": "BBOX(ows:BoundingBox,{geo:box})",
    }
    query = Query(
        collections=("ours",),
        time=TemporalExtent.parse("2024-06-01/2024-06-30"),
        footprint=Footprint.from_bbox(1, 2, 3, 4),
        conditions=changed_since(SINCE),
    )
    with serve({"/cat": _csw()}) as server:
        catalogue = _catalogue(server, "csw", clauses=clauses, collections={"ours": "it's"})
        assert catalogue.asks == {COLLECTIONS, TIME, AREA, CHANGES}
        list(catalogue.pages(query))
        assert _catalogue(server, "csw", clauses={"changedSince": ""}).asks == set()
        plain = _catalogue(server, "csw")
        assert plain.asks == {CHANGES}
        list(plain.pages(query))
    asked = _all_asked(server)
    assert asked[0]["constraint"] == (
        "dct:modified >= '2024-05-06T07:08:09.123456Z' AND ParentIdentifier = 'it''s' "
        "AND TempExtent_end >= '2024-06-01T00:00:00Z' AND TempExtent_begin <= '2024-06-30T23:59:59.999999Z' "
        "AND BBOX(ows:BoundingBox,1.0,2.0,3.0,4.0)"
    )
    assert asked[0]["constraintLanguage"] == "CQL_TEXT"
    assert asked[-1]["constraint"] == "dct:modified >= '2024-05-06T07:08:09.123456Z'"


def test_csw_area_that_is_no_box():
    """A wider answer would pass for the right one."""
    triangle = Footprint.from_wkt("POLYGON ((0 0, 1 0, 1 1, 0 0))")
    with serve({"/cat": _csw()}) as server:
        catalogue = _catalogue(server, "csw", clauses={"geo:box": "BBOX(ows:BoundingBox,{geo:box})"})
        with pytest.raises(BadValue, match="a box"):
            list(catalogue.pages(Query(footprint=triangle)))


def test_csw_counts():
    """By a request for hits only."""
    with serve({"/cat": _csw(4711)}) as server:
        assert _catalogue(server, "csw").count(Query(conditions=changed_since(SINCE))) == 4711
        assert _catalogue(server, "csw", counts=False).count(Query()) is None
    (asked,) = _all_asked(server)
    assert asked["resultType"] == "hits"
    assert "2024-05-06" in asked["constraint"]


def test_csw_page_with_less_than_asked():
    """A server that leaves records out says where it goes on all the same."""

    def answer(handler: Handler) -> None:
        begin = int(_asked(handler)["startPosition"])
        handler.answer(_results(range(begin, begin + 1), 4, begin + 2 if begin < 3 else 0))

    with serve({"/cat": answer}) as server:
        assert _ids(list(_catalogue(server, "csw").pages(Query()))) == ["r1", "r3"]


@pytest.mark.parametrize("following", [1, 2])
def test_csw_next_record_that_does_not_grow(following: int):
    """No end, and not for ever."""
    with serve({"/cat": lambda handler: handler.answer(_results(range(1, 3), 9, following))}) as server:
        pages = _catalogue(server, "csw").pages(Query())
        with pytest.raises(BadAnswer, match="does not grow"):
            list(pages)
    assert len(server.calls) <= 2


_EXCEPTION = (
    b"<ows:ExceptionReport xmlns:ows='http://www.opengis.net/ows'><ows:Exception "
    b"exceptionCode='InvalidParameterValue' locator='constraint'><ows:ExceptionText>no such queryable"
    b"</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
)
_OAI = "<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'>{}</OAI-PMH>"
_EXPIRED = _OAI.format("<error code='badResumptionToken'>too old</error>").encode()


@pytest.mark.parametrize("profile", ["csw", "oai_pmh", "geonetwork"])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!doctype html><html><title>Down for maintenance</title></html>", "HTML (Down for maintenance)"),
        (_EXCEPTION.replace(b"ows:", b"").replace(b"xmlns:ows", b"xmlns"), "an error: InvalidParameterValue"),
        (_results(range(1, 3), 9, 3)[:-60], "cut short"),
        (b"", "an empty answer"),
        (b"Too many connections", "not JSON"),
        (b"<a/>", "XML (a), not a search answer"),
        (b"{}", "not a search answer"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "DTD"),
    ],
)
def test_what_is_no_answer(profile: str, body: bytes, words: str):
    """It is told in one line, and is never an empty result."""
    with (
        serve({path: lambda handler: handler.answer(body) for path in ("/cat", "/cat/xml.search")}) as server,
        pytest.raises(BadAnswer) as caught,
    ):
        list(_catalogue(server, profile).pages(Query()))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 503])
def test_busy(status: int):
    """After the pages before it, and with what was said."""

    def answer(handler: Handler) -> None:
        if _asked(handler)["startPosition"] == "1":
            _csw()(handler)
        else:
            handler.answer(b"<html>busy</html>", status)

    with serve({"/cat": answer}) as server:
        pages = _catalogue(server, "csw").pages(Query())
        assert _ids([next(pages)]) == ["r1", "r2"]
        with pytest.raises(RemoteError, match=str(status)):
            next(pages)


def test_probe_hears_of_an_exception_in_a_success():
    """A service that does not know when its records changed says so with status 200."""
    with (
        serve({"/cat": lambda handler: handler.answer(_EXCEPTION)}) as server,
        pytest.raises(BadAnswer, match="no such queryable"),
    ):
        _catalogue(server, "csw").probe(Query(conditions=changed_since(SINCE)))


# --- OAI-PMH


def _header(number: int, gone: bool = False) -> str:
    status = " status='deleted'" if gone else ""
    return (
        f"<header{status}><identifier>oai:x.example:r{number}</identifier>"
        "<datestamp>2024-01-01</datestamp></header>"
    )


def _record(number: int) -> str:
    return f"<record>{_header(number)}<metadata>{_iso(number)}</metadata></record>"


def _token(said: str, total: int | None = None) -> str:
    size = f" completeListSize='{total}'" if total is not None else ""
    return f"<resumptionToken{size}>{said}</resumptionToken>"


def _list(verb: str, *parts: str) -> bytes:
    return _OAI.format(f"<{verb}>{''.join(parts)}</{verb}>").encode()


def _oai(handler: Handler) -> None:
    """Three records in two pages, one between them deleted."""
    token = _asked(handler).get("resumptionToken")
    if token is None:
        gone = f"<record>{_header(9, gone=True)}</record>"
        handler.answer(_list("ListRecords", _record(1), gone, _record(2), _token("two", 4)))
    else:
        handler.answer(_list("ListRecords", _record(3), _token("", 4)))


def test_oai_page_after_page():
    """The token alone leads on; the last one is empty. Records have the identifiers of their headers, without
    the repository's name."""
    with serve({"/cat": _oai}) as server:
        catalogue = _catalogue(server, "oai_pmh", parameters={"metadataPrefix": "iso19115"})
        pages = list(catalogue.pages(Query(collections=("ours",))))
    assert _ids(pages) == ["r1", "r2", "r3"]
    assert [page.gone for page in pages] == [("r9",), ()]
    assert [page.total for page in pages] == [4, 4]
    assert _all_asked(server) == [
        {"verb": "ListRecords", "metadataPrefix": "iso19115"},
        {"verb": "ListRecords", "resumptionToken": "two"},
    ]


@pytest.mark.parametrize(
    ("granularity", "said"), [("second", "2024-05-06T07:08:09Z"), ("day", "2024-05-06"), ("", None)]
)
def test_oai_changes(granularity: str, said: str | None):
    """As exactly as the repository understands."""
    with serve({"/cat": _oai}) as server:
        catalogue = _catalogue(server, "oai_pmh", changes={"from": granularity})
        assert (CHANGES in catalogue.asks) is (said is not None)
        if said:
            list(catalogue.pages(Query(conditions=changed_since(SINCE))))
            assert _all_asked(server)[0]["from"] == said


def test_oai_other_conditions():
    with serve({"/cat": _oai}) as server, pytest.raises(BadValue, match="since when records have changed"):
        list(_catalogue(server, "oai_pmh").pages(Query(conditions=(Condition("cloud_cover", "<=", 5),))))


def test_oai_sets():
    """A collection that has other ids is a set, and sets follow one another."""
    collections = {"one": "set-1", "two": ["set-2"]}
    with serve({"/cat": _oai}) as server:
        catalogue = _catalogue(server, "oai_pmh", collections=collections)
        assert COLLECTIONS in catalogue.asks
        pages = list(catalogue.pages(Query(collections=("one", "two"))))
    assert [each.get("set") for each in _all_asked(server)] == ["set-1", None, "set-2", None]
    assert [product.collection for page in pages for product in page.products] == ["one"] * 3 + ["two"] * 3
    assert pages[0].total == 4


def test_oai_no_records_match():
    """Is an answer, not an error."""
    body = _OAI.format("<error code='noRecordsMatch'>none</error>").encode()
    with serve({"/cat": lambda handler: handler.answer(body)}) as server:
        assert _ids(list(_catalogue(server, "oai_pmh").pages(Query()))) == []


def test_oai_token_that_has_expired():
    """It is said what to do."""

    def answer(handler: Handler) -> None:
        handler.answer(_EXPIRED) if "resumptionToken" in _asked(handler) else _oai(handler)

    with serve({"/cat": answer}) as server:
        pages = _catalogue(server, "oai_pmh").pages(Query())
        assert _ids([next(pages)]) == ["r1", "r2"]
        with pytest.raises(BadAnswer, match="not valid any more; run the harvest again"):
            next(pages)


def test_oai_token_that_leads_back():
    with (
        serve({"/cat": lambda h: h.answer(_list("ListRecords", _record(1), _token("same")))}) as server,
        pytest.raises(BadAnswer, match=r"read before|came twice"),
    ):
        list(_catalogue(server, "oai_pmh").pages(Query()))
    assert len(server.calls) == 2


def test_oai_page_of_deleted_records_is_not_the_end():
    def answer(handler: Handler) -> None:
        if "resumptionToken" in _asked(handler):
            handler.answer(_list("ListRecords", _record(1)))
        else:
            gone = "".join(f"<record>{_header(n, gone=True)}</record>" for n in (7, 8))
            handler.answer(_list("ListRecords", gone, _token("two", 3)))

    with serve({"/cat": answer}) as server:
        pages = list(_catalogue(server, "oai_pmh").pages(Query()))
    assert [(page.gone, _ids([page])) for page in pages] == [(("r7", "r8"), []), ((), ["r1"])]


def test_oai_identifiers_then_records():
    """Where a repository lists only these: each record is asked by its whole identifier; one that is missing
    is refused, and the rest is read."""

    def answer(handler: Handler) -> None:
        asked = _asked(handler)
        if asked["verb"] == "GetRecord":
            number = int(asked["identifier"].rpartition("r")[2])
            missing = _OAI.format("<error code='idDoesNotExist'>gone</error>").encode()
            handler.answer(missing if number == 2 else _list("GetRecord", _record(number)))
        elif "resumptionToken" in asked:
            handler.answer(_list("ListIdentifiers", _header(3)))
        else:
            handler.answer(
                _list("ListIdentifiers", _header(1), _header(2), _header(8, gone=True), _token("two", 4))
            )

    with serve({"/cat": answer}) as server:
        parameters = {"verb": "ListIdentifiers", "metadataPrefix": "wmdr"}
        pages = list(_catalogue(server, "oai_pmh", parameters=parameters).pages(Query()))
    assert _ids(pages) == ["r1", "r3"]
    assert [identifier for page in pages for identifier in page.gone] == ["r8"]
    assert ["idDoesNotExist" in bad.reason for page in pages for bad in page.refused] == [True]
    names = ("verb", "identifier", "resumptionToken")
    assert [tuple(each.get(name) for name in names) for each in _all_asked(server)] == [
        ("ListIdentifiers", None, None),
        ("GetRecord", "oai:x.example:r1", None),
        ("GetRecord", "oai:x.example:r2", None),
        ("ListIdentifiers", None, "two"),
        ("GetRecord", "oai:x.example:r3", None),
    ]  # fmt: skip
    assert all(
        each["metadataPrefix"] == "wmdr" for each in _all_asked(server) if "resumptionToken" not in each
    )


def test_oai_record_without_metadata_and_in_unknown_format():
    """Each is refused alone."""
    records = (
        _record(1),
        f"<record>{_header(2)}</record>",
        f"<record>{_header(3)}<metadata><marc xmlns=''/></metadata></record>",
        f"<record>{_header(4)}<metadata/></record>",
    )
    with serve({"/cat": lambda handler: handler.answer(_list("ListRecords", *records))}) as server:
        (page,) = _catalogue(server, "oai_pmh").pages(Query())
    assert _ids([page]) == ["r1"]
    assert [bad.reason for bad in page.refused] == [
        "no metadata in the record",
        "a record in a format that is not read (marc)",
        "no metadata in the record",
    ]


def test_records_in_no_format_that_is_read():
    """Nobody would know of it from a list of refusals."""
    record = f"<record>{_header(3)}<metadata><marc xmlns=''/></metadata></record>"
    with (
        serve({"/cat": lambda handler: handler.answer(_list("ListRecords", record))}) as server,
        pytest.raises(BadAnswer, match=r"records in a format that is not read \(marc\)"),
    ):
        list(_catalogue(server, "oai_pmh").pages(Query()))


# --- GeoNetwork


def _brief(number: int) -> str:
    return (
        "<metadata><title>x</title><geonet:info xmlns:geonet='urn:geonet'>"
        f"<id>{number}</id><uuid>r{number}</uuid></geonet:info></metadata>"
    )


@pytest.mark.parametrize("is_brief", [False, True])
def test_geonetwork(is_brief: bool):
    """Pages by their first and last record; records that are only told of are asked one by one."""

    def search(handler: Handler) -> None:
        begin, end = (int(_asked(handler)[name]) for name in ("from", "to"))
        numbers = range(begin, min(end, 3) + 1)
        found = "".join(_brief(n) if is_brief else _iso(n) for n in numbers)
        handler.answer(
            f"<response from='{begin}' to='{min(end, 3)}'><summary count='3'/>{found}</response>".encode()
        )

    def record(handler: Handler) -> None:
        handler.answer(_iso(int(_asked(handler)["uuid"][1:])).encode())

    with serve({"/cat/xml.search": search, "/cat/xml.metadata.get": record}) as server:
        pages = list(_catalogue(server, "geonetwork").pages(Query(conditions=changed_since(SINCE))))
    assert _ids(pages) == ["r1", "r2", "r3"]
    searches = [each for each in _all_asked(server) if "from" in each]
    assert [(each["from"], each["to"]) for each in searches] == [("1", "2"), ("3", "4")]
    assert searches[0]["dateFrom"].startswith("2024-05-06T07:08:09")
    assert len(server.calls) == (5 if is_brief else 2)
