"""Listings of folders as servers write them, in HTML, JSON, lines and XML."""
# ruff: noqa: E501 - lines are as long as servers write them

from __future__ import annotations

import html
import json
from datetime import datetime, timezone
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.eo.formats.bucket import read_bucket
from ckanext.nextgeoss.eo.formats.index_html import read_index
from ckanext.nextgeoss.eo.formats.index_json import is_index_json, read_index_json
from ckanext.nextgeoss.eo.formats.index_text import is_index_text, read_index_text
from ckanext.nextgeoss.eo.listing import Listing, beneath, listed_size, listed_time
from ckanext.nextgeoss.eo.xml import parse_xml

BASE = "https://example.org/data/"
NOW = datetime(2024, 3, 1, tzinfo=timezone.utc)
# the same two files and a folder, by each server
APACHE = """<html><head><title>Index of /data</title></head><body><h1>Index of /data</h1><pre>
<img src="/icons/blank.gif" alt="Icon "> <a href="?C=N;O=D">Name</a>  <a href="?C=M;O=A">Last modified</a>  <a
href="?C=S;O=A">Size</a><hr><img src="/icons/back.gif" alt="[PARENTDIR]"> <a href="/">Parent Directory</a>     -
<img src="/icons/folder.gif" alt="[DIR]"> <a href="2024/">2024/</a>   2024-01-31 10:20    -
<img src="/icons/unknown.gif" alt="[   ]"> <a href="a.nc">a.nc</a>    2024-01-31 10:20  1.2M
<a href="b%20c.nc">b c.nc</a>   2024-01-31 10:21  356K  of use
</pre></body></html>"""
APACHE_TABLE = """<html><head><title>Index of /data</title></head><body><table>
<tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th><th>Size</th></tr>
<tr><td><img alt="[PARENTDIR]"></td><td><a href="/">Parent Directory</a></td><td>&nbsp;</td><td>  - </td></tr>
<tr><td><img alt="[DIR]"></td><td><a href="2024/">2024/</a></td><td align="right">2024-01-31 10:20  </td><td>  - </td></tr>
<tr><td></td><td><a href="a.nc">a.nc</a></td><td align="right">2024-01-31 10:20  </td><td align="right">1.2M</td></tr>
<tr><td></td><td><a href="b%20c.nc">b c.nc</a></td><td align="right">2024-01-31 10:21  </td><td>356K</td></tr></table>"""
NGINX = """<html><head><title>Index of /data/</title></head><body><h1>Index of /data/</h1><hr><pre><a href="../">../</a>
<a href="2024/">2024/</a>                      31-Jan-2024 10:20                   -
<a href="a.nc">a.nc</a>                       31-Jan-2024 10:20             1258291
<a href="b%20c.nc">b c.nc</a>                     31-Jan-2024 10:21              364544
</pre><hr></body></html>"""
LIGHTTPD = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x"><html>
<head><title>Index of /data/</title></head><body><h2>Index of /data/</h2><table>
<tr class="d"><td class="n"><a href="../">..</a>/</td><td class="m">&nbsp;</td><td class="s">- &nbsp;</td><td>Directory</td></tr>
<tr class="d"><td class="n"><a href="2024/">2024</a>/</td><td class="m">2024-Jan-31 10:20:00</td><td class="s">- &nbsp;</td>
<td class="t">Directory</td></tr>
<tr><td class="n"><a href="a.nc">a.nc</a></td><td class="m">2024-Jan-31 10:20:00</td><td class="s">1.2M</td>
<td class="t">application/octet-stream</td></tr>
<tr><td><a href="b%20c.nc">b c.nc</a></td><td class="m">2024-Jan-31 10:21:00</td><td class="s">356.0K</td></tr></table></body></html>"""
IIS = """<html><head><title>example.org - /data/</title></head><body><H1>example.org - /data/</H1><hr>
<pre><A HREF="/">[To Parent Directory]</A><br><br> 1/31/2024 10:20 AM        &lt;dir&gt; <A HREF="/data/2024/">2024</A><br>
 1/31/2024 10:20 AM      1258291 <A HREF="/data/a.nc">a.nc</A><br> 1/31/2024 10:21 AM       364544 <A HREF="/data/b%20c.nc">b c.nc</A><br>
</pre><hr></body></html>"""
JETTY = """<html><head><title>Directory: /data/</title></head><body><h1>Directory: /data/</h1><table>
<tr><td><a href="/">Parent Directory</a></td><td></td><td></td></tr>
<tr><td><a href="/data/2024/">2024/&nbsp;</a></td><td>4096 bytes&nbsp;</td><td>Jan 31, 2024 10:20:00 AM</td></tr>
<tr><td><a href="/data/a.nc">a.nc&nbsp;</a></td><td>1258291 bytes&nbsp;</td><td>Jan 31, 2024 10:20:00 AM</td></tr>
<tr><td><a href="/data/b%20c.nc">b c.nc&nbsp;</a></td><td>364544 bytes&nbsp;</td><td>Jan 31, 2024 10:21:00 AM</td></tr></table>"""
MLSD = """type=cdir;modify=20240131102000; .
type=pdir;modify=20240131102000; ..
type=dir;modify=20240131102000;UNIX.mode=0755; 2024
Type=file;Size=1258291;Modify=20240131102000.123; a.nc
type=file;size=364544;modify=20240131102100; b c.nc
type=OS.unix=slink:/etc;size=1; passwd
"""
UNIX = """total 12
drwxr-xr-x    3 1000     1000         4096 Jan 31 10:20 2024
-rw-r--r--    1 1000     1000      1258291 Jan 31 10:20 a.nc
-rw-r--r--    1 ftp      a group    364544 Jan 31 10:21 b c.nc
lrwxrwxrwx    1 1000     1000           11 Jan 31 10:21 passwd -> /etc/passwd
"""
DOS = """01-31-24  10:20AM       <DIR>          2024
01-31-24  10:20AM              1258291 a.nc
01-31-2024  10:21              364,544 b c.nc
"""
S3 = """<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>data</Name><Prefix/>
<Contents><Key>a.nc</Key><LastModified>2024-01-31T10:20:00.000Z</LastModified><Size>1258291</Size></Contents>
<Contents><Key>b c.nc</Key><LastModified>2024-01-31T10:21:00.000Z</LastModified><Size>364544</Size></Contents>
<Contents><Key>2024/</Key><Size>0</Size></Contents>
<CommonPrefixes><Prefix>2024/</Prefix></CommonPrefixes></ListBucketResult>"""
AZURE = """<?xml version="1.0"?><EnumerationResults ContainerName="https://x/data"><Blobs>
<BlobPrefix><Name>2024/</Name></BlobPrefix>
<Blob><Name>a.nc</Name><Properties><Last-Modified>Wed, 31 Jan 2024 10:20:00 GMT</Last-Modified>
<Content-Length>1258291</Content-Length></Properties></Blob>
<Blob><Name>b c.nc</Name><Properties><Last-Modified>Wed, 31 Jan 2024 10:21:00 GMT</Last-Modified>
<Content-Length>364544</Content-Length></Properties></Blob></Blobs><NextMarker>more</NextMarker></EnumerationResults>"""
NGINX_JSON = [
    {"name": "2024", "type": "directory", "mtime": "Wed, 31 Jan 2024 10:20:00 GMT"},
    {"name": "a.nc", "type": "file", "mtime": "Wed, 31 Jan 2024 10:20:00 GMT", "size": 1258291},
    {"name": "b c.nc", "type": "file", "mtime": "Wed, 31 Jan 2024 10:21:00 GMT", "size": 364544},
    {"name": "../../etc", "type": "file"},
]
CADDY_JSON = [
    {"name": "2024/", "is_dir": True, "url": "./2024/", "mod_time": "2024-01-31T10:20:00.5Z", "size": 4096},
    {"name": "a.nc", "is_dir": False, "mod_time": "2024-01-31T10:20:00.123456Z", "size": 1258291},
    {"name": "b c.nc", "is_dir": False, "mod_time": "2024-01-31T10:21:00Z", "size": 364544},
]


@pytest.mark.parametrize(
    "listing",
    [
        *(read_index(text, BASE, "x") for text in (APACHE, APACHE_TABLE, NGINX, LIGHTTPD, IIS, JETTY)),
        *(read_index_text(text, BASE, NOW) for text in (MLSD, UNIX, DOS)),
        *(read_index_json(value, BASE) for value in (NGINX_JSON, CADDY_JSON)),
        *(read_bucket(parse_xml(text.encode()), BASE) for text in (S3, AZURE)),
    ],
    ids=["apache", "apache-table", "nginx", "lighttpd", "iis", "jetty", "mlsd", "unix", "dos", "nginx-json",
         "caddy-json", "s3", "azure"],
)  # fmt: skip
def test_the_same_by_each_server(listing: Listing):
    """Names, sizes (some are rounded) and times; no parents, no sorting, no links to elsewhere."""
    assert listing.certain
    assert listing.folders == (f"{BASE}2024/",)
    assert [file.href for file in listing.files] == [f"{BASE}a.nc", f"{BASE}b%20c.nc"]
    assert [file.size for file in listing.files] == [1258291, 364544]
    assert [file.modified for file in listing.files] == ["2024-01-31T10:20:00Z", "2024-01-31T10:21:00Z"]


def test_the_python_server():
    """Which tells neither sizes nor times."""
    text = '<title>Directory listing for /data/</title><ul><li><a href="x.nc">x.nc</a></li><li><a href="d/">d/</a></li></ul>'
    listing = read_index(text, BASE, "x")
    assert [file.href for file in listing.files] == [f"{BASE}x.nc"]
    assert listing.folders == (f"{BASE}d/",)
    assert listing.own == "/data/"


def test_years_that_unix_leaves_out():
    """A date that would be in the future is of the year before; without a clock there is none."""
    line = "-rw-r--r-- 1 a b 1 Dec 24 10:00 x.nc\n"
    assert read_index_text(line, BASE, NOW).files[0].modified == "2023-12-24T10:00:00Z"
    assert read_index_text(line, BASE).files[0].modified == ""
    assert (
        read_index_text("-rw-r--r-- 1 a b 1 Feb 29  2020 x", BASE).files[0].modified == "2020-02-29T00:00:00Z"
    )


@pytest.mark.parametrize(
    "href",
    [
        "../",
        "/",
        "/data",
        "/data/",
        "/database/x",
        "https://elsewhere.org/data/x",
        "//elsewhere.org/data/x",
        "?C=N;O=D",
        "#top",
        "javascript:alert(1)",
        "mailto:x@y",
        "a/../../x",
        "%2e%2e/x",
        "x/%2e%2e/%2e%2e/y",
        "http://[bad/x",
        "x%0Ay",
        "x%00y",
        "",
    ],
)
def test_links_to_other_places(href: str):
    assert beneath(BASE, href) == ""


def test_links_within():
    assert beneath(BASE, "./x.nc#a") == f"{BASE}x.nc"
    assert beneath("https://EXAMPLE.org/data/index.html?x=1", "x") == "https://EXAMPLE.org/data/x"
    assert beneath("http://example.org/data", "http://Example.org/data/d/") == "http://Example.org/data/d/"
    assert beneath(BASE, "http://example.org/data/x") == f"{BASE}x"


@pytest.mark.parametrize(
    "text", ["<html><body><p>Nothing</p></body></html>", '<a href="/login">Log in</a>', ""]
)
def test_pages_that_are_none(text: str):
    with pytest.raises(BadAnswer, match="not a listing"):
        read_index(text, BASE, "x")


def test_empty_folders():
    """Are listings without anything in them."""
    assert read_index('<h1>Index of /data</h1><a href="/">Parent Directory</a>', BASE, "x").files == ()
    assert read_index_json([], BASE).files == ()
    assert read_index_text("", BASE).files == ()
    assert is_index_text("total 0\n")


def test_what_is_recognised():
    assert is_index_json(NGINX_JSON)
    assert not any(map(is_index_json, ({"name": "x"}, [1], [{"name": "x"}], [{"type": "file"}], "x", None)))
    assert not is_index_text("Internal error\n")


@pytest.mark.parametrize(
    ("text", "size"),
    [("-", None), ("", None), ("1234", 1234), ("1,234", 1234), ("1.2M", 1258291), ("3.0 GiB", 3221225472),
     ("356K", 364544), ("7 bytes", 7), ("many", None), ("9" * 30, None)],
)  # fmt: skip
def test_sizes(text: str, size: int | None):
    assert listed_size(text) == size


@pytest.mark.parametrize("text", ["", "yesterday", "2024-13-01 10:00", "31-Foo-2024 10:00", "2024-02-30"])
def test_times_that_there_are_not(text: str):
    assert listed_time(text) == ""


# printable, and no name of a parent or of the folder itself
NAMES = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="/"), min_size=1, max_size=30
).filter(lambda name: name.strip(".") and name.isprintable())


@given(st.lists(NAMES, unique=True, max_size=8))
def test_odd_names_come_back(names: list[str]):
    """Through HTML, JSON, lines of MLSD and keys of buckets."""
    links = "".join(f'<li><a href="{html.escape(quote(name))}">x</a></li>' for name in names)
    page = read_index(f"<title>Index of /data</title><ul>{links}</ul>", BASE, "x")
    value = json.loads(json.dumps([{"name": name, "type": "file"} for name in names]))
    lines = "".join(f"type=file;size=1; {name}\r\n" for name in names)
    for listing in (page, read_index_json(value, BASE), read_index_text(lines, BASE)):
        found = [unquote(file.href.removeprefix(BASE)) for file in listing.files]
        assert found == names


@given(st.text(max_size=300))
def test_any_text(text: str):
    """Nothing but BadAnswer, whatever comes."""
    read_index_text(text, BASE, NOW)
    try:
        read_index(text, BASE, "x")
    except BadAnswer:
        assert True


def test_a_huge_page_is_bounded():
    """More links than anybody can have meant: the first are read, in a time that does not grow with the square."""
    text = "<title>Index of /data</title>" + '<a href="x">x</a>' * 50_000 + "<a href=" * 10_000
    assert len(read_index(text, BASE, "x").files) == 1
