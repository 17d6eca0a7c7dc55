"""Files in folders as products: what their names tell, and which of them belong together.

A record is the files of one product, as JSON, with the path by which patterns know it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from ..errors import BadRecord, BadValue
from ..file_names import NamePatterns, Said
from ..listing import ListedFile
from ..name_dates import instant_of
from ..product import Problem, Product, Value
from ..properties import Properties
from ..temporal import ALWAYS, TemporalExtent, format_time
from ..tiles import tile_footprint
from .feed import Feed, check_named
from .links import Link, assets_of
from .loose_json import array, mapping, text
from .vocabulary import IGNORED, Vocabulary

# what groups of names tell besides properties, for formats whose records have them under `name`
NAMED = {
    "name/id": "id",
    "name/key": "id",
    "name/title": "title",
    "name/collection": "collection",
    "name/tile": "tile_id",
}
_NAMES = NAMED | {
    "path": "id",
    "folder": "collection",
    "files/href": "assets",
    "files/size": "assets",
    "files/modified": "updated",
    "listing": IGNORED,
}
_PICTURES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif"}
_METADATA = {
    ".xml": "application/xml", ".json": "application/json", ".txt": "text/plain", ".html": "text/html",
    ".pdf": "application/pdf", ".met": "", ".hdr": "", ".inv": "",
}  # fmt: skip
_DATA = {
    ".tif": "image/tiff", ".tiff": "image/tiff", ".jp2": "image/jp2",
    ".nc": "application/x-netcdf", ".nc4": "application/x-netcdf",
    ".h5": "application/x-hdf5", ".hdf": "application/x-hdf", ".zip": "application/zip",
    ".gz": "application/gzip", ".bz2": "application/x-bzip2", ".tar": "application/x-tar", ".csv": "text/csv",
    ".grib2": "application/wmo-grib", ".grb2": "application/wmo-grib",
}  # fmt: skip
_SMALL = ("thumb", "small", "_tn", "preview")


class Files:
    """Records of files, read by the patterns of a provider."""

    vocabulary = Vocabulary(_NAMES)

    def __init__(self, patterns: NamePatterns) -> None:
        self.patterns = patterns

    def recognises(self, document: Any) -> bool:
        """Whether it is a record of ours."""
        about = mapping(document)
        return "path" in about and isinstance(about.get("files"), list)

    def feed(self, document: Any, source: str) -> Feed:
        """The one record that a document is."""
        return Feed((document,))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The record, with what the path tells under `name`."""
        return named_view(mapping(entry), self.patterns, text(mapping(entry).get("path")))

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of a record."""
        if not self.recognises(entry):
            raise BadRecord(f"not a record of files but {type(entry).__name__}", position)
        path = text(mapping(entry).get("path"))
        files = [mapping(file) for file in array(mapping(entry).get("files"))]
        name = path.rpartition("/")[2]
        check_named("file", name, collection, position)
        problems: list[Problem] = []
        read = Product(
            id=name,
            collection=collection,
            properties=_updated(files),
            assets=assets_of(_links(files), problems),
            problems=tuple(problems),
        )
        return named(read, self.patterns, self.vocabulary, path)


def named_view(view: Mapping[str, Any], patterns: NamePatterns, *paths: str) -> Mapping[str, Any]:
    """A record with what the first path that matches tells, under `name`."""
    said = _said(patterns, paths, [])
    return {**view, "name": dict(said.groups)} if said and said.groups else view


def named(product: Product, patterns: NamePatterns, vocabulary: Vocabulary, *paths: str) -> Product:
    """The product with what the first path that matches tells of it, which is more exact than what a folder
    of files tells of each."""
    problems = [*product.problems]
    said = _said(patterns, paths, problems)
    if said is None:
        return replace(product, problems=tuple(problems))
    groups = said.groups
    tile = groups.get("tile", "")
    found: dict[str, Value] = vocabulary.read({"name": _with_times(groups, vocabulary.rows)}, problems)
    return replace(
        product,
        id=groups.get("id") or groups.get("key") or product.id,
        title=groups.get("title") or product.title,
        collection=groups.get("collection") or product.collection,
        time=said.time or product.time,
        footprint=(tile_footprint(tile) if tile else None) or product.footprint,
        properties={**product.properties, **found},
        problems=tuple(problems),
    )


def _with_times(groups: Mapping[str, str], rows: Properties) -> dict[str, str]:
    """The groups, with times of digits alone in a form that is read."""
    found = dict(groups)
    for name, value in groups.items():
        if name in rows and rows[name].type == "time" and value.isdecimal():
            try:
                found[name] = format_time(instant_of(value))
            except BadValue:
                continue  # noted when it is read
    return found


def _said(patterns: NamePatterns, paths: Iterable[str], problems: list[Problem]) -> Said | None:
    for path in paths:
        try:
            if said := patterns.read(path):
                return said
        except BadValue as error:
            problems.append(Problem("name", error.reason))
            return Said(patterns.groups(path), ALWAYS)
    return None


def records_of(
    files: Iterable[tuple[str, ListedFile]], patterns: NamePatterns, about: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The records of listed files, each with its path: those with one key are one product; those that no
    pattern matches are none."""
    grouped: dict[str, dict[str, Any]] = {}
    for path, file in files:
        if patterns.patterns and not patterns.matches(path):
            continue
        key = patterns.groups(path).get("key") or path
        record = grouped.setdefault(key, {**about, "path": path, "files": []})
        said = {"href": file.href, "size": file.size, "modified": file.modified}
        record["files"].append({name: value for name, value in said.items() if value not in (None, "")})
    return [_told_by_data(record, patterns) for record in grouped.values()]


def _told_by_data(record: dict[str, Any], patterns: NamePatterns) -> dict[str, Any]:
    """The record with the path of its data file, where it has several files."""
    if len(record["files"]) == 1:
        return record
    folder = record["path"].rpartition("/")[0]
    names = [_name(text(mapping(file).get("href"))) for file in array(record["files"])]
    best = next((name for name in names if _kind(name)[0] == "data"), names[0])
    return {**record, "path": f"{folder}/{best}".lstrip("/")}


def _links(files: list[dict[str, Any]]) -> list[Link]:
    names = [_name(text(file.get("href"))) for file in files]
    kinds = [_kind(name) for name in names]
    # where nothing else could be the data, what there is is the data
    roles = [role if any(each == "data" for each, _ in kinds) else "data" for role, _ in kinds]
    return [
        Link(
            href=text(file.get("href")),
            roles=(role,),
            media_type=media_type,
            size=file.get("size"),
            key="" if roles.count(role) == 1 else _own_part(name, names),
        )
        for file, name, role, (_, media_type) in zip(files, names, roles, kinds, strict=True)
    ]


def _name(href: str) -> str:
    return unquote(urlsplit(href).path).rpartition("/")[2]


def _own_part(name: str, names: list[str]) -> str:
    """What tells the name of a file from those of the same product, such as B10."""
    same = next((n for n, letters in enumerate(zip(*names, strict=False)) if len(set(letters)) > 1), 0)
    begin = max(name.rfind(mark, 0, same + 1) for mark in "_.-") + 1
    return name[begin:].partition(".")[0].lower()


def _kind(name: str) -> tuple[str, str]:
    """Role and media type of a file by its name."""
    lower = name.lower()
    for endings, role in ((_DATA, "data"), (_METADATA, "metadata"), (_PICTURES, "overview")):
        for ending, media_type in endings.items():
            if lower.endswith(ending):
                is_small = role == "overview" and any(word in lower for word in _SMALL)
                return "thumbnail" if is_small else role, media_type
    return "data", ""


def _updated(files: list[dict[str, Any]]) -> dict[str, Value]:
    """When the newest file was written."""
    times = [found.start for file in files if (found := _time(text(file.get("modified")))).start]
    return {"updated": max(times)} if times else {}


def _time(said: str) -> TemporalExtent:
    try:
        return TemporalExtent.of(said, said)
    except BadValue:
        return ALWAYS
