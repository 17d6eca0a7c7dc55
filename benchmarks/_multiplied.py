"""An index that grows: documents of harvested products again and again, as products of other names and later
times.

Nothing is harvested and the database does not know them, so a million takes minutes; searches, which read the
index alone, cannot tell. A document is cut once where its copies differ, and then filled in."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from _command import say
from _hub import Hub, until
from _site import in_ckan

from ckanext.nextgeoss.eo.temporal import format_time, parse_time
from ckanext.nextgeoss.search.solr import SolrClient

LATER = timedelta(hours=1, minutes=37)  # between a copy and the next
POSTERS = 2
_TIME = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"
# what a copy has of its own
_NAMES = ("eo_identifier", "id", "index_id")

Part = bytes | str | datetime


@dataclass(frozen=True, slots=True)
class Cut:
    """The JSON of a document in parts: as they are, a name of the document, a time."""

    parts: Sequence[Part]
    identifier: str

    def copied(self, turn: int) -> bytes:
        """The document of the product that comes so many times later."""
        uuid = str(uuid5(NAMESPACE_URL, f"{self.identifier} {turn}"))
        own = {"eo_identifier": f"{self.identifier}_{turn}", "id": uuid, "index_id": uuid.replace("-", "")}
        names, later = {name: text.encode() for name, text in own.items()}, turn * LATER
        return b"".join(
            part
            if isinstance(part, bytes)
            else names[part]
            if isinstance(part, str)
            else format_time(part + later).encode()
            for part in self.parts
        )


def cut(document: dict[str, Any]) -> Cut:
    """The document, ready to be copied."""
    names = {document[name].encode(): name for name in _NAMES}
    text = json.dumps(document, separators=(",", ":")).encode()
    pattern = rb"(%s|%s)" % (b"|".join(map(re.escape, names)), _TIME)
    return Cut([_part(piece, names) for piece in re.split(pattern, text)], document["eo_identifier"])


def _part(piece: bytes, names: dict[bytes, str]) -> Part:
    if piece in names:
        return names[piece]
    return parse_time(piece.decode(), "time") if re.fullmatch(_TIME, piece) else piece


def grow(hub: Hub, wanted: int, folder: Path) -> None:
    """Post copies until Solr finds so many products."""
    folder.mkdir()
    for (source,) in hub.rows("SELECT DISTINCT source_id FROM nextgeoss_offer"):
        kept = folder / source
        kept.mkdir()
        in_ckan(hub.ini, "documents", source, str(kept))
    client = SolrClient(hub.options["solr_url"], timeout=600)
    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(POSTERS) as pool:
        for batch in _batches(folder, wanted - hub.searchable()):
            waiting.append(pool.submit(client.add_written, batch))
            if len(waiting) > POSTERS:
                waiting.popleft().result()
    for future in waiting:
        future.result()
    client.post("/update?wt=json&commit=true", [])
    until(lambda: hub.searchable() >= wanted, hub.searchable, [])


def _batches(folder: Path, missing: int) -> Iterator[Sequence[bytes]]:
    """Copies, as many in a batch as there are documents in a file; all of one file come together, so that it
    is cut once."""
    files = sorted(folder.glob("*/documents-*.json"))
    rounds = -(-missing // sum(len(json.loads(file.read_bytes())) for file in files))
    for number, file in enumerate(files):
        if number % 20 == 0:
            say(f"growing: {missing} to go")
        cuts = [cut(document) for document in json.loads(file.read_bytes())]
        for turn in range(1, rounds + 1):
            if batch := [each.copied(turn) for each in cuts[:missing]]:
                missing -= len(batch)
                yield batch
