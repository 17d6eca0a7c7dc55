"""Text of strangers made safe to store."""

from __future__ import annotations

import json
from functools import lru_cache


def clean_text(text: str) -> str:
    """Text without outer white space, and without what PostgreSQL cannot hold: NUL, lone surrogates."""
    if "\0" in text:
        text = text.replace("\0", "")
    if not text.isascii():
        text = text.encode("utf-8", "ignore").decode("utf-8")
    return text.strip()


@lru_cache(maxsize=1024)  # thousands of products have the same few
def list_text(items: tuple[str, ...]) -> str:
    """Texts as the JSON array that is stored of them."""
    return json.dumps(items, ensure_ascii=False)
