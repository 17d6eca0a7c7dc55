"""Errors of OGC services, for programs: OWS Common 2.0 in XML, OGC 17-047 (clause 7.3) in JSON."""

from __future__ import annotations

from typing import Any

from ..xml import Builder

EXCEPTION_TYPE = "application/xml"
_MAKE = Builder({"ows": "http://www.opengis.net/ows/2.0", "xml": "http://www.w3.org/XML/1998/namespace"})


def exception_report(code: str, text: str, locator: str = "") -> bytes:
    """The ows:ExceptionReport of one exception; `locator` is the parameter it is about."""
    about = {"exceptionCode": code} | ({"locator": locator} if locator else {})
    exception = _MAKE("ows:Exception", "", about, _MAKE("ows:ExceptionText", text))
    return _MAKE.to_bytes(_MAKE("ows:ExceptionReport", "", {"version": "2.0.0", "xml:lang": "en"}, exception))


def exception_object(code: str, text: str, locator: str = "") -> dict[str, Any]:
    """The exception object of GeoJSON answers."""
    about = {"exceptionCode": code, "exceptionText": text}
    return {"type": "Exception", "exceptions": [about | ({"locator": locator} if locator else {})]}
