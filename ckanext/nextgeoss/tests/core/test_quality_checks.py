"""Checks find what is planted and nothing else; the score is what its table says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Problem, Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.feedback.code_lists import QUALITY_ELEMENTS
from ckanext.nextgeoss.feedback.quality.check import BANDS, DIMENSIONS, INDICATOR
from ckanext.nextgeoss.feedback.quality.checks import BY_ID, CHECKS, OF_KIND, VERSION
from ckanext.nextgeoss.feedback.quality.figures import Figures, total, worst_first
from ckanext.nextgeoss.feedback.quality.findings import LONGEST_FOUND, MOST_FOUND, Finding
from ckanext.nextgeoss.feedback.quality.record import KINDS, Record
from ckanext.nextgeoss.feedback.quality.score import band_of, examine, score_of
from ckanext.nextgeoss.tests.core.quality_records import (
    ABOUT,
    BROKEN_LINK,
    DATA,
    NOW,
    changed,
    collection_record,
    dataset_record,
    product_record,
    series,
    with_file,
    with_link,
    with_values,
)  # fmt: skip
from ckanext.nextgeoss.tests.core.strategies import modest, products

Plant = Callable[[Record], Record]
P, C, D = product_record, collection_record, dataset_record
_EPOCH = TemporalExtent.of("1970-01-01T00:00:00Z", "2026-11-01T10:00:20Z")


def _without(name: str) -> Plant:
    return lambda record: with_values(record, **{name: None})


# (a good record, what is planted in it, the checks that must find it)
PLANTED: list[tuple[Callable[[], Record], Plant, set[str]]] = [
    (C, lambda r: replace(r, title=""), {"title"}),
    (C, lambda r: replace(r, title="s2-l2a"), {"title"}),
    (D, lambda r: replace(r, title="dataset-1"), {"title"}),
    (P, lambda r: replace(r, description=" "), {"description"}),
    (C, lambda r: replace(r, description="Data."), {"description"}),
    (P, lambda r: replace(r, keywords=()), {"keywords"}),
    (D, lambda r: replace(r, keywords=("one", "two")), {"keywords"}),
    (P, lambda r: replace(r, topics=()), {"topic"}),
    (P, lambda r: replace(changed(r, footprint=None), has_geometry=False), {"place"}),
    (P, lambda r: changed(r, time=TemporalExtent()), {"period"}),
    (P, lambda r: replace(r, collection_described=False), {"collection"}),
    (P, lambda r: replace(r, collection=replace(ABOUT, doi="")), {"persistent_identifier"}),
    (P, lambda r: replace(r, twins=("p2",)), {"duplicates"}),
    (P, lambda r: replace(changed(r, assets=r.product.assets[1:]), formats=("PNG",)), {"file"}),
    (P, lambda r: with_link(r, **BROKEN_LINK), {"links"}),
    (P, lambda r: with_link(r, state="refused", reason="a private address"), {"links"}),
    (P, lambda r: with_link(r, seconds=9.0), {"speed"}),
    (P, lambda r: with_file(r, href="http://data.example/one.tif"), {"secure"}),
    (P, lambda r: with_file(replace(r, formats=("", "PNG")), media_type=""), {"formats"}),
    (P, lambda r: with_file(r, media_type="tiff"), {"media_types", "real_media_types"}),
    (P, lambda r: replace(r, formats=("SIGPRO", "PNG")), {"open_formats"}),
    (P, lambda r: replace(_without("platform")(r), collection=replace(ABOUT, platforms=())), {"what_it_is"}),
    (P, _without("product_type"), {"what_it_is"}),
    (P, lambda r: changed(r, problems=(Problem("cloud_cover", "'120' is not allowed"),)), {"values"}),
    (P, lambda r: replace(r, source_faults=("Element 'a' is not expected.",)), {"source_schema"}),
    (P, lambda r: replace(r, geometry_fault="Self-intersection[10 50]"), {"geometry"}),
    (P, lambda r: changed(r, footprint=Footprint.from_bbox(50, 10, 51, 11)), {"within_collection_area"}),
    (P, lambda r: with_link(r, format="HTML"), {"contents"}),
    (P, lambda r: with_link(r, media_type="image/png"), {"real_media_types"}),
    (P, lambda r: replace(r, license=""), {"license"}),
    (P, lambda r: replace(r, license="notspecified"), {"license_known"}),
    (P, lambda r: replace(r, license="free for all"), {"license_known"}),
    (P, lambda r: replace(r, publisher=""), {"publisher"}),
    (D, lambda r: replace(r, contact=""), {"contact"}),
    (P, _without("processing_datetime"), {"provenance"}),
    (
        C,
        lambda r: replace(r, collection=replace(ABOUT, citation="", doi="")),
        {"citation", "persistent_identifier"},
    ),
    (P, lambda r: with_file(r, size=None), {"sizes"}),
    (P, lambda r: with_link(r, size=17), {"real_sizes"}),
    (P, lambda r: with_file(r, checksum=""), {"checksums"}),
    (P, lambda r: with_file(r, checksum="crc:12"), {"checksum_form"}),
    (P, lambda r: replace(changed(r, assets=r.product.assets[:1]), formats=("GeoTIFF",)), {"quicklook"}),
    (P, lambda r: replace(r, time_fault="end: '2026' is not allowed"), {"chronology"}),
    (P, lambda r: changed(r, time=TemporalExtent(NOW + timedelta(9), None)), {"chronology"}),
    (P, lambda r: replace(changed(r, time=_EPOCH), collection=replace(ABOUT, time=_EPOCH)), {"chronology"}),
    (
        P,
        lambda r: with_values(r, processing_datetime=datetime(2026, 10, 1, tzinfo=timezone.utc)),
        {"chronology"},
    ),
    (
        P,
        lambda r: changed(r, time=TemporalExtent.of("2014-01-01", "2014-01-02")),
        {"within_collection_time"},
    ),
    (C, lambda r: replace(r, gaps=series(until=NOW.date() - timedelta(60))), {"freshness"}),
    (C, lambda r: replace(r, gaps=series(without=range(5, 15))), {"gaps"}),
]  # fmt: skip


@pytest.mark.parametrize("make", [P, C, D])
def test_nothing_is_found_where_nothing_is_wrong(make: Callable[[], Record]) -> None:
    """A good record passes all checks of its kind, and each applies to it."""
    record = make()
    found = examine(record)
    assert {name: finding for name, finding in found.items() if not finding.passed} == {}
    assert found.keys() == {check.id for check in OF_KIND[record.kind]}
    assert score_of(found).total == 100


@pytest.mark.parametrize(("make", "plant", "wanted"), PLANTED)
def test_what_is_planted_is_found_and_nothing_else(
    make: Callable[[], Record], plant: Plant, wanted: set[str]
) -> None:
    """Exactly the checks that are about the fault find it, and say where it is."""
    found = examine(plant(make()))
    failed = {name for name, finding in found.items() if not finding.passed}
    assert failed == wanted
    assert all(found[name].found for name in wanted)


def test_each_check_has_a_planted_fault() -> None:
    assert {name for _, _, wanted in PLANTED for name in wanted} == BY_ID.keys()


def test_where_it_is_is_told() -> None:
    """Names of fields, values and addresses, whichever helps."""
    record = with_link(with_values(product_record(), product_type=None), **BROKEN_LINK)
    found = examine(record)
    assert found["what_it_is"].found == ("product_type",)
    assert found["what_it_is"].value == 0.75
    assert found["links"].found == (f"{DATA}: answered 404",)
    assert found["links"].value == 0.5


@pytest.mark.parametrize(
    "plant",
    [
        lambda r: with_link(r, state="failing", failures=1, reason="no answer"),
        lambda r: with_link(r, state="login", reason="answered 401"),
        lambda r: replace(r, links={}),
        # a forecast is of the future
        lambda r: with_values(
            changed(r, time=TemporalExtent(NOW + timedelta(9), None)), forecast_time=NOW + timedelta(9)
        ),
        # the other side of 180 degrees
        lambda r: replace(
            changed(r, footprint=Footprint.from_bbox(179, 0, -179, 1)),
            collection=replace(ABOUT, footprint=Footprint.from_bbox(170, -10, -170, 10)),
        ),
        lambda r: replace(
            changed(r, footprint=Footprint.from_bbox(-179.5, 0, -179, 1)),
            collection=replace(ABOUT, footprint=Footprint.from_bbox(170, -10, -170, 10)),
        ),
        lambda r: replace(r, license="https://example.org/terms"),
        lambda r: with_link(r, media_type="application/octet-stream"),
        lambda r: with_link(r, size=None, format=""),
    ],
)  # fmt: skip
def test_what_is_no_fault_is_not_found(plant: Plant) -> None:
    found = examine(plant(product_record()))
    assert [name for name, finding in found.items() if not finding.passed] == []


@modest
@given(products(), st.sampled_from(KINDS))
def test_any_record_can_be_examined(product: Product, kind: str) -> None:
    """Nothing that a product may hold breaks a check; what is told is bounded."""
    found = examine(Record(id="x", kind=kind, product=product, now=NOW))
    assert all(0 <= finding.value <= 1 for finding in found.values())
    assert all(len(finding.found) <= MOST_FOUND for finding in found.values())
    assert all(len(text) <= LONGEST_FOUND for finding in found.values() for text in finding.found)
    score = score_of(found)
    assert score.total is not None and 0 <= score.total <= 100


findings = st.dictionaries(st.sampled_from(sorted(BY_ID)), st.floats(0, 1).map(Finding))


@modest
@given(findings, st.sampled_from(sorted(BY_ID)))
def test_mending_never_lowers_the_score(found: dict[str, Finding], name: str) -> None:
    before = score_of(found)
    if name not in found or before.total is None:
        return
    after = score_of({**found, name: Finding(1.0)})
    assert after.total is not None and after.total >= before.total


@modest
@given(findings)
def test_the_score_lies_between_those_of_the_dimensions(found: dict[str, Finding]) -> None:
    score = score_of(found)
    known = [part for part in score.dimensions.values() if part is not None]
    assert (score.total is None) == (not known)
    if score.total is not None:
        assert min(known) - 1 <= score.total <= max(known) + 1
        assert score.band in BANDS


def test_the_score_is_the_weighted_mean() -> None:
    """Of two dimensions: place 20 of 20 + 20, licence 0 of 20; 100 x 0.5 + 75 x 0 of 175."""
    found = {"place": Finding(1.0), "period": Finding(0.0), "license": Finding(0.0)}
    score = score_of(found)
    assert score.dimensions["findability"] == 50
    assert score.dimensions["reusability"] == 0
    assert score.dimensions["context"] is None
    assert score.total == round(100 * 50 / 175)
    assert [band_of(points) for points in (100, 86, 85.9, 55, 30, 29, 0, None)] == [
        "excellent", "excellent", "good", "good", "sufficient", "poor", "poor", None,
    ]  # fmt: skip


def test_rows_of_the_table_are_in_order() -> None:
    assert len(BY_ID) == len(CHECKS)
    for check in CHECKS:
        assert check.dq_class in QUALITY_ELEMENTS.values, check.id
        assert (check.dimension in DIMENSIONS and check.weight > 0) or (
            check.dimension == INDICATOR and check.weight == 0
        ), check.id
        assert check.measure_uri == f"https://www.qualityml.org/1.0/measure/{check.measure}"
        assert check.title and check.fix.endswith(".")
        assert set(check.kinds) <= set(KINDS)


def test_another_table_has_another_version() -> None:
    """Who changes a weight raises VERSION, so that all datasets are checked anew; then change this line."""
    rows = [(c.id, c.rule.__name__, c.dimension, c.weight, c.kinds) for c in CHECKS]
    text = repr((rows, dict(DIMENSIONS), dict(BANDS)))
    assert (VERSION, hashlib.sha256(text.encode()).hexdigest()[:12]) == (2, "b3fe8568a4fd")


def test_figures_add_up() -> None:
    """What one organization has and another add to what both have; the costliest faults come first."""
    one = Figures(2, {"score": (150.0, 2)}, {"good": 2}, {"place": 2, "gaps": 2})
    other = Figures(1, {"score": (30.0, 1), "context": (0.0, 0)}, {"poor": 1}, {"sizes": 1, "place": 1})
    whole = total([one, other]).write()
    assert (whole["datasets"], whole["score"], whole["band"]) == (3, 60.0, "good")
    assert whole["dimensions"]["context"] is None
    assert whole["bands"] == {"excellent": 0, "good": 2, "sufficient": 0, "poor": 1}
    assert worst_first(whole) == [("place", 3), ("sizes", 1), ("gaps", 2)]
    assert one.datasets == 2
