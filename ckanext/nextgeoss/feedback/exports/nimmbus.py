"""Feedback as NiMMbus answers, for widgets that were written for it: ENUMERATE (Atom with OWS Context),
RETRIEVE and SUMMARY (WPS 1.0 ExecuteResponse), exceptions (OWS 1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from ...eo.xml import to_text
from ...eo.xml_text import attribute, document, element, escaped, holder
from ..collection import summary_of
from ..guf_xml.names import NAMESPACES
from ..guf_xml.write import element_of, number_ids
from .entries import Entry, Page, clean

TYPE = "text/xml"
# by which widgets know what an entry is
CATEGORY = "https://www.nimmbus.cat/resource_type"
_ATOM = {
    "": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "georss": "http://www.georss.org/georss",
    "gml": "http://www.opengis.net/gml",
    "owc": "http://www.opengis.net/owc/1.0",
    "opensearch": "http://a9.com/-/spec/opensearch/1.1/",
}
_WPS = {
    "wps": "http://www.opengis.net/wps/1.0.0",
    "ows": "http://www.opengis.net/ows/1.1",
    "xlink": "http://www.w3.org/1999/xlink",
}
_PROFILE = (
    '<link rel="profile" href="http://www.opengis.net/spec/owc-atom/1.0/req/core" '
    'title="This file is compliant with version 1.0 of OGC Context"/>'
)
_INNER = "".join(
    f' xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items() if prefix != "xlink"
)
PATH = "/nimmbus"


def enumerate_answer(page: Page, language: str, *, full: bool = False) -> bytes:
    """The feed of a page; with `full` each entry has the whole item in it."""
    last = page.offset + len(page.entries)
    head = [
        _PROFILE,
        element("title", page.title),
        element("id", page.self_address),
        element("subtitle", f"Resources [{page.offset + 1}, {last}] of {page.total}", ' type="text"'),
        element("updated", page.updated),
        "<author><name>NextGEOSS DataHub</name></author>",
        "<dc:publisher>NextGEOSS DataHub</dc:publisher>",
        f"<generator{attribute('uri', page.base)}>NextGEOSS DataHub NB_RESOURCE:ENUMERATE</generator>",
        element("opensearch:totalResults", str(page.total)),
        element("opensearch:startIndex", str(page.offset + 1)),
        element("opensearch:itemsPerPage", str(len(page.entries))),
        f'<link rel="self" type="application/atom+xml"{attribute("href", page.self_address)}/>',
    ]
    entries = [_entry(each, page.base, language, full) for each in page.entries]
    return document("feed", _ATOM, "\n".join([*head, *entries]), attribute("xml:lang", language[:2]))


def retrieve_answer(entry: Entry, base: str, language: str) -> bytes:
    """The answer with one item and, beside it, what NiMMbus knows of a resource."""
    item = entry.item
    literals = {
        "obj_id": ("Resource internal Identifier", entry.id),
        "obj_time": ("Resource creation time", entry.created),
        "language": ("Language", language),
        "last_modif_time": ("Resource last modification time", entry.updated),
        "type": ("Resource type", "FEEDBACK"),
        "rights": ("User Rights", "R"),
        "owner_user": ("Owner user", entry.author or "Anonymous"),
        "title": ("Resource title", item.abstract),
        "reason": ("Motivation for this entry", item.purpose or ""),
    }
    outputs = [
        _output(name, title, element("wps:LiteralData", text)) for name, (title, text) in literals.items()
    ]
    whole = f"<wps:ComplexData{_INNER}>{_guf(entry)}</wps:ComplexData>"
    outputs.append(_output("feedback", "Feedback item", whole))
    return _response("NB_RESOURCE:RETRIEVE", base, entry.updated, "".join(outputs))


def summary_answer(page: Page) -> bytes:
    """The answer with the summary of a page, empty when nothing was said."""
    summary = clean(page.summary)
    told = to_text(element_of(summary_of(summary))) if summary else ""
    whole = f"<wps:ComplexData{_INNER}>{told}</wps:ComplexData>"
    output = _output("feedback summary", "Feedback summary", whole)
    return _response("NB_RESOURCE:SUMMARY", page.base, page.updated, output)


def exception(code: str, locator: str, text: str) -> bytes:
    """A report of what is wrong with a request."""
    told = element("ows:ExceptionText", text)
    one = holder("ows:Exception", told, attribute("exceptionCode", code) + attribute("locator", locator))
    return document("ows:ExceptionReport", {"ows": _WPS["ows"]}, one, ' version="1.1.0"')


def retrieve_address(base: str, item_id: str, language: str) -> str:
    """The request that retrieves an item; widgets cut the id out between `&RESOURCE=` and the next `&`."""
    return (
        f"{base}{PATH}?SERVICE=WPS&REQUEST=EXECUTE&IDENTIFIER=NB_RESOURCE:RETRIEVE"
        f"&LANGUAGE={quote(language)}&RESOURCE={quote(item_id)}&USER=Anonymous"
    )


def _entry(entry: Entry, base: str, language: str, full: bool) -> str:
    address = retrieve_address(base, entry.id, language)
    whole = f'<content type="application/xml"><guf{_INNER}>{_guf(entry)}</guf></content>' if full else ""
    parts = [
        element("id", address.removesuffix("&USER=Anonymous")),
        element("title", entry.item.abstract),
        f"<link{attribute('href', address)}/>",
        f"<author>{element('name', entry.author or 'Anonymous')}</author>",
        "<dc:publisher>NextGEOSS DataHub</dc:publisher>",
        element("updated", entry.updated),
        "<dc:rights>R</dc:rights>",
        f'<category scheme="{CATEGORY}" term="FEEDBACK" label="a user feedback item"/>',
        whole or element("content", entry.item.purpose or entry.item.abstract, ' type="text"'),
    ]
    return holder("entry", "".join(parts))


def _guf(entry: Entry) -> str:
    root = element_of(entry.item)
    number_ids(root)
    return to_text(root)


def _output(name: str, title: str, data: str) -> str:
    return holder(
        "wps:Output",
        element("ows:Identifier", name) + element("ows:Title", title) + holder("wps:Data", data),
    )


def _response(process: str, base: str, time: str, outputs: str) -> bytes:
    told: Mapping[str, str] = {"service": "WPS", "version": "1.0.0", "xml:lang": "en-US"}
    address = f"{base}{PATH}?SERVICE=WPS&REQUEST=GetCapabilities"
    head = (
        f'<wps:Process wps:processVersion="1">{element("ows:Identifier", process)}'
        f"{element('ows:Title', process)}</wps:Process>"
        f'<wps:Status creationTime="{escaped(time)}"><wps:ProcessSucceeded>done</wps:ProcessSucceeded>'
        "</wps:Status>"
    )
    more = "".join(attribute(name, value) for name, value in told.items())
    more += attribute("serviceInstance", address)
    content = head + holder("wps:ProcessOutputs", outputs)
    return document("wps:ExecuteResponse", _WPS, content, more)
