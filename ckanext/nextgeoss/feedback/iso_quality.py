"""Parts that the feedback model takes from ISO 19157 (schemas of ISO 19157-2, namespace mdq): reports on
quality, their measures and results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from . import code_lists
from .iso import Citation, Identifier, Scope
from .kinds import Code, Moment, Number, Text, Truth, Unit
from .parts import Choice, Part, maybe, one, some

_NAME, _TEXT, _LONG = Text(500), Text(5000), Text(20_000)
_TIME = Moment(dates=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Part):
    """DQ_MeasureReference; names and identifiers of QualityML are those to use."""

    element: ClassVar[str] = "mdq:DQ_MeasureReference"
    measure_identification: Identifier | None = maybe(lambda: Identifier)
    name_of_measure: tuple[str, ...] = some(_NAME)
    measure_description: str | None = maybe(_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantitativeResult(Part):
    """DQ_QuantitativeResult; `value_unit` is the symbol of a unit."""

    element: ClassVar[str] = "mdq:DQ_QuantitativeResult"
    date_time: str | None = maybe(_TIME)
    value: tuple[float, ...] = some(Number(encoding="gco:Record"), least=1)
    value_unit: str | None = maybe(Unit())


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformanceResult(Part):
    """DQ_ConformanceResult."""

    element: ClassVar[str] = "mdq:DQ_ConformanceResult"
    date_time: str | None = maybe(_TIME)
    specification: Citation = one(lambda: Citation)
    explanation: str | None = maybe(_TEXT)
    conforms: bool = one(Truth(), element="pass")


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptiveResult(Part):
    """DQ_DescriptiveResult."""

    element: ClassVar[str] = "mdq:DQ_DescriptiveResult"
    date_time: str | None = maybe(_TIME)
    statement: str = one(_LONG)


RESULTS = Choice(
    {"quantitative": QuantitativeResult, "conformance": ConformanceResult, "descriptive": DescriptiveResult}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport(Part):
    """DQ_Element: `aspect` names the element that stands for it, as `DQ_CompletenessOmission`."""

    element: ClassVar[str] = "mdq:DQ_Element"
    aspect: str = one(Code(code_lists.QUALITY_ELEMENTS))
    measure: Measure | None = maybe(lambda: Measure)
    result: tuple[QuantitativeResult | ConformanceResult | DescriptiveResult, ...] = some(
        lambda: RESULTS, least=1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality(Part):
    """DQ_DataQuality."""

    element: ClassVar[str] = "mdq:DQ_DataQuality"
    scope: Scope = one(lambda: Scope)
    report: tuple[QualityReport, ...] = some(lambda: QualityReport, least=1)
