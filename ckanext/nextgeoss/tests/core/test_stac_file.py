"""Files of STAC items: lines of JSON and GeoParquet, read part by part in constant memory."""

from __future__ import annotations

import builtins
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer, BadConfiguration, BadValue
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.harvesters.pagination import request_from_text, request_to_text
from ckanext.nextgeoss.harvesters.protocols import Answer, protocol, stac_file
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.reading import read_answer
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits, RemoteError
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve


def _item(number: int, collection: str = "c", **more: Any) -> dict[str, Any]:
    x = number % 100
    ring = [[x, 10], [x + 1, 10], [x + 1, 11], [x, 11], [x, 10]]
    return {
        "type": "Feature", "stac_version": "1.0.0", "id": f"i{number}", "collection": collection,
        "geometry": {"type": "Polygon", "coordinates": [ring]}, "bbox": [x, 10, x + 1, 11],
        "properties": {"datetime": f"2024-06-{number % 28 + 1:02}T10:00:00Z", "eo:cloud_cover": number % 100},
        "links": [], "assets": {"data": {"href": f"https://x.example/{number}.tif", "roles": ["data"]}},
    } | more  # fmt: skip


def _lines(*items: Any) -> bytes:
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


def _file(body: bytes, *, ranges: bool = True) -> Callable[[Handler], None]:
    """A file as a server gives it: the part that is asked, or all of it."""

    def give(handler: Handler) -> None:
        said = handler.headers.get("Range", "").removeprefix("bytes=")
        if not ranges or not said:
            handler.answer(body)
            return
        first, _, last = said.partition("-")
        begin = int(first) if first else max(len(body) - int(last), 0)
        end = min(int(last) + 1, len(body)) if first and last else len(body)
        if begin >= len(body):
            handler.answer(b"", 416)
            return
        told = f"bytes {begin}-{end - 1}/{len(body)}"
        handler.answer(body[begin:end], 206, Content_Range=told)

    return give


def _provider(url: str, **said: object) -> Provider:
    about: dict[str, object] = {"title": "X", "organization": "x", "url": url, "profile": "stac_file"}
    return provider_from_mapping("x", {**about, "collections": ["c"]} | said, "x.yaml")


def _catalogue(server: LocalServer, path: str, **said: object) -> RemoteCatalogue:
    limits = Limits(attempts=2, pause=0.01, total=5, longest_pause=3)
    client = HttpClient(allowed_private_hosts=[server.host], limits=limits)
    return RemoteCatalogue(_provider(server.url + path, **said), client.send)


def _ids(answers: list[Answer]) -> list[str]:
    return [product.id for answer in answers for product in answer.products]


ALL = [f"i{n}" for n in range(50)]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a few items."""
    monkeypatch.setattr(stac_file, "PART", 3000)


# --- lines


@pytest.mark.usefixtures("small_parts")
def test_lines_part_by_part():
    """Each item once, whole, also those that lie across two parts; never more than a part is asked."""
    with serve({"/i.ndjson": _file(_lines(*map(_item, range(50))))}) as server:
        answers = list(_catalogue(server, "/i.ndjson").pages(Query()))
        assert _ids(answers) == ALL
        assert len(answers) > 5
        assert all(call.headers["range"].startswith("bytes=") for call in server.calls)
        assert all(call.headers["accept-encoding"] == "identity" for call in server.calls)


@pytest.mark.usefixtures("small_parts")
def test_lines_from_any_part_on():
    """The cursor is the place in the file."""
    with serve({"/i.ndjson": _file(_lines(*map(_item, range(50))))}) as server:
        answers = list(_catalogue(server, "/i.ndjson").pages(Query()))
        for number, answer in enumerate(answers[:-1]):
            assert answer.next is not None
            cursor = request_from_text(request_to_text(answer.next))
            rest = list(_catalogue(server, "/i.ndjson").pages(Query(), cursor))
            assert _ids(rest) == _ids(answers[number + 1 :])


@pytest.mark.usefixtures("small_parts")
def test_a_server_that_gives_no_parts():
    """The whole file is one answer; a cursor of another server leads to the rest all the same."""
    body = _lines(*map(_item, range(50)))
    with serve({"/i.ndjson": _file(body, ranges=False), "/parts": _file(body)}) as server:
        assert _ids(list(_catalogue(server, "/i.ndjson").pages(Query()))) == ALL
        parts = _catalogue(server, "/parts").pages(Query())
        first = next(parts)
        assert first.next is not None
        rest = _catalogue(server, "/i.ndjson").pages(Query(), first.next.__class__(
            url=f"{server.url}/i.ndjson", headers=first.next.headers))  # fmt: skip
        assert [*_ids([first]), *_ids(list(rest))] == ALL


def test_what_a_file_cannot_be_asked_is_picked():
    """Collections and time of what is wanted; other conditions are refused."""
    items = [_item(1), _item(2, "other"), _item(15)]
    time = {
        "start": datetime(2024, 6, 10, tzinfo=timezone.utc),
        "end": datetime(2024, 6, 20, tzinfo=timezone.utc),
    }
    with serve({"/i.ndjson": _file(_lines(*items))}) as server:
        catalogue = _catalogue(server, "/i.ndjson")
        assert catalogue.asks == frozenset()
        assert _ids(list(catalogue.pages(Query(collections=("c",))))) == ["i1", "i15"]
        extent = type(Query().time)(**time)
        assert _ids(list(catalogue.pages(Query(collections=("c",), time=extent)))) == ["i15"]
        assert catalogue.count(Query()) is None
        assert list(catalogue.collections()) == []
        with pytest.raises(BadValue, match="a file cannot be asked"):
            catalogue.probe(Query(conditions=(Condition("cloud_cover", "<", 5.0),)))


def test_lines_that_are_broken():
    """Each is refused where it stands, and the others are read."""
    body = _lines(_item(1)) + b'{"type": "Feature", "id": "cu\n\n[1]\n"text"\n' + _lines(_item(2, id=None))
    body = b"\xef\xbb\xbf" + body + b"\x1e" + _lines(_item(3))
    with serve({"/i.ndjson": _file(body)}) as server:
        (answer,) = _catalogue(server, "/i.ndjson").pages(Query())
    assert _ids([answer]) == ["i1", "i3"]
    assert [bad.position for bad in answer.refused] == [1, 2, 3, 4]
    assert "not JSON" in answer.refused[0].reason
    assert [record.position for record in answer.records] == [0, 5]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html><title>Sign in</title></html>", "HTML (Sign in)"),
        (b'{"code": "NoSuchKey", "message": "no such key"}\n', "no such key"),
        (b"", "an empty answer"),
        (b"\x1f\x8b\x08\x00abc", "compressed"),
        (b'{\n "type": "FeatureCollection",\n "features": [\n', "cut short"),
        (b"id,datetime\n1,2024\n", "not JSON"),
    ],
)
def test_files_of_another_kind(body: bytes, words: str):
    with serve({"/i.ndjson": _file(body, ranges=False)}) as server, pytest.raises(BadAnswer) as caught:
        list(_catalogue(server, "/i.ndjson").pages(Query()))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_one_document():
    """An item collection, in one line or many, and a single item."""
    collection = {"type": "FeatureCollection", "features": [_item(1), _item(2)]}
    for body, ids in (
        (json.dumps(collection).encode(), ["i1", "i2"]),
        (json.dumps(collection, indent=2).encode(), ["i1", "i2"]),
        (json.dumps(_item(7)).encode(), ["i7"]),
        (json.dumps(_item(7), indent=2).encode(), ["i7"]),
    ):
        with serve({"/i.json": _file(body)}) as server:
            assert _ids(list(_catalogue(server, "/i.json").pages(Query()))) == ids


@pytest.mark.usefixtures("small_parts")
def test_parts_that_are_wrong():
    """Another part than was asked, and a line without end, are errors: nothing is left out silently."""
    body = _lines(*map(_item, range(50)))

    def other(handler: Handler) -> None:
        handler.answer(body[:3000], 206, Content_Range=f"bytes 7-3006/{len(body)}")

    def silent(handler: Handler) -> None:
        handler.answer(body[:3000], 206)

    for route in (other, silent):
        with serve({"/i.ndjson": route}) as server, pytest.raises(BadAnswer, match="not the part"):
            list(_catalogue(server, "/i.ndjson").pages(Query()))
    long = _lines(_item(1, properties={"datetime": "2024-06-01T00:00:00Z", "title": "x" * 5000}))
    with serve({"/i.ndjson": _file(long + body)}) as server, pytest.raises(BadAnswer, match="a line longer"):
        list(_catalogue(server, "/i.ndjson").pages(Query()))


def test_later_please():
    """429 and 503 with Retry-After are waited for, once; a missing file is an error."""
    for status in (429, 503):
        seen: list[int] = []

        def busy(handler: Handler, status: int = status, seen: list[int] = seen) -> None:
            seen.append(1)
            if len(seen) == 1:
                handler.answer({}, status, Retry_After="0")
            else:
                _file(_lines(_item(1)))(handler)

        with serve({"/i.ndjson": busy}) as server:
            assert _ids(list(_catalogue(server, "/i.ndjson").pages(Query()))) == ["i1"]
    gone = {"/i.ndjson": lambda handler: handler.answer({}, 404)}
    with serve(gone) as server, pytest.raises(RemoteError, match="404"):
        list(_catalogue(server, "/i.ndjson").pages(Query()))


# --- GeoParquet


def _parquet(path: Path, items: list[dict[str, Any]], row_group: int = 20) -> bytes:
    """The items in the stac-geoparquet layout: a row each, properties as columns, geometry as WKB."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    shapely = pytest.importorskip("shapely")
    rows: list[dict[str, Any]] = []
    for item in items:
        geometry = item["geometry"]
        wkb = shapely.from_geojson(json.dumps(geometry)).wkb if isinstance(geometry, dict) else geometry
        box = dict(zip(("xmin", "ymin", "xmax", "ymax"), item["bbox"], strict=True))
        fields = dict(item["properties"])
        fields["datetime"] = datetime.fromisoformat(fields["datetime"].replace("Z", "+00:00"))
        members = {
            name: item[name] for name in ("type", "stac_version", "id", "collection", "links", "assets")
        }
        rows.append({**members, **fields, "geometry": wkb, "bbox": box})
    names = dict.fromkeys(name for row in rows for name in row)
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    pq.write_table(table, path, row_group_size=row_group)
    return path.read_bytes()


def test_geoparquet_by_row_groups(tmp_path: Path):
    """Each row group is a page; what is read is asked in parts, and what an item has not is left out."""
    items = list(map(_item, range(50)))
    items[3]["assets"] = {"thumbnail": {"href": "https://x.example/t.png"}}
    items[4]["properties"]["gsd"] = 10.0
    body = _parquet(tmp_path / "i.parquet", items)
    with serve({"/i.parquet": _file(body)}) as server:
        answers = list(_catalogue(server, "/i.parquet").pages(Query()))
        assert [len(answer.products) for answer in answers] == [20, 20, 10]
        assert _ids(answers) == ALL
        assert all("range" in call.headers for call in server.calls)
        expected = read_answer(_provider("https://x.example/"), _lines(*items), "i.ndjson").answer
        assert expected is not None
        found = [product for answer in answers for product in answer.products]
        assert found == list(expected.products)
        for number, answer in enumerate(answers[:-1]):
            assert answer.next is not None
            cursor = request_from_text(request_to_text(answer.next))
            assert len(request_to_text(cursor)) < 200
            rest = list(_catalogue(server, "/i.parquet").pages(Query(), cursor))
            assert _ids(rest) == _ids(answers[number + 1 :])


def test_geoparquet_larger_than_its_tail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Only the index and the row group are asked, not the file."""
    from ckanext.nextgeoss.harvesters.protocols import geoparquet

    noise = [
        _item(n, properties={"datetime": "2024-06-01T00:00:00Z", "title": secrets.token_hex(10_000)})
        for n in range(200)
    ]
    body = _parquet(tmp_path / "i.parquet", noise, row_group=20)
    monkeypatch.setattr(geoparquet, "_TAIL", 1000)
    sent: list[int] = []

    def counted(handler: Handler) -> None:
        answer = handler.answer

        def count(data: bytes | object = b"", status: int = 200, **headers: str) -> None:
            sent.append(len(data) if isinstance(data, bytes) else 0)
            answer(data, status, **headers)

        handler.answer = count  # type: ignore[method-assign]
        _file(body)(handler)

    with serve({"/i.parquet": counted}) as server:
        first = next(_catalogue(server, "/i.parquet").pages(Query()))
        assert len(first.products) == 20
        assert sum(sent) < len(body) / 2, (sum(sent), len(body))


def test_geoparquet_by_what_it_begins_with(tmp_path: Path):
    """Whatever it is called, and from servers that give no parts; a saved file is read whole."""
    body = _parquet(tmp_path / "i.parquet", list(map(_item, range(50))))
    with serve({"/items": _file(body), "/whole.parquet": _file(body, ranges=False)}) as server:
        assert _ids(list(_catalogue(server, "/items").pages(Query()))) == ALL
        assert _ids(list(_catalogue(server, "/whole.parquet").pages(Query()))) == ALL
    reading = read_answer(_provider("https://x.example"), body, "i.parquet")
    assert reading.answer is not None
    assert _ids([reading.answer]) == ALL


def test_geoparquet_with_a_bad_geometry(tmp_path: Path):
    """It is noted with its product, and the box is taken."""
    body = _parquet(
        tmp_path / "i.parquet", [_item(1, geometry=b"\x01\x02"), _item(2, geometry=None), _item(3)]
    )
    with serve({"/i.parquet": _file(body)}) as server:
        (answer,) = _catalogue(server, "/i.parquet").pages(Query())
    assert _ids([answer]) == ["i1", "i2", "i3"]
    assert all(product.footprint for product in answer.products)
    assert [bool(product.problems) for product in answer.products] == [True, True, False]


def test_geoparquet_that_is_broken(tmp_path: Path):
    pytest.importorskip("pyarrow")
    body = _parquet(tmp_path / "i.parquet", [_item(1)])
    html: Callable[[Handler], None] = lambda handler: handler.answer(b"<html><title>Sign in</title>")  # noqa: E731
    for route in (_file(body[:-40]), _file(b"PAR1" + b"x" * 100), html):
        with serve({"/i.parquet": route}) as server, pytest.raises(BadAnswer) as caught:
            list(_catalogue(server, "/i.parquet").pages(Query()))
        assert "\n" not in str(caught.value)
    missing: Callable[[Handler], None] = partial(Handler.answer, body={}, status=404)
    with serve({"/i.parquet": missing}) as server, pytest.raises(RemoteError, match="404"):
        list(_catalogue(server, "/i.parquet").pages(Query()))


def test_without_pyarrow(monkeypatch: pytest.MonkeyPatch):
    """One line says what to install."""
    found = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return found(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    words = r"pip install 'ckanext-nextgeoss\[geoparquet\]'"
    with serve({"/i.parquet": _file(b"PAR1")}) as server, pytest.raises(BadConfiguration, match=words):
        list(_catalogue(server, "/i.parquet").pages(Query()))


def test_asks_nothing():
    assert protocol("stac_file").asks(_provider("https://x.example")) == frozenset()
