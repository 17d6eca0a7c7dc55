"""OData 4 products as the Copernicus catalogues describe them: writes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from ..asset import Asset
from ..page import Page
from ..product import Product, Value
from ..properties import load_properties
from ..property import plain_number
from ..temporal import format_time
from .odata_names import ATTRIBUTES, DATES, PICTURES


def write_page(page: Page) -> dict[str, Any]:
    """The entity set of a page, `Attributes` and `Assets` expanded."""
    answer: dict[str, Any] = {"@odata.context": "$metadata#Products(Attributes(),Assets())"}
    if page.total is not None:
        answer["@odata.count"] = page.total
    answer["value"] = [write_product(product) for product in page.products]
    return answer | ({"@odata.nextLink": page.next} if page.next else {})


def write_product(product: Product) -> dict[str, Any]:
    """The entity of a product; all its files are in `Assets`."""
    attributes = [_attribute(name, value) for name, value in product.properties.items() if name not in DATES]
    if product.title:
        attributes.append({"Name": "title", "Value": product.title, "ValueType": "String"})
    start, end = (format_time(each) if each else None for each in (product.time.start, product.time.end))
    dates = {
        label: format_time(cast(datetime, product.properties[name]))
        for name, label in DATES.items()
        if name in product.properties
    }
    return {
        "Id": product.id,
        "Name": product.id,
        "Collection": {"Name": product.collection},
        "ContentDate": {"Start": start, "End": end},
        "Footprint": f"geography'SRID=4326;{product.footprint.wkt}'" if product.footprint else None,
        "GeoFootprint": product.footprint.geojson if product.footprint else None,
        **dates,
        "Attributes": attributes,
        "Assets": [_write_asset(asset) for asset in product.assets],
    }


def _attribute(name: str, value: Value) -> dict[str, Any]:
    row = load_properties()[name]
    label = ATTRIBUTES.get(name, row.own_name)
    if isinstance(value, bool) or row.type in ("text", "list", "boolean"):
        kind, plain = "String", row.to_text(value)
    elif isinstance(value, datetime):
        kind, plain = "DateTimeOffset", format_time(value)
    else:
        kind = "Integer" if row.type == "integer" else "Double"
        plain = plain_number(float(value)) if kind == "Double" and isinstance(value, float) else value
    return {"@odata.type": f"#OData.CSC.{kind}Attribute", "Name": label, "Value": plain, "ValueType": kind}


def _write_asset(asset: Asset) -> dict[str, Any]:
    kind = next((kind for kind, role in PICTURES.items() if role in asset.roles), "")
    algorithm, _, digest = asset.checksum.partition(":")
    about: dict[str, Any] = {
        "Type": kind or (asset.roles[0].upper() if asset.roles else "RELATED"),
        "Key": asset.key,
        "Roles": list(asset.roles),
        "DownloadLink": asset.href,
        "Title": asset.title,
        "ContentType": asset.media_type,
        "ContentLength": asset.size,
    }
    if digest:
        about["Checksum"] = [{"Algorithm": algorithm.upper(), "Value": digest}]
    return {name: value for name, value in about.items() if value not in (None, "")}
