"""Reprocessed versions: which products are editions of one scene, and which is the latest."""

from __future__ import annotations

import pytest

from ckanext.nextgeoss.eo.collection import CollectionRegistry, load_registry
from ckanext.nextgeoss.eo.editions import Edition, edition_of
from ckanext.nextgeoss.eo.errors import BadConfiguration
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.search.fields import solr_fields
from ckanext.nextgeoss.search.query import filters

# of each collection: identifiers of one scene, the older first, and one of another scene
SCENES = [
    (
        "sentinel-2-l2a",
        "S2A_MSIL2A_20240501T101021_N0510_R022_T32TQM_20240501T142355.SAFE",
        "S2A_MSIL2A_20240501T101021_N0511_R022_T32TQM_20250101T000000",
        "S2A_MSIL2A_20240501T101021_N0511_R022_T32TPM_20250101T000000",
    ),
    (
        "SENTINEL2_L1C",
        "S2B_MSIL1C_20240501T101021_N0510_R022_T32TQM_20240501T142355",
        "S2B_MSIL1C_20240501T101021_N0510_R022_T32TQM_20240501T150000",
        "S2A_MSIL1C_20240501T101021_N0510_R022_T32TQM_20240501T142355",
    ),
    (
        "SENTINEL3_OLCI_L1_EFR",
        "S3A_OL_1_EFR____20180415T100000_20180415T100300_20180416T140000_0179_030_122_1980_LN1_O_NT_002.SEN3",
        "S3A_OL_1_EFR____20180415T100000_20180415T100300_20200416T140000_0179_030_122_1980_MR1_R_NT_003.SEN3",
        "S3A_OL_1_EFR____20180415T100300_20180415T100600_20180416T140000_0179_030_122_2160_LN1_O_NT_002.SEN3",
    ),
    (
        "sentinel-5p-l2-no2-offl",
        "S5P_OFFL_L2__NO2____20240501T101010_20240501T115140_33933_03_020600_20240503T020202.nc",
        "S5P_RPRO_L2__NO2____20240501T101010_20240501T115140_33933_03_020800_20240403T020202",
        "S5P_OFFL_L2__NO2____20240501T115140_20240501T133310_33934_03_020600_20240503T020202",
    ),
    (
        "landsat-c2-l2",
        "LC08_L2SP_193027_20200101_20200823_02_T1",
        "LC08_L2SP_193027_20200101_20210823_02_T1",
        "LC08_L2SP_193027_20200101_20200823_02_T1_ST",
    ),
    (
        "modis-13Q1-061",
        "MOD13Q1.A2020001.h18v04.061.2020018001022",
        "MOD13Q1.A2020001.h18v04.061.2021018001022",
        "MYD13Q1.A2020001.h18v04.061.2020018001022",
    ),
    (
        "PROBAV_S1-TOC_1KM_V001",
        "urn:ogc:def:EOP:VITO:PROBAV_S1-TOC_1KM_V001:PROBAV_S1_TOC_20180101_1KM:V101",
        "urn:ogc:def:EOP:VITO:PROBAV_S1-TOC_1KM_V001:PROBAV_S1_TOC_20180101_1KM:V102",
        "urn:ogc:def:EOP:VITO:PROBAV_S1-TOC_1KM_V001:PROBAV_S1_TOC_20180102_1KM:V101",
    ),
    (
        "GLOBAL_ANALYSIS_FORECAST_PHY_001_024",
        "cmems_mod_glo_phy_anfc_0.083deg_P1D-m_202211",
        "cmems_mod_glo_phy_anfc_0.083deg_P1D-m_202406",
        "cmems_mod_glo_phy_anfc_0.083deg_PT1H-m_202406",
    ),
]


@pytest.mark.parametrize(("collection", "older", "later", "other"), SCENES)
def test_editions_of_a_scene_are_told_by_their_identifiers(
    collection: str, older: str, later: str, other: str
) -> None:
    registry = load_registry()
    first, second, third = (registry.edition(collection, name) for name in (older, later, other))
    assert first and second and third
    assert first.scene == second.scene != third.scene
    assert first.order < second.order
    known = registry.canonical(collection)
    assert known and first.scene.startswith(f"{known.id}/"), "a scene is named within its collection"


def test_where_the_identifier_does_not_tell_the_time_of_processing_does() -> None:
    """The last four digits of a Sentinel-1 product are a checksum."""
    product = "S1A_IW_GRDH_1SDV_20240501T052534_20240501T052559_053678_0684F4_"
    registry = load_registry()
    first = registry.edition("sentinel-1-grd", f"{product}FFFF.SAFE", "2024-05-01T06:00:00Z")
    second = registry.edition("sentinel-1-grd", f"{product}0000.SAFE", "2024-06-01T06:00:00Z")
    assert first and second and first.scene == second.scene and first.order < second.order


def test_timeliness_goes_from_the_first_look_to_the_final_one() -> None:
    rule = r"(?P<scene>\w+)_(?P<timeliness>NR|ST|NT)"
    orders = [edition_of(rule, f"a_{each}") for each in ("NR", "ST", "NT")]
    assert orders == [Edition("a", "1"), Edition("a", "2"), Edition("a", "3")]


@pytest.mark.parametrize(
    ("collection", "product"), [("sentinel-2-l2a", "S2A_OPER_PRD_MSIL2A_PDMC"), ("nobody", "S2A"), ("", "")]
)
def test_other_products_have_no_editions(collection: str, product: str) -> None:
    assert load_registry().edition(collection, product) is None


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("(?P<scene>", "missing"),
        ("(?P<version>.*)", "no group may be called version"),
        ("(?P<edition>.*)", "needs a group"),
        (".*", "needs a group"),
    ],
)
def test_a_wrong_rule_is_named(rule: str, message: str) -> None:
    with pytest.raises(BadConfiguration, match=rf"collection c: editions .*{message}"):
        CollectionRegistry.from_mapping({"c": {"editions": rule}})


def test_scene_and_edition_are_indexed() -> None:
    product = Product(id=SCENES[0][1], collection="SENTINEL2_L2A")
    found = solr_fields(product)
    assert found["eo_scene"] == "sentinel-2-l2a/S2A_MSIL2A_20240501T101021_R022_T32TQM"
    assert found["eo_edition"] == "N0510_20240501T142355"


def test_a_query_can_ask_for_the_latest_only() -> None:
    (latest,) = filters(Query(latest=True), {})  # type: ignore[arg-type]
    assert latest.startswith("{!collapse field=eo_scene nullPolicy=expand")
    assert filters(Query(), {}) == []  # type: ignore[arg-type]
