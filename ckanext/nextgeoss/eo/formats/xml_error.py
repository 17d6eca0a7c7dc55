"""Errors that services write in XML where an answer was asked for."""

from __future__ import annotations

from typing import Any

from ..xml import Element, attributes_of, is_element, local_name, text_at, text_of

_ERROR_ROOTS = ("errors", "error", "Error", "ExceptionReport", "ServiceExceptionReport", "html")


def xml_error(root: Any) -> str:
    """The words of an XML error body, of CMR, OData, OWS and older OGC services, or the title of an HTML
    page; empty for anything else."""
    if not is_element(root) or local_name(root) not in _ERROR_ROOTS:
        return ""
    name = local_name(root)
    if name == "html":
        return text_at(root, "head/title")
    if name in ("error", "Error"):  # the latter of S3 and its sisters
        said = (
            text_at(root, "code") or text_at(root, "Code"),
            text_at(root, "message") or text_at(root, "Message"),
        )
        words = ": ".join(filter(None, said))
        return " ".join((words or text_of(root)).split())
    parts = [_exception(child) for child in root if is_element(child)]
    return "; ".join(part for part in parts if part) or " ".join(text_of(root).split())


def _exception(element: Element) -> str:
    about = attributes_of(element)
    words = " ".join(text_of(element).split())
    code = about.get("exceptionCode") or about.get("code") or ""
    locator = f" ({about['locator']})" if about.get("locator") else ""
    return f"{code}{locator}{': ' if code + locator and words else ''}{words}"
