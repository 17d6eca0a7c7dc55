"""Answers without what must not be given away: logins, tokens, signatures, cookies."""

from __future__ import annotations

import codecs
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any, cast
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

from .mapping import without_parameters
from .provider import Provider

HIDDEN = "***"
# of an answer: what it is, and how one goes on; nothing that names a session, a host or a person
KEPT_HEADERS = frozenset(
    {"content-type", "link", "retry-after", "cmr-hits", "cmr-search-after", "x-total-count", "x-next-page",
     "x-page", "x-per-page", "x-total", "ogc-number-matched", "ogc-number-returned"}
)  # fmt: skip
_WEB = re.compile(r"https?:(?:\\?/){2}[^\s\"'<>\\]*(?:\\(?:/|u0026)[^\s\"'<>\\]*)*")
_USER = re.compile(r"^(https?:(?:\\?/){2})[^/\\?#@]*@")
# an address may be written with `&` as XML or as cautious JSON has it
_JOINTS = ("&amp;", "&#38;", "&#x26;", "\\u0026")
_SECRET_PARAMETER = re.compile(
    r"(?:.*(?:api_?-?key|subscription-?key|access_?token|id_?token|auth|secret|passw|credential|signature"
    r"|session).*|key|sig|pwd|jwt|ticket)",
    re.I,
)
_MEMBER = re.compile(
    r'("(?:[a-z0-9_.:-]{0,40}(?:access_?-?token|refresh_?-?token|id_?token|session_?-?(?:id|token)'
    r"|security-?_?token|sas_?-?token|api_?-?key|subscription-?_?key|secret|passw(?:or)?d|authorization"
    r'|credentials?|set-cookie|cookie|signature|jwt)|sig)"\s*:\s*)"(?:[^"\\]|\\.)*"',
    re.I,
)
_SCHEME = re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}")
# a JSON web token says itself what it is
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*")


class Cleaner:
    """Takes out what is known to be secret (the login as it was sent), and what looks like it."""

    def __init__(self, provider: Provider, secrets: Iterable[str]) -> None:
        self._volatile = provider.volatile.parameters
        self._forms = _forms(value for value in secrets if len(value) > 3)
        # a key of a few letters is known by its parameter only
        self._key = provider.auth.get("parameter", "").lower()

    def body(self, body: bytes) -> bytes:
        """The bytes of an answer, in the encoding that they have."""
        utf16 = body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        encoding, errors = ("utf-16", "replace") if utf16 else ("utf-8", "surrogateescape")
        return self.text(body.decode(encoding, errors)).encode(encoding, errors)

    def text(self, text: str) -> str:
        """A text with addresses in it."""
        text = _WEB.sub(lambda found: self.address(found[0]), text)
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        text = _MEMBER.sub(rf'\1"{HIDDEN}"', text)
        return _JWT.sub(HIDDEN, _SCHEME.sub(rf"\1 {HIDDEN}", text))

    def address(self, url: str) -> str:
        """An address without user and signatures, its secret parameters hidden."""
        url = _USER.sub(r"\1", url)
        joint = next((each for each in _JOINTS if each in url), "&")
        plain = without_parameters(url.replace(joint, "&"), self._volatile)
        before, mark, query = plain.partition("?")
        parts = [self._parameter(*part.partition("=")) for part in query.split("&")]
        return before + mark + joint.join(parts)

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers that say how to read the answer and how to go on."""
        return {name: self.text(value) for name, value in headers.items() if name.lower() in KEPT_HEADERS}

    def value(self, value: Any) -> Any:
        """A JSON value."""
        if value is None:
            return None
        return json.loads(self.text(json.dumps(value)))

    def _parameter(self, name: str, mark: str, value: str) -> str:
        hides = name.lower() == self._key or _SECRET_PARAMETER.fullmatch(name)
        return name + mark + (HIDDEN if value and hides else value)


def _forms(secrets: Iterable[str]) -> list[str]:
    """Each secret in all the ways in which an answer may write it, the longest first."""
    forms: set[str] = set()
    for value in secrets:
        written = {value, quote(value, safe=""), quote_plus(value), quote(value), escape(value)}
        written |= {escape(value, {'"': "&quot;", "'": "&apos;"}), json.dumps(value)[1:-1]}
        written |= {each.replace("/", "\\/") for each in set(written)}
        written |= {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), each) for each in set(written)}
        forms |= written | {b64encode(value.encode()).decode().rstrip("=")}
    return sorted(forms, key=len, reverse=True)


def cut_json(document: Any, records: Iterable[Any], most: int) -> Any:
    """The document with the list of these records cut to the first `most`."""
    known = [json.dumps(record, sort_keys=True) for record in records]
    return _cut(document, frozenset(known), most)


def _cut(value: Any, known: frozenset[str], most: int) -> Any:
    if isinstance(value, dict):
        return {key: _cut(item, known, most) for key, item in cast(dict[str, Any], value).items()}
    if not isinstance(value, list):
        return value
    items = cast(list[Any], value)
    if len(items) > most and json.dumps(items[0], sort_keys=True) in known:
        return items[:most]
    return [_cut(item, known, most) for item in items]
