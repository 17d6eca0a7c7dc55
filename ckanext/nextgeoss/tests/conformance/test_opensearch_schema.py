"""Description documents and feeds before the schemas of OpenSearch Geo and Time (OGC 10-032), by jing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.nextgeoss.tests.jing import complaints
from ckanext.nextgeoss.tests.shared import standards

OGC = "ogc-10-032r8"
FEED_SCHEMAS = tuple(
    f"{OGC}/{name}.rnc" for name in ("schemas/atomgeo", "schemas/atomtime", "tests/result-atom")
)


def handmade(name: str) -> bytes:
    return Path(standards() / "opensearch" / "handmade" / name).read_bytes()


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        (f"{OGC}/schemas/osddgeo.rnc", "osdd"),
        (f"{OGC}/schemas/atomgeo.rnc", "feed"),
    ],
)
def test_the_judge_knows_good_from_bad(schema: str, name: str) -> None:
    assert complaints(schema, [handmade(f"{name}_safe.xml")]) == []
    assert complaints(schema, [handmade(f"{name}_invalid.xml")])
