"""What a harvest would do, found out without writing anything: the first products, or a whole run."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from ckan import model

from ..eo.product import Product
from ..http import HttpClient
from . import offered
from .client import http_client
from .gathering import Plan, asked_of, planned
from .offers import Action, Decision, Offered, Terms
from .progress import Progress
from .protocols import Answer
from .reconciling import gone, too_many
from .remote import RemoteCatalogue
from .report import ErrorClass
from .slices import query_of
from .source import RECONCILE, SourceConfig
from .terms import Row, asked_provider, source_config, source_terms
from .withdrawing import gone_among
from .writer import Decisions

# kinds of errors that are told apart; the rest is counted together
_MOST_REASONS = 50

_COUNTS = (
    "seen",
    "added",
    "updated",
    "unchanged",
    "deleted",
    "errored",
    "requests",
    "bytes",
    "done",
    "failed",
)
_WORDS = {Action.SUPPRESSED: "held back"}
_COUNTED_AS = {
    Action.NEW: "added",
    Action.CHANGED: "updated",
    Action.SAME: "unchanged",
    Action.SUPPRESSED: "suppressed",
    Action.CLASH: "errored",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A product of a provider, and what a harvest would do with it now; or why it is none."""

    product: Product | None
    action: str
    reason: str = ""


@dataclass(slots=True)
class Rehearsal:
    """What a run would have done by now, in products."""

    slices: int
    total: int | None
    # why what is counted as deleted would stay nevertheless
    kept: str = ""
    counted: Counter[str] = field(default_factory=Counter[str])
    reasons: Counter[str] = field(default_factory=Counter[str])
    began: float = field(default_factory=time.monotonic)

    def take(self, decisions: Sequence[Decision], answer: Answer, client: HttpClient) -> None:
        """Count a page."""
        self.counted.update(_COUNTED_AS[decision.action] for decision in decisions)
        told = [decision.reason for decision in decisions if decision.action is Action.CLASH]
        told += [refused.reason for refused in answer.refused]
        self.counted["errored"] += len(answer.refused)
        self.counted["seen"] += len(decisions) + len(answer.refused)
        self.counted["requests"], self.counted["bytes"] = client.requests_sent, client.bytes_received
        for reason in told:
            self.reasons[
                reason if reason in self.reasons or len(self.reasons) < _MOST_REASONS else "others"
            ] += 1

    def progress(self) -> Progress:
        """The counts, as those of a job."""
        counts = {name: self.counted[name] for name in _COUNTS}
        return Progress(slices=self.slices, total=self.total, seconds=time.monotonic() - self.began, **counts)

    def errors(self) -> list[ErrorClass]:
        """Why records would not be taken, the most frequent reason first."""
        return [ErrorClass(number, reason, reason) for reason, number in self.reasons.most_common()]


def plan_of(source: Row, mode: str = "", limit: int | None = None) -> Plan:
    """The slices that a run would ask for now."""
    settings = _settings(source, limit)
    with _asked(settings) as (_, remote):
        return planned(source.id, settings, mode or settings.mode, remote)


def preview(source: Row, number: int) -> Iterator[Seen]:
    """The first products of a source as they come, with what a harvest would do with them."""
    settings = source_config(source)
    decide = _Decider(source_terms(source, settings, look_only=True))
    with _asked(settings) as (_, remote):
        for answer in remote.pages(settings.query(), None, number):
            for decision in decide.of(answer):
                words = _WORDS.get(decision.action, decision.action.value)
                yield Seen(decision.offered.claim.product, words, decision.reason)
            for refused in answer.refused:
                yield Seen(None, "refused", refused.reason)


def rehearse(source: Row, mode: str = "", limit: int | None = None) -> Iterator[Rehearsal]:
    """A whole run that only decides; what it would have done so far, after each page and at the end."""
    settings = _settings(source, limit)
    terms = source_terms(source, settings, look_only=True)
    with _asked(settings) as (client, remote):
        pieces = planned(source.id, settings, mode or settings.mode, remote).pieces
        found = [query.get("found", query.get("limit")) for _, query in pieces]
        done = Rehearsal(len(pieces), None if None in found else sum(number or 0 for number in found))
        met: set[int] = set()  # ids, as numbers that take little room
        for _, query in pieces:
            decide = _Decider(terms)
            for answer in remote.pages(query_of(query), None, query.get("limit")):
                decisions = decide.of(answer)
                met.update(hash(decision.offered.uuid) for decision in decisions)
                done.take(decisions, answer, client)
                if not query.get("limit"):
                    gone = gone_among(
                        [answer], terms, [*query["collections"], *settings.provider.collections]
                    )
                    done.counted["deleted"] += len(offered.offered_among(model.Session(), source.id, gone))
                    model.Session.rollback()
                yield done
            done.counted["done"] += 1
        if (mode or settings.mode) == RECONCILE and not settings.limit:  # else a run withdraws nothing
            _reconcile(done, settings, source.id, met)
        yield done


def _reconcile(done: Rehearsal, settings: SourceConfig, source_id: str, met: set[int]) -> None:
    """Count what a reconcile run would withdraw, and say why it would not."""
    missing = (each for each in gone(asked_of(settings), source_id) if hash(each) not in met)
    done.counted["deleted"] = sum(1 for _ in missing)
    done.kept = too_many(done.counted["deleted"], source_id, settings.delete_ratio)
    if errors := done.counted["errored"]:
        done.kept = f"{errors} records could not be read and may be what seems gone: nothing is withdrawn"
    model.Session.rollback()


class _Decider:
    """Decides like a writer, and writes nothing: what it would have written it remembers for a slice."""

    def __init__(self, terms: Terms):
        self._terms = terms
        self._decisions = Decisions(terms, "")
        self._taken: dict[str, str] = {}

    def of(self, answer: Answer) -> list[Decision]:
        """One decision for each product of a page."""
        offered = [self._terms.offer(product) for product in answer.products]
        decisions = [self._with_memory(decision) for decision in self._decisions.of(offered)]
        for decision in decisions:
            if decision.action in (Action.NEW, Action.CHANGED):
                self._taken[decision.offered.uuid] = decision.offered.content_hash
        model.Session.rollback()
        return decisions

    def _with_memory(self, decision: Decision) -> Decision:
        offered: Offered = decision.offered
        if self._taken.get(offered.uuid) != offered.content_hash:
            return decision
        return replace(decision, action=Action.SAME)


def _settings(source: Row, limit: int | None) -> SourceConfig:
    settings = source_config(source)
    return replace(settings, limit=limit or settings.limit)


@contextmanager
def _asked(settings: SourceConfig) -> Iterator[tuple[HttpClient, RemoteCatalogue]]:
    client = http_client(asked_provider(settings))
    try:
        yield client, RemoteCatalogue(asked_provider(settings), client.send)
    finally:
        client.close()
