"""Folders over FTP, against a real server on loopback, and against broken ones."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import (
    HttpClient,
    HttpError,
    Limits,
    Refused,
    RemoteError,
    Request,
    TooLarge,
    Unreachable,
)  # fmt: skip
from ckanext.nextgeoss.manners.hosts import LocalHosts
from ckanext.nextgeoss.tests.core.local_server import serve
from ckanext.nextgeoss.tests.file_servers import ftp_server

FILES = r"(?:[\d/]+/)?A_{start}\.nc"


@contextmanager
def scripted(*lines: bytes, data: Callable[[socket.socket], None] | None = None) -> Iterator[str]:
    """A server that says these lines, one for the greeting and one for each command; after them nothing.

    With `data` the last line is for a listing, whose bytes that function sends."""
    server, passive = socket.create_server(("127.0.0.1", 0)), socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        connection, _ = server.accept()
        port = passive.getsockname()[1]
        with connection, connection.makefile("rb") as commands:
            for number, line in enumerate(lines):
                if number and not commands.readline():
                    return
                connection.sendall(line.replace(b"PORT", b"%d,%d" % divmod(port, 256)) + b"\r\n")
            if data:
                reached, _ = passive.accept()
                with reached:
                    data(reached)
            commands.readline()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.close()
        passive.close()


# up to the listing: greeting, USER, PASS, CWD is left out at the root, TYPE, PASV, MLSD
POLITE = (b"220 hello", b"331 password", b"230 in", b"200 ascii", b"227 passive (10,0,0,1,PORT)", b"150 here")


def client(host: str, **said: Any) -> HttpClient:
    """A client that may ask this host."""
    limits = Limits(**{"attempts": 1, "connect": 2, "read": 1, "total": 3} | said)
    return HttpClient(allowed_private_hosts=[host], limits=limits, ftp=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of two months, and one of an odd name."""
    for name in ("2024/01/A_20240101.nc", "2024/02/A_20240201.nc", "2024/02/ä b&c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("xyz")
    return tmp_path


def _catalogue(host: str, **said: Any) -> RemoteCatalogue:
    about = {
        "title": "X",
        "organization": "x",
        "profile": "listing",
        "url": f"ftp://{host}",
        "collections": {"ours": "."},
    }
    return RemoteCatalogue(provider_from_mapping("x", about | said, "x"), client(host).send)


@pytest.mark.parametrize("mlsd", [True, False])
def test_folders(folder: Path, mlsd: bool):
    """By MLSD, or by LIST where that is not known: names, sizes and addresses."""
    with ftp_server(folder, mlsd=mlsd) as host:
        remote = _catalogue(host, files=FILES, folders=["{year}", "{year}/{month}"])
        products = [product for answer in remote.pages(Query()) for product in answer.products]
        everything = [product.id for answer in _catalogue(host).pages(Query()) for product in answer.products]
        query = Query(time=TemporalExtent.parse("2024-02-01/2024-02-28"))
        assert [p.id for answer in remote.pages(query) for p in answer.products] == ["A_20240201.nc"]
    assert [product.id for product in products] == ["A_20240101.nc", "A_20240201.nc"]
    assert products[0].assets[0].href == f"ftp://{host}/2024/01/A_20240101.nc"
    assert products[0].assets[0].size == 3
    assert "updated" in products[0].properties
    assert sorted(everything) == ["A_20240101.nc", "A_20240201.nc", "ä b&c.txt"]


def test_login(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """By references of the provider file; a wrong one is refused in words without the secret."""
    auth = {"type": "basic", "user": "env:FTP_USER", "password": "env:FTP_PASSWORD"}
    monkeypatch.setenv("FTP_USER", "me")
    with ftp_server(folder, password="right:secret") as host:
        monkeypatch.setenv("FTP_PASSWORD", "right:secret")
        assert len(list(_catalogue(host, auth=auth).pages(Query()))) == 4
        monkeypatch.setenv("FTP_PASSWORD", "wrong-secret")
        with pytest.raises(RemoteError) as error:
            list(_catalogue(host, auth=auth).pages(Query()))
        with pytest.raises(RemoteError, match="401"):
            list(_catalogue(host).pages(Query()))
    assert error.value.status == 401
    assert "wrong-secret" not in str(error.value)


def test_a_server_that_repeats_the_secret():
    """Neither in words nor in what stands beneath the error."""
    lines = (b"220 hello", b"331 password", b"530 wrong: hunter22")
    with scripted(*lines) as host, pytest.raises(RemoteError) as error:
        login = {"Authorization": "Basic bWU6aHVudGVyMjI="}
        client(host).send(Request(url=f"ftp://{host}/", headers=login, secrets=("hunter22",)))
    assert "hunter22" not in str(error.value) + repr(error.value.body)


def test_missing_folders(folder: Path):
    with ftp_server(folder) as host, pytest.raises(RemoteError) as error:
        client(host).send(Request(url=f"ftp://{host}/nowhere/"))
    assert error.value.status == 404


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://internal.example/x", "private address"),
        ("ftp://user:secret@public.example/x", "a user in it"),
        ("ftp://public.example/a%0D%0ADELE%20x", "control characters"),
        ("ftps://public.example/x", "only http and https"),
        ("ftp:///x", "only ftp"),
    ],
)
def test_what_is_not_asked(url: str, words: str):
    """Private addresses, users in addresses, second commands in paths; no connection is made."""

    def resolve(host: str, port: int) -> list[str]:
        return ["10.0.0.7"] if host == "internal.example" else ["93.184.216.34"]

    with pytest.raises(Refused) as error:
        HttpClient(resolver=resolve, ftp=True).send(Request(url=url))
    assert words in str(error.value)
    assert "secret" not in str(error.value)


def test_only_where_it_is_wanted(folder: Path):
    """A client that was not made for FTP does not ask it, and no redirect of the web leads there."""
    with ftp_server(folder) as host:
        with pytest.raises(Refused, match="only http and https"):
            HttpClient(allowed_private_hosts=[host]).send(Request(url=f"ftp://{host}/"))
        with serve({"/": lambda handler: handler.answer(status=302, Location=f"ftp://{host}/")}) as server:
            asking = HttpClient(allowed_private_hosts=[host, server.host], ftp=True)
            with pytest.raises(Refused, match="only http and https"):
                asking.send(Request(url=server.url))


def test_the_address_of_the_data_is_that_of_the_host():
    """Whatever a server says: it cannot make us connect to another one."""

    def send(data: socket.socket) -> None:
        data.sendall(b"type=file;size=1; x.nc\r\n")

    with scripted(*POLITE, data=send) as host, pytest.raises(HttpError):
        client(host).send(
            Request(url=f"ftp://{host}/")
        )  # it never says that all was sent, and it is no one else


def test_connections_that_break():
    """Before the greeting, within the listing, and by silence."""
    with scripted() as host, pytest.raises(Unreachable, match=r"no answer in time|broke off"):
        client(host).send(Request(url=f"ftp://{host}/"))
    with scripted(b"220 hello") as host, pytest.raises(Unreachable, match=r"broke off|no answer in time"):
        client(host).send(Request(url=f"ftp://{host}/"))
    with scripted(*POLITE, data=lambda data: data.close()) as host, pytest.raises(Unreachable):
        client(host).send(Request(url=f"ftp://{host}/"))


def test_no_server():
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unreachable, match="no connection"):
        client(host).send(Request(url=f"ftp://{host}/"))


def test_a_listing_that_trickles():
    """Ends when its time is over."""
    sent: list[int] = []

    def trickle(data: socket.socket) -> None:
        try:
            for number in range(200):
                data.sendall(b"t")
                sent.append(number)
                time.sleep(0.1)
        except OSError:
            return

    with scripted(*POLITE, data=trickle) as host:
        with pytest.raises(Unreachable, match="not complete after 2 seconds"):
            client(host, total=2).send(Request(url=f"ftp://{host}/"))
        assert len(sent) < 200


def test_a_greeting_that_never_ends():
    """Lines without end on the connection of commands end, too."""

    def flood(server: socket.socket) -> None:
        try:
            connection, _ = server.accept()
            with connection:
                while True:
                    connection.sendall(b"220-more\r\n")
                    time.sleep(0.01)
        except OSError:
            return

    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=flood, args=(server,), daemon=True).start()
    host = f"127.0.0.1:{server.getsockname()[1]}"
    with server, pytest.raises(Unreachable, match="not complete after 1 seconds"):
        client(host, total=1).send(Request(url=f"ftp://{host}/"))


def test_a_huge_listing():
    """Is ended at the limit of bytes."""

    def send(data: socket.socket) -> None:
        try:
            for _ in range(2000):
                data.sendall(b"type=file;size=1; x.nc\r\n" * 100)
        except OSError:
            return

    with scripted(*POLITE, data=send) as host, pytest.raises(TooLarge, match="more than 100000 bytes"):
        client(host, max_bytes=100_000).send(Request(url=f"ftp://{host}/"))


def test_manners(folder: Path):
    """Turns are taken at the host, as for the web, and what is asked is counted."""
    hosts = LocalHosts()
    entered: list[str] = []
    enter = hosts.enter
    hosts.enter = lambda host, *rest: (entered.append(host), enter(host, *rest))[1]  # type: ignore[method-assign]
    with ftp_server(folder) as host:
        asking = HttpClient(allowed_private_hosts=[host], ftp=True, hosts=hosts)
        asking.send(Request(url=f"ftp://{host}/2024/"))
    assert entered == [host]
    assert asking.requests_sent == 1
    assert asking.bytes_received > 20


def test_while_waiting():
    """What is raised while an answer is waited for ends the request."""

    class Stop(Exception):
        pass

    def stop() -> None:
        raise Stop

    with scripted(b"220 hello", b"331 x", b"230 in") as host:
        asking = HttpClient(allowed_private_hosts=[host], ftp=True, while_waiting=stop)
        with pytest.raises(Stop):
            asking.send(Request(url=f"ftp://{host}/"))
