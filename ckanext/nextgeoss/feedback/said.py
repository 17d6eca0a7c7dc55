"""What an item says that is asked for apart from it: columns of its row, words to search, its summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .states import OPEN_ISSUES
from .summary import Said

Parts = Mapping[str, Any]
# texts of the parts that people write to be read
_WORDS = frozenset((
    "abstract", "purpose", "comment", "tag", "title", "specific_usage", "user_determined_limitations",
    "known_problem", "work_around", "response", "description", "statement", "explanation", "keyword",
    "name_of_measure", "application_domain",
))  # fmt: skip


def said(item: Any, target: Any) -> Said:
    """What the row of a published item says of the row of one of its targets."""
    is_reply = item.root_id is not None
    return Said(
        published=item.published,
        role=target.role,
        is_reply=is_reply,
        motivation=item.motivation or "",
        rating=item.rating if target.rater else None,
        expertise_level=item.expertise_level,
        contact_role=item.contact_role,
        tags=tuple(item.tags),
        keywords=tuple(keywords(item.parts)),
        domains=tuple(item.domains),
        aspects=tuple(item.aspects),
        parts=part_counts(item.parts),
        open_issue=(item.issue_severity or "") if item.issue_state in OPEN_ISSUES else "",
        is_open_question=item.motivation == "question" and not is_reply and not item.accepted_id,
    )


def columns(parts: Parts) -> dict[str, Any]:
    """The columns of a row that its parts say."""
    comment, contact = parts.get("user_comment") or {}, parts.get("contact") or {}
    west, south, east, north = box(parts) or (None,) * 4
    return {
        "motivation": comment.get("motivation"),
        "contact_role": parts.get("contact_role") or "",
        "rating": rating(parts),
        "expertise_level": contact.get("expertise_level"),
        "locale": next((each.get("language") for each in parts.get("locale") or ()), None),
        "aspects": sorted(
            {a for usage in parts.get("usage") or () for a in usage.get("report_aspect") or ()}
        ),
        "tags": sorted(set(parts.get("tag") or ())),
        "domains": sorted({text.strip().lower() for text in contact.get("application_domain") or ()}),
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }


def rating(parts: Parts) -> int | None:
    """The stars that it gives."""
    return parts.get("rating")


def has_issue(parts: Parts) -> bool:
    """Whether it reports an issue."""
    return any(usage.get("discovered_issue") for usage in parts.get("usage") or ())


def part_counts(parts: Parts) -> dict[str, int]:
    """How many it has of each kind of part that summaries count."""
    usages = parts.get("usage") or ()
    used = [each for usage in usages for each in usage.get("usage_description") or ()]
    found = {
        "comments": 1 if parts.get("user_comment") else 0,
        "usages": len(usages),
        "reproducible": sum("reproducible_usage" in each for each in used),
        "citations": len(parts.get("citation") or ()),
        "qualities": len(parts.get("additional_quality") or ()),
        "lineages": 1 if parts.get("additional_lineage_steps") else 0,
        "events": len(parts.get("significant_event") or ()),
    }
    return {name: number for name, number in found.items() if number}


def keywords(parts: Parts) -> Iterator[str]:
    """The words of controlled vocabularies that it is filed under."""
    for group in parts.get("descriptive_keywords") or ():
        yield from group.get("keyword") or ()


def words(parts: Parts) -> str:
    """All of it that people would search for, one text a line."""
    return "\n".join(_words({name: part for name, part in parts.items() if name != "target"}))


def comment(parts: Parts) -> str:
    """What its author says in his own words: what is judged, and compared after an edit."""
    left_out = ("citation", "external_feedback", "descriptive_keywords", "contact", "target")
    return "\n".join(_words({name: part for name, part in parts.items() if name not in left_out}))


def box(parts: Parts) -> tuple[float, float, float, float] | None:
    """West, south, east, north of the first place that it names: of the scope of a target, or of an event."""
    for place in _boxes([parts.get("target"), parts.get("significant_event")]):
        return place
    return None


def _boxes(value: Any) -> Iterator[tuple[float, float, float, float]]:
    if isinstance(value, Mapping):
        sides = [value.get(f"{side}_bound_{axis}") for side, axis in _SIDES]
        if all(isinstance(side, (int, float)) for side in sides):
            yield tuple(map(float, sides))  # type: ignore[arg-type,misc]
        for part in value.values():
            yield from _boxes(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _boxes(part)


_SIDES = (("west", "longitude"), ("south", "latitude"), ("east", "longitude"), ("north", "latitude"))


def _words(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, str):
        if name in _WORDS and value.strip():
            yield value.strip()
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _words(part, key)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _words(part, name)
