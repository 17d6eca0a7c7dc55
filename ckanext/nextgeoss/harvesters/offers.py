"""What to do with what a source offers, and which dataset all offers of a product make together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from ..eo.collection import load_registry
from ..eo.forms import ORIGINAL, bare
from ..eo.product import Product, dataset_name, product_uuid
from ..eo.uuid5 import uuid5_text
from ..package import Dataset, dataset_from_product
from .enriching import Enrich


class Action(str, Enum):
    """What becomes of an offered product."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    SUPPRESSED = "suppressed"
    CLASH = "clash"


# in the ids of products that are another form of the product whose name they bear
FORM = " another form"


@dataclass(frozen=True, slots=True)
class StoredOffer:
    """What the hub knows of a dataset id and of the offer which the source made of it before."""

    # state of the package: "active", "deleted", "draft"; "" when there is none
    package_state: str = ""
    # of the source's own offer; "" when it made none
    content_hash: str = ""
    # other sources offer it too
    shared: bool = False
    # a person has deleted it
    suppressed: bool = False
    # the running job has written it, or this worker has met it, already
    seen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One offer as it goes into a dataset: who says it, how much it counts (low first), and what is said."""

    product: Product
    provider_id: str
    source_id: str
    owner_org: str
    rank: int = 100
    private: bool = False

    @property
    def order(self) -> tuple[int, str, str]:
        """Claims with a smaller order come first."""
        return (self.rank, self.provider_id, self.source_id)

    def content_hash(self) -> str:
        """SHA-256 (hex) of all that a dataset takes from this claim."""
        text = f"{self.product.content_hash()} {self.owner_org} {int(self.private)} {self.rank}"
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A product as a source offers it, under the id of its dataset, with the provider's record as text."""

    uuid: str
    name: str
    claim: Claim
    native: str = ""
    content_hash: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "content_hash", self.content_hash or self.claim.content_hash())


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Under which a source offers products."""

    source_id: str
    provider_id: str
    # id of the organization that products belong to
    owner_org: str
    rank: int = 100
    private: bool = False
    # "" for products that have the same id everywhere, else the id of the organization
    scope: str = ""
    # what is added to products
    enrich: Enrich = field(default_factory=Enrich)

    def offer(self, product: Product, native: str = "") -> Offered:
        """A product under the id and name of its dataset: the same ones whoever offers it, and however it is
        packed."""
        registry = load_registry()
        entry = registry.canonical(product.collection)
        key = registry.product_key(product.collection, product.id)
        scope = self.scope + (FORM if _is_form(product, key) else "")
        uuid = product_uuid(product.collection, key, scope)
        unique = entry is not None and entry.unique_identifiers and not scope
        return Offered(
            uuid=uuid,
            name=dataset_name(key, uuid, unique=unique),
            claim=self.claim(product),
            native=native,
        )

    def uuid(self, collection: str, identifier: str) -> str:
        """The id of the dataset of a product that is no other form of one, by its identifier alone."""
        key = load_registry().product_key(collection, identifier)
        return product_uuid(collection, key, self.scope)

    def claim(self, product: Product) -> Claim:
        """What this source says of a product."""
        return Claim(
            product=self.enrich.enriched(product),
            provider_id=self.provider_id,
            source_id=self.source_id,
            owner_org=self.owner_org,
            rank=self.rank,
            private=self.private,
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one offer, and why if it clashes; a `repeated` one was met in this run before."""

    action: Action
    offered: Offered
    reason: str = ""
    repeated: bool = False


def _is_form(product: Product, key: str) -> bool:
    """Whether a product is another form of one that has its name: without more it would be taken for that."""
    original = product.properties.get(ORIGINAL)
    return bool(original) and bare(key) == original


def decide(
    existing: Mapping[str, StoredOffer], incoming: Iterable[Offered], met: Container[str] = ()
) -> list[Decision]:
    """One decision for each offer of a batch, in its order; `existing` by dataset id, if known. The ids in
    `met` were seen in this run."""
    known = dict(existing)
    decisions: list[Decision] = []
    for offered in incoming:
        stored = known.get(offered.uuid, StoredOffer())
        if offered.uuid in met:
            stored = replace(stored, seen=True)
        action, reason = _action(stored, offered)
        decision = Decision(action, offered, reason, stored.seen)
        decisions.append(decision)
        if decision.action in (Action.NEW, Action.CHANGED, Action.SAME):
            known[offered.uuid] = replace(
                stored, package_state="active", content_hash=offered.content_hash, seen=True
            )
    return decisions


def _action(stored: StoredOffer, offered: Offered) -> tuple[Action, str]:
    if stored.suppressed and stored.package_state != "active":
        return Action.SUPPRESSED, ""
    if stored.package_state == "deleted" and (stored.content_hash or stored.shared):
        return Action.SUPPRESSED, ""  # deleted although it is offered: by people
    # one that was deleted because nobody offered it any more comes back
    if stored.package_state in ("", "deleted"):
        return Action.NEW, ""
    if not stored.content_hash:
        if stored.shared:
            return Action.NEW, ""
        return Action.CLASH, f"dataset {offered.uuid} is there already and belongs to its editors"
    if stored.content_hash == offered.content_hash:
        return Action.SAME, ""
    if stored.seen:
        return Action.CLASH, "another record of this source claims to be the same product"
    return Action.CHANGED, ""


def best_claim(claims: Iterable[Claim]) -> Claim:
    """The one that a dataset takes most from."""
    return min(claims, key=lambda claim: claim.order)


def compose(
    claims: Sequence[Claim], *, uuid: str, name: str, make: Callable[..., Dataset] = dataset_from_product
) -> Dataset:
    """The dataset that these claims make together, whatever their order: the best one gives
    everything but the resources, of which each provider gives its own.

    `make` makes the dataset of one claim."""
    ordered = sorted(claims, key=lambda claim: claim.order)
    best = ordered[0]
    dataset = _dataset(best, uuid, name, make)
    resources = _identified(dataset["resources"], uuid)
    met = {best.provider_id}
    for claim in ordered[1:]:
        if claim.provider_id not in met:
            met.add(claim.provider_id)
            resources += _identified(_dataset(claim, uuid, name, make)["resources"], uuid)
    return dataset | {"resources": resources}


# of core, and never harvested
_PEOPLES = ("author", "author_email", "maintainer", "maintainer_email", "version", "url", "license_id")


def with_peoples_parts(dataset: Mapping[str, Any], existing: Mapping[str, Any]) -> Dataset:
    """`dataset` with what people have put to the `existing` one: topics, resources without a provider, and
    the fields that no harvest fills."""
    # without their places: core takes resources that have not changed by them, and places may have gaps
    own = [
        {name: value for name, value in resource.items() if name != "position"}
        for resource in existing.get("resources", ())
        if not resource.get("provider")
    ]
    groups = [{"id": group["id"]} for group in existing.get("groups", ())]
    kept = {name: existing[name] for name in _PEOPLES if existing.get(name)}
    resources = [*dataset["resources"], *own]
    return {**kept, **dataset, "resources": resources, "groups": groups, "name": existing["name"]}


def _dataset(claim: Claim, uuid: str, name: str, make: Callable[..., Dataset]) -> Dataset:
    return make(
        claim.product,
        owner_org=claim.owner_org,
        uuid=uuid,
        name=name,
        private=claim.private,
        provider_id=claim.provider_id,
    )


def _identified(resources: Iterable[Dataset], uuid: str) -> list[Dataset]:
    """The resources with ids that stay the same from harvest to harvest, whatever their order; of those that
    one provider gives the same key, by their order."""
    found: dict[str, Dataset] = {}
    for resource in resources:
        key = f"{resource.get('provider', '')}\n{resource['key']}"
        while (resource_id := uuid5_text(uuid, key)) in found:
            key += "\nanother"
        found[resource_id] = {**resource, "id": resource_id}
    return list(found.values())
