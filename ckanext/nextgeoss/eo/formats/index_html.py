"""Listings of folders as web servers write them in HTML: Apache, nginx, lighttpd, IIS, Python, Jetty, ..."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from ..errors import BadAnswer
from ..listing import MOST, ListedFile, Listing, beneath, listed_size, listed_time
from ..xml import tell_html

_TITLE = re.compile(
    r"\s*(?:index of|directory listing (?:for|of)|listing of|directory:|folder listing for)\s*(/?.*)",
    re.I | re.S,
)
# IIS: host - /folder/
_IIS = re.compile(r"\s*[\w.:-]+ - (/.*)", re.S)
_PARENTS = ("parent directory", "[to parent directory]", "..", "../", "up to higher level directory")
# what stands before or after a link: a time, and a size or what says that it is a folder
_TIMES = re.compile(
    r"\d{4}[-/](?:\d{2}|[A-Za-z]{3})[-/]\d{2}[T ]\s*\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?(?:\s?(?:Z|UTC|GMT))?"
    r"|\d{1,2}[- ][A-Za-z]{3}[- ]\d{4} {1,3}\d{2}:\d{2}(?::\d{2})?"
    r"|\d{1,2}/\d{1,2}/\d{4} {1,4}\d{1,2}:\d{2}(?: ?[AP]M)?"
    r"|[A-Z][a-z]{2,8}, [A-Z][a-z]{2,8} \d{1,2}, \d{4} {1,4}\d{1,2}:\d{2} [AP]M"
    r"|[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2}"
    r"|[A-Z][a-z]{2} \d{1,2}, \d{4},? \d{1,2}:\d{2}:\d{2} [AP]M"
)
_WORDS = re.compile(r"[ \t\xa0]{1,60}")
_FOLDER_WORDS = ("<dir>", "[dir]", "directory")
# the words beside one link that are looked at
_LOOKED_AT = 300


@dataclass(slots=True)
class _Link:
    href: str
    words: list[str] = field(default_factory=list[str])
    before: str = ""
    after: list[str] = field(default_factory=list[str])


class _Links:
    """Collects links with the words beside them; rows and lines keep them apart."""

    def __init__(self) -> None:
        self.links: list[_Link] = []
        self.title, self.base = "", ""
        self._in = ""
        self._line = ""
        self._open: _Link | None = None
        self._last: _Link | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """The beginning of an element."""
        href = attributes.get("href", "")
        if tag == "a" and href:
            self._open = _Link(href, before=self._line[-_LOOKED_AT:])
            if len(self.links) <= MOST:
                self.links.append(self._open)
            self._last, self._line = None, ""
        elif tag == "base" and href:
            self.base = href
        elif tag in ("title", "h1"):
            self._in = tag
        elif tag in ("tr", "li", "br", "hr"):
            self._new_line()
        elif tag in ("td", "th", "img"):
            self._say("  ")

    def end(self, tag: str) -> None:
        """The end of an element."""
        if tag == "a":
            self._last, self._open = self._open, None
        elif tag == self._in:
            self._in = ""
        elif tag in ("tr", "li", "br", "pre"):
            self._new_line()

    def data(self, data: str) -> None:
        """A piece of text."""
        if self._in and len(self.title) < 500:
            # of title and heading that which comes first and says something
            self.title = self.title or data
        elif self._open:
            self._open.words.append(data)
        else:
            self._say(data)

    def close(self) -> None:
        """The end of the page."""

    def _say(self, data: str) -> None:
        """Words outside of links: after one on the same line, or before the next."""
        line, newline, rest = data.partition("\n")
        if self._last and sum(map(len, self._last.after)) < _LOOKED_AT:
            self._last.after.append(line[:_LOOKED_AT])
        if newline:
            self._last = None
            self._line = rest.rpartition("\n")[2]
        elif not self._last:
            self._line += line[:_LOOKED_AT]

    def _new_line(self) -> None:
        self._last, self._line = None, ""


def read_index(text: str, address: str, source: str) -> Listing:
    """The listing in a page at `address`; BadAnswer from `source` for a page without any link into the folder
    that does not say either that it is a listing."""
    page = _Links()
    tell_html(text, page)
    own = _own_path(page.title)
    base = urljoin(address, page.base) if page.base else address
    has_parent = any("".join(link.words).strip().lower() in _PARENTS for link in page.links)
    certain = bool(own is not None or has_parent)
    files: dict[str, ListedFile] = {}
    folders: dict[str, None] = {}
    for where, link in _within(page.links, base):
        said = _said(link)
        if where.partition("?")[0].endswith("/") or _is_folder(said):
            folders.setdefault(where if where.endswith("/") else f"{where}/")
        else:
            files.setdefault(where, _file(where, said))
    if not certain and not files and not folders:
        title = " ".join(page.title.split())[:80]
        raise BadAnswer(f"HTML ({title}), not a listing" if title else "HTML, not a listing", source)
    return Listing(tuple(files.values()), tuple(folders), certain=certain, own=own or "")


def _within(links: list[_Link], base: str) -> Iterator[tuple[str, _Link]]:
    for link in links:
        if (where := beneath(base, link.href)) and "".join(link.words).strip().lower() not in _PARENTS:
            yield where, link


def _own_path(title: str) -> str | None:
    """The path that the title of a listing tells; None when it is the title of something else."""
    for form in (_TITLE, _IIS):
        if found := form.fullmatch(title):
            path = found[1].strip()
            return path if path.startswith("/") else ""
    return None


def _said(link: _Link) -> str:
    """What stands beside a link: after it, or as IIS has it before."""
    after = "".join(link.after).strip()
    return after or link.before.strip()


def _is_folder(said: str) -> bool:
    return any(word in said.lower() for word in _FOLDER_WORDS)


def _file(where: str, said: str) -> ListedFile:
    found = _TIMES.search(said)
    modified = listed_time(found[0]) if found else ""
    rest = said[: found.start()] + "  " + said[found.end() :] if found else said
    sizes = (listed_size(word) for word in _words(rest))
    return ListedFile(where, next((size for size in sizes if size is not None), None), modified)


def _words(text: str) -> list[str]:
    """The words of a line; a number and its unit are one."""
    joined = re.sub(r"(\d) ([KMGTP]i?B|[KMGTP]|bytes?|B)\b", r"\1\2", text)
    return [word for word in _WORDS.split(joined) if word]
