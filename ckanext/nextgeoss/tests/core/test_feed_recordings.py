"""Where entries lie of feeds of services that have no provider file, and of published examples."""

from __future__ import annotations

import pytest

from ckanext.nextgeoss.tests.provider_recordings import recordings

# by file and number of the entry: what lies there
_PLACES = {
    ("georss-generic/eox_atom_gml_point.xml", 0): (-71.92, 45.256, -71.92, 45.256),
    ("georss-generic/eox_rss_geo_box.xml", 0): (-135, 0, -90, 45),
    ("georss-generic/generic_feed_1.xml", 0): (149.1234, -37.2345, 149.1234, -37.2345),
    ("georss-generic/xml_parser_geometries_1.xml", 4): (150.1, -30.9, 150.9, -30.1),
    ("seanoe-geoss/atom.xml", 0): (-32.28217, 37.28825, -32.26407, 37.29211),
}


@pytest.mark.parametrize(("file", "number"), list(_PLACES))
def test_places(file: str, number: int):
    """In each notation of a place."""
    (recording,) = recordings("profile opensearch", [file])
    answer = recording.read().answer
    assert answer is not None
    found = answer.products[number].footprint
    assert found is not None
    assert found.bbox == pytest.approx(_PLACES[file, number], abs=1e-6)
