"""Items in GeoParquet (the stac-geoparquet layout), one row group at a time; the only door to pyarrow, which
is wanted only by who harvests such files."""
# pyright: reportMissingImports=false, reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urldefrag

from ...addresses import redact
from ...eo import fast_json
from ...eo.errors import BadAnswer, BadConfiguration, BadValue
from ...eo.footprint import geojson_of_wkb
from ...eo.temporal import format_time
from ...http import Request, Response

# how such a file begins; the fragment of an address that names a row group; what names the next one
PARQUET, ROWS, NEXT = b"PAR1", "rows=", "next-rows"
# the index is at the end of a file: this much comes with the first question
_TAIL = 256 * 1024
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
# columns that are members of an item; all others are its properties
_MEMBERS = (
    "type", "stac_version", "stac_extensions", "id", "geometry", "bbox", "links", "assets", "collection",
)  # fmt: skip

Send = Callable[[Request], Response]


def page_of_rows(request: Request, group: int | None, send: Send) -> Response:
    """The items of a row group, or of all, as lines of JSON; a header of the answer names the next group."""
    parquet = _parquet()
    request = replace(request, url=urldefrag(request.url).url)
    shown = redact(request.url)
    try:
        file = parquet.ParquetFile(_RangedFile(request, send), pre_buffer=True)
        groups = range(file.num_row_groups) if group is None else [group]
        if group is not None and group >= max(file.num_row_groups, 1):
            raise BadAnswer(f"no row group {group} in GeoParquet of {file.num_row_groups}", shown)
        lines = [line for each in groups if file.num_row_groups for line in _lines(file, each)]
    except _errors() as error:
        words = " ".join(str(error).split())[:200]
        raise BadAnswer(f"GeoParquet that cannot be read: {words}", shown) from error
    more = group is not None and group + 1 < file.num_row_groups
    headers = {NEXT: str(group + 1)} if more and group is not None else {}
    return Response(200, headers, b"\n".join(lines), request.url)


def _parquet() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        wanted = "pip install 'ckanext-nextgeoss[geoparquet]'"
        raise BadConfiguration(
            f"GeoParquet is read with pyarrow, which is not installed: {wanted}"
        ) from error
    return pyarrow.parquet


def _errors() -> tuple[type[Exception], ...]:
    import pyarrow

    return (pyarrow.ArrowException, OSError, ValueError)


def _lines(file: Any, group: int) -> Iterator[bytes]:
    for batch in file.iter_batches(batch_size=1000, row_groups=[group]):
        for row in batch.to_pylist():
            yield fast_json.dumps(_item(row)).encode()


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    """The item of a row: its properties are columns of their own, and what an item has not is null."""
    said = {name: _plain(value) for name, value in row.items() if value is not None}
    members = {name: said[name] for name in _MEMBERS if name in said}
    others = {name: value for name, value in said.items() if name not in _MEMBERS}
    properties = {**cast(dict[str, Any], others.pop("properties", {})), **others}
    return {
        "type": "Feature",
        **members,
        "geometry": _geometry(row.get("geometry")),
        "bbox": _box(row.get("bbox")),
        "properties": properties,
    }


def _geometry(value: Any) -> Any:
    if not isinstance(value, bytes):
        return value
    try:
        return geojson_of_wkb(value)
    except BadValue as error:
        return {"type": f"nothing readable: {error.reason}"}


def _box(value: Any) -> Any:
    """A box of a covering column (GeoParquet 1.1), or a list."""
    if not isinstance(value, dict):
        return value
    said = cast(dict[str, Any], value)
    return [said.get(name) for name in ("xmin", "ymin", "xmax", "ymax")]


def _plain(value: Any) -> Any:
    """A value as JSON has it, without members that are null: columns of structures have those of all rows."""
    if isinstance(value, dict):
        said = cast(dict[str, Any], value)
        return {name: _plain(each) for name, each in said.items() if each is not None}
    if isinstance(value, list):
        return [_plain(each) for each in cast(list[Any], value)]
    if isinstance(value, datetime):
        return format_time(value) if value.tzinfo else value.isoformat() + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, bytes) else value


class _RangedFile(io.RawIOBase):
    """A file on a server, of which only what is read is asked; one that gives no parts is taken whole."""

    def __init__(self, request: Request, send: Send) -> None:
        super().__init__()
        self._request, self._send = request, send
        self._at, self._kept_from, self._kept = 0, 0, b""
        self._size = self._open()

    def _open(self) -> int:
        response = self._ask(f"bytes=-{_TAIL}")
        told = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", "").strip())
        if response.status != 206 or not told:
            self._kept = response.body
            return len(self._kept)
        self._kept_from, self._kept = int(told[1]), response.body
        return int(told[3])

    def _ask(self, part: str) -> Response:
        headers = {**self._request.headers, "Range": part, "Accept-Encoding": "identity"}
        return self._send(replace(self._request, headers=headers))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._size if size < 0 else min(self._at + size, self._size)
        begin, self._at = self._at, max(end, self._at)
        if begin >= end:
            return b""
        if begin >= self._kept_from:
            return self._kept[begin - self._kept_from : end - self._kept_from]
        response = self._ask(f"bytes={begin}-{end - 1}")
        if response.status != 206 or len(response.body) != end - begin:
            raise BadAnswer("not the part of the file that was asked", redact(self._request.url))
        if end == self._size:  # an index that is larger, which is read more than once
            self._kept_from, self._kept = begin, response.body
        return response.body
