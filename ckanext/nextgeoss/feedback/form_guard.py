"""Marks of people in a form: it was open for a moment before it was sent, and a field that nobody sees is
empty. What programs fill in at once is not taken."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

# the field that nobody sees; its name is one that programs like to fill
TRAP = "website"
STAMP = "opened"
# the cookie that tells the browser which draft was taken
SENT = "feedback_sent"
_LONGEST = 24 * 3600


def stamp(now: float, key: str) -> str:
    """When a form was opened, signed."""
    opened = str(int(now))
    return f"{opened}.{_signature(opened, key)}"


def told(form: Mapping[str, str], now: float, key: str, *, least: float) -> str:
    """Why a form is not taken: `trap`, `stamp` (missing, not ours or too old), `fast` (open for less than
    `least` seconds); "" when it is."""
    if form.get(TRAP):
        return "trap"
    opened, _, signature = form.get(STAMP, "").partition(".")
    if not (opened.isascii() and opened.isdigit() and len(opened) < 12):
        return "stamp"
    if not hmac.compare_digest(signature.encode(), _signature(opened, key).encode()):
        return "stamp"
    open_for = now - int(opened)
    if not -5 <= open_for <= _LONGEST:
        return "stamp"
    return "fast" if open_for < least else ""


def _signature(opened: str, key: str) -> str:
    return hmac.new(key.encode(), f"feedback-form:{opened}".encode(), hashlib.sha256).hexdigest()[:32]
