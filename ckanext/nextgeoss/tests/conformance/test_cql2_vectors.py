"""The examples of OGC CQL2 (21-065r2): all are read, or refused with what is told of them in docs/apis.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.nextgeoss.eo.cql2 import Vocabulary, read_cql2
from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.filter import Filter
from ckanext.nextgeoss.eo.property import Property
from ckanext.nextgeoss.tests.shared import standards

KINDS = {
    "number": "value foo bar x depth balance taxes vehicle_height bridge_clearance category eo:cloud_cover",
    "integer": "floors landsat:wrs_row landsat:wrs_path",
    "boolean": "swimming_pool",
    "time": "updated updated_at starts_at ends_at built event_time touchdown liftOff",
    "list": "values layer:ids",
}
# what the messages for what is not offered tell, by examples
REFUSED = {
    "clause6_01": "a condition or a function",
    "clause6_02b": "as part of a comparison",
    "clause6_02c": "properties are not computed with",
    "clause7_10": "S_INTERSECTS, S_WITHIN",
    "clause7_16": "S_INTERSECTS, S_WITHIN",
    "clause7_18": "a geometry or a BBOX of literals",
    # a point and areas in one collection
    "example84": "all areas, all lines or all points",
    "clause7_19": "properties are not computed with",
    "example03": "a number to compare",
    **dict.fromkeys(("example40", "example40-alt01"), "a number to compare value with"),
    **dict.fromkeys(("example48", "example50", "example51"), "S_INTERSECTS, S_WITHIN"),
    **dict.fromkeys(("example68", "example69"), "as part of a comparison"),
    **{f"example{number}": "properties are not computed with" for number in (*range(72, 79), 85)},
    "example85-alt01": "properties are not computed with",
    **dict.fromkeys(("example81", "example82"), "a text in an array of texts"),
}


def _row(name: str) -> Property:
    kind = next((kind for kind, names in KINDS.items() if name in names.split()), "text")
    return Property(name=name, label=name, type=kind, stac=name, solr=f"eo_{name}")


NAMES = Vocabulary(row_of=_row, places=("geometry", "footprint", "location", "road"), spans=())


def _read(path: Path) -> Filter | None:
    """The tree of an example, None when it is refused as is known."""
    text, language = path.read_text("utf-8"), "cql2-text" if path.suffix == ".txt" else "cql2-json"
    if path.stem not in REFUSED:
        return read_cql2(text, language, NAMES)
    with pytest.raises(BadValue, match=REFUSED[path.stem]) as told:
        read_cql2(text, language, NAMES)
    assert told.value.where == "filter"
    return None


def _examples(kind: str) -> list[Path]:
    return sorted((standards() / "ogcapi/cql2/examples" / kind).iterdir())


def test_texts_are_read_and_say_what_their_partners_in_json_say() -> None:
    texts = _examples("text")
    assert len(texts) == 120
    for path in texts:
        found, partner = _read(path), path.parents[1] / "json" / f"{path.stem}.json"
        assert not partner.exists() or found == _read(partner), path.stem


def test_json_is_read() -> None:
    found = _examples("json")
    assert len(found) == 109
    for path in found:
        _read(path)
