"""Passwords and keys of one data folder, made once."""

from __future__ import annotations

import json
import os
from pathlib import Path
from secrets import token_urlsafe

NAMES = ("postgres", "valkey", "session", "admin", "supervisor", "site_id")


def load(folder: Path) -> dict[str, str]:
    """The secrets of `folder`, from its file `secrets.json` (0600), which is made if needed."""
    path = folder / "secrets.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    if missing := [name for name in NAMES if name not in known]:
        known |= {name: token_urlsafe(24) for name in missing}
        write_private(path, json.dumps(known, indent=1) + "\n")
    return known


def write_private(path: Path, text: str) -> None:
    """Write `text` to `path` so that nobody else can read it, all or nothing."""
    partial = path.with_name(f"{path.name}.part")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    partial.replace(path)
