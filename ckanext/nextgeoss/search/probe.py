"""Whether a Solr core answers questions of place rightly: tried, not guessed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from ..eo.footprint import Footprint
from ..eo.properties import Properties
from . import fields
from .query import place_filter, quoted
from .schema import differences
from .solr import SolrClient, SolrError

ENTITY = "nextgeoss-probe"
# seconds until a new document must be visible
PATIENCE = 90.0

# a square on its tip: half of its bounding box is outside
_TILTED = "POLYGON((10 40, 12 42, 10 44, 8 42, 10 40))"
_BOXES = {
    "a box that cuts it": ((9.5, 41.5, 10.5, 45.0), True),
    "a box in the corner of its bounding box": ((8.0, 40.0, 8.4, 40.4), False),
}


def problem(client: SolrClient, site_id: str, properties: Properties) -> str:
    """What is wrong with the core, in one line; "" when a tilted polygon is found where it is, only there."""
    changes = differences(client, properties, site_id)
    if changes:
        names = ", ".join(change.name for change in changes[:5]) + (", ..." if len(changes) > 5 else "")
        remedy = "ckan nextgeoss solr apply" if all(change.live for change in changes) else "a new core"
        return f"{len(changes)} fields or types are missing or other than needed ({names}); remedy: {remedy}"
    footprint = Footprint.from_wkt(_TILTED)
    assert footprint is not None
    mark = uuid4().hex
    try:
        if not _added(client, _document(mark, site_id, footprint)):
            return f"a document was not visible after {PATIENCE:g} seconds"
        return _asked(client, mark)
    except SolrError as error:
        return f"{error.reason}{_hint(error)}"
    finally:
        client.delete(f"entity_type:{ENTITY}", commit=True)


def _added(client: SolrClient, document: Mapping[str, Any]) -> bool:
    """Whether the document could be made visible; a core that replays its log ignores commits."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        client.add([document], commit=True)
        if _found(client, [f"id:{quoted(document['id'])}"]):
            return True
        time.sleep(0.5)
    return False


def _found(client: SolrClient, filters: list[str]) -> bool:
    return client.select({"q": "*:*", "fq": filters, "rows": 0})["response"]["numFound"] == 1


def _document(mark: str, site_id: str, footprint: Footprint) -> Mapping[str, Any]:
    """A document that no search of CKAN finds: it has an entity type of its own and nobody may see it."""
    return {
        "index_id": hashlib.sha256(mark.encode()).hexdigest(),
        "id": mark,
        "site_id": f"{site_id}-probe",
        "entity_type": ENTITY,
        "state": "probe",
        fields.FOOTPRINT: footprint.solr_wkt(),
    }


def _asked(client: SolrClient, mark: str) -> str:
    for name, (box, expected) in _BOXES.items():
        found = _found(client, [f"id:{quoted(mark)}", place_filter(Footprint.from_bbox(*box))])
        if found != expected:
            return f"a tilted polygon was {'found' if found else 'not found'} by {name}"
    return ""


def _hint(error: SolrError) -> str:
    if "InStream" in error.reason or (error.status == 500 and "AbstractMethodError" in error.reason):
        return "; the core needs jts-core 1.17.1, newer ones do not fit Solr 9"
    if "JtsSpatialContextFactory" in error.reason or "JTS" in error.reason:
        return "; the core needs jts-core 1.17.1 on its class path"
    return ""
