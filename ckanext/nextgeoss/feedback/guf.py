"""Items of feedback as the OGC Geospatial User Feedback model has them (15-097r1; the elements of 15-098r1 in
their order), with what version 2.0 adds for usage that can be repeated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from . import code_lists
from .iso import (
    Citation,
    Date,
    Extent,
    Identifier,
    Keywords,
    Lineage,
    Locale,
    OnlineResource,
    Period,
    Responsibility,
    Scope,
)
from .iso_quality import Quality
from .kinds import Code, Doi, Text
from .parts import Choice, Part, maybe, one, some

_NAME, _TEXT, _LONG = Text(500), Text(5000), Text(20_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication(Citation):
    """QCM_Publication: a citation that says what kind of publication it is and how it relates."""

    element: ClassVar[str] = "qcm:QCM_Publication"
    target: tuple[Citation, ...] = some(lambda: Citation)
    abstract: str | None = maybe(_LONG)
    motivation: str | None = maybe(Code(code_lists.CITATION_MOTIVATIONS))
    related_resource: tuple[Citation, ...] = some(lambda: Citation)
    scope: Scope | None = maybe(lambda: Scope)
    category: str = one(Code(code_lists.PUBLICATION_CATEGORIES))


CITATIONS = Choice({"citation": Citation, "publication": Publication})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReproducibleUsage(Part):
    """What repeats a usage: code or its address, and where it runs (version 2.0, as far as it is known)."""

    element: ClassVar[str] = "qcm:QCM_ReproducibleUsage"
    code: str | None = maybe(Text(100_000))
    code_linkage: OnlineResource | None = maybe(lambda: OnlineResource)
    code_media_type: str | None = maybe(_NAME)
    platform: str | None = maybe(_NAME)
    version: str | None = maybe(_NAME)
    schema: str | None = maybe(Text(2000))
    suggested_application: str | None = maybe(_NAME)
    diagram: str | None = maybe(Text(100_000))
    diagram_linkage: OnlineResource | None = maybe(lambda: OnlineResource)
    diagram_media_type: str | None = maybe(_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageDescription(Part):
    """MD_Usage; `specific_usage` may be left out where only a limitation is told."""

    element: ClassVar[str] = "mri:MD_Usage"
    specific_usage: str | None = maybe(_LONG, nil="missing")
    usage_date_time: tuple[Period, ...] = some(lambda: Period)
    user_determined_limitations: str | None = maybe(_LONG)
    user_contact_info: tuple[Responsibility, ...] = some(lambda: Responsibility)
    response: tuple[str, ...] = some(_LONG)
    additional_documentation: tuple[Citation | Publication, ...] = some(lambda: CITATIONS)
    identified_issues: Citation | Publication | None = maybe(lambda: CITATIONS)
    reproducible_usage: ReproducibleUsage | None = maybe(lambda: ReproducibleUsage)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredIssue(Part):
    """QCM_DiscoveredIssue."""

    element: ClassVar[str] = "qcm:QCM_DiscoveredIssue"
    target: tuple[Citation, ...] = some(lambda: Citation)
    known_problem: str = one(_LONG)
    problem_date_time: tuple[Date, ...] = some(lambda: Date)
    work_around: tuple[str, ...] = some(_LONG)
    reference_doc: tuple[Publication, ...] = some(lambda: Publication)
    expected_fix_date: Date | None = maybe(lambda: Date)
    fixed_resource: Citation | None = maybe(lambda: Citation)
    alternative_resource: tuple[Citation, ...] = some(lambda: Citation)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageReport(Part):
    """GUF_UsageReport."""

    element: ClassVar[str] = "guf:GUF_UsageReport"
    report_aspect: tuple[str, ...] = some(Code(code_lists.REPORT_ASPECTS))
    usage_description: tuple[UsageDescription, ...] = some(lambda: UsageDescription)
    discovered_issue: tuple[DiscoveredIssue, ...] = some(lambda: DiscoveredIssue)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserComment(Part):
    """GUF_UserComment."""

    element: ClassVar[str] = "guf:GUF_UserComment"
    comment: str = one(_LONG)
    motivation: str | None = maybe(Code(code_lists.MOTIVATIONS))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignificantEvent(Part):
    """GUF_SignificantEvent: what happened in the world or to an instrument, where and when."""

    element: ClassVar[str] = "guf:GUF_SignificantEvent"
    abstract: str = one(_TEXT)
    citation: Citation | Publication | None = maybe(lambda: CITATIONS)
    extent: Extent = one(lambda: Extent)
    event_type: str | None = maybe(Code(code_lists.EVENT_TYPES))


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInformation(Part):
    """GUF_UserInformation: who speaks, as far as the person shows it."""

    element: ClassVar[str] = "guf:GUF_UserInformation"
    user_details: Responsibility = one(lambda: Responsibility)
    application_domain: tuple[str, ...] = some(_NAME)
    expertise_level: int | None = maybe(Code(code_lists.EXPERTISE), nil="unknown")
    user_role: tuple[str, ...] = some(Code(code_lists.USER_ROLES))
    external_user_id: tuple[Identifier, ...] = some(lambda: Identifier, element="externalUserID")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackTarget(Part):
    """GUF_FeedbackTarget: what is meant, by a citation with an identifier, and in which role."""

    element: ClassVar[str] = "guf:GUF_FeedbackTarget"
    resource_ref: tuple[Citation, ...] = some(lambda: Citation, least=1)
    metadata_identifier: tuple[Identifier, ...] = some(lambda: Identifier)
    scope: Scope | None = maybe(lambda: Scope)
    role: str = one(Code(code_lists.TARGET_ROLES))
    parent: FeedbackTarget | None = maybe(lambda: FeedbackTarget)
    child: tuple[FeedbackTarget, ...] = some(lambda: FeedbackTarget)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackItem(Part):
    """GUF_FeedbackItem."""

    element: ClassVar[str] = "guf:GUF_FeedbackItem"
    item_identifier: Identifier = one(lambda: Identifier)
    abstract: str = one(Text(500))
    purpose: str | None = maybe(_TEXT)
    contact_role: str = one(Code(code_lists.USER_ROLES))
    date_info: tuple[Date, ...] = some(lambda: Date, least=1)
    item_is_reply_to: tuple[Identifier, ...] = some(lambda: Identifier)
    descriptive_keywords: tuple[Keywords, ...] = some(lambda: Keywords)
    tag: tuple[str, ...] = some(Text(100))
    locale: tuple[Locale, ...] = some(lambda: Locale)
    external_feedback: tuple[Citation | Publication, ...] = some(lambda: CITATIONS)
    citation: tuple[Citation | Publication, ...] = some(lambda: CITATIONS)
    additional_lineage_steps: Lineage | None = maybe(lambda: Lineage)
    additional_quality: tuple[Quality, ...] = some(lambda: Quality)
    rating: int | None = maybe(Code(code_lists.RATINGS), within="guf:GUF_Rating/guf:rating")
    usage: tuple[UsageReport, ...] = some(lambda: UsageReport)
    contact: UserInformation = one(lambda: UserInformation)
    user_comment: UserComment | None = maybe(lambda: UserComment)
    significant_event: tuple[SignificantEvent, ...] = some(lambda: SignificantEvent)
    target: tuple[FeedbackTarget, ...] = some(lambda: FeedbackTarget, least=1, most=20)


def doi(text: str, where: str = "doi") -> str:
    """A DOI in its normal form; BadValue for what is none."""
    return Doi().read(text, where)
