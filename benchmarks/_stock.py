"""A harvester as people write them for ckanext-harvest, for the same provider: the yardstick.

One harvest object for each record, `_create_or_update_package` for each import; run by the stock consumers of
a stock site, without any of our plugins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import requests
from ckan import model
from ckan.lib.munge import munge_title_to_name
from ckan.plugins import SingletonPlugin, implements
from ckanext.harvest.harvesters.base import HarvesterBase
from ckanext.harvest.interfaces import IHarvester

from ckanext.nextgeoss.eo.formats.stac import read_item
from ckanext.nextgeoss.package import dataset_from_product

PLUGINS = "bench_stock activity harvest spatial_metadata"
_PAGE = 1000
_FIELDS = ("id", "title", "notes", "tags", "owner_org", "private", "resources", "extras", "type")


def install(folder: Path) -> dict[str, str]:
    """Make the plugin known to programs that get this environment: an entry point needs a distribution."""
    about = folder / "nextgeoss_bench-0.dist-info"
    about.mkdir(exist_ok=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: nextgeoss-bench\nVersion: 0\n")
    (about / "entry_points.txt").write_text("[ckan.plugins]\nbench_stock = _stock:StockHarvester\n")
    return {"PYTHONPATH": f"{folder}:{Path(__file__).resolve().parent}"}


class StockHarvester(HarvesterBase, SingletonPlugin):
    """Source type `bench_stock`: all products of a STAC API whose address begins the source's."""

    implements(IHarvester)

    def info(self) -> dict[str, str]:
        """What the form of harvest sources shows."""
        return {"name": "bench_stock", "title": "Benchmark", "description": "As stock harvesters are"}

    def gather_stage(self, harvest_job: Any) -> Any:
        """One harvest object for each identifier."""
        root, names = _root(harvest_job.source.url), []
        body: Any = {"limit": _PAGE}
        while body:
            page = requests.post(f"{root}/search", json=body, timeout=60).json()
            names += [f"{item['collection']}/{item['id']}" for item in page["features"]]
            body = next((link["body"] for link in page["links"] if link["rel"] == "next"), None)
        return self._create_harvest_objects(names, harvest_job)

    def fetch_stage(self, harvest_object: Any) -> bool:
        """The record of one product."""
        collection, _, name = harvest_object.guid.partition("/")
        root = _root(harvest_object.job.source.url)
        answer = requests.get(f"{root}/collections/{collection}/items/{name}", timeout=60)
        harvest_object.content = answer.text
        harvest_object.save()
        return True

    def import_stage(self, harvest_object: Any) -> Any:
        """A dataset of CKAN's own type with all else as extras."""
        product = read_item(json.loads(harvest_object.content))
        owner = model.Package.get(harvest_object.job.source.id).owner_org
        uuid = str(uuid5(NAMESPACE_URL, f"{harvest_object.job.source.id} {harvest_object.guid}"))
        name = munge_title_to_name(product.id)[:100]
        full = dataset_from_product(product, owner_org=owner, uuid=uuid, name=name)
        dataset = {key: value for key, value in full.items() if key in _FIELDS}
        dataset |= {
            "type": "dataset",
            "name": name,
            "resources": [_plain(each) for each in full["resources"]],
        }
        dataset["extras"] = [
            {"key": key, "value": value if isinstance(value, str) else json.dumps(value)}
            for key, value in full.items()
            if key not in _FIELDS and key != "name" and value not in (None, "")
        ]
        return self._create_or_update_package(dataset, harvest_object, package_dict_form="package_show")


def _plain(resource: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if key not in ("roles", "key", "provider")}


def _root(url: str) -> str:
    return url.rpartition("/")[0]
