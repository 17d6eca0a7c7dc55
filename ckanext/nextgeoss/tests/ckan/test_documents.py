"""Documents made of rows, a batch at a time, are those that CKAN's own functions make of each dataset."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from ckan import model
from ckan.lib import plugins as ckan_plugins
from ckan.lib.plugins import DefaultPermissionLabels
from ckan.logic.schema import default_show_package_schema
from ckan.plugins import IPackageController, PluginImplementations, toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

from ckanext.nextgeoss import config
from ckanext.nextgeoss.demo import catalogue as demo
from ckanext.nextgeoss.eo.product import Product, dataset_name
from ckanext.nextgeoss.interfaces import IProductIndex
from ckanext.nextgeoss.package import dataset_from_product
from ckanext.nextgeoss.search import plugin_hooks, setwise, titles
from ckanext.nextgeoss.search.by_ckan import document_by_ckan
from ckanext.nextgeoss.search.documents import Documents
from ckanext.nextgeoss.search.setwise import ProductDocuments

COUNT = 144
_JSON = ("data_dict", "validated_data_dict")


@pytest.fixture(scope="module")
def user(plugins: None) -> str:
    return factories.Sysadmin()["name"]


@pytest.fixture(scope="module")
def ids(user: str) -> list[str]:
    """Products of every kind: the demo's, changed in as many ways as a dataset can differ."""
    organizations = [factories.Organization(title=title)["id"] for title in ("Agency", "Zebra")]
    topics = [factories.Group(title=title, image_url="")["name"] for title in ("Öl", "Ice", "icicle", "Zinc")]
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(toolkit.config, "ckan.search.solr_commit", False)
        for number, product in enumerate(demo.products(COUNT)):
            dataset = varied(number, product, organizations, topics)
            found.append(call_action("package_create", {"user": user}, **dataset)["id"])
    _harvest(found[::3])
    call_action("package_delete", {"user": user}, id=found[7])
    _spoil(found)
    return found


def varied(number: int, product: Product, organizations: list[str], topics: list[str]) -> dict[str, Any]:
    """A dataset of this product with something added or missing."""
    uuid = str(uuid4())
    dataset = dataset_from_product(
        product, owner_org=organizations[number % 2], uuid=uuid, name=dataset_name(product.id, uuid),
        provider_id="demo", private=number % 11 == 1,
    )  # fmt: skip
    kind = number % 12
    dataset["groups"] = [{"name": topic} for topic in topics[: number % 5]]
    for part, when in (
        ("spatial", 2),
        ("timerange_start", 3),
        ("timerange_end", 4),
        ("notes", 5),
        ("tags", 6),
    ):
        if kind == when:
            dataset.pop(part, None)
    if kind == 7:
        dataset["resources"] = []
    if kind == 8:
        dataset["title"] = "  Ein <b>Titel</b> \x02 "
        dataset["resources"].append(
            {"url": "people.example/x.csv", "name": "Mine", "description": "d", "format": "csv", "mine": "1"}
        )
    if kind == 9:
        dataset["extras"] = [{"key": "Station name", "value": "Kiruna"}, {"key": "mine", "value": "a b"}]
        dataset["license_id"] = "cc-by"
    if kind == 10:
        dataset["extras"] = [{"key": "mine", "value": "words"}, {"key": "last_date", "value": "2024-05-01"}]
        dataset["problems"] = [{"where": "gsd", "reason": "'fine' is no number"}]
    if kind == 11:
        dataset |= {
            "url": "https://a.example",
            "version": "2",
            "author": "A",
            "maintainer_email": "a@b.example",
        }
        dataset["extras"] = [{"key": "harvest_source_title", "value": "of old"}]
    return dataset


def _harvest(ids: list[str]) -> None:
    """Let these have come from a source, some from two, of which now the one now the other was the last."""
    sources = [HarvestSource(url=uuid4().hex, type="nextgeoss", title=title) for title in ("Öl", None)]
    jobs = [HarvestJob(source=source) for source in sources]
    for number, package_id in enumerate(ids):
        for which in range(number % 2 + 1):
            finished = (
                None if number % 5 == 0 and which == 0 else datetime(2024, 5, 3 + which * (number % 4 - 2))
            )
            for current in (False, True):
                HarvestObject(
                    guid=uuid4().hex, job=jobs[which], source=sources[which], package_id=package_id,
                    current=current, import_finished=finished, state="COMPLETE",
                ).add()  # fmt: skip
    model.Session.commit()


def _spoil(ids: list[str]) -> None:
    """What only SQL does: values that no validator has seen."""
    changes = {
        0: {"cloud_cover": "much"}, 1: {"instruments": "not json"}, 2: {"timerange_start": "yesterday"},
        3: {"spatial": "POINT (1 2)"}, 4: {"problems": "none"}, 5: {"collection_id": ""}, 6: {"gsd": ""},
        8: {"platform": ""},
    }  # fmt: skip
    for number, extras in changes.items():
        package = model.Package.get(ids[40 + number])
        assert package
        package.extras = {**package.extras, **extras}
    model.Package.get(ids[60]).title = ""  # type: ignore[union-attr]
    model.Package.get(ids[61]).owner_org = None  # type: ignore[union-attr]
    model.Package.get(ids[62]).license_id = "nobody-knows"  # type: ignore[union-attr]
    model.Session.commit()
    model.Session.expire_all()


def made(ids: list[str]) -> dict[str, dict[str, Any]]:
    """Documents made a batch at a time."""
    with model.meta.engine.connect() as connection:
        found = Documents().make(connection, ids, by_ckan=len(ids))
    assert not found.failed
    return {package_id: json.loads(text) for package_id, text in found.documents.items()}


def by_ckan(package_id: str) -> dict[str, Any]:
    """The document that CKAN would send, without what its client leaves out."""
    document = document_by_ckan(package_id)
    assert document
    return json.loads(json.dumps({k: v for k, v in document.items() if v is not None and v != ""}))


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    """Field by field; JSON in JSON is compared as what it says."""
    for name in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(name, "nothing"), theirs.get(name, "nothing")
        if name in _JSON:
            yield from (f"{name}: {told}" for told in differences(json.loads(mine), json.loads(other)))
        elif mine != other:
            yield f"{name}: {mine!r} for {other!r}"


def test_documents_are_those_of_ckan(ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(toolkit.config, "ckan.search.remove_deleted_packages", False)
    titles.collections.cache_clear()
    documents = made(ids)
    assert set(documents) == set(ids)
    unlike = [
        f"{number}: {line}"
        for number, package_id in enumerate(ids)
        for line in differences(documents[package_id], by_ckan(package_id))
    ]
    assert unlike == []
    products = ProductDocuments()
    assert products.obstacle == ""
    with model.meta.engine.connect() as connection:
        found, left = products.make(connection, ids)
    kinds = {number % 12 for number, package_id in enumerate(ids) if package_id in left}
    assert kinds <= {9, 10}, "only names that CKAN alters are left to CKAN"
    assert len(found) >= COUNT * 5 / 6


OURS = (
    "ckanext.nextgeoss.plugin.NextgeossPlugin",
    "ckanext.nextgeoss.harvesters.plugin.NextgeossHarvesterPlugin",
)


def told(ids: list[str]) -> list[str]:
    """What is unlike in documents made both ways."""
    documents = made(ids)
    return [line for each in ids for line in differences(documents[each], by_ckan(each))]


def test_plugins_that_we_do_not_know_are_asked_for_each_product(
    ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if harvest and dcat were strangers, and labels those of a plugin that looks at more than columns."""

    class Labels(DefaultPermissionLabels):
        def get_dataset_labels(self, dataset_obj: Any) -> list[str]:
            return [*super().get_dataset_labels(dataset_obj), f"files-{len(dataset_obj.resources)}"]

    shown: list[str] = []
    monkeypatch.setattr(plugin_hooks, "KNOWN", frozenset(OURS))
    for module in (plugin_hooks, ckan_plugins):
        monkeypatch.setattr(module, "get_permission_labels", Labels)
    harvest = next(p for p in PluginImplementations(IPackageController) if p.name == "harvest")
    monkeypatch.setattr(harvest, "after_dataset_show", lambda context, shown_: (
        shown.append(context["package"].id), shown_.update(mark=context["package"].name)))  # fmt: skip
    products = ProductDocuments()
    assert products.obstacle == ""
    assert products.hooks.told.startswith("harvest, dcat, ")
    assert told(ids[8:32]) == []
    assert set(shown) == set(ids[8:32])
    assert json.loads(made(ids[:1])[ids[0]]["validated_data_dict"])["mark"]


def test_what_cannot_be_made_of_rows_is_made_by_ckan_and_the_log_says_why(
    ids: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    found = dict(config.product_schema())

    def schema() -> dict[str, Any]:
        fields = [*found["dataset_fields"], {"field_name": "mine", "output_validators": "scheming_shout"}]
        return {**found, "dataset_fields": fields}

    strangers = {
        "field mine has the output validators scheming_shout": (config, "product_schema", schema),
        "nextgeoss changes documents before harvest does": (plugin_hooks, "KNOWN", frozenset(OURS[1:])),
        "table tag is not as we know it: name": (
            setwise, "COLUMNS", {**setwise.COLUMNS, "tag": ("id", "vocabulary_id")}
        ),
        "CKAN's schema of datasets does something unknown to": (
            setwise, "default_show_package_schema",
            lambda: default_show_package_schema() | {"notes": [toolkit.get_validator("ignore")]},
        ),
        "is the form of products": (setwise, "lookup_package_plugin", lambda _: object()),
    }  # fmt: skip
    for reason, (module, name, value) in strangers.items():
        with monkeypatch.context() as patch:
            patch.setattr(module, name, value)
            assert reason in ProductDocuments().obstacle
    with monkeypatch.context() as patch:
        patch.setattr(setwise, "lookup_package_plugin", lambda _: object())
        assert told(ids[:3]) == []
    assert "Products are indexed one by one by CKAN itself" in caplog.text


def test_fields_of_others_are_asked_for_once_a_batch(ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = next(iter(PluginImplementations(IProductIndex)))
    asked: list[list[str]] = []

    def add_fields(batch: list[str]) -> dict[str, dict[str, Any]]:
        asked.append(list(batch))
        return {package_id: {"eo_topic": ["from-a-plugin"]} for package_id in batch[:1]}

    monkeypatch.setattr(plugin, "add_fields", add_fields)
    fast = [package_id for number, package_id in enumerate(ids[:12]) if number % 12 not in (7, 9, 10)]
    found = made(fast)
    assert [sorted(batch) for batch in asked] == [sorted(fast)]
    assert "from-a-plugin" in found[fast[0]]["eo_topic"]
