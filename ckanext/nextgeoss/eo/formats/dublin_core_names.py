"""What Dublin Core calls our properties: the elements and the terms of DCMI."""

from __future__ import annotations

from .vocabulary import IGNORED, Vocabulary

_NAMES = {
    "header/*": IGNORED,  # of OAI-PMH
    "identifier": "id",
    "title": "title",
    "alternative": IGNORED,
    "abstract": "description",
    "description": "description",
    "tableOfContents": IGNORED,
    "subject": "keywords",
    "creator": "data_originator",
    "publisher": "providers",
    "contributor": "providers",
    "type": "product_type",
    "modified": "updated",
    "issued": "published",
    "available": "published",
    "date": "published",
    "created": "created",
    "dateSubmitted": IGNORED,
    "dateAccepted": IGNORED,
    "temporal": "time",
    "coverage": "time",
    "spatial": "geometry",
    "BoundingBox/*": "geometry",
    "WGS84BoundingBox/*": "geometry",
    "link/*": "assets",
    "license": "license_id",
    "rights": "access_constraint",
    "accessRights": "access_constraint",
    "provenance": "processing_lineage",
    "bibliographicCitation": "citation",
    "isPartOf": "parent_identifier",
    "replaces": "supersedes",
    "hasVersion": IGNORED,
    "rightsHolder": IGNORED,
    "format": IGNORED,
    "extent": IGNORED,
    "medium": IGNORED,
    "language": IGNORED,
    "relation": IGNORED,
    "source": IGNORED,
    "references": IGNORED,
    "URI": IGNORED,
    "audience": IGNORED,
    "conformsTo": IGNORED,
    "isReferencedBy": IGNORED,
    "AnyText": IGNORED,
}

VOCABULARY = Vocabulary(_NAMES)
