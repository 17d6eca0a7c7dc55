"""Pictures of products through our own cache: what is asked, what is passed on, and who may see it."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from struct import pack
from typing import Any
from uuid import uuid4

import pytest
from ckan.plugins import toolkit

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.tests.catalogue import Catalogue, make_product


def png(pixels: int = 1) -> bytes:
    """A grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\0" + bytes(pixels), 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", pack(">IIBBBBB", pixels, 1, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", rows)
    )


@dataclass
class Host:
    """Another host with pictures: what it answers by path, and what it was asked."""

    address: str
    answers: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def has(self, body: bytes, media_type: str = "image/png", status: int = 200) -> str:
        """The address of one more file."""
        path = f"/{uuid4().hex}"
        self.answers[path] = (status, media_type, body)
        return self.address + path


@pytest.fixture()
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            status, media_type, body = found.answers[self.path]
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Host(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    allowed = [f"127.0.0.1:{server.server_port}"]
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.http.allowed_private_hosts", allowed)
    monkeypatch.setitem(toolkit.config, "ckan.storage_path", str(tmp_path))
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture()
def picture(site: Any, catalogue: Catalogue) -> Any:
    """What `/quicklook/` answers for a product whose thumbnail has this address."""

    def ask(address: str, *, token: str = "", private: bool = False, **headers: str) -> Any:
        asset = Asset(key="thumbnail", href=address, roles=("thumbnail",), media_type="image/png")
        product = make_product(catalogue.collection, "thumbnail", assets=[asset])
        made = catalogue.add(product.id, product, private=private)
        return again(made["id"], token=token, **headers)

    def again(id: str, token: str = "", **headers: str) -> Any:
        answer = site.get(
            f"/quicklook/{id}", headers={"Authorization": token, **headers} if token else headers
        )
        answer.product = id
        return answer

    ask.again = again  # type: ignore[attr-defined]
    return ask


def is_placeholder(answer: Any) -> bool:
    return answer.headers["Content-Type"].startswith("image/svg+xml")


def test_a_picture_is_passed_on_and_asked_for_once(picture: Any, host: Host) -> None:
    address = host.has(png())
    answer = picture(address)
    assert (answer.status_code, answer.headers["Content-Type"], answer.data) == (200, "image/png", png())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "max-age=86400" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    assert picture.again(answer.product).data == png()
    assert len(host.asked) == 1
    unchanged = picture.again(answer.product, **{"If-None-Match": answer.headers["ETag"]})
    assert unchanged.status_code == 304


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"<html>Sign in</html>", "text/html", 200),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml", 200),
        (b"<html>pretending</html>", "image/png", 200),
        (png(), "text/html", 200),
        (b"", "image/png", 200),
        (b"gone", "image/png", 404),
        (b"broken", "image/png", 500),
    ],
)
def test_what_is_no_picture_gives_a_placeholder_and_is_not_asked_again_soon(
    picture: Any, host: Host, body: bytes, media_type: str, status: int
) -> None:
    answer = picture(host.has(body, media_type, status))
    assert answer.status_code == 200
    assert is_placeholder(answer)
    assert is_placeholder(picture.again(answer.product))
    assert len(host.asked) == 1


def test_a_picture_that_is_too_large_is_not_passed_on(picture: Any, host: Host, monkeypatch: Any) -> None:
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.quicklook_max_megabytes", 1)
    assert is_placeholder(picture(host.has(png(1_200_000))))


@pytest.mark.parametrize("address", ["s3://bucket/t.png", "http://127.0.0.2:1/t.png", "http://[::1]/t.png"])
def test_private_addresses_and_other_schemes_are_not_asked(picture: Any, host: Host, address: str) -> None:
    assert is_placeholder(picture(address))


def test_private_pictures_are_never_shown_to_strangers(
    picture: Any, host: Host, catalogue: Catalogue
) -> None:
    mine = picture(host.has(png()), private=True, token=catalogue.token)
    assert mine.data == png()
    assert "no-cache" in mine.headers["Cache-Control"]
    assert "max-age" not in mine.headers["Cache-Control"]
    for token in ("", catalogue.stranger):
        answer = picture.again(mine.product, token=token)
        assert answer.status_code == 404
        assert is_placeholder(answer)


def test_only_products_have_pictures(site: Any, catalogue: Catalogue, host: Host) -> None:
    assert site.get("/quicklook/there-is-none").status_code == 404
    assert is_placeholder(site.get(f"/quicklook/{catalogue.datasets['table']['id']}"))
    assert is_placeholder(site.get(f"/quicklook/{catalogue.datasets['north']['id']}"))
    assert host.asked == []


def test_one_client_cannot_make_us_fetch_without_end(picture: Any, host: Host, monkeypatch: Any) -> None:
    seen = picture(host.has(png()))
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.quicklook_rate", 0)
    refused = picture(host.has(png()))
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert is_placeholder(refused)
    assert picture.again(seen.product).data == png()  # what is kept costs nobody anything
