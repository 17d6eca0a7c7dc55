"""What checks found of a dataset, as a report on quality by ISO 19157."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..iso import Citation, Identifier, Scope
from ..iso_quality import ConformanceResult, Measure, Quality, QualityReport, QuantitativeResult
from ..kinds import Text
from .check import MEASURES, Check
from .checks import OF_KIND, VERSION

_RULES = Citation(title="Automatic checks of the NextGEOSS DataHub", edition=str(VERSION))
_OF = "The record in the catalogue and its files"
_TEXT = Text(5000)
# what it finds are ids of other datasets, which not everybody may know
_UNTOLD = ("duplicates",)


def report_of(
    kind: str, failed: Mapping[str, Sequence[Any]], skipped: Collection[str], checked: str, level: str
) -> Quality | None:
    """What was found of a dataset of a kind at a time: for each check that applies what share of what it asks
    for is so, and whether all is; None without any. `level` is what the dataset is to ISO 19115."""
    asked = [check for check in OF_KIND[kind] if check.id not in skipped]
    reports = [_report(check, failed.get(check.id), checked) for check in asked]
    scope = Scope(level=level, level_description=(_OF,))
    return Quality(scope=scope, report=tuple(reports)) if reports else None


def _report(check: Check, failed: Sequence[Any] | None, checked: str) -> QualityReport:
    value, found = failed or (1.0, ())
    told = _TEXT.fitted("; ".join(found)) if check.id not in _UNTOLD else None
    return QualityReport(
        aspect=check.dq_class,
        measure=Measure(
            measure_identification=Identifier(code=check.measure, code_space=MEASURES),
            name_of_measure=(check.title,),
        ),
        result=(
            QuantitativeResult(date_time=checked, value=(float(value),)),
            ConformanceResult(
                date_time=checked, specification=_RULES, explanation=told, conforms=failed is None
            ),
        ),
    )
