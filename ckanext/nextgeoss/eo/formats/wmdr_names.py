"""What WIGOS metadata call our properties."""

from __future__ import annotations

from .vocabulary import IGNORED, Vocabulary

_NAMES = {
    "header/*": IGNORED,  # of OAI-PMH
    "wigos_id": "station_id",
    "facility/name": "title",
    "facility/identifier": "id",
    "facility/description": "description",
    "facility/responsibleParty/organisationName": "providers",
    "facility/responsibleParty/responsibleParty/organisationName": "providers",
    "responsibleParty/organisationName": "providers",
    "variable": "measured_variables",
    "facility_type": "product_type",
    "keyword": "keywords",
    "facility/dateEstablished": "time",
    "facility/dateClosed": "time",
    "phenomenonTime/*": "time",
    "facility/geospatialLocation/*": "geometry",
    "geospatialLocation/*": "geometry",
    "onlineResource/linkage": "assets",
    "distributionInfo/*": "assets",
    "deployedEquipment/model": "device_name",
    "observingMethod": IGNORED,
    "facility/*": IGNORED,
    "facility": IGNORED,
    "observations/*": IGNORED,
    "observation/*": IGNORED,
    "deployment/*": IGNORED,
    "headerInformation/*": IGNORED,
    "headerInformation": IGNORED,
    "extension/*": IGNORED,
}

VOCABULARY = Vocabulary(_NAMES)
