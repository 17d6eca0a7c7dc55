"""Documents of our OGC API Features besides features (OGC 17-069r4, 18-058r1, 19-079r2)."""

from __future__ import annotations

from typing import Any

from ..cql2_classes import CQL2_CONFORMANCE
from ..crs import CRS84, SYSTEMS
from ..held import Held
from .features_write import features_collection
from .ogc_api import OgcApi, extent
from .site import Site
from .stac_collection_write import QUERYABLES, SCHEMA, SORTABLES
from .stac_write import ATOM, GEOJSON, HTML, JSON, Link, link

_OGC = "http://www.opengis.net/spec"
CONFORMANCE = (
    *(f"{_OGC}/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "html", "geojson")),
    f"{_OGC}/ogcapi-features-2/1.0/conf/crs",
    *(
        f"{_OGC}/ogcapi-features-3/1.0/conf/{name}"
        for name in ("filter", "features-filter", "queryables", "queryables-query-parameters")
    ),
    *CQL2_CONFORMANCE,
)


API = OgcApi(root="/features", name="OGC API Features", conformance=CONFORMANCE, collections="Collections")


def collection(held: Held, site: Site, own: tuple[Link, ...] = ()) -> dict[str, Any]:
    """What there is of a collection; `own` are its links to itself where it is not one of a list."""
    about, name = held.collection, held.collection.id
    title, address = about.title or name, features_collection(site, name)
    links = [
        *(own or _forms(address, JSON, title)),
        link("items", f"{address}/items", GEOJSON, "Features"),
        link("items", f"{address}/items?f=html", HTML, "Features"),
        link(QUERYABLES, f"{address}/queryables", SCHEMA, "What can be asked of its features"),
        link(SORTABLES, f"{address}/sortables", SCHEMA, "What its features can be sorted by"),
        link("related", site.stac_collection(name), JSON, "STAC collection"),
        link("related", site.series(name), ATOM, "OpenSearch"),
    ]
    if held.entry:
        links.append(link("describedby", site.collection(name), HTML, title))
    document: dict[str, Any] = {"id": name, "title": title}
    if about.description:
        document["description"] = about.description
    return document | {
        "extent": extent(held.holdings),
        "itemType": "feature",
        "crs": list(SYSTEMS),
        "storageCrs": CRS84,
        "links": links,
    }


def collections(documents: list[dict[str, Any]], own: tuple[Link, ...]) -> dict[str, Any]:
    """All collections."""
    return {"crs": list(SYSTEMS), "collections": documents, "links": list(own)}


def _forms(address: str, media_type: str, title: str) -> tuple[Link, Link]:
    return (link("self", address, media_type, title), link("alternate", f"{address}?f=html", HTML, title))
