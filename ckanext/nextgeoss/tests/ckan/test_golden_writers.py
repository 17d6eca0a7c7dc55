"""The bulk writer leaves what the classic one leaves, in a database and a core of its own: the same rows,
datasets and search results."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit
from ckan.tests import factories
from ckanext.harvest.model import HarvestJob, HarvestSource

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Problem, Product
from ckanext.nextgeoss.eo.temporal import ALWAYS, TemporalExtent
from ckanext.nextgeoss.harvesters.bulk import BulkWriter
from ckanext.nextgeoss.harvesters.classic import ClassicWriter
from ckanext.nextgeoss.harvesters.offers import Offered, Terms
from ckanext.nextgeoss.harvesters.terms import source_config, source_terms
from ckanext.nextgeoss.harvesters.writer import Writer
from ckanext.nextgeoss.search.catalogue import client
from ckanext.nextgeoss.tests.harvesting import Hub, act, index_waiting
from ckanext.nextgeoss.tests.twin import twin

pytestmark = pytest.mark.usefixtures("with_plugins")

COUNT = 200

# what differs between any two writings: moments, and ids that nobody derives
PASSING = {
    "package": {"metadata_created", "metadata_modified"},
    "resource": {"created", "metadata_modified"},
    "package_tag": {"id", "tag_id"},
    "member": {"id"},
    "harvest_object": {"id", "gathered", "import_started", "import_finished", "harvest_job_id"},
    "nextgeoss_offer": {"harvest_object_id", "last_run"},
}
TABLES = {
    "package": "SELECT * FROM package WHERE id = ANY(:ids) ORDER BY id",
    "resource": "SELECT * FROM resource WHERE package_id = ANY(:ids) ORDER BY package_id, state, "
    "CASE state WHEN 'active' THEN position END, id",
    "package_tag": "SELECT pt.*, t.name, t.vocabulary_id FROM package_tag pt JOIN tag t ON t.id = pt.tag_id "
    "WHERE pt.package_id = ANY(:ids) ORDER BY pt.package_id, t.name",
    "member": "SELECT * FROM member WHERE table_id = ANY(:ids) ORDER BY table_id, capacity, group_id",
    "harvest_object": "SELECT * FROM harvest_object WHERE package_id = ANY(:ids) "
    "ORDER BY package_id, harvest_source_id, gathered",
    "nextgeoss_offer": "SELECT * FROM nextgeoss_offer WHERE package_id = ANY(:ids) "
    "ORDER BY package_id, source_id",
}

# of documents: moments, copies of the dataset that hold some (they are compared as datasets), Solr's own
SOLR_PASSING = {
    "metadata_created", "metadata_modified", "data_dict", "validated_data_dict", "_version_", "indexed_ts",
    "harvest_object_id", "timestamp",
}  # fmt: skip
# fields that are not stored, told by their values
FACETED = [
    "tags", "groups", "organization", "permission_labels", "res_format", "eo_collection", "eo_platform",
    "eo_start", "eo_end", "eo_west", "eo_access", "eo_problem", "capacity", "state", "title_string",
]  # fmt: skip


def varied(products: list[Product]) -> list[Product]:
    """The products, and more of what products can be."""
    first = products[0]
    quoted = """Tab\there, back\\slash, "quotes" and 'more', ümlaut 日本 \U0001f6f0"""
    odd = {
        "NO_TIME": replace(first, time=ALWAYS),
        "OPEN_END": replace(first, time=TemporalExtent.of("2024-05-01T10:00:00Z", None)),
        "NO_PLACE": replace(first, footprint=None),
        "ACROSS": replace(first, footprint=Footprint.from_bbox(179.5, -18.0, -179.5, -17.0)),
        "NO_ASSETS": replace(first, assets=()),
        "NO_PROPERTIES": replace(first, properties={}),
        "TITLED": replace(first, title=quoted),
        "PROBLEMS": replace(first, problems=(Problem("gsd", quoted), Problem("x", "y"))),
        "ÜBER/LONG " + "x" * 150: first,
        "FILES": replace(first, assets=tuple(files())),
        "DESCRIBED": replace(first, properties={**first.properties, "description": quoted}),
        "WORDY": replace(first, properties={"keywords": ("a", "two  words", "ümlaut!", "x" * 120)}),
    }
    return [*products, *(replace(p, id=f"{first.id}_{name}") for name, p in odd.items())]


def files() -> Iterator[Asset]:
    """Assets as providers have them."""
    yield Asset(
        key="data", href="https://a.example/b c.SAFE.zip?x=1&y='2'", roles=("data", "enclosure"), size=2**40
    )
    yield Asset(
        key="tiff", href="https://a.example/x", media_type="image/tiff; application=geotiff", title="T"
    )
    yield Asset(key="csv", href="ftp://a.example/table.csv", checksum="md5:0", media_type="text/csv")
    yield Asset(key="s3", href="s3://bucket/key", roles=("metadata",))
    yield Asset(key="nothing", href="/relative")


class Ground:
    """One source, whose products are written by one writer and looked at."""

    def __init__(self, hub: Hub, provider: str):
        self.hub = hub
        self._source_id = hub.source(provider)["id"]
        source: Any = HarvestSource.get(self._source_id)
        self.terms: Terms = source_terms(source, source_config(source))
        act("group_create", name=f"{hub.tag}-topic")

    def writer(self, kind: Callable[..., Writer], terms: Terms | None = None) -> Writer:
        """A writer in a job of its own."""
        job = HarvestJob(source=HarvestSource.get(self._source_id), status="Running")
        model.Session.add(job)
        model.Session.commit()
        return kind(terms or self.terms, job.id, "")

    def offers(self, products: Sequence[Product], terms: Terms | None = None) -> list[Offered]:
        """The products as the source offers them."""
        chosen = terms or self.terms
        return [chosen.offer(product, json.dumps({"id": product.id})) for product in products]

    @staticmethod
    def rows(offers: Sequence[Offered]) -> dict[str, list[dict[str, Any]]]:
        """The rows of these products, without what is passing."""
        ids = {"ids": [offer.uuid for offer in offers]}
        return {
            table: [
                plain(table, dict(row)) for row in model.Session.execute(sa.text(statement), ids).mappings()
            ]
            for table, statement in TABLES.items()
        }

    @staticmethod
    def shown(offers: Sequence[Offered]) -> list[Any]:
        """The datasets as the database makes `package_show` give them."""
        show, context = toolkit.get_action("package_show"), {"ignore_auth": True, "use_cache": False}
        return [lasting(show(dict(context), {"id": offer.uuid})) for offer in offers]

    @staticmethod
    def found(offers: Sequence[Offered]) -> list[Any]:
        """The datasets as a search finds them, and what Solr can tell of its documents."""
        index_waiting()
        names = [offer.uuid for offer in offers]
        search = {"fq": f"id:({' OR '.join(names)})", "rows": 1000, "include_private": True, "sort": "id asc"}
        results = [lasting(dataset) for dataset in act("package_search", **search)["results"]]
        query = {"q": f"id:({' OR '.join(names)})", "rows": 1000, "sort": "id asc", "fl": "*"}
        asked = {**query, "facet": "true", "facet.field": FACETED, "facet.limit": -1, "facet.mincount": 1}
        answer = client().select(asked)
        documents = [
            {n: v for n, v in d.items() if n not in SOLR_PASSING} for d in answer["response"]["docs"]
        ]
        return [*results, *documents, answer["facet_counts"]["facet_fields"]]


def plain(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row without what is passing; JSON as what it says."""
    kept = {name: value for name, value in row.items() if name not in PASSING[table]}
    if table == "package":  # ckanext-harvest lets an edit by people store the id of the record
        kept["extras"] = {n: v for n, v in kept["extras"].items() if n != "harvest_object_id"}
    if table == "resource":
        kept["extras"] = json.loads(kept["extras"] or "{}")
        if kept["state"] == "deleted":  # in any order
            del kept["position"]
    return kept


def lasting(dataset: dict[str, Any]) -> dict[str, Any]:
    """A dataset without the moments of its writing."""
    passing = ("metadata_created", "metadata_modified")
    kept = {name: value for name, value in dataset.items() if name not in passing}
    kept["resources"] = [
        {name: value for name, value in resource.items() if name not in PASSING["resource"]}
        for resource in dataset["resources"]
    ]
    kept["extras"] = [extra for extra in dataset.get("extras", ()) if extra["key"] != "harvest_object_id"]
    kept["tags"] = sorted(tag["name"] for tag in dataset["tags"])
    return kept


@pytest.fixture()
def ground(hub: Hub) -> Iterator[Ground]:
    """A source of this test's own."""
    with hub.provider(hub.products(1)) as (provider, _):
        yield Ground(hub, provider)


def both(ground: Ground, steps: Callable[[Callable[..., Writer]], Sequence[Offered]]) -> None:
    """Do the steps with the classic writer here and with the bulk writer on a second site, and compare all
    that is left behind."""
    with twin() as second:
        classic = left_by(ground, steps, ClassicWriter)
        with second.at_work():
            bulk = left_by(ground, steps, BulkWriter)
    for table in TABLES:
        assert len(classic[0][table]) == len(bulk[0][table]), table
        for one, other in zip(classic[0][table], bulk[0][table], strict=True):
            assert differences(one, other) == {}, table
    assert classic[0]["package"]
    for seen in (1, 2):
        assert len(classic[seen]) == len(bulk[seen])
        for one, other in zip(classic[seen], bulk[seen], strict=True):
            assert differences(one, other) == {}


def left_by(
    ground: Ground, steps: Callable[[Callable[..., Writer]], Sequence[Offered]], kind: Callable[..., Writer]
) -> tuple[dict[str, list[dict[str, Any]]], list[Any], list[Any]]:
    """Rows, datasets and what a search finds after the steps."""
    offers = steps(kind)
    return ground.rows(offers), ground.shown(offers), ground.found(offers)


def differences(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What differs between two rows or datasets, by name; within their extras, too."""
    found: dict[str, Any] = {}
    for name in sorted({*one, *other}):
        left, right = one.get(name), other.get(name)
        if isinstance(left, dict) and isinstance(right, dict):
            found |= {f"{name}.{key}": pair for key, pair in differences(left, right).items()}
        elif left != right:
            found[name] = (left, right)
    return found


def test_new_products(ground: Ground):
    products = varied(ground.hub.products(COUNT))

    def steps(kind: Callable[..., Writer]) -> Sequence[Offered]:
        offers = ground.offers(products)
        report = ground.writer(kind).write(offers)
        assert (report.added, report.errored) == (len(products), 0)
        return offers

    both(ground, steps)


def test_private_products(ground: Ground):
    terms = replace(ground.terms, private=True, scope=ground.terms.owner_org)

    def steps(kind: Callable[..., Writer]) -> Sequence[Offered]:
        offers = ground.offers(ground.hub.products(5), terms)
        assert ground.writer(kind, terms).write(offers).added == 5
        return offers

    both(ground, steps)


CHANGES: dict[str, Callable[[Product], Product]] = {
    "title": lambda p: replace(p, title="Another title"),
    "footprint": lambda p: replace(p, footprint=None),
    "properties": lambda p: replace(p, properties={"platform": "other", "cloud_cover": 1.5}),
    "fewer assets": lambda p: replace(p, assets=p.assets[1:]),
    "more assets": lambda p: replace(p, assets=(*p.assets, *files())),
    "one asset differs": lambda p: replace(
        p, assets=(replace(p.assets[0], href="https://new.example/", size=None), *p.assets[1:])
    ),
    "no assets": lambda p: replace(p, assets=()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changed_products(ground: Ground, name: str):
    products = ground.hub.products(3)
    changed = [CHANGES[name](products[0]), *products[1:]]

    def steps(kind: Callable[..., Writer]) -> Sequence[Offered]:
        ground.writer(kind).write(ground.offers(products))
        people_add(ground, products)
        offers = ground.offers(changed)
        report = ground.writer(kind).write(offers)
        assert (report.updated, report.unchanged) == (1, 2)
        # and back again
        back = ground.offers(products)
        assert ground.writer(kind).write(back).updated == 1
        return ground.offers(changed) if ground.writer(kind).write(offers).updated else ()

    both(ground, steps)


def people_add(ground: Ground, products: Sequence[Product]) -> None:
    """What belongs to people, on all these products."""
    for offer in ground.offers(products):
        act("package_patch", id=offer.uuid, groups=[{"name": f"{ground.hub.tag}-topic"}], author="Somebody")
        act(
            "resource_create",
            package_id=offer.uuid,
            url="http://example.org/notes",
            name="My notes",
            id=f"{offer.uuid[:-4]}abcd",
        )


def test_a_move_to_another_organization(ground: Ground):
    other = factories.Organization(image_url="")["id"]
    terms = replace(ground.terms, owner_org=other, private=True)

    def steps(kind: Callable[..., Writer]) -> Sequence[Offered]:
        products = ground.hub.products(3)
        ground.writer(kind).write(ground.offers(products))
        offers = ground.offers(products, terms)
        assert ground.writer(kind, terms).write(offers).updated == 3
        return offers

    both(ground, steps)


def withdrawn(ground: Ground, kind: Callable[..., Writer]) -> Sequence[Offered]:
    """Four products, two of which are withdrawn."""
    products = ground.hub.products(4)
    offers = ground.offers(products)
    ground.writer(kind).write(offers)
    people_add(ground, products)
    report = ground.writer(kind).withdraw([offer.uuid for offer in offers[:2]])
    assert report.deleted == 2
    return offers


def test_withdrawn_products(ground: Ground):
    both(ground, lambda kind: withdrawn(ground, kind))


def test_products_that_are_offered_again(ground: Ground):
    def steps(kind: Callable[..., Writer]) -> Sequence[Offered]:
        offers = withdrawn(ground, kind)
        assert ground.writer(kind).write(offers).added == 2
        return offers

    both(ground, steps)
