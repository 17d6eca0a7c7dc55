"""OWSLib: catalogues and records of OGC API Records."""

import json
import sys

from owslib.ogcapi.records import Records

base, collection = sys.argv[1:]
service = Records(f"{base}/records")


def found(catalog, **asked):
    answer = service.collection_items(catalog, **asked)
    assert answer["numberMatched"] >= answer["numberReturned"]
    return {"total": answer["numberMatched"], "ids": [record["id"] for record in answer["features"]]}


def pages(catalog, **asked):
    """All, by the offset that OWSLib offers."""
    total, ids = found(catalog, limit=25, offset=0, **asked)["total"], []
    for offset in range(0, total, 25):
        ids += found(catalog, limit=25, offset=offset, **asked)["ids"]
    return ids


catalogs = service.records()
first = catalogs[0]
print(
    json.dumps(
        {
            "conformance": service.conformance()["conformsTo"],
            "paths": sorted(service.api()["paths"]),
            "catalogs": catalogs,
            "first": found(first, q="sentinel", bbox=[0, 40, 20, 60], limit=5),
            "first_queryables": sorted(service.collection_queryables(first)["properties"]),
            "queryables": sorted(service.collection_queryables(collection)["properties"]),
            "like": found(collection, filter="title LIKE 'Sentinel-2A%'", limit=100),
            "clear": found(collection, filter="cloud_cover < 20", limit=100),
            "box": found(collection, bbox=[-10, 30, 20, 60], limit=100),
            "time": found(collection, datetime_="2000-01-01T00:00:00Z/2001-01-01T00:00:00Z"),
            "sorted": found(collection, sortby=("id", "desc"), limit=100),
            "pages": pages(collection),
            "series": service.collection_item("collections", collection)["properties"]["type"],
            "products": found("products", collection=collection, limit=100)["total"],
        }
    )
)
