"""What who looks at items may do with each, for the buttons of pages; the actions check it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .states import DELETED, DRAFT, HIDDEN, PENDING, PUBLISHED

Item = Mapping[str, Any]


@dataclass(slots=True)
class Viewer:
    """Who looks: id of the user or None; whether he may change a dataset; whether he may write at all."""

    user_id: str | None
    changes: Callable[[str], bool]
    writes: bool = True
    _known: dict[str, bool] = field(default_factory=dict[str, bool])

    def may(self, item: Item, question: Item | None = None) -> dict[str, bool]:
        """Which buttons an item has; `question` is the first item of its thread."""
        state, own = item["state"], self.is_author(item)
        there, answers = state == PUBLISHED, bool(item.get("root"))
        others = there and not own and self.writes
        moderates = "flags" in item and not (own and state != PUBLISHED)
        asked = question is not None and (question.get("user_comment") or {}).get("motivation") == "question"
        first = question if question is not None else item
        provides = self.user_id is not None and there and self.provides(first)
        return {
            "reply": there and self.writes,
            "respond": provides,
            "vote": others and self.user_id is not None,
            "flag": others,
            "edit": (own or ("flags" in item and state != DRAFT)) and state != DELETED,
            "delete": (own or moderates) and state != DELETED,
            "accept": answers and asked and there and not self._accepted(item, question)
            and (provides or self.is_author(first)),
            "issue": provides and bool(item.get("issue")),
            "approve": moderates and state == PENDING,
            "hide": moderates and state == PUBLISHED,
            "restore": moderates and state == HIDDEN,
        }  # fmt: skip

    def is_author(self, item: Item) -> bool:
        """Whether he wrote it."""
        return self.user_id is not None and item["author"]["id"] == self.user_id

    def provides(self, item: Item) -> bool:
        """Whether he may change one of the datasets that it is about."""
        return any(self._changes(each["id"]) for each in item["datasets"] if each["id"])

    def _changes(self, package_id: str) -> bool:
        if package_id not in self._known:
            self._known[package_id] = self.changes(package_id)
        return self._known[package_id]

    def _accepted(self, item: Item, question: Item | None) -> bool:
        return question is not None and question.get("accepted_answer") == item["id"]


def thread(item: Item) -> list[dict[str, Any]]:
    """The answers to an item as a tree: each is `item` and the `answers` to it; the accepted one comes first,
    then those of the provider."""
    below: dict[str, list[Item]] = {}
    known = {item["id"], *(each["id"] for each in item.get("thread") or ())}
    for each in item.get("thread") or ():
        above = each["reply_to"] if each["reply_to"] in known else item["id"]
        below.setdefault(above, []).append(each)
    return _answers(item["id"], below, item.get("accepted_answer"), set())


def cut(nodes: Sequence[dict[str, Any]], depth: int, most: int) -> tuple[list[dict[str, Any]], int]:
    """A tree of answers for a page that shows several threads: so many levels of it, and so many answers of
    each; `more` of a node, and what comes with the tree, are how many are left out below."""
    if depth < 1:
        return [], sum(_size(node) for node in nodes)
    kept: list[dict[str, Any]] = []
    for node in nodes[:most]:
        answers, more = cut(node["answers"], depth - 1, most)
        kept.append({**node, "answers": answers, "more": more})
    return kept, sum(_size(node) for node in nodes[most:])


def _size(node: Mapping[str, Any]) -> int:
    return 1 + sum(_size(each) for each in node["answers"])


def _answers(
    above: str, below: Mapping[str, Sequence[Item]], accepted: str | None, done: set[str]
) -> list[dict[str, Any]]:
    found: Iterable[Item] = [each for each in below.get(above, ()) if each["id"] not in done]
    done.update(each["id"] for each in found)
    ordered = sorted(found, key=lambda each: (each["id"] != accepted, not each.get("on_behalf_of")))
    return [{"item": each, "answers": _answers(each["id"], below, accepted, done)} for each in ordered]
