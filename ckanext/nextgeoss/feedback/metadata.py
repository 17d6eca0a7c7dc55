"""A record of a dataset by ISO 19115-1 (schemas of ISO 19115-3, versions 1.0) that carries its feedback, as
the producer quality model of GeoViQua has it (GVQ_Metadata of OGC 15-098r1). It holds what catalogues ask
for; orders and multiplicities are those of the schemas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from . import code_lists
from .code_lists import CodeList
from .collection import FeedbackCollection
from .iso import Citation, Date, Extent, Identifier, Keywords, Locale, OnlineResource, Responsibility
from .iso_quality import Quality
from .kinds import Code, Number, Text
from .parts import Part, maybe, one, some

_NAME, _TEXT, _LONG = Text(500), Text(5000), Text(20_000)
TITLE = Text(1000)
# of which there is one value that fits pictures of the Earth
TOPICS = CodeList("mri:MD_TopicCategoryCode", {"imageryBaseMapsEarthCover": "Imagery of the Earth"})
RESTRICTIONS = CodeList(
    "mco:MD_RestrictionCode", {"license": "License", "restricted": "Restricted", "otherRestrictions": "Other"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class File(Part):
    """CI_OnlineResource of a file, which need not be on the web."""

    element: ClassVar[str] = "cit:CI_OnlineResource"
    linkage: str = one(Text(4000))
    name: str | None = maybe(_NAME)
    function: str | None = maybe(Code(code_lists.ONLINE_FUNCTIONS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Format(Part):
    """MD_Format: what the format is called."""

    element: ClassVar[str] = "mrd:MD_Format"
    format_specification_citation: Citation = one(lambda: Citation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Part):
    """MD_DigitalTransferOptions of a file; its size in megabytes."""

    element: ClassVar[str] = "mrd:MD_DigitalTransferOptions"
    transfer_size: float | None = maybe(Number(0))
    on_line: tuple[File, ...] = some(lambda: File)
    distribution_format: tuple[Format, ...] = some(lambda: Format)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution(Part):
    """MD_Distribution."""

    element: ClassVar[str] = "mrd:MD_Distribution"
    transfer_options: tuple[Transfer, ...] = some(lambda: Transfer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints(Part):
    """MD_LegalConstraints: under which license, and who may have the data."""

    element: ClassVar[str] = "mco:MD_LegalConstraints"
    reference: tuple[Citation, ...] = some(lambda: Citation)
    access_constraints: tuple[str, ...] = some(Code(RESTRICTIONS))
    use_constraints: tuple[str, ...] = some(Code(RESTRICTIONS))
    other_constraints: tuple[str, ...] = some(_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification(Part):
    """MD_DataIdentification."""

    element: ClassVar[str] = "mri:MD_DataIdentification"
    citation: Citation = one(lambda: Citation)
    abstract: str = one(_LONG)
    point_of_contact: tuple[Responsibility, ...] = some(lambda: Responsibility)
    topic_category: tuple[str, ...] = some(Code(TOPICS))
    extent: tuple[Extent, ...] = some(lambda: Extent)
    processing_level: Identifier | None = maybe(lambda: Identifier)
    descriptive_keywords: tuple[Keywords, ...] = some(lambda: Keywords)
    resource_constraints: tuple[Constraints, ...] = some(lambda: Constraints)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataScope(Part):
    """MD_MetadataScope: what kind of thing is described; all but datasets are to be named."""

    element: ClassVar[str] = "mdb:MD_MetadataScope"
    resource_scope: str = one(Code(code_lists.SCOPES))
    name: str | None = maybe(TITLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainMetadata(Part):
    """MD_Metadata."""

    element: ClassVar[str] = "mdb:MD_Metadata"
    metadata_identifier: Identifier | None = maybe(lambda: Identifier)
    default_locale: Locale | None = maybe(lambda: Locale)
    parent_metadata: Citation | None = maybe(lambda: Citation)
    metadata_scope: tuple[MetadataScope, ...] = some(lambda: MetadataScope)
    contact: tuple[Responsibility, ...] = some(lambda: Responsibility, least=1)
    date_info: tuple[Date, ...] = some(lambda: Date, least=1)
    metadata_standard: tuple[Citation, ...] = some(lambda: Citation)
    metadata_linkage: tuple[OnlineResource, ...] = some(lambda: OnlineResource)
    identification_info: tuple[Identification, ...] = some(lambda: Identification, least=1)
    distribution_info: tuple[Distribution, ...] = some(lambda: Distribution)
    data_quality_info: tuple[Quality, ...] = some(lambda: Quality)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata(PlainMetadata):
    """GVQ_Metadata: a record, and what users say of what it describes."""

    element: ClassVar[str] = "pqm:GVQ_Metadata"
    user_feedback: tuple[FeedbackCollection, ...] = some(lambda: FeedbackCollection)
