"""Feedback on one thing as GUF has it: a page of items with its summary (namespaces ufc and ufs)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from . import code_lists
from .guf import FeedbackItem
from .iso import Citation, Date, Keywords
from .kinds import Code, Number, Text, Whole
from .parts import Part, maybe, one, some

_MANY = 2**31
_RATING, _EXPERTISE = Code(code_lists.RATINGS), Code(code_lists.EXPERTISE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertiseCount(Part):
    """UFS_ExpertiseLevelCount."""

    element: ClassVar[str] = "ufs:UFS_ExpertiseLevelCount"
    expertise_level: int = one(_EXPERTISE)
    count: int = one(Whole())


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCount(Part):
    """UFS_UserRoleCount."""

    element: ClassVar[str] = "ufs:UFS_UserRoleCount"
    user_role: str = one(Code(code_lists.USER_ROLES))
    count: int = one(Whole())


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordCount(Part):
    """UFS_KeywordCount."""

    element: ClassVar[str] = "ufs:UFS_KeywordCount"
    keyword: Keywords = one(lambda: Keywords)
    count: int = one(Whole())


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingCount(Part):
    """UFS_RatingCount."""

    element: ClassVar[str] = "ufs:UFS_RatingCount"
    rating: int = one(_RATING)
    count: int = one(Whole())


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingExpertiseCount(Part):
    """UFS_RatingExpertiseLevelCount."""

    element: ClassVar[str] = "ufs:UFS_RatingExpertiseLevelCount"
    rating: int = one(_RATING)
    expertise_level: int = one(_EXPERTISE)
    count: int = one(Whole())


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCount(Part):
    """UFS_TagCount."""

    element: ClassVar[str] = "ufs:UFS_TagCount"
    tag: str = one(Text(100))
    count: int = one(Whole())


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackSummary(Part):
    """UFS_FeedbackSummary; without ratings there is no average."""

    element: ClassVar[str] = "ufs:UFS_FeedbackSummary"
    target: Citation | None = maybe(lambda: Citation)
    number_of_feedback_items: int = one(Whole())
    latest_item_date: Date | None = maybe(lambda: Date)
    number_of_primary_targets: int | None = maybe(Whole())
    number_of_secondary_targets: int | None = maybe(Whole())
    number_of_supplementary_targets: int | None = maybe(Whole())
    average_user_expertise_level: float | None = maybe(Number())
    minimum_possible_rating: float = one(Number())
    maximum_possible_rating: float = one(Number())
    average_rating: float | None = maybe(Number(), nil="missing")
    number_of_ratings: int = one(Whole())
    number_of_user_comments: int = one(Whole())
    number_of_usage_reports: int = one(Whole())
    number_of_citations: int = one(Whole())
    number_of_additional_qualities: int = one(Whole())
    number_of_additional_lineages: int = one(Whole())
    number_of_significant_events: int = one(Whole())
    feedback_items_by_expertise_level_count: tuple[ExpertiseCount, ...] = some(lambda: ExpertiseCount)
    user_by_role_count: tuple[RoleCount, ...] = some(lambda: RoleCount)
    by_keyword_count: tuple[KeywordCount, ...] = some(lambda: KeywordCount)
    by_rating_count: tuple[RatingCount, ...] = some(lambda: RatingCount)
    rating_by_expertise_level_count: tuple[RatingExpertiseCount, ...] = some(lambda: RatingExpertiseCount)
    by_tag_count: tuple[TagCount, ...] = some(lambda: TagCount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pagination(Part):
    """UFC_ResponsePagination: how many there are in all, and how many of them are here."""

    element: ClassVar[str] = "ufc:UFC_ResponsePagination"
    number_of_feedback_items: int = one(Whole())
    limit: int | None = maybe(Whole())
    offset: int | None = maybe(Whole())
    count: int = one(Whole())


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackCollection(Part):
    """UFC_FeedbackCollection; an empty one says that nothing was found."""

    element: ClassVar[str] = "ufc:UFC_FeedbackCollection"
    target: Citation | None = maybe(lambda: Citation)
    item: tuple[FeedbackItem, ...] = some(lambda: FeedbackItem, most=_MANY)
    pagination: Pagination | None = maybe(lambda: Pagination)
    summary: FeedbackSummary | None = maybe(lambda: FeedbackSummary)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackResponse(Part):
    """UFC_FeedbackResponse: what is answered, for each thing that was asked for."""

    element: ClassVar[str] = "ufc:UFC_FeedbackResponse"
    collection: tuple[FeedbackCollection, ...] = some(lambda: FeedbackCollection, least=1)


def summary_of(shown: Mapping[str, Any], target: Citation | None = None) -> FeedbackSummary:
    """The summary of GUF of one as the actions show it (feedback/summary.py, `shown`)."""
    latest = shown.get("latest")
    roles: Mapping[str, int] = shown.get("by_target_role") or {}
    return FeedbackSummary(
        target=target,
        number_of_feedback_items=shown["items"],
        latest_item_date=Date(date=latest, date_type="publication") if latest else None,
        number_of_primary_targets=roles.get("primary", 0),
        number_of_secondary_targets=roles.get("secondary", 0),
        number_of_supplementary_targets=roles.get("supplementary", 0),
        average_user_expertise_level=shown.get("average_expertise"),
        minimum_possible_rating=float(shown["minimum_possible"]),
        maximum_possible_rating=float(shown["maximum_possible"]),
        average_rating=shown.get("average"),
        number_of_ratings=shown["ratings"],
        number_of_user_comments=shown["comments"],
        number_of_usage_reports=shown["usages"],
        number_of_citations=shown["citations"],
        number_of_additional_qualities=shown["qualities"],
        number_of_additional_lineages=shown["lineages"],
        number_of_significant_events=shown["events"],
        **_counters(shown),
    )


def _counters(shown: Mapping[str, Any]) -> dict[str, Any]:
    """How many there are of each value."""

    def by(name: str) -> list[tuple[str, int]]:
        return [(value, number) for value, number in (shown.get(name) or {}).items() if number]

    return {
        "feedback_items_by_expertise_level_count": tuple(
            ExpertiseCount(expertise_level=int(level), count=n) for level, n in by("by_expertise")
        ),
        "user_by_role_count": tuple(RoleCount(user_role=role, count=n) for role, n in by("by_role")),
        "by_keyword_count": tuple(
            KeywordCount(keyword=Keywords(keyword=(word,)), count=n) for word, n in by("by_keyword")
        ),
        "by_rating_count": tuple(RatingCount(rating=int(stars), count=n) for stars, n in by("histogram")),
        "rating_by_expertise_level_count": tuple(
            RatingExpertiseCount(rating=int(pair[0]), expertise_level=int(pair[-1]), count=n)
            for pair, n in by("by_rating_expertise")
        ),
        "by_tag_count": tuple(TagCount(tag=tag, count=n) for tag, n in by("by_tag")),
    }
