"""Where the source checkout is, and where data goes by default."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .errors import StackError

NEEDED_BYTES = 500_000_000  # jars, an empty database with its log, an index


def checkout() -> Path:
    """The folder of the source checkout; the current folder when the package is installed without one."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "pyproject.toml").exists() else Path.cwd()


def default_data() -> Path:
    """The folder that everything is kept in unless `--data` names another."""
    return Path(os.environ.get("NEXTGEOSS_DATA") or checkout() / ".nextgeoss")


def require_checkout() -> Path:
    """The source checkout; StackError when there is none."""
    root = checkout()
    if not (root / "test.ini").exists():
        raise StackError(f"no source checkout at {root}: tests and benchmarks run in one")
    return root


def make(folder: Path, mode: int = 0o711) -> Path:
    """Make the data folder `folder` and return its real path; one clear line when that is impossible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
        (folder / ".written").write_bytes(b"x")
        (folder / ".written").unlink()
    except OSError as error:
        raise StackError(
            f"cannot write to {folder}: {error.strerror}; name another with --data DIR"
        ) from error
    if shutil.disk_usage(folder).free < NEEDED_BYTES:
        raise StackError(
            f"no room on the disk of {folder}: {NEEDED_BYTES // 10**6} MB are needed; see --data DIR"
        )
    return folder.resolve()
