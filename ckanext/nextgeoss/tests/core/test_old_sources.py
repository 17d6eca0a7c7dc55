"""Configurations of the original hub: every type and key means something, or it is said why not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from ckanext.nextgeoss.eo.collection import load_registry
from ckanext.nextgeoss.eo.errors import BadConfiguration
from ckanext.nextgeoss.harvesters.old_sources import Translation, old_keys, old_rules, old_types, translate
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import load_provider, provider_ids
from ckanext.nextgeoss.harvesters.source import parse_config

TODAY = date(2026, 11, 29)

# of the documentation of the original harvesters: plugin, type of source, and the keys of its configuration
KEYS = {
    "esasentinel": "source update_all start_date end_date datasets_per_job timeout aoi product_type skip_raw"
    " make_private multiple_sources",
    "cmems": "harvester_type start_date username password end_date timeout update_all make_private",
    "gome2": "start_date end_date time_interval make_private",
    "proba-v": "start_date collection username password end_date timeout update_all make_private",
    "food-security": "start_date collection groups username password end_date timeout update_all"
    " make_private",
    "cgs-s1": "start_date collection username password groups end_date timeout make_private",
    "VITO": "base_query_url page_size_keyword page_start_keyword collection collection_keyword max_dataset"
    " timeout update_all username password start_date",
    "satcen_better": "base_query_url page_size_keyword page_start_keyword collection collection_keyword"
    " max_dataset timeout update_all username password start_date",
    "epossat": "collection start_date end_date datasets_per_job timeout update_all make_private",
    "modis": "collection start_date end_date datasets_per_job timeout update_all make_private",
    "plan4all": "datasets_per_job timeout update_all make_private",
    "saeon": "source_url datasets_per_job timeout update_all make_private",
    "ebas": "start_date end_date set metadata_prefix datasets_per_job timeout update_all make_private",
    "oscar": "oai_pmh_url metadata_prefix start_date update_all",
    "simocean": "start_date end_date datasets_per_job timeout update_all make_private",
    "meloa": "start_date end_date datasets_per_job timeout update_all make_private",
    "EnergyData": "start_date end_date datasets_per_job timeout update_all make_private",
    "deimos2": "harvester_type username password timeout make_private",
    "gdacs": "data_type start_date end_date request_check update_all make_private",
    "glass_lai": "sensor make_private",
    "ebvs": "make_private",
    "landsat8": "access_key secret_key bucket path row update_all make_private",
    "fsscat": "file_type start_date ftp_domain ftp_path ftp_user ftp_pass end_date ftp_port ftp_timeout"
    " max_dataset max_datasets update_all make_private",
    "scent": "wfs_url wfs_version collection max_dataset update_all",
    "noa_groundsegment": "username password start_date end_date page_timeout update_all make_private",
    "noa_geobservatory": "start_date end_date page_timeout update_all make_private",
    "noa_epidemics": "mosquito_type start_date end_date datasets_per_job timeout update_all make_private",
    "Landsaf": "start_date end_date datasets_per_job timeout update_all make_private",
    "itag_enricher": "base_url timeout datasets_per_job",
}


def provider(name: str, *collections: str, **more: Any) -> Provider:
    return Provider(
        id=name, title=name, organization="o", url="https://p.example", profile="stac", protocol="stac",
        collections=dict.fromkeys(collections), **more,
    )  # fmt: skip


def translated(source_type: str, /, *known: Provider, **config: Any) -> Translation:
    """What an old source becomes where these providers are known, besides those of the package."""
    added = {each.id: each for each in known}

    def find(name: str) -> Provider:
        return added[name] if name in added else load_provider(name)

    return translate(source_type, json.dumps(config), find, TODAY)


def notes(found: Translation) -> Mapping[str, str]:
    return {note.key: note.text for note in found.notes}


def test_all_types_of_the_original_hub_are_known() -> None:
    assert set(old_types()) == set(KEYS) and len(KEYS) == 29


@pytest.mark.parametrize("source_type", KEYS)
def test_each_key_of_each_type_is_told_of(source_type: str) -> None:
    config = dict.fromkeys(KEYS[source_type].split(), "x")
    found = translated(source_type, **config)
    assert set(config) <= {note.key for note in found.notes}
    assert set(config) <= old_keys()
    assert "no harvester of the original hub knew it" not in str(found.notes)


@pytest.mark.parametrize("source_type", KEYS)
def test_each_type_has_a_successor_or_says_why_not(source_type: str) -> None:
    rules = old_types()[source_type]
    assert rules.get("provider") or rules.get("retired") or rules.get("none")
    assert rules["plugin"]


def successors() -> list[tuple[str, str]]:
    found = set()
    for rules in old_types().values():
        for each in (rules, *(rules.get("by") or {}).get("values", {}).values()):
            found |= {(kind, each[kind]) for kind in ("provider", "retired") if each.get(kind)}
    return sorted(found)


@pytest.mark.parametrize(("kind", "name"), successors())
def test_each_successor_is_a_provider_file(kind: str, name: str) -> None:
    assert name in provider_ids(), f"no file harvesters/providers/{name}.yaml"
    assert load_provider(name).status == {"provider": "live", "retired": "retired"}[kind]


def test_the_collections_of_the_table_are_those_of_the_registry() -> None:
    for source_type, rules in old_types().items():
        wanted = rules.get("collections") or {}
        lists = [wanted] if isinstance(wanted, list) else wanted.get("values", {}).values()
        for name in (name for names in lists for name in names):
            known = load_registry().canonical(name)
            assert known, f"{source_type}: {name}"


def test_a_sentinel_source() -> None:
    found = translated(
        "esasentinel", source="esa_scihub", product_type="S2MSI1C", start_date="2018-01-01T00:00:00.000Z",
        end_date="NOW", aoi="POLYGON((10 40, 20 40, 20 50, 10 40))", update_all=True, make_private=True,
        datasets_per_job=100, timeout=4, multiple_sources=True,
    )  # fmt: skip
    assert found.config == {
        "provider": "cdse_odata",
        "collections": ["sentinel-2-l1c"],
        "start": "2018-01-01T00:00:00.000Z",
        "bbox": [10.0, 40.0, 20.0, 50.0],
        "mode": "full",
        "private_products": True,
    }
    warned = {note.key for note in found.notes if note.warning}
    assert warned == {"datasets_per_job", "timeout", "multiple_sources"}
    assert notes(found)["timeout"].startswith("has no meaning today: ")
    settings = parse_config(json.dumps(found.config))
    assert settings.collections == ("sentinel-2-l1c",) and settings.private


def test_a_mirror_that_is_gone_is_called_retired() -> None:
    found = translated("esasentinel", source="esa_noa")
    assert found.config == {"provider": "cdse_odata"}
    assert found.told == ["the provider dhus_national is retired, replaced by cdse_odata"]


def test_without_raw_data() -> None:
    found = translated("esasentinel", source="esa_scihub", skip_raw=True)
    assert "sentinel-1-grd" in found.config["collections"]
    assert "sentinel-1-raw" not in found.config["collections"]


@pytest.mark.parametrize(
    ("given", "start", "told"),
    [
        ("YESTERDAY", "2026-11-28", "start 2026-11-28"),
        ("2017-01-01", "2017-01-01", "start 2017-01-01"),
        ("*", None, "is no limit"),
        ("NOW-1DAY", None, "is no limit"),
        ("TODAY", None, "is no limit"),
        ("last summer", None, "cannot be used"),
    ],
)
def test_dates(given: str, start: str | None, told: str) -> None:
    found = translated("VITO", start_date=given)
    assert found.config.get("start") == start
    assert told in notes(found)["start_date"]


def test_secrets_are_neither_told_nor_copied() -> None:
    asked = provider("terrascope", "proba-v-l2a-1km", auth={"type": "basic", "user": "env:TERRASCOPE_USER"})
    found = translated(
        "proba-v", asked, collection="PROBAV_L2A_1KM_V001", username="anna", password="pa55word"
    )
    assert "pa55word" not in str(found) and "anna" not in str(found)
    assert "env:TERRASCOPE_USER" in notes(found)["password"]
    assert found.config == {"provider": "terrascope", "collections": ["proba-v-l2a-1km"]}


def test_a_collection_that_was_processed_anew() -> None:
    found = translated("modis", provider("nasa_cmr_lpcloud", "modis-13Q1-061"), collection="MYD13Q1")
    assert found.config["collections"] == ["modis-13Q1-061"]
    assert "supersedes MODIS_AQUA_MYD13Q1" in notes(found)["collection"]


def test_a_provider_that_lists_no_collections_is_asked_for_that_of_then() -> None:
    found = translated("cmems", provider("copernicus_marine"), harvester_type="gpaf")
    assert found.config["collections"] == ["global-analysis-forecast-phy-001-024"]


def test_a_collection_that_the_successor_lacks_is_told() -> None:
    found = translated("proba-v", provider("terrascope", "proba-v-l2a-1km"), collection="PROBAV_P_V001")
    assert found.config == {}, "it would take everything else"
    assert "terrascope has nothing of what it took" in found.told


def test_topics() -> None:
    found = translated("food-security", groups=[{"name": "foodsecurity"}], collection="LAI")
    assert found.topics == ["foodsecurity"]


def test_a_successor_that_is_gone_too_gives_no_source() -> None:
    found = translated("saeon", provider("saeon", status="retired"))
    assert not found.config and "the provider saeon is retired: nothing replaces it" in found.told


def test_a_successor_that_is_not_here_is_told() -> None:
    def find(name: str) -> Provider:
        raise BadConfiguration(f"no provider {name}")

    found = translate("oscar", "{}", find, TODAY)
    assert not found.config and not found.told
    assert found.problem == "its successor wmo_oscar cannot be used here: no provider wmo_oscar"


@pytest.mark.parametrize("text", ["", None, "[]", "not JSON"])
def test_a_configuration_that_is_none(text: str | None) -> None:
    found = translate("VITO", text, load_provider, TODAY)
    assert found.config == {"provider": "terrascope"}
    assert bool(found.notes) == (text in ("[]", "not JSON"))


def test_an_unknown_key_is_named() -> None:
    found = translated("VITO", wishes=1)
    assert [note.key for note in found.notes if note.warning] == ["wishes"]


def test_no_meaning_is_misspelt() -> None:
    known = {"start", "end", "area", "private", "full", "topics", "no_raw", "secret"}
    assert set(old_rules()["meanings"].values()) <= known
