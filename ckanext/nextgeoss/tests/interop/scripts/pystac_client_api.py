"""pystac-client: the whole API as a catalogue, searches by GET and POST, pages, fields, queryables."""

import json
import sys

from pystac_client import Client

base, collection, other = sys.argv[1:]
api = Client.open(f"{base}/stac")
HERE = {"collections": [collection]}
BOX, YEAR = [-10, 30, 20, 60], "2024-01-01/2024-06-30"


def ids(**asked):
    found = api.search(**HERE, **asked)
    return [item.id for item in found.items()]


def matched(**asked):
    return api.search(**HERE, **asked).matched()


by_get = {
    "all": ids(method="GET", limit=20),
    "box_and_time": ids(method="GET", bbox=BOX, datetime=YEAR, limit=10),
    "sorted": ids(method="GET", sortby="-properties.datetime", limit=10),
    "clouds": ids(method="GET", query=["eo:cloud_cover<=20"], limit=10),
    "two": ids(method="GET", query=["eo:cloud_cover<=60", "sat:orbit_state=descending"]),
}
by_post = {
    "all": ids(limit=20),
    "box_and_time": ids(bbox=BOX, datetime=YEAR, limit=10),
    "sorted": ids(sortby="-properties.datetime", limit=10),
    "clouds": ids(query={"eo:cloud_cover": {"lte": 20}}, limit=10),
    "two": ids(query={"eo:cloud_cover": {"lte": 60}, "sat:orbit_state": {"eq": "descending"}}),
}
one = next(api.search(**HERE, max_items=1).items())
few = next(
    api.search(
        **HERE, max_items=1, fields=["id", "type", "geometry", "bbox", "properties.eo:cloud_cover"]
    ).items_as_dicts()
)
whole = api.get_collection(collection)
CLOUDS = {"op": "<=", "args": [{"property": "eo:cloud_cover"}, 20]}
TEXT = {"filter": "eo:cloud_cover <= 20", "filter_lang": "cql2-text"}
PLACED = "eo:cloud_cover <= 60 AND s_intersects(geometry, POLYGON((-10 30,20 30,20 60,-10 60,-10 30)))"
print(
    json.dumps(
        {
            "title": api.title,
            "collections": [each.id for each in api.get_collections()],
            "get": by_get,
            "post": by_post,
            "matched": {
                "all": matched(),
                "box_and_time": matched(bbox=BOX, datetime=YEAR),
                "clouds": matched(query={"eo:cloud_cover": {"lte": 20}}),
            },
            "filters": {
                "json": ids(filter=CLOUDS, filter_lang="cql2-json", limit=10),
                "text": ids(method="GET", limit=10, **TEXT),
                "text_by_post": ids(method="POST", limit=10, **TEXT),
            },
            "placed": ids(method="GET", filter=PLACED, filter_lang="cql2-text"),
            "searched": [each.id for each in api.collection_search(q=collection).collections()],
            "kept": [
                each.id
                for each in api.collection_search(
                    filter=f"id = '{collection}'", filter_lang="cql2-text", sortby="-id"
                ).collections()
            ],
            "two_collections": len(
                list(api.search(collections=[collection, other], limit=50, max_items=100).items())
            ),
            "intersects": ids(
                intersects={
                    "type": "Polygon",
                    "coordinates": [[[-10, 30], [20, 30], [20, 60], [-10, 60], [-10, 30]]],
                }
            ),
            "by_id": [item.id for item in api.search(ids=[one.id], **HERE).items()],
            "fields": sorted(few["properties"]),
            "item": {"id": one.id, "self": one.get_self_href(), "assets": sorted(one.assets)},
            "of_collection": whole.get_item(one.id).id,
            "named": [item.id for item in whole.get_items(one.id)],
            "items_of_collection": len(list(whole.get_items())),
            "extent": whole.extent.to_dict(),
            "queryables": sorted(api.get_merged_queryables([collection])["properties"]),
            "page_sizes": [len(page.items) for page in api.search(**HERE, limit=25).pages()],
        }
    )
)
