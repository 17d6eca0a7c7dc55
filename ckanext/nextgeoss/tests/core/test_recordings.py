"""Recorded answers of the STAC services against their own words; skipped where the recordings are not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.harvesters.protocols import Answer, protocol
from ckanext.nextgeoss.http import Response
from ckanext.nextgeoss.tests.provider_recordings import Recording, listed, recordings

SERVICES = ("earth_search", "planetary_computer", "cdse_stac")


def _all() -> Iterator[Recording]:
    return (each for service in SERVICES for each in recordings(service))


def _one(file: str) -> Recording:
    return next(each for each in _all() if each.file == file)


def _read(recording: Recording) -> Answer:
    """As the answer to what was asked, where that was recorded."""
    response = Response(200, {}, recording.body, recording.about["request_url"] or recording.file)
    return protocol("stac").read(recording.provider, response, recording.asked)


def test_products_say_what_their_items_say():
    """A footprint where there is a geometry, all assets, and what the properties say."""
    for recording in _all():
        answer = _read(recording)
        for product, record in zip(answer.products, answer.records, strict=True):
            where = f"{recording.file} {product.id}"
            assert product.id == record.native["id"], where
            assert product.collection, where
            assert bool(product.footprint) == bool(record.native["geometry"]), where
            assert len(product.assets) == len(record.native["assets"]), where
            _check_properties(product, record.native["properties"], where)


def _check_properties(product: Product, native: dict[str, Any], where: str) -> None:
    for ours, theirs in (("cloud_cover", "eo:cloud_cover"), ("platform", "platform"), ("gsd", "gsd")):
        if native.get(theirs) is not None:
            assert str(product.properties[ours]).lower() == str(_number(native[theirs])).lower(), where
    if native.get("datetime") and not native.get("start_datetime"):
        assert product.time.start == product.time.end, where


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, int) else value


def test_next_page():
    """The next request is the link as given; without a link there is none."""
    seen = 0
    for recording in _all():
        document = json.loads(recording.body)
        links = document.get("links", []) if isinstance(document, dict) else []
        links = [link for link in links if link["rel"] == "next"]
        found = _read(recording).next
        assert bool(found) == bool(links), recording.file
        if found:
            seen += 1
            method = links[0].get("method", "GET")
            assert (found.method, found.url, found.body) == (method, links[0]["href"], links[0].get("body"))
    assert seen >= 8


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("earth-search/v1_search_s2_page1.json", "earth-search/v1_search_s2_page2.json"),
        ("earth-search/v1_search_s2_page2.json", "earth-search/v1_search_s2_page3_empty.json"),
        ("planetary-computer/search_bbox_page1.json", "planetary-computer/search_bbox_page2.json"),
    ],
)
def test_page_after_page(first: str, second: str):
    """What we would ask after a page is what was asked when its next page was recorded."""
    ours, theirs = _read(_one(first)).next, _one(second).asked
    assert ours is not None and theirs is not None
    assert (ours.method, ours.url, ours.body) == (theirs.method, theirs.url, theirs.body)


def test_last_page():
    """An empty page is a valid answer: no product, no next page, but a total."""
    answer = _read(_one("earth-search/v1_search_s2_page3_empty.json"))
    assert (answer.products, answer.refused, answer.next, answer.total) == ((), (), None, 16)
    empty = _read(_one("cdse-stac/stac_search_empty.json"))
    assert (empty.products, empty.next, empty.total) == ((), None, None)


def test_collections():
    """Lists and single descriptions of collections are read, each with id, title, extent."""
    files = [(about["by"], file) for file, about in listed("not_read").items() if about["by"] in SERVICES]
    seen = 0
    for recording in (each for service, file in files for each in recordings(service, [file])):
        document = json.loads(recording.body)
        if not {"collections", "extent"} & set(document):
            continue
        answer = protocol("stac").read_collections(
            recording.provider, Response(200, {}, recording.body, recording.file)
        )
        assert len(answer.collections) == len(document.get("collections", [document])), recording.file
        assert answer.next is None
        for collection in answer.collections:
            assert collection.id and collection.description, recording.file
            assert collection.footprint is not None, f"{recording.file} {collection.id}"
            seen += 1
    assert seen >= 126 + 9 + 4


def test_two_reads_of_one_product():
    """One product in two recordings, even years apart, has one hash: only what is volatile has changed."""
    found: dict[tuple[str, str, str], list[tuple[str, Product]]] = {}
    for recording in _all():
        for product in _read(recording).products:
            key = (recording.rules, product.collection, product.id)
            found.setdefault(key, []).append((recording.file, product))
    pairs = 0
    for key, reads in found.items():
        for (one, first), (other, second) in combinations(reads, 2):
            assert first.content_hash() == second.content_hash(), (key, one, other)
            pairs += 1
    assert pairs >= 20
