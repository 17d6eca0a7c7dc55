"""OData 2 products of DHuS, the Data Hub Software of the Copernicus hubs: writes.

All members stand in the answer that clients of such hubs read without asking whether they are there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from ..page import Entry
from ..product import Product
from .dhus_write import attributes, file_asset
from .gml2_write import write_gml2
from .site import Site

_ANY_FILE = "application/octet-stream"
# attributes that have other names here than in searches
_LABELS = {
    "filename": "Filename",
    "identifier": "Identifier",
    "footprint": "JTS footprint",
    "gmlfootprint": "Footprint",
    "beginposition": "Sensing start",
    "endposition": "Sensing stop",
    "platformname": "Satellite name",
    "platformserialidentifier": "Satellite number",
    "size": "Size",
}


def write_entity(
    product: Product, entry: Entry, site: Site, *, with_attributes: bool = False
) -> dict[str, Any]:
    """The product as `{"d": ...}`, with its attributes or with where they are."""
    own = site.dhus_product(entry.uuid)
    file = file_asset(product)
    algorithm, _, digest = file.checksum.partition(":") if file else ("", "", "")
    told = {name: text for _, name, text in attributes(product, entry)}
    if file:  # what clients call the file they fetch
        told.setdefault("filename", urlsplit(file.href).path.rpartition("/")[2] or product.id)
    return {
        "d": {
            "__metadata": {
                "id": own,
                "uri": own,
                "type": "DHuS.Product",
                "content_type": file.media_type if file and file.media_type else _ANY_FILE,
                "media_src": f"{own}/$value",
                "edit_media": f"{own}/$value",
            },
            "Id": entry.uuid,
            "Name": product.id,
            "ContentType": file.media_type if file and file.media_type else _ANY_FILE,
            "ContentLength": str(file.size or 0) if file else "0",
            "ChildrenNumber": "0",
            "Value": None,
            "CreationDate": _date(entry.created),
            "IngestionDate": _date(entry.created),
            "ModificationDate": _date(entry.modified),
            "EvictionDate": None,
            "Online": file is not None,
            "OnDemand": False,
            "ContentDate": {
                "__metadata": {"type": "DHuS.TimeRange"},
                "Start": _date(product.time.start),
                "End": _date(product.time.end),
            },
            "Checksum": {
                "__metadata": {"type": "DHuS.Checksum"},
                "Algorithm": algorithm.upper() or "MD5",
                "Value": digest.upper(),
            },
            "ContentGeometry": _outline(product),
            "Attributes": {"results": [_attribute(own, *each) for each in told.items()]}
            if with_attributes
            else {"__deferred": {"uri": f"{own}/Attributes"}},
        }
    }


def _attribute(own: str, name: str, text: str) -> dict[str, Any]:
    label = _LABELS.get(name, name)
    address = f"{own}/Attributes('{label}')"
    return {
        "__metadata": {"id": address, "uri": address, "type": "DHuS.Attribute"},
        "Id": label,
        "Name": label,
        "ContentType": "text/plain",
        "ContentLength": str(len(text.encode())),
        "Value": text,
    }


def _date(time: datetime | None) -> str | None:
    """Milliseconds since 1970 (OData 2.0, JSON format 4)."""
    return f"/Date({int(time.timestamp() * 1000)})/" if time else None


def _outline(product: Product) -> str | None:
    """The area where one polygon is all of it, as clients expect; other areas are in the attributes."""
    footprint = product.footprint
    return write_gml2(footprint) if footprint and footprint.geojson["type"] == "Polygon" else None
