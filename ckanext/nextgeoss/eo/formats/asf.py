"""Products of the Alaska Satellite Facility as its search API gives them: features without the granule's own
metadata, and rows of `jsonlite`; reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..errors import BadAnswer, BadRecord
from ..footprint import Footprint
from ..product import Problem, Product
from ..temporal import ALWAYS
from .cmr import asset_link, byte_count, completed, polarizations, said
from .feature import features_of
from .feed import Feed, check_named
from .links import Link, assets_of
from .loose_json import array, mapping, text, texts
from .loose_time import read_extent
from .noted import first_footprint
from .vocabulary import IGNORED, Vocabulary

VOCABULARY = Vocabulary(
    {
        "fileID": "id",
        "productID": "id",
        "granuleName": IGNORED,
        "sceneName": IGNORED,
        "startTime": "time",
        "stopTime": "time",
        "wkt*": "geometry",
        "geometry/*": "geometry",
        "centerLat": IGNORED,
        "centerLon": IGNORED,
        "platform": "platform",
        "dataset": "platform",
        "sensor": "instruments",
        "instrument": "instruments",
        "beamModeType": "instrument_mode",
        "beamMode": "instrument_mode",
        "flightDirection": "orbit_state",
        "orbit": "absolute_orbit",
        "pathNumber": "track",
        "path": "track",
        "frameNumber": "frame",
        "frame": "frame",
        "offNadirAngle": "off_nadir",
        "polarization": "polarizations",
        "processingLevel": "product_type",
        "productTypeDisplay": IGNORED,
        "processingDate": "processing_datetime",
        "pgeVersion": "processing_version",
        "missionName": "mission",
        "operaBurstID": "tile_id",
        "fileName": "file_name",
        "url": "assets",
        "downloadUrl": "assets",
        "additionalUrls": "assets",
        "s3Urls": "assets",
        "browse": "assets",
        "thumb": "assets",
        "bytes": "assets",
        "bytes/*": "assets",
        "md5sum": "assets",
        "sizeMB": "assets",
        "baseline/ascendingNodeTime": "anx_datetime",
        "baseline/*": IGNORED,
        "canInSAR": IGNORED,
        "faradayRotation": IGNORED,
        "flightLine": IGNORED,
        "granuleType": IGNORED,
        "groupID": IGNORED,
        "insarStackId": IGNORED,
        "pointingAngle": IGNORED,
        "stackSize": IGNORED,
        "validityStartDate": IGNORED,
        "type": IGNORED,
        "umm": IGNORED,  # empty
        "meta": IGNORED,
    }
)


class Asf:
    """Features with `properties.sceneName`, or rows with `granuleName`."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is a collection of such features, rows in `results`, or one of them."""
        if isinstance(document, list):
            return any(_is_product(item) for item in cast(list[Any], document))
        about = mapping(document)
        inside = array(about.get("features")) or array(about.get("results"))
        return _is_product(about) or any(_is_product(item) for item in inside) or set(about) == {"results"}

    def feed(self, document: Any, source: str) -> Feed:
        """The features or rows; there are no pages."""
        if isinstance(document, list):
            return Feed(tuple(cast(list[Any], document)))
        about = mapping(document)
        if _is_product(about):
            return Feed((about,))
        if "features" in about:
            return Feed(tuple(features_of(about, source)))
        if not isinstance(about.get("results"), list):
            raise BadAnswer("an answer of ASF without an array of results", source)
        return Feed(tuple(array(about["results"])))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The feature or row without texts that say nothing; several polarisations as a list."""
        about = said(mapping(entry))
        row = mapping(about.get("properties", about))
        row["polarization"] = polarizations(row.get("polarization"))
        if isinstance(orbits := row.get("orbit"), list):
            row["orbit"] = next(iter(cast(list[Any], orbits)), None)
        if angle := row.get("offNadirAngle"):
            row["offNadirAngle"] = None if isinstance(angle, (int, float)) and angle < 0 else angle
        return about

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of a feature or row; its collection is made of satellite and kind, as ASF's are."""
        if not isinstance(entry, dict):
            raise BadRecord(f"not a product of ASF but {type(entry).__name__}", position)
        view = self.view(entry)
        row = mapping(view.get("properties", view))
        names = ("fileID", "productID", "sceneName", "granuleName")
        identifier = next((found for name in names if (found := text(row.get(name)))), "")
        check_named("product", identifier, named := _collection(row) or collection, position)
        problems: list[Problem] = []
        start, end = (text(row.get(name)) for name in ("startTime", "stopTime"))
        return Product(
            id=identifier,
            collection=named,
            footprint=_footprint(view, row, problems),
            time=read_extent(start, end, "startTime", problems) if start or end else ALWAYS,
            properties=completed(VOCABULARY.read(view, problems), identifier),
            assets=assets_of(_links(row), problems),
            problems=tuple(problems),
        )


ASF = Asf()


def _is_product(item: Any) -> bool:
    about = mapping(item)
    row = mapping(about.get("properties")) or about
    return any(name in row for name in ("sceneName", "granuleName")) and "startTime" in row


def _collection(row: Mapping[str, Any]) -> str:
    satellite = text(row.get("platform")) or text(row.get("dataset"))
    kind = text(row.get("processingLevel")) or text(row.get("productType"))
    return f"{satellite.upper()}_{kind}" if satellite and kind else ""


def _footprint(view: Mapping[str, Any], row: Mapping[str, Any], problems: list[Problem]) -> Footprint | None:
    wkt = row.get("wkt")
    return first_footprint(
        (
            ("geometry", lambda: Footprint.from_geojson(view.get("geometry"))),
            ("wkt", lambda: Footprint.from_wkt(wkt) if isinstance(wkt, str) and wkt else None),
        ),
        problems,
    )


def _links(row: Mapping[str, Any]) -> Iterator[Link]:
    sizes = mapping(row.get("bytes"))
    exact = row.get("bytes")
    size = exact if isinstance(exact, int) and not isinstance(exact, bool) else byte_count(row.get("sizeMB"))
    address = text(row.get("url")) or text(row.get("downloadUrl"))
    if address:
        own = mapping(sizes.get(address.rpartition("/")[2])).get("bytes")
        checksum = text(row.get("md5sum"))
        yield asset_link(address, "data", size=own or size, checksum=f"md5:{checksum}" if checksum else "")
    for more in (*texts(row.get("additionalUrls")), *texts(row.get("s3Urls"))):
        size = mapping(sizes.get(more.rpartition("/")[2])).get("bytes")
        yield asset_link(more, "metadata" if more.endswith(".xml") else "data", size=size)
    for picture in texts(row.get("browse")):
        yield asset_link(picture, "overview")
    for picture in texts(row.get("thumb")):
        yield asset_link(picture, "thumbnail")
