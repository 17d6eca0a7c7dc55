"""Formats of files by their first bytes, and whether that is what was declared."""

from __future__ import annotations

import re
from collections.abc import Mapping

# bytes that are enough to tell
ENOUGH = 1024

# (place, bytes, format): the first that fits counts
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"II+\0", "TIFF"),  # BigTIFF
    (0, b"MM\0+", "TIFF"),
    (0, b"CDF\x01", "NetCDF"),
    (0, b"CDF\x02", "NetCDF"),
    (0, b"CDF\x05", "NetCDF"),
    (0, b"\x89HDF\r\n\x1a\n", "HDF5"),
    (0, b"\x0e\x03\x13\x01", "HDF4"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG2000"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (8, b"WEBP", "WebP"),
    (0, b"PK\x03\x04", "ZIP"),
    (0, b"PK\x05\x06", "ZIP"),
    (0, b"\x1f\x8b", "GZIP"),
    (0, b"BZh", "BZIP2"),
    (0, b"\xfd7zXZ\0", "XZ"),
    (0, b"\x28\xb5\x2f\xfd", "ZSTD"),
    (0, b"7z\xbc\xaf\x27\x1c", "7Z"),
    (257, b"ustar", "TAR"),
    (0, b"%PDF-", "PDF"),
    (0, b"GRIB", "GRIB"),
    (0, b"BUFR", "BUFR"),
    (0, b"PAR1", "Parquet"),
    (0, b"SQLite format 3\0", "SQLite"),
    (0, b"fgb\x03fgb", "FlatGeobuf"),
    (0, b"LASF", "LAS"),
    (0, b"SIMPLE  =", "FITS"),
    (0, b"NITF", "NITF"),
    (0, b"\0\0\x27\x0a", "Shapefile"),
)
_BOM = b"\xef\xbb\xbf"
_HTML = re.compile(rb"(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S)
_XML = re.compile(rb"<\?xml\b|<[A-Za-z_][\w.:-]*[\s/>]")
# control characters that no text has
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

TEXTS = frozenset(("JSON", "XML", "HTML", "text"))

# what a file declared so may begin as; media types without parameters, and formats in capitals
_DECLARED: Mapping[str, frozenset[str]] = {
    name: frozenset(formats.split())
    for names, formats in {
        "image/tiff image/geotiff application/geotiff GEOTIFF TIFF TIF COG": "TIFF",
        "application/x-netcdf application/netcdf application/netcdf4 NETCDF NC": "NetCDF HDF5",
        "application/x-hdf5 application/x-hdf HDF5 HDF H5 HE5": "HDF5 HDF4",
        "application/x-hdf4 HDF4": "HDF4",
        "image/jp2 image/jpx JPEG2000 JP2": "JPEG2000",
        "image/png PNG": "PNG",
        "image/jpeg image/jpg JPEG JPG": "JPEG",
        "image/gif GIF": "GIF",
        "image/webp WEBP": "WebP",
        "application/zip application/x-zip-compressed ZIP SAFE KMZ": "ZIP",
        "application/vnd.google-earth.kmz": "ZIP",
        "application/gzip application/x-gzip GZIP GZ TGZ": "GZIP",
        "application/x-bzip2 BZ2": "BZIP2",
        "application/x-tar application/tar TAR": "TAR GZIP BZIP2",
        "application/pdf PDF": "PDF",
        "application/json application/geo+json application/ld+json JSON GEOJSON STAC": "JSON",
        "application/xml text/xml application/atom+xml application/gml+xml XML GML KML": "XML",
        "application/vnd.google-earth.kml+xml": "XML",
        "text/html HTML": "HTML XML",
        "text/csv text/plain CSV TXT": "text JSON XML",
        "application/wmo-grib application/x-grib application/grib GRIB GRIB2 GRB": "GRIB",
        "application/vnd.apache.parquet application/x-parquet PARQUET GEOPARQUET": "Parquet",
        "application/geopackage+sqlite3 GPKG GEOPACKAGE": "SQLite",
        "application/vnd.las application/vnd.laszip LAS LAZ": "LAS",
    }.items()
    for name in names.split()
}


def format_of(first: bytes) -> str:
    """The format of a file that begins so; text that is nothing else is "text", "" when it is not known."""
    for place, magic, name in _MAGIC:
        if first.startswith(magic, place):
            return name
    text = first.removeprefix(_BOM).lstrip()
    if not text or _BINARY.search(text):
        return ""
    if _HTML.match(text):
        return "HTML"
    if _XML.match(text):
        return "XML"
    return "JSON" if text[:1] in (b"{", b"[") else "text"


def is_as_declared(found: str, media_type: str = "", declared: str = "") -> bool | None:
    """Whether a file found to be of a format is what its media type says, or else its format as people write
    it; None when that cannot be told."""
    allowed = _DECLARED.get(media_type.partition(";")[0].strip().lower())
    if allowed is None:
        allowed = _DECLARED.get(declared.strip().upper().replace("-", "").replace(" ", ""))
    if not found or allowed is None:
        return None
    return found in allowed
