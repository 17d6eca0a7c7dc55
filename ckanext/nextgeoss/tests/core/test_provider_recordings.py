"""Recorded answers of all providers' services are read completely; skipped where the recordings are not."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import parse_qsl, unquote_plus, urlsplit

import pytest

from ckanext.nextgeoss.harvesters.attributes import attributes_of, coverage_of
from ckanext.nextgeoss.harvesters.protocols import protocol
from ckanext.nextgeoss.harvesters.provider_files import provider_ids
from ckanext.nextgeoss.http import Request, Response
from ckanext.nextgeoss.tests import provider_table
from ckanext.nextgeoss.tests.provider_recordings import (
    BY_PROFILE,
    FILES,
    NO_ANSWERS,
    Recording,
    recordings,
)  # fmt: skip

_PROBAV = "urn:ogc:def:EOP:VITO:PROBAV_L2A_333M_V001"
# a published example that has its one product twice; a feature of an index that is no product
_REPEATS = ("ogc-eo-geojson/example-1-seasat-collection.json",)
_FEATURES = ("WAIntersectionsWKT-60",)
# a total that the manifest does not have
_TOTALS = {"csw-geonetwork/pycsw_oaipmh_dc.xml": "12"}
# of datasets, which need not say when or where
_CATALOGUES = ("csw", "geonetwork", "oai_pmh")
# what has no time or no file in its record: datasets of portals, a granule and a product that say nothing
_BARE = (
    "ckan-portals/",
    "nasa-cmr/atom_granules_page",
    "code-de/finder",
    "fedeo/",
    "nasa-cmr/atom_granules_aster",
)
# read in spite of a prefix that is declared nowhere
_MENDED = ("code-de/finder_resto_atom.xml",)
# STAC documents of other kinds; test_recordings.py says which
# of records that do not say when, or not until when
_UNDATED = ("obis/", "wekeo/")
# answers that tell how many there are, although nobody counted
_UNCOUNTED = ("copernicus-ems/",)
# by folder: whose rules read what is no answer; those of Terrascope read any
_RULES = {
    "asf-cmr": "asf",
    "cdse-creodias-resto": "creodias_resto",
    "copernicus-scihub-dhus": "dhus_national",
    "csw-geonetwork": "saeon_csw",
    "eosda-aws": "stac",
    "iso-waf": "landsaf_geonetwork",
    "nasa-cmr": "nasa_cmr_laads",
    "onda-dias": "onda_dias",
    "wfs": "dwd_cdc",
}
_OTHER = ("not products", "the provider answered with an error")


@pytest.fixture(params=sorted((*FILES, *BY_PROFILE)))
def recorded(request: pytest.FixtureRequest) -> list[Recording]:
    """The recordings of each provider."""
    return list(recordings(request.param))


def _answers(recorded: list[Recording]) -> list[Recording]:
    return [each for each in recorded if each.read().answer is not None]


def test_providers_with_recordings():
    """Those that are tried on what their services really said are there."""
    assert set(FILES) <= set(provider_ids())


def test_every_answer_is_read(recorded: list[Recording]):
    """What is no search answer is known to be none."""
    assert _answers(recorded)
    for each in recorded:
        reading = each.read()
        known = each.file in NO_ANSWERS or any(words in reading.error for words in _OTHER)
        assert reading.answer is not None or known, f"{each.file}: {reading.error}"


def test_every_entry_is_read(recorded: list[Recording]):
    """As many products as entries were counted in the recordings, and the total that they tell."""
    for each in _answers(recorded):
        answer = each.read().answer
        assert answer is not None
        assert answer.warnings == () or each.file in _MENDED, each.file
        # of a catalogue that is a tree, its branches were counted
        is_branch = not each.file.startswith("thredds/")  # of those of THREDDS the datasets
        came = len(answer.products) + len(answer.refused) or len(answer.children) * is_branch
        assert each.entries in (None, came) or "static" in each.provider.protocol, each.file
        reasons = [bad.reason for bad in answer.refused]
        assert reasons in ([], ["item terraclimate names no collection"]), each.file
        told = each.about["total_reported"] or _TOTALS.get(each.file)
        if not each.file.startswith((*_UNCOUNTED, *_MENDED)):
            assert answer.total == (int(told) if told else None), each.file


def test_every_product_is_whole(recorded: list[Recording]):
    """Ids of their own, a time, a footprint where there is a geometry, files with roles."""
    for each in _answers(recorded):
        answer = each.read().answer
        assert answer is not None
        ids = [product.id for product in answer.products]
        assert len(set(ids)) == len(ids) or each.file in _REPEATS, each.file
        for product in answer.products:
            where = f"{each.file} {product.id}"
            assert all(asset.href for asset in product.assets), where
            assert each.provider.id in BY_PROFILE or all(asset.roles for asset in product.assets), where
            if each.provider.protocol in _CATALOGUES or each.file.startswith(_BARE):
                continue
            if product.id in _FEATURES or "%startDate%" in str(product.problems):
                continue
            if not each.file.startswith(_UNDATED):
                assert product.time.start and product.time.end, where
            assert product.assets or product.problems, where


def test_records_are_read_again(recorded: list[Recording]):
    """What is kept of a product alone tells the same product once more."""
    for each in _answers(recorded):
        answer = each.read().answer
        assert answer is not None
        for product, record in list(zip(answer.products, answer.records, strict=True))[:5]:
            asked = Request(url=each.provider.url, about=product.collection)
            body = record.text().encode("utf-8")
            again = protocol(each.provider.protocol).read(
                each.provider, Response(200, {}, body, asked.url), asked
            )
            assert again.products[0].content_hash() == product.content_hash(), f"{each.file} {product.id}"


def test_attributes_are_accounted_for(recorded: list[Recording]):
    """Less than one in twenty of the attributes is neither mapped nor ignored on purpose."""
    records = [record for each in _answers(recorded) for record in each.read().answer.records]  # type: ignore[union-attr]
    coverage = coverage_of(attributes_of(recorded[0].provider, records))
    if recorded[0].provider.id in BY_PROFILE:
        return  # what is of no use there, nobody has said
    assert coverage.mapped >= 5
    assert coverage.unknown < coverage.seen / 20, coverage


@pytest.mark.parametrize(("file", "words"), sorted(NO_ANSWERS.items()))
def test_what_is_no_answer(file: str, words: str):
    """It is told in one line what it is, and never taken for an empty result."""
    (found,) = recordings(_RULES.get(file.split("/")[0], "terrascope"), [file])
    reading = found.read()
    assert reading.answer is None
    assert words in reading.error
    assert "\n" not in reading.error


def _plain(request: Request) -> tuple[str, dict[str, str]]:
    parts = urlsplit(request.url)
    said = dict(parse_qsl(parts.query)) | dict(request.params)
    return f"{parts.netloc}{parts.path}", {name: unquote_plus(value) for name, value in said.items()}


def test_page_after_page():
    """What we would ask after each page of a DHuS is what was asked when the next one was recorded."""
    pages = sorted(recordings("dhus_national", ["*/opensearch_json_s2014-15_fr_page*"]), key=lambda p: p.file)
    assert len(pages) == 7
    for page, following in pairwise(pages):
        found = page.next()
        assert found is not None and following.asked is not None
        assert _plain(found) == _plain(following.asked), page.file
    assert pages[-1].next() is None
    ids = [product.id for page in pages for product in page.read().answer.products]  # type: ignore[union-attr]
    assert len(ids) == 630


def test_values_of_one_of_each():
    """A few products, compared with what their records say to the eye."""
    said = {
        ("cdse_odata", "S2A_MSIL1C_20200808T010311_N0500_R045_T54PXA_20230413T212505.SAFE"): {
            "platform": "sentinel-2a", "cloud_cover": 95.136736479015, "processing_level": "L1C",
            "relative_orbit": 45, "tile_id": "54PXA", "instruments": ("msi",),
        },
        ("dhus_national", "S1B_EW_GRDH_1SDH_20180131T104713_20180131T104813_009414_010EA4_BD6D"): {
            "platform": "sentinel-1b", "polarizations": ("HH", "HV"), "instrument_mode": "EW",
            "absolute_orbit": 9414, "orbit_state": "ascending", "product_type": "GRD", "slice_number": 6,
        },
        ("creodias_resto", "S1A_EW_SLC__1SDH_20150424T083822_20150424T083926_005623_007343_7D3D.SAFE"): {
            "platform": "sentinel-1a", "instrument_mode": "EW", "absolute_orbit": 5623, "cloud_cover": None,
        },
        ("terrascope", "LS07_RMPS_ETM_GTC_1P_20000107T111229_20000107T111258_003886_0205_0031_9261"): {
            "platform": "landsat-7", "sensor_type": "OPTICAL", "wrs_path": 205, "wrs_row": 31,
        },
        ("vito_probav", f"{_PROBAV}:PROBAV_CENTER_L2A_20180101_005544_333M:V101"): {
            "platform": "proba-v", "cloud_cover": 66.849, "snow_cover": 17.844, "orbit_state": "descending",
        },
        ("terradue", "S1A_WV_OCN__2SSV_20190505T235215_20190506T001205_027099_030DCE_A66C"): {
            "platform": "sentinel-1a", "instruments": ("c-sar",), "instrument_mode": "WV_SP",
            "relative_orbit": 77, "polarizations": ("VV",), "orbit_state": "descending",
        },
        ("nasa_cmr", "G2147556158-LPCLOUD"): {"cloud_cover": 14.0},
    }  # fmt: skip
    for (provider_id, identifier), expected in said.items():
        readings = [each.read().answer for each in recordings(provider_id)]
        found = [p for answer in readings if answer for p in answer.products if p.id == identifier]
        assert found, identifier
        assert {name: found[0].properties.get(name) for name in expected} == expected


def test_table_in_the_documents():
    """docs/providers.md says what is read; `make providers` writes it anew."""
    assert provider_table.PAGE.read_text("utf-8") == provider_table.page()
