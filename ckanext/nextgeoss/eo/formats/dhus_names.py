"""What DHuS calls things: the attributes of its entries, by the names under which its index keeps them."""

from __future__ import annotations

from .vocabulary import IGNORED, Vocabulary

# values by which hubs say that they do not know
UNTOLD = (("platformidentifier", "0000-000A"),)

# one row may have several names here: the first that has a value counts
_ROWS = {
    "platformname": "platform",
    "platformshortname": "platform",
    "platformserialidentifier": "platform_serial",
    "platformnumber": "platform_serial",
    "platformidentifier": "platform_international_designator",
    "instrumentshortname": "instruments",
    "instrumentname": "instruments",
    "sensoroperationalmode": "instrument_mode",
    "swathidentifier": "swath",
    "acquisitiontype": "acquisition_type",
    "polarisationmode": "polarizations",  # holds the channels
    "polarisationchannels": "polarizations",
    "missiondatatakeid": "datatake_id",
    "s2datatakeid": "datatake_id",
    "datatakeid": "datatake_id",
    "datastripidentifier": "datastrip_id",
    "slicenumber": "slice_number",
    "totalslices": "total_slices",
    "orbitnumber": "absolute_orbit",
    "relativeorbitnumber": "relative_orbit",
    "orbitdirection": "orbit_state",
    "passdirection": "orbit_state",
    "cyclenumber": "orbit_cycle",
    "tileid": "tile_id",
    "cloudcoverpercentage": "cloud_cover",
    "cloudcover": "cloud_cover",
    "cloudpercentage": "cloud_cover",
    "cloudypixelpercentage": "cloud_cover",
    "snowicepercentage": "snow_cover",
    "snoworicepercentage": "snow_cover",
    "snowcoverpercentage": "snow_cover",
    "waterpercentage": "water_cover",
    "vegetationpercentage": "vegetation_cover",
    "notvegetatedpercentage": "bare_cover",
    "cloudshadowpercentage": "cloud_shadow_cover",
    "thincirruspercentage": "thin_cirrus_cover",
    "nodatapercentage": "no_data_cover",
    "nodatapixelpercentage": "no_data_cover",
    "illuminationazimuthangle": "sun_azimuth",
    "illuminationzenithangle": "sun_zenith",
    "illuminationelevationangle": "sun_elevation",
    "producttype": "product_type",
    "productclass": "product_class",
    "fileclass": "product_class",
    "status": "production_status",
    "timeliness": "timeliness_category",
    "producttimelinesscategory": "timeliness_category",
    "filename": "file_name",
    "filedescription": "description",
    "processinglevel": "processing_level",
    "productlevel": "processing_level",
    "processingbaseline": "processing_version",
    "processorversion": "processing_version",
    "creatorversion": "processing_version",
    "processingmode": "processing_mode",
    "productconsolidation": "processing_mode",
    "procfacilityname": "processing_facility",
    "creator": "processing_facility",
    "procfacilityorg": "providers",
    "generationdate": "processing_datetime",
    "processingdate": "processing_datetime",
    "creationdate": "created",
    "ingestiondate": "ingested",
}
_PARTS = {
    "identifier": "id",
    "id": "id",
    "uuid": "id",
    "collection": "collection",
    "title": "title",
    "beginposition": "time",
    "endposition": "time",
    "footprint": "geometry",
    "gmlfootprint": "geometry",
    "jtsfootprint": "geometry",
    "coordinates": "geometry",
    "link/*": "assets",
    "link": "assets",
    "size": "assets",
}
_OF_NO_USE = (
    # what other attributes say, in one text
    "summary",
    # of the package and the archive, not of what was observed
    "format", "ondemand", "offline", "online", "pduduration", "pdualongtrackcoord", "pdutilename",
    # of the files a product is made of and with
    "granuleidentifier", "level1cpdiidentifier", "hv_order_tileid", "ecmwf", "gnsspod",
    # the start of a longer acquisition, and the end of an orbit range whose start is told
    "datatakesensingstart", "lastorbitnumber", "lastrelativeorbitnumber", "revolutionnumber",
    # half orbits counted another way; directions again
    "passnumber", "relpassnumber", "relorbitdir", "relpassdirection",
    # the same for all products of a type, or in fewer letters than elsewhere
    "mode", "processingname", "processingmodeabbreviation", "productcomposition", "producttypedescription",
    "instrumentconfigurationid",
    # passed, or the product would not be there
    "onlinequalitycheck", "formatcorrectness", "generalquality", "geometricquality", "radiometricquality",
    "sensorquality",
    # shares of kinds of ground, of cloud by likelihood, of modes: those above have rows
    "*percentage",
)  # fmt: skip

NAMES = _ROWS | _PARTS | dict.fromkeys(_OF_NO_USE, IGNORED)
VOCABULARY = Vocabulary(NAMES)
