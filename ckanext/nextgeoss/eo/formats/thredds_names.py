"""What THREDDS catalogues call our properties (client catalogue specification 1.2, ACDD 1.3)."""

from __future__ import annotations

from .files import NAMED
from .vocabulary import IGNORED, Vocabulary

VOCABULARY = Vocabulary(
    NAMED
    | {
        "ID": "id",
        "urlPath": "id",
        "dataset": "title",
        "parent": "collection",
        "access/*": "assets",
        "dataSize": "assets",
        "dataFormat": "assets",
        "timeCoverage/*": "time",
        "geospatialCoverage/northsouth/*": "geometry",
        "geospatialCoverage/eastwest/*": "geometry",
        "geospatialCoverage/name": "geometry",
        "geospatialCoverage/west": "geometry",
        "geospatialCoverage/south": "geometry",
        "geospatialCoverage/east": "geometry",
        "geospatialCoverage/north": "geometry",
        "geospatialCoverage/*": IGNORED,  # heights, and which way is up
        "date/modified": "updated",
        "date/created": "created",
        "date/issued": "published",
        "date/available": "published",
        "date/processed": "processing_datetime",
        "date/*": IGNORED,  # of the metadata, and ends of validity
        "documentation/summary": "description",
        "documentation/text": "description",
        "documentation/rights": "use_limitation",
        "documentation/processing_level": "processing_lineage",
        "documentation/history": "processing_lineage",
        "documentation/link": "publications",
        "documentation/*": IGNORED,
        "creator": "data_originator",
        "publisher": "providers",
        "contributor": IGNORED,  # people
        "keyword": "keywords",
        "project": "campaign_id",
        "variables": "measured_variables",
        "property/summary": "description",
        "property/license": "license_id",
        "property/institution": "providers",
        "property/platform": "platform",
        "property/instrument": "instruments",
        "property/sensor": "instruments",
        "property/product_version": "product_version",
        "property/processing_level": "processing_level",
        "property/history": "processing_lineage",
        "property/keywords": "keywords",
        "property/doi": "doi",
        "property/id": IGNORED,
        "property/*": IGNORED,  # attributes of the file that nobody searches by
        "authority": IGNORED,  # before the ID, where it is told
        "dataType": IGNORED,  # the shape of the data: GRID, POINT, ...
    }
)
