"""OWSLib: the description document, and searches by the names of its parameters."""

import json
import sys

from owslib.opensearch import OpenSearch

base, collection = sys.argv[1:]
service = OpenSearch(f"{base}/opensearch/description.xml?osdd={collection}")
everywhere = OpenSearch(f"{base}/opensearch")


def found(**asked):
    answer = service.search("application/geo+json", **asked)
    return {
        "total": answer["totalResults"],
        "ids": [feature["properties"]["identifier"] for feature in answer["features"]],
    }


try:
    service.search("application/geo+json", nosuchparameter="1")
    told = ""
except RuntimeError as error:
    told = str(error)
print(
    json.dumps(
        {
            "name": service.description.shortname,
            "types": sorted(service.description.urls),
            "top": [everywhere.description.shortname, sorted(everywhere.description.urls)],
            "tags": everywhere.description.tags,
            "all": found(count="100"),
            "box": found(bbox="-10,30,20,60", count="5"),
            "clouds": found(bbox="-10,30,20,60", cloudCover="[0,20]", count="100"),
            "second": found(count="10", startIndex="11"),
            "told": told,
        }
    )
)
