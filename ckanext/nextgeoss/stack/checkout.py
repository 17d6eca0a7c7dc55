"""Where the source checkout is, and where data goes by default."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import StackError


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
        (folder / ".room").write_bytes(b"\0" * 65536)
        (folder / ".room").unlink()
    except OSError as error:
        raise StackError(
            f"cannot write to {folder}: {error.strerror}; name another with --data DIR"
        ) from error
    return folder.resolve()
