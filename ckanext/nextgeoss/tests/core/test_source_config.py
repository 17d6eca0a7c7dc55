"""The configuration of a harvest source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadConfiguration
from ckanext.nextgeoss.harvesters.source import parse_config

PROVIDER = """\
title: Test
organization: test
url: https://stac.example/v1
profile: stac
collections:
  sentinel-2-l2a: [S2MSI2A]
  landsat-c2-l2:
"""


@pytest.fixture()
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tester.yaml").write_text(PROVIDER)
    return tmp_path


def parse(folder: Path, **said: Any) -> Any:
    return parse_config(json.dumps({"provider": "tester", **said}), [folder])


def test_a_full_configuration_comes_back_as_it_was(folder: Path):
    said = {
        "provider": "tester", "collections": ["sentinel-2-l2a"], "start": "2024-01-01", "end": "2024-01-31",
        "bbox": [-9.5, 36.9, -6.2, 42.2], "limit": 10, "url": "https://other.example",
        "private_products": True, "mode": "reconcile", "delete_ratio": 0.5,
    }  # fmt: skip
    settings = parse(folder, **said)
    assert json.loads(settings.as_json()) == said
    query = settings.query()
    assert (query.collections, query.footprint.bbox) == (("sentinel-2-l2a",), (-9.5, 36.9, -6.2, 42.2))
    assert query.time.isoformat() == "2024-01-01T00:00:00Z/2024-01-31T23:59:59.999999Z"


def test_without_collections_all_of_the_provider_are_meant(folder: Path):
    assert parse(folder).query().collections == ("sentinel-2-l2a", "landsat-c2-l2")


def test_collections_that_a_file_does_not_name(folder: Path):
    """Offered where it says so, or names none: all that the provider describes, or one by its own word."""
    for name, end in (("open", "  sentinel-2-l2a: [S2MSI2A]\ndiscovers: yes\n"), ("none", "")):
        head = PROVIDER.partition("collections:")[0] + ("collections:\n" if end else "")
        (folder / f"{name}.yaml").write_text(head + end)
        assert parse(folder, provider=name).query().collections == ()
        assert parse(folder, provider=name, collections=["New_One"]).query().collections == ("New_One",)
    assert parse(folder, provider="open", collections=["S2MSI2A"]).collections == ("sentinel-2-l2a",)


@pytest.mark.parametrize("name", ["sentinel-2-l2a", "SENTINEL2_L2A", "S2MSI2A"])
def test_a_collection_is_known_by_its_id_an_alias_and_the_providers_word(folder: Path, name: str):
    assert parse(folder, collections=[name]).collections == ("sentinel-2-l2a",)


@pytest.mark.parametrize(
    ("said", "shared"), [({}, True), ({"url": "http://x/"}, False), ({"private": True}, False)]
)
def test_only_what_everybody_may_see_at_the_providers_address_is_shared(
    folder: Path, said: dict[str, Any], shared: bool
):
    assert parse(folder, **said).shared is shared


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"provider": "testr"}, "provider: no provider 'testr', did you mean tester?"),
        ({"provider": None}, "provider: must be given"),
        ({"colections": ["x"]}, "unknown key 'colections'; did you mean collections?"),
        ({"collections": ["sentinel-2-l2b"]}, "did you mean sentinel-2-l2a?"),
        ({"collections": ["qqq"]}, "known: sentinel-2-l2a, landsat-c2-l2"),
        ({"start": "yesterday"}, "start: 'yesterday' is not allowed"),
        ({"end": 2024}, "end: '2024' is not allowed"),
        ({"start": "2024-02-01", "end": "2024-01-01"}, "end: '2024-01-01T23:59:59"),
        ({"bbox": [1, 2, 3]}, "bbox: [1, 2, 3] is not allowed; expected four numbers"),
        ({"bbox": "a,b,c,d"}, "bbox:"),
        ({"bbox": [0, 95, 1, 96]}, "bbox:"),
        ({"limit": 0}, "limit: 0 is not allowed; expected a whole number from 1"),
        ({"limit": True}, "limit: True is not allowed"),
        ({"url": "ftp://x"}, "url: 'ftp://x' is not allowed"),
        ({"mode": "ful"}, "mode: 'ful' is not a mode of a run; did you mean full?"),
        ({"mode": 3}, "mode: 3 is not a mode of a run; known: update, full, reconcile"),
        ({"delete_ratio": 10}, "delete_ratio: 10 is not allowed; expected a number from 0 to 1"),
        ({"private": "yes"}, "private_products: 'yes' is not allowed"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_known(folder: Path, said: dict[str, Any], told: str):
    with pytest.raises(BadConfiguration) as caught:
        parse(folder, **said)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[]", "3", None, ""])
def test_a_text_that_is_no_configuration(folder: Path, text: str | None):
    with pytest.raises(BadConfiguration):
        parse_config(text, [folder])
