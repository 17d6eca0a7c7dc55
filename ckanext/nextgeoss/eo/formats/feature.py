"""What the GeoJSON features of all dialects have in common (RFC 7946)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ..errors import BadAnswer
from ..footprint import Footprint
from ..product import Problem
from .loose_json import mapping
from .noted import first_footprint


def features_of(document: Any, source: str) -> list[Any]:
    """The features of a collection, or of a feature alone; BadAnswer when there is no array of them."""
    about = mapping(document)
    if about.get("type") == "Feature":
        return [about]
    features = about.get("features")
    if not isinstance(features, list):
        raise BadAnswer("a feature collection without an array of features", source)
    return cast(list[Any], features)


def read_footprint(feature: Mapping[str, Any], problems: list[Problem]) -> Footprint | None:
    """The geometry of a feature; its bounding box where the geometry cannot be read or is not given."""
    noted: list[Problem] = []
    found = first_footprint(
        (
            (where, lambda where=where: Footprint.from_geojson(feature.get(where)))
            for where in ("geometry", "bbox")
        ),
        noted,
    )
    if found and feature.get("geometry") in (None, {}, []):
        noted[:0] = [Problem("geometry", "none given"), Problem("geometry", "the bbox is taken instead")]
    problems += noted
    return found
