"""What must hold of a catalogue at any time between transactions; each told by the rows that break it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

SHOWN = 5

# what must hold -> a query for the ids of what breaks it
INVARIANTS: Mapping[str, str] = {
    "an active product is in its organization, once, and in no other": """
        SELECT p.id FROM package p LEFT JOIN member m ON m.table_id = p.id AND m.table_name = 'package'
            AND m.capacity = 'organization' AND m.state = 'active'
        WHERE p.type = 'eo_product' AND p.state = 'active'
        GROUP BY p.id, p.owner_org
        HAVING count(m.id) <> 1 OR min(m.group_id) IS DISTINCT FROM p.owner_org""",
    "the resources of an active product are numbered without a gap": """
        SELECT p.id FROM package p JOIN resource r ON r.package_id = p.id AND r.state = 'active'
        WHERE p.type = 'eo_product' AND p.state = 'active'
        GROUP BY p.id HAVING min(r.position) <> 0 OR max(r.position) <> count(*) - 1
            OR count(DISTINCT r.position) <> count(*)""",
    "a product and a source have one current record": """
        SELECT o.package_id FROM harvest_object o
            JOIN harvest_source s ON s.id = o.harvest_source_id AND s.type = 'nextgeoss'
        WHERE o.current
        GROUP BY o.package_id, o.harvest_source_id HAVING count(*) > 1""",
    "an offer of an active product has a record, which is the current one": """
        SELECT f.package_id FROM nextgeoss_offer f JOIN package p ON p.id = f.package_id
            LEFT JOIN harvest_object o ON o.id = f.harvest_object_id
        WHERE p.state = 'active' AND (NOT coalesce(o.current, false)
            OR o.package_id IS DISTINCT FROM f.package_id OR o.harvest_source_id <> f.source_id)""",
    "a current record of an active product has an offer": """
        SELECT o.package_id FROM harvest_object o
            JOIN harvest_source s ON s.id = o.harvest_source_id AND s.type = 'nextgeoss'
            JOIN package p ON p.id = o.package_id
            LEFT JOIN nextgeoss_offer f ON f.package_id = o.package_id AND f.source_id = o.harvest_source_id
        WHERE o.current AND p.state = 'active' AND f.package_id IS NULL""",
    "an offer is of a product that is there, or that people hold back": """
        SELECT f.package_id FROM nextgeoss_offer f LEFT JOIN package p ON p.id = f.package_id
        WHERE NOT f.suppressed AND coalesce(p.state, '') <> 'active'""",
    "a harvest source has a dataset of its own": """
        SELECT s.id FROM harvest_source s LEFT JOIN package p ON p.id = s.id AND p.type = 'harvest'
        WHERE p.id IS NULL""",
    "a tag without vocabulary is there once": """
        SELECT min(id) FROM tag WHERE vocabulary_id IS NULL GROUP BY name HAVING count(*) > 1""",
    "a finished job has nothing left to do": """
        SELECT j.id FROM harvest_job j JOIN nextgeoss_slice l ON l.job_id = j.id
        WHERE j.status = 'Finished' AND l.state IN ('waiting', 'running') GROUP BY j.id""",
    "the counters of a job are the records it has written": """
        SELECT l.job_id FROM (
            SELECT job_id, sum(added) AS added, sum(updated) AS updated, sum(deleted) AS deleted
            FROM nextgeoss_slice GROUP BY job_id) l
        JOIN harvest_job j ON j.id = l.job_id AND j.status = 'Finished'
            AND j.created = (SELECT max(created) FROM harvest_job k WHERE k.source_id = j.source_id)
        LEFT JOIN (
            SELECT harvest_job_id, count(*) FILTER (WHERE report_status = 'added') AS added,
                count(*) FILTER (WHERE report_status = 'updated') AS updated,
                count(*) FILTER (WHERE report_status = 'deleted') AS deleted
            FROM harvest_object WHERE guid NOT LIKE 'slice:%' GROUP BY harvest_job_id) o
            ON o.harvest_job_id = l.job_id
        WHERE (l.added, l.updated, l.deleted)
            IS DISTINCT FROM (coalesce(o.added, 0), coalesce(o.updated, 0), coalesce(o.deleted, 0))""",
    "nothing waits for the index that was refused": """
        SELECT package_id FROM nextgeoss_outbox WHERE error IS NOT NULL GROUP BY package_id""",
}


@dataclass(frozen=True, slots=True)
class Breach:
    """An invariant that does not hold: how many break it, and the ids of the first."""

    invariant: str
    count: int
    ids: tuple[str, ...]


def breaches(connection: Connection) -> Iterator[Breach]:
    """The invariants of the database that do not hold; each is one query, of constant memory here."""
    for invariant, query in INVARIANTS.items():
        found = f"SELECT * FROM ({query}) found (id)"  # noqa: S608 (ours)
        statement = f"SELECT count(*), (array_agg(id))[1:{SHOWN}] FROM ({found}) counted"  # noqa: S608
        count, ids = connection.execute(sa.text(statement)).one()
        if count:
            yield Breach(invariant, count, tuple(ids))
