"""The HTTP client against real servers on loopback that do what bad servers do."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path

import pytest

from ckanext.nextgeoss.addresses import AddressCheck, is_public, redact
from ckanext.nextgeoss.http import (
    HttpClient,
    Limits,
    Refused,
    RemoteError,
    Request,
    TooLarge,
    Unreachable,
    retry_after,
)
from ckanext.nextgeoss.tests.core.local_server import Handler, serve

ONCE = Limits(attempts=1)


def _client(
    *allowed: str, limits: Limits = ONCE, waits: list[float] | None = None, **more: object
) -> HttpClient:
    if waits is not None:
        more |= {"sleep": waits.append, "clock": lambda: sum(waits)}
    more.setdefault("sleep", lambda seconds: None)
    return HttpClient(allowed_private_hosts=allowed, limits=limits, **more)  # type: ignore[arg-type]


def _hello(handler: Handler) -> None:
    handler.answer(b"hello")


def test_asks_and_says_who_it_is():
    """Parameters, JSON body and headers arrive; the answer comes with lower-case headers."""
    with serve({"/search": lambda h: h.answer({"ok": True}, X_Total="3")}) as server:
        client = _client(server.host, user_agent="hub.example/1.0 (+mailto:ops@hub.example)")
        request = Request(f"{server.url}/search", method="POST", params={"a": "ä"}, body={"limit": 2})
        answer = client.send(request)
    assert (answer.status, answer.body, answer.headers["x-total"]) == (200, b'{"ok": true}', "3")
    call = server.calls[0]
    assert (call.method, call.path, call.body) == ("POST", "/search?a=%C3%A4", b'{"limit": 2}')
    assert call.headers["user-agent"] == "hub.example/1.0 (+mailto:ops@hub.example)"


# --- addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1", "192.0.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "2002:7f00:1::1", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    ],
)  # fmt: skip
def test_private_addresses(address: str):
    """Nothing but the public network is public, in whatever it is wrapped."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2a00:1450:4001:82f::200e", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses(address: str):
    """Public ones are, also by way of a translator."""
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.1:{port}/",
    ],
)
def test_private_host_is_refused(url: str):
    """However loopback is written, it is not asked unless it is in the list."""
    with serve({"/": _hello}) as server, pytest.raises(Refused, match="private address"):
        _client().send(Request(url.format(port=server.port)))
    assert server.calls == []


def test_list_names_a_host_or_a_port_of_it():
    """`host:port` allows that port only."""
    with serve({"/": _hello}) as server, serve({"/": _hello}) as beside:
        assert _client(server.host).send(Request(server.url)).body == b"hello"
        assert _client("127.0.0.1").send(Request(beside.url)).body == b"hello"
        with pytest.raises(Refused):
            _client(server.host).send(Request(beside.url))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "//example.org/x", "",
        "s3://bucket/key", "http://", "http://[::1", "http://example.org:99999/",
        "http://user:pass@example.org/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(url: str):
    """Only http and https, well formed, and without a user in it; no name is looked up for others."""

    def resolver(host: str, port: int) -> list[str]:
        raise AssertionError(f"looked up {host}")

    with pytest.raises(Refused) as caught:
        _client(resolver=resolver).send(Request(url))
    assert "pass" not in str(caught.value).replace("passwd", "")


def test_connection_goes_to_the_address_that_was_checked():
    """A name that changes its address between look-ups (DNS rebinding) is looked up once."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    with serve({"/": _hello}) as server:
        client = _client("catalogue.example", resolver=resolver)
        assert client.send(Request(f"http://catalogue.example:{server.port}/")).body == b"hello"
    assert asked == ["catalogue.example"]
    assert server.calls[0].headers["host"] == f"catalogue.example:{server.port}"


def test_rebinding_to_a_private_address_is_refused():
    """The same name is checked again for the next request."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    check = AddressCheck(resolver=lambda host, port: next(answers))
    assert check.address("http://rebinding.example/") == "93.184.216.34"
    with pytest.raises(Refused, match=r"rebinding\.example has a private address"):
        check.address("http://rebinding.example/")


def test_one_private_address_among_public_ones():
    """A name that also has a private address is refused."""
    with pytest.raises(Refused):
        _client(resolver=lambda host, port: ["93.184.216.34", "10.0.0.1"]).send(
            Request("http://mixed.example/")
        )


def test_unknown_host():
    """A name without address is unreachable, not an error of ours."""

    def resolver(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(Unreachable, match=r"nowhere\.example is not known"):
        _client(resolver=resolver).send(Request("https://nowhere.example/"))


def test_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch):
    """A proxy would connect to addresses that nobody checked."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with serve({"/": _hello}) as server:
        assert _client(server.host).send(Request(server.url)).body == b"hello"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for catalogue.example, with its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is needed to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    key, path = folder / "key.pem", folder / "server.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        " -subj /CN=catalogue.example -addext subjectAltName=DNS:catalogue.example"
    )
    subprocess.run([*command.split(), "-keyout", key, "-out", path], check=True, capture_output=True)
    path.write_bytes(key.read_bytes() + path.read_bytes())
    return path


def test_tls_is_checked_for_the_name(certificate: Path):
    """The certificate must be that of the name, though the connection goes to an address."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    names: list[str | None] = []
    tls.sni_callback = lambda sock, name, context: names.append(name)
    with serve({"/": _hello}, tls) as server:
        client = _client(
            "catalogue.example",
            "other.example",
            resolver=lambda host, port: ["127.0.0.1"],
            ca_file=str(certificate),
        )
        assert client.send(Request(f"https://catalogue.example:{server.port}/")).body == b"hello"
        with pytest.raises(Unreachable, match="certificate could not be verified"):
            client.send(Request(f"https://other.example:{server.port}/"))
    assert names == ["catalogue.example", "other.example"]


def test_tls_of_strangers_is_refused(certificate: Path):
    """A certificate that nobody vouches for is refused."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with serve({"/": _hello}, tls) as server:
        client = _client("catalogue.example", resolver=lambda host, port: ["127.0.0.1"])
        with pytest.raises(Unreachable, match="certificate could not be verified"):
            client.send(Request(f"https://catalogue.example:{server.port}/"))


# --- redirects


def _to(target: str, status: int = 302) -> Callable[[Handler], None]:
    return lambda handler: handler.answer(status=status, Location=target)


def test_redirect_is_followed():
    """A relative redirect, and `url` tells where the answer came from."""
    with serve({"/a": _to("b"), "/b": _hello}) as server:
        answer = _client(server.host).send(Request(f"{server.url}/a"))
    assert (answer.body, answer.url) == (b"hello", f"{server.url}/b")


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{port}/", "http://169.254.169.254/latest/", "file:///etc/passwd"]
)
def test_redirect_to_a_forbidden_address(target: str):
    """A redirect is checked as the first address was."""
    with (
        serve({"/": _hello}) as private,
        serve({"/a": _to(target.format(port=private.port))}) as server,
        pytest.raises(Refused),
    ):
        _client(server.host).send(Request(f"{server.url}/a"))
    assert private.calls == []


def test_redirects_in_a_circle():
    """A circle ends."""
    with (
        serve({"/a": _to("/b"), "/b": _to("/a")}) as server,
        pytest.raises(Refused, match="more than 5 redirects"),
    ):
        _client(server.host).send(Request(f"{server.url}/a"))
    assert len(server.calls) == 6


def test_secrets_do_not_follow_to_another_host():
    """Login and keys stay with the host they are for; what is harmless follows."""
    headers = {"Authorization": "Bearer secret", "X-Api-Key": "secret", "Accept": "application/json"}
    with (
        serve({"/b": _hello}) as other,
        serve({"/a": _to(f"{other.url}/b"), "/same": _to("/own"), "/own": _hello}) as server,
    ):
        client = _client("127.0.0.1")
        client.send(Request(f"{server.url}/a", headers=headers))
        client.send(Request(f"{server.url}/same", headers=headers))
    assert {"authorization", "x-api-key"} & set(other.calls[0].headers) == set()
    assert other.calls[0].headers["accept"] == "application/json"
    assert server.calls[-1].headers["authorization"] == "Bearer secret"


@pytest.mark.parametrize(
    ("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")]
)
def test_method_after_a_redirect(status: int, method: str):
    """307 and 308 repeat the request with its body (RFC 9110, 15.4)."""
    with serve({"/a": _to("/b", status), "/b": _hello}) as server:
        _client(server.host).send(Request(f"{server.url}/a", method="POST", body={"limit": 1}))
    assert server.calls[1].method == method
    assert server.calls[1].body == (b'{"limit": 1}' if method == "POST" else b"")


def test_cookies_are_not_kept():
    """No answer marks later requests."""
    with serve({"/": lambda h: h.answer(b"", Set_Cookie="id=1; Path=/")}) as server:
        client = _client(server.host)
        client.send(Request(server.url))
        client.send(Request(server.url))
    assert "cookie" not in server.calls[1].headers


# --- limits


def test_huge_answer_is_cut_off():
    """An endless answer is not read beyond the limit."""

    def endless(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b"x" * 65536)

    with serve({"/": endless}) as server:
        client = _client(server.host, limits=Limits(attempts=1, max_bytes=1_000_000))
        with pytest.raises(TooLarge, match="more than 1000000 bytes"):
            client.send(Request(server.url))
    assert client.bytes_received < 1_300_000


def test_bomb_is_cut_off():
    """The limit is that of what a compressed answer becomes: here 200 MB out of 200 kB."""
    bomb = gzip.compress(b"\0" * 200_000_000)
    with serve({"/": lambda h: h.answer(bomb, Content_Encoding="gzip")}) as server:
        client = _client(server.host, limits=Limits(attempts=1, max_bytes=1_000_000))
        with pytest.raises(TooLarge):
            client.send(Request(server.url))
    assert len(bomb) < 1_000_000


def test_compressed_answer():
    """An honest compressed answer is decompressed."""
    body = b"product " * 10_000
    with serve({"/": lambda h: h.answer(gzip.compress(body), Content_Encoding="gzip")}) as server:
        assert _client(server.host).send(Request(server.url)).body == body


def test_slow_answer_ends_in_time():
    """Bytes that trickle, each within the read time-out, do not hold us longer than the whole time."""

    sent: list[int] = []

    def trickle(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for number in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            sent.append(number)
            time.sleep(0.05)

    with serve({"/": trickle}) as server:
        client = _client(server.host, limits=Limits(attempts=1, total=0.3))
        with pytest.raises(Unreachable, match=r"not complete after 0.3 seconds"):
            client.send(Request(server.url))
        assert len(sent) < 100


@pytest.mark.parametrize("tls", [False, True])
def test_headers_that_trickle_end_in_time(certificate: Path, tls: bool):
    """Nor do headers, of which a byte comes before each read time-out."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    whole, sent = b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 200, bytearray()

    def trickle(handler: Handler) -> None:
        for byte in whole:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            sent.append(byte)
            time.sleep(0.05)

    with serve({"/": trickle}, context if tls else None) as server:
        client = _client(
            "catalogue.example",
            resolver=lambda host, port: ["127.0.0.1"],
            ca_file=str(certificate),
            limits=Limits(attempts=1, read=5, total=0.3),
        )
        with pytest.raises(Unreachable, match=r"not complete after 0.3 seconds"):
            client.send(Request(f"{'https' if tls else 'http'}://catalogue.example:{server.port}/"))
        assert len(sent) < len(whole)


def test_waiting_can_be_watched_and_ended(monkeypatch: pytest.MonkeyPatch):
    """While a server is silent, and between attempts, somebody is told that we wait, and may end it."""

    class Cancelled(Exception):
        pass

    told: list[str] = []

    def watch() -> None:
        told.append("waiting")
        if len(told) == 3:
            raise Cancelled

    monkeypatch.setattr("ckanext.nextgeoss.transport.TICK", 0.05)
    with serve({"/": lambda h: time.sleep(5)}) as server, pytest.raises(Cancelled):
        _client(server.host, while_waiting=watch).send(Request(server.url))
    told.clear()
    waits: list[float] = []
    with (
        serve({"/": lambda h: h.answer(b"", 429, Retry_After="60")}) as server,
        pytest.raises(Cancelled),
    ):
        _client(server.host, limits=Limits(attempts=2), waits=waits, while_waiting=watch).send(
            Request(server.url)
        )
    assert sum(waits) < 10


def test_silent_server():
    """No answer at all ends with the read time-out."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(Unreachable, match="no answer in time"):
            _client(host, limits=Limits(attempts=1, read=0.2)).send(Request(f"http://{host}/"))


def test_answer_that_breaks_off():
    """Fewer bytes than announced are no answer."""

    def broken(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    with serve({"/": broken}) as server, pytest.raises(Unreachable, match="broke off"):
        _client(server.host).send(Request(server.url))


def test_answer_that_is_not_compressed_as_it_says():
    """A false Content-Encoding is an answer that cannot be used."""
    with (
        serve({"/": lambda h: h.answer(b"plain", Content_Encoding="gzip")}) as server,
        pytest.raises(Unreachable, match="could not be decompressed"),
    ):
        _client(server.host).send(Request(server.url))


# --- retries


class _Failing:
    """Fails some times, then answers."""

    def __init__(self, times: int, fail: Callable[[Handler], None]):
        self.left, self.fail = times, fail

    def __call__(self, handler: Handler) -> None:
        self.left -= 1
        if self.left >= 0:
            self.fail(handler)
        else:
            handler.answer(b"at last")


def _reset(handler: Handler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    handler.connection.close()
    handler.close_connection = True


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_busy_server_is_asked_again(status: int):
    """With pauses that grow and are not the same for all."""
    waits: list[float] = []
    with serve({"/": _Failing(2, lambda h: h.answer(b"busy", status))}) as server:
        client = _client(server.host, limits=Limits(attempts=4, pause=1.0), waits=waits)
        assert client.send(Request(server.url)).body == b"at last"
    assert len(waits) == 2
    assert 0.5 <= waits[0] <= 1.5
    assert 1.0 <= waits[1] <= 3.0
    assert client.requests_sent == 3


def test_connection_reset_is_tried_again():
    """A connection that breaks is tried again, and the last failure is told."""
    with serve({"/": _Failing(1, _reset)}) as server:
        assert _client(server.host, limits=Limits(attempts=2)).send(Request(server.url)).body == b"at last"
    with serve({"/": _Failing(9, _reset)}) as server, pytest.raises(Unreachable):
        _client(server.host, limits=Limits(attempts=3)).send(Request(server.url))
    assert len(server.calls) == 3


def test_retry_after_in_seconds():
    """The pause is the one the server asks for."""
    waits: list[float] = []
    with serve({"/": _Failing(1, lambda h: h.answer(b"", 429, Retry_After="7"))}) as server:
        _client(server.host, limits=Limits(attempts=2), waits=waits).send(Request(server.url))
    assert sum(waits) == 7


def test_retry_after_as_date():
    """A date means the time until then."""
    now = datetime(2026, 1, 1, tzinfo=timezone.utc)
    later = format_datetime(now + timedelta(seconds=90), usegmt=True)
    assert retry_after(later, now.timestamp) == 90
    assert retry_after(format_datetime(now - timedelta(hours=1), usegmt=True), now.timestamp) == 0


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "Mon, 99 Foo 2026"])
def test_retry_after_that_says_nothing(value: str):
    """Then our own pause is taken."""
    assert retry_after(value) is None


def test_retry_after_beyond_our_patience():
    """A server that wants an hour is not waited for."""
    waits: list[float] = []
    with (
        serve({"/": lambda h: h.answer(b"", 503, Retry_After="3600")}) as server,
        pytest.raises(RemoteError) as caught,
    ):
        _client(server.host, limits=Limits(attempts=3), waits=waits).send(Request(server.url))
    assert (caught.value.status, waits, len(server.calls)) == (503, [], 1)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501])
def test_refusal_is_not_tried_again(status: int):
    """What will not change is told at once, with the server's words."""
    with (
        serve(
            {"/": lambda h: h.answer({"code": "BadRequest", "description": "limit too big"}, status)}
        ) as server,
        pytest.raises(RemoteError, match="limit too big") as caught,
    ):
        _client(server.host, limits=Limits(attempts=3)).send(Request(server.url))
    assert (caught.value.status, len(server.calls)) == (status, 1)


# --- messages


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p@example.org/a?b=1", "https://example.org/a?b=1"),
        ("https://example.org/a?sig=x%2By&se=2026&limit=3", "https://example.org/a?sig=***&se=***&limit=3"),
        ("https://example.org/?X-Amz-Signature=ab&X-Amz-Date=1", "https://example.org/?X-Amz-Signature=***&X-Amz-Date=1"),
        ("https://example.org/?access_token=abc&bbox=1,2,3,4", "https://example.org/?access_token=***&bbox=1,2,3,4"),
        ("https://example.org/?apiKey=abc&intersects=x&start=1", "https://example.org/?apiKey=***&intersects=x&start=1"),
        ("https://example.org/#token=abc", "https://example.org/"),
    ],
)  # fmt: skip
def test_secrets_are_not_shown(url: str, shown: str):
    """Messages show addresses without users, keys, tokens and signatures."""
    assert redact(url) == shown


def test_secrets_are_not_in_messages():
    """Neither those of the address nor those of headers."""
    with (
        serve({"/": lambda h: h.answer(b"<html>no</html>", 403)}) as server,
        pytest.raises(RemoteError) as caught,
    ):
        _client(server.host).send(Request(f"{server.url}/?token=geheim", headers={"Authorization": "geheim"}))
    assert "geheim" not in str(caught.value)
    assert "token=***" in str(caught.value)
