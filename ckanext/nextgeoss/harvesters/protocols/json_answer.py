"""Answers that should be JSON: decodes them, and says in one line what else they are."""

from __future__ import annotations

import json
import re
from typing import Any, cast

from ...addresses import redact
from ...eo.errors import BadAnswer, shown
from ...eo.formats.loose_json import mapping, text
from ...http import Response

_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.I | re.S)
_TAGS = re.compile(r"<[^>]*>")
# where services put their words when something failed (RFC 9457, OGC API and OWS, STAC API, AWS, OData, ESRI)
_WORDS = (
    "description",
    "detail",
    "message",
    "errorMessage",
    "exceptionText",
    "error_description",
    "reason",
    "title",
    "error",
    "msg",
    "text",
)
_KINDS = ("code", "exceptionCode", "errorType", "name", "status", "statusCode")


def decoded(response: Response) -> Any:
    """The JSON value of an answer; BadAnswer when it is something else."""
    source = redact(response.url)
    body = response.body.strip()
    if body.startswith(b"<"):
        raise BadAnswer(f"{markup(body)} instead of JSON", source)
    if not body:
        raise BadAnswer("an empty answer instead of JSON", source)
    try:
        return json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadAnswer("not JSON: the answer is not UTF-8 text", source) from error
    except RecursionError as error:
        raise BadAnswer("JSON that is nested too deeply", source) from error
    except json.JSONDecodeError as error:
        raise BadAnswer(_not_json(error, body), source) from error
    except ValueError as error:
        raise BadAnswer(f"JSON with a value that cannot be read: {error}", source) from error


def _not_json(error: json.JSONDecodeError, body: bytes) -> str:
    """Where the text stops being JSON, and how it begins."""
    is_cut = error.pos >= len(error.doc.rstrip()) - 1 or error.msg.startswith("Unterminated")
    what = "JSON that is cut short" if is_cut and body[:1] in (b"{", b"[") else "not JSON"
    begin = shown(body[:40].decode("utf-8", "replace"))
    return f"{what}, at line {error.lineno} column {error.colno}: {error.msg}; it begins {begin}"


def reported_error(document: Any) -> str:
    """The words of an error body; empty when the document is none."""
    if not isinstance(document, dict):
        return ""
    fields = cast(dict[str, Any], document)
    for wrapper in ("error", "errors", "exceptions", "exception", "fault"):
        first: Any = fields.get(wrapper)
        if isinstance(first, list) and first:
            first = cast(list[Any], first)[0]
        if isinstance(first, dict) and (words := reported_error(cast(object, first))):
            return words
        if isinstance(first, str) and first and wrapper != "error":
            return first
    words = next((said for name in _WORDS if (said := _said(fields.get(name)))), "")
    kind = next((said for name in _KINDS if (said := text(fields.get(name)))), "")
    return ": ".join(part for part in (kind, words) if part)


def _said(value: Any) -> str:
    """The words of a value, which FastAPI gives as a list of `{loc, msg, type}` and OData with a language."""
    if isinstance(value, list):
        entries = [mapping(item) for item in cast(list[Any], value)]
        return "; ".join(found for entry in entries if (found := text(entry.get("msg"))))
    if isinstance(value, dict):  # OData 2: {"lang": "en", "value": "..."}
        value = mapping(cast(object, value)).get("value")
    return " ".join(text(value).split())[:300]


def markup(body: bytes) -> str:
    """What a document in angle brackets is, with its title."""
    is_html = re.match(rb"<(!doctype\s+html|html|head|body)", body, re.I) is not None
    found = _TITLE.search(body[:65536])
    title = " ".join(_TAGS.sub("", found[1].decode("utf-8", "replace")).split())[:100] if found else ""
    return ("HTML" if is_html else "XML") + (f" ({title})" if title else "")
