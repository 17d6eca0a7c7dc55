"""Static catalogues, item files and servers without a search, harvested through ckanext-harvest; and sources
of providers whose files name no collections."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest

from ckanext.nextgeoss.eo.formats.stac import write_item
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.package import collection_uuid
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, errors, run, stats

pytestmark = pytest.mark.usefixtures("with_plugins")

FILE = """\
title: Provider {name}
organization: {organization}
url: {url}
{profile}
"""


class Files:
    """A catalogue of files: a root, a collection for each that the products have, and an item each."""

    def __init__(self, products: list[Product]) -> None:
        self.products = products
        self.broken: set[str] = set()

    def routes(self) -> dict[str, Any]:
        """All that can be asked for now."""
        names = Hub.collections(self.products)
        root = {"type": "Catalog", "stac_version": "1.0.0", "id": "root", "description": "x"}
        found: dict[str, Any] = {
            "/catalog.json": {**root, "links": [_link("child", f"{name}/collection.json") for name in names]},
            "/items.ndjson": b"".join(
                json.dumps(write_item(each)).encode() + b"\n" for each in self.products
            ),
        }
        for name in names:
            items = [each for each in self.products if each.collection == name]
            about = {"type": "Collection", "stac_version": "1.0.0", "id": name, "title": f"Files of {name}"}
            extent = {
                "spatial": {"bbox": [[0, 0, 1, 1]]},
                "temporal": {"interval": [["2015-01-01T00:00:00Z", None]]},
            }
            links = [_link("item", f"{each.id}.json") for each in items]
            about = {**about, "description": "x", "license": "CC-BY-4.0", "extent": extent, "links": links}
            found[f"/{name}/collection.json"] = about
            features = {
                "type": "FeatureCollection",
                "features": [write_item(each) for each in items],
                "numberMatched": len(items),
                "links": [],
            }
            found[f"/collections/{name}/items"] = features
            found |= {
                f"/{name}/{each.id}.json": write_item(each) for each in items if each.id not in self.broken
            }
        found["/collections"] = {
            "collections": [found[f"/{name}/collection.json"] for name in names],
            "links": [],
        }
        return found


def _link(rel: str, href: str) -> dict[str, str]:
    return {"rel": rel, "href": href}


@contextmanager
def served(hub: Hub, files: Files, profile: str, path: str = "") -> Iterator[tuple[str, LocalServer]]:
    """The id of a provider that has these files."""

    def give(handler: Handler, path: str) -> None:
        found = files.routes().get(path)
        handler.answer({} if found is None else found, 404 if found is None else 200)

    class Routes(dict[str, Any]):
        def __missing__(self, path: str) -> Any:
            return partial(give, path=path)

    with serve(Routes()) as server:
        hub.allow(server.host)
        name = f"{hub.tag}_files"
        about = {"name": name, "organization": name.replace("_", "-"), "url": server.url + path}
        (hub.folder / f"{name}.yaml").write_text(FILE.format(profile=profile, **about))
        yield name, server


def _two(hub: Hub) -> list[Product]:
    """Products of two collections."""
    products = hub.products(6)
    return [
        replace(each, collection=f"{hub.tag}-other") if n > 3 else each for n, each in enumerate(products)
    ]


def test_a_static_catalogue(hub: Hub):
    """All of it, again without a change, then what was changed, broken and removed."""
    files = Files(hub.products(5))
    with served(hub, files, f"profile: stac_static\ncollections: [{hub.collection}]") as (provider, _):
        source = hub.source(provider, mode="full")
        assert stats(run(source)) == (5, 0, 0, 0)
        assert stats(run(source)) == (0, 0, 5, 0)
        found = datasets(hub.collection)
        assert [each["identifier"] for each in found] == [each.id for each in files.products]
        assert {each["key"] for each in found[0]["resources"]} == {
            asset.key for asset in files.products[0].assets
        }
        files.products[0] = replace(files.products[0], title="Another title")
        files.broken = {files.products[1].id}
        job = run(source)
        assert stats(job) == (0, 1, 3, 1)
        assert any("404" in message for message in errors(job))
        files.broken = set()
        files.products = files.products[:4]
        job = run(hub.source(provider, mode="full"))
        assert sum(stats(job)) == 4


def test_only_the_wanted_branch(hub: Hub):
    """A source for one collection asks for no file of the other."""
    files = Files(_two(hub))
    names = f"collections: [{hub.collection}, {hub.tag}-other]"
    with served(hub, files, f"profile: stac_static\n{names}") as (provider, server):
        assert stats(run(hub.source(provider, collections=[f"{hub.tag}-other"]))) == (2, 0, 0, 0)
        items = [
            call.path for call in server.calls if "collection" not in call.path and "catalog" not in call.path
        ]
        assert len(items) == 2
        assert datasets(hub.collection) == []


@pytest.mark.parametrize("profile", ["stac_static", "stac_items\ncounts: true"])
def test_no_collections_named(hub: Hub, profile: str):
    """All that the provider describes are offered, described as it does; one can be chosen by its name."""
    files = Files(_two(hub))
    with served(hub, files, f"profile: {profile}") as (provider, _):
        assert stats(run(hub.source(provider, collections=[f"{hub.tag}-other"]))) == (2, 0, 0, 0)
        assert datasets(hub.collection) == []
        assert sum(stats(run(hub.source(provider)))) == 6
        assert len(datasets(hub.collection)) == 4
        assert len(datasets(f"{hub.tag}-other")) == 2
        shown = act("package_show", id=collection_uuid(hub.collection))
        assert shown["title"] == f"Files of {hub.collection}"


def test_no_collections_named_of_an_api(hub: Hub):
    """What `/collections` of a STAC API says is offered."""
    products = _two(hub)
    with hub.provider(products, page_size=2) as (provider, simulator):
        hub.describe(provider, simulator.url, [], page_size=2)
        assert stats(run(hub.source(provider))) == (6, 0, 0, 0)
        assert len(datasets(hub.collection)) == 4
        assert len(datasets(f"{hub.tag}-other")) == 2


def test_a_file_of_items(hub: Hub):
    """Lines of JSON; what is not wanted of them is left out."""
    files = Files(_two(hub))
    profile = f"profile: stac_file\ncollections: [{hub.collection}, {hub.tag}-other]"
    with served(hub, files, profile, "/items.ndjson") as (provider, _):
        assert stats(run(hub.source(provider, collections=[hub.collection]))) == (4, 0, 0, 0)
        assert sum(stats(run(hub.source(provider)))) == 6
        assert len(datasets(f"{hub.tag}-other")) == 2


def test_what_has_changed(hub: Hub):
    """Where products say when they were updated, a later run writes only those that say it was since."""
    long_ago = datetime.now(timezone.utc) - timedelta(days=400)
    products = [
        replace(each, properties={**each.properties, "updated": long_ago}) for each in hub.products(4)
    ]
    files = Files(products)
    profile = f"profile: stac_static\nchanges: {{sieve: updated}}\ncollections: [{hub.collection}]"
    with served(hub, files, profile) as (provider, _):
        source = hub.source(provider)
        assert stats(run(source)) == (4, 0, 0, 0)
        now = datetime.now(timezone.utc) + timedelta(hours=1)
        changed = {**products[2].properties, "updated": now}
        files.products[2] = replace(products[2], title="Another title", properties=changed)
        assert stats(run(source)) == (0, 1, 0, 0)
        assert len(datasets(hub.collection)) == 4
