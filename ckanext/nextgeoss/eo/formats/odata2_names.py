"""What the OData 2 of DHuS calls our properties: its attributes have sentences for names, which without
blanks are mostly those of its index (dhus_names.py)."""

from __future__ import annotations

import re

from .dhus_names import NAMES
from .vocabulary import IGNORED, Vocabulary

# what stands behind a name: a unit, or that it is the first of two
_BEHIND = re.compile(r"\((?:start|%|s|degrees?)\)", re.I)
_OTHER = re.compile(r"[^a-z0-9]+")

_NAMES = {
    "Attributes/satellite": "platform",
    "Attributes/satellitename": "platform",
    "Attributes/satelliteshortname": "platform",
    "Attributes/satellitenumber": "platform_serial",
    "Attributes/nssdcidentifier": "platform_international_designator",
    "Attributes/instrumentabbreviation": "instruments",
    "Attributes/instrument": "instruments",
    "Attributes/instrumentmode": "instrument_mode",
    "Attributes/instrumentswath": "swath",
    "Attributes/polarisation": "polarizations",
    "Attributes/datatakeidentifier": "datatake_id",
    "Attributes/relativeorbit": "relative_orbit",
    "Attributes/startrelativeorbitnumber": "relative_orbit",
    "Attributes/tileidentifier": "tile_id",
    "Attributes/generationtime": "processing_datetime",
    "Attributes/baselinecollection": "product_version",
    "Attributes/processingfacilityname": "processing_facility",
    "Attributes/processingfacility": "processing_facility",
    "Attributes/processingfacilityorganisation": "providers",
    # of the product; the one outside is of the hub's record
    "Attributes/creationdate": "created",
    "CreationDate": "published",
    "ModificationDate": "updated",
    "Attributes/sensingstart": "time",
    "Attributes/sensingstop": "time",
    "Attributes/date": "time",
    "ContentDate/*": "time",
    "ContentGeometry": "geometry",
    "Attributes/status": "production_status",
    "Name": "id",
    "Id": "id",
    "__metadata/media_src": "assets",
    "__metadata/uri": "assets",
    "ContentType": "assets",
    "ContentLength": "assets",
    "Checksum/*": "assets",
    "__metadata/*": IGNORED,
    # what lies beneath a product in the service, and texts that stand where an entity has one
    "Products/*": IGNORED,
    "Nodes/*": IGNORED,
    "Class/*": IGNORED,
    "Attributes": IGNORED,  # not asked for
    "Value": IGNORED,
    "ChildrenNumber": IGNORED,
    # moved on as long as the product is kept
    "EvictionDate": IGNORED,
    "DeletionDate": IGNORED,
    "DeletionCause": IGNORED,
}
_OF_NO_USE = (
    # of the satellite and its instrument, the same for all their products
    "satellitedescription", "missiontype", "operator", "launchdate", "carrierrocket",
    "instrumentdescription*", "productclassdescription", "resolution", "phaseidentifier", "collection",
    # the ends of ranges whose starts are told; half orbits and their directions
    "*stop", "stop*", "pass", "relativepass", "relativepassdirection", "relativeorbitdirection",
    "pdualongtrackcoordinate", "ecmwftype", "tileidentifierhorizontalorder", "level1cpdi*",
    # passed, or the product would not be there; how well it was corrected
    "*flag", "*qualitycheck", "*accuracy",
)  # fmt: skip

VOCABULARY = Vocabulary(_NAMES | NAMES | {f"Attributes/{name}": IGNORED for name in _OF_NO_USE})


def plain_name(said: str) -> str:
    """The name of an attribute without blanks, signs and such ends as that of `Orbit number (start)`."""
    return _OTHER.sub("", _BEHIND.sub("", said).lower())
