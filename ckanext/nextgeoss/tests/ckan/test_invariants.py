"""What must hold of a catalogue, and that a breach of each is seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from sqlalchemy import Connection

from ckanext.nextgeoss.eo.product import product_uuid
from ckanext.nextgeoss.harvesters.commands.checking import check
from ckanext.nextgeoss.harvesters.invariants import INVARIANTS, breaches
from ckanext.nextgeoss.tests.harvesting import Hub, run

pytestmark = pytest.mark.usefixtures("with_plugins")

# statements that break one invariant each; {id}: a product, {job}: the job that brought it
BROKEN = {
    "an active product is in its organization, once, and in no other":
        "UPDATE member SET state = 'deleted' WHERE table_id = :id",
    "the resources of an active product are numbered without a gap":
        "UPDATE resource SET position = position + 1 WHERE package_id = :id",
    "a product and a source have one current record":
        "INSERT INTO harvest_object (id, guid, current, harvest_job_id, harvest_source_id, package_id) "
        "SELECT 'copy', guid, true, harvest_job_id, harvest_source_id, package_id FROM harvest_object "
        "WHERE package_id = :id",
    "an offer of an active product has a record, which is the current one":
        "UPDATE harvest_object SET current = false WHERE package_id = :id",
    "a current record of an active product has an offer":
        "DELETE FROM nextgeoss_offer WHERE package_id = :id",
    "an offer is of a product that is there, or that people hold back":
        "UPDATE package SET state = 'deleted' WHERE id = :id",
    "a harvest source has a dataset of its own":
        "UPDATE package SET type = 'dataset' WHERE id IN "
        "(SELECT source_id FROM nextgeoss_offer WHERE package_id = :id)",
    "a tag without vocabulary is there once":
        "INSERT INTO tag (id, name) SELECT 'twin', t.name FROM tag t JOIN package_tag g ON g.tag_id = t.id "
        "WHERE g.package_id = :id LIMIT 1",
    "a finished job has nothing left to do":
        "WITH ended AS (UPDATE harvest_job SET status = 'Finished' WHERE id = :job) "
        "UPDATE nextgeoss_slice SET state = 'running' WHERE job_id = :job",
    "the counters of a job are the records it has written":
        "WITH ended AS (UPDATE harvest_job SET status = 'Finished' WHERE id = :job) "
        "UPDATE nextgeoss_slice SET added = added + 1 WHERE job_id = :job",
    "nothing waits for the index that was refused":
        "INSERT INTO nextgeoss_outbox (package_id, error) VALUES (:id, 'no')",
}  # fmt: skip


def test_the_command_tells_what_is_broken(hub: Hub, cli: Any):
    with hub.provider(hub.products(2)) as (provider, _):
        run(hub.source(provider))
    model.Session.execute(sa.text("DELETE FROM nextgeoss_outbox WHERE error IS NOT NULL"))  # of other tests
    model.Session.commit()
    before = cli.invoke(check)
    model.Session.execute(sa.text("INSERT INTO nextgeoss_outbox (package_id, error) VALUES ('x', 'no')"))
    model.Session.commit()
    try:
        told = cli.invoke(check)
    finally:
        model.Session.execute(sa.text("DELETE FROM nextgeoss_outbox WHERE package_id = 'x'"))
        model.Session.commit()
    assert "rules hold" in before.output
    assert "refused" not in before.output
    assert told.exit_code == 1
    assert "1 break: nothing waits for the index that was refused (x)" in told.output


@pytest.fixture()
def connection() -> Iterator[Connection]:
    """A connection whose changes are taken back."""
    assert model.meta.engine is not None
    with model.meta.engine.connect() as connection:
        yield connection
        connection.rollback()


def test_each_breach_is_seen(hub: Hub, connection: Connection):
    offered = hub.products(2)
    with hub.provider(offered) as (provider, _):
        job = run(hub.source(provider))["id"]
    model.Session.commit()
    uuid = product_uuid(hub.collection, offered[0].id)
    before = {breach.invariant: breach.count for breach in breaches(connection)}
    assert set(BROKEN) == set(INVARIANTS)
    for invariant, statement in BROKEN.items():
        connection.rollback()
        connection.execute(
            sa.text(statement), {"id": uuid, "job": job} if ":job" in statement else {"id": uuid}
        )
        after = {breach.invariant: breach.count for breach in breaches(connection)}
        assert after.get(invariant, 0) > before.get(invariant, 0), invariant
