"""sentinelsat: queries, counts, orders, details of a product, errors."""

import json
import sys
import warnings

# it says so of itself, on import and of its own times
warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", category=SyntaxWarning)

from sentinelsat import SentinelAPI  # noqa: E402
from sentinelsat.exceptions import SentinelAPIError  # noqa: E402

base, collection, area = sys.argv[1:]
api = SentinelAPI("user", "password", f"{base}/dhus/", show_progressbars=False)
api.page_size = 25
here = f"collection:{collection}"


def names(**asked):
    return [product["identifier"] for product in api.query(raw=here, **asked).values()]


found = api.query(raw=here)
uuid, product = next(iter(found.items()))
try:
    api.count(raw=f"{here} cloudcoverpercentage:many")
    told = ""
except SentinelAPIError as error:
    told = error.msg
try:
    api.get_product_odata("nothing")
    missing = ""
except SentinelAPIError as error:
    missing = error.msg
print(
    json.dumps(
        {
            "all": sorted(product["identifier"] for product in found.values()),
            "count": api.count(raw=here),
            "area": names(area=area),
            "area_count": api.count(raw=here, area=area),
            "within": names(area=area, area_relation="IsWithin"),
            "clouds": names(cloudcoverpercentage=(0, 30), order_by="cloudcoverpercentage"),
            "dates": names(date=("20240101", "20240601"), order_by="-beginposition"),
            "platform": names(platformname="Sentinel-2"),
            "orbits": names(relativeorbitnumber={51, 8}),
            "some": len(api.query(raw=here, limit=7, offset=3)),
            "first": {"uuid": uuid, "cloud": product["cloudcoverpercentage"], "link": product["link"]},
            "odata": {name: str(value) for name, value in api.get_product_odata(uuid, full=True).items()},
            "online": api.is_online(uuid),
            "file_name": api._get_filename(api.get_product_odata(uuid)),
            "geojson": len(api.to_geojson(found)["features"]),
            "told": told,
            "missing": missing,
        }
    )
)
