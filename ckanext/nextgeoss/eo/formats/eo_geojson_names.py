"""Where EO GeoJSON keeps what (OGC 17-003r2, clause 7): one table for writing, one for reading."""

from __future__ import annotations

from .vocabulary import IGNORED, Vocabulary

ACQUISITION = "acquisitionInformation"
_PARAMETERS = f"{ACQUISITION}/acquisitionParameters"
_ANGLES = f"{_PARAMETERS}/acquisitionAngles"
_PRODUCT = "productInformation"

# by row of schemas/eo_product.yaml: path below `properties`; what is not here goes to `additionalAttributes`
PLACES = {
    "platform": f"{ACQUISITION}/platform/platformShortName",
    "platform_serial": f"{ACQUISITION}/platform/platformSerialIdentifier",
    "orbit_type": f"{ACQUISITION}/platform/orbitType",
    "instruments": f"{ACQUISITION}/instrument/instrumentShortName",
    "sensor_type": f"{ACQUISITION}/instrument/sensorType",
    "acquisition_type": f"{_PARAMETERS}/acquisitionType",
    "acquisition_subtype": f"{_PARAMETERS}/acquisitionSubType",
    "acquisition_station": f"{_PARAMETERS}/acquisitionStation",
    "instrument_mode": f"{_PARAMETERS}/operationalMode",
    "swath": f"{_PARAMETERS}/swathIdentifier",
    "tile_id": f"{_PARAMETERS}/tileId",
    "wrs_path": f"{_PARAMETERS}/wrsLongitudeGrid",
    "wrs_row": f"{_PARAMETERS}/wrsLatitudeGrid",
    "absolute_orbit": f"{_PARAMETERS}/orbitNumber",
    "relative_orbit": f"{_PARAMETERS}/relativeOrbitNumber",
    "orbit_cycle": f"{_PARAMETERS}/cycleNumber",
    "orbit_state": f"{_PARAMETERS}/orbitDirection",
    "anx_datetime": f"{_PARAMETERS}/ascendingNodeDate",
    "start_time_from_ascending_node": f"{_PARAMETERS}/startTimeFromAscendingNode",
    "completion_time_from_ascending_node": f"{_PARAMETERS}/completionTimeFromAscendingNode",
    "polarization_mode": f"{_PARAMETERS}/polarisationMode",
    "polarizations": f"{_PARAMETERS}/polarisationChannels",
    "observation_direction": f"{_PARAMETERS}/antennaLookDirection",
    "doppler_frequency": f"{_PARAMETERS}/dopplerFrequency",
    "sun_azimuth": f"{_ANGLES}/illuminationAzimuthAngle",
    "sun_zenith": f"{_ANGLES}/illuminationZenithAngle",
    "sun_elevation": f"{_ANGLES}/illuminationElevationAngle",
    "incidence_angle": f"{_ANGLES}/incidenceAngle",
    "minimum_incidence_angle": f"{_ANGLES}/minimumIncidenceAngle",
    "maximum_incidence_angle": f"{_ANGLES}/maximumIncidenceAngle",
    "incidence_angle_variation": f"{_ANGLES}/incidenceAngleVariation",
    "view_azimuth": f"{_ANGLES}/instrumentAzimuthAngle",
    "pitch": f"{_ANGLES}/pitch",
    "roll": f"{_ANGLES}/roll",
    "yaw": f"{_ANGLES}/yaw",
    "product_type": f"{_PRODUCT}/productType",
    "product_version": f"{_PRODUCT}/productVersion",
    "timeliness_category": f"{_PRODUCT}/timeliness",
    "cloud_cover": f"{_PRODUCT}/cloudCover",
    "snow_cover": f"{_PRODUCT}/snowCover",
    "quality_status": f"{_PRODUCT}/qualityInformation/qualityStatus",
    "quality_degradation_tag": f"{_PRODUCT}/qualityInformation/qualityDegradationTag",
    "processing_level": f"{_PRODUCT}/processingLevel",
    "processing_software": f"{_PRODUCT}/processorName",
    "processing_version": f"{_PRODUCT}/processorVersion",
    "processing_facility": f"{_PRODUCT}/processingCenter",
    "processing_datetime": f"{_PRODUCT}/processingDate",
    "processing_mode": f"{_PRODUCT}/processingMode",
    "composite_type": f"{_PRODUCT}/compositeType",
    "production_status": "status",
    "doi": "doi",
    "created": "creationDate",
    "updated": "updated",
    "published": "published",
}
# written as numbers elsewhere, as texts here
TEXTS = ("wrs_path", "wrs_row")
# code lists of EOP, in capitals
CAPITALS = ("acquisition_type", "orbit_state", "observation_direction")

_NAMES = {
    "properties/identifier": "id",
    "id": "id",
    "properties/title": "title",
    "parentIdentifier": "collection",
    "beginningDateTime": "time",
    "endingDateTime": "time",
    "properties/date": "time",
    "geometry*": "geometry",
    "bbox": "geometry",
    "links/*": "assets",
    "offerings/*": IGNORED,
    "productInformation/size": "assets",
    # who the platform or instrument is in a thesaurus, and what it is in words
    "platform/id": IGNORED,
    "instrument/id": IGNORED,
    "instrument/description": IGNORED,
    "type": IGNORED,
    "@context": IGNORED,
    "lang": IGNORED,
    "lastOrbitNumber": IGNORED,
    "lastOrbitDirection": IGNORED,
    "ascendingNodeLongitude": IGNORED,
    "productInformation/version": "product_version",
    "productInformation/format": IGNORED,
    "referenceSystemIdentifier": "proj_code",
    "verticalReferenceSystemIdentifier": IGNORED,
    "missingDataPercentage": "no_data_cover",
    "qualityDegradation": IGNORED,
    "available": "published",
    "availabilityTime": "published",
}

VOCABULARY = Vocabulary({path: row for row, path in PLACES.items()} | _NAMES)
