"""A folder of images with a bound: the image that was not looked at for longest goes first."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# an address that brought no image is not asked again for so many seconds
FORGET_FAILURE = 600.0
# when the folder is full it is emptied to this share, not file by file
_ROOM = 0.9


@dataclass(frozen=True, slots=True)
class ImageCache:
    """Images by the address they come from, at most `max_bytes` in all; processes may share the folder."""

    folder: Path
    max_bytes: int
    clock: Callable[[], float] = time.time

    def get(self, address: str) -> bytes | None:
        """The image of an address; b"" when it lately brought none; None when it is not known."""
        path = self._path(address)
        try:
            body = path.read_bytes()
            if not body:
                return b"" if self.clock() - path.stat().st_mtime < FORGET_FAILURE else None
            os.utime(path, (self.clock(), self.clock()))
        except FileNotFoundError:
            return None
        return body

    def put(self, address: str, body: bytes) -> None:
        """Keep an image, or b"" for "there is none"."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".")
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        os.utime(name, (self.clock(), self.clock()))
        Path(name).replace(self._path(address))
        self._make_room()

    def _path(self, address: str) -> Path:
        return self.folder / hashlib.sha256(address.encode()).hexdigest()

    def _make_room(self) -> None:
        """Remove the oldest files when there is too much; an empty file counts as one block."""
        found = sorted(self._files())
        total = sum(size for _, size, _ in found)
        if total <= self.max_bytes:
            return
        for _, size, path in found:
            if total <= self.max_bytes * _ROOM:
                return
            path.unlink(missing_ok=True)
            total -= size

    def _files(self) -> list[tuple[float, int, Path]]:
        found: list[tuple[float, int, Path]] = []
        for path in self.folder.iterdir():
            try:
                stat = path.stat()
            except FileNotFoundError:  # another process removed it
                continue
            found.append((stat.st_mtime, max(stat.st_size, 4096), path))
        return found
