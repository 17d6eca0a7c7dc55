"""What resto calls things, and the values by which it says that it does not know."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from .loose_json import mapping, text, texts
from .vocabulary import IGNORED, Vocabulary

# one row may have several names here: the first that has a value counts
VOCABULARY = Vocabulary(
    {
        "title": "id",
        "productIdentifier": "id",
        "keywords/*": IGNORED,  # places and kinds of ground that resto finds below the footprint
        "links/*": "assets",
        "services/*": "assets",
        "license/licenseId": "license_id",
        "license/*": IGNORED,
        "id": "id",
        "collection": "collection",
        "startDate": "time",
        "completionDate": "time",
        "centroid*": "geometry",
        "_geometry*": "geometry",
        "geometry*": "geometry",
        "gmlgeometry": "geometry",
        "bbox": "geometry",
        "thumbnail": "assets",
        "quicklook": "assets",
        "links": "assets",
        "services": "assets",
        "resourceSize": "assets",
        "resourceChecksum": "assets",
        "productType": "product_type",
        "processingLevel": "processing_level",
        "processingBaseline": "processing_version",
        "platform": "platform",
        "instrument": "instruments",
        "sensorMode": "instrument_mode",
        "swath": "swath",
        "polarisation": "polarizations",
        "resolution": "gsd",
        "orbitNumber": "absolute_orbit",
        "relativeOrbitNumber": "relative_orbit",
        "orbitDirection": "orbit_state",
        "cycle": "orbit_cycle",
        "missionTakeId": "datatake_id",
        "s2TakeId": "datatake_id",
        "tileId": "tile_id",
        "mgrs": "tile_id",
        "path": "wrs_path",
        "row": "wrs_row",
        "cloudCover": "cloud_cover",
        "cloudClover": "cloud_cover",
        "snowCover": "snow_cover",
        "snowIce": "snow_cover",
        "water": "water_cover",
        "vegetation": "vegetation_cover",
        "bareSoil": "bare_cover",
        "sunAzimuth": "sun_azimuth",
        "sunElevation": "sun_elevation",
        "timeliness": "timeliness_category",
        "realtime": "timeliness_category",
        "version": "product_version",
        "organisationName": "providers",
        "parentIdentifier": "parent_identifier",
        "published": "published",
        "updated": "updated",
        "dhusIngestDate": "ingested",
        # of the mission: the same text with each of its products
        "description": IGNORED,
        # whether it is on disk or on tape, which changes
        "status": IGNORED,
        "storage/*": IGNORED,
        "visible": IGNORED,
        "useDatalake": IGNORED,
        "nrtResource": IGNORED,
        "newVersion": IGNORED,
        "isNrt": IGNORED,
        "isRefined": IGNORED,
        # parts of the clouds, by likelihood
        "*ProbaClouds": IGNORED,
        # how many bands there are, and which part of its mission Envisat was in
        "bands": IGNORED,
        "phase": IGNORED,
        "type": IGNORED,
    }
)

_ZERO_IS_UNTOLD = (
    "orbitNumber",
    "relativeOrbitNumber",
    "cycle",
    "resolution",
    "processingBaseline",
    "version",
)
_COVERS = ("cloudCover", "cloudClover", "snowCover", "snowIce", "water", "vegetation", "bareSoil")
# radars, altimeters, microwave radiometers and spectrometers of the air, for which no cloud cover is made;
# and what is no instrument
_NOT_OPTICAL = re.compile(
    r".*sar(?![a-z]).*|sral|siral|ra-?2?|altimeter|poseidon.*|mwr|amr|miras|a?scat.*|tropomi|gome.*"
    r"|sciamachy|gomos|mipas|aux.*|gnss.*|doris|dem",
    re.I,
)
_NOT_SCENES = re.compile(r"AUX_|AUX\b|MPL_|.*_(?:AUX|MPL)_|DEM|DGE_|DTE_", re.I)
_IN_KILOMETRES = re.compile(r"miras", re.I)


def told(said: Mapping[str, Any], identifier: str) -> dict[str, Any]:
    """The properties of a feature without those whose value means "not told", and in the form of our rows."""
    found = {name: value for name, value in said.items() if not _is_untold(name, value, said, identifier)}
    if license_ := mapping(found.get("license")):
        found["license"] = {name: value for name, value in license_.items() if value != "unlicensed"}
    baseline = found.get("processingBaseline")
    if isinstance(baseline, (int, float)) and math.isfinite(baseline) and identifier.startswith("S2"):
        found["processingBaseline"] = f"{baseline:05.2f}"  # 5.1 was 05.10 before it became a number
    return found


def _is_untold(name: str, value: Any, said: Mapping[str, Any], identifier: str) -> bool:
    number = _number(value)
    if name in _COVERS and number is not None and number <= 0:
        # cloudless are scenes of which it can be told; snow is told of none, and 0 of all
        return number < 0 or name == "snowCover" or not _is_optical(said, identifier)
    if name == "resolution" and _IN_KILOMETRES.fullmatch(text(said.get("instrument"))):
        return True
    if name == "instrument":
        return text(value).upper() == "AUX"
    return name in _ZERO_IS_UNTOLD and number == 0


def _is_optical(said: Mapping[str, Any], identifier: str) -> bool:
    """Whether a product is a scene in which clouds can be seen; what does not name its instrument is none."""
    instruments = texts(said.get("instrument"))
    if not instruments or any(_NOT_OPTICAL.fullmatch(name) for name in instruments):
        return False
    if texts(said.get("polarisation")):
        return False
    return not (_NOT_SCENES.match(text(said.get("productType"))) or _NOT_SCENES.match(identifier))


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
