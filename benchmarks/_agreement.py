"""Whether two STAC APIs answer alike: the same number of matches, the same items by id."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from _load import Request
from _questions import BY_ID, SEARCHES


def differences(
    ours: str, other: str, requests: Callable[[str, object, int], Sequence[Request]], sample: int
) -> dict[str, Any]:
    """By case: how many answers were compared, how many matches these had in the mean, and what differed."""
    found: dict[str, Any] = {}
    for case in (*SEARCHES, BY_ID):
        asked = requests(case, "sample", sample)
        pairs = [(_fact(_answer(ours, one)), _fact(_answer(other, one))) for one in asked]
        unlike = [
            {"request": one.body or one.path, "ours": pair[0], "other": pair[1]}
            for one, pair in zip(asked, pairs, strict=True)
            if pair[0] != pair[1]
        ]
        numbers = [pair[0] for pair in pairs if isinstance(pair[0], int)]
        found[case] = {"compared": len(pairs), "different": len(unlike), "examples": unlike[:3]}
        if numbers:
            found[case] |= {"matches": round(sum(numbers) / len(numbers)), "empty": numbers.count(0)}
    return found


def _answer(address: str, request: Request) -> Any:
    at = urlsplit(address)
    connection = http.client.HTTPConnection(at.netloc, timeout=120)
    try:
        headers = {"Content-Type": request.kind} if request.body else {}
        body = request.body.encode() or None
        connection.request("POST" if body else "GET", at.path + request.path, body, headers)
        return json.load(connection.getresponse())
    finally:
        connection.close()


def _fact(answer: Any) -> Any:
    """What both must say: how many there are, or who it is."""
    if answer.get("type") == "FeatureCollection":
        return answer.get("numberMatched", "no numberMatched")
    return answer.get("id") or answer
