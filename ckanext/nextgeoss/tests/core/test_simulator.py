"""The simulated provider: whole answers, and every fault it can have."""

from __future__ import annotations

import hashlib
import http.client
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from ckanext.nextgeoss.demo import catalogue
from ckanext.nextgeoss.demo.entries import absolute
from ckanext.nextgeoss.demo.faults import KINDS
from ckanext.nextgeoss.demo.simulator import Simulator
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.stac import read_collection, read_item
from ckanext.nextgeoss.eo.product import Product

COUNT = 240
FIJI = (178.0, -19.0, -179.0, -16.0)


@pytest.fixture(scope="module")
def products() -> list[Product]:
    return list(catalogue.products(COUNT))


@pytest.fixture(scope="module")
def running(products: list[Product]) -> Iterator[Simulator]:
    with Simulator(products) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Iterator[Simulator]:
    yield running
    running.faults.clear()


def fetch(address: str, body: Any = None, method: str | None = None) -> tuple[int, bytes, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data=data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), error.headers


def get(address: str, body: Any = None) -> Any:
    status, answer, _ = fetch(address, body)
    assert status == 200, answer
    return json.loads(answer)


def walk(address: str, body: Any = None) -> tuple[list[dict[str, Any]], list[int]]:
    """All items of a search by its next links, and the totals that the pages told."""
    items, totals = [], []
    while address:
        page = get(address, body)
        assert page["numberReturned"] == len(page["features"])
        items += page["features"]
        totals.append(page["numberMatched"])
        following = [link for link in page["links"] if link["rel"] == "next"]
        address = following[0]["href"] if following else ""
        body = following[0].get("body") if following else None
        assert len(totals) < 100
    return items, totals


def test_paging_by_get_and_post_gives_everything_once(simulator: Simulator, products: list[Product]):
    by_get, totals = walk(f"{simulator.url}/search?limit=37")
    by_post, _ = walk(f"{simulator.url}/search", {"limit": 37})
    assert totals == [COUNT] * 7
    assert by_get == by_post
    read = {item["id"]: read_item(item) for item in by_get}
    assert len(by_get) == len(read) == COUNT
    assert read == {product.id: absolute(product, simulator.url) for product in products}


def test_the_newest_come_first(simulator: Simulator):
    times = [item["properties"]["datetime"] for item in walk(f"{simulator.url}/search?limit=100")[0]]
    assert times == sorted(times, reverse=True)


def expected(products: list[Product], **wanted: Any) -> set[str]:
    area = Footprint.from_bbox(*wanted["bbox"]) if "bbox" in wanted else None
    return {
        product.id
        for product in products
        if (area is None or (product.footprint and product.footprint.intersects(area)))
        and product.collection in wanted.get("collections", [product.collection])
        and (
            "start" not in wanted
            or (
                product.time.end.isoformat() >= wanted["start"]
                and product.time.start.isoformat() < wanted["end"]
            )  # type: ignore[union-attr]
        )
    }


@pytest.mark.parametrize("bbox", [FIJI, (-10, 35, 12, 55), (-180, 60, 180, 90), (-180, -90, 180, 90)])
def test_by_place(simulator: Simulator, products: list[Product], bbox: tuple[float, ...]):
    wanted = expected(products, bbox=bbox)
    assert len(wanted) > 3
    text = ",".join(map(str, bbox))
    assert {item["id"] for item in walk(f"{simulator.url}/search?limit=50&bbox={text}")[0]} == wanted
    assert {item["id"] for item in walk(f"{simulator.url}/search", {"bbox": list(bbox)})[0]} == wanted
    area = Footprint.from_bbox(*bbox).geojson
    assert {item["id"] for item in walk(f"{simulator.url}/search", {"intersects": area})[0]} == wanted


def test_by_collection_time_and_id(simulator: Simulator, products: list[Product]):
    some = ["landsat-c2-l2", "sentinel-1-grd"]
    wanted = expected(products, collections=some, start="2024-06", end="2024-09")
    assert 3 < len(wanted) < COUNT
    when = "2024-06-01T00:00:00Z/2024-08-31T23:59:59Z"
    found, _ = walk(f"{simulator.url}/search", {"collections": some, "datetime": when, "limit": 5})
    assert {item["id"] for item in found} == wanted
    found, _ = walk(f"{simulator.url}/search?collections={','.join(some)}&datetime={when}&limit=5")
    assert {item["id"] for item in found} == wanted
    open_end, _ = walk(f"{simulator.url}/search?datetime=2025-03-01T00:00:00Z/..&limit=100")
    assert {item["id"] for item in open_end} == expected(products, start="2025-03", end="9999")
    ids = [products[3].id, products[40].id]
    assert {item["id"] for item in get(f"{simulator.url}/search", {"ids": ids})["features"]} == set(ids)


def test_landing_collections_and_items(simulator: Simulator, products: list[Product]):
    landing = get(simulator.url)
    links = {link["rel"]: link["href"] for link in landing["links"]}
    assert "https://api.stacspec.org/v1.0.0/item-search" in landing["conformsTo"]
    assert get(links["conformance"])["conformsTo"] == landing["conformsTo"]
    listed = get(links["data"])["collections"]
    assert {entry["id"] for entry in listed} == {product.collection for product in products}
    about = read_collection(get(f"{simulator.url}/collections/landsat-c2-l2"))
    assert (about.title, about.platforms) == ("Landsat Collection 2 Level-2", ("landsat-8", "landsat-9"))
    own = [product for product in products if product.collection == "landsat-c2-l2"]
    assert about.time.start == min(product.time.start for product in own if product.time.start)
    items, totals = walk(f"{simulator.url}/collections/landsat-c2-l2/items?limit=17")
    assert {item["id"] for item in items} == {product.id for product in own}
    assert set(totals) == {len(own)}
    single = get(f"{simulator.url}/collections/landsat-c2-l2/items/{own[0].id}")
    assert read_item(single) == absolute(own[0], simulator.url)


def test_every_asset_is_served(simulator: Simulator, products: list[Product]):
    for product in products[:4]:
        for asset in absolute(product, simulator.url).assets:
            status, body, headers = fetch(asset.href)
            assert (status, headers["Content-Type"]) == (200, asset.media_type.partition(";")[0])
            if asset.checksum:
                assert asset.checksum == "sha256:" + hashlib.sha256(body).hexdigest()
                assert asset.size == len(body)


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/search?limit=0", None, "limit"),
        ("/search?bbox=1,2,3", None, "bbox"),
        ("/search?bbox=a,b,c,d", None, "bbox"),
        ("/search?datetime=yesterday", None, "yesterday"),
        ("/search?token=next:5:000000000000", None, "token"),
        ("/search", {"bbox": [0, 0, 1, 1], "intersects": {"type": "Point", "coordinates": [0, 0]}}, "both"),
        ("/search", [1], "body"),
    ],
)
def test_what_cannot_be_asked_is_said(simulator: Simulator, path: str, body: Any, message: str):
    status, answer, _ = fetch(simulator.url + path, body)
    assert status == 400
    assert message in json.loads(answer)["description"]


@pytest.mark.parametrize("path", ["/nothing", "/collections/none", "/thumbnails/none.png", "/data/x/y.tif"])
def test_what_is_not_there(simulator: Simulator, path: str):
    assert fetch(simulator.url + path)[0] == 404


# --- faults


def test_faults_come_as_often_as_asked_and_go(simulator: Simulator):
    """Two refusals with a time to wait, and everything is there afterwards."""
    simulator.fail("429", times=2, retry_after=1)
    answers = [fetch(f"{simulator.url}/search") for _ in range(3)]
    assert [answer[0] for answer in answers] == [429, 429, 200]
    assert answers[0][2]["Retry-After"] == "1"
    assert len(walk(f"{simulator.url}/search?limit=100")[0]) == COUNT


def test_faults_by_the_control_address(simulator: Simulator):
    said = {"kind": "503", "times": 2, "skip": 1}
    status, answer, _ = fetch(f"{simulator.url}/_faults", said)
    assert status == 200
    (listed,) = json.loads(answer)["faults"]
    assert listed | said == listed
    codes = [fetch(f"{simulator.url}/search")[0] for _ in range(2)]
    fetch(f"{simulator.url}/_faults", method="DELETE")
    assert [*codes, fetch(f"{simulator.url}/search")[0]] == [200, 503, 200]
    status, answer, headers = fetch(f"{simulator.url}/search?_fault=503")
    assert (status, headers["Retry-After"]) == (503, None)


@pytest.mark.parametrize(
    "said", [{"kind": "hmtl"}, {"kind": "429", "time": 1}, {"kind": "429", "times": "x"}, {}]
)
def test_an_unknown_fault_is_refused(simulator: Simulator, said: dict[str, Any]):
    status, answer, _ = fetch(f"{simulator.url}/_faults", said)
    assert status == 400
    assert json.loads(answer)["description"]
    assert simulator.faults.listing() == []


def test_only_the_paths_meant_fail(simulator: Simulator):
    simulator.fail("500", path="/collections")
    assert fetch(f"{simulator.url}/search")[0] == 200
    assert fetch(f"{simulator.url}/collections")[0] == 500


def test_only_the_requests_meant_fail(simulator: Simulator):
    """Those whose address or body says so; faults for others wait."""
    simulator.fail("500", about="landsat", skip=1, times=2)
    asked = ["?collections=landsat-c2-l2", "?limit=1", "?collections=landsat-c2-l2&limit=3"]
    assert [fetch(f"{simulator.url}/search{query}")[0] for query in asked] == [200, 200, 500]
    assert fetch(f"{simulator.url}/search", {"collections": ["landsat-c2-l2"]})[0] == 500
    assert simulator.faults.listing() == []


def broken(simulator: Simulator, kind: str, method: str = "GET") -> bytes:
    if method == "GET":
        return fetch(f"{simulator.url}/search?limit=20&_fault={kind}")[1]
    simulator.fail(kind)
    return fetch(f"{simulator.url}/search", {"limit": 20})[1]


def test_answers_that_are_no_json(simulator: Simulator):
    assert broken(simulator, "empty") == b""
    assert broken(simulator, "html").startswith(b"<!DOCTYPE html>")
    with pytest.raises(ValueError):
        json.loads(broken(simulator, "truncated"))
    assert "features" not in json.loads(broken(simulator, "error-inside"))


def test_answers_with_wrong_members(simulator: Simulator):
    assert isinstance(json.loads(broken(simulator, "no-list"))["features"], dict)
    page = json.loads(broken(simulator, "wrong-types"))
    assert all(read_item(item).problems for item in page["features"])
    page = json.loads(broken(simulator, "empty-page"))
    assert page["features"] == []
    assert page["numberMatched"] == COUNT
    ids = [item["id"] for item in json.loads(broken(simulator, "repeated"))["features"]]
    assert len(ids) == 2 * len(set(ids)) == 40
    named = ["id" in item for item in json.loads(broken(simulator, "nameless"))["features"]]
    assert named == [False, True] * 10


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_that_leads_to_itself(simulator: Simulator, method: str):
    page = json.loads(broken(simulator, "self-link", method))
    (following,) = [link for link in page["links"] if link["rel"] == "next"]
    again = get(following["href"], following.get("body"))
    assert [item["id"] for item in again["features"]] == [item["id"] for item in page["features"]]


def test_a_connection_that_breaks_off(simulator: Simulator):
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        broken(simulator, "reset")
    assert fetch(f"{simulator.url}/search")[0] == 200


def test_an_answer_that_takes_its_time(simulator: Simulator):
    simulator.fail("slow", seconds=0.4)
    before = time.monotonic()
    assert fetch(f"{simulator.url}/search")[0] == 200
    assert time.monotonic() - before >= 0.4


def test_an_answer_that_never_comes_or_stops_half_way(simulator: Simulator):
    for kind in ("hang", "stall"):
        simulator.fail(kind)
        with pytest.raises(TimeoutError):
            urllib.request.urlopen(f"{simulator.url}/search", timeout=0.3).read()
        while simulator.faults.listing():  # on a busy machine we have gone before it has read what we asked
            time.sleep(0.01)
    assert fetch(f"{simulator.url}/search")[0] == 200


def test_an_answer_of_a_gigabyte_is_sent_as_it_is_made(simulator: Simulator):
    memory = psutil.Process().memory_info().rss
    simulator.fail("huge")
    with urllib.request.urlopen(f"{simulator.url}/search", timeout=10) as answer:
        assert int(answer.headers["Content-Length"]) > 1024**3
        for _ in range(100):
            assert len(answer.read(1024**2)) == 1024**2
    assert psutil.Process().memory_info().rss - memory < 50e6


def test_bombs(simulator: Simulator):
    """A megabyte that is a gigabyte when it is decompressed, and a text that is three when it is expanded."""
    simulator.fail("gzip-bomb")
    status, body, headers = fetch(f"{simulator.url}/search")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert len(body) < 2e6
    inflating = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert len(inflating.decompress(body)) * 128 == 1024**3
    assert len(inflating.unused_data) > 0.9 * len(body)
    bomb = broken(simulator, "entity-bomb")
    assert b"<!ENTITY e9" in bomb
    assert len(bomb) < 2000


def test_a_clock_that_is_wrong(simulator: Simulator):
    """It asks to come back a second later, by its own time."""
    simulator.fail("clock", seconds=3600)
    status, _, headers = fetch(f"{simulator.url}/search")
    date, until = (parsedate_to_datetime(headers[name]) for name in ("Date", "Retry-After"))
    assert (status, (until - date).total_seconds()) == (503, 1)
    assert 3590 < date.timestamp() - time.time() < 3610


@pytest.mark.parametrize("kind", ["shifted-back", "shifted-on", "twins"])
def test_pages_that_shift_and_twins_are_well_formed(simulator: Simulator, kind: str):
    """What they do to a whole search is tested for each protocol."""
    assert json.loads(broken(simulator, kind))["numberReturned"] == 20


def mishaps(simulator: Simulator, **said: Any) -> list[int]:
    """What becomes of 300 searches, each asked once more when it failed."""
    simulator.faults.clear()
    fetch(f"{simulator.url}/_faults", {"rate": 0.1, "kinds": ["429", "503"], "seed": 5, **said})
    codes = [fetch(f"{simulator.url}/search?limit={n}")[0] for n in range(1, 301)]
    return codes + [fetch(f"{simulator.url}/search?limit={n}")[0] for n in range(1, 301)]


def test_random_faults_are_the_same_with_the_same_seed(simulator: Simulator):
    """A tenth of the requests, not always the same when it is asked again, in whatever order."""
    first = mishaps(simulator)
    assert mishaps(simulator) == first
    assert mishaps(simulator, seed=6) != first
    assert first[:300] != first[300:]
    assert {*first} == {200, 429, 503}
    assert 30 < sum(code != 200 for code in first) < 90
    done = json.loads(fetch(f"{simulator.url}/_faults")[1])["done"]
    assert sum(done.values()) > 30
    fetch(f"{simulator.url}/_faults", method="DELETE")
    assert fetch(f"{simulator.url}/search?limit=1")[0] == 200


@pytest.mark.parametrize(
    "said", [{"rate": 2, "kinds": ["429"]}, {"rate": 0.1}, {"rate": 0.1, "kinds": ["x"]}, {"rate": "x"}, [1]]
)
def test_random_faults_that_cannot_be_are_refused(simulator: Simulator, said: Any):
    status, answer, _ = fetch(f"{simulator.url}/_faults", said)
    assert status == 400
    assert json.loads(answer)["description"]


def test_every_kind_is_tested():
    """Each fault there is stands in a test of this file."""
    source = Path(__file__).read_text("utf-8")
    statuses = {"502"}
    assert [kind for kind in KINDS if f'"{kind}"' not in source and kind not in statuses] == []


def test_requests_are_kept(simulator: Simulator):
    simulator.requests.clear()
    fetch(f"{simulator.url}/search?limit=1")
    fetch(f"{simulator.url}/search", {"limit": 1})
    assert list(simulator.requests) == ["GET /search?limit=1", "POST /search"]


def test_closing_does_not_wait_for_clients(products: list[Product]):
    """Connections kept open and slow answers end with the server."""
    with Simulator(products[:3]) as simulator:
        simulator.fail("slow", seconds=60)
        host, port = urllib.parse.urlsplit(simulator.url).netloc.split(":")
        idle = socket.create_connection((host, int(port)))
        waiting = socket.create_connection((host, int(port)))
        waiting.sendall(b"GET /search HTTP/1.1\r\nHost: a\r\n\r\n")
        while not simulator.requests:
            time.sleep(0.01)
        before = time.monotonic()
    assert time.monotonic() - before < 30
    idle.close()
    waiting.close()


def test_as_a_program():
    """It tells its address, serves the demo with some records that have problems, and ends on TERM."""
    command = [sys.executable, "-m", "ckanext.nextgeoss.demo.simulator", "--products", "300"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        url = program.stdout.readline().strip()
        items, _ = walk(f"{url}/search?limit=200")
        program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0
    assert len(items) == 300
    assert 1 <= sum(bool(read_item(item).problems) for item in items) < 20


def test_a_port_in_use_is_one_line(simulator: Simulator):
    port = simulator.url.rpartition(":")[2]
    command = [sys.executable, "-m", "ckanext.nextgeoss.demo.simulator", "--products", "1", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("simulator: ")
    assert done.stderr.count("\n") == 1
