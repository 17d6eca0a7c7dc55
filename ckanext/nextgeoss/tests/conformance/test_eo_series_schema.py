"""Written collections are judged by the schema of EO collections in GeoJSON (OGC 17-084r1)."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema

from ckanext.nextgeoss.eo.formats.eo_series_geojson import write_answer
from ckanext.nextgeoss.tests.answers import FEED, SITE, series_page
from ckanext.nextgeoss.tests.shared import standards

FOLDER = "eo-geojson/17-084r1"


@cache
def judge() -> Any:
    """Of the properties of a feature; what the schema has of features is in building blocks elsewhere."""
    schema = json.loads((standards() / FOLDER / "schema.json").read_text("utf-8"))
    whole = {"$defs": schema["$defs"], "$ref": "#/$defs/Properties"}
    return jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())


def faults(feature: Any) -> list[str]:
    found = judge().iter_errors(json.loads(json.dumps(feature))["properties"])
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in found]


def test_the_judge_knows_good_from_bad() -> None:
    assert faults(json.loads((standards() / FOLDER / "example_landsat.json").read_text("utf-8"))) == []
    folder = standards() / "eo-geojson" / "handmade"
    assert faults(json.loads((folder / "collection_invalid.json").read_text("utf-8")))


def test_collections_are_valid() -> None:
    features = write_answer(series_page(), FEED, SITE)["features"]
    assert features
    assert [fault for feature in features for fault in faults(feature)] == []
    for feature in features:
        assert feature.keys() == {"type", "id", "bbox", "geometry", "properties"}
        assert {"kind", "identifier", "title", "abstract", "links"} <= feature["properties"].keys()
        relations = {"profiles", "search", "alternates", "describedby", "items", "up"}
        assert relations <= feature["properties"]["links"].keys()
