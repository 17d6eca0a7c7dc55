"""Posts an item of pystac's, reads it back by pystac-client, and deletes it."""

import json
import sys
from datetime import datetime, timezone
from urllib.request import Request, urlopen

import pystac
from pystac_client import Client

address, collection, token = sys.argv[1:]


def ask(method, path, document=None):
    body = json.dumps(document).encode() if document else None
    headers = {"Authorization": token, "Content-Type": "application/json"}
    with urlopen(Request(f"{address}/stac/collections{path}", body, headers, method=method)) as answer:
        return answer.status


def told(item):
    return [
        item.id,
        item.geometry,
        item.bbox,
        item.datetime.isoformat(),
        {name: value for name, value in item.properties.items() if name not in ("created", "updated")},
        {key: [asset.href, asset.roles, asset.media_type] for key, asset in item.assets.items()},
    ]


box = [10.0, 50.0, 11.0, 51.0]
ring = [[10.0, 50.0], [11.0, 50.0], [11.0, 51.0], [10.0, 51.0], [10.0, 50.0]]
made = pystac.Item(
    "PYSTAC_1",
    {"type": "Polygon", "coordinates": [ring]},
    box,
    datetime(2024, 5, 1, 10, tzinfo=timezone.utc),
    {"platform": "sentinel-2a", "instruments": ["msi"], "gsd": 10, "eo:cloud_cover": 12.5},
)
made.add_asset(
    "data", pystac.Asset("https://data.example.org/a.tif", media_type="image/tiff", roles=["data"])
)
statuses = [ask("POST", f"/{collection}/items", made.to_dict())]
client = Client.open(f"{address}/stac")
(read,) = client.search(ids=["PYSTAC_1"], collections=[collection]).items()
same = told(read) == told(made)
read.properties["eo:cloud_cover"] = 3
statuses.append(ask("PUT", f"/{collection}/items/PYSTAC_1", read.to_dict()))
changed = client.get_collection(collection).get_item("PYSTAC_1").properties["eo:cloud_cover"]
statuses.append(ask("DELETE", f"/{collection}/items/PYSTAC_1"))
left = len(list(client.search(ids=["PYSTAC_1"], collections=[collection]).items()))
print(json.dumps({"statuses": statuses, "same": same, "changed": changed, "left": left}))
