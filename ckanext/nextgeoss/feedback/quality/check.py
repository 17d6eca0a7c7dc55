"""What a check is: a rule, what it is called in the standards, what it weighs in which part of the score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .findings import Finding
from .record import KINDS, Record

FINDABILITY, ACCESSIBILITY = "findability", "accessibility"
INTEROPERABILITY, REUSABILITY, CONTEXT = "interoperability", "reusability", "context"
# what the dimensions weigh in the score of the whole, as in the metadata quality assessment of data.europa.eu
DIMENSIONS: Mapping[str, int] = {
    FINDABILITY: 100,
    ACCESSIBILITY: 100,
    INTEROPERABILITY: 110,
    REUSABILITY: 75,
    CONTEXT: 20,
}
# of rows that are shown and not counted
INDICATOR = ""
# the least score of each band, its bounds as there
BANDS: Mapping[str, int] = {"excellent": 86, "good": 55, "sufficient": 30, "poor": 0}

# measures of QualityML
MISSING, DUPLICATE, DOMAIN, SCHEMA = "MissingItems", "Duplicate", "ValueDomain", "ConceptualSchema"
STRUCTURE, CROSSING, DENSITY = "PhysicalStructureConflicts", "InvalidSelfIntersects", "TemporalDensity"
MEASURES = "https://www.qualityml.org/1.0/measure"

Rule: TypeAlias = Callable[[Record], Finding | None]


@dataclass(frozen=True, slots=True)
class Check:
    """One check; title and fix are texts to translate."""

    id: str
    rule: Rule
    # element of ISO 19157
    dq_class: str
    measure: str
    # one of DIMENSIONS, or INDICATOR
    dimension: str
    weight: int
    title: str
    # how to fix what it finds
    fix: str
    kinds: tuple[str, ...] = KINDS

    @property
    def measure_uri(self) -> str:
        """The address of the measure."""
        return f"{MEASURES}/{self.measure}"


def N_(text: str) -> str:
    """Marks a text that is translated where it is shown."""
    return text
