"""Listings of buckets: S3 (ListObjectsV2 and its first version), Google Cloud Storage, Azure containers."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

from ..listing import ListedFile, Listing, beneath, folder_address, listed_time, quoted
from ..xml import Element, children, is_element, local_name, text_at
from .loose_json import whole_number

_S3, _AZURE = "ListBucketResult", "EnumerationResults"


def is_bucket(document: Any) -> bool:
    """Whether the root of an XML document is such a listing."""
    return is_element(document) and local_name(document) in (_S3, _AZURE)


def read_bucket(document: Element, address: str) -> Listing:
    """One page of a listing of the bucket at `address`; `next` are the parameters of the next one."""
    return _azure(document, address) if local_name(document) == _AZURE else _s3(document, address)


def _s3(document: Element, address: str) -> Listing:
    plain = unquote_plus if text_at(document, "EncodingType").lower() == "url" else str
    keys = [(plain(text_at(each, "Key")), each) for each in children(document, "Contents")]
    prefixes = [plain(text_at(each, "Prefix")) for each in children(document, "CommonPrefixes")]
    files = [
        ListedFile(where, whole_number(text_at(each, "Size")), _time(text_at(each, "LastModified")))
        for key, each in keys
        if not key.endswith("/") and (where := _address(address, key))
    ]
    folders = [where for prefix in prefixes if (where := _address(address, prefix))]
    following: dict[str, str] | None = None
    if text_at(document, "IsTruncated").lower() == "true":
        token, marker = text_at(document, "NextContinuationToken"), plain(text_at(document, "NextMarker"))
        last = max([key for key, _ in keys] + prefixes, default="")
        following = {"continuation-token": token} if token else {"marker": marker or last}
        following = following if any(following.values()) else None
    prefix = plain(text_at(document, "Prefix"))
    own = _address(address, prefix) if prefix.endswith("/") else ""
    return Listing(tuple(files), tuple(folders), next=following, own=own)


def _azure(document: Element, address: str) -> Listing:
    files: list[ListedFile] = []
    folders: list[str] = []
    for blobs in children(document, "Blobs"):
        for each in blobs:
            if not is_element(each) or not (where := _address(address, text_at(each, "Name"))):
                continue
            if local_name(each) == "BlobPrefix":
                folders.append(where)
            elif local_name(each) == "Blob":
                size = whole_number(text_at(each, "Properties/Content-Length"))
                files.append(ListedFile(where, size, _time(text_at(each, "Properties/Last-Modified"))))
    marker = text_at(document, "NextMarker")
    return Listing(tuple(files), tuple(folders), next={"marker": marker} if marker else None)


def _address(bucket: str, key: str) -> str:
    """The address of a key; empty for one that cannot have any."""
    base = folder_address(bucket)
    return beneath(base, base + "/".join(quoted(step) for step in key.split("/")))


def _time(said: str) -> str:
    return listed_time(said[:19] if said[10:11] == "T" else said)
