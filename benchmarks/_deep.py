"""All pages of a search, one after another by the next links of a STAC API."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any
from urllib.parse import urlsplit

PAGE = 1000  # items


def pages_in_turn(address: str, most: int) -> dict[str, Any]:
    """Read until `most` items or the end: milliseconds a page at the start and at the end, items that came
    twice."""
    at = urlsplit(address)
    connection = http.client.HTTPConnection(at.netloc, timeout=120)
    path, seen, items, taken = f"{at.path}/search?limit={PAGE}", set[tuple[str, str]](), 0, list[float]()
    while path and items < most:
        began = time.perf_counter()
        connection.request("GET", path)
        text = connection.getresponse().read()
        taken.append((time.perf_counter() - began) * 1000)
        page = json.loads(text)
        seen |= {(item["collection"], item["id"]) for item in page["features"]}
        items += len(page["features"])
        path = _next(page)
    connection.close()
    if len(taken) > 1 and items % PAGE:
        taken.pop()  # a page that was not full says nothing
    tenth = max(1, len(taken) // 10)
    first, last = sum(taken[:tenth]) / tenth, sum(taken[-tenth:]) / tenth
    return {
        "items": items,
        "twice": items - len(seen),
        "pages": len(taken),
        "first_tenth_ms": round(first, 1),
        "last_tenth_ms": round(last, 1),
        "ratio": round(last / first, 2),
    }


def _next(page: Any) -> str:
    for link in page["links"]:
        if link["rel"] == "next":
            at = urlsplit(link["href"])
            return f"{at.path}?{at.query}"
    return ""
