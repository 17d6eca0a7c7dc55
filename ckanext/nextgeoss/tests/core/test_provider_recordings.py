"""Recorded answers of all providers' services are read completely; skipped where the recordings are not.
recordings.yaml says what is read by whom, and where something else is expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qsl, unquote_plus, urlsplit

import pytest

from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.harvesters.attributes import attributes_of, coverage_of
from ckanext.nextgeoss.harvesters.protocols import Answer, protocol
from ckanext.nextgeoss.harvesters.provider_files import provider_ids
from ckanext.nextgeoss.http import Request, Response
from ckanext.nextgeoss.tests import provider_table
from ckanext.nextgeoss.tests.provider_recordings import (
    Recording,
    elsewhere,
    expected,
    is_profile,
    listed,
    manifest,
    not_read,
    read_by,
    recordings,
)
from ckanext.nextgeoss.tests.shared import provider_samples

_PROBAV = "urn:ogc:def:EOP:VITO:PROBAV_L2A_333M_V001"


@pytest.fixture(params=sorted(listed("read")))
def recorded(request: pytest.FixtureRequest) -> list[Recording]:
    """The recordings that are read by the same rules."""
    return list(recordings(request.param))


def _answers(recorded: list[Recording]) -> Iterator[tuple[Recording, Answer]]:
    for each in recorded:
        if answer := each.read().answer:
            yield each, answer


def test_providers_with_recordings():
    """Those that are tried on what their services really said are there."""
    assert {rules for rules in listed("read") if not is_profile(rules)} <= set(provider_ids())


def test_every_file_has_a_place():
    """It is read by somebody's rules, is known not to be, or another test reads it."""
    for file in manifest():
        places = [bool(read_by(file)), bool(not_read(file)), bool(elsewhere(file))]
        assert sum(places) == 1, f"{file}: {read_by(file)}, {not_read(file)}, {elsewhere(file)}"
        assert len(read_by(file)) <= 1, file


def test_manifest_is_complete():
    """No file is missed."""
    folder = provider_samples()
    assert {str(path.relative_to(folder)) for path in folder.glob("*/*")} == set(manifest())


def test_other_tests_read_the_rest():
    """Those that are named name what they read."""
    for pattern, test in listed("elsewhere").items():
        text = Path(__file__).with_name(test).read_text("utf-8")
        assert pattern in text or pattern.partition("*")[0] in text, pattern


def test_nothing_is_listed_in_vain():
    """Each pattern is one of files that are there."""
    patterns = [pattern for patterns in listed("read").values() for pattern in patterns]
    patterns += [*listed("not_read"), *listed("elsewhere")]
    patterns += [pattern for kind in listed("expected").values() for pattern in kind]
    vain = [each for each in patterns if not any(fnmatchcase(file, each) for file in manifest())]
    assert vain == []


def test_every_answer_is_read(recorded: list[Recording]):
    """What is no search answer is listed as such."""
    assert recorded
    for each in recorded:
        assert each.read().answer is not None, f"{each.file}: {each.read().error}"


def test_every_entry_is_read(recorded: list[Recording]):
    """As many products as entries were counted in the recordings, and the total that they tell."""
    for each, answer in _answers(recorded):
        assert bool(answer.warnings) is bool(expected("warned", each.file)), f"{each.file}: {answer.warnings}"
        came = len(answer.products) + len(answer.refused)
        is_tree = each.entries and not came and answer.children  # whose branches were counted
        assert each.entries in (None, len(answer.children) if is_tree else came), each.file
        assert [bad.reason for bad in answer.refused] == each.refused, each.file
        assert answer.total == each.total, each.file


def test_every_product_is_whole(recorded: list[Recording]):
    """Ids of their own, a time, files with roles, or a problem that says why not."""
    for each, answer in _answers(recorded):
        ids = [product.id for product in answer.products]
        assert len(set(ids)) == len(ids) or expected("repeats", each.file), each.file
        for product in answer.products:
            where = f"{each.file} {product.id}"
            assert all(asset.href for asset in product.assets), where
            roles = all(asset.roles for asset in product.assets)
            assert roles or expected("roleless", each.file), where
            assert _is_dated(product) or expected("undated", each.file), where
            assert product.assets or product.problems or expected("bare", each.file), where


def _is_dated(product: Product) -> bool:
    return bool(product.time.start and product.time.end)


def test_exceptions_are_needed():
    """Of each file for which something else is expected, something else comes."""
    for kind, has in _HAS.items():
        for pattern in listed("expected")[kind]:
            files = [file for file in manifest() if fnmatchcase(file, pattern)]
            answers = [
                answer for file in files for rules in read_by(file)
                for _, answer in _answers(list(recordings(rules, [file])))
            ]  # fmt: skip
            assert any(has(answer) for answer in answers), f"{kind}: {pattern}"


_HAS: dict[str, Callable[[Answer], bool]] = {
    "bare": lambda answer: any(not (each.assets or each.problems) for each in answer.products),
    "repeats": lambda answer: len({each.id for each in answer.products}) < len(answer.products),
    "roleless": lambda answer: any(not asset.roles for each in answer.products for asset in each.assets),
    "undated": lambda answer: not all(_is_dated(each) for each in answer.products),
}


def test_records_are_read_again(recorded: list[Recording]):
    """What is kept of a product alone tells the same product once more."""
    for each, answer in _answers(recorded):
        for product, record in list(zip(answer.products, answer.records, strict=True))[:5]:
            asked = Request(url=each.provider.url, about=product.collection)
            body = record.text().encode("utf-8")
            again = protocol(each.provider.protocol).read(
                each.provider, Response(200, {}, body, asked.url), asked
            )
            assert again.products[0].content_hash() == product.content_hash(), f"{each.file} {product.id}"


def test_attributes_are_accounted_for(recorded: list[Recording]):
    """Less than one in twenty of the attributes is neither mapped nor ignored on purpose; of profiles, nobody
    has said what is of no use."""
    records = [record for _, answer in _answers(recorded) for record in answer.records]
    coverage = coverage_of(attributes_of(recorded[0].provider, records))
    if not is_profile(recorded[0].rules):
        assert coverage.mapped >= 5
        assert coverage.unknown < coverage.seen / 20, coverage


@pytest.mark.parametrize("pattern", sorted(listed("not_read")))
def test_what_is_not_read(pattern: str):
    """It is told in one line what it is, or why each record is refused, and never taken for an empty
    result."""
    about = listed("not_read")[pattern]
    for found in recordings(about["by"], [pattern]):
        reading = found.read()
        reasons = [reading.error] if reading.answer is None else [x.reason for x in reading.answer.refused]
        assert reading.answer is None or not reading.answer.products, found.file
        assert reasons and all(about["says"] in reason for reason in reasons), f"{found.file}: {reasons}"
        assert not any("\n" in reason for reason in reasons), found.file


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
    for (provider_id, identifier), values in said.items():
        readings = [each.read().answer for each in recordings(provider_id)]
        found = [p for answer in readings if answer for p in answer.products if p.id == identifier]
        assert found, identifier
        assert {name: found[0].properties.get(name) for name in values} == values


def test_table_in_the_documents():
    """docs/providers.md says what is read; `make providers` writes it anew."""
    assert provider_table.PAGE.read_text("utf-8") == provider_table.page()
