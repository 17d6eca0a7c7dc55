"""Folders and buckets as catalogues, against servers on loopback."""
# ruff: noqa: E501 - answers are easier to read in long lines

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.eo.formats.atom_write import write_page
from ckanext.nextgeoss.eo.page import Page
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.aws import signed_headers
from ckanext.nextgeoss.harvesters.pagination import request_from_text, request_to_text
from ckanext.nextgeoss.harvesters.protocols import Answer
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits
from ckanext.nextgeoss.tests.core.local_server import Handler, serve
from ckanext.nextgeoss.tests.file_servers import python_server

FILES = r"(?:[\d/]+/)?(?P<product_type>[A-Z])_{start}\.nc"
DAYS = ["{year}", "{year}/{month}"]


def catalogue(url: str, host: str, **said: Any) -> RemoteCatalogue:
    """A provider at this address, asked by a client of its own."""
    about = {
        "title": "X",
        "organization": "x",
        "profile": "listing",
        "url": url,
        "collections": {"ours": "."},
    }
    client = HttpClient(allowed_private_hosts=[host], limits=Limits(attempts=1, read=5), ftp=True)
    return RemoteCatalogue(provider_from_mapping("x", about | said, "x"), client.send)


def ids(answers: list[Answer]) -> list[str]:
    """The products of all pages."""
    return [product.id for answer in answers for product in answer.products]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of three days in folders of months, and others."""
    for name in ("2023/12/A_20231231.nc", "2024/01/A_20240101.nc", "2024/02/A_20240201.nc", "2024/02/x y&z;%.txt",
                 "other/A_20240101.nc", "readme.html"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    return tmp_path


def test_the_server_of_python(folder: Path):
    """Each folder is gone into, but for those that no pattern matches; each file once."""
    with python_server(folder) as host:
        answers = list(catalogue(f"http://{host}", host, files=FILES, folders=DAYS).pages(Query()))
    assert sorted(ids(answers)) == ["A_20231231.nc", "A_20240101.nc", "A_20240201.nc"]
    (first, *_) = [product for answer in answers for product in answer.products]
    assert first.collection == "ours"
    assert first.properties["product_type"] == "A"
    assert first.assets[0].href.startswith(f"http://{host}/2023/12/")


def test_odd_names_without_patterns(folder: Path):
    """Where a file says nothing, all files are products, whatever they are called."""
    with python_server(folder) as host:
        found = ids(list(catalogue(f"http://{host}", host).pages(Query())))
    assert sorted(found)[-1] == "x y&z;%.txt"
    assert len(found) == 6


def test_only_folders_of_the_time_are_asked(folder: Path):
    """And of these only the files of the time."""
    asked = TemporalExtent.parse("2024-02-01/2024-02-28")
    with python_server(folder) as host:
        remote = catalogue(f"http://{host}", host, files=FILES, folders=DAYS)
        sent: list[str] = []
        send = remote._send  # pyright: ignore[reportPrivateUsage]
        remote._send = lambda request: (sent.append(urlsplit(request.url).path), send(request))[1]  # pyright: ignore[reportPrivateUsage]
        assert ids(list(remote.pages(Query(time=asked)))) == ["A_20240201.nc"]
    assert sent == ["/", "/2024/", "/2024/01/", "/2024/02/"]


def test_from_any_page_on(folder: Path):
    """A stored request leads through the rest, the time asked in it."""
    query = Query(time=TemporalExtent.parse("2023-12-01/2024-12-31"))
    with python_server(folder) as host:
        said: dict[str, Any] = {"files": FILES, "folders": DAYS}
        answers = list(catalogue(f"http://{host}", host, **said).pages(query))
        for number, answer in enumerate(answers[:-1]):
            assert answer.next is not None
            start = request_from_text(request_to_text(answer.next))
            rest = list(catalogue(f"http://{host}", host, **said).pages(query, start))
            assert ids(rest) == ids(answers[number + 1 :])


def test_collections_by_folders(folder: Path):
    """Each begins in its own folder; of nested ones the files are of the nearer."""
    (folder / "2024/02/A_20240202.nc").write_text("x")
    with python_server(folder) as host:
        apart = catalogue(f"http://{host}", host, files=FILES, collections={"new": "2024", "old": "2023/12"})
        assert ids(list(apart.pages(Query(collections=("old",))))) == ["A_20231231.nc"]
        assert len(ids(list(apart.pages(Query(collections=("new", "old")))))) == 4
        nested = catalogue(f"http://{host}", host, files=FILES, collections={"all": ".", "feb": "2024/02"})
        found = list(nested.pages(Query(collections=("feb",))))
    assert ids(found) == ["A_20240201.nc", "A_20240202.nc"]
    assert {product.collection for answer in found for product in answer.products} == {"feb"}


def _page(text: str) -> Any:
    return lambda handler: handler.answer(text.encode(), Content_Type="text/html")


INDEX = "<html><head><title>Index of {}</title></head><body>{}</body></html>"


def test_files_of_one_product():
    """Data, metadata and pictures with one key are one product, told by its data."""
    links = "".join(f'<a href="{name}">x</a> 2024-01-31 10:20  1K\n' for name in (
        "S_20240131.png", "S_20240131.xml", "S_20240131_B1.tif", "S_20240131_B2.tif", "S_20240131_thumb.jpg",
        "S_20240201_B1.tif", "S_20240201_B1.tif.md5"))  # fmt: skip
    with serve({"/d/": _page(INDEX.format("/d", links))}) as server:
        files = r"(?P<key>S_{start})(?:_\w+)?\.(?:tif|xml|png|jpg)"
        (answer,) = catalogue(f"{server.url}/d", server.host, files=files).pages(Query())
    first, second = answer.products
    assert (first.id, second.id) == ("S_20240131", "S_20240201")
    assert [(asset.key, asset.roles) for asset in first.assets] == [
        ("b1", ("data",)), ("b2", ("data",)), ("overview", ("overview",)), ("metadata", ("metadata",)),
        ("thumbnail", ("thumbnail",)),
    ]  # fmt: skip
    assert first.assets[0].media_type == "image/tiff"
    assert first.time == TemporalExtent.parse("2024-01-31")


def test_dates_that_there_are_not():
    """Are noted, and the product is kept without a time."""
    with serve({"/d/": _page(INDEX.format("/d", '<a href="A_20240230.nc">x</a>'))}) as server:
        (answer,) = catalogue(f"{server.url}/d", server.host, files=FILES).pages(Query())
    (product,) = answer.products
    assert not product.time
    assert "calendar" in product.problems[0].reason
    assert product.properties["product_type"] == "A"


def test_files_that_are_records():
    """Each file of a folder is read in its own format; a broken one is refused, and the rest is read."""
    products = [
        Product(id=f"p{n}", collection="ours", time=TemporalExtent.parse("2024-01-31")) for n in range(2)
    ]
    routes = {
        f"/waf/{product.id}.xml": _page(write_page(Page((product,))).decode())
        for product in products
    } | {
        "/waf/bad.xml": _page("<feed xmlns='http://www.w3.org/2005/Atom'><entry>"),
        "/waf/sub/": _page(INDEX.format("/waf/sub", "")),
        "/waf/": _page(INDEX.format("/waf", "".join(
            f'<a href="{name}">{name}</a>\n' for name in ("p0.xml", "bad.xml", "gone.xml", "sub/", "p1.xml", "x.txt")))),
        "/waf/gone.xml": lambda handler: handler.answer(status=404),
    }  # fmt: skip
    with serve(routes) as server:
        remote = catalogue(f"{server.url}/waf", server.host, files=r".*\.xml", records="opensearch")
        answers = list(remote.pages(Query(collections=("ours",))))
        later = Query(collections=("ours",), time=TemporalExtent.parse("2024-02-01/2024-02-28"))
        timed = catalogue(
            f"{server.url}/waf", server.host, files=r".*\.xml", records="opensearch", folders="{year}"
        )
        assert ids(list(timed.pages(later))) == []
    assert ids(answers) == ["p0", "p1"]
    reasons = [bad.reason for answer in answers for bad in answer.refused]
    assert len(reasons) == 2
    assert any("cut short" in reason for reason in reasons)
    assert any("404" in reason for reason in reasons)


def test_a_folder_of_records_that_is_none():
    """A page with links to other things is no empty folder."""
    with serve({"/waf/": _page("<html><a href='news'>News</a></html>")}) as server:
        remote = catalogue(f"{server.url}/waf", server.host, files=r".*\.xml", records="opensearch")
        with pytest.raises(BadAnswer, match="none of the files and folders"):
            list(remote.pages(Query()))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<html><title>Log in</title><form action='/login'></form></html>", "HTML (Log in), not a listing"),
        ("<html><a href='news/'>News</a><a href='about'>About</a></html>", "none of the files and folders"),
        (
            "<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>No</Message></Error>",
            "AccessDenied",
        ),
        ('{"error": "gone"}', "gone"),
        ('{"a": 1}', "not a listing"),
        ("Internal error\n", "not a listing"),
        ("[1, 2", "JSON that is cut short"),
    ],
)
def test_bad_answers(body: str, words: str):
    """Are told in one line, and are no empty folders."""
    with serve({"/d/": _page(body)}) as server:
        remote = catalogue(f"{server.url}/d", server.host, files=FILES, folders=DAYS)
        with pytest.raises(BadAnswer) as error:
            list(remote.pages(Query()))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_redirects_within_and_away():
    """A slash more is followed; a listing of another place is none of ours."""

    def away(handler: Handler) -> None:
        handler.answer(status=302, Location="/elsewhere/")

    routes = {"/d/": away, "/elsewhere/": _page(INDEX.format("/elsewhere", '<a href="A_20240101.nc">x</a>'))}
    with serve(routes) as server, pytest.raises(BadAnswer, match="not below the provider's address"):
        list(catalogue(f"{server.url}/d", server.host, files=FILES).pages(Query()))


def test_a_folder_that_is_itself_again():
    """A link to the same folder by another name ends at the greatest depth."""

    def again(handler: Handler) -> None:
        handler.answer(INDEX.format(handler.path, '<a href="x/">x/</a>').encode())

    class Everywhere(dict[str, Any]):
        def __getitem__(self, _: str) -> Any:
            return again

    with serve(Everywhere()) as server:
        list(catalogue(f"{server.url}/d", server.host).pages(Query()))
        assert len(server.calls) < 40


# --- buckets

KEYS = [
    f"2024/0{month}/A_20240{month}0{day}_{part}"
    for month in (1, 2)
    for day in (1, 2, 3)
    for part in ("B1.tif", "B2.tif", "MTL.xml")
]


class Bucket:
    """An S3 of our own: version 2 with tokens, or the first version with markers."""

    def __init__(self, keys: list[str], version: int = 2) -> None:
        self.keys, self.version = sorted(keys), version
        self.asked: list[dict[str, str]] = []

    def __call__(self, handler: Handler) -> None:
        said = dict(parse_qsl(urlsplit(handler.path).query))
        self.asked.append(said)
        prefix, size = said.get("prefix", ""), int(said["max-keys"])
        after = (
            said.get("continuation-token", "").removeprefix("after:")
            or said.get("start-after", "")
            or said.get("marker", "")
        )
        entries: dict[str, bool] = {}
        for key in self.keys:
            rest = key.removeprefix(prefix)
            if key.startswith(prefix):
                entry = prefix + rest.partition("/")[0] + "/" if "/" in rest else key
                if entry > after and not (entry.endswith("/") and after.startswith(entry)):
                    entries[entry] = entry.endswith("/")
        page = sorted(entries)[:size]
        more = len(entries) > size
        token = (
            f"<NextContinuationToken>after:{page[-1]}</NextContinuationToken>"
            if more and self.version == 2
            else ""
        )
        inner = "".join(
            f"<CommonPrefixes><Prefix>{name}</Prefix></CommonPrefixes>" if entries[name] else
            f"<Contents><Key>{name}</Key><Size>7</Size><LastModified>2024-03-01T00:00:00.000Z</LastModified></Contents>"
            for name in page)  # fmt: skip
        handler.answer(
            f"<ListBucketResult><Prefix>{prefix}</Prefix><IsTruncated>{str(more).lower()}</IsTruncated>{token}{inner}</ListBucketResult>".encode()
        )


TIF = r"(?:[\d/]+/)?(?P<key>A_{start})_\w+\.(?:tif|xml)"


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("size", [1, 2, 4, 5, 1000])
def test_pages_of_a_bucket(version: int, size: int):
    """All keys, in folders, page by page; a product whose files are on two pages is read whole, where a page has
    room for it."""
    bucket = Bucket(KEYS, version)
    with serve({"/b/": bucket}) as server:
        remote = catalogue(f"{server.url}/b", server.host, profile="bucket", files=TIF, page_size=size)
        answers = list(remote.pages(Query()))
    found = [product for answer in answers for product in answer.products]
    assert {product.id for product in found} == {f"A_20240{m}0{d}" for m in (1, 2) for d in (1, 2, 3)}
    if size > 3:
        assert len(found) == 6
        assert all(len(product.assets) == 3 for product in found)
    assert all(said.get("list-type") == "2" and said["delimiter"] == "/" for said in bucket.asked)


def test_prefixes_of_the_time():
    """Only those of the months asked."""
    bucket = Bucket(KEYS)
    query = Query(time=TemporalExtent.parse("2024-02-03/2024-02-28"))
    with serve({"/b/": bucket}) as server:
        remote = catalogue(f"{server.url}/b", server.host, profile="bucket", files=TIF, folders=DAYS)
        assert ids(list(remote.pages(query))) == ["A_20240203"]
    assert [said.get("prefix", "") for said in bucket.asked] == ["", "2024/", "2024/02/"]


def test_a_bucket_from_any_page_on():
    bucket = Bucket(KEYS)
    with serve({"/b/": bucket}) as server:
        said: dict[str, Any] = {"profile": "bucket", "files": TIF, "page_size": 4}
        answers = list(catalogue(f"{server.url}/b", server.host, **said).pages(Query()))
        for number, answer in enumerate(answers[:-1]):
            assert answer.next is not None
            start = request_from_text(request_to_text(answer.next))
            rest = list(catalogue(f"{server.url}/b", server.host, **said).pages(Query(), start))
            assert ids(rest) == ids(answers[number + 1 :])


def test_a_container_of_azure():
    """Is asked by the parameters of the provider file, and followed by its markers."""
    asked: list[dict[str, str]] = []

    def answer(handler: Handler) -> None:
        said = dict(parse_qsl(urlsplit(handler.path).query))
        asked.append(said)
        name, marker = (
            ("A_20240101.nc", "<NextMarker>m1</NextMarker>")
            if "marker" not in said
            else ("A_20240102.nc", "<NextMarker/>")
        )
        handler.answer(
            f"<EnumerationResults><Blobs><Blob><Name>{name}</Name></Blob></Blobs>{marker}</EnumerationResults>".encode()
        )

    with serve({"/c/": answer}) as server:
        parameters = {"restype": "container", "comp": "list"}
        remote = catalogue(
            f"{server.url}/c", server.host, profile="bucket", files=FILES, parameters=parameters
        )
        assert ids(list(remote.pages(Query()))) == ["A_20240101.nc", "A_20240102.nc"]
    assert all(said["comp"] == "list" and "list-type" not in said for said in asked)


def test_a_bucket_that_refuses():
    with serve(
        {"/b/": lambda handler: handler.answer(b"<Error><Code>NoSuchBucket</Code></Error>")}
    ) as server:
        remote = catalogue(f"{server.url}/b", server.host, profile="bucket")
        with pytest.raises(BadAnswer, match="NoSuchBucket"):
            list(remote.pages(Query()))


def test_signed_requests(monkeypatch: pytest.MonkeyPatch):
    """As in Amazon's documentation of S3 (Authenticating Requests, examples: GET Bucket, List Objects)."""
    headers = signed_headers("examplebucket.s3.amazonaws.com", "/", "max-keys=2&prefix=J", "AKIAIOSFODNN7EXAMPLE",
                             "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1",
                             datetime(2013, 5, 24, tzinfo=timezone.utc), {})  # fmt: skip
    signature = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    assert headers["Authorization"].endswith(
        f"SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={signature}"
    )
    monkeypatch.setenv("S3_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("S3_KEY", "not-to-be-seen")
    bucket = Bucket([f"a b/A_2024010{day}.nc" for day in (1, 2)])
    auth = {
        "type": "aws",
        "key_id": "env:S3_ID",
        "key": "env:S3_KEY",
        "region": "eu-west-1",
        "requester_pays": True,
    }
    with serve({"/b/": bucket}) as server:
        remote = catalogue(f"{server.url}/b", server.host, profile="bucket", page_size=1, auth=auth)
        assert len(ids(list(remote.pages(Query())))) == 2
    for call in server.calls:
        assert "Credential=AKIAEXAMPLE/" in call.headers["authorization"]
        assert "/eu-west-1/s3/aws4_request" in call.headers["authorization"]
        assert call.headers["x-amz-request-payer"] == "requester"
        assert "not-to-be-seen" not in str(call)
    assert "prefix=a%20b%2F" in server.calls[-1].path


def test_thousands_of_folders():
    """In a time that grows with their number, not with its square."""
    bucket = Bucket([f"{n:05}/x" for n in range(3000)])
    with serve({"/b/": bucket}) as server:
        remote = catalogue(f"{server.url}/b", server.host, profile="bucket", page_size=5000)
        pages = remote.pages(Query())
        assert len([next(pages) for _ in range(20)]) == 20
