"""`nextgeoss provider check` and `record`, against the simulator and a server that repeats every secret."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner, Result

from ckanext.nextgeoss.demo import catalogue
from ckanext.nextgeoss.demo.simulator import Simulator
from ckanext.nextgeoss.harvesters.cleaning import Cleaner
from ckanext.nextgeoss.harvesters.cli import provider
from ckanext.nextgeoss.harvesters.provider_files import load_file, load_provider, provider_from_mapping
from ckanext.nextgeoss.harvesters.reading import read_answer
from ckanext.nextgeoss.tests.core.local_server import Handler, serve

SECRET = 's3cr/et+"<&> näme'
USER = "j.doe@example.org"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(list(catalogue.products(60))) as running:
        yield running


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(provider, arguments)


@pytest.mark.parametrize(
    ("provider_id", "path"),
    [
        ("nextgeoss_demo", ""),
        ("nextgeoss_demo_atom", "/opensearch"),
        ("nextgeoss_demo_geojson", "/opensearch"),
        ("nextgeoss_demo_odata", "/odata/v1"),
    ],
)
def test_check_says_what_it_found(simulator: Simulator, provider_id: str, path: str):
    """Address, status, time, products, total, newest, attributes and next page; exit code 0."""
    host = simulator.url.removeprefix("http://")
    asked = ("check", provider_id, "--url", simulator.url + path, "--private", host)
    result = _run(*asked, "--collection", "sentinel-2-l2a")
    assert result.exit_code == 0, result.output
    said = dict(line.split(": ", 1) for line in result.stdout.splitlines())
    assert simulator.url in said["asked"]
    assert said["answered"].startswith("200, application/")
    assert said["login"] == "none"
    assert said["products"] == "5 read, 0 refused"
    assert said["total"].isdecimal()
    assert said["newest of them"].startswith("S2")
    assert simulator.url in said["next page"]
    assert said["attributes"].endswith(" 0 unknown")


def test_check_of_what_cannot_be_asked():
    """One line says why, and the exit code tells."""
    result = _run("check", "nextgeoss_demo", "--url", "http://127.0.0.1:9")
    assert result.exit_code == 1
    last = result.stdout.splitlines()[-1]
    assert last.startswith("failed: http://127.0.0.1:9")
    assert "private address" in last


def test_check_of_what_is_no_catalogue(tmp_path: Path):
    """The words of the error body."""
    with serve({"/v1/search": lambda h: h.answer({"code": "Gone", "description": "moved away"})}) as server:
        result = _run("check", "nextgeoss_demo", "--url", f"{server.url}/v1", "--private", server.host)
    assert result.exit_code == 1
    assert "moved away" in result.stdout.splitlines()[-1]


# --- secrets


def _everywhere(handler: Handler) -> None:
    """Two pages of three products that repeat the login wherever one can."""
    asked = json.loads(handler.server.seen.calls[-1].body)
    authorization = handler.headers["Authorization"]
    signed = f"https://store.example/a.tif?sv=1&sig={quote(SECRET, safe='')}&se=2030-01-01&keep=1"
    features = [
        {
            "type": "Feature", "id": f"p{asked.get('token', 'a')}{number}", "collection": "c",
            "geometry": None,
            "properties": {
                "datetime": "2024-01-01T00:00:00Z",
                "asked_with": authorization,
                "password": "other",
                "note": f"{SECRET} {quote(SECRET)} {b64encode(SECRET.encode()).decode()}",
                "access_token": "abcdefgh",
                "session": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqLmRvZSJ9.c2lnbmF0dXJl",
            },
            "assets": {
                "data": {"href": signed},
                "other": {"href": f"https://{quote(USER)}:{quote(SECRET, safe='')}@dl.example/x?api_key=abc"},
            },
            "links": [],
        }
        for number in range(3)
    ]  # fmt: skip
    link = {"rel": "next", "method": "POST", "href": "search", "merge": True, "body": {"token": "page2"}}
    handler.answer(
        {"type": "FeatureCollection", "features": features, "links": [link] if "token" not in asked else []},
        content_type="application/geo+json",
        Set_Cookie=f"session={b64encode(SECRET.encode()).decode()}",
        X_Debug_Authorization=authorization,
        Link=f'<https://api.example/search?token=page2&apikey={quote(SECRET, safe="")}>; rel="next"',
    )


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(SECRET, "utf-8")
    return path


def _recorded(tmp_path: Path, secret_file: Path, *options: str, **auth: str) -> tuple[Path, Result]:
    file, out = tmp_path / "mine.yaml", tmp_path / "out"
    with serve({"/v1/search": _everywhere}) as server:
        login = json.dumps(auth)
        file.write_text(
            f"title: M\norganization: m\nurl: {server.url}/v1\nprofile: stac\ncollections: [c]\n"
            f"auth: {login}\n"
        )
        result = _run("record", str(file), "--private", server.host, "--out", str(out), *options)
    return out, result


def _leaks(text: str, *secrets: str) -> list[str]:
    forms = [form for each in secrets for form in (each, quote(each), quote(each, safe=""))]
    forms += [b64encode(each.encode()).decode().rstrip("=") for each in secrets]
    forms += [json.dumps(each)[1:-1] for each in secrets]
    return [form for form in forms if form in text]


def test_record_keeps_no_secret(tmp_path: Path, secret_file: Path, monkeypatch: pytest.MonkeyPatch):
    """User, password, tokens, signatures and cookies are in no file; what is needed to read on is."""
    monkeypatch.setenv("C_USER", USER)
    auth = {"type": "basic", "user": "env:C_USER", "password": f"file:{secret_file}"}
    out, result = _recorded(tmp_path, secret_file, "--pages", "2", **auth)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in out.iterdir()) == ["page-2.json", "page.json", "recording.json"]
    everything = "".join(path.read_text("utf-8") for path in out.iterdir()) + result.output
    assert _leaks(everything, SECRET, f"{USER}:{SECRET}") == []
    for gone in (
        "abcdefgh",
        "eyJhbGci",
        "sig=",
        "api_key=abc",
        "Set-Cookie",
        "set-cookie",
        "X-Debug",
        "j.doe",
    ):
        assert gone not in everything, gone
    page = json.loads((out / "page.json").read_text())
    asset = page["features"][0]["assets"]["data"]["href"]
    assert asset == "https://store.example/a.tif?keep=1"
    assert page["links"][0]["body"] == {"token": "page2"}
    first, second = json.loads((out / "recording.json").read_text())
    assert (first["file"], first["status"], first["request"]["method"]) == ("page.json", 200, "POST")
    assert first["request"]["body"]["collections"] == ["c"]
    assert first["headers"]["content-type"] == "application/geo+json"
    assert first["headers"]["link"] == '<https://api.example/search?token=page2&apikey=***>; rel="next"'
    assert second["request"]["body"]["token"] == "page2"


def test_record_is_read_as_a_sample(tmp_path: Path, secret_file: Path):
    """What was recorded is read by the same provider file, cut to what was wanted."""
    auth = {"type": "bearer", "token": f"file:{secret_file}"}
    out, result = _recorded(tmp_path, secret_file, "--products", "2", **auth)
    assert result.exit_code == 0, result.output
    reading = read_answer(load_file(tmp_path / "mine.yaml"), (out / "page.json").read_bytes(), "page.json")
    assert [each["id"] for each in reading.products()] == ["pa0", "pa1"]


def test_record_of_a_key_in_the_address(tmp_path: Path, secret_file: Path):
    """A key that is sent as a parameter is hidden in what was asked, too."""
    auth = {"type": "parameter", "parameter": "k", "key": f"file:{secret_file}"}

    def paged(handler: Handler) -> None:
        handler.headers["Authorization"] = "none"
        _everywhere(handler)

    out, file = tmp_path / "out", tmp_path / "mine.yaml"
    with serve({"/v1/search": paged}) as server:
        file.write_text(
            f"title: M\norganization: m\nurl: {server.url}/v1\nprofile: stac\nauth: {json.dumps(auth)}\n"
            "collections: [c]\n"
        )
        assert _run("record", str(file), "--private", server.host, "--out", str(out)).exit_code == 0
    everything = "".join(path.read_text("utf-8") for path in out.iterdir())
    assert _leaks(everything, SECRET) == []
    assert json.loads((out / "recording.json").read_text())[0]["request"]["query"] == "k=***"


ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">
<link rel="next" href="https://u:pw12@h.example/s?start=3&amp;apikey=abc&amp;count=2"/>
<entry><id>a</id><link href="https://h.example/a?X-Amz-Signature=1&amp;X-Amz-Date=2&amp;v=1"/></entry>
<entry><id>b</id></entry><entry><id>c</id></entry></feed>"""


def test_cleaner_of_xml():
    """Addresses stay addresses as XML has them."""
    text = Cleaner(load_provider("terradue"), ()).text(ATOM)
    assert 'href="https://h.example/s?start=3&amp;apikey=***&amp;count=2"' in text
    assert 'href="https://h.example/a?v=1"' in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_cleaner_keeps_the_encoding(encoding: str):
    """What is not secret comes through byte by byte."""
    body = '{"title": "Zürich", "note": "topsecret-1"}'.encode(encoding)
    told = Cleaner(load_provider("earth_search"), ["topsecret-1"]).body(body)
    assert told == '{"title": "Zürich", "note": "***"}'.encode(encoding)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"href":"https:\\/\\/h.example\\/a?sig=1\\u0026v=2"}', '{"href":"https:\\/\\/h.example\\/a?v=2"}'),
        ('{"key": "value", "keywords": ["a"]}', '{"key": "value", "keywords": ["a"]}'),
        ('{"token": "next:abc"}', '{"token": "next:abc"}'),
        ('{"client_secret" : "a\\"b", "n": 1}', '{"client_secret" : "***", "n": 1}'),
        ("Authorization: Bearer abcdefghij", "Authorization: Bearer ***"),
        ("https://h.example/a@b?c=d@e", "https://h.example/a@b?c=d@e"),
    ],
)
def test_cleaner(text: str, expected: str):
    """Neither too little nor too much."""
    said: dict[str, Any] = {"title": "x", "organization": "x", "url": "https://h.example", "profile": "stac"}
    assert Cleaner(provider_from_mapping("x", said, "x"), ()).text(text) == expected
