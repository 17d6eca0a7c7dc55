from __future__ import annotations

import pytest
from hypothesis import given

from ckanext.nextgeoss.eo.asset import parse_checksum, parse_media_type, parse_size, write_multihash
from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.tests.core.strategies import checksums, modest


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (123, 123), ("123", 123), (12.0, 12), ("1.0 GB", 1_000_000_000), ("714.06 MB", 714_060_000),
        ("1 GiB", 1_073_741_824), ("5kb", 5000), ("7 bytes", 7), ("1,024", 1024), (0, 0), ("2 T", 2 * 10**12),
    ],
)  # fmt: skip
def test_sizes_become_bytes(value: object, expected: int) -> None:
    assert parse_size(value) == expected


@pytest.mark.parametrize(
    "value", ["", "GB", "-5", -5, "1 parsec", None, True, float("nan"), float("inf"), [1], 2**70]
)
def test_what_is_no_size_is_refused(value: object) -> None:
    with pytest.raises(BadValue, match="unit"):
        parse_size(value)


MD5, SHA1, SHA256 = (
    "0" * 31 + "a",
    "1" * 40,
    "e5dcfaeab33dc3ec24325538556024f618caf595ea427a3877db60949c69d565",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"1220{SHA256}", f"sha256:{SHA256}"),
        (f"d50110{MD5}", f"md5:{MD5}"),
        (f"1114{SHA1}", f"sha1:{SHA1}"),
        (SHA256.upper(), f"sha256:{SHA256}"),
        (MD5, f"md5:{MD5}"),
        (SHA1, f"sha1:{SHA1}"),
        (f"SHA-256:{SHA256}", f"sha256:{SHA256}"),
    ],
)
def test_checksums_in_their_forms(text: str, expected: str) -> None:
    assert parse_checksum(text) == expected


@pytest.mark.parametrize(
    "text", ["", "xyz", "md5:", f"md5:{SHA256}", f"d50120{SHA256}", "crc32:12345678", "g" * 64]
)
def test_what_is_no_checksum_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="multihash"):
        parse_checksum(text)


@modest
@given(checksums)
def test_a_checksum_survives_as_multihash(checksum: str) -> None:
    assert parse_checksum(write_multihash(checksum)) == checksum


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("image/PNG", "image/png"),
        (
            " image/tiff; application=geotiff; profile=cloud-optimized",
            "image/tiff; application=geotiff; profile=cloud-optimized",
        ),
        ("image/tiff; application=geotiff;", "image/tiff; application=geotiff"),
        ("application/vnd.google-earth.kml+xml", "application/vnd.google-earth.kml+xml"),
    ],
)
def test_media_types(text: str, expected: str) -> None:
    assert parse_media_type(text) == expected


@pytest.mark.parametrize("value", ["", "jpeg", "image/", "a/b/c", "text/html\n<script>", None])
def test_what_is_no_media_type_is_refused(value: object) -> None:
    with pytest.raises(BadValue, match="subtype"):
        parse_media_type(value)
