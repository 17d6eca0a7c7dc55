"""kill -9 of each program of a hub at random moments of harvests: nothing is lost, nothing is there twice.

`NEXTGEOSS_FAULT_KILLS` programs are killed (usually each kind once; 200 for a night), as seed
`NEXTGEOSS_FAULT_SEED` decides."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pytest
import sqlalchemy as sa

from ckanext.nextgeoss.demo.holdings import Question
from ckanext.nextgeoss.harvesters.invariants import breaches
from ckanext.nextgeoss.search.compare import Comparison
from ckanext.nextgeoss.search.setwise import default_labels
from ckanext.nextgeoss.search.solr import SolrClient
from ckanext.nextgeoss.stack import ports
from ckanext.nextgeoss.stack.hub import DATABASE
from ckanext.nextgeoss.tests.killing import VICTIMS, Site, simulator, site

KILLS = int(os.environ.get("NEXTGEOSS_FAULT_KILLS", str(len(VICTIMS))))
SEED = int(os.environ.get("NEXTGEOSS_FAULT_SEED", "16"))
PRODUCTS = 2000
# of a harvest
FEWEST, MOST = 4, 9

_STATE = """
    SELECT j.status, r.result, r.message, (SELECT count(*) FROM nextgeoss_outbox) FROM harvest_job j
    JOIN nextgeoss_run r ON r.job_id = j.id WHERE j.id = %s"""
_FOUND = """
    SELECT extras ->> 'collection_id', extras ->> 'identifier' FROM package
    WHERE type = 'eo_product' AND state = 'active' ORDER BY 1, 2"""


@dataclass(frozen=True)
class Kill:
    """Who is killed when: at a share of the products that are written, or (below 0) while slices are planned;
    some seconds later."""

    victim: str
    share: float
    later: float
    number: int

    def __str__(self) -> str:
        moment = f"{self.share:.0%} written" if self.share >= 0 else "gathering"
        return f"{self.victim} at {moment} + {self.later:.2f} s"


def plan(kills: int, seed: int) -> Iterator[list[Kill]]:
    """Who is killed when, harvest by harvest; all kinds equally often."""
    chance = Random(seed)
    victims: list[str] = []
    while len(victims) < kills:
        victims += chance.sample(list(VICTIMS), len(VICTIMS))
    del victims[kills:]
    while victims:
        many = chance.randint(FEWEST, MOST)
        many = many if len(victims) - many >= FEWEST else min(len(victims), MOST)
        some = [victims.pop() for _ in range(many)]
        yield sorted((_kill(victim, chance) for victim in some), key=lambda kill: kill.share)


def _kill(victim: str, chance: Random) -> Kill:
    # who gathers is at work at the start only
    share = -1.0 if victim == "gather" else chance.uniform(-0.15, 1.0)
    return Kill(victim, share, chance.uniform(0, 0.5), chance.randrange(100))


def test_plans_are_repeatable_and_leave_nobody_out():
    found = [kill for harvest in plan(90, 5) for kill in harvest]
    assert found == [kill for harvest in plan(90, 5) for kill in harvest]
    assert Counter(kill.victim for kill in found) == dict.fromkeys(VICTIMS, 10)


# the supervisor outlives whoever has started it, and is ended at the end
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_killed_at_any_moment_nothing_is_lost_and_nothing_twice():
    port = ports.some_free()
    expected: list[tuple[str, str]] = []
    began = time.monotonic()
    with site(port) as hub:
        for number, kills in enumerate(plan(KILLS, SEED)):
            with simulator(port, PRODUCTS, number * PRODUCTS) as provider:
                entries = provider.holdings.matching(Question())
                expected += [(entry.collection, entry.id) for entry in entries]
                if not number:
                    hub.work()
                told = f"seed {SEED}, harvest {number}: killed {', '.join(map(str, kills))}"
                harvest(hub, kills, number * PRODUCTS, told)
                problems = list(found_wrong(hub, expected))
                assert not problems, f"{told}: {problems}\n{hub.logs()}"
                print(f"{told}; whole after {time.monotonic() - began:.0f} s", flush=True)


def harvest(hub: Site, kills: list[Kill], before: int, told: str) -> None:
    """One harvest with these kills, until its job has ended by itself and nothing waits for the index."""
    job = hub.new_job() if before else hub.last_job()
    for kill in kills:
        if kill.share < 0:
            hub.wait(f"gathering to begin ({told})", lambda: hub.is_gathered(job))
        else:
            enough = before + int(kill.share * PRODUCTS)
            hub.wait(
                f"{enough} products ({told}, now {kill})", lambda n=enough: hub.products() >= n, hub.products
            )
        time.sleep(kill.later)
        hub.kill(kill.victim, kill.number)
    hub.wait(f"the end of job {job} ({told})", lambda: is_over(hub, job), hub.products)
    assert hub.query(_STATE, job)[0][:2] == ("Finished", "complete"), f"{told}: {hub.query(_STATE, job)}"


def is_over(hub: Site, job: str) -> bool:
    """Whether a job has ended, its run too, and nothing waits for the index."""
    found = hub.query(_STATE, job)
    return bool(found) and found[0][0] == "Finished" and found[0][1] is not None and found[0][3] == 0


def found_wrong(hub: Site, expected: list[tuple[str, str]]) -> Iterator[str]:
    """What is not as if nobody had been killed."""
    found = hub.hub.query(_FOUND)
    if found != sorted(expected):
        missing, strange = Counter(expected) - Counter(found), Counter(found) - Counter(expected)
        yield f"{len(missing)} products are missing: {[*missing][:3]}"
        yield f"{len(strange)} products are too many: {[*strange][:3]}"
    engine = sa.create_engine(hub.hub.postgres.url(DATABASE))
    client = SolrClient(hub.hub.solr.url)
    # a Solr that was killed reads its log again, and shows nothing of it before it has done so
    hub.wait("the index to show what it holds", lambda: shown(client) >= len(expected), lambda: shown(client))
    comparison = Comparison(client, hub.site_id, labels_of=default_labels)
    with engine.connect() as connection:
        yield from (f"{breach}" for breach in breaches(connection))
    with engine.connect() as connection:
        yield from (f"index: {difference}" for difference in comparison.differences(connection))
    engine.dispose()
    if shown(client) != len(expected):
        yield f"the index holds {shown(client)} products instead of {len(expected)}"


def shown(client: SolrClient) -> int:
    """How many products a search finds."""
    client.show_changes(wait=True)
    return client.select({"q": "dataset_type:eo_product", "rows": 0})["response"]["numFound"]
