"""Measures of QualityML (https://www.qualityml.org) that a person can choose from: their names, what they are
for people, and the element of ISO 19157 that they measure."""

from __future__ import annotations

from dataclasses import dataclass

CODE_SPACE = "https://www.qualityml.org/1.0/measure"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its title for people, and the name of the element in QUALITY_ELEMENTS."""

    title: str
    aspect: str


MEASURES: dict[str, Measure] = {
    "MissingItems": Measure("Missing items", "CompletenessOmission"),
    "Excess": Measure("Items that should not be there", "CompletenessCommission"),
    "Duplicate": Measure("Duplicate items", "CompletenessCommission"),
    "NodataAreas": Measure("Areas without data", "CompletenessOmission"),
    "FlagAreas": Measure("Areas with a flag", "UsabilityElement"),
    "CircularMapAccuracy": Measure("Accuracy of positions on a map", "AbsoluteExternalPositionalAccuracy"),
    "MeanAbsoluteError": Measure("Mean absolute error", "QuantitativeAttributeAccuracy"),
    "RootMeanSquare": Measure("Root mean square error", "QuantitativeAttributeAccuracy"),
    "QuantitativeAttributeCorrectness": Measure("Correctness of quantities", "QuantitativeAttributeAccuracy"),
    "Misclassification": Measure("Wrong classes", "ThematicClassificationCorrectness"),
    "TimeAccuracy": Measure("Accuracy of times", "AccuracyOfATimeMeasurement"),
    "TemporalDensity": Measure("Density in time", "TemporalValidity"),
    "ConceptualSchema": Measure("Agreement with the schema", "ConceptualConsistency"),
    "PhysicalStructureConflicts": Measure("Conflicts in the structure of files", "FormatConsistency"),
    "LevelOfConfidence": Measure("Level of confidence", "Confidence"),
    "TotalQualityIndex": Measure("Total quality index", "UsabilityElement"),
}
