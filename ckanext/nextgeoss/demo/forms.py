"""The forms of answers: media type, and how a protocol says that something is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from xml.sax.saxutils import escape, quoteattr

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Form:
    """How the answers of a protocol look."""

    name: str
    # of search answers, and of those that say what is wrong
    media_type: str
    error_type: str
    # from code, description and the name of the parameter, if it is one
    refusal: Callable[[str, str, str], bytes]

    def says(self, status: int, description: str, where: str = "") -> bytes:
        """The body that says what is wrong."""
        return self.refusal(HTTPStatus(status).phrase.replace(" ", ""), description, where)


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


def _plain(code: str, description: str, where: str) -> bytes:
    return _json({"code": code, "description": description})


def _ows(code: str, where: str) -> str:
    """The code of OWS Common (OGC 06-121r9, table 27)."""
    return "InvalidParameterValue" if where and code == "BadRequest" else "NoApplicableCode"


def _exception_json(code: str, description: str, where: str) -> bytes:
    about = {"exceptionCode": _ows(code, where), "exceptionText": description}
    about |= {"locator": where} if where else {}
    return _json({"type": "ExceptionReport", "exceptions": [{"type": "Exception", **about}]})


def _exception_xml(code: str, description: str, where: str) -> bytes:
    locator = f" locator={quoteattr(where)}" if where else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/2.0" version="2.0.0">'
        f'<ows:Exception exceptionCode="{_ows(code, where)}"{locator}>'
        f"<ows:ExceptionText>{escape(description)}</ows:ExceptionText>"
        "</ows:Exception></ows:ExceptionReport>\n"
    ).encode()


def _odata(code: str, description: str, where: str) -> bytes:
    """OData 4.01, part JSON, 21.1."""
    about = {"code": code, "message": description} | ({"target": where} if where else {})
    return _json({"error": about})


STAC = Form("stac", "application/geo+json", JSON, _plain)
EO_GEOJSON = Form("eo-geojson", "application/geo+json", JSON, _exception_json)
ATOM = Form("atom", "application/atom+xml", "application/xml", _exception_xml)
ODATA = Form("odata", "application/json;odata.metadata=minimal", JSON, _odata)
