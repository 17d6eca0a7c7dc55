"""Recorded answers of the STAC services are read completely; skipped where the recordings are not."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.harvesters.protocols import Answer, protocol
from ckanext.nextgeoss.harvesters.provider_files import load_provider
from ckanext.nextgeoss.http import Request, Response
from ckanext.nextgeoss.tests.shared import provider_samples

SERVICES = {
    "earth-search": "earth_search",
    "planetary-computer": "planetary_computer",
    "cdse-stac": "cdse_stac",
}


@dataclass(frozen=True)
class Recording:
    """A recorded answer and what the manifest says of it."""

    file: str
    provider: str
    about: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def asked(self) -> Request | None:
        """What was asked, where that was recorded."""
        if not self.about["request_url"]:
            return None
        body = json.loads(self.about["request_body"]) if self.about["request_body"] else None
        return Request(url=self.about["request_url"], method=self.about["method"] or "GET", body=body)

    def read(self) -> Answer:
        """By the rules of its provider."""
        provider = load_provider(self.provider)
        url = self.about["request_url"] or self.file
        return protocol("stac").read(provider, Response(200, {}, self.body, url), self.asked)

    @property
    def features(self) -> list[Any] | None:
        """The items as they are in the document; None when it is of another kind."""
        document = self.document
        if isinstance(document, list):
            return document
        if document.get("type") == "Feature":
            return [document]
        return document.get("features")


@cache
def _all() -> dict[str, Recording]:
    folder = provider_samples()
    with (folder / "MANIFEST.tsv").open(encoding="utf-8") as manifest:
        rows = list(csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {
        row["file"]: Recording(
            row["file"], SERVICES[row["provider"]], row, (folder / row["file"]).read_bytes()
        )
        for row in rows
        if row["provider"] in SERVICES
    }


def _with_items() -> Iterator[Recording]:
    return (recording for recording in _all().values() if recording.features is not None)


@pytest.fixture(scope="module")
def recordings() -> dict[str, Recording]:
    """All recordings by file; the test is skipped where they are not."""
    return _all()


def test_every_service_is_there(recordings: dict[str, Recording]):
    """No service is left out by a change of names."""
    assert {recording.about["provider"] for recording in recordings.values()} == set(SERVICES)
    assert len(recordings) >= 39


def test_every_item_is_read(recordings: dict[str, Recording]):
    """As many products as items; only an item that names no collection is refused, with its place."""
    for recording in _with_items():
        answer = recording.read()
        nameless = [
            position
            for position, item in enumerate(recording.features or [])
            if not item.get("collection") and not any(link["rel"] == "collection" for link in item["links"])
        ]
        assert [bad.position for bad in answer.refused] == nameless, recording.file
        assert len(answer.products) + len(nameless) == len(recording.features or []), recording.file
        assert len(answer.records) == len(answer.products), recording.file


def test_every_product_is_whole(recordings: dict[str, Recording]):
    """Unique ids, a collection, a time, a footprint where there is a geometry, assets with roles."""
    for recording in _with_items():
        answer = recording.read()
        ids = [product.id for product in answer.products]
        assert len(set(ids)) == len(ids), recording.file
        for product, record in zip(answer.products, answer.records, strict=True):
            where = f"{recording.file} {product.id}"
            assert product.id == record.native["id"], where
            assert product.collection, where
            assert product.time.start and product.time.end, where
            assert bool(product.footprint) == bool(record.native["geometry"]), where
            assert len(product.assets) == len(record.native["assets"]), where
            assert all(asset.roles and asset.href for asset in product.assets), where
            _check_properties(product, record.native["properties"], where)


def _check_properties(product: Product, native: dict[str, Any], where: str) -> None:
    for ours, theirs in (("cloud_cover", "eo:cloud_cover"), ("platform", "platform"), ("gsd", "gsd")):
        if native.get(theirs) is not None:
            assert str(product.properties[ours]).lower() == str(_number(native[theirs])).lower(), where
    if native.get("datetime") and not native.get("start_datetime"):
        assert product.time.start == product.time.end, where


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, int) else value


def test_next_page(recordings: dict[str, Recording]):
    """The next request is the link as given; without a link there is none."""
    seen = 0
    for recording in _with_items():
        document = recording.document
        links = document.get("links", []) if isinstance(document, dict) else []
        links = [link for link in links if link["rel"] == "next"]
        found = recording.read().next
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
def test_page_after_page(recordings: dict[str, Recording], first: str, second: str):
    """What we would ask after a page is what was asked when its next page was recorded."""
    ours, theirs = recordings[first].read().next, recordings[second].asked
    assert ours is not None and theirs is not None
    assert (ours.method, ours.url, ours.body) == (theirs.method, theirs.url, theirs.body)


def test_last_page(recordings: dict[str, Recording]):
    """An empty page is a valid answer: no product, no next page, but a total."""
    answer = recordings["earth-search/v1_search_s2_page3_empty.json"].read()
    assert (answer.products, answer.refused, answer.next, answer.total) == ((), (), None, 16)
    empty = recordings["cdse-stac/stac_search_empty.json"].read()
    assert (empty.products, empty.next, empty.total) == ((), None, None)


def test_totals(recordings: dict[str, Recording]):
    """The total is what the manifest says that the server reported."""
    seen = 0
    for recording in _with_items():
        told = recording.about["total_reported"]
        assert recording.read().total == (int(told) if told else None), recording.file
        seen += bool(told)
    assert seen >= 5


def test_what_is_no_answer(recordings: dict[str, Recording]):
    """Error bodies, landing pages, collections and schemas are not taken for empty results."""
    said: dict[str, str] = {}
    for recording in recordings.values():
        if recording.features is None:
            with pytest.raises(BadAnswer) as caught:
                recording.read()
            said[recording.file] = caught.value.reason
    assert said["earth-search/error_404_collection.json"].endswith("NotFound: Not Found")
    assert "does not exist" in said["planetary-computer/error_404_item.json"]
    assert said["planetary-computer/collections.json"] == "a list of 126 collections, not products"
    for file, reason in said.items():
        if "landing" in file:
            assert reason.startswith("the landing page of the catalogue"), file


def test_collections(recordings: dict[str, Recording]):
    """Lists and single descriptions of collections are read, each with id, title, extent."""
    seen = 0
    for recording in recordings.values():
        document = recording.document
        if (
            isinstance(document, list)
            or not ({"collections", "extent"} & set(document))
            or "features" in document
        ):
            continue
        answer = protocol("stac").read_collections(
            load_provider(recording.provider), Response(200, {}, recording.body, recording.file)
        )
        assert len(answer.collections) == len(document.get("collections", [document])), recording.file
        assert answer.next is None
        for collection in answer.collections:
            assert collection.id and collection.description, recording.file
            assert collection.footprint is not None, f"{recording.file} {collection.id}"
            seen += 1
    assert seen >= 126 + 9 + 4


def test_two_reads_of_one_product(recordings: dict[str, Recording]):
    """One product in two recordings, even years apart, has one hash: only what is volatile has changed."""
    found: dict[tuple[str, str, str], list[tuple[str, Product]]] = {}
    for recording in _with_items():
        for product in recording.read().products:
            key = (recording.provider, product.collection, product.id)
            found.setdefault(key, []).append((recording.file, product))
    pairs = 0
    for key, reads in found.items():
        for (one, first), (other, second) in combinations(reads, 2):
            assert first.content_hash() == second.content_hash(), (key, one, other)
            pairs += 1
    assert pairs >= 20


def test_recordings_are_where_the_manifest_says(recordings: dict[str, Recording]):
    """No recording of these services is missed."""
    folder = provider_samples()
    files = {str(path.relative_to(folder)) for name in SERVICES for path in Path(folder / name).iterdir()}
    assert files == set(recordings)
