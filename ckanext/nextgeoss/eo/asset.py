"""A file of a product: the STAC asset, the CKAN resource, the Atom enclosure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .errors import BadValue

_UNITS = (
    {"": 1, "b": 1, "byte": 1, "bytes": 1}
    | {f"{prefix}{b}": 1000**power for power, prefix in enumerate("kmgtp", 1) for b in ("", "b")}
    | {f"{prefix}ib": 1024**power for power, prefix in enumerate("kmgtp", 1)}
)
_SIZE = re.compile(r"(\d{1,18}(?:\.\d{1,18})?)\s*([A-Za-z]*)")

# multihash codes (multiformats/multicodec table): code and digest length in bytes
_MULTIHASH = {
    "sha1": ("11", 20), "sha256": ("12", 32), "sha384": ("20", 48), "sha512": ("13", 64), "md5": ("d501", 16),
    "blake3": ("1e", 32),
    "sha3-224": ("17", 28), "sha3-256": ("16", 32), "sha3-384": ("15", 48), "sha3-512": ("14", 64),
}  # fmt: skip
# what they begin with: code and length, which fits one byte as all are shorter than 128 bytes
_HEADS = {name: f"{code}{length:02x}" for name, (code, length) in _MULTIHASH.items()}
# and how long the whole is in hex digits
_WHOLE = [(name, head, len(head) + 2 * _MULTIHASH[name][1]) for name, head in _HEADS.items()]
_HEX = re.compile("[0-9a-f]+")
_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
_MEDIA_TYPE = re.compile(
    r"[a-z0-9][\w!#$&^.+-]*/[a-z0-9*][\w!#$&^.+-]*(\s*;\s*[\w.-]+=(\"[^\"]*\"|[^\s;\"]+))*", re.A
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file of a product; `roles` are STAC's (data, metadata, thumbnail, overview, ...)."""

    key: str
    href: str
    roles: tuple[str, ...] = ()
    title: str = ""
    media_type: str = ""
    # bytes
    size: int | None = None
    # algorithm:hex, such as md5:d41d8cd98f00b204e9800998ecf8427e
    checksum: str = ""

    def __post_init__(self) -> None:
        if self.title == self.key:  # says nothing
            object.__setattr__(self, "title", "")


def parse_size(value: object) -> int:
    """Bytes from 123, "123", "1.0 GB" (powers of 1000) or "1 GiB" (powers of 1024)."""
    allowed = "bytes as a number, or a number with a unit such as 714.06 MB"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if 0 <= value < 2**63:
            return round(value)
    elif isinstance(value, str) and (found := _SIZE.fullmatch(value.strip().replace(",", ""))):
        factor = _UNITS.get(found[2].lower())
        if factor:
            return parse_size(
                int(found[1]) * factor if found[1].isdigit() else round(float(found[1]) * factor)
            )
    raise BadValue(value, "size", allowed)


def parse_checksum(value: object) -> str:
    """`algorithm:hex` from that form, from a multihash in hex (STAC `file:checksum`), or from a bare MD5 or
    SHA digest, which is known by its length."""
    text = str(value).strip().lower()
    algorithm, colon, digest = text.partition(":")
    algorithm = algorithm.replace("sha-", "sha") if colon else ""
    if not colon:
        digest = text
        for name, head, length in _WHOLE:
            if len(text) == length and text.startswith(head):
                algorithm, digest = name, text[len(head) :]
        algorithm = algorithm or _BY_LENGTH.get(len(digest), "")
    known = algorithm in _MULTIHASH and len(digest) == 2 * _MULTIHASH[algorithm][1]
    if not known or not _HEX.fullmatch(digest):
        raise BadValue(value, "checksum", "a multihash, algorithm:hex, or the hex digest of MD5 or SHA")
    return f"{algorithm}:{digest}"


def write_multihash(checksum: str) -> str:
    """The hex multihash of an `algorithm:hex` checksum, as STAC's `file:checksum` wants it."""
    algorithm, _, digest = parse_checksum(checksum).partition(":")
    return _HEADS[algorithm] + digest


def parse_media_type(value: object) -> str:
    """A media type in lower case with its parameters, such as `image/tiff; application=geotiff`."""
    text = _media_type(str(value))
    if not text:
        raise BadValue(value, "media type", "type/subtype with parameters, such as image/tiff")
    return text


@lru_cache  # thousands of products have the same few
def _media_type(said: str) -> str:
    """Empty when it is none."""
    kind, semicolon, parameters = said.strip().partition(";")
    parameters = parameters.strip().rstrip(";").rstrip()
    text = kind.strip().lower() + ("; " + parameters if semicolon and parameters else "")
    return text if _MEDIA_TYPE.fullmatch(text) else ""
