"""What exports write is read again by others: CSV by csv, GeoJSON by json, Metalink by lxml."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.downloads import downloads, files
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats import csv_table, geojson_table, metalink, product_json, url_list
from ckanext.nextgeoss.eo.page import Entry, Page
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import parse_time
from ckanext.nextgeoss.tests.core.strategies import ROWS, modest, products

META = f"{{{metalink.NAMESPACE}}}"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def page(*found: Product) -> Page:
    entries = tuple(Entry(uuid=f"u{number}", name=f"n{number}") for number in range(len(found)))
    return Page(found, len(found), entries=entries)


some_pages = st.lists(st.lists(products(), max_size=3).map(lambda found: page(*found)), max_size=3)


def product(*assets: Asset, **parts: Any) -> Product:
    return Product(**{"id": "S2A_X.SAFE", "collection": "c", "assets": assets} | parts)


def link(key: str, href: str, *roles: str, **parts: Any) -> Asset:
    return Asset(key=key, href=href, roles=roles, **parts)


def table(*found: Product, names: tuple[str, ...] = tuple(ROWS)) -> list[dict[str, str]]:
    text = b"".join(csv_table.write([page(*found)], names)).decode()
    return list(csv.DictReader(StringIO(text, newline="")))


@modest
@given(some_pages)
def test_a_table_says_of_each_product_what_is_known(pages: list[Page]) -> None:
    text = b"".join(csv_table.write(pages, ROWS)).decode()
    assert text.endswith("\r\n")
    rows = list(csv.DictReader(StringIO(text, newline="")))
    found = [each for page in pages for each in page.products]
    assert len(rows) == len(found)
    for row, each in zip(rows, found, strict=True):
        assert row["id"] == each.id
        assert (Footprint.from_wkt(row["geometry"]) if row["geometry"] else None) == each.footprint
        said = {name: row[name] for name in ROWS if row[name]}
        assert said.keys() == {name for name, value in each.properties.items() if value != ""}
        for name, text in said.items():
            value = each.properties[name]
            guarded = isinstance(value, str) and value.startswith(FORMULA)
            assert ROWS[name].from_text(text[1:] if guarded else text) == value


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+1", "-1+2", "@SUM(A1)", "\t=1", 'a"b,c\r\nd'])
def test_no_text_is_a_formula(text: str) -> None:
    (row,) = table(product(title=text, properties={"snow_cover": 5.0, "platform": text}))
    for cell in (row["title"], row["platform"]):
        assert not cell.startswith(FORMULA)
        assert cell.removeprefix("'") == text
    (row,) = table(product(properties={"sun_elevation": -5.5}))
    assert row["sun_elevation"] == "-5.5"


def test_no_column_and_no_member_stands_for_two_things() -> None:
    assert not set(csv_table.COLUMNS) & set(ROWS)
    assert not {*geojson_table.MEMBERS, "url", "size"} & set(ROWS)


@modest
@given(some_pages)
def test_a_feature_collection_has_all_features(pages: list[Page]) -> None:
    read = json.loads(b"".join(geojson_table.write(pages)))
    assert read["type"] == "FeatureCollection"
    found = [pair for page in pages for pair in zip(page.products, page.entries, strict=True)]
    for feature, (each, entry) in zip(read["features"], found, strict=True):
        assert (feature["type"], feature["id"]) == ("Feature", entry.uuid)
        footprint = Footprint.from_geojson(feature["geometry"]) if feature["geometry"] else None
        assert footprint == each.footprint
        assert feature["properties"]["id"] == each.id
        assert {
            name: product_json.json_value(value) for name, value in each.properties.items()
        }.items() <= feature["properties"].items()


@modest
@given(some_pages)
def test_a_metalink_has_safe_and_different_names(pages: list[Page]) -> None:
    text = b"".join(metalink.write(pages, origin="https://hub.example/x?a=1&b=<2>"))
    pairs = [pair for page in pages for pair in zip(page.products, page.entries, strict=True)]
    expected = [each for pair in pairs for each in files(*pair)]
    if not expected:
        assert text == b""
        return
    found = etree.fromstring(text).findall(f"{META}file")
    assert [file.findtext(f"{META}url") for file in found] == [places[0].asset.href for places in expected]
    for file, places in zip(found, expected, strict=True):
        assert re.fullmatch(r"n\d/\w[\w.+-]*", file.get("name"), re.A)
        size = file.findtext(f"{META}size")
        assert size == (None if places[0].asset.size is None else str(places[0].asset.size))
    for page in pages:
        own = b"".join(metalink.write([page]))
        names = [file.get("name").lower() for file in etree.fromstring(own)[1:]] if own else []
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("asset", "name"),
    [
        (link("product", "https://a.example/d/S2A_X.zip?token=1"), "S2A_X.zip"),
        (link("product", "https://a.example/Products(1)/$value", media_type="application/zip"), "S2A_X.zip"),
        (link("B04", "https://a.example/get?file=1", media_type="image/jp2"), "B04.jp2"),
        (link("B04", "https://a.example/%2e%2e%2f%2e%2e%2fpasswd.txt"), "passwd.txt"),
        (link("B04", "https://a.example/..%5C..%5Cboot.ini"), "boot.ini"),
        (link("B04", "https://a.example/.bashrc"), "B04"),
        (link("B04", "https://a.example/.hidden.sh"), "hidden.sh"),
        (link("B04", "https://a.example/größe 1.tif"), "gr_e_1.tif"),
        (link("B04", "https://[bad"), "B04"),
        (link("../x/..", "https://a.example/"), "x_."),
        (link("..", "https://a.example/"), "file"),
    ],
)  # fmt: skip
def test_files_are_called_by_what_is_safe(asset: Asset, name: str) -> None:
    assert metalink.file_name(product(asset), asset) == name


def test_a_metalink_tells_sizes_hashes_and_mirrors() -> None:
    md5 = "md5:" + 32 * "a"
    made = product(
        link("product", "https://a.example/p.zip", "data", size=7, checksum=md5),
        link("P", "https://a.example/P.ZIP", "data", checksum="blake3:" + 64 * "b"),
        link("mirror", "https://b.example/p.zip", "data", checksum=md5),
        link("other", "https://b.example/q.zip", "data"),
        link("store", "s3://bucket/p.zip", "data"),
        link("thumbnail", "https://a.example/t.png", "thumbnail"),
    )
    entry = Entry(uuid="u", name="s2a", offered_by=("a", "a", "b", "b", "a", "a"))
    written = b"".join(
        metalink.write([Page((made,), entries=(entry,))], published=parse_time("2026-01-02T03:04:05Z"))
    )
    root = etree.fromstring(written)
    assert root.findtext(f"{META}published") == "2026-01-02T03:04:05Z"
    first, second = root.findall(f"{META}file")
    assert (first.get("name"), second.get("name")) == ("s2a/p.zip", "s2a/P-2.ZIP")
    assert (first.findtext(f"{META}size"), first.findtext(f"{META}identity")) == ("7", "S2A_X.SAFE")
    assert [(hash_.get("type"), hash_.text) for hash_ in first.findall(f"{META}hash")] == [("md5", 32 * "a")]
    assert [(url.get("priority"), url.text) for url in first.findall(f"{META}url")] == [
        ("1", "https://a.example/p.zip"),
        ("2", "https://b.example/p.zip"),
    ]
    assert second.find(f"{META}hash") is None


def test_a_list_of_addresses_has_one_a_line() -> None:
    made = product(
        link("product", "https://a.example/p q.zip", "data"),
        link("evil", "https://a.example/x\nhttps://evil.example/y", "data"),
        link("manifest", "https://a.example/m.xml", "metadata"),
    )
    assert b"".join(url_list.write([page(made), page(product())])).decode().split("\n") == [
        "https://a.example/p%20q.zip",
        "https://a.example/x%0Ahttps://evil.example/y",
        "",
    ]
    assert b"".join(url_list.write([page(made)], ["metadata"])) == b"https://a.example/m.xml\n"


def test_downloads_are_ranked_and_chosen_by_role() -> None:
    made = product(
        link("thumbnail", "https://a.example/t.png", "thumbnail"),
        link("store", "s3://bucket/p.zip", "data"),
        link("plain", "ftp://a.example/p.zip"),
        link("B04", "https://a.example/b4.tif", "reflectance"),
    )
    assert [each.asset.key for each in downloads(made)] == ["plain", "B04", "store"]
    assert [each.asset.key for each in downloads(made, roles=["reflectance", "thumbnail"])] == [
        "B04",
        "thumbnail",
    ]
    assert [each.access for each in downloads(made)] == ["online", "online", "sign-in"]
    assert files(product()) == []


@pytest.mark.parametrize(
    "write",
    [
        lambda pages: csv_table.write(pages, ROWS),
        geojson_table.write,
        url_list.write,
        metalink.write,
    ],
)
def test_no_page_is_read_before_it_is_written(write: Any) -> None:
    read: list[int] = []

    def pages() -> Iterator[Page]:
        for number in range(100):
            read.append(number)
            yield page(product(link("product", f"https://a.example/{number}.zip", "data")))

    pieces = write(pages())
    for number in range(50):
        next(pieces)
        assert len(read) <= number + 2
