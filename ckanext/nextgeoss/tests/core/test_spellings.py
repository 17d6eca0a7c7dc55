"""One spelling for what providers spell in many ways."""

from __future__ import annotations

import pytest
from hypothesis import given

from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.spellings import SPELLINGS, instrument, level, platform, platform_of
from ckanext.nextgeoss.tests.core.strategies import modest, words


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("S2A", "sentinel-2a"), ("SENTINEL-2A", "sentinel-2a"), ("Sentinel 2A", "sentinel-2a"),
        ("sentinel-2", "sentinel-2"), ("S5P", "sentinel-5p"), ("Sentinel-5P", "sentinel-5p"),
        ("LANDSAT_8", "landsat-8"), ("Landsat-7", "landsat-7"), ("LS07", "landsat-7"), ("LC08", "landsat-8"),
        ("PV01", "proba-v"), ("PROBA-V", "proba-v"), ("Terra", "terra"), ("Metop B", "metop-b"),
    ],
)  # fmt: skip
def test_platform(said: str, expected: str):
    """As STAC writes it."""
    assert platform(said) == expected


@pytest.mark.parametrize(
    ("short_name", "serial", "identifier", "expected"),
    [
        ("SENTINEL-2", "A", "", "sentinel-2a"),
        ("SENTINEL-2", "Sentinel-2A", "", "sentinel-2a"),
        ("Sentinel-1", "1B", "", "sentinel-1b"),
        ("SENTINEL-5", "P", "", "sentinel-5p"),
        ("Sentinel-1", "", "S1B_IW_GRDH_1SDV_20210101T000000", "sentinel-1b"),
        ("Sentinel-1", "", "S2B_MSIL1C_20210101", "sentinel-1"),
        ("Sentinel-1", "2016-025A", "", "sentinel-1"),
        ("Landsat", "7", "", "landsat-7"),
        ("S2A", "B", "", "sentinel-2a"),
        ("", "S2A", "", "sentinel-2a"),
        ("", "A", "", ""),
        ("", "", "S2A_MSIL1C", ""),
    ],
)
def test_platform_of(short_name: str, serial: str, identifier: str, expected: str):
    """Short name and serial identifier together; the product's name where they tell the series only."""
    assert platform_of(short_name, serial, identifier) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("LEVEL1", "L1"), ("Level-1C", "L1C"), ("level 2a", "L2A"), ("S2MSI2A", "L2A"), ("L1TP", "L1TP"),
        ("1", "L1"), ("L2SP", "L2SP"), ("Processing Level-0", "L0"), ("high", "high"), ("L2__", "L2"),
    ],
)  # fmt: skip
def test_level(said: str, expected: str):
    """As STAC writes it; what is no level stays."""
    assert level(said) == expected


def test_instrument():
    """The radar of Sentinel-1 has one name."""
    assert [instrument(said) for said in ("SAR-C SAR", "SAR-C", "MSI")] == ["c-sar", "c-sar", "msi"]


@modest
@given(words)
def test_spelling_again_changes_nothing(said: str):
    """A spelling of a spelling is itself, so that what is stored stays."""
    for spell in SPELLINGS.values():
        assert spell(spell(said)) == spell(said)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cloud_cover", "cloud_cover"), ("cloudCover", "cloud_cover"), ("eo:cloudCover", "cloud_cover"),
        ("eo:cloud_cover", "cloud_cover"), ("cloudCoverPercentage", "cloud_cover"),
        ("sliceNumber", "slice_number"), ("slicenumber", "slice_number"), ("orbitNumber", "absolute_orbit"),
        ("nextgeoss:timeliness", "timeliness"), ("polarisationChannels", "polarizations"),
    ],
)  # fmt: skip
def test_any_name_of_a_property(name: str, expected: str):
    """Ours, that of STAC, OpenSearch or an older catalogue, in any case and with any prefix."""
    row = load_properties().find(name)
    assert row is not None and row.name == expected


@pytest.mark.parametrize("name", ["", "nothing", "eo:"])
def test_no_name_of_a_property(name: str):
    """Anything else is none."""
    assert load_properties().find(name) is None
