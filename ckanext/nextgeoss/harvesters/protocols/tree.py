"""Catalogues that are folders: where a collection begins, and which folders a search goes into.

The ids of a collection are its folders below the address of the provider; `.` is that address itself. The
time that is asked travels in the fragment of addresses, which is not sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from itertools import permutations
from urllib.parse import unquote, urlsplit

from ...eo.errors import BadValue
from ...eo.file_names import NamePatterns
from ...eo.listing import folder_address, quoted
from ...eo.query import Query
from ...eo.temporal import ALWAYS, TemporalExtent
from ...http import Request
from ..provider import Provider
from ..sieve import matches
from . import COLLECTIONS, TIME, Answer

HERE = "."
_MARK = "time="
# folders of dates are by days of some zone, and products may last
_SLACK = timedelta(days=1)


@lru_cache(maxsize=64)
def patterns_of(texts: tuple[str, ...], period: str = "") -> NamePatterns:
    """The patterns of a provider file."""
    return NamePatterns.of(texts, period)


def asks_of(provider: Provider) -> frozenset[str]:
    """Collections, where each has a folder of its own; times, where folders tell them."""
    each = [folders_of(provider, name) for name in provider.collections]
    folders = [folder for folders in each for folder in folders]
    apart = len(folders) == len(each) and not any(_is_in(*pair) for pair in permutations(folders, 2))
    parts = {COLLECTIONS} if apart and folders else set[str]()
    return frozenset(parts | ({TIME} if provider.folders else set[str]()))


def folders_of(provider: Provider, collection: str) -> tuple[str, ...]:
    """The folders of a collection, below the address of the provider; empty is that address."""
    return tuple("" if folder == HERE else folder.strip("/") for folder in provider.native(collection))


def root_of(provider: Provider, query: Query) -> str:
    """The folder, with a slash where it is one below, in which all lies that a query asks."""
    wanted = _wanted(provider, query.collections)
    steps = [folder.split("/") if folder else [] for folder in wanted]
    common = steps[0] if steps else []
    for others in steps[1:]:
        same = [one == other for one, other in zip(common, others, strict=False)]
        common = common[: same.index(False) if False in same else len(same)]
    return "/".join(common)


def marked(address: str, time: TemporalExtent) -> str:
    """The address with the time that is asked."""
    return f"{address}#{_MARK}{time.isoformat()}" if time else address


def asked_time(request: Request) -> TemporalExtent:
    """The time that a request asks for."""
    said = unquote(urlsplit(request.url).fragment)
    try:
        return TemporalExtent.parse(said.removeprefix(_MARK)) if said.startswith(_MARK) else ALWAYS
    except BadValue:
        return ALWAYS


def below(provider: Provider, address: str) -> str | None:
    """The path of an address below that of the provider; None for one elsewhere."""
    here, there = urlsplit(folder_address(f"{provider.url.removesuffix('/catalog.xml')}/")), urlsplit(address)
    is_other = "ftp" in (here.scheme, there.scheme) and here.scheme != there.scheme
    if there.netloc.lower() != here.netloc.lower() or is_other:
        return None
    begin, path = unquote(here.path), unquote(there.path)
    if path == begin.removesuffix("/"):
        return ""
    return path[len(begin) :] if path.startswith(begin) else None


def collection_folders(provider: Provider) -> dict[str, str]:
    """The folders of collections below the address of the provider, with its ids of these."""
    pairs = (
        zip(folders_of(provider, name), provider.native(name), strict=True) for name in provider.collections
    )
    return {folder: native for each in pairs for folder, native in each if folder}


def collection_at(provider: Provider, path: str) -> tuple[str, str]:
    """Folder and id, as the provider calls it, of the collection that a path below its address is in; the
    only one of a provider that has one, else the path's own folder."""
    folders = collection_folders(provider)
    found = [(folder, native) for folder, native in folders.items() if _is_in(path, folder)]
    if found:
        return max(found, key=lambda each: len(each[0]))
    natives = [provider.native(name) for name in provider.collections]
    if len(natives) == 1 or any(HERE in each for each in natives):
        return "", next((HERE for each in natives if HERE in each), natives[0][0])
    return "", path.strip("/").rpartition("/")[0]


def is_wanted(provider: Provider, collections: Iterable[str], path: str, time: TemporalExtent) -> bool:
    """Whether to go into the folder at a path below the address of the provider."""
    path = path.strip("/")
    wanted = _wanted(provider, tuple(collections))
    if any(_is_in(folder, path) for folder in wanted if folder):
        return True  # on the way to one
    inside = [folder for folder in wanted if _is_in(path, folder)]
    if wanted and not inside:
        return False
    if not provider.folders:
        return True
    folder = max(inside, key=len, default="")
    try:
        said = patterns_of(provider.folders).read(path[len(folder) :].strip("/"))
    except BadValue:  # no folder of a date
        return False
    return said is not None and (not time or not said.time or _widened(said.time, provider).intersects(time))


def timely(answer: Answer, time: TemporalExtent) -> Answer:
    """The answer with the products of a time, since a folder may have others, too."""
    if not time:
        return answer
    query = Query(time=time)
    kept = [each for each in zip(answer.products, answer.records, strict=True) if matches(each[0], query)]
    return replace(
        answer, products=tuple(product for product, _ in kept), records=tuple(record for _, record in kept)
    )


def path_address(provider: Provider, path: str) -> str:
    """The address of a folder at a path below that of the provider."""
    steps = [quoted(step) for step in path.split("/") if step]
    return "/".join([provider.url.rstrip("/"), *steps]) + "/"


def _wanted(provider: Provider, collections: tuple[str, ...]) -> list[str]:
    names = collections or tuple(provider.collections)
    return list(dict.fromkeys(folder for name in names for folder in folders_of(provider, name)))


def _is_in(path: str, folder: str) -> bool:
    """Whether a path is a folder or within it."""
    return not folder or path == folder or path.startswith(f"{folder}/")


def _widened(time: TemporalExtent, provider: Provider) -> TemporalExtent:
    """The time that products of a folder may have: a period may begin in it and last longer."""
    longest = 366 if provider.period.endswith(("year", "years")) else 31 if "month" in provider.period else 0
    days = int("".join(filter(str.isdecimal, provider.period)) or 1) * (longest or 1)
    try:
        start = time.start - _SLACK if time.start else None
        return TemporalExtent(start, time.end + max(_SLACK, timedelta(days=days)) if time.end else None)
    except OverflowError:
        return ALWAYS
