"""What OData products call our properties (documentation.dataspace.copernicus.eu, OData API)."""

from __future__ import annotations

from .eo_geojson_names import PLACES
from .vocabulary import IGNORED, Vocabulary

# by row: name among `Attributes`; rows that have none there are written as `nextgeoss:<row>`
ATTRIBUTES = {row: path.rpartition("/")[2] for row, path in PLACES.items()}
DATES = {"published": "PublicationDate", "updated": "ModificationDate", "ingested": "OriginDate"}
_NAMES = {
    "Name": "id",
    "Id": IGNORED,
    "Attributes/title": "title",
    "ContentDate/*": "time",
    "beginningDateTime": "time",
    "endingDateTime": "time",
    "Footprint": "geometry",
    "GeoFootprint": "geometry",
    "GeoFootprint/*": "geometry",
    "coordinates": "geometry",
    "Assets": "assets",
    "Assets/*": "assets",
    "ContentLength": "assets",
    "ContentType": "assets",
    "Checksum": "assets",
    "Checksum/*": "assets",
    "PublicationDate": "published",
    "ModificationDate": "updated",
    "OriginDate": "ingested",
    "Attributes/platform": "platform_serial",
    "platformSerialIdentifier": "platform_serial",
    "platformShortName": "platform",
    "timeliness": "timeliness_category",
    "spatialResolution": "gsd",
    "datastripId": "datastrip_id",
    "datatakeID": "datatake_id",
    "processorVersion": "processing_version",
    "processorName": "processing_software",
    "origin": IGNORED,
    "authority": IGNORED,
    "productGroupId": IGNORED,
    "granuleIdentifier": IGNORED,
    "eopIdentifier": IGNORED,
    "sourceProduct*": IGNORED,
    "lastOrbit*": IGNORED,
    "lastRelativeOrbit*": IGNORED,
    "brightCover": IGNORED,
    "segmentStartTime": IGNORED,
    "productComposition": IGNORED,
    "Locations": IGNORED,
    "Locations/*": IGNORED,
    # where the file is within the provider's own cloud, and whether it is on disk just now
    "S3Path": IGNORED,
    "Online": IGNORED,
    # a date that is moved on as long as the product is kept
    "EvictionDate": IGNORED,
    "DeletionDate": IGNORED,
    "DeletionCause": IGNORED,
    "@odata*": IGNORED,
    "Collection/Name": "collection",
    "Collection/*": IGNORED,
}
VOCABULARY = Vocabulary(_NAMES | {f"Attributes/{name}": row for row, name in ATTRIBUTES.items()})
PICTURES = {"QUICKLOOK": "overview", "THUMBNAIL": "thumbnail"}
