"""CMR as a provider: what is asked, and how searches go on by the header CMR-Search-After."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer, BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.pagination import request_from_text, request_to_text
from ckanext.nextgeoss.harvesters.protocols import protocol
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import load_provider, provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits, Request, Response
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve
from ckanext.nextgeoss.tests.provider_recordings import recordings

CMR = protocol("cmr")


def _provider(**said: Any) -> Provider:
    about = {"title": "X", "organization": "x", "url": "https://cmr.example/search", "profile": "cmr"}
    collections = {"ours": ["MOD09A1_061", "MYD09A1_061", "C7-X"], "by-concept": "C8-X"}
    return provider_from_mapping(
        "x", about | {"collections": collections, "parameters": {"provider": "X"}} | said, "x"
    )


def _asked(query: Query) -> dict[str, list[str]]:
    request = CMR.first_request(_provider(), query)
    assert request.url.startswith("https://cmr.example/search/granules.umm_json?")
    return parse_qs(urlsplit(request.url).query)


def _granule(number: int) -> dict[str, Any]:
    start = f"2024-06-04T00:00:{number:02}Z"
    return {
        "meta": {"concept-id": f"G{number}-X"},
        "umm": {
            "GranuleUR": f"MOD09A1.{number}",
            "CollectionReference": {"ShortName": "MOD09A1", "Version": "061"},
            "TemporalExtent": {"SingleDateTime": start},
        },
    }


# --- what is asked


def test_collections_by_name_or_concept():
    """Short names and version; concept ids only where there is nothing else: both would have to match."""
    said = _asked(Query(collections=("ours",)))
    assert said["short_name[]"] == ["MOD09A1", "MYD09A1"]
    assert said["version[]"] == ["061"]
    assert said["provider"] == ["X"]
    assert "collection_concept_id[]" not in said
    assert _asked(Query(collections=("by-concept",)))["collection_concept_id[]"] == ["C8-X"]
    assert _asked(Query(collections=("OTHER_1",)))["short_name[]"] == ["OTHER"]


def test_time_ids_and_changes():
    """An interval may be open; changes are those since a time."""
    time = TemporalExtent.parse("2024-06-01T00:00:00Z/..")
    changes = Condition("updated", ">=", datetime(2024, 6, 5, tzinfo=timezone.utc))
    said = _asked(Query(collections=("ours",), time=time, ids=("a", "b"), conditions=(changes,)))
    assert said["temporal[]"] == ["2024-06-01T00:00:00Z,"]
    assert said["readable_granule_name[]"] == ["a", "b"]
    assert said["updated_since"] == ["2024-06-05T00:00:00Z"]


def test_areas():
    """A box, also across 180 degrees; polygons counter-clockwise, of which one is enough."""
    box = Footprint.from_bbox(170, -10, -170, 10)
    assert _asked(Query(footprint=box))["bounding_box[]"] == ["170.0,-10.0,-170.0,10.0"]
    area = Footprint.from_wkt("POLYGON ((0 0, 0 10, 10 0, 0 0))")
    (ring,) = _asked(Query(footprint=area))["polygon[]"]
    numbers = [float(each) for each in ring.split(",")]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(pairs)) > 0
    two = Footprint.from_wkt("MULTIPOLYGON (((0 0, 2 0, 0 2, 0 0)), ((5 5, 7 5, 5 7, 5 5)))")
    said = _asked(Query(footprint=two))
    assert len(said["polygon[]"]) == 2 and said["options[polygon][or]"] == ["true"]
    assert _asked(Query(footprint=Footprint.from_wkt("POINT (1 2)")))["point[]"] == ["1.0,2.0"]


@pytest.mark.parametrize(
    "query",
    [
        Query(words="flood"),
        Query(conditions=(Condition("orbit_state", "=", "ascending"),)),
        Query(footprint=Footprint.from_bbox(0, 0, 1, 1), relation="within"),
        Query(footprint=Footprint.from_wkt("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (2 2, 3 2, 3 3, 2 2))")),
    ],
)
def test_what_cannot_be_asked_is_refused(query: Query):
    """A wider answer would pass for the right one."""
    with pytest.raises(BadValue):
        _asked(query)


# --- going on


def _serving(handler: Handler) -> None:
    """Five granules in pages; where to go on is in a header, and so are the hits."""
    call = handler.server.seen.calls[-1]
    said = parse_qs(urlsplit(call.path).query)
    size, begin = int(said["page_size"][0]), int(call.headers.get("cmr-search-after", "0"))
    found = [_granule(number) for number in range(begin, min(begin + size, 5))]
    more = {"CMR-Search-After": str(begin + len(found))} if found else {}
    handler.answer({"hits": 5, "items": found}, **{"CMR-Hits": "5"} | more)


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A CMR of five granules."""
    with serve({"/search/granules.umm_json": _serving}) as found:
        yield found


def _catalogue(server: LocalServer) -> RemoteCatalogue:
    provider = _provider(url=f"{server.url}/search", page_size=2)
    client = HttpClient(allowed_private_hosts=[server.host], limits=Limits(attempts=1))
    return RemoteCatalogue(provider, client.send)


def test_page_after_page(server: LocalServer):
    """The header of an answer is sent with the next request, until there is none."""
    pages = list(_catalogue(server).pages(Query(collections=("ours",))))
    assert [p.id for page in pages for p in page.products] == [f"MOD09A1.{n}" for n in range(5)]
    assert [page.total for page in pages] == [5, 5, 5, 5]
    assert [call.headers.get("cmr-search-after") for call in server.calls] == [None, "2", "4", "5"]


def test_going_on_from_a_stored_request(server: LocalServer):
    """The header is stored with it."""
    first = next(_catalogue(server).pages(Query(collections=("ours",))))
    assert first.next is not None
    stored = request_from_text(request_to_text(first.next))
    rest = list(_catalogue(server).pages(Query(collections=("ours",)), stored))
    assert [p.id for page in rest for p in page.products] == [f"MOD09A1.{n}" for n in range(2, 5)]


def test_count(server: LocalServer):
    """A page of no granules tells the hits."""
    assert _catalogue(server).count(Query(collections=("ours",))) == 5
    assert "page_size=0" in server.calls[-1].path


def test_a_place_that_does_not_move():
    """The same header again leads in a circle."""

    def stuck(handler: Handler) -> None:
        handler.answer({"hits": 9, "items": [_granule(1)]}, CMR_Search_After="same")

    with serve({"/search/granules.umm_json": stuck}) as server, pytest.raises(BadAnswer, match="before"):
        list(_catalogue(server).pages(Query(collections=("ours",))))


def test_empty_page_before_the_end():
    """Nobody knows what was on it."""

    def hollow(handler: Handler) -> None:
        handler.answer({"hits": 9, "items": []})

    with serve({"/search/granules.umm_json": hollow}) as server, pytest.raises(BadAnswer, match="9 products"):
        list(_catalogue(server).pages(Query(collections=("ours",))))


def test_collections():
    """All of the archive, page after page, under our ids."""

    def serving(handler: Handler) -> None:
        call = handler.server.seen.calls[-1]
        begin = int(call.headers.get("cmr-search-after", "0"))
        names = ("MOD09A1", "NEW", None)[begin : begin + 1]
        items = [{"umm": {"ShortName": name, "Version": "061", "EntryTitle": "T"}} for name in names]
        handler.answer({"hits": 3, "items": items}, **{"CMR-Search-After": str(begin + 1)} if items else {})

    with serve({"/search/collections.umm_json": serving}) as server:
        found = list(_catalogue(server).collections())
    assert [collection.id for collection in found] == ["ours", "NEW_061"]
    assert "provider=X" in server.calls[0].path


# --- what was recorded


def test_recorded_pages():
    """What we would ask after each page of ten is what was asked when the next one was recorded."""
    pages = sorted(
        recordings("nasa_cmr_laads", ["nasa-cmr/umm_json_mod02qkm*"]),
        key=lambda page: int(page.file.rpartition("page")[2].partition(".")[0]),
    )
    assert len(pages) == 10
    request = pages[0].asked
    ids: list[str] = []
    for page in pages:
        assert request is not None and page.asked is not None
        assert request.url == page.asked.url
        headers = json.loads(page.about["response_headers"])
        answer = CMR.read(page.provider, Response(200, headers, page.body, request.url), request)
        ids += [product.id for product in answer.products]
        assert answer.total == 1404440
        request = answer.next
        assert request is not None
        assert request.headers == {"CMR-Search-After": headers["cmr-search-after"]}
    assert len(set(ids)) == 20


def test_recorded_collections():
    """Twenty of an archive's; those of ASF have no coordinates that lie."""
    (found,) = recordings("nasa_cmr_podaac", ["nasa-cmr/umm_json_collections_pocloud.json"])
    asked = Request(url="https://cmr.earthdata.nasa.gov/search/collections.umm_json")
    headers = json.loads(found.about["response_headers"])
    answer = CMR.read_collections(found.provider, Response(200, headers, found.body, asked.url), asked)
    assert len(answer.collections) == 20
    assert all(
        each.title and each.description and each.footprint and each.time for each in answer.collections
    )
    assert sum(bool(each.doi) for each in answer.collections) >= 15
    assert answer.next is not None and answer.next.headers["CMR-Search-After"].startswith("[")
    (asf,) = recordings("asf", ["asf-cmr/s1_interferogram_umm.json"])
    response = Response(200, {}, asf.body, asked.url)
    assert len(CMR.read_collections(load_provider("asf"), response).collections) == 10


def test_the_same_granule_in_both_formats():
    """The short JSON and UMM of one granule tell the same name, time, place and data."""
    for name in ("granule_G1593453400-LAADS", "granule_Daymet_Daily_V4R1_2129"):
        one, other = (
            next(iter(recordings("nasa_cmr_laads", [f"nasa-cmr/{name}{end}.json"]))).read().answer
            for end in ("", "_umm")
        )
        assert one is not None and other is not None
        for short, whole in zip(one.products, other.products, strict=True):
            assert (short.id, short.time, short.footprint) == (whole.id, whole.time, whole.footprint)
            data = [asset.href for asset in short.assets if asset.key == "data"]
            assert data == [asset.href for asset in whole.assets if asset.key == "data"]
