"""Listings of folders in JSON: autoindex of nginx, and file servers like Caddy's."""

from __future__ import annotations

from typing import Any

from ..listing import MOST, ListedFile, Listing, beneath, folder_address, listed_time, quoted
from .loose_json import array, mapping, text, whole_number

_TIMES = ("mtime", "mod_time", "modified", "last_modified")
_FOLDERS = ("directory", "dir", "folder")


def is_index_json(document: Any) -> bool:
    """Whether a JSON value is such a listing."""
    entries = array(document)
    return (
        isinstance(document, list)
        and all("name" in mapping(entry) for entry in entries)
        and (not entries or any({"type", "is_dir"} & mapping(entry).keys() for entry in entries))
    )


def read_index_json(document: Any, address: str) -> Listing:
    """The listing in a JSON value."""
    base = folder_address(address)
    files: list[ListedFile] = []
    folders: list[str] = []
    for entry in array(document)[:MOST]:
        about = mapping(entry)
        name = text(about.get("name")).rstrip("/")
        where = beneath(base, base + quoted(name)) if name and "/" not in name else ""
        if not where:
            continue
        if text(about.get("type")).lower() in _FOLDERS or about.get("is_dir") is True:
            folders.append(f"{where}/")
        else:
            said = next((text(about[key]) for key in _TIMES if about.get(key)), "")
            files.append(ListedFile(where, whole_number(about.get("size")), _time(said)))
    return Listing(tuple(files), tuple(folders))


def _time(said: str) -> str:
    return listed_time(said[:19] if said[10:11] == "T" else said)
