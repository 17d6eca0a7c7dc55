"""What stands around metadata records: the answers of CSW, OAI-PMH and GeoNetwork."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import BadAnswer
from ..xml import Element, attributes_of, children, descendants, is_element, local_name, text_at, text_of
from .feed import Feed
from .loose_json import whole_number
from .metadata_records import MetadataRecords, NamedRecords, format_of

# OAI-PMH 2.0, 3.6: no error but an empty answer
_NO_RECORDS = "noRecordsMatch"


def _csw(document: Element, source: str) -> Feed | None:
    """The records of GetRecords and GetRecordById; `next` is the number of the first one of the next page."""
    name = local_name(document)
    if name == "GetRecordByIdResponse":
        return Feed(tuple(_records(document)))
    if name not in ("GetRecordsResponse", "SearchResults"):
        return None
    results = document if name == "SearchResults" else next(children(document, "SearchResults"), None)
    if results is None:
        raise BadAnswer("a GetRecordsResponse without SearchResults", source)
    about = attributes_of(results)
    return Feed(
        tuple(_records(results)),
        total=whole_number(about.get("numberOfRecordsMatched")),
        next=about.get("nextRecord", ""),
    )


def _records(element: Element) -> Iterator[Element]:
    return (child for child in element if is_element(child))


def _oai_pmh(document: Element, source: str) -> Feed | None:
    """The records or identifiers of an answer; `next` is the resumption token."""
    if local_name(document) == "record":
        return Feed((document,))
    if local_name(document) != "OAI-PMH":
        return None
    if errors := [each for each in children(document, "error") if _code(each) != _NO_RECORDS]:
        words = "; ".join(_words(each) for each in errors)
        raise BadAnswer(f"the provider answered with an error: {words}", source)
    for verb in ("ListRecords", "GetRecord", "ListIdentifiers"):
        for answer in children(document, verb):
            return _listed(answer)
    if any(True for _ in children(document, "error")):
        return Feed((), total=0)
    kinds = ", ".join(local_name(child) for child in _records(document))
    raise BadAnswer(f"an OAI-PMH answer that lists no records; it has: {kinds}", source)


def _listed(answer: Element) -> Feed:
    records = list(children(answer, "record"))
    headers = [header for record in records for header in children(record, "header")]
    headers += list(children(answer, "header"))
    gone = tuple(_local(text_at(header, "identifier")) for header in headers if _is_deleted(header))
    listed = children(answer, "header")
    token = next(children(answer, "resumptionToken"), None)
    about = {} if token is None else attributes_of(token)
    return Feed(
        tuple(record for record in records if not any(map(_is_deleted, children(record, "header")))),
        total=whole_number(about.get("completeListSize")),
        next="" if token is None else text_of(token),
        gone=tuple(identifier for identifier in gone if identifier),
        children=tuple(text_at(header, "identifier") for header in listed if not _is_deleted(header)),
    )


def _is_deleted(header: Element) -> bool:
    return attributes_of(header).get("status", "").lower() == "deleted"


def _code(error: Element) -> str:
    return attributes_of(error).get("code", "")


def _words(error: Element) -> str:
    code, words = _code(error), " ".join(text_of(error).split())
    if code == "badResumptionToken":
        words = f"the resumption token is not valid any more; run the harvest again ({words or code})"
    return ": ".join(filter(None, (code, words)))


def _local(identifier: str) -> str:
    """An identifier without the name of its repository: `oai:example.org:dataset-1` is `dataset-1`."""
    parts = identifier.split(":", 2)
    return parts[2] if parts[0] == "oai" and len(parts) == 3 else identifier


def _metadata(record: Element) -> Element | None:
    """The record in the `metadata` of an entry, or the element itself when it is a record alone."""
    if local_name(record) != "record":
        return record
    inside = (child for metadata in children(record, "metadata") for child in _records(metadata))
    return next(inside, None)


def _header_name(record: Element) -> str:
    return _local(text_at(record, "header/identifier")) if local_name(record) == "record" else ""


def _geonetwork(document: Element, source: str) -> Feed | None:
    """The records of xml.search, or what it tells of records that are then asked one by one."""
    if local_name(document) != "response":
        return None
    found = list(_records(document))
    summaries = [each for each in found if local_name(each) == "summary"]
    entries = [each for each in found if format_of(each)]
    briefs = [each for each in found if each not in entries and any(True for _ in descendants(each, "info"))]
    count = next((attributes_of(each).get("count") for each in summaries), None)
    end = whole_number(attributes_of(document).get("to"))
    identifiers = (text_at(each, "info/uuid") or text_at(each, "info/id") for each in briefs)
    return Feed(
        tuple(entries),
        total=whole_number(count),
        next="" if end is None else str(end + 1),
        children=tuple(identifier for identifier in identifiers if identifier),
    )


CSW = MetadataRecords(_csw)
OAI_PMH = NamedRecords(_oai_pmh, _metadata, _header_name)
GEONETWORK = MetadataRecords(_geonetwork)
