"""What exports are written from: items with what the hub knows of them, without e-mail addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ..addresses import public, without_addresses, without_addresses_in
from ..guf import FeedbackItem
from ..iso_quality import Quality
from ..metadata import Metadata
from ..parts import fields_of, read

_PARTS = tuple(field.name for field in fields_of(FeedbackItem))


@dataclass(frozen=True, slots=True)
class Entry:
    """An item, and beside it what no part says: its own addresses, times, author, answers, votes, issue."""

    item: FeedbackItem
    id: str
    address: str
    created: str
    updated: str
    published: str
    author: str
    is_provider: bool = False
    replies: int = 0
    reply_to: str = ""
    up: int = 0
    down: int = 0
    accepted: str = ""
    issue: Mapping[str, Any] | None = None
    # addresses of the datasets of ours that it is about, by their titles
    datasets: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def urn(self) -> str:
        """Its identifier for ever, wherever the hub moves."""
        return f"urn:uuid:{self.id}"

    @property
    def motivation(self) -> str:
        """Why it was written: comment, question, answer and so on; empty when nobody says so."""
        comment = self.item.user_comment
        return (comment.motivation or "") if comment else ""

    @property
    def text(self) -> str:
        """Its words for people."""
        return self.item.user_comment.comment if self.item.user_comment else ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of items under an address, `total` in all, with what it is about and the summary of that as the
    actions show it."""

    entries: tuple[Entry, ...]
    title: str
    address: str
    base: str
    total: int
    offset: int = 0
    limit: int = 100
    # of the page in the form that is written, and of those before and after it
    self_address: str = ""
    previous: str = ""
    next: str = ""
    subject: str = ""
    code: str = ""
    code_space: str = ""
    summary: Mapping[str, Any] | None = None
    # of the dataset that it is about, and what checks found of that, where the form has a place for them
    record: Metadata | None = None
    checks: Quality | None = None

    @property
    def updated(self) -> str:
        """The time of the newest entry."""
        return max((each.updated for each in self.entries), default="1970-01-01T00:00:00Z")


def entry_of(document: Mapping[str, Any], base: str) -> Entry:
    """The entry of an item as `feedback_show` gives it; `base` is the address of the site."""
    parts = {name: document[name] for name in _PARTS if document.get(name) is not None}
    votes: Mapping[str, int] = document.get("votes") or {}
    author: Mapping[str, Any] = document.get("author") or {}
    datasets = [each for each in document.get("datasets") or () if each.get("name")]
    return Entry(
        item=public(read(FeedbackItem, parts)),
        id=document["id"],
        address=item_address(base, document["id"]),
        created=document["created"],
        updated=document["modified"],
        published=document.get("published") or document["created"],
        author=without_addresses(author.get("display_name") or ""),
        is_provider=bool(author.get("is_provider")),
        replies=document.get("replies") or 0,
        reply_to=document.get("reply_to") or "",
        up=votes.get("up", 0),
        down=votes.get("down", 0),
        accepted=document.get("accepted_answer") or "",
        issue=document.get("issue"),
        datasets={
            without_addresses(each["title"] or each["name"]): f"{base}/dataset/{quote(each['name'])}"
            for each in datasets
        },
    )


def entries_of(documents: Iterable[Mapping[str, Any]], base: str) -> tuple[Entry, ...]:
    """The entries of items and, after each, of the answers under `thread`."""
    found: list[Entry] = []
    for document in documents:
        found.append(entry_of(document, base))
        found += (entry_of(each, base) for each in document.get("thread") or ())
    return tuple(found)


def item_address(base: str, item_id: str) -> str:
    """The page of an item."""
    return f"{base}/feedback/{quote(item_id)}"


def clean(summary: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """A summary without e-mail addresses, which tags may be."""
    if summary is None:
        return None
    tags = {name: summary.get(name) or {} for name in ("by_tag", "by_keyword")}
    return {
        **without_addresses_in(summary),
        **{name: {without_addresses(tag): n for tag, n in each.items()} for name, each in tags.items()},
    }
