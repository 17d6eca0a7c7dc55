"""DCAT-US 1.1, the data.json of agencies of the United States: JSON whose context stands elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from ..eo.errors import BadValue
from ..eo.footprint import Footprint
from ..eo.formats.loose_geometry import read_any_geometry
from ..eo.formats.loose_json import text

_SCHEMA = "project-open-data.cio.gov/v1.1/schema"
_GEOJSON = "https://www.iana.org/assignments/media-types/application/vnd.geo+json"
# what its members mean (https://resources.data.gov/resources/dcat-us/), as far as profiles of DCAT read it
_CONTEXT: Mapping[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "dataset": "dcat:dataset",
    "distribution": "dcat:distribution",
    "title": "dct:title",
    "description": "dct:description",
    "identifier": "dct:identifier",
    "issued": "dct:issued",
    "modified": "dct:modified",
    "keyword": "dcat:keyword",
    "theme": "dcat:theme",
    "language": "dct:language",
    "license": {"@id": "dct:license", "@type": "@id"},
    "rights": "dct:rights",
    "accessLevel": "dct:accessRights",
    "accrualPeriodicity": "dct:accrualPeriodicity",
    "landingPage": {"@id": "dcat:landingPage", "@type": "@id"},
    "references": {"@id": "dct:references", "@type": "@id"},
    "publisher": "dct:publisher",
    "name": "foaf:name",
    "contactPoint": "dcat:contactPoint",
    "fn": "vcard:fn",
    "hasEmail": "vcard:hasEmail",
    "downloadURL": {"@id": "dcat:downloadURL", "@type": "@id"},
    "accessURL": {"@id": "dcat:accessURL", "@type": "@id"},
    "mediaType": "dcat:mediaType",
    "format": "dct:format",
    "spatial": "dct:spatial",
    "temporal": "dct:temporal",
    "startDate": "dcat:startDate",
    "endDate": "dcat:endDate",
    "geometry": {"@id": "http://www.w3.org/ns/locn#geometry", "@type": _GEOJSON},
}


def is_dcat_us(document: Any) -> bool:
    """Whether it says, as its context or its schema, that it is such a catalogue."""
    if not isinstance(document, dict):
        return False
    said = cast(dict[str, Any], document)
    context = said.get("@context") or said.get("conformsTo")
    return isinstance(context, str) and _SCHEMA in context and isinstance(said.get("dataset"), list)


def with_context(document: Mapping[str, Any]) -> dict[str, Any]:
    """The catalogue with the meaning of its members, and the types that may be left out."""
    datasets = [
        _dataset(cast(dict[str, Any], each)) for each in document["dataset"] if isinstance(each, dict)
    ]
    return {**document, "@context": _CONTEXT, "@type": "dcat:Catalog", "dataset": datasets}


def _dataset(said: dict[str, Any]) -> dict[str, Any]:
    """A dataset whose interval and box, which are texts, are nodes."""
    dataset: dict[str, Any] = {**said, "@type": "dcat:Dataset"}
    start, divided, end = text(said.get("temporal")).partition("/")
    if divided:
        dataset["temporal"] = {"@type": "dct:PeriodOfTime", "startDate": start, "endDate": end}
    if found := _place(said.get("spatial")):
        dataset["spatial"] = {"@type": "dct:Location", "geometry": json.dumps(found.geojson)}
    return dataset


def _place(said: Any) -> Footprint | None:
    """Where a text says numbers; a name of a place stays what it is."""
    try:
        return read_any_geometry(said)
    except BadValue:
        return None
