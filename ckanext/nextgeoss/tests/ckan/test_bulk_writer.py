"""The bulk writer: all of a batch or nothing of it, two writers at once, and records that are refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestObjectError, HarvestSource

from ckanext.nextgeoss.eo.formats.stac import write_item
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.harvesters.bulk import BulkWriter
from ckanext.nextgeoss.harvesters.invariants import breaches
from ckanext.nextgeoss.harvesters.model import Offer
from ckanext.nextgeoss.harvesters.offers import Offered, Terms
from ckanext.nextgeoss.harvesters.terms import source_config, source_terms
from ckanext.nextgeoss.search.model import Outbox
from ckanext.nextgeoss.search.outbox import count_fulfilled
from ckanext.nextgeoss.tests.harvesting import Hub, run

pytestmark = pytest.mark.usefixtures("with_plugins")


class Source:
    """A harvest source with a running job, without a harvest."""

    def __init__(self, source: dict[str, Any]):
        kept: Any = HarvestSource.get(source["id"])
        self.terms: Terms = source_terms(kept, source_config(kept))
        job = HarvestJob(source=kept, status="Running")
        model.Session.add(job)
        model.Session.commit()
        self.job: str = job.id

    def writer(self) -> BulkWriter:
        """A writer as a worker has it."""
        return BulkWriter(self.terms, self.job, "")

    def offers(self, products: Sequence[Product]) -> list[Offered]:
        """The products as the source offers them."""
        return [
            self.terms.offer(product, json.dumps(write_item(product, base_url="http://x.example")))
            for product in products
        ]


def ids(offers: Sequence[Offered]) -> list[str]:
    return [offer.uuid for offer in offers]


def count(table: Any, column: Any, offers: Sequence[Offered]) -> int:
    return model.Session.query(table).filter(column.in_(ids(offers))).count()


def broken() -> dict[str, int]:
    """The invariants that do not hold, with the number of those that break each."""
    model.Session.commit()
    with model.meta.engine.connect() as connection:  # type: ignore[union-attr]
        return {breach.invariant: breach.count for breach in breaches(connection)}


def together(*tasks: Callable[[], Any]) -> list[Any]:
    """Do all at the same time, each in a thread and database session of its own."""
    start, done = Barrier(len(tasks)), list[Any]([None] * len(tasks))

    def work(number: int, task: Callable[[], Any]) -> None:
        start.wait()
        try:
            done[number] = task()
        finally:
            model.Session.remove()

    threads = [Thread(target=work, args=(number, task)) for number, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def test_a_batch_that_is_interrupted_leaves_nothing(hub: Hub):
    with hub.provider(hub.products(1)) as (provider, _):
        source = Source(hub.source(provider))
    offers = source.offers(hub.products(5))

    def fail() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        source.writer().write(offers, fail)
    model.Session.rollback()
    assert count(model.Package, model.Package.id, offers) == 0
    assert count(Offer, Offer.package_id, offers) == 0
    assert count(HarvestObject, HarvestObject.package_id, offers) == 0
    assert count(Outbox, Outbox.package_id, offers) == 0


def test_progress_is_saved_with_the_rows_once(hub: Hub):
    with hub.provider(hub.products(1)) as (provider, _):
        source = Source(hub.source(provider))
    told: list[int] = []

    def progress() -> None:
        told.append(count(model.Package, model.Package.id, offers))

    offers = source.offers(
        [*hub.products(6)[:3], *(too_long(p) for p in hub.products(6)[3:4]), hub.products(6)[5]]
    )
    report = source.writer().write(offers, progress)
    assert (report.added, report.errored) == (4, 1)
    assert told == [4]


def too_long(product: Product) -> Product:
    """A product that PostgreSQL refuses: rows of its indexes have an end."""
    import hashlib

    return replace(product, title="".join(hashlib.sha512(bytes([n])).hexdigest() for n in range(80)))


@pytest.mark.parametrize("bad", [0, 7, 19])
def test_one_bad_record_is_reported_alone(hub: Hub, bad: int):
    with hub.provider(hub.products(1)) as (provider, _):
        source = Source(hub.source(provider))
    products = hub.products(20)
    products[bad] = too_long(products[bad])
    offers = source.offers(products)
    report = source.writer().write(offers)
    assert (report.added, report.errored) == (19, 1)
    (kept,) = HarvestObject.filter(harvest_job_id=source.job, state="ERROR").all()
    assert kept.guid == f"{hub.collection}/{products[bad].id}"
    message = model.Session.query(HarvestObjectError.message).filter_by(harvest_object_id=kept.id).scalar()
    assert "index row" in message


def test_a_record_with_half_a_letter_is_reported_alone(hub: Hub):
    with hub.provider(hub.products(1)) as (provider, _):
        source = Source(hub.source(provider))
    products = hub.products(4)
    products[1] = replace(products[1], title="half \ud83d")
    report = source.writer().write(source.offers(products))
    assert (report.added, report.errored) == (3, 1)


def test_two_sources_that_offer_the_same_at_once_make_one_dataset(hub: Hub):
    products = hub.products(120)
    with (
        hub.provider(products[:1], "first") as (first, _),
        hub.provider(products[:1], "second") as (second, _),
    ):
        sources = [Source(hub.source(first)), Source(hub.source(second))]
    offers = [source.offers(products) for source in sources]
    assert ids(offers[0]) == ids(offers[1])
    before = broken()
    writers = [source.writer() for source in sources]

    def batches(number: int) -> Callable[[], int]:
        # from both ends, so that they meet
        order = offers[number] if number == 0 else offers[number][::-1]
        pieces = [order[start : start + 30] for start in range(0, 120, 30)]
        return lambda: sum(sum(counted(writers[number].write(piece))) for piece in pieces)

    assert together(batches(0), batches(1)) == [120, 120]
    assert count(model.Package, model.Package.id, offers[0]) == 120
    assert count(Offer, Offer.package_id, offers[0]) == 240
    current = HarvestObject.current.is_(True)
    assert (
        model.Session.query(HarvestObject)
        .filter(HarvestObject.package_id.in_(ids(offers[0])), current)
        .count()
        == 240
    )
    statement = (
        "SELECT count(DISTINCT extras::json ->> 'provider') FROM resource "
        "WHERE package_id = ANY(:ids) AND state = 'active' GROUP BY package_id"
    )
    providers = model.Session.execute(sa.text(statement), {"ids": ids(offers[0])})
    assert {row[0] for row in providers} == {2}
    assert broken() == before


def counted(report: Any) -> tuple[int, int]:
    return report.added, report.updated


def test_the_same_slice_twice_at_once_makes_each_product_once(hub: Hub):
    products = hub.products(60)
    with hub.provider(products[:1]) as (provider, _):
        source = Source(hub.source(provider))
    offers = source.offers(products)
    before = broken()
    reports = together(lambda: source.writer().write(offers), lambda: source.writer().write(offers))
    assert sum(report.added for report in reports) == 60
    assert count(Offer, Offer.package_id, offers) == 60
    assert broken() == before


def test_an_unchanged_batch_writes_nothing(hub: Hub):
    with hub.provider(hub.products(8)) as (provider, _):
        source = hub.source(provider)
        run(source)
        begun, before = next_transaction(), rows()
        wishes = count_fulfilled(model.Session.connection())
        assert run(source)["stats"]["not modified"] == 8
    assert (rows(), count_fulfilled(model.Session.connection())) == (before, wishes)
    assert rows(f"xmin::text::bigint >= {begun}") == dict.fromkeys(before, 0)


def next_transaction() -> int:
    return model.Session.scalar(sa.text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"))


def rows(which: str = "true") -> dict[str, int]:
    """How many rows there are in each table of products."""
    tables = ("package", "resource", "tag", "package_tag", "member", "nextgeoss_offer", "nextgeoss_outbox")
    count = "SELECT count(*) FROM {} WHERE {}"
    found = {table: model.Session.scalar(sa.text(count.format(table, which))) for table in tables}
    model.Session.rollback()
    return found
