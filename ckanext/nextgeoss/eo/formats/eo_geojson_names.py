"""Where EO GeoJSON keeps what (OGC 17-003r2, clause 7): one table for writing, one for reading."""

from __future__ import annotations

from .vocabulary import IGNORED, Vocabulary

ACQUISITION = "acquisitionInformation"
PARAMETERS = f"{ACQUISITION}/acquisitionParameters"
PRODUCT = "productInformation"
ADDITIONAL = "additionalAttributes"
# our own of these: what links of files cannot say, and what is demanded but nobody has told
ASSETS, ASSUMED = "nextgeoss:assets", "nextgeoss:assumed"
_ANGLES = f"{PARAMETERS}/acquisitionAngles"

# by row of schemas/eo_product.yaml: path below `properties`; what is not here goes to `additionalAttributes`
PLACES = {
    "platform": f"{ACQUISITION}/platform/platformShortName",
    "platform_serial": f"{ACQUISITION}/platform/platformSerialIdentifier",
    "orbit_type": f"{ACQUISITION}/platform/orbitType",
    "instruments": f"{ACQUISITION}/instrument/instrumentShortName",
    "sensor_type": f"{ACQUISITION}/instrument/sensorType",
    "acquisition_type": f"{PARAMETERS}/acquisitionType",
    "acquisition_subtype": f"{PARAMETERS}/acquisitionSubType",
    "acquisition_station": f"{PARAMETERS}/acquisitionStation",
    "instrument_mode": f"{PARAMETERS}/operationalMode",
    "swath": f"{PARAMETERS}/swathIdentifier",
    "gsd": f"{PARAMETERS}/resolution",
    "tile_id": f"{PARAMETERS}/tileId",
    "wrs_path": f"{PARAMETERS}/wrsLongitudeGrid",
    "wrs_row": f"{PARAMETERS}/wrsLatitudeGrid",
    "absolute_orbit": f"{PARAMETERS}/orbitNumber",
    "relative_orbit": f"{PARAMETERS}/relativeOrbitNumber",
    "orbit_cycle": f"{PARAMETERS}/cycleNumber",
    "orbit_state": f"{PARAMETERS}/orbitDirection",
    "anx_datetime": f"{PARAMETERS}/ascendingNodeDate",
    "start_time_from_ascending_node": f"{PARAMETERS}/startTimeFromAscendingNode",
    "completion_time_from_ascending_node": f"{PARAMETERS}/completionTimeFromAscendingNode",
    "polarization_mode": f"{PARAMETERS}/polarisationMode",
    "polarizations": f"{PARAMETERS}/polarisationChannels",
    "observation_direction": f"{PARAMETERS}/antennaLookDirection",
    "doppler_frequency": f"{PARAMETERS}/dopplerFrequency",
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
    "product_type": f"{PRODUCT}/productType",
    "product_version": f"{PRODUCT}/productVersion",
    "timeliness_category": f"{PRODUCT}/timeliness",
    "cloud_cover": f"{PRODUCT}/cloudCover",
    "snow_cover": f"{PRODUCT}/snowCover",
    "quality_status": f"{PRODUCT}/qualityInformation/qualityStatus",
    "quality_degradation_tag": f"{PRODUCT}/qualityInformation/qualityDegradationTag",
    "processing_level": f"{PRODUCT}/processingLevel",
    "processing_software": f"{PRODUCT}/processorName",
    "processing_version": f"{PRODUCT}/processorVersion",
    "processing_facility": f"{PRODUCT}/processingCenter",
    "processing_datetime": f"{PRODUCT}/processingDate",
    "processing_mode": f"{PRODUCT}/processingMode",
    "composite_type": f"{PRODUCT}/compositeType",
    "archiving_center": f"{PRODUCT}/archivingCenter",
    "production_status": "status",
    "doi": "doi",
    "created": "creationDate",
    "updated": "updated",
    "published": "published",
}
_NAMES = {
    f"{ASSETS}/*": IGNORED,
    ASSUMED: IGNORED,
    # what users of another hub say
    f"{ADDITIONAL}/guf:*": IGNORED,
    "links/replies/*": IGNORED,
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
    "statusSubType": IGNORED,
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
