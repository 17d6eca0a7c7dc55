"""Marks of people in a form: it was open for a moment before it was sent, and a field that nobody sees is
empty. What programs fill in at once is not taken."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping

# the field that nobody sees; its name is one that programs like to fill
TRAP = "website"
STAMP = "opened"
# the cookie that tells the browser which draft was taken
SENT = "feedback_sent"
_LONGEST = 24 * 3600
# what two pages of a form with the same words have another of
_OF_PAGE = {STAMP, "draft", "_csrf_token", "next"}


def stamp(now: float, key: str) -> str:
    """When a form was opened, signed; it tells the form from all others."""
    opened = f"{int(now)}.{secrets.token_hex(8)}"
    return f"{opened}.{_signature(opened, key)}"


def sending(form: Mapping[str, str], draft: str) -> str:
    """What tells that a form is sent again: the same draft, or else the same page of the form, with the same
    in its fields."""
    same = {name: text for name, text in form.items() if name not in _OF_PAGE}
    opened = draft or form.get(STAMP, "")
    return hashlib.sha256(json.dumps([opened, sorted(same.items())]).encode()).hexdigest()


def told(form: Mapping[str, str], now: float, key: str, *, least: float) -> str:
    """Why a form is not taken: `trap`, `stamp` (missing, not ours or too old), `fast` (open for less than
    `least` seconds); "" when it is."""
    if form.get(TRAP):
        return "trap"
    signed, _, signature = form.get(STAMP, "").rpartition(".")
    opened = signed.partition(".")[0]
    if not (opened.isascii() and opened.isdigit() and len(opened) < 12):
        return "stamp"
    if not hmac.compare_digest(signature.encode(), _signature(signed, key).encode()):
        return "stamp"
    open_for = now - int(opened)
    if not -5 <= open_for <= _LONGEST:
        return "stamp"
    return "fast" if open_for < least else ""


def _signature(opened: str, key: str) -> str:
    return hmac.new(key.encode(), f"feedback-form:{opened}".encode(), hashlib.sha256).hexdigest()[:32]
