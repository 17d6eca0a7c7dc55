"""Decisions about offers, and datasets made of several."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.product import Product, product_uuid
from ckanext.nextgeoss.harvesters.offers import (
    Action,
    Claim,
    Offered,
    StoredOffer,
    Terms,
    compose,
    decide,
    with_peoples_parts,
)

PRODUCT = Product(
    id="S2A_X.SAFE", collection="sentinel-2-l1c", assets=(Asset(key="data", href="http://a/1"),)
)
TERMS = Terms(source_id="s1", provider_id="p1", owner_org="o1")
OFFER = TERMS.offer(PRODUCT)
HASH = OFFER.content_hash


def actions(existing: dict[str, StoredOffer], *offers: Offered) -> list[str]:
    return [decision.action.value for decision in decide(existing, offers)]


@pytest.mark.parametrize(
    ("stored", "action"),
    [
        (None, "new"),
        (StoredOffer(package_state="active", content_hash=HASH), "same"),
        (StoredOffer(package_state="active", content_hash="other"), "changed"),
        (StoredOffer(package_state="active", content_hash="other", seen=True), "clash"),
        (StoredOffer(package_state="active", content_hash=HASH, seen=True), "same"),
        # restored by a person
        (StoredOffer(package_state="active", content_hash=HASH, suppressed=True), "same"),
        (StoredOffer(package_state="deleted", content_hash=HASH), "suppressed"),
        (StoredOffer(package_state="deleted", shared=True), "suppressed"),
        (StoredOffer(package_state="deleted", suppressed=True), "suppressed"),
        (StoredOffer(package_state="deleted"), "new"),
        # deleted by a person and then purged, or purged alone
        (StoredOffer(suppressed=True), "suppressed"),
        (StoredOffer(content_hash=HASH), "new"),
        # offered by another source before, or made by people
        (StoredOffer(package_state="active", shared=True), "new"),
        (StoredOffer(package_state="active"), "clash"),
    ],
)
def test_what_is_stored_decides(stored: StoredOffer | None, action: str):
    assert actions({OFFER.uuid: stored} if stored else {}, OFFER) == [action]


def test_two_records_of_one_identity_in_a_batch():
    other = TERMS.offer(replace(PRODUCT, id="S2A_X", title="the same without .SAFE"))
    assert other.uuid == OFFER.uuid
    assert actions({}, OFFER, OFFER, other) == ["new", "same", "clash"]
    assert [decision.repeated for decision in decide({}, [OFFER, OFFER])] == [False, True]


def test_a_suppressed_product_stays_so_within_a_batch():
    assert (
        actions({OFFER.uuid: StoredOffer(package_state="deleted", suppressed=True)}, OFFER, OFFER)
        == ["suppressed"] * 2
    )


@pytest.mark.parametrize("change", [{"owner_org": "o2"}, {"private": True}, {"rank": 1}])
def test_all_that_a_dataset_takes_from_an_offer_is_in_its_hash(change: dict[str, object]):
    changed = replace(TERMS, **change).offer(PRODUCT)
    assert changed.content_hash != HASH
    assert decide({OFFER.uuid: StoredOffer("active", HASH)}, [changed])[0].action is Action.CHANGED


def test_shared_ids_are_those_of_the_product_and_others_those_of_the_organization():
    assert OFFER.uuid == product_uuid("sentinel-2-l1c", "S2A_X")
    private = replace(TERMS, scope="o1").offer(PRODUCT)
    assert private.uuid == product_uuid("sentinel-2-l1c", "S2A_X", "o1")
    assert len({OFFER.name, private.name, replace(TERMS, scope="o2").offer(PRODUCT).name}) == 3


def claims() -> list[Claim]:
    """The same product from three sources, two of them of one provider."""
    made = []
    for source, provider, rank in (("s3", "p2", 50), ("s1", "p1", 100), ("s2", "p1", 100)):
        said = replace(PRODUCT, title=f"by {source}", assets=(Asset(key="data", href=f"http://{source}/1"),))
        made.append(replace(TERMS, source_id=source, provider_id=provider, rank=rank).claim(said))
    return made


def test_a_dataset_does_not_depend_on_the_order_of_its_offers():
    made = [compose(order, uuid=OFFER.uuid, name="x") for order in permutations(claims())]
    assert all(dataset == made[0] for dataset in made)
    assert made[0]["title"] == "by s3"
    assert [(r["provider"], r["url"]) for r in made[0]["resources"]] == [
        ("p2", "http://s3/1"), ("p1", "http://s1/1")
    ]  # fmt: skip


def test_ids_of_resources_stay_when_others_come_before_them():
    alone = compose(claims()[1:], uuid=OFFER.uuid, name="x")["resources"]
    together = compose(claims(), uuid=OFFER.uuid, name="x")["resources"]
    assert alone[0]["id"] == together[1]["id"] != together[0]["id"]


def test_what_people_put_to_a_dataset_stays():
    dataset = compose(claims()[:1], uuid=OFFER.uuid, name="new-name")
    existing = {
        "name": "old-name",
        "groups": [{"id": "g1", "name": "water", "title": "Water"}],
        "resources": [
            {"id": "r1", "url": "http://me/notes"},
            {"id": "r2", "url": "http://x", "provider": "p9"},
        ],
    }
    kept = with_peoples_parts(dataset, existing)
    assert (kept["name"], kept["groups"]) == ("old-name", [{"id": "g1"}])
    assert [resource["url"] for resource in kept["resources"]] == ["http://s3/1", "http://me/notes"]
