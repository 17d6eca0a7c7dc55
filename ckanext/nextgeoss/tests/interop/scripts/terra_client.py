"""terracatalogueclient: collections, counts, products by cloud cover, area and time, errors."""

import datetime
import json
import sys

from terracatalogueclient import Catalogue
from terracatalogueclient.config import CatalogueConfig
from terracatalogueclient.exceptions import SearchException

base, collection = sys.argv[1:]
settings = CatalogueConfig.get_default_config()
settings.catalogue_url = f"{base}/opensearch/"
catalogue = Catalogue(settings)
BOX = [-10, 30, 20, 60]


def told(product):
    return {
        "id": product.id,
        "title": product.title,
        "begin": product.beginningDateTime.isoformat(),
        "bbox": product.bbox,
        "data": [[file.href, file.length, file.type, file.title] for file in product.data],
        "previews": [file.href for file in product.previews],
    }


def found(**asked):
    return {
        "count": catalogue.get_product_count(collection, **asked),
        "products": [told(product) for product in catalogue.get_products(collection, **asked)],
    }


try:
    list(catalogue.get_products(collection, cloudCover="many"))
    error = ""
except SearchException as problem:
    error = str(problem)
print(
    json.dumps(
        {
            "collections": [each.id for each in catalogue.get_collections()],
            "all": found(),
            "clouds": found(cloudCover=(0, 20), bbox=BOX),
            "few_clouds": found(cloudCover=(None, 10)),
            "area": found(geometry="POLYGON((-10 30,20 30,20 60,-10 60,-10 30))"),
            "time": found(start=datetime.date(2024, 1, 1), end=datetime.datetime(2024, 6, 1)),
            "limited": len(list(catalogue.get_products(collection, limit=7))),
            "error": error,
        }
    )
)
