"""Feeds of services that have no provider file, and published examples, read as answers to a question."""

from __future__ import annotations

from fnmatch import fnmatch

import pytest

from ckanext.nextgeoss.harvesters.protocols import Answer, protocol
from ckanext.nextgeoss.harvesters.provider_files import profile_provider
from ckanext.nextgeoss.http import Request, Response
from ckanext.nextgeoss.tests.provider_recordings import manifest
from ckanext.nextgeoss.tests.shared import provider_samples

_PATTERNS = (
    "georss-generic/*",
    "seanoe-geoss/*",
    "nsw-rfs/*",
    "gdacs/geojson_*",
    "ckan-portals/danube_package_list*",
)
_OTHER = ("georss-generic/eox_OSDD_example.xml",)
# entries that say nothing to know them by: GDACS answers for one event, which its address names
_NAMELESS = {"georss-generic/generic_feed_1.xml": 2} | {
    f"gdacs/geojson_{name}.json": count
    for name, count in {
        "dr-1016449-ep1-geometry": 2, "fl-1102983-ep2-event": 1, "tc-1001253-ep1-geometry": 23,
        "tc-1001253-event": 1, "wf-1028649-ep1-geometry": 2,
    }.items()
}  # fmt: skip
# by file and number of the entry: what lies there
_PLACES = {
    ("georss-generic/eox_atom_gml_point.xml", 0): (-71.92, 45.256, -71.92, 45.256),
    ("georss-generic/eox_rss_geo_box.xml", 0): (-135, 0, -90, 45),
    ("georss-generic/generic_feed_1.xml", 0): (149.1234, -37.2345, 149.1234, -37.2345),
    ("georss-generic/xml_parser_geometries_1.xml", 4): (150.1, -30.9, 150.9, -30.1),
    ("seanoe-geoss/atom.xml", 0): (-32.28217, 37.28825, -32.26407, 37.29211),
}


def files() -> list[str]:
    """All of them."""
    return [
        name for name in manifest() if any(fnmatch(name, each) for each in _PATTERNS) and name not in _OTHER
    ]


def read(file: str) -> Answer:
    """A file as the answer to a question about a collection."""
    provider = profile_provider("ckan" if file.startswith("ckan") else "opensearch")
    asked = Request(url="https://x.example/search", about="c")
    response = Response(200, {}, (provider_samples() / file).read_bytes(), asked.url)
    return protocol(provider.protocol).read(provider, response, asked)


@pytest.mark.parametrize("file", files())
def test_every_entry_is_read(file: str):
    """Each is a product, or is refused for want of an identifier, or leads to one."""
    answer = read(file)
    count = len(answer.products) + len(answer.refused) + len(answer.children)
    assert count == int(manifest()[file]["entries"])
    assert [bad.reason for bad in answer.refused] == ["no identifier"] * _NAMELESS.get(file, 0)
    assert all(product.collection for product in answer.products)


@pytest.mark.parametrize(("file", "number"), list(_PLACES))
def test_places(file: str, number: int):
    found = read(file).products[number].footprint
    assert found is not None
    assert found.bbox == pytest.approx(_PLACES[file, number], abs=1e-6)
