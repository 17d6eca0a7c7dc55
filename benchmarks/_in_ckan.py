"""What a benchmark needs done inside CKAN: `_in_ckan.py INI harvest URL|SOURCE`, `... package_create COUNT`.

Prints the id of the source whose harvest was started, or what the loop took as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from ckan import model
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.plugins import toolkit

from ckanext.nextgeoss.demo import catalogue
from ckanext.nextgeoss.eo.product import dataset_name, product_uuid
from ckanext.nextgeoss.package import dataset_from_product


def act(action: str, data: dict[str, Any]) -> Any:
    """Call an action as the site's own user."""
    user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return toolkit.get_action(action)({"user": user, "ignore_auth": True}, data)


def harvest(wanted: str) -> str:
    """Start a harvest of the provider at a URL, or once more of a source by its id; the source's id."""
    source = wanted
    if wanted.startswith("http"):
        organization = act("organization_create", {"name": "benchmark-harvest"})
        config = {"provider": "nextgeoss_demo", "url": wanted}
        data = {"name": "benchmark", "title": "Benchmark", "url": wanted, "source_type": "nextgeoss"}
        data |= {"owner_org": organization["id"], "frequency": "MANUAL", "config": json.dumps(config)}
        source = act("harvest_source_create", data)["id"]
    else:
        act("harvest_jobs_run", {"source_id": source})  # closes the job before
    act("harvest_job_create", {"source_id": source, "run": True})
    return source


def package_create(count: str) -> str:
    """The yardstick: demo products by plain `package_create` in a loop, deleted again afterwards."""
    organization = act("organization_create", {"name": f"benchmark-package-create-{count}"})["id"]
    datasets = [_dataset(product, organization) for product in catalogue.products(int(count))]
    create, user = toolkit.get_action("package_create"), act("get_site_user", {})["name"]
    wall, cpu = time.perf_counter(), time.process_time()
    for dataset in datasets:
        create({"user": user, "ignore_auth": True}, dataset)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    for dataset in datasets:
        act("package_delete", {"id": dataset["id"]})
    return json.dumps({"products": len(datasets), "seconds": round(wall, 2), "cpu_seconds": round(cpu, 2)})


def _dataset(product: Any, organization: str) -> dict[str, Any]:
    uuid = product_uuid(product.collection, product.id, organization)
    name = dataset_name(product.id, uuid)
    return dataset_from_product(
        product, owner_org=organization, uuid=uuid, name=name, provider_id="benchmark"
    )


def main() -> None:
    """Do what the arguments say."""
    ini, task, value = sys.argv[1:]
    app = make_app(load_config(ini))
    with app._wsgi_app.test_request_context():  # type: ignore[attr-defined]
        print({"harvest": harvest, "package_create": package_create}[task](value))
        model.Session.remove()


if __name__ == "__main__":
    main()
