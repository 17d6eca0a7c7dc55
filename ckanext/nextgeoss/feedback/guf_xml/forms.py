"""What the schemas of GUF 1.0 write in a form of its own: times and areas of GML, units, the elements of ISO
19157 that are named by what they measure, locales, and usage that can be repeated."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias, cast

from ...eo.xml import Element
from ..guf import ReproducibleUsage, UsageDescription
from ..iso import Citation, Identifier, Locale, OnlineResource, Period, Ring
from ..iso_quality import QualityReport
from ..kinds import Unit
from ..metadata import Identification
from ..parts import Part, write
from .names import REPRODUCIBLE, make

Write: TypeAlias = Callable[[Part], Element]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
UCUM = "http://unitsofmeasure.org/ucum"
_CHARACTER_SETS = "https://standards.iso.org/iso/19115/resources/Codelists/cat/codelists.xml"
_TITLE = "Reproducible usage"


def name_of(part: Part) -> str:
    """The name of the element of a part."""
    return f"mdq:DQ_{part.aspect}" if isinstance(part, QualityReport) else part.element


def object_of(part: Part) -> Element | None:
    """The element of a part that has a form of its own; None for all others."""
    if not isinstance(part, Period):
        return None
    if part.end is None:
        return make("gml:TimeInstant", "", None, make("gml:timePosition", part.begin))
    ends = make("gml:beginPosition", part.begin), make("gml:endPosition", part.end)
    return make("gml:TimePeriod", "", None, *ends)


def last_properties(part: Part) -> list[Element]:
    """What the schemas want in addition at the end of an element."""
    if not isinstance(part, Locale):
        return []
    told = {"codeList": f"{_CHARACTER_SETS}#MD_CharacterSetCode", "codeListValue": "utf8"}
    return [make("lan:characterEncoding", "", None, make("lan:MD_CharacterSetCode", "utf8", told))]


def number(value: float, encoding: str) -> str:
    """A number as its element has it: xs:decimal knows no exponents."""
    text = repr(value)
    return format(Decimal(text), "f") if encoding == "gco:Decimal" and "e" in text else text


def _polygon(ring: Sequence[tuple[float, float]]) -> Element:
    positions = " ".join(f"{longitude!r} {latitude!r}" for longitude, latitude in ring)
    line = make("gml:LinearRing", "", None, make("gml:posList", positions))
    return make("gml:Polygon", "", {"srsName": CRS84}, make("gml:exterior", "", None, line))


def _unit(symbol: str) -> Element:
    return make("gml:UnitDefinition", "", None, make("gml:identifier", symbol, {"codeSpace": UCUM}))


# elements of values that are no simple text, by kind
VALUES: Mapping[type[Any], Callable[[Any], Element]] = {Ring: _polygon, Unit: _unit}


def _no_element(part: Part, write_part: Write) -> list[Element]:
    """The element itself is named by it."""
    return []


def _reproducible(part: Any, write_part: Write) -> list[Element]:
    """The document beside `additional_documentation` that tells how usage is repeated."""
    usage: ReproducibleUsage | None = part.reproducible_usage
    return [] if usage is None else [make("mri:additionalDocumentation", "", None, write_part(told(usage)))]


def _documentation(part: Any, write_part: Write) -> list[Element]:
    """The documents, and after them, in the order of the schema, how usage is repeated."""
    documents = [
        make("mri:additionalDocumentation", "", None, write_part(each))
        for each in part.additional_documentation
    ]
    return documents + _reproducible(part, write_part)


def _topics(part: Any, write_part: Write) -> list[Element]:
    """An enumeration: plain text without a code list."""
    return [
        make("mri:topicCategory", "", None, make("mri:MD_TopicCategoryCode", each))
        for each in part.topic_category
    ]


# fields that are not written as the others of their kind
ELSEWHERE: Mapping[tuple[type[Part], str], Callable[[Part, Write], list[Element]]] = {
    (QualityReport, "aspect"): _no_element,
    (Identification, "topic_category"): _topics,
    (UsageDescription, "additional_documentation"): _documentation,
    (UsageDescription, "reproducible_usage"): _no_element,
}


def told(usage: ReproducibleUsage) -> Citation:
    """How usage is repeated, as a citation: for people its links, for us all of it."""
    links: tuple[OnlineResource, ...] = tuple(
        link for link in (usage.code_linkage, usage.diagram_linkage) if link is not None
    )
    return Citation(
        title=_TITLE,
        identifier=(Identifier(code=_TITLE, code_space=REPRODUCIBLE),),
        other_citation_details=(json.dumps(write(usage), ensure_ascii=False),),
        online_resource=links,
    )


def untold(details: Sequence[str]) -> dict[str, Any] | None:
    """How usage is repeated, of the details of a citation that tells it; None when it cannot be read."""
    try:
        found = json.loads(details[0])
    except (IndexError, ValueError):
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None
