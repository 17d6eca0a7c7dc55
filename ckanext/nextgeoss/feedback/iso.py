"""Parts that the feedback model takes from ISO 19115-1 (schemas of ISO 19115-3, versions 1.0):
citations, identifiers, extents, lineage. Orders and multiplicities are those of the schemas."""
# JSON has no types of its own
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ..eo.errors import BadValue
from ..eo.worded import Worded
from . import code_lists
from .kinds import Address, Code, Doi, Moment, Number, Text, Word
from .parts import Choice, Part, maybe, one, some

_NAME, _TEXT, _LONG = Text(500), Text(5000), Text(20_000)
# of what the schemas have as a time, and never as a date
_TIME = Moment(dates=False)
_LONGITUDE, _LATITUDE = Number(-180, 180, "gco:Decimal"), Number(-90, 90, "gco:Decimal")
_LANGUAGE = Word("[a-z]{3}", "eng", Worded("a language of ISO 639-2"), "lan:LanguageCode",
                 "http://www.loc.gov/standards/iso639-2/")  # fmt: skip
_COUNTRY = Word("[A-Z]{2,3}", "ES", Worded("a country of ISO 3166"), "lan:CountryCode",
                "https://www.iso.org/iso-3166-country-codes.html")  # fmt: skip
# code spaces of DOIs
_DOIS = {"doi", "doi.org", "http://doi.org", "https://doi.org", "http://dx.doi.org", "https://dx.doi.org"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(Part):
    """CI_Date."""

    element: ClassVar[str] = "cit:CI_Date"
    date: str = one(Moment())
    date_type: str = one(Code(code_lists.DATE_TYPES))


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineResource(Part):
    """CI_OnlineResource."""

    element: ClassVar[str] = "cit:CI_OnlineResource"
    linkage: str = one(Address())
    protocol: str | None = maybe(_NAME)
    application_profile: str | None = maybe(_NAME)
    name: str | None = maybe(_NAME)
    description: str | None = maybe(_TEXT)
    function: str | None = maybe(Code(code_lists.ONLINE_FUNCTIONS))
    protocol_request: str | None = maybe(_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Part):
    """CI_Contact without telephone and postal address: what is personal is not kept."""

    element: ClassVar[str] = "cit:CI_Contact"
    online_resource: tuple[OnlineResource, ...] = some(lambda: OnlineResource)
    hours_of_service: tuple[str, ...] = some(_NAME)
    contact_instructions: str | None = maybe(_TEXT)
    contact_type: str | None = maybe(_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Individual(Part):
    """CI_Individual."""

    element: ClassVar[str] = "cit:CI_Individual"
    name: str | None = maybe(_NAME)
    contact_info: tuple[Contact, ...] = some(lambda: Contact)
    position_name: str | None = maybe(_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Part):
    """CI_Organisation."""

    element: ClassVar[str] = "cit:CI_Organisation"
    name: str | None = maybe(_NAME)
    contact_info: tuple[Contact, ...] = some(lambda: Contact)
    individual: tuple[Individual, ...] = some(lambda: Individual)


PARTIES = Choice({"individual": Individual, "organisation": Organisation})


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsibility(Part):
    """CI_Responsibility."""

    element: ClassVar[str] = "cit:CI_Responsibility"
    role: str = one(Code(code_lists.RESPONSIBILITIES))
    party: tuple[Individual | Organisation, ...] = some(lambda: PARTIES, least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier(Part):
    """MD_Identifier: `code` is unique in `code_space`; a DOI is in its normal form."""

    element: ClassVar[str] = "mcc:MD_Identifier"
    authority: Citation | None = maybe(lambda: Citation)
    code: str = one(Text(2000))
    code_space: str | None = maybe(Text(2000))
    version: str | None = maybe(_NAME)
    description: str | None = maybe(_TEXT)

    def __post_init__(self) -> None:
        if self.code_space and self.code_space.lower().rstrip("/") in _DOIS:
            object.__setattr__(self, "code", Doi().read(self.code, "code"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Series(Part):
    """CI_Series."""

    element: ClassVar[str] = "cit:CI_Series"
    name: str | None = maybe(_NAME)
    issue_identification: str | None = maybe(_NAME)
    page: str | None = maybe(_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation(Part):
    """CI_Citation."""

    element: ClassVar[str] = "cit:CI_Citation"
    title: str = one(Text(1000))
    alternate_title: tuple[str, ...] = some(Text(1000))
    date: tuple[Date, ...] = some(lambda: Date)
    edition: str | None = maybe(_NAME)
    edition_date: str | None = maybe(_TIME)
    identifier: tuple[Identifier, ...] = some(lambda: Identifier)
    cited_responsible_party: tuple[Responsibility, ...] = some(lambda: Responsibility)
    series: Series | None = maybe(lambda: Series)
    other_citation_details: tuple[str, ...] = some(_TEXT)
    isbn: str | None = maybe(Text(40), element="ISBN")
    issn: str | None = maybe(Text(40), element="ISSN")
    online_resource: tuple[OnlineResource, ...] = some(lambda: OnlineResource)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundingBox(Part):
    """EX_GeographicBoundingBox, in degrees; a west greater than the east crosses the antimeridian."""

    element: ClassVar[str] = "gex:EX_GeographicBoundingBox"
    west_bound_longitude: float = one(_LONGITUDE)
    east_bound_longitude: float = one(_LONGITUDE)
    south_bound_latitude: float = one(_LATITUDE)
    north_bound_latitude: float = one(_LATITUDE)

    def __post_init__(self) -> None:
        if self.south_bound_latitude > self.north_bound_latitude:
            allowed = Worded("at most the northern bound, {north}", north=f"{self.north_bound_latitude:g}")
            raise BadValue(self.south_bound_latitude, "south_bound_latitude", allowed)


@dataclass(frozen=True, slots=True)
class Ring:
    """The outside of a polygon: four positions or more, longitude first, of which the last is the first."""

    def read(self, value: Any, where: str) -> tuple[tuple[float, float], ...]:
        """The positions."""
        allowed = Worded("a closed ring of 4 to 1000 positions [longitude, latitude]")
        if not isinstance(value, list | tuple) or not 4 <= len(value) <= 1000:
            raise BadValue(value, where, allowed)
        ring = tuple(self._position(each, f"{where}[{at}]") for at, each in enumerate(value))
        if ring[0] != ring[-1]:
            raise BadValue(list(ring[-1]), f"{where}[{len(ring) - 1}]", allowed)
        return ring

    def _position(self, value: Any, where: str) -> tuple[float, float]:
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise BadValue(value, where, "[longitude, latitude]")
        return _LONGITUDE.read(value[0], where), _LATITUDE.read(value[1], where)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundingPolygon(Part):
    """EX_BoundingPolygon with one polygon without holes."""

    element: ClassVar[str] = "gex:EX_BoundingPolygon"
    polygon: tuple[tuple[float, float], ...] = one(Ring())


AREAS = Choice({"box": BoundingBox, "polygon": BoundingPolygon})


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Part):
    """TM_Primitive: an instant, `begin` alone, or a period."""

    element: ClassVar[str] = "gml:TimePeriod"
    begin: str = one(Moment())
    end: str | None = maybe(Moment())

    def __post_init__(self) -> None:
        if self.end and self.end < self.begin[: len(self.end)]:
            raise BadValue(self.end, "end", Worded("a time not before {begin}", begin=self.begin))


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent(Part):
    """EX_Extent."""

    element: ClassVar[str] = "gex:EX_Extent"
    description: str | None = maybe(_TEXT)
    geographic_element: tuple[BoundingBox | BoundingPolygon, ...] = some(lambda: AREAS)
    temporal_element: tuple[Period, ...] = some(lambda: Period, within="gex:EX_TemporalExtent/gex:extent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope(Part):
    """MD_Scope: what of a resource is meant."""

    element: ClassVar[str] = "mcc:MD_Scope"
    level: str = one(Code(code_lists.SCOPES))
    extent: tuple[Extent, ...] = some(lambda: Extent)
    level_description: tuple[str, ...] = some(_TEXT, within="mcc:MD_ScopeDescription/mcc:other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keywords(Part):
    """MD_Keywords: words of a thesaurus."""

    element: ClassVar[str] = "mri:MD_Keywords"
    keyword: tuple[str, ...] = some(_NAME, least=1)
    thesaurus_name: Citation | None = maybe(lambda: Citation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale(Part):
    """PT_Locale: a language (ISO 639-2) and, maybe, a country (ISO 3166)."""

    element: ClassVar[str] = "lan:PT_Locale"
    language: str = one(_LANGUAGE)
    country: str | None = maybe(_COUNTRY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing(Part):
    """LI_ProcessStep."""

    element: ClassVar[str] = "mrl:LI_ProcessStep"
    description: str = one(_LONG)
    rationale: str | None = maybe(_TEXT)
    step_date_time: Period | None = maybe(lambda: Period)
    processor: tuple[Responsibility, ...] = some(lambda: Responsibility)
    reference: tuple[Citation, ...] = some(lambda: Citation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage(Part):
    """LI_Lineage."""

    element: ClassVar[str] = "mrl:LI_Lineage"
    statement: str | None = maybe(_LONG)
    scope: Scope | None = maybe(lambda: Scope)
    additional_documentation: tuple[Citation, ...] = some(lambda: Citation)
    process_step: tuple[Processing, ...] = some(lambda: Processing)
