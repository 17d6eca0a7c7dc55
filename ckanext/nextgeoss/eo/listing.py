"""What is in a folder: its files and the folders within it, whoever lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import quote, unquote, urljoin, urlsplit

from .asset import parse_size
from .errors import BadValue
from .temporal import format_time

# of one listing; what is more than anybody can have meant is not read
MOST = 200_000
_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y %H:%M",
    "%Y-%b-%d %H:%M:%S",
    "%Y-%b-%d %H:%M",
    "%d %b %Y %H:%M:%S",
    "%a, %d %b %Y %H:%M:%S",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M",
    "%A, %B %d, %Y %I:%M %p",
    "%b %d, %Y %I:%M:%S %p",
    "%Y-%m-%d",
    "%d-%b-%Y",
)
_ZONE = re.compile(r"(?:\.\d+)?\s*(?:Z|UTC|GMT|[+-]00:?00)$", re.I)
_SIZE = re.compile(r"(\d{1,15}(?:[.,]\d{1,3})?)\s*([KMGTP]?)(?:i?B|bytes?)?", re.I)


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file: its address, and what the listing says of it; None is not told."""

    href: str
    size: int | None = None
    # as RFC 3339; empty: not told
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a folder, the addresses of the folders in it, which end with a slash, and how to go on."""

    files: tuple[ListedFile, ...]
    folders: tuple[str, ...] = ()
    # whether it says itself that it is a listing: else only what is in it tells
    certain: bool = True
    # of one that comes in pages: parameters of the next request; None: the end
    next: dict[str, str] | None = None
    # its own address, where it tells that
    own: str = ""


def beneath(base: str, href: str) -> str:
    """The address of a link in the listing at `base`, where it leads to something within that folder; empty
    for sorting, parents and other places."""
    folder = folder_address(base)
    try:
        address = urljoin(folder, href.strip()).partition("#")[0]
        parts, within = urlsplit(address), urlsplit(folder)
    except ValueError:  # brackets that are no IPv6 address
        return ""
    if parts.scheme not in ("http", "https", "ftp") or parts.netloc.lower() != within.netloc.lower():
        return ""
    path, begin = unquote(parts.path), unquote(within.path) or "/"
    steps = path[len(begin) :].rstrip("/").split("/")
    if not path.startswith(begin) or not steps[0] or any(step in ("", ".", "..") for step in steps):
        return ""
    return parts._replace(scheme=within.scheme).geturl() if path.isprintable() else ""


def folder_address(address: str) -> str:
    """The address of a folder without query and fragment, with a slash at its end; of a page in it, that of
    the folder."""
    parts = urlsplit(address)
    path = parts.path
    if not path.endswith("/"):
        before, _, last = path.rpartition("/")
        path = f"{before}/" if last.lower().endswith((".html", ".htm", ".php", ".json")) else f"{path}/"
    return parts._replace(path=path, query="", fragment="").geturl()


def quoted(name: str) -> str:
    """A bare name as a part of an address."""
    return quote(name, safe="!$&'()*+,=:@~-._")


def listed_time(text: str) -> str:
    """A time in any of the forms of listings, in RFC 3339; empty for anything else. Without a zone it is
    taken as UTC."""
    bare = _ZONE.sub("", " ".join(text.split()))
    for form in _FORMATS:
        try:
            return format_time(datetime.strptime(bare, form).replace(tzinfo=timezone.utc))
        except ValueError:
            continue
    return ""


def listed_size(text: str) -> int | None:
    """Bytes of a size such as 1234, 1.2M or 356K, in powers of 1024; None for anything else."""
    found = _SIZE.fullmatch(text.strip())
    if not found:
        return None
    number = found[1].replace(",", ".") if found[2] else re.sub(r"[.,]", "", found[1])
    try:
        return parse_size(f"{number} {found[2]}{'iB' if found[2] else 'B'}")
    except BadValue:
        return None
