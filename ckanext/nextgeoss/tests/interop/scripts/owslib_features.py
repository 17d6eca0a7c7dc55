"""OWSLib: collections and features of OGC API Features."""

import json
import sys

from owslib.ogcapi.features import Features

base, collection = sys.argv[1:]
service = Features(f"{base}/features")


def found(**asked):
    answer = service.collection_items(collection, **asked)
    return {"total": answer["numberMatched"], "ids": [feature["id"] for feature in answer["features"]]}


print(
    json.dumps(
        {
            "conformance": service.conformance()["conformsTo"],
            "paths": sorted(service.api()["paths"]),
            "collections": service.feature_collections(),
            "id": service.collection(collection)["id"],
            "queryables": sorted(service.collection_queryables(collection)["properties"]),
            "all": found(limit=100),
            "box": found(bbox=[-10, 30, 20, 60], limit=100),
            "time": found(datetime_="2000-01-01T00:00:00Z/2001-01-01T00:00:00Z"),
            "clear": found(filter="cloud_cover < 20", limit=100),
            "named": found(platform="sentinel-2a", limit=100),
        }
    )
)
