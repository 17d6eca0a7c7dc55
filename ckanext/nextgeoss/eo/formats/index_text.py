"""Listings of folders as FTP servers write them: MLSD (RFC 3659), and LIST as Unix and DOS have it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone

from ..listing import MOST, ListedFile, Listing, folder_address, listed_time, quoted
from ..temporal import format_time

_FACTS = re.compile(r"((?:[\w.-]+=[^;]*;)+) (.+)")
_UNIX = re.compile(
    r"([-dlbcps])[rwxsStT+-]{9}[.+@]?\s+\d+\s+(?:\S+\s+){1,4}(\d+)\s+"
    r"([A-Za-z]{3})\s+(\d{1,2})\s+(\d{4}|\d{1,2}:\d{2}) (.+)"
)
_DOS = re.compile(
    r"(\d{2}[-/]\d{2}[-/](?:\d{4}|\d{2}))\s+(\d{1,2}:\d{2}\s?(?:[AP]M)?)\s+(<DIR>|[\d,]+) +(.+)", re.I
)
_TOTAL = re.compile(r"total \d+", re.I)
_LONGEST = 1000


def is_index_text(text: str) -> bool:
    """Whether the lines are of such a listing; no lines are of an empty folder."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return not first or any(form.fullmatch(first[:_LONGEST]) for form in (_FACTS, _UNIX, _DOS, _TOTAL))


def read_index_text(text: str, address: str, now: datetime | None = None) -> Listing:
    """The listing in such lines. `now` tells the year of times that Unix writes without; when it is not told,
    these are left out."""
    base = folder_address(address)
    files: list[ListedFile] = []
    folders: list[str] = []
    for line in text.splitlines()[:MOST]:
        for name, is_folder, size, modified in _read(line[:_LONGEST].rstrip("\r"), now):
            if not name.isprintable() or "/" in name or name in (".", ".."):
                continue
            where = base + quoted(name)
            if is_folder:
                folders.append(f"{where}/")
            else:
                files.append(ListedFile(where, size, modified))
    return Listing(tuple(files), tuple(folders))


def _read(line: str, now: datetime | None) -> Iterator[tuple[str, bool, int | None, str]]:
    """Name, whether it is a folder, size and time of a line; nothing of one about something else."""
    if found := _FACTS.fullmatch(line):
        facts = dict(fact.lower().split("=", 1) for fact in found[1].split(";") if "=" in fact)
        kind = facts.get("type", "file")
        if kind in ("file", "dir"):
            size = facts.get("size", "")
            yield (
                found[2],
                kind == "dir",
                int(size) if _is_number(size) else None,
                _stamp(facts.get("modify", "")),
            )
    elif found := _UNIX.fullmatch(line):
        if found[1] in "-d":  # links may lead anywhere
            modified = _unix_time(found[3], found[4], found[5], now)
            yield found[6], found[1] == "d", int(found[2][:18]), modified
    elif found := _DOS.fullmatch(line):
        is_folder = found[3].upper() == "<DIR>"
        size = found[3].replace(",", "")
        yield found[4], is_folder, int(size) if _is_number(size) else None, _dos_time(found[1], found[2])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _stamp(text: str) -> str:
    """The time of `modify`: 20240131102030, which is UTC."""
    return _parsed(text.partition(".")[0], "%Y%m%d%H%M%S")


def _unix_time(month: str, day: str, year_or_time: str, now: datetime | None) -> str:
    if ":" not in year_or_time:
        return _parsed(f"{day} {month} {year_or_time}", "%d %b %Y")
    if now is None:
        return ""
    # of the last months: never in the future but for a day of difference between clocks
    for year in (now.year, now.year - 1):
        said = _parsed(f"{day} {month} {year} {year_or_time}", "%d %b %Y %H:%M")
        if said and (year < now.year or said <= format_time(now.replace(hour=23, minute=59, second=59))):
            return said
    return ""


def _dos_time(day: str, clock: str) -> str:
    month, day_of_month, year = re.split(r"[-/]", day)
    year = year if len(year) == 4 else ("19" if int(year) >= 70 else "20") + year
    clock = clock.replace(" ", "").upper()
    form = f"{month}/{day_of_month}/{year} {clock[:-2]} {clock[-2:]}" if clock.endswith("M") else ""
    return listed_time(form or f"{month}/{day_of_month}/{year} {clock}")


def _parsed(text: str, form: str) -> str:
    try:
        return format_time(datetime.strptime(text, form).replace(tzinfo=timezone.utc))
    except ValueError:
        return ""
