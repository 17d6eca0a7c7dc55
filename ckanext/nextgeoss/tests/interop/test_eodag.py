"""eodag finds in our STAC API, in our OpenSearch and in our records what our own catalogue finds."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from ckanext.nextgeoss.eo.query import Condition, parse_bbox
from ckanext.nextgeoss.eo.temporal import TemporalExtent

from .conftest import HELD, ServedHub

COLLECTION = "sentinel-2-l1c"
TIMES = TemporalExtent(datetime(2024, 1, 1, tzinfo=timezone.utc), datetime(2025, 6, 30, tzinfo=timezone.utc))


@pytest.fixture(scope="module")
def said(served_hub: ServedHub, eodag: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All that the script has found; it keeps to the providers it is given."""
    folder = str(tmp_path_factory.mktemp("eodag"))
    return served_hub.script(
        eodag,
        "eodag_client",
        served_hub.address,
        served_hub.collection(COLLECTION),
        EODAG_CFG_DIR=folder,
        EODAG_EXT_COLLECTIONS_CFG_URI="",
    )


@pytest.fixture()
def ours(served_hub: ServedHub) -> Any:
    return lambda **asked: served_hub.ids(collections=[served_hub.collection(COLLECTION)], **asked)


@pytest.mark.parametrize("kind", ["stac", "opensearch", "records"])
def test_a_page_and_its_count(said: dict[str, Any], ours: Any, kind: str):
    expected = ours(footprint=parse_bbox("-10,30,20,60"), time=TIMES)
    first = said[kind]["first"]
    assert first["errors"] == []
    assert first["matched"] == len(expected) > 5
    assert [product["id"] for product in first["products"]] == expected[:5]
    for product in first["products"]:
        assert product["clouds"] is not None
        assert product["start"].startswith(("2024-", "2025-"))
        assert product["link"] or product["assets"]  # whose names it makes itself


@pytest.mark.parametrize("kind", ["stac", "opensearch", "records"])
def test_all_pages(said: dict[str, Any], ours: Any, kind: str):
    assert said[kind]["all"] == ours()
    assert len(said[kind]["all"]) == HELD[COLLECTION]


@pytest.mark.parametrize("kind", ["opensearch", "records"])
def test_cloud_cover(said: dict[str, Any], ours: Any, kind: str):
    limit = (Condition("cloud_cover", "between", (0.0, 40.0)),)
    expected = ours(footprint=parse_bbox("-10,30,20,60"), time=TIMES, conditions=limit)
    assert said[kind]["clouds"]["errors"] == []
    assert said[kind]["clouds"]["matched"] == len(expected) > 0
    assert [each["id"] for each in said[kind]["clouds"]["products"]] == expected[:5]
