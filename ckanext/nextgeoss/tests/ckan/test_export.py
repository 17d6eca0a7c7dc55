"""`/export/products.*`: a whole result as a file, for those who may see it, never more and never less."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action
from lxml import etree

from ckanext.nextgeoss.eo.formats.csv_table import COLUMNS
from ckanext.nextgeoss.eo.page import Entry, Page
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.search.catalogue import Catalogue as Index
from ckanext.nextgeoss.search.solr import SolrError
from ckanext.nextgeoss.tests.catalogue import Catalogue, make_product

FORMS = {
    "csv": "text/csv; charset=utf-8; header=present",
    "geojson": "application/geo+json",
    "txt": "text/plain; charset=utf-8",
    "meta4": "application/metalink4+xml",
}
META = "{urn:ietf:params:xml:ns:metalink}"


@pytest.fixture(scope="module")
def tokens(catalogue: Catalogue) -> dict[str, str]:
    """Of people who may see the private product, and of one who may not."""
    member = factories.UserWithToken(image_url="")
    call_action(
        "organization_member_create",
        {"user": catalogue.user},
        id=catalogue.organization["id"],
        username=member["name"],
        role="member",
    )
    return {
        "visitor": "",
        "other": catalogue.stranger,
        "member": member["token"],
        "sysadmin": catalogue.token,
    }


def export(
    site: Any, form: str, token: str = "", *, gzipped: bool = False, status: int = 200, **asked: Any
) -> Any:
    headers = {"Authorization": token} if token else {}
    headers |= {"Accept-Encoding": "gzip"} if gzipped else {}
    return site.get(f"/export/products.{form}", query_string=asked, headers=headers, status=status)


def rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(answer.data.decode(), newline="")))


@pytest.mark.parametrize("form", FORMS)
def test_all_forms_are_files_of_the_whole_result(catalogue: Catalogue, site: Any, form: str) -> None:
    answer = export(site, form, collection=catalogue.collection)
    assert answer.headers["Content-Type"] == FORMS[form]
    name = f"products-{catalogue.collection}.{form}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Total-Count"] == "4"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie", "Accept-Encoding"} <= set(answer.headers["Vary"].split(", "))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_table_has_the_columns_that_occur(catalogue: Catalogue, site: Any) -> None:
    answer = export(site, "csv", collection=catalogue.collection, sort="cloud_cover")
    found = rows(answer)
    assert list(found[0])[:3] == ["id", "collection", "title"]
    assert set(found[0]) - set(COLUMNS) == {"platform", "instruments", "processing_level", "cloud_cover"}
    assert [row["cloud_cover"] for row in found] == ["5", "12.5", "80", ""]
    assert found[1]["instruments"] == '["msi"]'
    assert found[1]["url"] == "https://data.example.org/product.zip" and found[1]["size"] == "714060000"


def test_features_and_files(catalogue: Catalogue, site: Any) -> None:
    features = json.loads(export(site, "geojson", collection=catalogue.collection).data)["features"]
    by_id = {feature["id"]: feature for feature in features}
    north = by_id[catalogue.datasets["north"]["id"]]
    assert north["properties"]["cloud_cover"] == 12.5 and north["bbox"] == [10, 60, 11, 61]
    lines = export(site, "txt", collection=catalogue.collection).data.decode().splitlines()
    assert lines == ["https://data.example.org/product.zip"] * 2
    root = etree.fromstring(export(site, "meta4", collection=catalogue.collection, sort="-cloud_cover").data)
    assert [file.get("name") for file in root.iter(f"{META}file")] == [
        f"{catalogue.name('south')}/product.zip",
        f"{catalogue.name('north')}/product.zip",
    ]
    assert root.findtext(f"{META}origin").endswith(f"collection={catalogue.collection}&sort=-cloud_cover")


@pytest.mark.parametrize(("who", "number"), [("visitor", 4), ("other", 4), ("member", 5), ("sysadmin", 5)])
@pytest.mark.parametrize("form", ["csv", "geojson"])
def test_what_is_private_is_exported_for_members_only(
    catalogue: Catalogue, site: Any, tokens: dict[str, str], who: str, number: int, form: str
) -> None:
    private = catalogue.datasets["private"]
    answer = export(site, form, tokens[who], collection=catalogue.collection)
    assert answer.headers["X-Total-Count"] == str(number)
    for said in (private["id"], private["identifier"], private["name"]):
        assert (said in answer.data.decode()) is (number == 5)


def test_a_property_of_private_products_alone_is_no_column_for_others(
    catalogue: Catalogue, site: Any, tokens: dict[str, str]
) -> None:
    made = make_product(catalogue.collection, "secret", snow_cover=5.0)
    dataset = catalogue.add("secret", made, private=True)
    try:
        assert "snow_cover" not in rows(export(site, "csv", collection=catalogue.collection))[0]
        seen = rows(export(site, "csv", tokens["member"], collection=catalogue.collection))
        assert "snow_cover" in seen[0]
    finally:
        call_action("package_delete", {"user": catalogue.user}, id=dataset["id"])
        del catalogue.datasets["secret"]


def test_the_same_products_in_the_same_order_as_by_the_action(catalogue: Catalogue, site: Any) -> None:
    asked = {"collection": catalogue.collection, "sort": "-cloud_cover", "cloud_cover_min": "1"}
    found = call_action("product_search", **asked)["results"]
    assert [row["uuid"] for row in rows(export(site, "csv", **asked))] == [each["uuid"] for each in found]


def test_gzip_and_head(catalogue: Catalogue, site: Any) -> None:
    plain = export(site, "csv", collection=catalogue.collection)
    packed = export(site, "csv", gzipped=True, collection=catalogue.collection)
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    head = site.test_client().head(f"/export/products.csv?collection={catalogue.collection}")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["X-Total-Count"] == "4"


def test_a_result_that_is_too_large_is_refused_not_cut(
    catalogue: Catalogue, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.export.most_products", 3)
    told = export(site, "csv", collection=catalogue.collection, status=400).json
    assert told["parameter"] == "limit"
    assert "the result has 4 products, and an export at most 3" in told["detail"]
    first = export(site, "csv", collection=catalogue.collection, limit=2)
    assert len(rows(first)) == 2 and first.headers["X-Total-Count"] == "2"
    assert (
        export(site, "csv", collection=catalogue.collection, limit=4, status=400).json["parameter"] == "limit"
    )
    assert len(rows(export(site, "csv", id=catalogue.datasets["north"]["id"]))) == 1
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.export.most_products", 0)
    assert len(rows(export(site, "csv", collection=catalogue.collection))) == 4


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"bbox": "1,2,3"}, "bbox"),
        ({"platfrm": "x"}, "platfrm"),
        ({"offset": "10"}, "offset"),
        ({"cursor": "*"}, "cursor"),
        ({"facets": "platform"}, "facets"),
        ({"roles": "data"}, "roles"),
        ({"limit": "0"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"sort": "x"}, "sort"),
        ({"q": "<script>alert(1)</script>", "start": "{!func}1"}, "start"),
    ],
)
def test_a_mistake_is_said_before_anything_is_sent(site: Any, asked: dict[str, Any], where: str) -> None:
    answer = export(site, "csv", status=400, **asked)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["parameter"] == where and answer.json["status"] == 400
    assert where in answer.json["detail"]


def test_without_files_there_is_no_metalink(catalogue: Catalogue, site: Any) -> None:
    answer = export(site, "meta4", id=catalogue.datasets["across"]["id"], status=404)
    assert answer.json["detail"] == "No product of this result has a file to download."
    assert export(site, "txt", id=catalogue.datasets["across"]["id"]).data == b""
    site.get("/export/products.exe", status=404)


def test_while_solr_is_away_the_answer_says_so(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> Any:
        raise SolrError("gone")

    monkeypatch.setattr(Index, "select", away)
    answer = export(site, "csv", status=503)
    assert answer.headers["Retry-After"] and "gone" not in answer.json["detail"]


def scanned(pages: int, read: list[int], fails: bool = False) -> Any:
    """A catalogue of so many pages of ten products, which tells what is read of it."""

    def scan(self: Index, query: Query, page: int = 1000) -> Iterator[Page]:
        for number in range(pages):
            read.append(number)
            if fails and number == pages - 1:
                raise SolrError("gone")
            made = tuple(replace(make_product("large", "north"), id=f"P{number}_{n}") for n in range(10))
            entries = tuple(Entry(uuid=each.id, name=each.id) for each in made)
            yield Page(made, pages * 10, entries=entries)

    return patch.object(Index, "scan", scan)


@pytest.mark.parametrize("packed", [False, True])
def test_an_export_is_sent_while_it_is_read(site: Any, packed: bool) -> None:
    read: list[int] = []
    headers = {"Accept-Encoding": "gzip"} if packed else {}
    with scanned(500, read):
        answer = site.test_client().get("/export/products.geojson", headers=headers, buffered=False)
        assert len(read) == 1
        sent = iter(answer.response)
        next(sent)
        assert len(read) <= 60
        data = b"".join([*sent])
        assert len(read) == 500 and data
        answer.close()


@pytest.mark.parametrize("packed", [False, True])
def test_an_export_that_breaks_off_has_no_end(site: Any, packed: bool) -> None:
    headers = {"Accept-Encoding": "gzip"} if packed else {}
    with scanned(5, [], fails=True):
        answer = site.test_client().get("/export/products.geojson", headers=headers, buffered=False)
        got: list[bytes] = []
        with pytest.raises(SolrError):
            got.extend(iter(answer.response))
        if not packed:
            assert not b"".join(got).rstrip().endswith(b"]}")
        else:
            with pytest.raises(EOFError):
                gzip.decompress(b"".join(got) or b"\x1f\x8b")


def links(site: Any, **state: Any) -> list[str]:
    page = site.get("/dataset/", query_string=state).data.decode()
    return [unescape(address) for address in re.findall(r'href="(/export/products[^"]*)"', page)]


@pytest.mark.parametrize("sort", ["", "newest", "oldest", "cloud", "title", "modified", "relevance"])
def test_the_search_page_offers_what_it_shows(catalogue: Catalogue, site: Any, sort: str) -> None:
    state = {"collection": catalogue.collection, "platform": ["sentinel-2a", "sentinel-2b"], "sort": sort}
    state |= {"ext_bbox": "9,-90,12,90", "start": "2024-05-01", "page": "1", "odd": "x", "access": "online"}
    found = links(site, **state)
    assert [address.partition("?")[0] for address in found] == [f"/export/products.{form}" for form in FORMS]
    page = site.get("/dataset/", query_string=state).data.decode()
    shown = sorted((page.index(f'/dataset/{catalogue.name(kind)}"'), kind) for kind in ("north", "south"))
    exported = [row["name"] for row in rows(site.get(found[0]))]
    if sort in ("cloud", "title"):
        assert exported == [catalogue.name(kind) for _, kind in shown]
    assert sorted(exported) == sorted(catalogue.name(kind) for kind in ("north", "south"))
    for address in found[1:]:
        site.get(address, status=200)


def test_words_are_exported_by_their_match(catalogue: Catalogue, site: Any) -> None:
    found = links(site, collection=catalogue.collection, q="evil", sort="oldest")
    assert found[0].endswith("q=evil&sort=start")
    assert links(site, collection=catalogue.collection, q="evil")[0].endswith("q=evil")


def test_what_only_ckan_can_answer_is_not_offered(
    catalogue: Catalogue, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert links(site, collection=catalogue.collection, tags="msi") == []
    assert links(site, collection="nowhere") == []
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.export.most_products", 3)
    assert links(site, collection=catalogue.collection) == []
    page = site.get("/dataset/", query_string={"collection": catalogue.collection}).data.decode()
    assert "At most 3 products can be downloaded at once" in page
