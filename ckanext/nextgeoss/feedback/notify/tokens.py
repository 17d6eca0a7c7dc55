"""Signed words in the addresses of mails, which say who may end them without signing in."""

from __future__ import annotations

import hashlib
import hmac

_PURPOSE = "feedback mails"
_LENGTH = 43


def token(user_id: str, key: str) -> str:
    """The word for a user; `key` is the site's secret."""
    return f"{user_id}.{_signature(user_id, key)}"


def user_of(word: str, key: str) -> str | None:
    """The id of the user for whom the word was made; None when the site has not made it."""
    user_id, dot, signature = word.rpartition(".")
    good = hmac.compare_digest(signature.encode(), _signature(user_id, key).encode())
    return user_id if dot and good else None


def _signature(user_id: str, key: str) -> str:
    text = f"{_PURPOSE}\n{user_id}".encode()
    return hmac.new(key.encode(), text, hashlib.sha256).hexdigest()[:_LENGTH]
